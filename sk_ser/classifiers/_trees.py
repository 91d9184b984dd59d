"""Boosted trees as plain values, and the trees that these make again, if they are any."""

import json

import joblib
import numpy as np

from sk_ser._optional import import_optional


def pack_trees(classifier):
    """Take a fitted classifier of XGBoost apart.

    Parameters
    ----------
    classifier : xgboost.XGBClassifier
        Fitted.

    Returns
    -------
    dict
        ``params``, those that are set, but for threads, which are the machine's; ``model``,
        the trees as bytes of JSON, XGBoost's format that later versions read, with every
        number in full.
    """
    params = {name: value for name, value in classifier.get_params().items() if value is not None}
    params.pop("n_jobs", None)
    return {"params": params, "model": bytes(classifier.get_booster().save_raw("json"))}


def unpack_trees(state, n_features, n_jobs):
    """Put a classifier together.

    Parameters
    ----------
    state : dict
        As :func:`pack_trees` makes it.
    n_features : int
        Features that the trees may ask about.
    n_jobs : int or None
        Threads, as joblib counts them; at most as many as there are cores.

    Returns
    -------
    xgboost.XGBClassifier
        It predicts as the one that was taken apart.

    Raises
    ------
    ImportError
        If XGBoost is not installed.
    ValueError
        If the model's nodes are no trees over these features. XGBoost follows their
        numbers without asking, even out of its memory.
    """
    xgboost = import_optional("xgboost", extra="boost", purpose="XGBoostClassifier")
    check_trees(json.loads(state["model"]), n_features)
    n_threads = min(joblib.effective_n_jobs(n_jobs), joblib.cpu_count())
    classifier = xgboost.XGBClassifier(**state["params"], n_jobs=n_threads)
    classifier.load_model(bytearray(state["model"]))
    return classifier


def check_trees(model, n_features):
    """Raise ValueError unless every tree is one, and its questions are about known features.

    Parameters
    ----------
    model : dict
        XGBoost's JSON.
    n_features : int
        Features that there are.
    """
    learner = model["learner"]
    counts = learner["learner_model_param"]
    booster = learner["gradient_booster"]
    _check(int(counts["num_feature"]) == n_features, f"they are not over {n_features} features")
    _check(booster["name"] == "gbtree", "they are no gbtree")
    trees = booster["model"]["trees"]
    n_outputs = max(1, int(counts["num_class"]))
    info = np.asarray(booster["model"]["tree_info"], int)
    _check(len(info) == len(trees) and np.all((info >= 0) & (info < n_outputs)), "classes differ")
    for tree in trees:
        _check_tree(tree, n_features)


def _check_tree(tree, n_features):
    n_nodes = int(tree["tree_param"]["num_nodes"])
    columns = ("left_children", "right_children", "split_indices", "split_conditions")
    _check(n_nodes > 0 and all(len(tree[name]) == n_nodes for name in columns), "nodes are missing")
    left, right = (np.asarray(tree[name], int) for name in columns[:2])
    inner = left != -1
    children = np.concatenate([left[inner], right[inner]])
    _check(np.all((children > 0) & (children < n_nodes)), "a child is none of the nodes")
    # each has one parent at most, and none is the root: what is reached from there is a tree
    _check(len(np.unique(children)) == len(children), "a node has two parents")
    features = np.asarray(tree["split_indices"], int)[inner]
    _check(np.all((features >= 0) & (features < n_features)), "a feature is unknown")
    _check(not np.any(tree.get("split_type", 0)), "a question is about categories")


def _check(holds, problem):
    if not holds:
        raise ValueError(f"XGBoostClassifier: the saved trees are damaged: {problem}.")
