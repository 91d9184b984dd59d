"""A description of a clip that gain, noise, codecs and shifts in time hardly change.

A clip becomes a map of how far its spectrum stands out from its surroundings, over time and
log-frequency [1]_, up to 3.6 kHz, which telephone speech still contains. A stretch in time is a
stretch of one axis of the map, and a change of pitch is a shift along the other. The map's
signature is the magnitude of its two-dimensional Fourier transform [2]_, which no shift changes.

References
----------
.. [1] S. Fenet, G. Richard and Y. Grenier (2011), A scalable audio fingerprint method with
   robustness to pitch-shifting, ISMIR.
.. [2] T. Bertin-Mahieux and D. P. W. Ellis (2012), Large-scale cover song recognition using
   the 2D Fourier transform magnitude, ISMIR.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import soxr
from numpy.lib.stride_tricks import sliding_window_view
from scipy.fft import fft, rfft
from scipy.ndimage import gaussian_filter
from scipy.signal import get_window

#: Sampling rate in Hz at which clips are compared.
_RATE = 8_000
#: Samples of a frame (64 ms, which resolve the harmonics of low voices), of its Fourier
#: transform, and of the hop.
_WINDOW, _N_FFT, _HOP = 512, 1_024, 128
#: Frames that are transformed at a time.
_BLOCK = 256
#: Frames per second.
FRAME_RATE = _RATE / _HOP
#: Bands: from (Hz), to (Hz), bands per octave.
_LOWEST, _HIGHEST, _PER_OCTAVE = 110.0, 3_600.0, 24
#: Floor of the logarithm, as a share of the mean power of the loud frames. Noise 20 dB below
#: the speech lies under it.
_FLOOR = 0.1
#: Size of the surroundings: standard deviations in frames and bands.
_SURROUNDINGS = 8.0, 3.0
#: Seconds of sound that are compared at most, from its onset, and that are needed at least.
_LONGEST, _SHORTEST = 8.0, 0.4
#: Sound starts where the level is this many dB below the loudest frame.
_ONSET = 20.0
#: Steps of a map's 8-bit numbers in one neper of power.
_STEPS = 24
#: Modulations in Hz, and cycles across the bands, that a signature contains.
_MODULATIONS = np.arange(0.5, 8.0, 0.5)
_N_CYCLES = 72
#: Speeds of a copy that signatures cover. Slower copies are found as originals of faster ones.
SPEEDS = np.geomspace(1.0, 1.11, 5)


class Fingerprint(NamedTuple):
    """Description by which a clip is compared with others.

    Attributes
    ----------
    map : ndarray of shape (n_frames, n_bands), int8
        How far each band stands out at each time; 62.5 frames per second, 24 bands per
        octave.
    signatures : ndarray of shape (n_speeds, n_values), float16
        Unit vectors that do not depend on time and pitch, one for each of `SPEEDS` at which
        the clip may be played.
    """

    map: np.ndarray
    signatures: np.ndarray


def fingerprint(clip):
    """Describe one clip.

    Parameters
    ----------
    clip : Clip of shape (n_samples,)

    Returns
    -------
    Fingerprint or None
        None where the first and the last sound are less than 0.4 s apart.
    """
    power = _cut_to_sound(_band_power(clip))
    if len(power) < _SHORTEST * FRAME_RATE:
        return None
    contrast = _contrast(power)
    coarse = halve(contrast)
    if not coarse.any():
        return None
    signatures = np.stack([_signature(coarse, speed) for speed in SPEEDS])
    return Fingerprint(contrast, signatures.astype(np.float16))


def halve(contrast):
    """Make a map of half as many frames and bands, each the mean of four; float32."""
    n_frames, n_bands = (length // 2 for length in contrast.shape)
    blocks = contrast[: 2 * n_frames, : 2 * n_bands].reshape(n_frames, 2, n_bands, 2)
    return blocks.mean(axis=(1, 3), dtype=np.float32)


def _band_power(clip):
    """Compute the mean power of each band, (n_frames, n_bands)."""
    # scaled, so that powers stay within single precision
    samples = np.asarray(clip) / max(np.abs(clip).max(initial=0), np.finfo(np.float32).tiny)
    if clip.sampling_rate != _RATE:
        samples = soxr.resample(samples, clip.sampling_rate, _RATE)
    frames = sliding_window_view(np.pad(samples, _WINDOW // 2), _WINDOW)[::_HOP]
    window = get_window("hann", _WINDOW).astype(np.float32)
    # in blocks: the spectra of an hour would fill the memory
    blocks = (frames[start : start + _BLOCK] for start in range(0, len(frames), _BLOCK))
    spectra = (rfft(block * window, _N_FFT, axis=1) for block in blocks)
    return np.concatenate([np.square(np.abs(spectrum)) @ _bands() for spectrum in spectra])


@lru_cache(maxsize=1)
def _bands():
    """Make triangular bands, equally spaced in log-frequency, (1 + n_fft // 2, n_bands)."""
    n_bands = int(_PER_OCTAVE * np.log2(_HIGHEST / _LOWEST)) + 1
    edges = _LOWEST * 2 ** (np.arange(-1, n_bands + 1) / _PER_OCTAVE)
    hz = np.arange(_N_FFT // 2 + 1) * _RATE / _N_FFT
    # no narrower than the bins
    widths = np.maximum((edges[2:] - edges[:-2]) / 2, _RATE / _N_FFT)
    bands = np.maximum(0, 1 - np.abs(hz[:, np.newaxis] - edges[1:-1]) / widths)
    return (bands / bands.sum(axis=0)).astype(np.float32)


def _cut_to_sound(power):
    """Cut off soft frames at both ends, and what exceeds the longest duration."""
    level = power.mean(axis=1)
    loud = np.flatnonzero(level > level.max() * 10 ** (-_ONSET / 10))
    if len(loud) == 0:
        return power[:0]
    # the surroundings of the first and the last sound describe onset and end
    margin = int(2 * _SURROUNDINGS[0])
    start = max(0, loud[0] - margin)
    return power[start : min(loud[-1] + margin, start + int(_LONGEST * FRAME_RATE))]


def _contrast(power):
    """Measure how far each band stands out from its surroundings, in 8 bits."""
    level = power.mean(axis=1)
    # the mean level weighted by itself: that of loud frames, however much silence there is
    loud = np.dot(level, level) / level.sum()
    height = np.log1p(power / (_FLOOR * loud))
    contrast = height - gaussian_filter(height, _SURROUNDINGS, mode="constant")
    return np.clip(np.round(_STEPS * contrast), -127, 127).astype(np.int8)


def _signature(coarse, speed):
    """Compute the magnitude of a map's Fourier transform, evened out, as a unit vector."""
    times = 2 / FRAME_RATE * np.arange(len(coarse))
    # a faster clip has each modulation at a higher frequency
    waves = np.exp(-2j * np.pi / speed * np.outer(_MODULATIONS, times)).astype(np.complex64)
    magnitude = np.abs(fft(waves @ coarse, _N_CYCLES, axis=1))
    # slow modulations and few cycles are common to all voices: keep what exceeds them
    common = gaussian_filter(magnitude, (2, 4), mode=("nearest", "wrap"))
    vector = np.sqrt(magnitude / np.maximum(common, 1e-9)).ravel()
    vector -= vector.mean()
    return vector / max(np.linalg.norm(vector), 1e-9)
