"""Whether one model is better than another, by more than who was recorded, or how it was split."""

import warnings
from typing import NamedTuple

import numpy as np
from scipy import stats

from sk_ser.model_selection._checks import EvaluationWarning
from sk_ser.model_selection._intervals import COUNT_SCORES, count_by_speaker


class ModelTest(NamedTuple):
    """What a test of two models came to.

    Attributes
    ----------
    difference : float
        Score of the first less that of the second, from -1 to 1.
    low, high : float
        Its confidence interval; NaN where the test has none.
    statistic : float
        What was compared with its distribution under the null hypothesis.
    p_value : float
        Two-sided.
    smallest_p : float
        The least that this test can come to on so many speakers or folds.
    """

    difference: float
    low: float
    high: float
    statistic: float
    p_value: float
    smallest_p: float


def corrected_t_test(scores_a, scores_b, *, n_train, n_test, confidence_level=0.95):
    r"""Test two models' scores on the same random splits, whose training parts overlap.

    The corrected resampled t-test [1]_ (equation 9 and section 5):

    .. math:: t = \frac{\bar d}{\sqrt{(1 / J + n_2 / n_1)\, \hat\sigma^2_d}}

    with J differences d of scores, :math:`n_1` training and :math:`n_2` test clips, J - 1 degrees
    of freedom. Without the second term, which stands for the overlap, the test finds
    differences where there are none.

    Parameters
    ----------
    scores_a, scores_b : array-like of shape (n_folds,)
        Scores of two models, fold by fold.
    n_train, n_test : float
        Clips that a model is trained, and tested, on in a fold, in the mean.
    confidence_level : float, default=0.95
        Of the interval.

    Returns
    -------
    ModelTest

    Raises
    ------
    ValueError
        If scores differ in number, or there are fewer than two.

    References
    ----------
    .. [1] C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning
       52, 2003, pp. 239-281.

    Examples
    --------
    >>> from sk_ser.model_selection import corrected_t_test
    >>> found = corrected_t_test([0.7, 0.8, 0.75], [0.6, 0.7, 0.7], n_train=80, n_test=40)
    >>> round(found.difference, 3), round(found.p_value, 3)
    (0.083, 0.087)
    """
    a, b = np.asarray(scores_a, dtype=float), np.asarray(scores_b, dtype=float)
    if a.ndim != 1 or a.shape != b.shape or len(a) < 2:
        raise ValueError(
            f"corrected_t_test: scores have the shapes {a.shape} and {b.shape}. Pass the scores of "
            "both models on the same folds, two at least."
        )
    differences = a - b
    mean, n_folds = float(differences.mean()), len(differences)
    spread = np.sqrt((1 / n_folds + n_test / n_train) * differences.var(ddof=1))
    student = stats.t(n_folds - 1)
    half = student.ppf((1 + confidence_level) / 2) * spread
    # all differences are equal: nothing varies that could be tested
    statistic = mean / spread if spread > 0 else np.nan if mean == 0 else np.copysign(np.inf, mean)
    p_value = 1.0 if np.isnan(statistic) else 2 * student.sf(abs(statistic))
    return ModelTest(
        mean, float(mean - half), float(mean + half), float(statistic), float(p_value), 0.0
    )


def sign_flip_test(
    comparison,
    first,
    second,
    *,
    protocol="speaker-independent",
    n_resamples=9_999,
    random_state=None,
):
    """Test whether two models differ in UAR on new speakers, by exchanging them for each.

    If the models were alike, it would not matter which of them is called the first for any one
    speaker. All ways to exchange them (or `n_resamples` of these) give the distribution that
    the difference is compared with: a paired permutation test [1]_ over speakers, who are
    the sample, and not over clips, which resemble each other.

    Parameters
    ----------
    comparison : ProtocolComparison
        Of :func:`~sk_ser.model_selection.compare_protocols`, with both models.
    first, second : str
        Names of the models.
    protocol : str, default="speaker-independent"
        Whose predictions.
    n_resamples : int, default=9999
        From how many ways on some are drawn in place of all.
    random_state : int or None, default=None
        Seed of the draws.

    Returns
    -------
    ModelTest
        Without an interval.

    Raises
    ------
    ValueError
        If a name is not known, or speakers are not.

    Warns
    -----
    EvaluationWarning
        If there are so few speakers that no difference could be significant at 0.05: n of
        them can give no p below 2 / 2 ** n.

    References
    ----------
    .. [1] P. Good, "Permutation, Parametric and Bootstrap Tests of Hypotheses", Springer,
       2005, section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.model_selection import compare_protocols, sign_flip_test
    >>> y, speakers = np.arange(96) % 2, np.arange(96) // 8
    >>> X = np.random.default_rng(0).normal(size=(96, 2)) + y[:, None]
    >>> found = compare_protocols(
    ...     {"bayes": GaussianNB(), "guess": DummyClassifier()}, X, y, groups=speakers,
    ...     random_state=0,
    ... )
    >>> sign_flip_test(found, "bayes", "guess").p_value < 0.01
    True
    """
    counts, n_speakers = _paired_counts(comparison, first, second, protocol)
    least = min(1.0, 2 / 2**n_speakers)
    if least > 0.05:
        warnings.warn(
            f"sign_flip_test: with {n_speakers} speakers no p can be below {least:.3g}, whatever "
            "the models are. Add speakers before you test.",
            EvaluationWarning,
            stacklevel=2,
        )
    flat = counts.reshape(2 * n_speakers, -1).astype(float)
    uar = COUNT_SCORES["uar"]

    def difference(one, other, axis):
        summed = (flat[rows].sum(axis=-2) for rows in map(_last_axis(axis), (one, other)))
        first_uar, second_uar = (uar(s.reshape(*s.shape[:-1], *counts.shape[1:])) for s in summed)
        return first_uar - second_uar

    rows = np.arange(n_speakers)
    result = stats.permutation_test(
        (rows, rows + n_speakers),
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=n_resamples,
        rng=np.random.default_rng(random_state),
    )
    if 2**n_speakers > n_resamples:
        least = 2 / (n_resamples + 1)
    observed = float(result.statistic)
    return ModelTest(
        observed, np.nan, np.nan, observed, float(min(1.0, result.pvalue)), float(least)
    )


def _last_axis(axis):
    """Bring the speakers' axis to the end, where the sum is taken over it."""
    return lambda rows: np.moveaxis(np.asarray(rows), axis, -1).astype(int)


def _paired_counts(comparison, first, second, protocol):
    """Count each speaker's clips by label and prediction: first model, then the second."""
    tables = []
    for name in (first, second):
        comparison.row(name, protocol)
        tables.append(comparison.predictions.query("estimator == @name and protocol == @protocol"))
    if tables[0]["speaker"].isna().any():
        raise ValueError("sign_flip_test: the comparison was made without groups: no speakers.")
    classes = np.array(comparison.classes)
    names = np.unique(tables[0]["speaker"].to_numpy())
    columns = ("y_true", "y_pred", "speaker")
    counts = [
        count_by_speaker(*(table[c].to_numpy() for c in columns), classes, names)
        for table in tables
    ]
    return np.concatenate(counts), len(names)
