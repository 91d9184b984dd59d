"""Intervals over speakers, by resampling speakers and not clips.

Clips of one speaker resemble each other, so an interval that resamples clips is far too
narrow: it shows how the score would vary over other recordings of the same people, and not
over other people. Speakers are therefore drawn with replacement, each with all their clips.
"""

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from sk_ser._random import draw_seed
from sk_ser.model_selection._scores import SumScore, score

_COLUMNS = ("y_true", "y_pred", "speaker")
_OPTIONS = ("n_resamples", "confidence_level", "random_state")


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


def interval_columns(name, sums, value, settings):
    """Compute a score over all speakers, and its interval.

    Parameters
    ----------
    name : str
        Name of the score.
    sums, value
        As of :func:`speaker_interval`.
    settings : dict
        ``n_resamples``, ``confidence_level`` and ``random_state``, among others.

    Returns
    -------
    dict of str to float
        ``<name>``, ``<name>_low`` and ``<name>_high``; NaN if there are no clips.
    """
    columns = [name, f"{name}_low", f"{name}_high"]
    if not len(sums):
        return dict.fromkeys(columns, np.nan)
    options = {name: settings[name] for name in _OPTIONS}
    found = value(np.sum(sums, axis=0)), *speaker_interval(sums, value, **options)
    return dict(zip(columns, map(float, found), strict=True))


def score_speakers(rows, scores, settings):
    """Score predictions, with an interval over speakers for every score that has sums.

    Parameters
    ----------
    rows : DataFrame
        Predictions with columns ``speaker``, ``y_true`` and ``y_pred``.
    scores : dict of str to (SumScore or scorer)
        Scores.
    settings : dict
        As of :func:`interval_columns`.

    Returns
    -------
    dict of str to float
        ``<name>`` of each score, ``<name>_low`` and ``<name>_high`` of those with sums.
    """
    y_true, y_pred, speakers = (rows[name].to_numpy() for name in _COLUMNS)
    found = {}
    for name, one in scores.items():
        if isinstance(one, SumScore):
            sums = one.by_speaker(y_true, y_pred, speakers)
            found |= interval_columns(name, sums, one.value, settings)
        else:
            found[name] = score(one, y_true, y_pred)
    return found


def paired_sums(score, pair):
    """Sum over each speaker for two results, with common speakers, classes and clips.

    A protocol that tests easier speakers, or fewer classes, would make a difference of its own.

    Parameters
    ----------
    score : SumScore
        The score.
    pair : list of DataFrame
        Predictions with columns ``index``, ``speaker``, ``y_true`` and ``y_pred``.

    Returns
    -------
    ndarray of shape (n_speakers, 2, ...)
        Speakers that are not known count as one.
    """
    both = set(pair[0]["index"]) & set(pair[1]["index"])
    parts = [part[part["index"].isin(both)] for part in pair]
    joined = pd.concat(parts)
    common = {
        "names": np.unique(joined["speaker"]),
        "classes": np.union1d(joined["y_true"], joined["y_pred"]),
    }
    return np.stack(
        [score.by_speaker(*(part[name] for name in _COLUMNS), **common) for part in parts], axis=1
    )
