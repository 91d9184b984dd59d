"""The baselines of this package, declared as data."""

_VECTORS = "sk_ser.features:make_front_end"
_SEQUENCES = "sk_ser.features:make_sequence_front_end"

_SVC_SPACE = {"C": ("float", 1e-2, 1e2, "log")}
_XGBOOST_SPACE = {
    "n_estimators": ("int", 50, 500, "log"),
    "learning_rate": ("float", 0.02, 0.5, "log"),
    "max_depth": ("int", 2, 8),
    "min_child_weight": ("float", 0.5, 10.0, "log"),
    "subsample": ("float", 0.5, 1.0),
    "colsample_bytree": ("float", 0.02, 1.0, "log"),
    "reg_lambda": ("float", 0.1, 30.0, "log"),
}
_NET_SPACE = {
    "learning_rate": ("float", 3e-4, 1e-2, "log"),
    "weight_decay": ("float", 1e-4, 1e-1, "log"),
    "batch_size": ("int", 16, 64, "log"),
    "dropout": ("float", 0.0, 0.5),
    "label_smoothing": ("float", 0.0, 0.2),
    "mixup": ("float", 0.0, 0.4),
}
_SEQUENCE_SPACE = _NET_SPACE | {"head_dropout": ("float", 0.0, 0.6)}
_CNN_SPACE = _SEQUENCE_SPACE | {
    "kernel_size": ("choice", 3, 5, 7, 9),
    "pooling": ("choice", "mean", "max", "attention"),
}
_RECURRENT_SPACE = _SEQUENCE_SPACE | {
    "hidden_size": ("int", 32, 256, "log"),
    "n_layers": ("int", 1, 2),
    "bidirectional": ("choice", False, True),
    "pooling": ("choice", "last", "mean", "max", "attention"),
}
#: How nets over sequences are trained. Chosen on RAVDESS, on other folds than are reported.
_RECIPE = {"learning_rate": 2e-3, "label_smoothing": 0.1, "mixup": 0.2, "pooling": "attention"}
_CNN_RECIPE = {"channels": (128, 128, 192), "pool_size": (2, 2, 1), **_RECIPE}
_RECURRENT_RECIPE = {"channels": (128, 128), "pool_size": 2, **_RECIPE}
_TWO_WAY_RECIPE = {"bidirectional": True, **_RECURRENT_RECIPE}


def _net(name, kind, params, space, front_end=_SEQUENCES):
    """Declare a net. It has a fixed recipe: a search within each fold would take hours."""
    return {
        "name": name,
        "make": f"sk_ser.neural:{kind}.make_pipeline",
        "front_end": front_end,
        "params": params,
        "search_space": {kind: space},
        "extra": "neural",
    }


#: Arguments of :class:`~sk_ser.baselines.Baseline`.
BASELINES = [
    {
        "name": "svm",
        "make": "sk_ser.classifiers:make_svm",
        "front_end": _VECTORS,
        "grid": {"svc__C": [0.3, 1.0, 3.0]},
        "search_space": {"SVC": _SVC_SPACE, "CalibratedSVC": _SVC_SPACE},
    },
    {
        "name": "xgboost",
        "make": "sk_ser.classifiers:make_xgboost",
        "front_end": _VECTORS,
        "grid": {"xgboostclassifier__max_depth": [2, 3]},
        "search_space": {"XGBoostClassifier": _XGBOOST_SPACE},
        "extra": "boost",
    },
    _net("cnn", "CNNClassifier", _CNN_RECIPE, _CNN_SPACE),
    _net("lstm", "LSTMClassifier", _RECURRENT_RECIPE, _RECURRENT_SPACE),
    _net("bilstm", "LSTMClassifier", _TWO_WAY_RECIPE, _RECURRENT_SPACE),
    _net("gru", "GRUClassifier", _RECURRENT_RECIPE, _RECURRENT_SPACE),
    _net("dense", "DenseClassifier", {"dropout": 0.5}, _NET_SPACE, _VECTORS),
]
