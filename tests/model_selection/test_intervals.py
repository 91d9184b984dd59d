"""Intervals over speakers: known widths."""

import numpy as np
import pytest

from sk_ser.model_selection import speaker_interval
from sk_ser.model_selection._scores import SUM_SCORES

OPTIONS = {"n_resamples": 999, "confidence_level": 0.95, "random_state": 0}


def accuracy(sums):
    return sums[..., 0] / sums[..., 1]


def right_and_wrong(right, wrong):
    """Sums of speakers by how many of their clips were right and wrong."""
    return np.column_stack([right, np.add(right, wrong)])


def test_speakers_that_are_all_alike_leave_no_width():
    low, high = speaker_interval(right_and_wrong([3] * 10, [1] * 10), accuracy, **OPTIONS)
    assert low == high == 0.75


def test_the_same_seed_draws_the_same_and_another_does_not():
    sums = right_and_wrong([1, 2, 3, 4, 5], [5, 1, 3, 0, 2])
    once, again = (speaker_interval(sums, accuracy, **OPTIONS) for _ in range(2))
    assert once == again
    assert once != speaker_interval(sums, accuracy, **(OPTIONS | {"random_state": 1}))


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


def test_speakers_and_not_clips_are_resampled():
    # The truth lies between speakers: 500 clips each add nothing to the certainty.
    rng = np.random.default_rng(0)
    rates = rng.beta(4, 4, size=20)
    few = rng.binomial(50, rates), rng.binomial(500, rates)
    widths = [
        np.subtract(*speaker_interval(right_and_wrong(r, n - r), accuracy, **OPTIONS)[::-1])
        for r, n in zip(few, (50, 500), strict=True)
    ]
    assert widths[1] == pytest.approx(widths[0], rel=0.25)


def test_most_95_percent_intervals_hold_the_truth():
    # 30 speakers from a population that is right in 60 % of clips; percentile
    # intervals of so few fall a little short of their level.
    rng = np.random.default_rng(0)
    held = []
    for seed in range(200):
        right = rng.binomial(20, rng.beta(6, 4, size=30))
        low, high = speaker_interval(
            right_and_wrong(right, 20 - right), accuracy, **(OPTIONS | {"random_state": seed})
        )
        held.append(low <= 0.6 <= high)
    assert 0.89 <= np.mean(held) <= 0.98
