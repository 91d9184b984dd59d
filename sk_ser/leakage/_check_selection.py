"""Epochs, seeds and thresholds that are chosen on the clips that are tested."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import has_fit_parameter

from sk_ser.leakage._finding import Finding

#: Parameters by which an estimator holds clips out of training to decide when to stop.
_STOPS = ("early_stopping", "early_stopping_rounds", "n_iter_no_change")


def check_selection(evaluation):
    """Find early stopping, seeds and thresholds that are chosen where they should not be.

    Looks into the estimator's parameters, however deep: data that it brings along to
    validate on and that are clips of X, early stopping on clips of heard voices, searches
    over seeds, thresholds of a model that was fitted before.

    Parameters
    ----------
    evaluation : Evaluation
        What to look at.

    Returns
    -------
    list of Finding

    Notes
    -----
    What was done by hand (the best of several seeds, or epochs, reported) leaves no trace in an
    estimator, and is not seen.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> from sk_ser.leakage import Evaluation, check_selection
    >>> rng = np.random.default_rng(0)
    >>> X, y, speakers = rng.normal(size=(60, 3)), np.arange(60) % 2, np.arange(60) % 12
    >>> search = GridSearchCV(DecisionTreeClassifier(), {"random_state": range(20)})
    >>> found = check_selection(Evaluation(search, X, y, groups=speakers))
    >>> [finding.severity for finding in found]
    ['warning']
    """
    parts = {"": evaluation.estimator} | evaluation.estimator.get_params(deep=True)
    found = []
    for name, part in parts.items():
        if isinstance(part, BaseEstimator):
            found += [*_stops_on_heard(name, part, evaluation), *_searches_seeds(name, part)]
        found += _brings_clips(name, part, evaluation)
    return found


def _stops_on_heard(name, part, evaluation):
    """Tell early stopping on clips of training speakers: it stops too late, for it flatters."""
    params = part.get_params(deep=False)
    if "validation_fraction" not in params or not any(params.get(stop) for stop in _STOPS):
        return []
    if evaluation.groups is None or (
        params.get("early_stopping") is True and has_fit_parameter(part, "groups")
    ):
        return []
    return [
        Finding(
            "selection",
            "note",
            "L1.1",
            f"{name or type(part).__name__} stops early on clips of voices that it is trained on, "
            "drawn at random from the training part.",
            "Training may stop too late. Stop on other speakers (early_stopping=True of sk_ser's "
            "nets, with groups), or train for a fixed number of epochs.",
            {},
        )
    ]


def _searches_seeds(name, part):
    space = getattr(part, "param_grid", None) or getattr(part, "param_distributions", None) or {}
    spaces = [space] if hasattr(space, "keys") else list(space)
    seeds = sorted({key for one in spaces for key in one if key.endswith("random_state")})
    return [
        Finding(
            "selection",
            "warning",
            "L1.1",
            f"{name or type(part).__name__} searches over the seed {seed}: the best of several is "
            "luck, and does not come again.",
            "Report the mean and spread over seeds, and search over what means something.",
            {},
        )
        for seed in seeds
    ]


def _brings_clips(name, part, evaluation):
    """Find data among the parameters that are clips of X: a validation set fixed in advance."""
    rows = _rows_of(part)
    table = evaluation.table
    if rows is None or table is None or rows.shape[1:] != table.shape[1:] or not len(rows):
        return []
    known = {row.tobytes() for row in table.astype(np.float32)}
    n_known = sum(row.tobytes() in known for row in rows.astype(np.float32))
    if not n_known:
        return []
    return [
        Finding(
            "selection",
            "severe",
            "L1.1",
            f"The estimator's parameter {name} holds {n_known} of the clips of X: what is decided "
            "on them (when to stop, which threshold) is decided on clips that are tested.",
            "Let the estimator hold out clips of its training part, by speaker.",
            {"n_clips": n_known},
        )
    ]


def _rows_of(part):
    """Take the data out of an array, a pair of X and y, or a dataset."""
    if isinstance(part, (list, tuple)) and part:
        return _rows_of(part[0])
    for attribute in ("X", "dataset", "data", "tensors", "keywords"):
        inner = getattr(part, attribute, None)
        if inner is not None and not isinstance(part, (np.ndarray, BaseEstimator)):
            return _rows_of(inner.get("valid_ds") if isinstance(inner, dict) else inner)
    try:
        values = np.asarray(part)
    except Exception:
        return None
    is_table = values.ndim == 2 and np.issubdtype(values.dtype, np.number)
    return values if is_table else None
