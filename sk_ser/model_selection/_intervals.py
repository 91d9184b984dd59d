"""Intervals over speakers, by resampling speakers and not clips.

Clips of one speaker resemble each other, so an interval that resamples clips is far too
narrow: it shows how the score would vary over other recordings of the same people, and not
over other people. Speakers are therefore drawn with replacement, each with all their clips.
"""

import numpy as np
from scipy.stats import bootstrap

from sk_ser._random import draw_seed


def speaker_interval(
    sums, value, *, n_resamples: int = 9_999, confidence_level: float = 0.95, random_state=None
):
    """Percentile bootstrap interval of a score over speakers [1]_ [2]_.

    Parameters
    ----------
    sums : ndarray of shape (n_speakers, ...)
        What each speaker's clips add up to, as of
        :meth:`SumScore.by_speaker <sk_ser.model_selection.SumScore.by_speaker>`. Scores that
        share a call share the speakers drawn, so a difference of two of them is paired.
    value : callable
        From sums of shape (n_resamples, ...), added up over the speakers drawn, to values of
        shape (..., n_resamples).
    n_resamples : int, default=9999
        Draws of speakers.
    confidence_level : float, default=0.95
        Between 0 and 1.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws: the same int and number of speakers draw the same.

    Returns
    -------
    low, high : float or ndarray of shape (...)
        NaN with fewer than two speakers, since nothing can vary then. A class that no speaker
        drawn has does not enter that draw's score.

    References
    ----------
    .. [1] B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap,
       Chapman & Hall, 1993, ch. 13.
    .. [2] C. A. Field, A. H. Welsh, "Bootstrapping clustered data", Journal of
       the Royal Statistical Society B 69(3), 2007, pp. 369-390.

    Examples
    --------
    Of 10 clips each, three speakers have 9, 7 and 2 right:

    >>> import numpy as np
    >>> from sk_ser.model_selection import speaker_interval
    >>> sums = np.array([[9, 10], [7, 10], [2, 10]])
    >>> low, high = speaker_interval(sums, lambda s: s[..., 0] / s[..., 1], random_state=0)
    >>> round(float(low), 2), round(float(high), 2)
    (0.2, 0.9)
    """
    sums = np.asarray(sums)
    n_speakers = len(sums)
    if n_speakers < 2:
        nothing = np.full_like(value(sums), np.nan)[..., 0][()]
        return nothing, nothing
    # As floats, in which counts are exact, the product below is one call to BLAS.
    flat = sums.reshape(n_speakers, -1).astype(float)

    def of_draws(drawn, axis):
        # How often each speaker was drawn; then one product adds up their sums.
        n_draws = len(drawn)
        cells = drawn + n_speakers * np.arange(n_draws)[:, np.newaxis]
        times = np.bincount(cells.ravel(), minlength=n_draws * n_speakers)
        total = times.reshape(n_draws, n_speakers) @ flat
        return value(total.reshape(n_draws, *sums.shape[1:]))

    interval = bootstrap(
        (np.arange(n_speakers),),
        of_draws,
        vectorized=True,
        n_resamples=n_resamples,
        confidence_level=confidence_level,
        method="percentile",
        rng=np.random.default_rng(draw_seed(random_state)),
    ).confidence_interval
    return interval.low, interval.high


def paired_sums(score, parts, classes=None):
    """Sum over each speaker for several parts of a result, with common speakers and classes.

    Parameters
    ----------
    score : SumScore
        The score.
    parts : list of DataFrame
        Predictions with columns ``speaker``, ``y_true`` and ``y_pred``.
    classes : ndarray of shape (n_classes,), default=None
        Sorted labels. By default those of the parts.

    Returns
    -------
    ndarray of shape (n_speakers, n_parts, ...)
    """
    columns = ("y_true", "y_pred", "speaker")
    arrays = [[part[name].to_numpy() for name in columns] for part in parts]
    names = np.unique(np.concatenate([speakers for *_, speakers in arrays]))
    if classes is None:
        classes = np.unique(np.concatenate([y for *pair, _ in arrays for y in pair]))
    return np.stack(
        [score.by_speaker(*part, names=names, classes=classes) for part in arrays], axis=1
    )
