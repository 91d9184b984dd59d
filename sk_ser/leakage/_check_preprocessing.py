"""What was learnt from all clips before they were split."""

import inspect

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.feature_selection import f_classif
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from sk_ser.leakage._finding import Finding, NotChecked

#: Columns from which on a pattern that all of them have is no accident.
_SEVERAL = 5
#: Clips of one class between which a made one is looked for.
_NEIGHBOURS = 11


def check_preprocessing(evaluation):
    """Find steps that are fitted before the split, in the estimator or in X itself.

    In the estimator: steps that keep what they learnt when the fold's clone is fitted (frozen
    or prefit ones, functions bound to a fitted transformer). In X, if it is a table of
    numbers: columns that are standardised, scaled to a range or uncorrelated to the last
    digit over *all* clips; columns that every one tell the label, as if chosen for it; and rows
    that lie exactly between two others of their class, as SMOTE [1]_ makes them.

    Parameters
    ----------
    evaluation : Evaluation
        What to look at.

    Returns
    -------
    list of Finding

    Raises
    ------
    NotChecked
        If X is no recordings and no table of numbers: what made it cannot be seen.

    References
    ----------
    .. [1] N. V. Chawla et al., "SMOTE: Synthetic minority over-sampling technique", Journal of
       Artificial Intelligence Research 16, 2002, section 4.2.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sk_ser.leakage import Evaluation, check_preprocessing
    >>> rng = np.random.default_rng(0)
    >>> X, y, speakers = rng.normal(size=(60, 8)), np.arange(60) % 2, np.arange(60) % 12
    >>> scaled = StandardScaler().fit_transform(X)
    >>> found = check_preprocessing(Evaluation(GaussianNB(), scaled, y, groups=speakers))
    >>> found[0].message
    'All 8 columns of X have mean 0 and standard deviation 1 over all 60 clips.'
    """
    found = _fitted_steps(evaluation)
    if evaluation.holds_recordings:
        return found
    X = evaluation.table
    if X is None:
        raise NotChecked(
            "X holds sequences: whether they were normalised over all clips is not seen"
        )
    return [*found, *_scaled(X), *_selected(X, evaluation), *_made_between(X, evaluation)]


# In the estimator


def _fitted_steps(evaluation):
    parts = {"": evaluation.estimator} | evaluation.estimator.get_params(deep=True)
    found = []
    for name, part in parts.items():
        fault = _fault_of(part)
        if fault:
            found.append(
                Finding(
                    "preprocessing",
                    "severe",
                    "L1.2",
                    f"{name or type(part).__name__} {fault}, so every fold uses what it learnt "
                    "from clips that the fold tests.",
                    "Put the unfitted step into the pipeline: each fold then fits its own.",
                    {},
                )
            )
    return found


def _fault_of(part):
    if type(part).__name__ == "FrozenEstimator":
        return "is frozen as it was fitted before the split"
    if isinstance(part, BaseEstimator):
        params = part.get_params(deep=False)
        if params.get("prefit") is True or params.get("cv") == "prefit":
            return "is set to prefit: it keeps an estimator that was fitted before the split"
    owner = getattr(part, "__self__", None)
    if inspect.ismethod(part) and isinstance(owner, BaseEstimator) and _is_fitted(owner):
        return f"is a method of a {type(owner).__name__} that was fitted before the split"
    return None


def _is_fitted(estimator):
    try:
        check_is_fitted(estimator)
    except Exception:
        return False
    # one that needs no fit has learnt nothing
    return get_tags(estimator).requires_fit


# In X


def _scaled(X):
    columns = X[:, X.std(axis=0) > 0]
    n_clips, n_columns = columns.shape
    if n_columns < _SEVERAL or n_clips < _SEVERAL:
        return []
    mean, low, high = columns.mean(axis=0), columns.min(axis=0), columns.max(axis=0)
    what = None
    deviations = [columns.std(axis=0, ddof=ddof) for ddof in (0, 1)]
    if np.abs(mean).max() < 1e-4 and any(np.abs(d - 1).max() < 1e-4 for d in deviations):
        what = "have mean 0 and standard deviation 1"
    elif _all_near(low, (0, -1)) and _all_near(high, (1,)):
        what = f"lie between {low[0]:.0f} and 1, and touch both"
    elif _all_near(np.median(columns, axis=0), (0,)) and _all_near(_quartile_range(columns), (1,)):
        what = "have median 0 and quartiles that are 1 apart"
    elif n_clips > 2 * n_columns and _are_uncorrelated(columns):
        what = "are uncorrelated to the last digit, as principal components are"
    if what is None:
        return []
    return [
        Finding(
            "preprocessing",
            "warning",
            "L1.2",
            f"All {n_columns} columns of X {what} over all {n_clips} clips.",
            "They were scaled, or turned, with the test clips, before the split. Hand over what "
            "was there before, and put the step into the pipeline.",
            {"n_columns": n_columns, "n_clips": n_clips},
        )
    ]


def _all_near(values, wanted):
    return any(np.abs(values - one).max() < 1e-4 for one in wanted)


def _quartile_range(columns):
    low, high = np.percentile(columns, [25, 75], axis=0)
    return high - low


def _are_uncorrelated(columns):
    correlation = np.corrcoef(columns, rowvar=False)
    return np.abs(correlation - np.eye(len(correlation))).max() < 1e-3


def _selected(X, evaluation):
    """Ask whether all columns tell the label, where by their own strength some would not."""
    columns = X[:, X.std(axis=0) > 0]
    if columns.shape[1] < 2 * _SEVERAL:
        return []
    with np.errstate(all="ignore"):
        values, p = f_classif(columns, evaluation.y)
    values = np.sort(values[np.isfinite(values)])
    if not len(values) or np.max(p) > 0.05 or not _is_cut_off(values):
        return []
    return [
        Finding(
            "preprocessing",
            "warning",
            "L1.3",
            f"Each of the {columns.shape[1]} columns of X tells the label (F >= {values[0]:.1f}, "
            f"p <= {np.max(p):.2g}), and they crowd at the weakest, as if the others had been cut "
            "off.",
            "If columns were selected with the labels of all clips, select within the pipeline "
            "(SelectKBest as a step) instead.",
            {"n_columns": columns.shape[1], "least_f": float(values[0])},
        )
    ]


def _is_cut_off(values):
    """Tell the tail of a distribution, densest at its edge, from a whole one."""
    lower, upper = np.percentile(values, [25, 75])
    middle = np.median(values)
    return (middle - values[0]) < (values[-1] - middle) and (lower - values[0]) < (upper - middle)


def _made_between(X, evaluation):
    """Find rows that lie on the line between two rows of their class."""
    rows = []
    scale = X.std(axis=0)
    values = X[:, scale > 0] / scale[scale > 0]
    if values.shape[1] < 2:
        return []
    for label in np.unique(evaluation.y):
        of_class = np.flatnonzero(evaluation.y == label)
        if len(of_class) > 3:
            rows += of_class[_between(values[of_class])].tolist()
    if len(rows) < 3:
        return []
    evidence = pd.DataFrame({"clip": [evaluation.name_of(row) for row in sorted(rows)]})
    return [
        Finding(
            "preprocessing",
            "severe",
            "L1.2",
            f"{len(rows)} of {len(X)} rows of X lie exactly between two others of their class, as "
            "SMOTE or mixing makes them: what is tested was mixed from what is trained on.",
            "Oversample, or augment, within the fold: a pipeline of imbalanced-learn, or "
            "AugmentedClassifier.",
            {"n_rows": len(rows), "n_clips": len(X)},
            evidence,
        )
    ]


def _between(values):
    """Mark rows that two of their neighbours have exactly between them."""
    n_neighbours = min(_NEIGHBOURS, len(values))
    _, near = NearestNeighbors(n_neighbors=n_neighbours).fit(values).kneighbors(values)
    found = np.zeros(len(values), dtype=bool)
    for row, others in enumerate(near):
        to_others = values[others[others != row]] - values[row]
        sizes = np.linalg.norm(to_others, axis=1)
        away = to_others[sizes > 1e-9] / sizes[sizes > 1e-9, None]
        # two that lie in opposite directions have the row between them
        cosines = away @ away.T
        found[row] = len(away) > 1 and cosines.min() < -1 + 1e-6
    return found
