"""Where samples go, what comes in, and that nothing else changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sk_ser.audio import Clip
from sk_ser.augmentation import TimeShift

CLIP = Clip([1, 2, 3, 4, 5])


@pytest.mark.parametrize(
    "fraction, mode, expected",
    [
        (0.4, "zeros", [0, 0, 1, 2, 3]),
        (-0.4, "zeros", [3, 4, 5, 0, 0]),
        (0.0, "zeros", [1, 2, 3, 4, 5]),
        (1.0, "zeros", [0, 0, 0, 0, 0]),
        (-1.0, "zeros", [0, 0, 0, 0, 0]),
        (0.4, "roll", [4, 5, 1, 2, 3]),
        (-0.4, "roll", [3, 4, 5, 1, 2]),
        (1.0, "roll", [1, 2, 3, 4, 5]),
    ],
)
def test_where_samples_go(fraction, mode, expected):
    assert TimeShift(fraction, mode=mode).transform_clip(CLIP).tolist() == expected


@given(fraction=st.floats(-1, 1), n_samples=st.integers(1, 50))
def test_rolling_keeps_every_sample_and_zeros_keep_those_that_stay(fraction, n_samples):
    clip = Clip(np.arange(1, n_samples + 1))
    rolled = TimeShift(fraction, mode="roll").transform_clip(clip)
    assert sorted(rolled.tolist()) == clip.tolist()
    moved = TimeShift(fraction).transform_clip(clip)
    step = round(fraction * n_samples)
    assert len(moved) == n_samples
    assert np.count_nonzero(moved) == n_samples - abs(step)
    np.testing.assert_array_equal(moved[moved != 0], rolled[moved != 0])
