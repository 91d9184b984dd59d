"""What training and test clips share, and what it costs."""

import numpy as np
import pandas as pd
import pytest
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
