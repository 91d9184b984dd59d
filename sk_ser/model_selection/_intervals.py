"""Intervals over speakers, by resampling speakers and not clips.

Clips of one voice resemble each other, so an interval that resamples clips is
far too narrow: it says how the score would vary over other recordings of the
same people. What a reader wants to know is how it would vary over other people.
Speakers are therefore drawn with replacement, each with all its clips.
"""

import numpy as np
from scipy.stats import bootstrap


def count_by_speaker(y_true, y_pred, speakers, classes, names):
    """Confusion matrix of each speaker.

    Parameters
    ----------
    y_true, y_pred : ndarray of shape (n_clips,)
        Labels as they are and as predicted, all among `classes`.
    speakers : ndarray of shape (n_clips,)
        Who speaks, all among `names`.
    classes : ndarray of shape (n_classes,)
        Sorted labels.
    names : ndarray of shape (n_speakers,)
        Sorted speakers.

    Returns
    -------
    ndarray of shape (n_speakers, n_classes, n_classes)
        Number of clips by speaker, label, and prediction.
    """
    counts = np.zeros((len(names), len(classes), len(classes)), dtype=np.int64)
    where = [
        np.searchsorted(known, values)
        for known, values in ((names, speakers), (classes, y_true), (classes, y_pred))
    ]
    np.add.at(counts, tuple(where), 1)
    return counts


def _uar(counts):
    support, hits = counts.sum(-1), np.diagonal(counts, axis1=-2, axis2=-1)
    return _mean_ratio(hits, support, present=support > 0)


def _recall_macro(counts):
    support, hits = counts.sum(-1), np.diagonal(counts, axis1=-2, axis2=-1)
    return _mean_ratio(hits, support, present=support + counts.sum(-2) > 0)


def _accuracy(counts):
    return np.trace(counts, axis1=-2, axis2=-1) / counts.sum((-2, -1))


def _f1_macro(counts):
    both = counts.sum(-1) + counts.sum(-2)
    return _mean_ratio(2 * np.diagonal(counts, axis1=-2, axis2=-1), both, present=both > 0)


def _mean_ratio(above, below, *, present):
    """Mean of above / below over the classes present, 0 / 0 counting as 0."""
    ratios = np.divide(above, below, out=np.zeros(above.shape), where=below > 0)
    return ratios.sum(-1) / present.sum(-1)


#: Scores that a confusion matrix holds, vectorised over leading axes. The same
#: as scikit-learn's of that name, which tests hold them to; others get no interval.
COUNT_SCORES = {
    "uar": _uar,
    "balanced_accuracy": _uar,
    "recall_macro": _recall_macro,
    "accuracy": _accuracy,
    "f1_macro": _f1_macro,
}


def speaker_interval(counts, statistic, *, n_bootstrap, confidence_level, seed):
    """Percentile bootstrap interval of a statistic over speakers.

    Parameters
    ----------
    counts : ndarray of shape (n_speakers, ..., n_classes, n_classes)
        Each speaker's clips by label and prediction. What shares a call shares
        the speakers drawn, so a difference of two protocols is paired. A class
        that no speaker drawn has does not enter that draw's mean.
    statistic : callable
        From counts of shape (n_bootstrap, ..., n_classes, n_classes), summed
        over the speakers drawn, to values of shape (..., n_bootstrap).
    n_bootstrap : int
        Draws.
    confidence_level : float
        Between 0 and 1.
    seed : int
        Of the draws: the same seed and number of speakers draw the same.

    Returns
    -------
    low, high : float or ndarray of shape (...)
        NaN with fewer than two speakers, between whom nothing can vary.

    References
    ----------
    .. [1] B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap,
       Chapman & Hall, 1993, ch. 13.
    .. [2] C. A. Field, A. H. Welsh, "Bootstrapping clustered data", Journal of
       the Royal Statistical Society B 69(3), 2007, pp. 369-390.
    """
    n_speakers = len(counts)
    if n_speakers < 2:
        nothing = np.full_like(statistic(counts), np.nan)[..., 0]
        return nothing, nothing
    # As floats, which are exact here, the product below is one call to BLAS.
    flat = counts.reshape(n_speakers, -1).astype(float)

    def of_draws(drawn, axis):
        # How often each speaker was drawn; then one product sums their counts.
        n_draws = len(drawn)
        cells = drawn + n_speakers * np.arange(n_draws)[:, np.newaxis]
        times = np.bincount(cells.ravel(), minlength=n_draws * n_speakers)
        summed = times.reshape(n_draws, n_speakers) @ flat
        return statistic(summed.reshape(n_draws, *counts.shape[1:]))

    interval = bootstrap(
        (np.arange(n_speakers),),
        of_draws,
        vectorized=True,
        n_resamples=n_bootstrap,
        confidence_level=confidence_level,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return interval.low, interval.high
