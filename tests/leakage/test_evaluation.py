"""What is audited: folds of every kind, factors, and names for clips."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeClassifier

from sk_ser.classifiers import make_svm
from sk_ser.datasets import make_emotional_speech
from sk_ser.features import MFCC, Functionals, make_clip_pipeline
from sk_ser.leakage import (
    Evaluation,
    NotChecked,
    audit,
    check_dependence,
    check_test_set,
    check_trivial_facts,
)
from sk_ser.model_selection import uar_scorer

Y, SPEAKERS = np.arange(60) % 2, np.arange(60) // 5
X = np.random.default_rng(0).normal(size=(60, 4)) + Y[:, None]


def evaluate(**params):
    return Evaluation(GaussianNB(), X, Y, **{"groups": SPEAKERS} | params)


@pytest.mark.parametrize(
    ("protocol", "n_folds"),
    [
        (None, 4),
        ("random", 4),
        ("leave-one-speaker-out", 12),
        (GroupKFold(3), 3),
        ([(np.arange(30), np.arange(30, 60))], 1),
        ([(Y == 0, Y == 1)], 1),
    ],
)
def test_folds_may_be_given_in_any_way(protocol, n_folds):
    folds = evaluate(protocol=protocol, n_splits=4).folds
    assert len(folds) == n_folds
    assert all(np.intersect1d(train, test).size == 0 for train, test in folds)


def test_by_default_speakers_are_apart_if_they_are_known():
    assert evaluate().shared("speaker") == 0.0
    assert evaluate().tests_new_speakers
    assert len(evaluate(groups=None).folds) == 5
    assert evaluate(protocol="random").shared("speaker") == 1.0


def test_factors_are_what_some_clips_share_and_others_do_not():
    metadata = pd.DataFrame(
        {
            "sentence": np.arange(60) % 3,
            "session": np.arange(60),
            "corpus": "one",
            "repetition": np.arange(60) // 30,
        }
    )
    factors = evaluate(metadata=metadata, groups=np.arange(60) % 5).factors
    assert list(factors) == ["speaker", "sentence", "repetition"]
    # takes are of one speaker, sentence and emotion
    same = factors["repetition"] == factors["repetition"][0]
    assert np.flatnonzero(same).tolist() == [0, 30]


def test_steps_that_learn_nothing_are_run_once():
    speech = make_emotional_speech(3, 1, ("anger", "sadness"), random_state=0)
    model = make_svm(make_clip_pipeline(MFCC(), Functionals()))
    evaluation = Evaluation(model, speech.data, speech.target, groups=speech.groups)
    assert evaluation.features.shape == (6, 40)
    assert "clippipeline" not in dict(evaluation.tail.steps)
    assert evaluation.holds_recordings
    assert evaluation.table is None


def test_clips_are_named_by_their_paths_where_there_are_some():
    metadata = pd.DataFrame({"path": [f"{n}.wav" for n in range(60)]})
    assert evaluate(metadata=metadata).name_of(3) == "3.wav"
    assert evaluate().name_of(3) == "X[3]"


def test_what_cannot_be_audited_is_told():
    with pytest.raises(ValueError, match="y holds 59 labels and X holds 60 clips"):
        Evaluation(GaussianNB(), X, Y[:-1], groups=SPEAKERS)
    with pytest.raises(TypeError, match=r"estimator is SVR.*Pass an instance"):
        Evaluation(SVR(), X, Y, groups=SPEAKERS)
    with pytest.raises(TypeError, match="metadata is a list"):
        evaluate(metadata=[0] * 60)
    with pytest.raises(TypeError, match=r"protocol=5 .*speaker-independent.* n_splits=5"):
        evaluate(protocol=5)
    with pytest.raises(ValueError, match="protocol 'odd' is unknown"):
        evaluate(protocol="odd")
    with pytest.raises(ValueError, match="checks: 'magic' is unknown"):
        audit(GaussianNB(), X, Y, groups=SPEAKERS, checks=["magic"])


def test_a_check_that_lacks_what_it_needs_says_so():
    with pytest.raises(NotChecked, match="neither groups nor metadata say"):
        check_dependence(evaluate(groups=None))
    with pytest.raises(NotChecked, match="vectors or sequences"):
        check_trivial_facts(evaluate())
    report = audit(GaussianNB(), X, Y, groups=None)
    assert {"dependence", "population", "trivial_facts", "speaker_identity"} <= set(
        report.not_checked
    )
    assert "not checked (population): groups is None" in repr(report)
    assert (
        audit(GaussianNB(), X, Y, groups=SPEAKERS, checks=["population"]).not_checked["duplicates"]
        == "not requested"
    )


def test_the_estimator_is_left_as_it_was():
    model = GaussianNB().fit(X, Y)
    before = model.theta_.copy()
    audit(model, X, Y, groups=SPEAKERS)
    np.testing.assert_array_equal(model.theta_, before)


class FitsManyClips(GaussianNB):
    """Cannot be fitted on less than half of the clips."""

    def fit(self, X, y):
        if len(X) < 30:
            raise ValueError("too few clips")
        return super().fit(X, y)


def test_folds_in_which_a_model_cannot_be_fitted_do_not_end_the_audit():
    sentences = np.char.mod("sentence %d", np.arange(60) // 2 % 4)
    metadata = pd.DataFrame({"sentence": sentences})
    report = audit(FitsManyClips(), X, Y, groups=SPEAKERS, metadata=metadata)
    assert report.comparison.failures
    (found,) = [finding for finding in report.findings if finding.check == "dependence"]
    assert "cost is unknown" in found.message
    assert "the model could not be fitted without them" in report.to_markdown()


def test_metadata_that_are_unknown_for_some_clips_do_not_end_the_audit():
    sex = np.where(SPEAKERS < 6, "female", "male").astype(object)
    sex[:3] = None
    metadata = pd.DataFrame({"sex": sex, "session": [None] * 60})
    report = audit(GaussianNB(), X, Y, groups=SPEAKERS, metadata=metadata)
    assert {"population", "groups"}.isdisjoint(report.not_checked), report
    groups = report.tables["groups"].query("by == 'sex'")
    assert set(groups["group"]) == {"female", "male"}


@pytest.mark.parametrize(
    "scoring", ["balanced_accuracy", clone(uar_scorer, safe=False), "accuracy"]
)
def test_a_search_is_compared_with_its_nested_score_if_that_is_uar(scoring):
    y = np.random.default_rng(0).permutation(Y)
    grid = {"random_state": range(4)}
    search = GridSearchCV(DecisionTreeClassifier(max_depth=3), grid, scoring=scoring, cv=3)
    evaluation = Evaluation(search.fit(X, y), X, y, groups=SPEAKERS, n_splits=2)
    found = [f for f in check_test_set(evaluation) if "uar_flat" in f.figures]
    assert len(found) == (scoring != "accuracy")
