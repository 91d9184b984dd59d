"""Test of two models on other speakers: exchange their predictions speaker by speaker."""

from typing import NamedTuple

import numpy as np
from scipy.stats import permutation_test

from sk_ser._random import draw_seed
from sk_ser.model_selection._checks import check_whole_number, refuse_unknown_speakers, warn
from sk_ser.model_selection._comparison import ProtocolComparison
from sk_ser.model_selection._intervals import paired_sums
from sk_ser.model_selection._scores import check_sum_score


class SignFlipResult(NamedTuple):
    """Result of :func:`~sk_ser.model_selection.sign_flip_test`.

    Attributes
    ----------
    difference : float
        Score of the first less that of the second; of UAR from -1 to 1.
    p_value : float
        Two-sided.
    smallest_p : float
        Smallest `p_value` possible. Above 0.05 the test can find nothing.
    n_speakers : int
        Speakers that both were tested on.
    n_differing : int
        Those of them whose flip changes a score.
    n_flips : int
        Subsets that were tried: all 2 ** n_differing, or as many as were drawn.
    exact : bool
        Whether all were tried.
    """

    difference: float
    p_value: float
    smallest_p: float
    n_speakers: int
    n_differing: int
    n_flips: int
    exact: bool

    def __str__(self):
        how = "all" if self.exact else "random"
        return (
            f"difference {100 * self.difference:+.1f} points, p = {self.p_value:.2g} "
            f"(smallest possible {self.smallest_p:.2g}; {how} {self.n_flips} flips of "
            f"{self.n_differing} of {self.n_speakers} speakers)"
        )


def sign_flip_test(
    comparison: ProtocolComparison,
    first: tuple,
    second: tuple,
    *,
    scoring: str = "uar",
    n_resamples: int = 9_999,
    random_state: int | np.random.RandomState | None = None,
) -> SignFlipResult:
    """Test whether two results differ by more than the choice of speakers explains.

    If two models are equally good, it does not matter which of them predicted a speaker's
    clips. So their predictions are exchanged for every subset of speakers, the pooled score
    of both is computed anew, and p is the share of subsets for which the two are at least as
    far apart as they are, in either direction [1]_. A speaker's clips stay together, because
    they are not independent; clips are paired, because both models predicted the same ones.

    All subsets are tried if there are at most `n_resamples`, which by default holds for up to
    13 speakers. Otherwise that many are drawn, and the results as they are count as one more.
    With n speakers **no p can be below 2 / 2^n**: with 4 it is at least 0.125, with 6 at least
    0.031. The models are taken as they were trained: p says nothing about other training
    sets or seeds.

    Parameters
    ----------
    comparison : ProtocolComparison
        From :func:`~sk_ser.model_selection.compare_protocols`, with speakers.
    first, second : (str, str)
        Name of the estimator, and of the protocol. Two models under one protocol, or one
        model under two.
    scoring : str or SumScore, default="uar"
        The score that is compared.
    n_resamples : int, default=9999
        Maximum number of flips.
    random_state : int, RandomState instance or None, default=None
        Seed of the flips, if they are drawn.

    Returns
    -------
    SignFlipResult
        ``difference``, ``p_value``, ``smallest_p``, ``n_speakers``, ``n_differing``,
        ``n_flips``, ``exact``.

    Raises
    ------
    ValueError
        If a name was not compared, speakers are not known, no clip was tested by both, or the
        score is not a function of sums.

    Warns
    -----
    EvaluationWarning
        If no p below 0.05 was possible, whatever the models predicted.

    References
    ----------
    .. [1] R. A. Fisher, The Design of Experiments, Oliver & Boyd, 1935, sec. 21.
    .. [2] P. Good, Permutation, Parametric and Bootstrap Tests of Hypotheses, 3rd ed.,
       Springer, 2005, ch. 3.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.model_selection import compare_protocols, sign_flip_test
    >>> emotions, speakers = np.tile(["angry", "calm"], 80), np.repeat(range(8), 20)
    >>> X = np.random.default_rng(0).normal(size=(160, 1)) + (emotions == "calm")[:, None]
    >>> found = compare_protocols(
    ...     {"bayes": GaussianNB(), "dummy": DummyClassifier()},
    ...     X, emotions, groups=speakers, random_state=0,
    ... )
    >>> protocol = "speaker-independent"
    >>> print(sign_flip_test(found, ("bayes", protocol), ("dummy", protocol)))
    difference +23.1 points, p = 0.0078 (smallest possible 0.0078; all 256 flips of 8 of 8 speakers)
    """
    check_whole_number("n_resamples", n_resamples, 1)
    score = check_sum_score(scoring)
    sums = _paired_sums(score, comparison, first, second)
    # Speakers whose flip changes the sums.
    differing = (sums[:, 0] != sums[:, 1]).reshape(len(sums), -1).any(axis=-1)
    n_speakers, n_differing = len(sums), int(differing.sum())
    # As a float: with hundreds of speakers there are more than any integer array holds.
    exact = 2.0**n_differing <= n_resamples
    n_flips = 2**n_differing if exact else int(n_resamples)
    smallest = min(1.0, 2 / (n_flips if exact else n_flips + 1))
    if smallest > 0.05:
        warn([_too_few(n_speakers, n_differing, n_flips, smallest, exact)])
    difference, p_value = _flip(score.value, sums, differing, n_resamples, random_state)
    return SignFlipResult(
        difference, p_value, smallest, n_speakers, n_differing, n_flips, bool(exact)
    )


def _paired_sums(score, comparison, first, second):
    """Sum over each speaker for both results: shape (n_speakers, 2, ...)."""
    for pair in (first, second):
        if isinstance(pair, str) or len(pair) != 2:
            raise ValueError(f"sign_flip_test: {pair!r} must be (estimator, protocol), two names.")
    pair = [comparison.predictions_of(*names) for names in (first, second)]
    refuse_unknown_speakers(pair[0], "sign_flip_test")
    sums = paired_sums(score, pair)
    if not len(sums):
        raise ValueError(f"sign_flip_test: {first} and {second} were tested on no clip in common.")
    return sums


def _flip(value, sums, differing, n_resamples, random_state):
    difference = float(np.subtract(*value(sums.sum(axis=0))))
    if differing.sum() < 2:
        # one speaker flipped gives the same difference with the other sign
        return difference, 1.0
    flippable = sums[differing].astype(float)
    same = sums[~differing].sum(axis=0)[0]
    first, second = flippable.reshape(len(flippable), 2, -1).transpose(1, 0, 2)

    def of_signs(signs, axis):
        # -1 exchanges the two results for a speaker
        kept = np.asarray(signs > 0, dtype=float)
        pair = kept @ first + (1 - kept) @ second, kept @ second + (1 - kept) @ first
        one, other = (value(part.reshape(*part.shape[:-1], *same.shape) + same) for part in pair)
        # Two sums of the same fractions may differ in their last digit; they are equal.
        return np.round(one - other, 12)

    result = permutation_test(
        (np.ones(len(flippable)),),
        of_signs,
        permutation_type="samples",
        vectorized=True,
        n_resamples=n_resamples,
        batch=10_000,
        axis=-1,
        rng=np.random.default_rng(draw_seed(random_state)),
    )
    return difference, float(result.pvalue)


def _too_few(n_speakers, n_differing, n_flips, smallest, exact):
    remedy = "Raise n_resamples to 9999"
    if exact:
        remedy = (
            "At least 6 speakers who differ are needed for p < 0.05: add speakers, or report the "
            "difference without a test"
        )
    return (
        f"sign_flip_test: the two differ in {n_differing} of {n_speakers} speakers, and {n_flips} "
        f"flips of these can give no p below {smallest:.3g}, so this test can show nothing. "
        f"{remedy}."
    )
