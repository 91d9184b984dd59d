"""Boosted trees as plain values, and back, with a check that the values are trees."""

import json

import joblib
import numpy as np

from sk_ser._optional import import_optional


def pack_trees(classifier):
    """Turn a fitted classifier of XGBoost into plain values.

    Parameters
    ----------
    classifier : xgboost.XGBClassifier
        Fitted.

    Returns
    -------
    dict
        ``params``: the parameters that are set, without the number of threads. ``model``: the
        trees as bytes of JSON, the format of XGBoost that later versions read, with every
        number in full precision.
    """
    params = {name: value for name, value in classifier.get_params().items() if value is not None}
    params.pop("n_jobs", None)
    return {"params": params, "model": bytes(classifier.get_booster().save_raw("json"))}


def unpack_trees(state, n_features, n_jobs):
    """Make a classifier of plain values.

    Parameters
    ----------
    state : dict
        As :func:`pack_trees` returns it.
    n_features : int
        Number of features.
    n_jobs : int or None
        Number of threads, as joblib counts them; at most one per core.

    Returns
    -------
    xgboost.XGBClassifier
        It predicts what the packed one predicts.

    Raises
    ------
    ImportError
        If XGBoost is not installed.
    ValueError
        If the nodes do not form trees over these features. XGBoost does not check this, and
        would read outside its memory.
    """
    xgboost = import_optional("xgboost", extra="boost", purpose="XGBoostClassifier")
    check_trees(json.loads(state["model"]), n_features)
    n_threads = min(joblib.effective_n_jobs(n_jobs), joblib.cpu_count())
    classifier = xgboost.XGBClassifier(**state["params"], n_jobs=n_threads)
    classifier.load_model(bytearray(state["model"]))
    return classifier


def check_trees(model, n_features):
    """Raise ValueError unless the nodes form trees that split on known features.

    Parameters
    ----------
    model : dict
        JSON of XGBoost.
    n_features : int
        Number of features.
    """
    learner = model["learner"]
    counts = learner["learner_model_param"]
    booster = learner["gradient_booster"]
    _check(int(counts["num_feature"]) == n_features, f"they are not over {n_features} features")
    _check(booster["name"] == "gbtree", "the booster is not a gbtree")
    trees = booster["model"]["trees"]
    n_outputs = max(1, int(counts["num_class"]))
    info = np.asarray(booster["model"]["tree_info"], int)
    _check(
        len(info) == len(trees) and np.all((info >= 0) & (info < n_outputs)),
        "the classes of the trees do not match",
    )
    for tree in trees:
        _check_tree(tree, n_features)


def _check_tree(tree, n_features):
    n_nodes = int(tree["tree_param"]["num_nodes"])
    columns = ("left_children", "right_children", "split_indices", "split_conditions")
    _check(n_nodes > 0 and all(len(tree[name]) == n_nodes for name in columns), "nodes are missing")
    left, right = (np.asarray(tree[name], int) for name in columns[:2])
    inner = left != -1
    children = np.concatenate([left[inner], right[inner]])
    _check(np.all((children > 0) & (children < n_nodes)), "a child node does not exist")
    # with at most one parent each, and the root without one, the nodes form a tree
    _check(len(np.unique(children)) == len(children), "a node has two parents")
    features = np.asarray(tree["split_indices"], int)[inner]
    _check(np.all((features >= 0) & (features < n_features)), "a split is on an unknown feature")
    _check(not np.any(tree.get("split_type", 0)), "a split is on categories")


def _check(holds, problem):
    if not holds:
        raise ValueError(f"XGBoostClassifier: the saved trees are damaged: {problem}.")
