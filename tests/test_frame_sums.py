"""Sums of frames are those of the frames cut out one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser._frame_sums import frame_power, frame_sums

LENGTHS = {
    "n_samples": st.integers(1, 300),
    "frame_length": st.integers(2, 64),
    "hop_length": st.integers(1, 90),
}


def cut(values, frame_length, hop_length, center):
    """Cut frames as the docstring says, one at a time."""
    padding = frame_length // 2 if center else 0
    padded = np.pad(np.asarray(values, float), padding)
    padded = np.pad(padded, (0, max(0, frame_length - len(padded))))
    starts = range(0, len(padded) - frame_length + 1, hop_length)
    return np.array([padded[start : start + frame_length] for start in starts])


@settings(deadline=None, max_examples=60)
@given(**LENGTHS, center=st.booleans(), seed=st.integers(0, 9))
def test_sums_are_those_of_each_frame(n_samples, frame_length, hop_length, center, seed):
    values = np.random.default_rng(seed).integers(0, 5, n_samples).astype(np.float32)
    found = frame_sums(values, frame_length, hop_length, center=center)
    np.testing.assert_array_equal(found, cut(values, frame_length, hop_length, center).sum(axis=1))


@settings(deadline=None, max_examples=60)
@given(**LENGTHS, center=st.booleans(), seed=st.integers(0, 9))
def test_power_is_the_mean_square_and_never_negative(
    n_samples, frame_length, hop_length, center, seed
):
    samples = np.random.default_rng(seed).normal(size=n_samples).astype(np.float32)
    found = frame_power(samples, frame_length, hop_length, center=center)
    expected = np.square(cut(samples, frame_length, hop_length, center)).mean(axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    assert (found >= 0).all()


def test_silence_after_a_loud_sound_is_nearly_silent():
    samples = np.r_[np.full(16_000, 0.99), np.full(160_000, 1e-4)].astype(np.float32)
    power = frame_power(samples, 512, 160, center=False)
    np.testing.assert_allclose(power[-500:], 1e-8, rtol=1e-2)


def test_no_samples_make_frames_of_nothing():
    assert frame_sums(np.zeros(0, np.float32), 8, 4, center=False).tolist() == [0.0]
