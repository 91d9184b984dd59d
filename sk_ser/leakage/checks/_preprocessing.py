"""Check: steps that were fitted on all clips before the split."""

import inspect
from functools import partial

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from sk_ser._estimators import params_of
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding, NotChecked
from sk_ser.leakage.checks._mixed import find_mixed
from sk_ser.leakage.checks._scaling import describe_scaling
from sk_ser.leakage.checks._selected import describe_selection

_finding = partial(Finding, check="preprocessing", kind="L1.2")


def check_preprocessing(evaluation: Evaluation) -> list[Finding]:
    """Find steps that are fitted before the split, in the estimator or in X itself.

    In the estimator: steps that keep what they learnt when the clone of a fold is fitted (frozen
    or prefit steps, functions bound to a fitted transformer). In X, if it is a table of numbers:
    columns that are standardised, scaled to a range, uncorrelated or centred by speaker, up to
    rounding, over *all* clips; columns whose p-values are those of selected ones; and rows that
    lie exactly between two others of their class, as SMOTE [1]_ makes them.

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
    for find in (_scaled, _selected, _mixed):
        found += find(X, evaluation)
    return found


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


def _scaled(X, evaluation):
    pattern = describe_scaling(X, evaluation.groups)
    if pattern is None:
        return
    n_columns = int(np.sum(X.std(axis=0) > 0))
    yield _finding(
        severity="warning",
        message=f"All {n_columns} columns of X {pattern} over all {len(X)} clips.",
        remedy="They were scaled, centred or rotated together with the test clips, before the "
        "split. Pass the data from before this step, and put the step into the pipeline.",
        figures={"n_columns": n_columns, "n_clips": len(X)},
    )


def _selected(X, evaluation):
    found = describe_selection(X, evaluation.y)
    if found is None:
        return
    message, figures = found
    yield _finding(
        severity="warning",
        kind="L1.3",
        message=message,
        remedy="If columns were selected with the labels of all clips, select within the "
        "pipeline (SelectKBest as a step) instead.",
        figures=figures,
    )


def _mixed(X, evaluation):
    rows = find_mixed(X, evaluation.y)
    if not len(rows):
        return
    yield _finding(
        severity="severe",
        message=f"{len(rows)} of {len(X)} rows of X lie exactly between two others of their "
        "class, as SMOTE or mixing makes them: test clips were mixed from training clips.",
        remedy="Oversample, or augment, within the fold: use a pipeline of imbalanced-learn, "
        "or AugmentedClassifier.",
        figures={"n_rows": len(rows), "n_clips": len(X)},
        evidence=pd.DataFrame({"clip": [evaluation.name_of(row) for row in rows]}),
    )
