"""Boosted trees taken apart and put together, and what is told of those that are none."""

import json
import pickle

import joblib
import numpy as np
import pytest

pytest.importorskip("xgboost")

from sk_ser.classifiers import XGBoostClassifier
from sk_ser.classifiers._trees import check_trees, pack_trees, unpack_trees

X = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)


def fitted(n_classes=3, **params):
    y = np.array(["anger", "joy", "sadness"])[np.arange(60) % n_classes]
    return XGBoostClassifier(12, random_state=0, **params).fit(X, y)


@pytest.fixture
def model():
    return json.loads(pack_trees(fitted().xgb_)["model"])


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("params", [{}, {"gamma": 0.5}, {"subsample": 0.5, "max_depth": 6}])
def test_they_predict_the_same_to_the_last_bit(n_classes, params):
    trees = fitted(n_classes, **params)
    missing = X.copy()
    missing[::3, 1] = np.nan
    again = unpack_trees(pack_trees(trees.xgb_), 4, None)
    for rows in (X, missing):
        np.testing.assert_array_equal(again.predict_proba(rows), trees.xgb_.predict_proba(rows))


def test_threads_are_those_of_the_machine_it_is_loaded_on():
    assert "n_jobs" not in pack_trees(fitted(n_jobs=-1).xgb_)["params"]
    again = pickle.loads(pickle.dumps(fitted().set_params(n_jobs=100_000)))
    assert again.xgb_.n_jobs == joblib.cpu_count()


def first_tree(model):
    return model["learner"]["gradient_booster"]["model"]["trees"][0]


@pytest.mark.parametrize(
    "column, place, value, problem",
    [
        ("left_children", 0, 10**6, "a child node does not exist"),
        ("right_children", 0, -7, "a child node does not exist"),
        ("left_children", 0, 0, "a child node does not exist"),
        ("split_indices", 0, 4, "a split is on an unknown feature"),
        ("split_indices", 0, -1, "a split is on an unknown feature"),
        ("split_type", 0, 1, "a split is on categories"),
    ],
)
def test_nodes_that_lead_out_of_memory_are_refused(column, place, value, problem, model):
    check_trees(model, 4)
    first_tree(model)[column][place] = value
    with pytest.raises(ValueError, match=f"damaged: {problem}"):
        check_trees(model, 4)


def test_a_node_with_two_parents_is_refused(model):
    tree = first_tree(model)
    tree["left_children"][0] = tree["right_children"][0]
    with pytest.raises(ValueError, match="two parents"):
        check_trees(model, 4)


def test_missing_nodes_and_other_classes_and_features_are_refused(model):
    first_tree(model)["left_children"].pop()
    with pytest.raises(ValueError, match="nodes are missing"):
        check_trees(model, 4)
    with pytest.raises(ValueError, match="not over 5 features"):
        check_trees(model, 5)
    model["learner"]["gradient_booster"]["model"]["tree_info"][0] = 3
    with pytest.raises(ValueError, match="the classes of the trees"):
        check_trees(model, 4)


def test_trees_of_another_kind_are_refused(model):
    model["learner"]["gradient_booster"]["name"] = "dart"
    with pytest.raises(ValueError, match="not a gbtree"):
        check_trees(model, 4)
