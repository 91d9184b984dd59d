"""Unweighted average recall: known answers, and its name in scikit-learn."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.feature_selection import SequentialFeatureSelector
from sklearn.inspection import permutation_importance
from sklearn.metrics import get_scorer, get_scorer_names, recall_score
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate
from sklearn.tree import DecisionTreeClassifier

from sk_ser.model_selection import uar_score


def test_every_class_counts_alike_however_rare():
    # Recalls: calm 3 of 4, angry 0 of 1.
    assert uar_score(["calm"] * 4 + ["angry"], ["calm"] * 3 + ["angry", "calm"]) == 0.375


def test_a_class_that_was_only_predicted_has_no_recall_and_warns_of_nothing():
    assert uar_score(["calm", "calm", "angry"], ["calm", "sad", "angry"]) == 0.75


def test_a_constant_guess_is_worth_one_over_the_number_of_classes():
    assert uar_score([0, 0, 0, 0, 1, 2, 3], [0] * 7) == 0.25


def test_weights_count_within_their_class():
    score = uar_score([0, 0, 1], [0, 1, 1], sample_weight=[3, 1, 9])
    assert score == pytest.approx((3 / 4 + 1) / 2)


def test_it_is_macro_recall_where_every_class_occurs():
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(5, size=(2, 200))
    assert uar_score(y_true, y_pred) == pytest.approx(recall_score(y_true, y_pred, average="macro"))


@pytest.mark.parametrize("kind", [list, np.array, pd.Series, lambda y: pd.Series(y).array])
def test_any_container_of_labels_does(kind):
    assert uar_score(kind(["a", "b"]), kind(["a", "a"])) == 0.5


def test_no_clips_are_an_error():
    with pytest.raises(ValueError, match="no clips"):
        uar_score([], [])


def test_scikit_learn_knows_the_name_and_keeps_its_own():
    assert {"uar", "recall_macro", "accuracy"} <= set(get_scorer_names())
    assert get_scorer("uar")._score_func is uar_score


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    y = np.repeat(["calm", "angry", "sad"], 20)
    return rng.normal(size=(60, 3)) + (y == "sad")[:, np.newaxis], y


@pytest.mark.parametrize("name", ["uar", "recall_macro", "accuracy", "f1_macro"])
def test_cross_validation_takes_the_name(data, name):
    scores = cross_validate(DecisionTreeClassifier(random_state=0), *data, scoring=name)
    assert np.isfinite(scores["test_score"]).all()


def test_cross_validation_takes_the_name_among_others(data):
    scores = cross_validate(DummyClassifier(), *data, scoring=["uar", "accuracy"])
    assert scores["test_uar"] == pytest.approx(1 / 3)


def test_grid_search_takes_the_name_in_other_processes(data):
    search = GridSearchCV(
        DecisionTreeClassifier(random_state=0), {"max_depth": [1, 3]}, scoring="uar", n_jobs=2
    )
    by_name = search.fit(*data).best_score_
    assert by_name == search.set_params(scoring="recall_macro").fit(*data).best_score_


def test_every_other_function_that_takes_scoring_takes_the_name(data):
    tree = DecisionTreeClassifier(random_state=0).fit(*data)
    assert np.isfinite(cross_val_score(tree, *data, scoring="uar")).all()
    assert len(permutation_importance(tree, *data, scoring="uar", n_repeats=1).importances) == 3
    SequentialFeatureSelector(tree, n_features_to_select=1, scoring="uar", cv=2).fit(*data)


def test_the_name_is_known_to_modules_of_scikit_learn_loaded_before_and_after():
    code = """
from sklearn.datasets import load_iris
from sklearn.model_selection import cross_val_score
from sklearn.dummy import DummyClassifier
import sk_ser.model_selection
from sklearn.linear_model import RidgeClassifierCV
X, y = load_iris(return_X_y=True)
assert cross_val_score(DummyClassifier(), X, y, scoring="uar").mean().round(3) == 0.333
RidgeClassifierCV(scoring="uar").fit(X, y)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
