"""Calibration of the probabilities of several classes."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sk_ser._random import draw_seed
from sk_ser.model_selection._checks import check_choice, check_whole_number

_STRATEGIES = ("uniform", "quantile")


def reliability_curve(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    classes: ArrayLike | None = None,
    n_bins: int = 15,
    strategy: str = "uniform",
    classwise: bool = False,
) -> pd.DataFrame:
    """Compute how often predictions of similar confidence are right.

    The confidence of a prediction is the largest probability of its row, and the prediction is
    right if that class is the label. Predictions are grouped into bins of confidence; in each
    bin, a calibrated model is right as often as it is confident on average.

    Parameters
    ----------
    y_true : array-like of shape (n_clips,)
        Labels.
    y_proba : DataFrame or array-like of shape (n_clips, n_classes)
        Probabilities, each row summing to 1, of clips that the model was **not** fitted
        on, as :func:`~sk_ser.model_selection.cross_predict` returns them.
    classes : array-like of shape (n_classes,), default=None
        Class of each column, as in ``classes_``. By default the columns of a DataFrame,
        otherwise the sorted labels.
    n_bins : int, default=15
        Number of bins; 15 as in Guo et al. [2]_.
    strategy : {"uniform", "quantile"}, default="uniform"
        Bins of equal width, ``(0, 1/M], ..., ((M-1)/M, 1]``, or with about equally many
        clips.
    classwise : bool, default=False
        Whether to return a curve for each class: its probability in every clip, and how often
        it is the label.

    Returns
    -------
    DataFrame
        A row for each bin that is not empty: ``low``, ``high``, edges of the bin, of which the
        upper one belongs to it; ``n_clips``; ``confidence``, mean in the bin; ``accuracy``,
        share that is right. With `classwise`, ``class`` first.

    Raises
    ------
    ValueError
        If shapes differ, a label has no column, rows are not probabilities, or an option
        is out of range.

    References
    ----------
    .. [1] M. H. DeGroot, S. E. Fienberg, "The Comparison and Evaluation of Forecasters",
       The Statistician 32, 1983, pp. 12-22.
    .. [2] C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On Calibration of Modern Neural
       Networks", Proc. ICML, 2017, pp. 1321-1330.

    Examples
    --------
    A model that is always 90 % confident, and right in 3 clips of 4:

    >>> from sk_ser.model_selection import reliability_curve
    >>> proba = [[0.9, 0.1]] * 4
    >>> reliability_curve(["angry", "angry", "angry", "calm"], proba, n_bins=5)
       low  high  n_clips  confidence  accuracy
    0  0.8   1.0        4         0.9      0.75
    """
    codes, proba, classes = check_proba(y_true, y_proba, classes)
    check_whole_number("n_bins", n_bins, 1)
    check_choice("strategy", strategy, _STRATEGIES)
    if not classwise:
        return _curve(proba.max(axis=1), proba.argmax(axis=1) == codes, n_bins, strategy)
    curves = {
        name: _curve(proba[:, number], codes == number, n_bins, strategy)
        for number, name in enumerate(classes.tolist())
    }
    return pd.concat(curves, names=["class"]).reset_index("class").reset_index(drop=True)


def expected_calibration_error(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    classes: ArrayLike | None = None,
    n_bins: int = 15,
    strategy: str = "uniform",
    classwise: bool = False,
) -> float:
    """Measure the difference of confidence and accuracy: expected calibration error (ECE).

    ``ECE = sum_m n_m / n * |accuracy_m - confidence_m|`` over the bins of
    :func:`~sk_ser.model_selection.reliability_curve`: proposed by Naeini et al. [1]_, in the
    form of Guo et al. [2]_, eq. 3, for the most probable class. Classwise ECE [3]_ is the
    mean over classes of the same, for each class's probability and how often it occurs.

    It is never below 0, so chance makes it larger: on a few hundred clips, a perfectly
    calibrated model has an ECE of some percentage points. Compare only values of equally many
    clips and bins.

    Parameters
    ----------
    y_true : array-like of shape (n_clips,)
        Labels.
    y_proba : DataFrame or array-like of shape (n_clips, n_classes)
        Probabilities of clips that the model was not fitted on.
    classes : array-like of shape (n_classes,), default=None
        Class of each column. By default the columns of a DataFrame, otherwise the sorted
        labels.
    n_bins : int, default=15
        Number of bins.
    strategy : {"uniform", "quantile"}, default="uniform"
        Bins of equal width, or with about equally many clips.
    classwise : bool, default=False
        Whether to take the mean over all classes, instead of the most probable class.

    Returns
    -------
    float
        From 0, calibrated, to 1.

    Raises
    ------
    ValueError
        As :func:`~sk_ser.model_selection.reliability_curve`.

    References
    ----------
    .. [1] M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining Well Calibrated
       Probabilities Using Bayesian Binning", Proc. AAAI, 2015, pp. 2901-2907.
    .. [2] C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On Calibration of Modern Neural
       Networks", Proc. ICML, 2017, pp. 1321-1330.
    .. [3] M. Kull et al., "Beyond temperature scaling: Obtaining well-calibrated multiclass
       probabilities with Dirichlet calibration", Proc. NeurIPS, 2019.

    Examples
    --------
    A model that is always 90 % confident, and right in 3 clips of 4:

    >>> from sk_ser.model_selection import expected_calibration_error
    >>> proba = [[0.9, 0.1]] * 4
    >>> round(expected_calibration_error(["angry", "angry", "angry", "calm"], proba), 3)
    0.15
    """
    options = {"n_bins": n_bins, "strategy": strategy, "classwise": classwise}
    curve = reliability_curve(y_true, y_proba, classes=classes, **options)
    error = curve["n_clips"] * (curve["accuracy"] - curve["confidence"]).abs()
    # Classwise, every clip counts once in each class: one division gives the mean over both.
    return float(error.sum() / curve["n_clips"].sum())


def calibration_error_floor(
    y_proba: ArrayLike,
    *,
    n_bins: int = 15,
    strategy: str = "uniform",
    n_draws: int = 200,
    random_state: int | np.random.RandomState | None = 0,
) -> float:
    """Simulate the ECE of a perfectly calibrated model with these probabilities.

    Labels are drawn from the probabilities, which makes the model calibrated, and the ECE is
    measured. The ECE of a model says something about its calibration only as far as it exceeds
    this value.

    Parameters
    ----------
    y_proba : DataFrame or array-like of shape (n_clips, n_classes)
        Probabilities.
    n_bins, strategy
        As of :func:`~sk_ser.model_selection.expected_calibration_error`.
    n_draws : int, default=200
        Draws of all labels.
    random_state : int, RandomState instance or None, default=0
        Seed of the draws.

    Returns
    -------
    float
        Mean ECE over the draws.

    Raises
    ------
    ValueError
        If rows are not probabilities.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.model_selection import calibration_error_floor
    >>> proba = np.random.default_rng(0).dirichlet(np.ones(4), size=300)
    >>> round(calibration_error_floor(proba), 3)
    0.063
    """
    proba = np.asarray(y_proba, dtype=float)
    classes = np.arange(proba.shape[1])
    _, proba, _ = check_proba(np.zeros(len(proba)), proba, classes)
    rng = np.random.default_rng(draw_seed(random_state))
    confidence, best = proba.max(axis=1), proba.argmax(axis=1)
    draws = rng.random((n_draws, len(proba), 1))
    drawn = (draws > proba.cumsum(axis=1)).sum(axis=2)
    errors = []
    for labels in drawn:
        curve = _curve(confidence, labels == best, n_bins, strategy)
        gaps = curve["n_clips"] * (curve["accuracy"] - curve["confidence"]).abs()
        errors.append(gaps.sum() / len(proba))
    return float(np.mean(errors))


def calibration_scores(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    classes: ArrayLike | None = None,
    n_bins: int = 15,
    strategy: str = "uniform",
) -> dict[str, float]:
    """Score probabilities: accuracy, confidence, two calibration errors, and Brier score.

    Parameters
    ----------
    y_true : array-like of shape (n_clips,)
        Labels.
    y_proba : DataFrame or array-like of shape (n_clips, n_classes)
        Probabilities of clips that the model was not fitted on.
    classes : array-like of shape (n_classes,), default=None
        Class of each column. By default the columns of a DataFrame, otherwise the sorted
        labels.
    n_bins : int, default=15
        Number of bins of both calibration errors.
    strategy : {"uniform", "quantile"}, default="uniform"
        Bins of equal width, or with about equally many clips.

    Returns
    -------
    dict of str to float
        ``accuracy``; ``confidence``, the mean confidence, which exceeds the accuracy of an
        overconfident model; ``ece`` and ``classwise_ece`` (see
        :func:`~sk_ser.model_selection.expected_calibration_error`); ``ece_floor`` (see
        :func:`~sk_ser.model_selection.calibration_error_floor`); ``brier``, the mean
        squared distance ``sum_k (p_k - [y = k])**2`` of Brier [1]_, from 0, best, to 2:
        the sum over classes of :func:`sklearn.metrics.brier_score_loss`.

    Raises
    ------
    ValueError
        As :func:`~sk_ser.model_selection.reliability_curve`.

    References
    ----------
    .. [1] G. W. Brier, "Verification of forecasts expressed in terms of probability",
       Monthly Weather Review 78, 1950, pp. 1-3.

    Examples
    --------
    >>> from sk_ser.model_selection import calibration_scores
    >>> found = calibration_scores(["angry", "angry", "angry", "calm"], [[0.9, 0.1]] * 4)
    >>> {name: round(found[name], 3) for name in ("accuracy", "confidence", "ece", "brier")}
    {'accuracy': 0.75, 'confidence': 0.9, 'ece': 0.15, 'brier': 0.42}
    """
    codes, proba, classes = check_proba(y_true, y_proba, classes)
    options = {"classes": np.arange(len(classes)), "n_bins": n_bins, "strategy": strategy}
    return {
        "accuracy": float((proba.argmax(axis=1) == codes).mean()),
        "confidence": float(proba.max(axis=1).mean()),
        "ece": expected_calibration_error(codes, proba, **options),
        "ece_floor": calibration_error_floor(proba, n_bins=n_bins, strategy=strategy),
        "classwise_ece": expected_calibration_error(codes, proba, classwise=True, **options),
        "brier": float(((proba - np.eye(len(classes))[codes]) ** 2).sum(axis=1).mean()),
    }


def check_proba(y_true, y_proba, classes, name="y_proba"):
    """Check labels and probabilities, and find the column of each label.

    Parameters
    ----------
    y_true : array-like of shape (n_clips,)
        Labels.
    y_proba : DataFrame or array-like of shape (n_clips, n_classes)
        Probabilities.
    classes : array-like of shape (n_classes,) or None
        Class of each column.
    name : str, default="y_proba"
        Name of the probabilities in errors.

    Returns
    -------
    codes : ndarray of shape (n_clips,)
        Column of each label.
    proba : ndarray of shape (n_clips, n_classes)
        Rows sum to 1 exactly.
    classes : ndarray of shape (n_classes,)
        Class of each column.

    Raises
    ------
    ValueError
        If shapes differ, a label has no column, or rows are not probabilities.
    """
    y_true = np.asarray(y_true)
    if classes is None:
        classes = y_proba.columns if isinstance(y_proba, pd.DataFrame) else np.unique(y_true)
    classes, proba = np.asarray(classes), np.asarray(y_proba, dtype=float)
    if proba.shape != (len(y_true), len(classes)) or not len(proba):
        raise ValueError(
            f"{name}: its shape is {proba.shape} for {len(y_true)} labels and {len(classes)} "
            "classes. Pass a row of probabilities for each clip, and the model's classes_ as "
            "classes."
        )
    codes = pd.Index(classes).get_indexer(y_true)
    if (codes < 0).any():
        raise ValueError(
            f"y_true holds {y_true[codes < 0][0].item()!r}, which is not among classes "
            f"{classes.tolist()}. Leave such clips out, or fit a model on the class, too."
        )
    wrong = ~((proba >= 0).all(axis=1) & (np.abs(proba.sum(axis=1) - 1) < 1e-3))
    if wrong.any():
        raise ValueError(
            f"{name}: row {np.flatnonzero(wrong)[0]} does not hold probabilities, which are at "
            "least 0 and sum to 1. Pass what predict_proba returns."
        )
    return codes, proba / proba.sum(axis=1, keepdims=True), classes


def _curve(confidence, right, n_bins, strategy):
    parts = np.linspace(0, 1, n_bins + 1)
    edges = parts if strategy == "uniform" else np.unique(np.quantile(confidence, parts))
    # side="left" puts a value that is an edge into the bin below, as in Guo et al.
    where = np.searchsorted(edges[1:-1], confidence, side="left")
    rows = pd.DataFrame({"confidence": confidence, "accuracy": right}).groupby(where)
    curve = rows.mean()
    curve.insert(0, "low", edges[curve.index])
    # If all clips are equally confident, one quantile is both edges.
    curve.insert(1, "high", edges[np.minimum(curve.index + 1, len(edges) - 1)])
    curve.insert(2, "n_clips", rows.size())
    return curve.reset_index(drop=True)
