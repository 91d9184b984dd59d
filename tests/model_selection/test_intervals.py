"""Intervals over speakers: known widths."""

import numpy as np
import pytest
from scipy import stats

from sk_ser.model_selection import speaker_interval
from sk_ser.model_selection._scores import SUM_SCORES

OPTIONS = {"confidence_level": 0.95, "bounds": (0, 1)}


def accuracy(sums):
    return sums[..., 0] / sums[..., 1]


def right_and_wrong(right, wrong):
    """Sums of speakers by how many of their clips were right and wrong."""
    return np.column_stack([right, np.add(right, wrong)])


def test_speakers_that_are_all_alike_leave_no_width():
    low, high = speaker_interval(right_and_wrong([3] * 10, [1] * 10), accuracy, **OPTIONS)
    assert low == high == 0.75


def test_of_a_mean_it_is_students_interval():
    right = np.array([1, 2, 3, 4, 5])
    found = speaker_interval(right_and_wrong(right, 6 - right), accuracy)
    wanted = stats.t.interval(0.95, 4, np.mean(right / 6), stats.sem(right / 6))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.parametrize("n_speakers", [3, 4, 6, 10, 24])
@pytest.mark.parametrize("spread", [0.0, 0.5, 1.0])
def test_it_contains_the_score_as_often_as_it_says(n_speakers, spread):
    # 4 classes of 8 clips; speakers and classes of a speaker differ
    rng = np.random.default_rng(0)

    def draw(n):
        shift = rng.normal(scale=spread, size=(n, 1)) + rng.normal(scale=spread, size=(n, 4))
        return 1 / (1 + np.exp(-(0.3 + shift)))

    truth = draw(1_000_000).mean()
    n_samples, n_right = 800, rng.binomial(8, draw(800 * n_speakers))
    sums = np.stack([n_right, np.full_like(n_right, 8)], axis=1)
    held = 0
    for one in sums.reshape(n_samples, n_speakers, 2, 4):
        low, high = speaker_interval(one, lambda s: (s[..., 0, :] / s[..., 1, :]).mean(axis=-1))
        held += low <= truth <= high
    # three standard errors of the simulation
    assert 0.92 <= held / n_samples <= 0.98


def test_two_speakers_of_whom_one_is_always_wrong_span_everything():
    assert speaker_interval(right_and_wrong([4, 0], [0, 4]), accuracy, **OPTIONS) == (0, 1)


def test_one_speaker_has_no_interval():
    low, high = speaker_interval(right_and_wrong([3], [1]), accuracy, **OPTIONS)
    assert np.isnan(low)
    assert np.isnan(high)


def test_a_higher_confidence_is_wider():
    sums = right_and_wrong(np.arange(12), np.arange(12)[::-1])
    narrow = speaker_interval(sums, accuracy, **(OPTIONS | {"confidence_level": 0.5}))
    wide = speaker_interval(sums, accuracy, **OPTIONS)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_a_class_that_no_speaker_drawn_has_does_not_enter_the_mean():
    # Only the first speaker has the second class, and all are always right.
    sums = np.zeros((6, 3, 2), dtype=int)
    sums[:, :, 0], sums[0, :, 1] = 5, 5
    assert speaker_interval(sums, SUM_SCORES["uar"].value, **OPTIONS) == (1, 1)


def test_a_difference_is_paired_by_speaker():
    # Speakers differ widely, each by one clip in ten between the two protocols.
    right = np.array([2, 4, 6, 8, 10])
    pair = np.stack(
        [right_and_wrong(right, 10 - right), right_and_wrong(right - 1, 11 - right)], axis=1
    )

    def difference(sums):
        return accuracy(sums[:, 0]) - accuracy(sums[:, 1])

    assert speaker_interval(pair, difference, **OPTIONS) == pytest.approx((0.1, 0.1))


def test_speakers_and_not_clips_make_the_width():
    # The truth lies between speakers: 500 clips each add nothing to the certainty.
    rng = np.random.default_rng(0)
    rates = rng.beta(4, 4, size=20)
    few = rng.binomial(50, rates), rng.binomial(500, rates)
    widths = [
        np.subtract(*speaker_interval(right_and_wrong(r, n - r), accuracy, **OPTIONS)[::-1])
        for r, n in zip(few, (50, 500), strict=True)
    ]
    assert widths[1] == pytest.approx(widths[0], rel=0.25)
