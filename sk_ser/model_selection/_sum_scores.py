"""Scores as sums: what each clip adds, and the score of what was added up.

An interval over speakers, a paired gap and a permutation test all score the same clips again
and again, each time with other speakers. A score that is a function of sums over clips is
summed once for each speaker; after that every draw of speakers is one matrix product.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class SumScore:
    """A score that is a function of sums over clips.

    Parameters
    ----------
    name : str
        Name of the score; columns of results are called after it.
    sums : callable
        ``sums(y_true, y_pred, classes)`` returns what each clip adds, an array of shape
        (n_clips, ...). `classes` holds the sorted labels, for scores of labels; it is None
        for scores of numbers.
    value : callable
        ``value(sums)`` returns the score of summed arrays of shape (..., *shape), in an array
        of shape (...): it is vectorised over leading axes.
    greater_is_better : bool, default=True
        Whether a high value is good.

    See Also
    --------
    speaker_interval : Interval of such a score over speakers.

    Examples
    --------
    The concordance correlation coefficient of Lin (Biometrics 45, 1989), for numbers:

    >>> import numpy as np
    >>> from sk_ser.model_selection import SumScore
    >>> def sums(y, p, classes=None):
    ...     return np.stack([np.ones_like(y), y, p, y**2, p**2, y * p], axis=-1)
    >>> def value(total):
    ...     n, y, p, yy, pp, yp = np.moveaxis(total, -1, 0)
    ...     return 2 * (n * yp - y * p) / (n * (yy + pp) - 2 * y * p)
    >>> ccc = SumScore("ccc", sums, value)
    >>> y, p = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 2.0, 3.0, 5.0])
    >>> round(ccc(y, p), 3)
    0.929
    >>> ccc.by_speaker(y, p, ["a", "a", "b", "b"]).shape
    (2, 6)
    """

    name: str
    sums: Callable
    value: Callable
    greater_is_better: bool = True

    def __call__(self, y_true, y_pred) -> float:
        """Score clips.

        Parameters
        ----------
        y_true, y_pred : array-like of shape (n_clips,)
            True and predicted values.

        Returns
        -------
        float
            NaN if there are no clips.
        """
        if not len(y_true):
            return np.nan
        each = self.sums(np.asarray(y_true), np.asarray(y_pred), _classes(y_true, y_pred))
        return float(self.value(each.sum(axis=0)))

    def by_speaker(self, y_true, y_pred, speakers, *, names=None, classes=None) -> np.ndarray:
        """Sum over the clips of each speaker.

        Parameters
        ----------
        y_true, y_pred : array-like of shape (n_clips,)
            True and predicted values.
        speakers : array-like of shape (n_clips,)
            Speaker of each clip.
        names : ndarray of shape (n_speakers,), default=None
            Sorted speakers. By default those of the clips.
        classes : ndarray of shape (n_classes,), default=None
            Sorted labels. By default those of the clips, true and predicted.

        Returns
        -------
        ndarray of shape (n_speakers, ...)
            The sums.
        """
        y_true, y_pred, speakers = map(np.asarray, (y_true, y_pred, speakers))
        names = np.unique(speakers) if names is None else names
        classes = _classes(y_true, y_pred) if classes is None else classes
        each = self.sums(y_true, y_pred, classes)
        total = np.zeros((len(names), *each.shape[1:]), dtype=each.dtype)
        np.add.at(total, np.searchsorted(names, speakers), each)
        return total


def _classes(y_true, y_pred):
    return np.union1d(y_true, y_pred)


def _counts(y_true, y_pred, classes):
    """Count, for each class, clips that are hit, that are of it, and that are taken for it."""
    true, predicted = (np.asarray(y)[:, np.newaxis] == classes for y in (y_true, y_pred))
    return np.stack([true & predicted, true, predicted], axis=1).astype(np.int64)


def _hits_and_support(y_true, y_pred, classes):
    return _counts(y_true, y_pred, classes)[:, :2]


def _hits_and_clips(y_true, y_pred, classes):
    hits = np.asarray(y_true) == np.asarray(y_pred)
    return np.column_stack([hits, np.ones_like(hits)]).astype(np.int64)


def _uar(sums):
    hits, support = sums[..., 0, :], sums[..., 1, :]
    return _mean_ratio(hits, support, present=support > 0)


def _recall_macro(sums):
    hits, support, predicted = np.moveaxis(sums, -2, 0)
    return _mean_ratio(hits, support, present=support + predicted > 0)


def _f1_macro(sums):
    hits, support, predicted = np.moveaxis(sums, -2, 0)
    return _mean_ratio(2 * hits, support + predicted, present=support + predicted > 0)


def _mean_ratio(above, below, *, present):
    """Mean of above / below over the classes present; 0 / 0 counts as 0."""
    ratios = np.divide(above, below, out=np.zeros(above.shape), where=below > 0)
    return ratios.sum(axis=-1) / present.sum(axis=-1)


def _mean(sums):
    """Divide the first of two sums by the second: a mean over clips."""
    return sums[..., 0] / sums[..., 1]


#: Scores of labels that are functions of sums, the same as scikit-learn's of that name.
SUM_SCORES = {
    score.name: score
    for score in (
        SumScore("uar", _hits_and_support, _uar),
        SumScore("balanced_accuracy", _hits_and_support, _uar),
        SumScore("recall_macro", _counts, _recall_macro),
        SumScore("accuracy", _hits_and_clips, _mean),
        SumScore("f1_macro", _counts, _f1_macro),
    )
}


def check_sum_score(score):
    """Look up a score that is a function of sums.

    Parameters
    ----------
    score : str or SumScore
        A name, or the score itself.

    Returns
    -------
    SumScore

    Raises
    ------
    ValueError
        If the name is unknown, or something else was passed.
    """
    if isinstance(score, SumScore):
        return score
    if score not in SUM_SCORES:
        raise ValueError(
            f"scoring: {score!r} is not a function of sums over clips. Choose from "
            f"{list(SUM_SCORES)}, or pass a SumScore."
        )
    return SUM_SCORES[score]
