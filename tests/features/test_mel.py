"""Mel bands are librosa's, and a tone is in the band where it belongs."""

import librosa
import numpy as np
import pytest

from sk_ser.audio import Clip
from sk_ser.features import MelSpectrogram
from sk_ser.features._mel import mel_filters

# what librosa warns of, and is meant here
pytestmark = pytest.mark.filterwarnings(
    "ignore:(Empty filters|n_fft=|Trying to estimate tuning):UserWarning"
)

SETTINGS = [
    {},
    {"n_fft": 512, "hop_length": 160},
    {"n_fft": 512, "win_length": 400, "hop_length": 160},
    {"n_fft": 600, "hop_length": 601},
    {"n_fft": 1_023, "win_length": 1_001, "window": "hamming"},
    {"center": False, "hop_length": 100, "n_fft": 256},
    {"n_mels": 40, "fmin": 100.0, "fmax": 3_500.0},
    {"n_mels": 13, "fmin": 20.0, "fmax": 1_000.0, "n_fft": 4_096},
]


def describe(clip, **settings):
    return MelSpectrogram(**settings).fit_transform([clip])[0]


def oracle(clip, **settings):
    settings = {"n_mels": 128} | settings
    return librosa.feature.melspectrogram(y=np.asarray(clip), sr=clip.sampling_rate, **settings)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_librosa_on_signals(signal, settings, assert_librosa):
    if settings.get("n_fft", 2048) > len(signal) and not settings.get("center", True):
        pytest.skip("librosa refuses a clip shorter than a frame")
    assert_librosa(describe(signal, **settings), oracle(signal, **settings))


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_librosa_at_any_rate(speechlike, settings, assert_librosa):
    assert_librosa(describe(speechlike, **settings), oracle(speechlike, **settings))


@pytest.mark.corpus
def test_librosa_on_real_clips(real_clips, assert_librosa):
    for clip in real_clips:
        assert_librosa(describe(clip), oracle(clip))


def test_decibels_are_librosas(speechlike, assert_librosa):
    expected = librosa.power_to_db(oracle(speechlike, n_mels=64))
    assert_librosa(describe(speechlike, n_mels=64, scale="db"), expected)


@pytest.mark.parametrize("n_fft", [256, 600, 1_023, 2_048])
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_filters_are_librosas(rate, n_fft):
    expected = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=80)
    np.testing.assert_allclose(mel_filters(rate, n_fft, 80, 0.0, None), expected.T, atol=1e-7)


@pytest.mark.parametrize("hz", [200, 700, 1_000, 2_500, 6_000])
def test_a_tone_is_loudest_in_its_band(make_tone, hz):
    found = describe(make_tone(hz), n_mels=40)[10].argmax()
    centres = librosa.mel_frequencies(42, fmin=0, fmax=8_000)[1:-1]
    assert abs(found - np.abs(centres - hz).argmin()) <= 1


def test_names_are_numbered():
    assert MelSpectrogram(3).get_feature_names_out().tolist() == ["mel_0", "mel_1", "mel_2"]


def test_silence_is_finite():
    np.testing.assert_allclose(describe(Clip(np.zeros(5_000)), scale="db"), -100, rtol=1e-5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_mels": 0},
        {"n_mels": 40.0},
        {"fmin": -1},
        {"fmax": 0.0},
        {"fmin": 500, "fmax": 400},
        {"scale": "dB"},
    ],
    ids=str,
)
def test_bad_parameters_are_named(wrong):
    name, value = list(wrong.items())[-1]
    with pytest.raises(ValueError, match=f"MelSpectrogram: {name}={value!r} must be "):
        MelSpectrogram(**wrong).fit([np.ones(5)])
