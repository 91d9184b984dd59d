"""Intervals over speakers, from scores without each speaker in turn.

Clips of one speaker resemble each other, so an interval over clips is far too narrow: it shows how
the score would vary over other recordings of the same people, and not over other people. A
bootstrap of speakers is too narrow as well, since few speakers vary less than the population:
95 % intervals contain the score in 81 % of samples of 4 speakers, and 91 % of 10
(``benchmarks/interval_coverage.py``).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import t

from sk_ser.model_selection._scores import SumScore, score

_COLUMNS = ("y_true", "y_pred", "speaker")


def speaker_interval(
    sums: ArrayLike,
    value: Callable,
    *,
    confidence_level: float = 0.95,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> tuple:
    r"""Jackknife interval of a score over speakers [1]_ [2]_.

    With :math:`\hat\theta_{-i}` the score without speaker i, and :math:`\bar\theta` their mean, the
    interval is

    .. math:: \hat\theta \pm t_{n-1} \sqrt{\frac{n-1}{n} \sum_i
        (\hat\theta_{-i} - \bar\theta)^2},

    where :math:`t_{n-1}` is a quantile of Student's distribution.

    Parameters
    ----------
    sums : ndarray of shape (n_speakers, ...)
        What each speaker's clips add up to, as of
        :meth:`SumScore.by_speaker <sk_ser.model_selection.SumScore.by_speaker>`. Scores that
        share a call leave out the same speakers, so a difference of two of them is paired.
    value : callable
        From sums of shape (n, ...), added up over speakers, to values of shape (..., n).
    confidence_level : float, default=0.95
        Between 0 and 1.
    bounds : (float, float), default=(-inf, inf)
        Least and largest possible score; the interval ends there.

    Returns
    -------
    low, high : float or ndarray of shape (...)
        NaN with fewer than two speakers, since nothing can vary then.

    Notes
    -----
    The assumption is that speakers are drawn independently, and that the score is about linear in
    their sums. With 2 or 3 speakers the interval mostly shows how little is known. Without any
    difference between speakers it has no length.

    References
    ----------
    .. [1] B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap,
       Chapman & Hall, 1993, ch. 11.
    .. [2] R. M. Bell, D. F. McCaffrey, "Bias reduction in standard errors for linear regression
       with multi-stage samples", Survey Methodology 28(2), 2002, pp. 169-181.

    Examples
    --------
    Of 10 clips each, three speakers have 9, 7 and 2 right:

    >>> import numpy as np
    >>> from sk_ser.model_selection import speaker_interval
    >>> sums = np.array([[9, 10], [7, 10], [2, 10]])
    >>> low, high = speaker_interval(sums, lambda s: s[..., 0] / s[..., 1], bounds=(0, 1))
    >>> round(float(low), 2), round(float(high), 2)
    (0.0, 1.0)
    """
    sums = np.asarray(sums, dtype=float)
    n_speakers, total = len(sums), np.sum(sums, axis=0)
    whole = value(total[np.newaxis])[..., 0]
    if n_speakers < 2:
        nothing = np.full_like(whole, np.nan)[()]
        return nothing, nothing
    without = value(total - sums)
    spread = np.square(without - without.mean(axis=-1, keepdims=True)).sum(axis=-1)
    error = np.sqrt((n_speakers - 1) / n_speakers * spread)
    reach = t.ppf((1 + confidence_level) / 2, n_speakers - 1) * error
    return np.clip(whole - reach, *bounds), np.clip(whole + reach, *bounds)


def interval_columns(name, sums, value, confidence_level, bounds):
    """Compute a score over all speakers, and its interval.

    Parameters
    ----------
    name : str
        Name of the score.
    sums, value
        As of :func:`speaker_interval`.
    confidence_level, bounds
        As of :func:`speaker_interval`.

    Returns
    -------
    dict of str to float
        ``<name>``, ``<name>_low`` and ``<name>_high``; NaN if there are no clips.
    """
    columns = [name, f"{name}_low", f"{name}_high"]
    if not len(sums):
        return dict.fromkeys(columns, np.nan)
    ends = speaker_interval(sums, value, confidence_level=confidence_level, bounds=bounds)
    found = value(np.sum(sums, axis=0)), *ends
    return dict(zip(columns, map(float, found), strict=True))


def score_speakers(rows, scores, confidence_level):
    """Score predictions, with an interval over speakers for every score that has sums.

    Parameters
    ----------
    rows : DataFrame
        Predictions with columns ``speaker``, ``y_true`` and ``y_pred``.
    scores : dict of str to (SumScore or scorer)
        Scores.
    confidence_level : float
        Of the intervals.

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
            found |= interval_columns(name, sums, one.value, confidence_level, one.bounds)
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
