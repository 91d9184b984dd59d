"""Probabilities by models that have not seen the clip, on the folds of a comparison."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut, RepeatedKFold
from sklearn.svm import SVC

from sk_ser.model_selection import (
    EvaluationWarning,
    TuningFolds,
    compare_protocols,
    out_of_fold_proba,
)

RNG = np.random.default_rng(0)
SPEAKERS = np.repeat(np.arange(8), 12)
Y = np.tile(["angry", "calm", "sad"], 32)
X = RNG.normal(size=(96, 3)) + (Y == "angry")[:, np.newaxis]
OPTIONS = {"groups": SPEAKERS, "random_state": 3}


def test_it_predicts_as_the_comparison_on_the_same_folds():
    for protocol in ("random", "speaker-independent"):
        proba = out_of_fold_proba(
            RandomForestClassifier(10), X, Y, protocol=protocol, n_splits=4, **OPTIONS
        )
        found = compare_protocols(
            RandomForestClassifier(10), X, Y, protocols=protocol, n_splits=4, **OPTIONS
        )
        by_clip = found.predictions.sort_values("index")
        assert proba.idxmax(axis=1).tolist() == by_clip["y_pred"].tolist()


def test_rows_are_clips_and_columns_are_classes():
    proba = out_of_fold_proba(LogisticRegression(), X, Y, **OPTIONS)
    assert proba.shape == (96, 3)
    assert proba.columns.tolist() == ["angry", "calm", "sad"]
    np.testing.assert_allclose(proba.sum(axis=1), 1)


def test_any_folds_that_a_comparison_takes_are_taken():
    one = out_of_fold_proba(LogisticRegression(), X, Y, protocol=LeaveOneGroupOut(), **OPTIONS)
    by_name = out_of_fold_proba(
        LogisticRegression(), X, Y, protocol="leave-one-speaker-out", **OPTIONS
    )
    by_sets = out_of_fold_proba(
        LogisticRegression(), X, Y, protocol=[{speaker} for speaker in range(8)], **OPTIONS
    )
    assert one.equals(by_name)
    assert one.equals(by_sets)


def test_a_search_inside_is_handed_the_training_speakers():
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=LeaveOneGroupOut())
    assert out_of_fold_proba(search, X, Y, **OPTIONS).shape == (96, 3)


def test_clips_of_different_lengths_are_taken():
    class Shape(LogisticRegression):
        def fit(self, X, y):
            return super().fit([[len(x)] for x in X], y)

        def predict_proba(self, X):
            return super().predict_proba([[len(x)] for x in X])

    clips = [np.zeros(3 + (label == "sad")) for label in Y]
    proba = out_of_fold_proba(Shape(C=1e6), clips, Y, **OPTIONS)
    assert (proba.loc[Y == "sad", "sad"] > 0.9).all()


def test_speakers_need_not_be_known_for_a_random_split():
    proba = out_of_fold_proba(
        LogisticRegression(), X, Y, groups=None, protocol="random", random_state=0
    )
    search = GridSearchCV(LogisticRegression(), {"C": [1.0]}, cv=TuningFolds())
    again = out_of_fold_proba(search, X, Y, groups=None, protocol="random", random_state=0)
    np.testing.assert_allclose(proba, again)


def test_a_class_that_a_fold_is_not_trained_on_has_probability_zero_there():
    y = np.where((SPEAKERS == 0) & (Y == "sad"), "bored", Y)
    with pytest.warns(EvaluationWarning, match="class 'bored'") as said:
        proba = out_of_fold_proba(
            LogisticRegression(), X, y, protocol="leave-one-speaker-out", **OPTIONS
        )
    assert {one.category for one in said} == {EvaluationWarning}
    assert (proba.loc[SPEAKERS == 0, "bored"] == 0).all()
    assert (proba.loc[SPEAKERS != 0, "bored"] > 0).all()


def test_what_predicts_labels_alone_is_refused_with_the_remedy():
    with pytest.raises(TypeError, match=r"SVC\(\) has no predict_proba. .*probability=True"):
        out_of_fold_proba(SVC(), X, Y, **OPTIONS)


def test_folds_that_test_a_clip_twice_are_refused():
    with pytest.raises(ValueError, match="only works for partitions"):
        out_of_fold_proba(
            LogisticRegression(), X, Y, protocol=RepeatedKFold(n_splits=3, n_repeats=2), **OPTIONS
        )
