"""What vocoders are judged by: pitch, level, and the distance of spectrograms."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from sk_ser.audio import AudioLoader, Clip
from sk_ser.augmentation import PitchShift, TimeStretch


@pytest.fixture(scope="session")
def stretched():
    """Play a clip faster by a factor."""
    return lambda clip, rate: TimeStretch(rate).transform_clip(clip)


@pytest.fixture(scope="session")
def shifted():
    """Make a clip higher by semitones."""
    return lambda clip, semitones: PitchShift(semitones).transform_clip(clip)


@pytest.fixture(scope="session")
def cents_off():
    """Measure how far the peak of a spectrum near a frequency is from it, in cents."""

    def measure(clip, hz):
        samples = np.asarray(clip, dtype=np.float64)
        size = 8 * len(samples)
        spectrum = np.abs(np.fft.rfft(samples * np.blackman(len(samples)), size))
        near = hz * size / clip.sampling_rate * np.array([0.95, 1.05])
        low, high = int(near[0]), int(near[1]) + 2
        peak = low + spectrum[low:high].argmax()
        left, here, right = np.log(spectrum[peak - 1 : peak + 2])
        peak += 0.5 * (left - right) / (left - 2 * here + right)
        return 1200 * np.log2(peak * clip.sampling_rate / size / hz)

    return measure


@pytest.fixture(scope="session")
def level_change():
    """Measure by how many dB a clip is louder than another."""

    def measure(result, clip):
        powers = [np.mean(np.square(one, dtype=np.float64)) for one in (result, clip)]
        return 10 * np.log10(powers[0] / powers[1])

    return measure


@pytest.fixture(scope="session")
def distance():
    """Measure how far a spectrogram is from the given one at corresponding times (0: equal)."""

    def spectrogram(samples, centres, length):
        padded = np.pad(np.asarray(samples), (length // 2, length))
        frames = sliding_window_view(padded, length)[centres] * np.hanning(length)
        return np.abs(np.fft.rfft(frames))

    def measure(clip, result, rate, length=512):
        centres = np.arange(0, len(result), length // 8)
        there = np.minimum(np.round(centres * rate), len(clip)).astype(int)
        given = spectrogram(clip, there, length)
        found = spectrogram(result, centres, length)
        return np.linalg.norm(found - given) / np.linalg.norm(given)

    return measure


@pytest.fixture(scope="session")
def speech(corpora):
    """Real recordings of four corpora at 16 kHz, without the silence around them."""
    loader, clips = AudioLoader(16_000, trim=30), []
    for name in ("emodb", "ravdess", "tess", "urdu"):
        paths = sorted((corpora / name).rglob("*.flac"))
        clips += [loader.transform_clip(path) for path in paths[:: len(paths) // 3][:3]]
    return clips


@pytest.fixture(scope="session")
def voice():
    """Harmonics of a fundamental in Hz up to a third of the rate, falling as 1 / k."""

    def make(hz, sampling_rate=16_000, seconds=2.0):
        time = np.arange(round(seconds * sampling_rate)) / sampling_rate
        numbers = np.arange(1, int(sampling_rate / 3 / hz))
        # phases that differ, or all of it would be one click a period
        parts = [np.sin(2 * np.pi * hz * k * time + k * k) / k for k in numbers]
        return Clip(0.2 * np.sum(parts, axis=0), sampling_rate)

    return make
