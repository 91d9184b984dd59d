"""Whether a model that says 80 % is right in 80 of 100 cases."""

from numbers import Integral

import numpy as np
import pandas as pd


def reliability_table(y_true, proba, *, classes, n_bins=10):
    """Compare how sure predictions are with how often they are right.

    Parameters
    ----------
    y_true : array-like of shape (n_clips,)
        Labels.
    proba : array-like of shape (n_clips, n_classes)
        Probabilities, such as those of ``cross_val_predict(method="predict_proba")``.
    classes : array-like of shape (n_classes,)
        Labels in the order of the columns, as a classifier's `classes_`.
    n_bins : int, default=10
        Bins of equal width that the confidence, the largest probability of a clip, falls
        into: (0, 1 / n_bins], ...

    Returns
    -------
    DataFrame of shape (n_bins, 5)
        A row a bin: ``low``, ``high``; mean ``confidence`` and ``accuracy`` of its clips, NaN where
        there are none; ``n_clips``.

    Raises
    ------
    ValueError
        If shapes do not fit, or probabilities are none.

    Examples
    --------
    >>> from sk_ser.model_selection import reliability_table
    >>> proba = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]]
    >>> table = reliability_table(["a", "b", "b"], proba, classes=["a", "b"], n_bins=2)
    >>> table.iloc[1].round(2).to_dict()
    {'low': 0.5, 'high': 1.0, 'confidence': 0.8, 'accuracy': 0.67, 'n_clips': 3.0}
    """
    confidence, right = _check(y_true, proba, classes, n_bins)
    edges = np.linspace(0, 1, n_bins + 1)
    where = np.clip(np.ceil(confidence * n_bins - 1e-9).astype(int) - 1, 0, n_bins - 1)
    n_clips = np.bincount(where, minlength=n_bins)
    with np.errstate(invalid="ignore"):
        means = [
            np.bincount(where, values, minlength=n_bins) / n_clips for values in (confidence, right)
        ]
    return pd.DataFrame(
        {
            "low": edges[:-1],
            "high": edges[1:],
            "confidence": means[0],
            "accuracy": means[1],
            "n_clips": n_clips,
        }
    )


def calibration_error(y_true, proba, *, classes, n_bins=10):
    r"""Compute the expected calibration error (ECE).

    .. math:: \sum_b \frac{n_b}{n} |\mathrm{acc}(b) - \mathrm{conf}(b)|

    over bins b of the confidence ([1]_; [2]_, equation 3).

    Parameters
    ----------
    y_true : array-like of shape (n_clips,)
        Labels.
    proba : array-like of shape (n_clips, n_classes)
        Probabilities.
    classes : array-like of shape (n_classes,)
        Labels in the order of the columns.
    n_bins : int, default=10
        Bins of equal width.

    Returns
    -------
    float
        From 0, where confidence is the share of right answers, to 1.

    Raises
    ------
    ValueError
        If shapes do not fit, or probabilities are none.

    Notes
    -----
    On few clips it is too large: even a model that is calibrated has bins that are not.

    References
    ----------
    .. [1] M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities
       using Bayesian binning", AAAI 2015.
    .. [2] C. Guo et al., "On calibration of modern neural networks", ICML 2017.

    Examples
    --------
    >>> from sk_ser.model_selection import calibration_error
    >>> proba = [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]]
    >>> round(calibration_error(["a", "b", "b"], proba, classes=["a", "b"], n_bins=2), 3)
    0.133
    """
    table = reliability_table(y_true, proba, classes=classes, n_bins=n_bins)
    error = (table["accuracy"] - table["confidence"]).abs().fillna(0.0)
    return float(np.average(error, weights=table["n_clips"]))


def _check(y_true, proba, classes, n_bins):
    y_true, proba, classes = np.asarray(y_true), np.asarray(proba, float), np.asarray(classes)
    if not isinstance(n_bins, Integral) or n_bins < 1:
        raise ValueError(f"n_bins={n_bins!r} must be a whole number from 1.")
    if proba.shape != (len(y_true), len(classes)) or not len(y_true):
        raise ValueError(
            f"proba has the shape {proba.shape}; for {len(y_true)} labels and {len(classes)} "
            f"classes it must be ({len(y_true)}, {len(classes)}), with one clip at least."
        )
    sums = proba.sum(axis=1)
    if not np.all(proba >= 0) or not np.allclose(sums, 1, atol=1e-3):
        raise ValueError(
            "proba: its rows are no probabilities, which are 0 or more and sum to 1. Pass what "
            "predict_proba returned."
        )
    return proba.max(axis=1), (classes[proba.argmax(axis=1)] == y_true).astype(float)
