"""Prediction sets by split conformal prediction: which emotions are kept for a clip."""

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_random_state

from sk_ser._random import draw_seed
from sk_ser.model_selection._calibration import check_proba
from sk_ser.model_selection._checks import check_choice, check_share

METHODS = ("lac", "aps")
#: Probabilities that differ by less are equal: they come of the same numbers in another order.
_TOLERANCE = 1e-8


def prediction_sets(
    proba_calibration: ArrayLike,
    y_calibration: ArrayLike,
    proba_test: ArrayLike,
    *,
    classes: ArrayLike | None = None,
    coverage: float = 0.9,
    method: str = "lac",
    random_state: int | np.random.RandomState | None = None,
) -> np.ndarray:
    r"""Make sets of emotions that hold the right one in a given share of clips.

    Split conformal prediction [1]_ computes a score for each calibration clip, which is
    low where the model is right and sure. Each set then holds the classes whose score is at
    most the ``k``-th smallest of the ``n`` calibration scores,
    :math:`k = \lceil coverage \cdot (n + 1) \rceil`. Over draws of calibration and test clips
    that are **exchangeable**, a set holds the label with a probability between `coverage` and
    ``coverage + 1 / (n + 1)``. Clips of new speakers are not exchangeable with clips of
    speakers seen in training (see :func:`~sk_ser.model_selection.conformal_coverage`). The
    calibration clips must not have been used to fit the model.

    Parameters
    ----------
    proba_calibration : DataFrame or array-like of shape (n_calibration, n_classes)
        Probabilities of the calibration clips.
    y_calibration : array-like of shape (n_calibration,)
        Their labels.
    proba_test : DataFrame or array-like of shape (n_test, n_classes)
        Probabilities of the clips to make sets for.
    classes : array-like of shape (n_classes,), default=None
        Class of each column. By default the columns of a DataFrame, otherwise the sorted
        labels.
    coverage : float, default=0.9
        Share of clips whose set is to hold the label, between 0 and 1.
    method : {"lac", "aps"}, default="lac"
        "lac": the classes at least as probable as a threshold (least ambiguous sets [2]_).
        These sets are the smallest, and some may be empty. "aps": the most probable classes
        until their sum passes a threshold, the last of them by chance (adaptive prediction
        sets [3]_). These sets are larger, their size follows better how hard a clip is, and
        some may be empty, too.
    random_state : int, RandomState instance or None, default=None
        Seed of the chance in "aps".

    Returns
    -------
    ndarray of bool of shape (n_test, n_classes)
        Whether a class is in the clip's set.

    Raises
    ------
    ValueError
        If there are too few calibration clips for the coverage, shapes differ, rows are not
        probabilities, or an option is out of range.

    See Also
    --------
    conformal_threshold : The threshold of "lac", to be kept with a model.
    sets_above : The sets of "lac" for a given threshold.

    References
    ----------
    .. [1] V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World,
       Springer, 2005.
    .. [2] M. Sadinle, J. Lei, L. Wasserman, "Least Ambiguous Set-Valued Classifiers with
       Bounded Error Levels", JASA 114, 2019, pp. 223-234.
    .. [3] Y. Romano, M. Sesia, E. J. Candès, "Classification with Valid and Adaptive
       Coverage", Proc. NeurIPS, 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.model_selection import prediction_sets
    >>> rng = np.random.default_rng(0)
    >>> proba = rng.dirichlet([0.5] * 3, size=2_000)
    >>> y = np.array([rng.choice(3, p=row) for row in proba])
    >>> sets = prediction_sets(proba[:1_000], y[:1_000], proba[1_000:], coverage=0.9)
    >>> sets[np.arange(1_000), y[1_000:]].mean().round(2)
    np.float64(0.9)
    """
    check_choice("method", method, METHODS)
    codes, proba, classes = check_proba(
        y_calibration, proba_calibration, classes, "proba_calibration"
    )
    # The labels of the test clips are not known. Any will do for the check.
    any_labels = np.resize(classes, len(proba_test))
    _, proba_test, _ = check_proba(any_labels, proba_test, classes, "proba_test")
    check_coverage(coverage, len(codes))
    if method == "aps":
        return _adaptive_sets(proba, codes, proba_test, coverage, random_state)
    return sets_above(
        proba_test, conformal_threshold(proba, classes[codes], classes=classes, coverage=coverage)
    )


def conformal_threshold(
    proba: ArrayLike, y: ArrayLike, *, classes: ArrayLike | None = None, coverage: float = 0.9
) -> float:
    r"""Find the probability above which a class belongs to a prediction set.

    It is the :math:`\lceil coverage \cdot (n + 1) \rceil`-th largest of the probabilities that
    the ``n`` calibration clips have for their own labels [1]_.

    Parameters
    ----------
    proba : DataFrame or array-like of shape (n_clips, n_classes)
        Probabilities of clips that the model was not fitted on.
    y : array-like of shape (n_clips,)
        Their labels.
    classes : array-like of shape (n_classes,), default=None
        Class of each column. By default the columns of a DataFrame, otherwise the sorted
        labels.
    coverage : float, default=0.9
        Share of clips whose set is to hold the label, between 0 and 1.

    Returns
    -------
    float
        From 0 to 1. It is 0, so that sets hold every class, if there are too few clips for
        the coverage.

    Raises
    ------
    ValueError
        If shapes differ, rows are not probabilities, or `coverage` is out of range.

    References
    ----------
    .. [1] M. Sadinle, J. Lei, L. Wasserman, "Least Ambiguous Set-Valued Classifiers with
       Bounded Error Levels", JASA 114, 2019, pp. 223-234.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.model_selection import conformal_threshold, sets_above
    >>> calm = np.arange(81, 100) / 100
    >>> threshold = conformal_threshold(
    ...     np.column_stack([1 - calm, calm]), ["calm"] * 19, classes=["angry", "calm"]
    ... )
    >>> round(threshold, 2)
    0.82
    >>> sets_above([[0.1, 0.9], [0.3, 0.7]], threshold).tolist()
    [[False, True], [False, False]]
    >>> sets_above([[0.1, 0.9], [0.3, 0.7]], threshold, never_empty=True).tolist()
    [[False, True], [False, True]]
    """
    check_share("coverage", coverage)
    codes, _, _ = check_proba(y, proba, classes, "proba")
    # as given: a rescaled row could fall below a threshold that it has set
    own = np.asarray(proba)[np.arange(len(codes)), codes].astype(float)
    return -_order_statistic(-own, coverage, otherwise=0.0)


def sets_above(proba: ArrayLike, threshold: float, *, never_empty: bool = False) -> np.ndarray:
    """Keep the classes that are at least as probable as a threshold.

    Parameters
    ----------
    proba : array-like of shape (n_clips, n_classes)
        Probabilities.
    threshold : float
        From :func:`~sk_ser.model_selection.conformal_threshold`.
    never_empty : bool, default=False
        Whether to keep the most probable class in any case. Coverage can only rise.

    Returns
    -------
    ndarray of bool of shape (n_clips, n_classes)
        Whether a class is in the clip's set.

    Examples
    --------
    >>> from sk_ser.model_selection import sets_above
    >>> sets_above([[0.9, 0.1], [0.5, 0.5]], 0.4).tolist()
    [[True, False], [True, True]]
    """
    proba = np.asarray(proba)
    sets = proba >= threshold - _TOLERANCE
    if never_empty:
        sets[np.arange(len(proba)), proba.argmax(axis=1)] = True
    return sets


def check_coverage(coverage, n_calibration):
    """Refuse a coverage for which there are too few calibration clips.

    Parameters
    ----------
    coverage : float
        Between 0 and 1.
    n_calibration : int
        Calibration clips.

    Raises
    ------
    ValueError
        If it is out of range, or ``(n + 1) * coverage`` exceeds n: every set would have to
        hold every class.
    """
    check_share("coverage", coverage)
    needed = int(np.ceil(coverage / (1 - coverage) - 1e-9))
    if n_calibration < needed:
        raise ValueError(
            f"coverage={coverage:g} takes at least {needed} calibration clips, and there are "
            f"{n_calibration}. Calibrate on more clips, or lower the coverage."
        )


def _order_statistic(scores, coverage, otherwise):
    """Return the k-th smallest score, where k = ceil(coverage * (n + 1))."""
    rank = int(np.ceil(coverage * (len(scores) + 1)))
    return float(np.sort(scores)[rank - 1]) if rank <= len(scores) else otherwise


def _adaptive_sets(proba, codes, proba_test, coverage, random_state):
    # The same int draws the same numbers for calibration and for test clips.
    seed = draw_seed(None) if random_state is None else random_state
    rows = np.arange(len(codes))
    chance = check_random_state(seed).uniform(size=len(codes))
    scores = _cumulated(proba)[rows, codes] - chance * proba[rows, codes]
    limit = _order_statistic(scores, coverage, otherwise=1.0)

    above, rows = _cumulated(proba_test) - limit, np.arange(len(proba_test))
    last = np.where(above < -_TOLERANCE, np.inf, above).argmin(axis=1)
    smallest = np.where(proba_test < _TOLERANCE, np.inf, proba_test).min(axis=1)
    # A class of probability 0 is in no set.
    edge = np.where(proba_test[rows, last] <= _TOLERANCE, smallest, proba_test[rows, last])
    sets = proba_test - edge[:, np.newaxis] >= -_TOLERANCE
    chance = check_random_state(seed).uniform(size=len(proba_test))
    sets[rows, last] = above[rows, last] / edge - chance <= _TOLERANCE
    return sets


def _cumulated(proba):
    """Sum the probabilities of each class and all that are more probable."""
    order = np.argsort(proba, axis=1)[:, ::-1]
    ordered = np.take_along_axis(proba, order, axis=1).cumsum(axis=1)
    return np.take_along_axis(ordered, np.argsort(order, axis=1), axis=1)
