"""Check: epochs, seeds and thresholds that are chosen on tested clips."""

from functools import partial

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import has_fit_parameter

from sk_ser._estimators import params_of
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding

#: Parameters by which an estimator holds out training clips to stop early.
_STOPS = ("early_stopping", "early_stopping_rounds", "n_iter_no_change")
#: Attributes that hold the data of a dataset, of a tuple of tensors, or of a split.
_HOLDERS = ("X", "dataset", "data", "tensors", "keywords")
_finding = partial(Finding, check="selection", kind="L1.1")


def check_selection(evaluation: Evaluation) -> list[Finding]:
    """Find early stopping, seeds and thresholds that are chosen on the wrong clips.

    All parameters of the estimator are searched: for validation data that are clips of X, for
    early stopping on clips of training speakers, and for searches over seeds.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

    Returns
    -------
    list of Finding

    Notes
    -----
    Choices made by hand, such as reporting the best of several seeds or epochs, leave no trace
    in an estimator and cannot be found.

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
    found = []
    for name, part in params_of(evaluation.estimator).items():
        title = name or type(part).__name__
        if isinstance(part, BaseEstimator):
            found += [*_stops_on_seen(title, part, evaluation), *_searches_seeds(title, part)]
        found += _holds_clips(name, part, evaluation)
    return found


def _stops_on_seen(title, part, evaluation):
    """Find early stopping on clips of training speakers, which stops too late."""
    params = part.get_params(deep=False)
    if "validation_fraction" not in params or not any(params.get(stop) for stop in _STOPS):
        return
    by_speaker = params.get("early_stopping") is True and has_fit_parameter(part, "groups")
    if evaluation.groups is None or by_speaker:
        return
    yield _finding(
        severity="note",
        message=f"{title} stops early on clips of speakers that it is trained on, drawn at "
        "random from the training part.",
        remedy="Training may stop too late. Stop on other speakers (early_stopping=True of "
        "sk_ser's nets, with groups), or train for a fixed number of epochs.",
    )


def _searches_seeds(title, part):
    space = getattr(part, "param_grid", None) or getattr(part, "param_distributions", None) or {}
    spaces = [space] if hasattr(space, "keys") else space
    seeds = sorted({key for one in spaces for key in one if key.endswith("random_state")})
    for seed in seeds:
        yield _finding(
            severity="warning",
            message=f"{title} searches over the seed {seed}: the best of several seeds is chance, "
            "and cannot be reproduced on other clips.",
            remedy="Report the mean and spread over seeds, and search over other parameters.",
        )


def _holds_clips(name, part, evaluation):
    """Find parameters that contain clips of X: a validation set fixed in advance."""
    rows, table = _rows_of(part), evaluation.table
    if rows is None or table is None or rows.shape[1:] != table.shape[1:] or not len(rows):
        return
    known = {row.tobytes() for row in table.astype(np.float32)}
    n_known = sum(row.tobytes() in known for row in rows.astype(np.float32))
    if not n_known:
        return
    yield _finding(
        severity="severe",
        message=f"The estimator's parameter {name} contains {n_known} of the clips of X: "
        "choices made on them (when to stop, which threshold) are made on tested clips.",
        remedy="Let the estimator hold out clips of its training part, by speaker.",
        figures={"n_clips": n_known},
    )


def _rows_of(part):
    """Return the data of an array, a pair of X and y, or a dataset; None if there are none."""
    if isinstance(part, (list, tuple)) and part:
        return _rows_of(part[0])
    for attribute in _HOLDERS:
        inner = getattr(part, attribute, None)
        if inner is not None and not isinstance(part, (np.ndarray, BaseEstimator)):
            return _rows_of(inner.get("valid_ds") if isinstance(inner, dict) else inner)
    try:
        values = np.asarray(part)
    except Exception:
        return None
    is_table = values.ndim == 2 and np.issubdtype(values.dtype, np.number)
    return values if is_table else None
