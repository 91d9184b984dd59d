"""Crossings and energies are librosa's, and known for tones and constants."""

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser.audio import Clip
from sk_ser.features import RMSEnergy, ZeroCrossingRate

SETTINGS = [
    {},
    {"frame_length": 400, "hop_length": 160},
    {"frame_length": 401, "hop_length": 501},
    {"frame_length": 512, "hop_length": 128, "center": False},
]


def describe(kind, clip, **settings):
    return kind(**settings).fit_transform([clip])[0]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_crossings_are_librosas(signal, settings, assert_librosa):
    expected = librosa.feature.zero_crossing_rate(np.asarray(signal), **settings)
    assert_librosa(describe(ZeroCrossingRate, signal, **settings), expected)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_energies_are_librosas(signal, settings, assert_librosa):
    expected = librosa.feature.rms(y=np.asarray(signal), **settings)
    assert_librosa(describe(RMSEnergy, signal, **settings), expected, share=1e-4)


@pytest.mark.corpus
def test_librosa_on_real_clips(real_clips, assert_librosa):
    for clip in real_clips:
        samples = np.asarray(clip)
        assert_librosa(describe(RMSEnergy, clip), librosa.feature.rms(y=samples), share=1e-4)
        expected = librosa.feature.zero_crossing_rate(samples)
        assert_librosa(describe(ZeroCrossingRate, clip), expected)


@pytest.mark.parametrize("hz", [100, 440, 1_000, 5_000])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_a_tone_crosses_zero_twice_a_period(make_tone, hz, rate):
    found = describe(ZeroCrossingRate, make_tone(hz, 1.0, rate))[4:-4]
    np.testing.assert_allclose(found, 2 * hz / rate, atol=1 / 2_048)


@settings(deadline=None, max_examples=40)
@given(
    signs=st.lists(st.sampled_from([-0.5, 0.0, 1e-11, -1e-11, 0.5]), min_size=1, max_size=80),
    frame_length=st.integers(2, 20),
    hop_length=st.integers(1, 25),
)
def test_zeros_count_as_positive_as_in_librosa(signs, frame_length, hop_length):
    cut = {"frame_length": frame_length, "hop_length": hop_length}
    expected = librosa.feature.zero_crossing_rate(np.array(signs), **cut)
    found = describe(ZeroCrossingRate, Clip(signs), **cut)
    np.testing.assert_allclose(found, expected.T, atol=1e-6)


def test_energy_of_a_constant_and_of_a_tone(make_tone):
    assert describe(RMSEnergy, Clip(np.full(9_000, -0.25)))[5] == 0.25
    np.testing.assert_allclose(describe(RMSEnergy, make_tone(500))[4:-4], 0.5 / 2**0.5, rtol=1e-3)


def test_silence_is_zero():
    assert not describe(RMSEnergy, Clip(np.zeros(5_000))).any()
    assert not describe(ZeroCrossingRate, Clip(np.zeros(5_000))).any()


def test_names():
    assert ZeroCrossingRate().get_feature_names_out().tolist() == ["zcr"]
    assert RMSEnergy().get_feature_names_out().tolist() == ["rms"]


@pytest.mark.parametrize("kind", [ZeroCrossingRate, RMSEnergy])
@pytest.mark.parametrize("wrong", [{"frame_length": 1}, {"hop_length": 0}, {"hop_length": 1.5}])
def test_bad_parameters_are_named(kind, wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"{kind.__name__}: {name}={value} must be a whole"):
        kind(**wrong).fit([np.ones(5)])
