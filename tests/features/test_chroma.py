"""Chroma is librosa's, and a note is in its pitch class in every octave."""

import librosa
import numpy as np
import pytest

from sk_ser.audio import Clip
from sk_ser.features import Chroma
from sk_ser.features._chroma import chroma_filters

# what librosa warns of, and is meant here
pytestmark = pytest.mark.filterwarnings(
    "ignore:(Empty filters|n_fft=|Trying to estimate tuning):UserWarning"
)

SETTINGS = [
    {},
    {"n_chroma": 24},
    {"tuning": 0.0},
    {"tuning": -0.37, "n_chroma": 24},
    {"n_fft": 4_096, "hop_length": 1_024},
    {"n_fft": 1_024, "win_length": 800, "hop_length": 300, "window": "hamming", "tuning": 0.1},
    {"center": False, "n_fft": 512, "tuning": 0.2},
]
NOTES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]


def describe(clip, **settings):
    return Chroma(**settings).fit_transform([clip])[0]


def oracle(clip, **settings):
    return librosa.feature.chroma_stft(y=np.asarray(clip), sr=clip.sampling_rate, **settings)


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


@pytest.mark.parametrize("n_chroma", [12, 24, 7])
@pytest.mark.parametrize("tuning", [0.0, 0.3, -0.5])
def test_filters_are_librosas(n_chroma, tuning):
    expected = librosa.filters.chroma(sr=22_050, n_fft=2_048, tuning=tuning, n_chroma=n_chroma)
    found = chroma_filters(22_050, 2_048, tuning, n_chroma)
    np.testing.assert_allclose(found, expected.T, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("note", ["C4", "E4", "A4", "F#5", "B5", "A3", "D6"])
def test_a_note_is_in_its_class(make_tone, note):
    hz = librosa.note_to_hz(note)
    chroma = describe(make_tone(hz), n_fft=4_096, tuning=0.0)
    assert NOTES[chroma[10].argmax()] == note[:-1]
    assert chroma[10].max() == 1


def test_tuning_is_each_clips_own(make_tone):
    # a quarter of a semitone sharp, and a quarter flat: the same notes all the same
    sharp, flat = (make_tone(440 * 2 ** (cents / 1_200)) for cents in (25, -25))
    together = Chroma(n_fft=4_096).fit_transform([sharp, flat])
    np.testing.assert_array_equal(together[0], describe(sharp, n_fft=4_096))
    np.testing.assert_array_equal(together[1], describe(flat, n_fft=4_096))
    assert together[:, 10].argmax(axis=1).tolist() == [9, 9]


def test_silence_is_zero():
    assert not describe(Clip(np.zeros(5_000))).any()


def test_loudness_does_not_matter(make_noise):
    noise = make_noise()
    np.testing.assert_allclose(
        describe(Clip(1e-3 * noise), tuning=0.0), describe(noise, tuning=0.0), rtol=1e-4
    )


@pytest.mark.parametrize("wrong", [{"n_chroma": 0}, {"n_chroma": 12.0}, {"tuning": "A"}], ids=str)
def test_bad_parameters_are_named(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"Chroma: {name}={value!r} must be "):
        Chroma(**wrong).fit([np.ones(5)])
