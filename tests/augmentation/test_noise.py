"""The ratio is exact, whatever the clip's scale; the noise has its colour and is fresh."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser.audio import Clip
from sk_ser.augmentation import AddNoise


def noise_of(clip, snr, seed=0, **params):
    made = AddNoise(snr, **params).augment(clip, np.random.default_rng(seed))
    return np.asarray(made, dtype=np.float64) - np.asarray(clip, dtype=np.float64)


def db(signal, noise):
    power = np.var(np.asarray(signal, dtype=np.float64))
    return 10 * np.log10(power / np.mean(np.square(noise)))


@settings(deadline=None, max_examples=40)
@given(
    snr=st.floats(-20, 40),
    n_samples=st.integers(2, 5_000),
    scale=st.sampled_from([1e-3, 1.0, 32_768.0]),
    color=st.sampled_from(["white", "pink"]),
)
def test_the_ratio_of_powers_is_what_was_asked_for(snr, n_samples, scale, color):
    clip = Clip(scale * np.sin(1 + np.arange(n_samples) / 7))
    assert db(clip, noise_of(clip, snr, color=color)) == pytest.approx(snr, abs=0.02)


def test_an_offset_does_not_change_the_noise(make_noise):
    clip = make_noise()
    np.testing.assert_allclose(
        noise_of(Clip(clip + 10), 20.0), noise_of(clip, 20.0), rtol=0, atol=1e-5
    )


def test_each_copy_has_noise_of_its_own(make_noise):
    clip = make_noise()
    first, second = noise_of(clip, 10.0, seed=0), noise_of(clip, 10.0, seed=1)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.03
    assert abs(np.corrcoef(first, clip)[0, 1]) < 0.03


@pytest.mark.parametrize("color, slope", [("white", 0.0), ("pink", -1.0)])
def test_the_spectrum_falls_as_the_colour_says(color, slope):
    clip = Clip(np.sin(np.arange(2**17)))
    power = np.abs(np.fft.rfft(noise_of(clip, 0.0, color=color))) ** 2
    bands = 2.0 ** np.arange(6, 17)
    means = [power[int(low) : int(2 * low)].mean() for low in bands[:-1]]
    found = np.polyfit(np.log2(bands[:-1]), np.log2(means), 1)[0]
    assert found == pytest.approx(slope, abs=0.05)


def test_it_is_gaussian(make_noise):
    noise = noise_of(make_noise(100_000), 0.0)
    standard = noise / noise.std()
    assert abs(standard.mean()) < 0.02
    assert np.mean(standard**4) == pytest.approx(3, abs=0.1)


def test_a_silent_clip_has_no_level_to_be_measured_against():
    assert not noise_of(Clip(np.zeros(100)), 0.0).any()
