"""Fit and predict fold by fold, and keep what succeeds when something fails."""

import inspect
import pickle
import time
import traceback
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn import config_context, get_config
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    get_routing_for_object,
    process_routing,
)
from tqdm import tqdm

from sk_ser._containers import take_rows
from sk_ser._parallel import run_tasks


@dataclass
class FoldResult:
    """What one fit came to.

    Parameters
    ----------
    estimator, protocol : str
        Names.
    fold : int
        From 0.
    y_pred : ndarray of shape (n_test,) or None
        Predictions in the order of the test clips; None if it failed.
    fit_seconds : float
        Wall time of fitting, in seconds.
    error : Exception or None
        What made it fail.
    details : str
        Traceback of the error, as text, for it may come from another process.
    best_params : dict or None
        What a search chose within the fold; None if the estimator is no search.
    """

    estimator: str
    protocol: str
    fold: int
    y_pred: np.ndarray | None = None
    fit_seconds: float = np.nan
    error: Exception | None = None
    details: str = ""
    best_params: dict | None = None

    def __str__(self):
        return (
            f"estimator {self.estimator!r}, protocol {self.protocol!r}, fold {self.fold}: "
            f"{type(self.error).__name__}: {self.error}"
        )


def run_folds(estimators, protocols, X, y, groups, *, seed, n_jobs, verbose):
    """Fit a clone of every estimator on every fold of every protocol.

    Parameters
    ----------
    estimators : dict of str to estimator
        Left as they are.
    protocols : list of Protocol
        Folds.
    X : array-like of shape (n_clips, ...)
        Clips.
    y : ndarray of shape (n_clips,)
        Labels.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    seed : int
        For every ``random_state`` that an estimator leaves at None.
    n_jobs : int or None
        Processes, as joblib takes it.
    verbose : bool
        Whether to show how much is done and how long the rest will take.

    Returns
    -------
    list of FoldResult
        Estimator by estimator, protocol by protocol, fold by fold, whichever
        was done first.
    """
    tasks = [
        (FoldResult(name, protocol.name, number), estimator, X, y, groups, fold, seed)
        for name, estimator in estimators.items()
        for protocol in protocols
        for number, fold in enumerate(protocol.folds)
    ]
    done = run_tasks(_run_fold, tasks, n_jobs=n_jobs)
    results = [
        result for _, result in tqdm(done, total=len(tasks), unit="fit", disable=not verbose)
    ]
    models, names = list(estimators), [protocol.name for protocol in protocols]
    return sorted(
        results, key=lambda r: (models.index(r.estimator), names.index(r.protocol), r.fold)
    )


def _run_fold(result, estimator, X, y, groups, fold, seed):
    train, test = fold
    try:
        model = seeded(clone(estimator), seed)
        start = time.perf_counter()
        part = None if groups is None else groups[train]
        fit_with_speakers(model, take_rows(X, train), y[train], part)
        result.fit_seconds = time.perf_counter() - start
        # A study without a finished trial raises here: its model would be an untuned one.
        result.best_params = getattr(model, "best_params_", None)
        result.y_pred = _check_predictions(model.predict(take_rows(X, test)), y[test])
    # One fold's fault, whatever it is, must not cost the others their results.
    except Exception as error:
        result.error, result.details = _portable(error), traceback.format_exc()
    return result


def _check_predictions(y_pred, y_true):
    y_pred = np.asarray(y_pred)
    if y_pred.shape != y_true.shape:
        raise ValueError(f"predict gave shape {y_pred.shape} for {len(y_true)} test clips.")
    if pd.isna(y_pred).any():
        raise ValueError("predict gave missing labels (None or NaN).")
    given, label = y_pred.tolist(), y_true[0].item()
    if isinstance(given[0], str) != isinstance(label, str):
        raise ValueError(f"predict gave {given[0]!r} where labels are like {label!r}.")
    return np.array(given)


def seeded(estimator, seed):
    """Fix what the estimator leaves to chance: parallel runs share no generator."""
    unset = [
        name
        for name, value in estimator.get_params(deep=True).items()
        if name.rpartition("__")[2] == "random_state" and value is None
    ]
    return estimator.set_params(**dict.fromkeys(unset, seed))


def fit_with_speakers(estimator, X, y, groups):
    """Fit, and hand speakers to whatever asks for them.

    Parameters
    ----------
    estimator : estimator
        Is fitted.
    X : array-like of shape (n_train, ...)
        Clips.
    y : ndarray of shape (n_train,)
        Labels.
    groups : ndarray of shape (n_train,) or None
        Speakers.

    Returns
    -------
    estimator
        The same.
    """
    if groups is None:
        return estimator.fit(X, y)
    with routing_for(estimator):
        return estimator.fit(X, y, **fit_params(estimator, groups))


@contextmanager
def routing_for(estimator):
    """Route metadata, or not, as it takes for speakers to reach all that asks for them.

    Parameters
    ----------
    estimator : estimator
        To be fitted within; a clone, for it may be told to ask for speakers.
    """
    parts = [estimator, *estimator.get_params(deep=True).values()]
    wanted = get_config()["enable_metadata_routing"]
    # OptunaSearchCV hands its groups to cross_validate, which refuses them where metadata are
    # routed. It takes that for a bad trial, and ends with a model that nothing was tuned of.
    possible = not any(type(part).__name__ == "OptunaSearchCV" for part in parts)
    needed = any(map(_calibrates_by_speaker, parts))
    with config_context(enable_metadata_routing=possible and (wanted or needed)):
        if possible and needed and not wanted:
            _ask_for_speakers(parts)
        yield


def _ask_for_speakers(parts):
    """Have all that can use speakers ask for them, as it would get them without routing."""
    for part in parts:
        fit = getattr(part, "fit", None)
        if fit is not None and "groups" in inspect.signature(fit).parameters:
            part.set_fit_request(groups=True)


def _calibrates_by_speaker(part):
    """Tell a CalibratedClassifierCV over folds of speakers, which only routing tells of these."""
    if not isinstance(part, CalibratedClassifierCV) or not hasattr(part.cv, "split"):
        return False
    return get_routing_for_object(part.cv).consumes("split", ["groups"]) != set()


def fit_params(estimator, groups):
    """Keyword arguments that hand speakers to whatever in `estimator` asks for them.

    So a grid search over :class:`~sklearn.model_selection.StratifiedGroupKFold`
    is tuned on training speakers only, on its own or as a pipeline's step, with
    metadata routing or without.

    Parameters
    ----------
    estimator : estimator
        To be fitted.
    groups : ndarray of shape (n_train,)
        Speaker of each training clip.

    Returns
    -------
    dict of str to ndarray
        Empty if nothing asks for speakers.

    Raises
    ------
    UnsetMetadataPassedError
        With metadata routing, if something takes groups and was not told whether to ask
        for them.
    """
    if "groups" in inspect.signature(estimator.fit).parameters:
        return {"groups": groups}
    if isinstance(estimator, Pipeline) and not get_config()["enable_metadata_routing"]:
        # Without routing, a pipeline addresses its steps by prefix.
        return {
            f"{step}__{name}": value
            for step, inner in estimator.steps
            if hasattr(inner, "fit")
            for name, value in fit_params(inner, groups).items()
        }
    router = get_routing_for_object(estimator)
    if router.consumes("fit", ["groups"]):
        return {"groups": groups}
    if get_config()["enable_metadata_routing"] and isinstance(router, MetadataRouter):
        _refuse_unset(estimator, groups)
    return {}


def _refuse_unset(estimator, groups):
    """Raise where speakers would silently be kept from something that has a use for them."""
    # A TypeError says that nothing takes them, which is fine.
    with suppress(TypeError):
        process_routing(estimator, "fit", groups=groups)


def _portable(error):
    """Return the error, or its text where it would not survive leaving a process."""
    try:
        pickle.loads(pickle.dumps(error))
    # Pickling runs the error's own code, which may raise anything.
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
