"""Corrected resampled t-test of two models, for folds that share training clips."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from sk_ser.model_selection._checks import check_share, warn


class CorrectedTTestResult(NamedTuple):
    """Result of :func:`~sk_ser.model_selection.corrected_t_test`.

    Attributes
    ----------
    statistic : float
        The corrected t.
    p_value : float
        Two-sided.
    difference : float
        Mean of ``scores_a - scores_b``, in the scores' unit.
    low, high : float
        Confidence interval of the difference.
    df : int
        Degrees of freedom: the number of folds less one.
    """

    statistic: float
    p_value: float
    difference: float
    low: float
    high: float
    df: int

    def __str__(self):
        return (
            f"difference {self.difference:+.3f} [{self.low:+.3f}, {self.high:+.3f}], "
            f"t({self.df}) = {self.statistic:.2f}, p = {self.p_value:.2g} (corrected t-test)"
        )


def corrected_t_test(
    scores_a: ArrayLike,
    scores_b: ArrayLike,
    *,
    n_train: int,
    n_test: int,
    confidence_level: float = 0.95,
) -> CorrectedTTestResult:
    """Compare two models by their scores on the same folds: the corrected resampled t-test.

    Training parts of folds overlap, so scores of folds are not independent, and the plain
    paired t-test finds far too many differences significant. Nadeau and Bengio [1]_ enlarge
    the variance by the share of clips that are tested::

        t = mean(d) / sqrt((1 / J + n_test / n_train) * var(d))

    where ``d`` holds the ``J`` differences, ``var`` is the unbiased one (divided by
    ``J - 1``), and t has ``J - 1`` degrees of freedom. The interval is ``mean(d)`` plus and
    minus that root times the quantile of t. For five folds, t is 1.5 times smaller than
    without the correction.

    The result holds for other training and test sets drawn as these were. Speakers are
    ignored: after a random split it holds for other clips of the same people. For other
    people, pass scores of folds of speakers, or use
    :func:`~sk_ser.model_selection.sign_flip_test`.

    Parameters
    ----------
    scores_a, scores_b : array-like of shape (n_folds,)
        Score of each model on each fold, on the same folds in the same order. Repeated
        cross-validation has that many more folds [2]_.
    n_train, n_test : int or array-like of shape (n_folds,)
        Number of training and of test clips, one for all folds or one for each; their means
        are used.
    confidence_level : float, default=0.95
        Level of the interval, between 0 and 1.

    Returns
    -------
    CorrectedTTestResult
        ``statistic``, ``p_value``, ``difference``, ``low``, ``high``, ``df``.

    Raises
    ------
    ValueError
        If there are fewer than two folds, lengths differ, a score is missing, or a number
        is out of range.

    Warns
    -----
    EvaluationWarning
        If all differences are equal and not 0: their variance cannot be estimated, and
        statistic, p and interval are NaN.

    References
    ----------
    .. [1] C. Nadeau, Y. Bengio, "Inference for the Generalization Error", Machine Learning
       52, 2003, pp. 239-281.
    .. [2] R. R. Bouckaert, E. Frank, "Evaluating the Replicability of Significance Tests
       for Comparing Learning Algorithms", Proc. PAKDD, 2004, pp. 3-12.

    Examples
    --------
    >>> from sk_ser.model_selection import corrected_t_test
    >>> svm, forest = [0.62, 0.64, 0.63, 0.65, 0.61], [0.60, 0.60, 0.60, 0.60, 0.60]
    >>> print(corrected_t_test(svm, forest, n_train=400, n_test=100))
    difference +0.030 [+0.001, +0.059], t(4) = 2.83, p = 0.047 (corrected t-test)

    Scores and sizes of folds are in a comparison's ``folds``:

    >>> from sklearn.datasets import make_classification
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.model_selection import compare_protocols
    >>> X, y = make_classification(random_state=0)
    >>> models = {"bayes": GaussianNB(), "dummy": DummyClassifier()}
    >>> folds = compare_protocols(
    ...     models, X, y, groups=None, protocols="random", random_state=0
    ... ).folds
    >>> bayes, dummy = (folds[folds["estimator"] == name] for name in models)
    >>> corrected_t_test(
    ...     bayes["uar"], dummy["uar"], n_train=bayes["n_train"], n_test=bayes["n_test"]
    ... ).p_value < 0.01
    True
    """
    check_share("confidence_level", confidence_level)
    differences = _scores(scores_a, "scores_a") - _scores(scores_b, "scores_b", len(scores_a))
    n_folds = len(differences)
    share = _mean_size(n_test, "n_test", n_folds) / _mean_size(n_train, "n_train", n_folds)
    mean, df = float(differences.mean()), n_folds - 1
    if np.allclose(differences, mean, rtol=0, atol=1e-12):
        if abs(mean) <= 1e-12:
            return CorrectedTTestResult(0.0, 1.0, 0.0, 0.0, 0.0, df)
        message = (
            f"corrected_t_test: all {n_folds} differences are {mean:g}, so their variance cannot "
            "be estimated, and there is no test. Score more folds."
        )
        warn([message])
        return CorrectedTTestResult(np.nan, np.nan, mean, np.nan, np.nan, df)
    error = np.sqrt((1 / n_folds + share) * differences.var(ddof=1))
    statistic = float(mean / error)
    low, high = map(float, student.interval(confidence_level, df, loc=mean, scale=error))
    p_value = float(2 * student.sf(abs(statistic), df))
    return CorrectedTTestResult(statistic, p_value, mean, low, high, df)


def _scores(scores, name, n_folds=None):
    scores = np.asarray(scores, dtype=float)
    if scores.ndim != 1 or len(scores) < 2 or len(scores) != (n_folds or len(scores)):
        raise ValueError(
            f"{name}: its shape is {scores.shape}. Pass one score for each fold, for both models "
            "on the same folds, of which there are at least two."
        )
    missing = np.flatnonzero(~np.isfinite(scores))
    if len(missing):
        raise ValueError(
            f"{name}: the score of fold {missing[0]} is not a number. Leave folds that failed out "
            "of both."
        )
    return scores


def _mean_size(sizes, name, n_folds):
    sizes = np.asarray(sizes, dtype=float)
    if sizes.shape not in ((), (n_folds,)) or not (sizes > 0).all():
        raise ValueError(
            f"{name}={sizes}: pass one number of clips for all {n_folds} folds, or one for each, "
            "of at least 1."
        )
    return sizes.mean()
