"""What training and test clips share, and what it costs."""

import numpy as np
import pandas as pd
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.naive_bayes import GaussianNB

from sk_ser.leakage import Evaluation, check_dependence

N = 120
SPEAKERS = np.arange(N) % 10
Y = np.arange(N) // 10 % 3


def check(session, y=Y):
    X = np.random.default_rng(0).normal(size=(N, 4)) + y[:, np.newaxis]
    metadata = pd.DataFrame({"session": session})
    (found,) = check_dependence(Evaluation(GaussianNB(), X, y, groups=SPEAKERS, metadata=metadata))
    return found


@pytest.mark.parametrize("n_sessions", [1, 2])
def test_the_cost_of_sessions_of_one_emotion_cannot_be_told(n_sessions):
    found = check([f"{label}-{row % n_sessions}" for row, label in enumerate(Y)])
    if n_sessions > 1:
        # the other session of the emotion may be in training
        assert found.severity in ("note", "warning")
        return
    assert found.severity == "warning"
    assert "Its cost cannot be told: where none do, 100 % of the test clips" in found.message
    assert np.isnan(found.figures["uar_without"])
    assert np.isnan(found.figures["gap_points"])
    assert found.figures["uar"] > 0.6


def test_the_cost_of_balanced_sessions_is_measured():
    found = check(np.arange(N) // 30)
    assert found.severity == "note"
    assert "where none do:" in found.message
    assert abs(found.figures["gap_points"]) < 20


def say(emotion_level, sentence_level, n_columns=100):
    """12 speakers say 2 sentences in 3 emotions, 4 times; levels are in standard deviations."""
    factors = {"speaker": range(12), "sentence": range(2), "emotion": range(3), "take": range(4)}
    rows = pd.MultiIndex.from_product(factors.values(), names=factors).to_frame(index=False)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(len(rows), n_columns))
    X[:, :3] += emotion_level * np.eye(3)[rows["emotion"]]
    X[:, 3:9] += sentence_level * np.eye(6)[rows["sentence"] * 3 + rows["emotion"]]
    model, speakers = LinearDiscriminantAnalysis(), rows["speaker"].to_numpy()
    y, sentences = rows["emotion"].to_numpy(), rows[["sentence"]]
    (found,) = check_dependence(Evaluation(model, X, y, groups=speakers, metadata=sentences))
    return found


def test_fewer_training_clips_are_not_taken_for_the_cost_of_sentences():
    found = say(emotion_level=1.5, sentence_level=0)
    assert found.figures["gap_points_interval"][0] > 0
    assert "With as many training clips, the gap is" in found.message
    assert abs(found.figures["gap_points_equal_sizes"]) < found.figures["gap_points"] / 2
    assert found.severity == "note"


def test_sentences_that_tell_the_emotion_cost_with_as_many_training_clips():
    found = say(emotion_level=0, sentence_level=4)
    assert found.figures["gap_points_equal_sizes"] > 20
    assert found.severity == "warning"
