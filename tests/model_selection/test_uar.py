"""Unweighted average recall: known answers, and its scorer in scikit-learn."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.feature_selection import SequentialFeatureSelector
from sklearn.inspection import permutation_importance
from sklearn.metrics import get_scorer, recall_score
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate
from sklearn.tree import DecisionTreeClassifier

from sk_ser.model_selection import uar_score, uar_scorer


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


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    y = np.repeat(["calm", "angry", "sad"], 20)
    return rng.normal(size=(60, 3)) + (y == "sad")[:, np.newaxis], y


def test_cross_validation_takes_the_scorer(data):
    found = cross_validate(
        DecisionTreeClassifier(random_state=0),
        *data,
        scoring={"uar": uar_scorer, "same": "balanced_accuracy"},
    )
    assert found["test_uar"] == pytest.approx(found["test_same"])


def test_a_search_in_other_processes_takes_the_scorer(data):
    tree = DecisionTreeClassifier(random_state=0)
    search = GridSearchCV(tree, {"max_depth": [1, 3]}, scoring=uar_scorer, n_jobs=2)
    by_scorer = clone(search).fit(*data).best_score_
    assert by_scorer == search.set_params(scoring="recall_macro").fit(*data).best_score_


def test_every_other_function_that_takes_scoring_takes_the_scorer(data):
    tree = DecisionTreeClassifier(random_state=0).fit(*data)
    assert np.isfinite(cross_val_score(tree, *data, scoring=uar_scorer)).all()
    found = permutation_importance(tree, *data, scoring=uar_scorer, n_repeats=1)
    assert len(found.importances) == 3
    SequentialFeatureSelector(tree, n_features_to_select=1, scoring=uar_scorer, cv=2).fit(*data)


def test_the_scorer_can_be_pickled(data):
    tree = DecisionTreeClassifier(random_state=0).fit(*data)
    assert pickle.loads(pickle.dumps(uar_scorer))(tree, *data) == uar_scorer(tree, *data)


def test_scikit_learn_is_left_as_it_is():
    with pytest.raises(ValueError, match="'uar' is not a valid scoring value"):
        get_scorer("uar")
