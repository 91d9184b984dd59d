"""Higher or lower by as many semitones, as long and as loud as before."""

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser.audio import Clip
from sk_ser.augmentation import PitchShift
from sk_ser.features import FundamentalFrequency

SEMITONES = [-12, -3, -0.7, 0.5, 2, 5, 12]


@settings(deadline=None, max_examples=50)
@given(semitones=st.floats(-24, 24), n_samples=st.integers(1, 3_000))
def test_length(semitones, n_samples):
    clip = Clip(np.random.default_rng(0).normal(size=n_samples), 8_000)
    made = PitchShift(semitones).transform_clip(clip)
    assert len(made) == n_samples
    assert np.isfinite(made).all()


@pytest.mark.parametrize("semitones", SEMITONES)
@pytest.mark.parametrize("hz", [110, 440, 1_000])
@pytest.mark.parametrize("sampling_rate", [8_000, 16_000, 22_050])
def test_a_tone_is_moved(semitones, hz, sampling_rate, make_tone, shifted, cents_off, level_change):
    tone = make_tone(hz, 2.0, sampling_rate)
    made = shifted(tone, semitones)
    assert abs(cents_off(made, hz * 2 ** (semitones / 12))) < 1
    assert abs(level_change(made, tone)) < 0.1


@pytest.mark.parametrize("semitones", [-4, -0.7, 0.5, 2, 5])
@pytest.mark.parametrize("hz", [90, 150, 350])
@pytest.mark.parametrize("sampling_rate", [16_000, 44_100])
def test_all_harmonics_of_a_voice_are_moved(
    semitones, hz, sampling_rate, voice, shifted, cents_off, level_change
):
    given = voice(hz, sampling_rate)
    made = shifted(given, semitones)
    moved = hz * 2 ** (semitones / 12)
    assert all(abs(cents_off(made, k * moved)) < 2 for k in (1, 2, 3, 5, 8))
    assert abs(level_change(made, given)) < 0.2


def test_none_is_none(make_noise, shifted):
    np.testing.assert_allclose(shifted(make_noise(), 0.0), make_noise(), atol=1e-4)


def test_what_would_lie_above_half_the_rate_does_not_come_back_below(make_tone, shifted):
    tone = make_tone(6_000)
    made = shifted(tone, 12.0)
    assert np.mean(np.square(made)) < 1e-4 * np.mean(np.square(tone))


def test_events_stay_where_they_are(shifted):
    clip = Clip(np.zeros(16_000))
    clip[4_000:4_008] = 1.0
    for semitones in (-4, 4):
        power = np.square(shifted(clip, semitones))
        assert np.sum(power * np.arange(16_000)) / power.sum() == pytest.approx(4_000, abs=32)


@pytest.mark.corpus
@pytest.mark.parametrize("semitones", [-4, -2, 1, 3])
def test_the_melody_of_real_speech_moves_as_one(semitones, speech, shifted, level_change):
    pitch = FundamentalFrequency(50, 600, hop_length=160)
    for clip in speech:
        made = shifted(clip, semitones)
        assert made.shape == clip.shape
        before, after = (np.asarray(pitch.transform_clip(one)) for one in (clip, made))
        voiced = (after[:, 1] > 0.7) & (before[:, 1] > 0.7)
        assert voiced.sum() > 20
        moved = after[voiced, 0] - before[voiced, 0]
        assert np.median(moved) == pytest.approx(semitones, abs=0.05)
        assert np.median(np.abs(moved - semitones)) < 0.1
        # what is moved beyond half the sampling rate is missed
        assert -2 < level_change(made, clip) < 0.7


@pytest.mark.corpus
def test_real_speech_moved_there_and_back_is_nearer_to_itself_than_by_librosa(
    speech, shifted, distance
):
    for clip in speech:
        ours = shifted(shifted(clip, -2), 2)
        theirs = np.asarray(clip)
        for step in (-2, 2):
            theirs = librosa.effects.pitch_shift(theirs, sr=16_000, n_steps=step)
        assert distance(clip, ours, 1.0) < distance(clip, theirs, 1.0)
