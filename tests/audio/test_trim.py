"""Silence is cut where librosa cuts it, and at every rate the same stretch of time."""

import librosa
import numpy as np
import pytest

from sk_ser.audio import trim


def in_silence(sound, before, after, rate=16_000, floor=1e-4):
    noise = np.random.default_rng(1).normal(scale=floor, size=round((before + after) * rate))
    cut = round(before * rate)
    return np.r_[noise[:cut], sound, noise[cut:]].astype(np.float32)


@pytest.mark.parametrize("top_db", [20, 30, 60])
def test_librosa(make_noise, make_tone, top_db):
    for sound in (make_noise(), make_tone(300, 0.7), make_noise() * np.linspace(0, 1, 16_000)):
        clip = in_silence(sound, 0.8, 0.3)
        np.testing.assert_array_equal(
            trim(clip, 16_000, top_db), librosa.effects.trim(clip, top_db=top_db)[0]
        )


@pytest.mark.corpus
def test_librosa_on_real_clips(real_clips):
    for clip in real_clips:
        samples = np.asarray(clip)
        np.testing.assert_array_equal(
            trim(samples, 16_000, 30), librosa.effects.trim(samples, top_db=30)[0]
        )


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000])
def test_what_is_cut_does_not_depend_on_the_rate(make_tone, rate):
    clip = in_silence(make_tone(300, 1.0, rate), 1.0, 0.5, rate)
    assert len(trim(clip, rate, 30)) / rate == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("clip", [np.zeros(5_000), np.ones(5_000), np.ones(1), np.zeros(1)])
def test_all_silent_or_all_loud_stays_whole(clip):
    assert len(trim(clip.astype(np.float32), 16_000, 30)) == len(clip)


def test_pauses_within_stay(make_tone):
    tone = make_tone(300, 0.5)
    clip = np.r_[tone, np.zeros(16_000), tone]
    assert len(trim(clip, 16_000, 30)) == len(clip)
