"""Faster or slower, at the same pitch and level; nearer to the clip than librosa's."""

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser.audio import Clip
from sk_ser.augmentation import TimeStretch
from sk_ser.features import MFCC, FundamentalFrequency

RATES = [0.5, 0.8, 0.93, 1.1, 1.25, 2.0]


@settings(deadline=None, max_examples=50)
@given(rate=st.floats(0.25, 4), n_samples=st.integers(1, 3_000))
def test_length(rate, n_samples):
    clip = Clip(np.random.default_rng(0).normal(size=n_samples), 8_000)
    made = TimeStretch(rate).transform_clip(clip)
    assert len(made) == max(1, round(n_samples / rate))
    assert np.isfinite(made).all()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hz", [60, 110, 440, 1_000, 3_000])
@pytest.mark.parametrize("sampling_rate", [8_000, 16_000, 22_050])
def test_a_tone_keeps_its_pitch_and_level(
    rate, hz, sampling_rate, make_tone, stretched, cents_off, level_change
):
    tone = make_tone(hz, 2.0, sampling_rate)
    made = stretched(tone, rate)
    assert abs(cents_off(made, hz)) < 1
    assert abs(level_change(made, tone)) < 0.1


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hz", [60, 90, 150, 350])
@pytest.mark.parametrize("sampling_rate", [16_000, 44_100])
def test_a_voice_keeps_its_harmonics_and_level(
    rate, hz, sampling_rate, voice, stretched, cents_off, level_change
):
    given = voice(hz, sampling_rate)
    made = stretched(given, rate)
    assert all(abs(cents_off(made, k * hz)) < 2 for k in (1, 2, 3, 5, 8))
    assert abs(level_change(made, given)) < 0.2


def test_a_rate_of_1_changes_nothing(make_noise, stretched):
    for n_samples in (1, 10, 5_000):
        noise = make_noise(n_samples)
        np.testing.assert_allclose(stretched(noise, 1.0), noise, atol=1e-5)


def test_no_window_shows_in_a_steady_tone(make_tone, stretched):
    made = stretched(make_tone(200, 1.0), 0.9)
    # one cycle is 80 samples
    peaks = np.abs(np.asarray(made)[: 80 * 200]).reshape(-1, 80).max(axis=1)
    np.testing.assert_allclose(peaks[5:-5], 0.5, rtol=0.01)


@pytest.mark.parametrize("rate", [0.8, 1.25])
def test_clicks_stay_where_they_belong_and_stay_clicks(rate, stretched):
    clip = Clip(np.zeros(16_000))
    clip[8_000:8_008] = np.hanning(10)[1:-1]
    power = np.square(stretched(clip, rate))
    times, share = np.arange(len(power)), power / power.sum()
    centre = np.sum(share * times)
    assert centre == pytest.approx(8_000 / rate, abs=16)
    assert np.sqrt(np.sum(share * (times - centre) ** 2)) < 0.003 * 16_000


def test_what_is_loud_and_what_is_silent_stay_apart(make_noise, stretched):
    clip = make_noise(32_000)
    clip[8_000:24_000] = 0
    for rate in (0.8, 1.25):
        made = stretched(clip, rate)
        silent = made[int(9_600 / rate) : int(22_400 / rate)]
        assert np.abs(silent).max() < 1e-3 * np.abs(made).max()


@pytest.mark.parametrize("scale", [1e-12, 1e6])
def test_any_scale(scale, voice, stretched):
    given = voice(150)
    made = stretched(Clip(given * scale), 0.9)
    np.testing.assert_allclose(np.asarray(made, float) / scale, stretched(given, 0.9), atol=2e-3)


def librosas(clip, rate):
    """Stretch by librosa's vocoder, as its `time_stretch` does, which warns in librosa 1.0."""
    spectrum = librosa.phase_vocoder(librosa.stft(np.asarray(clip)), rate=rate)
    return librosa.istft(spectrum, dtype=np.float32, length=round(len(clip) / rate))


@pytest.mark.parametrize("rate", [0.8, 0.9, 1.1, 1.25])
def test_noise_is_nearer_to_the_clip_than_librosas(rate, make_noise, stretched, distance):
    noise = make_noise()
    theirs = librosas(noise, rate)
    assert distance(noise, stretched(noise, rate), rate) < distance(noise, theirs, rate)


@pytest.mark.corpus
@pytest.mark.parametrize("rate", [0.8, 0.9, 1.1, 1.25])
def test_real_speech_is_nearer_to_the_clip_than_librosas(rate, speech, stretched, distance):
    # short windows see onsets, long ones harmonics
    for length in (128, 256, 512, 1024):
        ours, theirs = [], []
        for clip in speech:
            ours.append(distance(clip, stretched(clip, rate), rate, length))
            result = librosas(clip, rate)
            theirs.append(distance(clip, result, rate, length))
        assert np.all(np.array(ours) < theirs)
        assert np.mean(ours) < 0.6 * np.mean(theirs)


@pytest.mark.corpus
@pytest.mark.parametrize("rate", [0.8, 0.9, 1.1, 1.25])
def test_real_speech_keeps_its_melody_duration_and_level(rate, speech, stretched, level_change):
    pitch = FundamentalFrequency(hop_length=160)
    for clip in speech:
        made = stretched(clip, rate)
        assert made.duration == pytest.approx(clip.duration / rate, abs=1e-4)
        assert abs(level_change(made, clip)) < 1.5
        before, after = (np.asarray(pitch.transform_clip(one)) for one in (clip, made))
        there = np.minimum(np.round(np.arange(len(after)) * rate), len(before) - 1).astype(int)
        voiced = (after[:, 1] > 0.7) & (before[there, 1] > 0.7)
        assert voiced.sum() > 20
        assert np.median(np.abs(after[voiced, 0] - before[there, 0][voiced])) < 0.1


def test_of_an_array_an_array_is_made_whatever_its_clips_lengths():
    X = np.random.default_rng(0).normal(size=(30, 5))
    for seed in range(20):
        made = TimeStretch(random_state=seed).fit_transform(X)
        assert len(made) == made.shape[0] == 30
        assert MFCC(3).transform(made).shape == (30, 1, 3)
