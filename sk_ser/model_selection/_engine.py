"""The engine of every evaluation: fit a clone on each fold, and predict the fold's test clips."""

import time
import traceback
import warnings
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.exceptions import FitFailedWarning
from tqdm import tqdm

from sk_ser._containers import take_rows
from sk_ser._parallel import portable_error, run_tasks
from sk_ser._random import seeded
from sk_ser._routing import fit_with_groups

ON_ERROR = ("raise", "warn")


class FoldError(RuntimeError):
    """Folds failed; the error holds the results of the others.

    Its ``__cause__`` is the error of the first fold that failed.

    Parameters
    ----------
    message : str
        Which folds failed, and why.
    comparison : ProtocolComparison, Series, DataFrame or None
        What the function would have returned, without the folds that failed; None if all
        failed.

    Attributes
    ----------
    comparison : ProtocolComparison, Series, DataFrame or None
        The same.
    """

    def __init__(self, message, comparison=None):
        # Both go to args, so that the error survives pickling.
        super().__init__(message, comparison)
        self.comparison = comparison

    def __str__(self):
        return self.args[0]


@dataclass
class FoldResult:
    """Result of one fit.

    Parameters
    ----------
    estimator, protocol : str
        Names.
    fold : int
        From 0.
    train, test : ndarray of int
        Indices of the training and of the test clips.
    outputs : dict of str to ndarray
        By method, a row for each test clip, in their order. Empty if the fold failed.
    fit_seconds : float
        Wall time of fitting, in seconds.
    error : Exception or None
        Why the fold failed.
    details : str
        Traceback of the error, as text, because the error may come from another process.
    best_params : dict or None
        Parameters that a search chose within the fold; None if the estimator is no search.
    """

    estimator: str
    protocol: str
    fold: int
    train: np.ndarray
    test: np.ndarray
    outputs: dict = field(default_factory=dict)
    fit_seconds: float = np.nan
    error: Exception | None = None
    details: str = ""
    best_params: dict | None = None

    @property
    def place(self):
        """Columns that tables of results begin with."""
        return {"estimator": self.estimator, "protocol": self.protocol, "fold": self.fold}

    def __str__(self):
        return (
            f"estimator {self.estimator!r}, protocol {self.protocol!r}, fold {self.fold}: "
            f"{type(self.error).__name__}: {self.error}"
        )


def run_folds(estimators, protocols, clips, *, seed, n_jobs, verbose=False, methods=("predict",)):
    """Fit a clone of every estimator once on every fold of every protocol.

    Parameters
    ----------
    estimators : dict of str to estimator
        Are not changed.
    protocols : list of Protocol
        Folds.
    clips : Clips
        The clips.
    seed : int
        For every ``random_state`` of an estimator that is None.
    n_jobs : int or None
        Fits at a time, as joblib counts them.
    verbose : bool, default=False
        Whether to show a progress bar with the time that is left.
    methods : sequence of str, default=("predict",)
        Methods called on the test clips of each fit: "predict", "predict_proba" or
        "decision_function".

    Returns
    -------
    list of FoldResult
        By estimator, protocol and fold, in this order.
    """
    tasks = [
        (FoldResult(name, protocol.name, number, *fold), estimator, clips, seed, methods)
        for name, estimator in estimators.items()
        for protocol in protocols
        for number, fold in enumerate(protocol.folds)
    ]
    done = run_tasks(_run_fold, tasks, n_jobs=n_jobs)
    results = dict(tqdm(done, total=len(tasks), unit="fit", disable=not verbose))
    return [results[number] for number in range(len(tasks))]


def settle_failures(found, results, on_error):
    """Return what was found, and raise or warn if folds failed.

    Parameters
    ----------
    found : object or None
        Made from the folds that succeeded; None if there are none.
    results : list of FoldResult
        Of all folds.
    on_error : {"raise", "warn"}
        What to do about folds that failed.

    Returns
    -------
    object
        What was found.

    Raises
    ------
    FoldError
        If a fold failed and ``on_error="raise"``, or if all failed.
    """
    failed = [result for result in results if result.error is not None]
    if not failed:
        return found
    message = (
        f"{len(failed)} of {len(results)} fits failed, the first of them: {failed[0]}\n"
        f"{failed[0].details}"
    )
    if on_error == "raise" or found is None:
        raise FoldError(message, found) from failed[0].error
    # stacklevel: the caller of the public function
    warnings.warn(message, FitFailedWarning, stacklevel=3)
    return found


def _run_fold(result, estimator, clips, seed, methods):
    X, y, groups, _ = clips
    train, test = result.train, result.test
    try:
        model = seeded(clone(estimator), seed)
        start = time.perf_counter()
        part = None if groups is None else groups[train]
        fit_with_groups(model, take_rows(X, train), y[train], part)
        result.fit_seconds = time.perf_counter() - start
        # Optuna's search without a finished trial raises here: its model was not tuned.
        result.best_params = getattr(model, "best_params_", None)
        X_test = take_rows(X, test)
        result.outputs = {method: _predict(model, method, X_test, y, test) for method in methods}
    # One fold's failure, of any kind, must not lose the results of the others.
    except Exception as error:
        result.error, result.details = portable_error(error), traceback.format_exc()
    return result


def _predict(model, method, X, y, test):
    output = np.asarray(getattr(model, method)(X))
    if method == "predict":
        return _check_labels(output, y[test])
    return _align(output, model.classes_, np.unique(y), method)


def _check_labels(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError(f"predict gave shape {y_pred.shape} for {len(y_true)} test clips.")
    if pd.isna(y_pred).any():
        raise ValueError("predict gave missing labels (None or NaN).")
    given, label = y_pred.tolist(), y_true[0].item()
    if isinstance(given[0], str) != isinstance(label, str):
        raise ValueError(f"predict gave {given[0]!r}, but labels are like {label!r}.")
    return np.array(given)


def _align(output, trained, classes, method):
    """Give every class its column, also those that the fold was not trained on."""
    if output.ndim == 1 and len(classes) == 2 == len(trained):
        return output
    if output.ndim != 2 or output.shape[1] != len(trained):
        raise ValueError(
            f"{method} gave shape {output.shape} for {len(trained)} classes in the training part "
            f"and {len(classes)} in all. Use fewer folds, or an estimator that gives a column "
            "for each class (of an SVC, decision_function_shape='ovr')."
        )
    # As in scikit-learn, a class that the training part lacks has the lowest value.
    absent = 0.0 if method == "predict_proba" else np.finfo(output.dtype).min
    table = pd.DataFrame(output, columns=trained)
    return table.reindex(columns=classes, fill_value=absent).to_numpy(output.dtype)
