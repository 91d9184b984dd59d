"""Predictions for each clip by a model that was not fitted on it."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from sk_ser._random import draw_seed
from sk_ser.model_selection._check_estimators import check_one_estimator
from sk_ser.model_selection._checks import check_choice, check_clips, warn
from sk_ser.model_selection._engine import ON_ERROR, run_folds, settle_failures
from sk_ser.model_selection._protocols import draw_protocol

_METHODS = ("predict", "predict_proba", "decision_function")


def cross_predict(
    estimator: BaseEstimator,
    X: ArrayLike,
    y: ArrayLike,
    *,
    groups: ArrayLike | None,
    protocol: object = "speaker-independent",
    n_splits: int = 5,
    method: str = "predict",
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
    verbose: bool = False,
    on_error: str = "raise",
    metadata: pd.DataFrame | None = None,
) -> pd.Series | pd.DataFrame:
    """Predict each clip by a model that was not fitted on it.

    This is :func:`sklearn.model_selection.cross_val_predict` on the folds of
    :func:`~sk_ser.model_selection.compare_protocols`: the same `protocol`, `n_splits` and
    `random_state` (an int) give the same folds and the same fits.

    Parameters
    ----------
    estimator : estimator
        Classifier. Each ``random_state`` in it that is None is set from `random_state`.
    X : array-like of shape (n_clips, ...)
        Anything that scikit-learn can index: paths, ragged clips, vectors.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip. Passed on to everything in the estimator that takes groups.
    protocol : str, splitter, or other folds, default="speaker-independent"
        One protocol, as ``compare_protocols`` takes it, that tests every clip once.
    n_splits : int, default=5
        Folds of a named protocol, at least 2.
    method : {"predict", "predict_proba", "decision_function"}, default="predict"
        Method of the fitted estimator.
    random_state : int, RandomState instance or None, default=None
        Seed of the folds, and of an estimator that has none.
    n_jobs : int, default=None
        Fits at a time, as joblib counts them.
    verbose : bool, default=False
        Whether to show a progress bar with the time that is left.
    on_error : {"raise", "warn"}, default="raise"
        If a fold fails, all others are run first. Then either
        :class:`~sk_ser.model_selection.FoldError` is raised, or the predictions are returned
        with missing values for the fold's clips, and a
        :class:`~sklearn.exceptions.FitFailedWarning`.
    metadata : DataFrame or dict, default=None
        Columns that some protocols need, as for ``compare_protocols``.

    Returns
    -------
    Series of shape (n_clips,) or DataFrame of shape (n_clips, n_classes)
        Rows are the clips in their order. Labels are a Series. Probabilities and decision
        values are a DataFrame whose columns are the sorted classes. Of two classes,
        ``decision_function`` gives one column, named after the second.

    Raises
    ------
    ValueError
        If folds cannot be drawn or do not test every clip once, or if labels or speakers are
        missing.
    TypeError
        If the estimator lacks the method.
    FoldError
        If a fold failed and ``on_error="raise"``, or if all failed.

    Warns
    -----
    EvaluationWarning
        If a class is missing in the training part of a fold. Its probability is 0 there, its
        decision value the lowest number.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sk_ser.model_selection import cross_predict
    >>> emotions, speakers = ["angry", "calm", "calm", "calm"] * 6, list("abcdef") * 4
    >>> proba = cross_predict(
    ...     DummyClassifier(), [[0]] * 24, emotions, groups=speakers, method="predict_proba",
    ...     random_state=0,
    ... )
    >>> proba.shape, proba.columns.tolist(), proba.mean().round(2).tolist()
    ((24, 2), ['angry', 'calm'], [0.25, 0.75])
    """
    check_choice("on_error", on_error, ON_ERROR)
    check_choice("method", method, _METHODS)
    named = check_one_estimator(estimator, method)
    clips, seed = check_clips(X, y, groups, metadata), draw_seed(random_state)
    drawn = draw_protocol(protocol, clips, n_splits=n_splits, seed=seed)
    tested = np.sort(np.concatenate([test for _, test in drawn.folds]))
    if not np.array_equal(tested, np.arange(len(clips.y))):
        raise ValueError(
            f"cross_predict: protocol {drawn.name!r} does not test every clip exactly once. Pass "
            "folds whose test parts are a partition of the clips."
        )
    warn(drawn.faults + _lacking(drawn.folds, clips.y, method))
    results = run_folds(
        named, [drawn], clips, seed=seed, n_jobs=n_jobs, verbose=verbose, methods=(method,)
    )
    return settle_failures(_by_clip(results, clips.y, method), results, on_error)


def _lacking(folds, y, method):
    if method == "predict":
        return []
    what = "probability is 0" if method == "predict_proba" else "decision value is the lowest"
    return [
        f"cross_predict: fold {number} is trained without class {label!r}, whose {what} there. "
        "Use fewer folds, or leave the class out."
        for number, (train, _) in enumerate(folds)
        for label in np.setdiff1d(y, y[train]).tolist()
    ]


def _by_clip(results, y, method):
    """Put the outputs of all folds in the order of the clips; None if all folds failed."""
    done = [result for result in results if result.error is None]
    if not done:
        return None
    parts = [pd.DataFrame(result.outputs[method], index=result.test) for result in done]
    found = pd.concat(parts).reindex(pd.RangeIndex(len(y)))
    if method == "predict":
        return found[0].rename(None)
    return found.set_axis(np.unique(y)[-found.shape[1] :], axis=1)
