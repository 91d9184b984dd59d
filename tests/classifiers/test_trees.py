"""Boosted trees taken apart and put together, and what is told of those that are none."""

import json
import pickle

import joblib
import numpy as np
import pytest

pytest.importorskip("xgboost")

from sk_ser.classifiers import XGBoostClassifier
from sk_ser.classifiers._trees import pack_trees, rebuild_model, unpack_trees

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
    again = unpack_trees(pack_trees(trees.xgb_), 4, n_classes, None)
    for rows in (X, missing):
        np.testing.assert_array_equal(again.predict_proba(rows), trees.xgb_.predict_proba(rows))


def test_threads_are_those_of_the_machine_it_is_loaded_on():
    assert "n_jobs" not in pack_trees(fitted(n_jobs=-1).xgb_)["params"]
    again = pickle.loads(pickle.dumps(fitted().set_params(n_jobs=100_000)))
    assert again.xgb_.n_jobs == joblib.cpu_count()


def test_a_model_is_rebuilt_from_its_numbers(model):
    rebuilt = rebuild_model(model, 4, 3)
    # what newer versions write about categories is empty
    model["learner"]["gradient_booster"]["model"].pop("cats", None)
    assert rebuilt == model


def parts_of(model):
    return model["learner"]["gradient_booster"]["model"]


@pytest.mark.parametrize(
    "column, value, problem",
    [
        ("left_children", 10**6, "a child node does not exist"),
        ("left_children", -7, "a child node does not exist"),
        ("left_children", 0, "a child node does not exist"),
        ("right_children", -1, "a node has one child"),
        ("right_children", 2**70, "they cannot be read"),
        ("left_children", 1.0, "nodes are missing"),
        ("left_children", True, "nodes are missing"),
        ("split_indices", 4, "a split is on an unknown feature"),
        ("split_indices", -1, "a split is on an unknown feature"),
        ("split_type", 1, "a split is on categories"),
        ("default_left", 2, "default_left is not 0 or 1"),
        ("split_conditions", 1e39, "a number is not finite"),
        ("split_conditions", float("nan"), "a number is not finite"),
        ("base_weights", "1", "nodes are missing"),
        ("sum_hessian", None, "nodes are missing"),
    ],
)
def test_nodes_that_lead_out_of_memory_are_refused(column, value, problem, model):
    parts_of(model)["trees"][0][column][0] = value
    refuses(model, problem)


def refuses(model, problem, n_features=4, n_classes=3):
    """Check that a model is refused before XGBoost sees it."""
    state = pack_trees(fitted().xgb_) | {"model": json.dumps(model).encode()}
    with pytest.raises(ValueError, match=f"damaged: .*{problem}"):
        unpack_trees(state, n_features, n_classes, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree.update(id=10**8),
        lambda tree: tree["parents"].__setitem__(1, 10**8),
        lambda tree: tree.update(parents=[]),
        lambda tree: tree["tree_param"].update(size_leaf_vector="4"),
        lambda tree: tree["tree_param"].update(num_nodes="1000000000"),
        lambda tree: tree["tree_param"].update(num_deleted="3"),
        lambda tree: tree.update(categories=[1], categories_nodes=[1], categories_sizes=[10**9]),
    ],
)
def test_what_follows_from_other_numbers_is_not_taken_from_the_file(change, model):
    wanted = rebuild_model(model, 4, 3)
    change(parts_of(model)["trees"][0])
    assert rebuild_model(model, 4, 3) == wanted


def test_a_node_with_two_parents_or_none_is_refused(model):
    tree = parts_of(model)["trees"][0]
    tree["left_children"][0] = tree["right_children"][0]
    refuses(model, "two parents")


def test_missing_nodes_and_other_classes_and_features_are_refused(model):
    refuses(model, "num_feature is '4' and must be 5", n_features=5)
    refuses(model, "num_class is '3' and must be 0", n_classes=2)
    refuses(model, "num_class is '3' and must be 4", n_classes=4)
    parts_of(model)["tree_info"][0] = 2
    refuses(model, "the classes of the trees")
    parts_of(model)["tree_info"][0] = 0
    parts_of(model)["iteration_indptr"][0] = -5
    refuses(model, "the rounds do not match")
    parts_of(model)["iteration_indptr"][0] = 0
    parts_of(model)["trees"][0]["left_children"].pop()
    refuses(model, "nodes are missing")
    parts_of(model)["trees"].pop()
    refuses(model, "a tree is missing")


@pytest.mark.parametrize(
    "change, problem",
    [
        (lambda model: model["learner"]["gradient_booster"].update(name="dart"), "not a gbtree"),
        (lambda model: model.update(version=[0, 9, 0]), "version is unknown"),
        (lambda model: model.pop("version"), "cannot be read"),
        (lambda model: parts_of(model).update(trees=7), "cannot be read"),
        (lambda model: parts_of(model)["trees"].__setitem__(0, []), "cannot be read"),
        (
            lambda model: model["learner"]["learner_model_param"].update(base_score="[1,2]"),
            "base scores",
        ),
        (
            lambda model: model["learner"]["learner_model_param"].update(num_target="1000"),
            "more than one label",
        ),
    ],
)
def test_trees_of_another_kind_are_refused(change, problem, model):
    change(model)
    refuses(model, problem)


@pytest.mark.parametrize(
    "params", [{"callbacks": ["x"]}, {"n_estimators": "3"}, {"device": "c" * 999}, {"n_jobs": 64}]
)
def test_other_settings_are_refused(params, model):
    state = {"params": params, "model": json.dumps(model).encode()}
    with pytest.raises(ValueError, match=f"{next(iter(params))} is not a setting"):
        unpack_trees(state, 4, 3, None)
