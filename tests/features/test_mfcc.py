"""Cepstra are librosa's."""

import librosa
import numpy as np
import pytest

from sk_ser.audio import Clip
from sk_ser.features import MFCC

# what librosa warns of, and is meant here
pytestmark = pytest.mark.filterwarnings(
    "ignore:(Empty filters|n_fft=|Trying to estimate tuning):UserWarning"
)

SETTINGS = [
    {},
    {"n_mfcc": 13, "n_mels": 40},
    {"n_mfcc": 1},
    {"n_mfcc": 40, "n_mels": 40, "fmin": 50.0, "fmax": 3_800.0},
    {"n_fft": 512, "hop_length": 160, "win_length": 400, "n_mels": 26},
    {"center": False, "n_fft": 600, "n_mels": 30},
    {"window": "hamming", "n_fft": 1_024, "n_mels": 64},
]


def describe(clip, **settings):
    return MFCC(**settings).fit_transform([clip])[0]


def oracle(clip, **settings):
    settings = {"n_mfcc": 20} | settings
    return librosa.feature.mfcc(y=np.asarray(clip), sr=clip.sampling_rate, **settings)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_librosa_on_signals(signal, settings, assert_librosa):
    assert_librosa(describe(signal, **settings), oracle(signal, **settings))


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_librosa_at_any_rate(speechlike, settings, assert_librosa):
    assert_librosa(describe(speechlike, **settings), oracle(speechlike, **settings))


@pytest.mark.corpus
@pytest.mark.parametrize("settings", SETTINGS[:2], ids=str)
def test_librosa_on_real_clips(real_clips, settings, assert_librosa):
    for clip in real_clips:
        assert_librosa(describe(clip, **settings), oracle(clip, **settings))


def test_louder_by_a_factor_moves_coefficient_0_alone(make_noise):
    noise = make_noise()
    quiet, loud = describe(noise), describe(Clip(10 * noise))
    # 20 dB in each of 128 bands, through the orthonormal transform
    np.testing.assert_allclose(loud[:, 0] - quiet[:, 0], 20 * 128**0.5, rtol=1e-4)
    np.testing.assert_allclose(loud[:, 1:], quiet[:, 1:], atol=1e-2)


def test_silence_is_finite_and_flat():
    silence = describe(Clip(np.zeros(5_000)))
    np.testing.assert_allclose(silence[:, 0], -100 * 128**0.5, rtol=1e-5)
    np.testing.assert_allclose(silence[:, 1:], 0, atol=1e-3)


def test_names_are_numbered():
    assert MFCC(3).get_feature_names_out().tolist() == ["mfcc_0", "mfcc_1", "mfcc_2"]


@pytest.mark.parametrize("wrong", [{"n_mfcc": 0}, {"n_mfcc": 129}, {"n_mfcc": 2.0}], ids=str)
def test_bad_parameters_are_named(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"MFCC: {name}={value!r} must be 1 to n_mels=128"):
        MFCC(**wrong).fit([np.ones(5)])


def test_bands_are_checked_too():
    with pytest.raises(ValueError, match="MFCC: fmax=50 must be None or > fmin=60"):
        MFCC(fmin=60, fmax=50).fit([np.ones(5)])
