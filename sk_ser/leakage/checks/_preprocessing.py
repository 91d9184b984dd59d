"""Check: steps that were fitted on all clips before the split."""

import inspect
from functools import partial

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.feature_selection import f_classif
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from sk_ser._estimators import params_of
from sk_ser.leakage._finding import Finding, NotChecked

#: Number of columns from which a pattern that all of them share is no coincidence.
_SEVERAL = 5
#: Neighbours of the same class between which a synthetic row is searched.
_NEIGHBOURS = 11
_finding = partial(Finding, check="preprocessing", kind="L1.2")


def check_preprocessing(evaluation) -> list[Finding]:
    """Find steps that are fitted before the split, in the estimator or in X itself.

    In the estimator: steps that keep what they learnt when the clone of a fold is fitted (frozen
    or prefit steps, functions bound to a fitted transformer). In X, if it is a table of numbers:
    columns that are standardised, scaled to a range or uncorrelated up to rounding over *all*
    clips; columns that all predict the label, as if selected for it; and rows that lie exactly
    between two others of their class, as SMOTE [1]_ makes them.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

    Returns
    -------
    list of Finding

    Raises
    ------
    NotChecked
        If X holds neither recordings nor a table of numbers.

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
    found = list(_fitted_steps(evaluation))
    if evaluation.holds_recordings:
        return found
    X = evaluation.table
    if X is None:
        raise NotChecked("X holds sequences, in which a normalisation over all clips is not seen")
    return [*found, *_scaled(X), *_selected(X, evaluation), *_made_between(X, evaluation)]


# In the estimator


def _fitted_steps(evaluation):
    for name, part in params_of(evaluation.estimator).items():
        fault = _fault_of(part)
        if fault:
            yield _finding(
                severity="severe",
                message=f"{name or type(part).__name__} {fault}, so every fold uses what it learnt "
                "from clips that the fold tests.",
                remedy="Put the unfitted step into the pipeline: each fold then fits its own.",
            )


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
    # an estimator that needs no fit has learnt nothing
    return get_tags(estimator).requires_fit


# In X


def _scaled(X):
    columns = X[:, X.std(axis=0) > 0]
    n_clips, n_columns = columns.shape
    if n_columns < _SEVERAL or n_clips < _SEVERAL:
        return
    pattern = _pattern_of(columns)
    if pattern is None:
        return
    yield _finding(
        severity="warning",
        message=f"All {n_columns} columns of X {pattern} over all {n_clips} clips.",
        remedy="They were scaled, or rotated, together with the test clips, before the split. "
        "Pass the data from before this step, and put the step into the pipeline.",
        figures={"n_columns": n_columns, "n_clips": n_clips},
    )


def _pattern_of(columns):
    """Describe the scaling that all columns share; None if they share none."""
    low, high = columns.min(axis=0), columns.max(axis=0)
    deviations = (columns.std(axis=0, ddof=ddof) for ddof in (0, 1))
    if _all_near(columns.mean(axis=0), 0) and any(_all_near(d, 1) for d in deviations):
        return "have mean 0 and standard deviation 1"
    if (_all_near(low, 0) or _all_near(low, -1)) and _all_near(high, 1):
        return f"lie between {low[0]:.0f} and 1, and touch both"
    lower, median, upper = np.percentile(columns, [25, 50, 75], axis=0)
    if _all_near(median, 0) and _all_near(upper - lower, 1):
        return "have median 0 and quartiles that are 1 apart"
    if len(columns) > 2 * columns.shape[1]:
        correlation = np.corrcoef(columns, rowvar=False)
        if np.abs(correlation - np.eye(len(correlation))).max() < 1e-3:
            return "are uncorrelated up to rounding, as principal components are"
    return None


def _all_near(values, wanted):
    return np.abs(values - wanted).max() < 1e-4


def _selected(X, evaluation):
    """Find columns that all predict the label, where a part of them would not by themselves."""
    columns = X[:, X.std(axis=0) > 0]
    if columns.shape[1] < 2 * _SEVERAL:
        return
    with np.errstate(all="ignore"):
        values, p = f_classif(columns, evaluation.y)
    values = np.sort(values[np.isfinite(values)])
    if not len(values) or np.max(p) > 0.05 or not _is_cut_off(values):
        return
    yield _finding(
        severity="warning",
        kind="L1.3",
        message=f"Each of the {columns.shape[1]} columns of X predicts the label "
        f"(F >= {values[0]:.1f}, p <= {np.max(p):.2g}), and most are close to the weakest, as "
        "if weaker columns had been removed.",
        remedy="If columns were selected with the labels of all clips, select within the "
        "pipeline (SelectKBest as a step) instead.",
        figures={"n_columns": columns.shape[1], "least_f": float(values[0])},
    )


def _is_cut_off(values):
    """Distinguish the tail of a distribution, densest at its edge, from a whole one."""
    lower, middle, upper = np.percentile(values, [25, 50, 75])
    return (middle - values[0]) < (values[-1] - middle) and (lower - values[0]) < (upper - middle)


def _made_between(X, evaluation):
    """Find rows that lie on the line between two rows of their class."""
    rows = []
    scale = X.std(axis=0)
    values = X[:, scale > 0] / scale[scale > 0]
    if values.shape[1] < 2:
        return
    for label in np.unique(evaluation.y):
        of_class = np.flatnonzero(evaluation.y == label)
        if len(of_class) > 3:
            rows += of_class[_between(values[of_class])].tolist()
    if len(rows) < 3:
        return
    yield _finding(
        severity="severe",
        message=f"{len(rows)} of {len(X)} rows of X lie exactly between two others of their "
        "class, as SMOTE or mixing makes them: test clips were mixed from training clips.",
        remedy="Oversample, or augment, within the fold: use a pipeline of imbalanced-learn, "
        "or AugmentedClassifier.",
        figures={"n_rows": len(rows), "n_clips": len(X)},
        evidence=pd.DataFrame({"clip": [evaluation.name_of(row) for row in sorted(rows)]}),
    )


def _between(values):
    """Mark rows that lie exactly between two of their neighbours."""
    search = NearestNeighbors(n_neighbors=min(_NEIGHBOURS, len(values))).fit(values)
    found = np.zeros(len(values), dtype=bool)
    for row, others in enumerate(search.kneighbors(values, return_distance=False)):
        to_others = values[others[others != row]] - values[row]
        sizes = np.linalg.norm(to_others, axis=1)
        away = to_others[sizes > 1e-9] / sizes[sizes > 1e-9, None]
        # two neighbours in opposite directions have the row between them
        found[row] = len(away) > 1 and (away @ away.T).min() < -1 + 1e-6
    return found
