"""Tuning is librosa's, and that of a tone out of tune is known."""

import librosa
import numpy as np
import pytest

from sk_ser.features import Frames, Framing
from sk_ser.features._tuning import estimate_tuning


def tuning_of(clip, n_fft=2_048, bins_per_octave=12):
    power = Frames(clip).power(Framing(n_fft))
    return estimate_tuning(power, clip.sampling_rate, n_fft, bins_per_octave)


@pytest.mark.parametrize("bins", [12, 24])
@pytest.mark.parametrize("n_fft", [1_024, 2_048])
def test_librosa(speechlike, n_fft, bins):
    power = np.abs(librosa.stft(np.asarray(speechlike), n_fft=n_fft)) ** 2
    expected = librosa.estimate_tuning(
        S=power, sr=speechlike.sampling_rate, n_fft=n_fft, bins_per_octave=bins
    )
    # a steady tone's peaks all but tie between neighbouring steps of 0.01
    assert tuning_of(speechlike, n_fft, bins) == pytest.approx(expected, abs=0.0201)


@pytest.mark.corpus
def test_librosa_on_real_clips(real_clips):
    for clip in real_clips:
        power = np.abs(librosa.stft(np.asarray(clip))) ** 2
        expected = librosa.estimate_tuning(S=power, sr=clip.sampling_rate, bins_per_octave=12)
        assert tuning_of(clip) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("cents", [-40, -20, 0, 15, 30])
def test_a_chord_out_of_tune(make_tone, cents):
    factor = 2 ** (cents / 1_200)
    chord = sum(make_tone(hz * factor) for hz in (440, 880, 1_760))
    assert tuning_of(chord, 4_096) == pytest.approx(cents / 100, abs=0.06)


@pytest.mark.parametrize("hz", [50, 6_000])
def test_where_no_peak_is_in_range_it_is_0(make_tone, hz):
    assert tuning_of(make_tone(hz)) == 0.0


def test_silence_is_in_tune(make_tone):
    assert tuning_of(0 * make_tone(440)) == 0.0


@pytest.mark.parametrize("n_fft", [2, 3, 4, 16])
def test_frames_too_short_for_a_peak(make_noise, n_fft):
    assert -0.5 <= tuning_of(make_noise(1_000), n_fft) < 0.5
