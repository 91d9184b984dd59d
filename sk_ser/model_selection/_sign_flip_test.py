"""Are two models different on other people? Flip them, speaker by speaker."""

from numbers import Integral
from typing import NamedTuple

import numpy as np
from scipy.stats import permutation_test

from sk_ser.model_selection._checks import warn
from sk_ser.model_selection._evaluate import draw_seed
from sk_ser.model_selection._intervals import COUNT_SCORES, count_by_speaker

_uar = COUNT_SCORES["uar"]


class SignFlipResult(NamedTuple):
    """What :func:`~sk_ser.model_selection.sign_flip_test` found.

    Attributes
    ----------
    difference : float
        UAR of the first less that of the second, from -1 to 1.
    p_value : float
        Two-sided.
    smallest_p : float
        The least that `p_value` could have been. Above 0.05 the test can find nothing.
    n_speakers : int
        Whom both were tested on.
    n_differing : int
        Those of them in whom the two differ; flipping the others changes nothing.
    n_flips : int
        Assignments that were tried: all 2 ** n_differing, or as many as were drawn.
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


def sign_flip_test(comparison, first, second, *, n_resamples=9_999, random_state=None):
    """Test whether two results differ by more than who was recorded explains.

    If two models are equally good, it does not matter which of them predicted a speaker's
    clips. So their predictions are exchanged for every choice of speakers, the pooled UAR
    of both is computed anew, and p is the share of choices that put the two at least as far
    apart as they are, towards either side [1]_. A speaker's clips stay together, for they
    are no independent sample; clips are paired, for both models predicted the same ones.

    Every choice is tried where there are no more than `n_resamples`, which 13 speakers are
    with the default; otherwise so many are drawn, and the two as they are count as one of
    them. With n speakers **no p can be below 2 / 2^n**: 4 give 0.125 at best, 6 can give
    0.031. The models are taken as they were trained: p says nothing about other training
    sets or seeds.

    Parameters
    ----------
    comparison : ProtocolComparison
        From :func:`~sk_ser.model_selection.compare_protocols`, with speakers.
    first, second : (str, str)
        Name of the estimator, and of the protocol. Two models under one protocol, or one
        model under two.
    n_resamples : int, default=9999
        Most flips to be tried.
    random_state : int, RandomState instance or None, default=None
        Of the flips that are drawn where there are more.

    Returns
    -------
    SignFlipResult
        ``difference``, ``p_value``, ``smallest_p``, ``n_speakers``, ``n_differing``,
        ``n_flips``, ``exact``.

    Raises
    ------
    ValueError
        If a name was not compared, speakers are not known, or no clip was tested by both.

    Warns
    -----
    EvaluationWarning
        If no p below 0.05 was possible, whatever the models.

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
    >>> new_voices = "speaker-independent"
    >>> print(sign_flip_test(found, ("bayes", new_voices), ("dummy", new_voices)))
    difference +23.1 points, p = 0.0078 (smallest possible 0.0078; all 256 flips of 8 of 8 speakers)
    """
    if not isinstance(n_resamples, Integral) or n_resamples < 1:
        raise ValueError(f"n_resamples={n_resamples!r}: it must be a whole number from 1.")
    counts = _paired_counts(comparison, first, second)
    differing = _differs(counts)
    n_speakers, n_differing = len(counts), int(differing.sum())
    # As a float: with hundreds of speakers there are more than any integer array holds.
    exact = 2.0**n_differing <= n_resamples
    n_flips = 2**n_differing if exact else int(n_resamples)
    smallest = min(1.0, 2 / n_flips if exact else 2 / (n_resamples + 1))
    if smallest > 0.05:
        warn([_meaningless(n_speakers, n_differing, smallest, exact)])
    difference, p_value = _flip(counts, differing, n_resamples, random_state)
    return SignFlipResult(
        difference, p_value, smallest, n_speakers, n_differing, n_flips, bool(exact)
    )


def _paired_counts(comparison, first, second):
    """Count each speaker's clips by label and prediction: (n_speakers, 2, n_classes, n_classes)."""
    parts = [_predictions(comparison, *_names(pair)) for pair in (first, second)]
    both = set(parts[0]["index"]) & set(parts[1]["index"])
    parts = [part[part["index"].isin(both)] for part in parts]
    if not both:
        raise ValueError(f"sign_flip_test: {first} and {second} were tested on no clip in common.")
    if parts[0]["speaker"].isna().any():
        raise ValueError(
            "sign_flip_test: comparison knows no speakers. Pass groups to compare_protocols."
        )
    speakers, classes = np.unique(parts[0]["speaker"]), np.asarray(comparison.classes)
    return np.stack(
        [
            count_by_speaker(part["y_true"], part["y_pred"], part["speaker"], classes, speakers)
            for part in parts
        ],
        axis=1,
    )


def _names(pair):
    if isinstance(pair, str) or len(pair) != 2:
        raise ValueError(f"sign_flip_test: {pair!r} must be (estimator, protocol), two names.")
    return pair


def _predictions(comparison, estimator, protocol):
    comparison.row(estimator, protocol)  # names what was not compared
    rows = comparison.predictions
    return rows[(rows["estimator"] == estimator) & (rows["protocol"] == protocol)]


def _differs(counts):
    """Tell the speakers whose flip changes a recall: hits, or how often they were tested."""
    hits, support = np.diagonal(counts, axis1=-2, axis2=-1), counts.sum(-1)
    changed = (hits[:, 0] != hits[:, 1]) | (support[:, 0] != support[:, 1])
    return changed.any(-1)


def _flip(counts, differing, n_resamples, random_state):
    difference = float(np.subtract(*_uar(counts.sum(0))))
    if differing.sum() < 2:
        # one speaker flipped is the same difference the other way round
        return difference, 1.0
    flippable = counts[differing].astype(float)
    same = counts[~differing].sum(0)[0]
    first, second = flippable.reshape(len(flippable), 2, -1).transpose(1, 0, 2)

    def of_signs(signs, axis):
        # -1 hands a speaker's predictions by the first to the second, and the reverse.
        kept = np.asarray(signs > 0, dtype=float)
        pair = kept @ first + (1 - kept) @ second, kept @ second + (1 - kept) @ first
        one, other = (_uar(part.reshape(*part.shape[:-1], *same.shape) + same) for part in pair)
        # Two sums of the same fractions may differ in their last digit, and are a tie.
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


def _meaningless(n_speakers, n_differing, smallest, exact):
    if not exact:
        return (
            f"sign_flip_test: {smallest:.2g} is the smallest p that so few flips can give. "
            "Raise n_resamples to 9999."
        )
    who = f"{n_speakers} speaker{'s' * (n_speakers > 1)} can give no p below {smallest:.3g}"
    if n_differing < n_speakers:
        who = (
            f"the two differ in {n_differing} of {n_speakers} speakers, and these can give no p "
            f"below {smallest:.3g}"
        )
    return (
        f"sign_flip_test: {who}, so this test can show nothing. At least 6 are needed for "
        "p < 0.05: add speakers, or report the difference without a test."
    )
