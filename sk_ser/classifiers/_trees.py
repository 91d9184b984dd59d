"""Boosted trees as plain values, and back, rebuilt from numbers that are checked one by one."""

import json

import joblib
import numpy as np

from sk_ser._optional import import_optional

#: Settings of XGBoost that a file may have, with their types.
_SETTINGS = {
    **dict.fromkeys(("n_estimators", "max_depth", "max_bin", "random_state"), int),
    **dict.fromkeys(("learning_rate", "min_child_weight", "subsample", "colsample_bytree"), float),
    **dict.fromkeys(("reg_lambda", "reg_alpha", "gamma", "missing"), float),
    **dict.fromkeys(("objective", "device"), str),
    "enable_categorical": bool,
}
#: Largest magnitude of a number in single precision.
_LARGEST = float(np.finfo(np.float32).max)
#: What XGBoost stores as the parent of a root.
_NO_PARENT = 2**31 - 1
#: Numbers of a node beside its children, which have no influence on memory.
_VALUES = ("base_weights", "loss_changes", "split_conditions", "sum_hessian")
#: Columns that describe splits on categories, which XGBoostClassifier never has.
_CATEGORIES = ("categories", "categories_nodes", "categories_segments", "categories_sizes")


def pack_trees(classifier):
    """Turn a fitted classifier of XGBoost into plain values.

    Parameters
    ----------
    classifier : xgboost.XGBClassifier
        Fitted.

    Returns
    -------
    dict
        ``params``: the settings of the trees. ``model``: the trees as bytes of JSON, the format
        of XGBoost that later versions read, with every number in full precision.
    """
    params = classifier.get_params()
    known = {name: params[name] for name in _SETTINGS if params[name] is not None}
    return {"params": known, "model": bytes(classifier.get_booster().save_raw("json"))}


def unpack_trees(state, n_features, n_classes, n_jobs):
    """Make a classifier of plain values.

    Parameters
    ----------
    state : dict
        As :func:`pack_trees` returns it.
    n_features, n_classes : int
        Numbers of features and of classes.
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
        If the values are not trees over these features for these classes. XGBoost does not
        check this, and would read outside its memory.
    """
    xgboost = import_optional("xgboost", extra="boost", purpose="XGBoostClassifier")
    try:
        model = rebuild_model(json.loads(state["model"]), n_features, n_classes)
        params = {name: _setting(name, value) for name, value in state["params"].items()}
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError) as error:
        raise _damaged(f"they cannot be read ({error!r})") from error
    n_threads = min(joblib.effective_n_jobs(n_jobs), joblib.cpu_count())
    classifier = xgboost.XGBClassifier(**params, n_jobs=n_threads)
    classifier.load_model(bytearray(json.dumps(model).encode()))
    return classifier


def rebuild_model(model, n_features, n_classes):
    """Build XGBoost's description of a model anew from the checked numbers of another.

    Parameters
    ----------
    model : dict
        JSON of XGBoost, from an untrusted file.
    n_features, n_classes : int
        Numbers of features and of classes.

    Returns
    -------
    dict
        JSON of XGBoost that describes the same trees, and nothing else.

    Raises
    ------
    ValueError
        If the nodes do not form trees that split on these features, or the trees are not those
        of these classes.
    """
    learner = model["learner"]
    counts, booster = learner["learner_model_param"], learner["gradient_booster"]
    n_outputs = 1 if n_classes == 2 else n_classes
    wanted = {"num_class": n_outputs if n_classes > 2 else 0, "num_feature": n_features}
    for name, number in wanted.items():
        _check(counts[name] == str(number), f"{name} is {counts[name]!r} and must be {number}")
    _check(counts.get("num_target", "1") == "1", "they predict more than one label")
    _check(booster["name"] == "gbtree", "the booster is not a gbtree")
    trees = booster["model"]["trees"]
    _check(len(trees) % n_outputs == 0, "a tree is missing")
    rounds = list(range(0, len(trees) + 1, n_outputs))
    info = list(range(n_outputs)) * (len(trees) // n_outputs)
    _check(booster["model"]["tree_info"] == info, "the classes of the trees do not match")
    _check(booster["model"]["iteration_indptr"] == rounds, "the rounds do not match the trees")
    return {
        "learner": {
            **{"attributes": {}, "feature_names": [], "feature_types": []},
            "gradient_booster": {
                "model": {
                    "gbtree_model_param": {"num_parallel_tree": "1", "num_trees": str(len(trees))},
                    "iteration_indptr": rounds,
                    "tree_info": info,
                    "trees": [_rebuild_tree(*one, n_features) for one in enumerate(trees)],
                },
                "name": "gbtree",
            },
            "learner_model_param": {name: str(number) for name, number in wanted.items()}
            | {"num_target": "1", "boost_from_average": "1"}
            | {"base_score": _base_score(counts["base_score"], n_outputs)},
            "objective": _objective(n_outputs),
        },
        "version": _version(model["version"]),
    }


def _rebuild_tree(number, tree, n_features):
    """Rebuild a tree; each node but the root is the child of one node before it."""
    n_nodes = len(tree["left_children"])
    left, right = (_integers(tree, f"{side}_children", n_nodes) for side in ("left", "right"))
    inner = np.flatnonzero(left != -1)
    _check(np.array_equal(inner, np.flatnonzero(right != -1)), "a node has one child")
    parents = np.full(n_nodes, -1)
    for children in (left[inner], right[inner]):
        exist = np.all((children > inner) & (children < n_nodes))
        _check(exist, "a child node does not exist, or stands before its parent")
        parents[children] = inner
    is_tree = n_nodes > 0 and np.all(parents[1:] >= 0) and n_nodes == 1 + 2 * len(inner)
    _check(is_tree, "a node has two parents, or none")
    features = _integers(tree, "split_indices", n_nodes)
    known = np.all((features >= 0) & (features < n_features))
    _check(known, "a split is on an unknown feature")
    default_left = _integers(tree, "default_left", n_nodes)
    _check(np.isin(default_left, (0, 1)).all(), "default_left is not 0 or 1")
    _check(not np.any(tree.get("split_type", 0)), "a split is on categories")
    return {
        "id": number,
        "left_children": left.tolist(),
        "right_children": right.tolist(),
        "parents": [_NO_PARENT, *parents[1:].tolist()],
        "split_indices": features.tolist(),
        "default_left": default_left.tolist(),
        "split_type": [0] * n_nodes,
        **{name: _numbers(tree[name], n_nodes) for name in _VALUES},
        **{name: [] for name in _CATEGORIES},
        "tree_param": {
            **{"num_deleted": "0", "size_leaf_vector": "1"},
            **{"num_feature": str(n_features), "num_nodes": str(n_nodes)},
        },
    }


def _integers(tree, name, length):
    values = tree[name]
    whole = isinstance(values, list) and all(type(value) is int for value in values)
    _check(whole and len(values) == length, "nodes are missing")
    return np.asarray(values, np.int64)


def _numbers(values, length):
    are_numbers = isinstance(values, list) and all(type(one) in (int, float) for one in values)
    _check(are_numbers and len(values) == length, "nodes are missing")
    _check(all(abs(value) <= _LARGEST for value in values), "a number is not finite")
    return [float(value) for value in values]


def _base_score(text, n_outputs):
    """Check the text of one score, or of one for each output, which XGBoost puts into brackets."""
    scores = json.loads(text if text.startswith("[") else f"[{text}]")
    _check(len(scores) in (1, n_outputs), "the base scores are not those of the classes")
    _numbers(scores, len(scores))
    return text


def _objective(n_outputs):
    if n_outputs == 1:
        return {"name": "binary:logistic", "reg_loss_param": {"scale_pos_weight": "1"}}
    parameters = {"num_class": str(n_outputs)}
    return {"name": "multi:softprob", "softmax_multiclass_param": parameters}


def _version(numbers):
    """Check a version: that of the oldest supported XGBoost, or a newer one."""
    plain = len(numbers) == 3 and all(type(one) is int and 0 <= one < 1_000 for one in numbers)
    _check(plain and numbers[0] >= 2, "their version is unknown")
    return numbers


def _setting(name, value):
    kind = _SETTINGS.get(name)
    fits = kind is not None and isinstance(value, (float, int) if kind is float else kind)
    _check(fits and not (kind is str and len(value) > 100), f"{name} is not a setting of them")
    return value


def _check(holds, problem):
    if not holds:
        raise _damaged(problem)


def _damaged(problem):
    return ValueError(f"XGBoostClassifier: the saved trees are damaged: {problem}.")
