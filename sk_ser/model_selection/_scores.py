"""Scores: sums over clips, or scikit-learn's scorers of labels.

An interval over speakers, a paired gap and a permutation test all score the same clips again
and again, each time with other speakers. A score that is a function of sums over clips is
summed once for each speaker; after that every draw of speakers is one matrix product.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import get_scorer


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
    bounds : (float, float), default=(-inf, inf)
        Least and largest possible value, at which intervals end.

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
    bounds: tuple[float, float] = (-np.inf, np.inf)

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
        return float(self.value(self.by_speaker(y_true, y_pred, np.zeros(len(y_true)))[0]))

    def by_speaker(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        speakers: ArrayLike,
        *,
        names: ArrayLike | None = None,
        classes: ArrayLike | None = None,
    ) -> np.ndarray:
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
        classes = np.union1d(y_true, y_pred) if classes is None else classes
        each = self.sums(y_true, y_pred, classes)
        total = np.zeros((len(names), *each.shape[1:]), dtype=each.dtype)
        np.add.at(total, np.searchsorted(names, speakers), each)
        return total


def _counts(y_true, y_pred, classes):
    """Count, for each class, clips that are hit, that are of it, and that are taken for it."""
    true, predicted = (np.asarray(y)[:, np.newaxis] == classes for y in (y_true, y_pred))
    return np.stack([true & predicted, true, predicted], axis=1).astype(np.int64)


def _accuracy(counts):
    return counts[..., 0, :].sum(axis=-1) / counts[..., 1, :].sum(axis=-1)


def _uar(counts):
    hits, support, _ = np.moveaxis(counts, -2, 0)
    return _mean_ratio(hits, support, present=support > 0)


def _recall_macro(counts):
    hits, support, predicted = np.moveaxis(counts, -2, 0)
    return _mean_ratio(hits, support, present=support + predicted > 0)


def _f1_macro(counts):
    hits, support, predicted = np.moveaxis(counts, -2, 0)
    return _mean_ratio(2 * hits, support + predicted, present=support + predicted > 0)


def _mean_ratio(above, below, *, present):
    """Mean of above / below over the classes present; 0 / 0 counts as 0."""
    ratios = np.divide(above, below, out=np.zeros(above.shape), where=below > 0)
    return ratios.sum(axis=-1) / present.sum(axis=-1)


#: Scores of labels that are functions of sums, the same as scikit-learn's of that name.
SUM_SCORES = {
    name: SumScore(name, _counts, value, bounds=(0.0, 1.0))
    for name, value in (
        ("uar", _uar),
        ("balanced_accuracy", _uar),
        ("recall_macro", _recall_macro),
        ("accuracy", _accuracy),
        ("f1_macro", _f1_macro),
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
    found = score if isinstance(score, SumScore) else SUM_SCORES.get(score)
    if found is None:
        raise ValueError(
            f"scoring: {score!r} is not a function of sums over clips. Choose from "
            f"{list(SUM_SCORES)}, or pass a SumScore."
        )
    return found


def check_scoring(scoring, y):
    """Scores by name, unweighted average recall first.

    Parameters
    ----------
    scoring : str, SumScore, sequence of these, or dict of str to (str, SumScore or scorer)
        Names of :data:`SUM_SCORES` or of scikit-learn, scores that are functions of sums, or
        scorers under names of your own.
    y : ndarray of shape (n_clips,)
        Labels, on which every score is tried before anything is fitted.

    Returns
    -------
    dict of str to (SumScore or scorer)
        ``"uar"`` first.

    Raises
    ------
    ValueError
        If a name is unknown, or a scorer needs more than predicted labels.
    """
    if isinstance(scoring, str | SumScore):
        scoring = (scoring,)
    if not isinstance(scoring, Mapping):
        scoring = {getattr(score, "name", score): score for score in scoring}
    scores = {"uar": SUM_SCORES["uar"]}
    for name, given in scoring.items():
        if name != "uar":
            is_sum = isinstance(given, SumScore)
            scores[name] = given if is_sum else SUM_SCORES.get(given) or get_scorer(given)
    for name, one in scores.items():
        try:
            score(one, y, y)
        except Exception as error:
            raise ValueError(
                f"scoring: {name!r} cannot score predicted labels: {error}. Pass a scorer that "
                "needs predict alone; wrap a metric as make_scorer(metric)."
            ) from error
    return scores


def score(one, y_true, y_pred):
    """Score predicted labels.

    Parameters
    ----------
    one : SumScore or scorer
        As :func:`check_scoring` returns it.
    y_true, y_pred : ndarray of shape (n_clips,)
        True and predicted labels.

    Returns
    -------
    float
        NaN if there are no clips.
    """
    if not len(y_true):
        return np.nan
    if isinstance(one, SumScore):
        return one(y_true, y_pred)
    with warnings.catch_warnings():
        # A fold of few speakers may lack a class that was predicted. Scores are therefore
        # reported for the pooled predictions of all folds.
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")
        return float(one(_Echo(np.union1d(y_true, y_pred)), y_pred, y_true))


class _Echo(ClassifierMixin, BaseEstimator):
    """A classifier whose X is its predictions, because scorers call an estimator."""

    def __init__(self, classes):
        self.classes_ = classes

    def predict(self, X):
        return X
