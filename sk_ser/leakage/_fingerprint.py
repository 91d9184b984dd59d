"""What is left of a clip when gain, noise, codecs and places in time no longer matter.

A clip becomes a map of where its spectrum stands out from its surroundings, over time and
log-frequency [1]_, up to 3.6 kHz, which even telephone speech keeps. There a stretch in time
is a stretch of one axis, and a change of pitch a shift along the other. The map's signature,
the magnitude of its two-dimensional Fourier transform [2]_, knows of no shift along either.

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
#: Samples of a frame (64 ms, which tell the harmonics of low voices apart), of its Fourier
#: transform, and from frame to frame.
_WINDOW, _N_FFT, _HOP = 512, 1_024, 128
#: Frames that are transformed at a time.
_BLOCK = 256
#: Frames a second.
FRAME_RATE = _RATE / _HOP
#: Bands: from (Hz), to (Hz), how many an octave.
_LOWEST, _HIGHEST, _PER_OCTAVE = 110.0, 3_600.0, 24
#: What stands out is heard in dB above this share of the mean power of the loud frames, so
#: that noise 20 dB below the speech is not heard.
_FLOOR = 0.1
#: How far surroundings reach, as standard deviations in frames and bands.
_SURROUNDINGS = 8.0, 3.0
#: Seconds of sound that are compared, from where it begins, and that must be there.
_LONGEST, _SHORTEST = 8.0, 0.4
#: Sound begins this many dB below the loudest frame.
_ONSET = 20.0
#: Steps of a map's 8-bit numbers in one neper of power.
_STEPS = 24
#: Modulations in Hz, and cycles across the bands, that a signature holds.
_MODULATIONS = np.arange(0.5, 8.0, 0.5)
_N_CYCLES = 72
#: How many times as fast a copy may be for its signature to be found; slower copies are found
#: as the originals of faster ones.
SPEEDS = np.geomspace(1.0, 1.11, 5)


class Fingerprint(NamedTuple):
    """What a clip is compared by.

    Attributes
    ----------
    map : ndarray of shape (n_frames, n_bands), int8
        How far each band stands out at each time; 62.5 frames a second, 24 bands an octave.
    signatures : ndarray of shape (n_speeds, n_values), float16
        Unit vectors that know no time and no pitch: of the clip, and of what it would be at
        each of `SPEEDS`.
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
        None where there are less than 0.4 s between the first and the last sound.
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
    """Mean power in each band, (n_frames, n_bands)."""
    # scaled, so that no power is too large or too small for single precision
    samples = np.asarray(clip) / max(np.abs(clip).max(initial=0), np.finfo(np.float32).tiny)
    if clip.sampling_rate != _RATE:
        samples = soxr.resample(samples, clip.sampling_rate, _RATE)
    frames = sliding_window_view(np.pad(samples, _WINDOW // 2), _WINDOW)[::_HOP]
    window = get_window("hann", _WINDOW).astype(np.float32)
    # some frames at a time, for the spectra of an hour would fill the memory
    blocks = (frames[start : start + _BLOCK] for start in range(0, len(frames), _BLOCK))
    spectra = (rfft(block * window, _N_FFT, axis=1) for block in blocks)
    return np.concatenate([np.square(np.abs(spectrum)) @ _bands() for spectrum in spectra])


@lru_cache(maxsize=1)
def _bands():
    """Triangular bands equally spaced in log-frequency, (1 + n_fft // 2, n_bands)."""
    n_bands = int(_PER_OCTAVE * np.log2(_HIGHEST / _LOWEST)) + 1
    edges = _LOWEST * 2 ** (np.arange(-1, n_bands + 1) / _PER_OCTAVE)
    hz = np.arange(_N_FFT // 2 + 1) * _RATE / _N_FFT
    # no narrower than the bins allow
    widths = np.maximum((edges[2:] - edges[:-2]) / 2, _RATE / _N_FFT)
    bands = np.maximum(0, 1 - np.abs(hz[:, np.newaxis] - edges[1:-1]) / widths)
    return (bands / bands.sum(axis=0)).astype(np.float32)


def _cut_to_sound(power):
    """Leave what is too soft at both ends out, and what goes on for too long."""
    level = power.mean(axis=1)
    loud = np.flatnonzero(level > level.max() * 10 ** (-_ONSET / 10))
    if len(loud) == 0:
        return power[:0]
    # what surrounds the first and the last sound tells how it begins and ends
    margin = int(2 * _SURROUNDINGS[0])
    start = max(0, loud[0] - margin)
    return power[start : min(loud[-1] + margin, start + int(_LONGEST * FRAME_RATE))]


def _contrast(power):
    """Tell how far each band stands out from its surroundings, in 8 bits."""
    level = power.mean(axis=1)
    # the mean level, weighted by itself: that of loud frames, however much silence is around
    loud = np.dot(level, level) / level.sum()
    height = np.log1p(power / (_FLOOR * loud))
    contrast = height - gaussian_filter(height, _SURROUNDINGS, mode="constant")
    return np.clip(np.round(_STEPS * contrast), -127, 127).astype(np.int8)


def _signature(coarse, speed):
    """Magnitude of a map's Fourier transform, evened out, as a unit vector."""
    times = 2 / FRAME_RATE * np.arange(len(coarse))
    # whoever is played faster has each modulation at a higher frequency
    waves = np.exp(-2j * np.pi / speed * np.outer(_MODULATIONS, times)).astype(np.complex64)
    magnitude = np.abs(fft(waves @ coarse, _N_CYCLES, axis=1))
    # all voices have much of the same, slow modulations and few cycles: leave what is special
    usual = gaussian_filter(magnitude, (2, 4), mode=("nearest", "wrap"))
    special = np.sqrt(magnitude / np.maximum(usual, 1e-9)).ravel()
    special -= special.mean()
    return special / max(np.linalg.norm(special), 1e-9)
