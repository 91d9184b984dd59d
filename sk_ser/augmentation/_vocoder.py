"""Phase vocoder: change the duration of a waveform at the same pitch.

No angles are computed: the phase by which a bin of a frame is rotated is a complex number of
absolute value 1, and rotations are multiplications.
"""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import get_window

#: Least length of a frame in seconds: it separates harmonics of 60 Hz and keeps onsets sharp.
_WINDOW = 0.06
#: Number of frames that overlap at each sample.
_OVERLAP = 4


def stretch(samples, speed, sampling_rate, length):
    """Change the speed of a waveform without changing its pitch.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,), float32
        Sample ``t * speed`` moves to ``t``.
    speed : float
        Values above 1 shorten the waveform.
    sampling_rate : int
        In Hz.
    length : int
        Number of samples of the result.

    Returns
    -------
    ndarray of shape (length,), float32

    Notes
    -----
    Frames that are one hop apart in the output are read `speed` hops apart. For each of them,
    the frame one hop earlier is read as well. This measures the phase advance over one hop, as
    in Puckette [1]_, and needs no unwrapping. All bins around a spectral peak are rotated as
    the peak is (identity phase locking, [2]_, section III-C), which preserves the shape of
    the waveform; a vocoder without it (librosa's) smears it.

    References
    ----------
    .. [1] M. Puckette, "Phase-locked vocoder", WASPAA 1995.
    .. [2] J. Laroche and M. Dolson, "Improved phase vocoder time-scale modification of
       audio", IEEE Transactions on Speech and Audio Processing 7(3), 1999.
    """
    hop, window = _framing(sampling_rate)
    starts = np.round(np.arange(1 + -(-length // hop)) * hop * speed).astype(np.intp)
    here, before = _spectra(samples, starts, hop, window)
    here *= _rotations(here, before)
    frames = irfft(here, len(window), axis=1, overwrite_x=True) * window
    weights = np.broadcast_to(np.square(window), frames.shape)
    # frame 0 is centred at sample 0
    cut = slice(len(window) // 2, len(window) // 2 + length)
    return _overlap_add(frames, hop)[cut] / _overlap_add(weights, hop)[cut]


@lru_cache(maxsize=8)
def _framing(sampling_rate):
    hop = next_fast_len(int(np.ceil(_WINDOW / _OVERLAP * sampling_rate)), real=True)
    return hop, get_window("hann", _OVERLAP * hop).astype(np.float32)


def _spectra(samples, starts, hop, window):
    """Compute the spectra of the frames centred at `starts`, and of those one hop earlier."""
    half = len(window) // 2
    beyond = max(0, starts[-1] - len(samples))
    frames = sliding_window_view(np.pad(samples, (half + hop, half + beyond)), len(window))
    here, before = frames[starts + hop] * window, frames[starts] * window
    return rfft(here, axis=1, overwrite_x=True), rfft(before, axis=1, overwrite_x=True)


def _rotations(here, before):
    """Compute the factor that continues the phase of the previous frame, for each bin.

    Parameters
    ----------
    here : ndarray of shape (n_frames, n_bins), complex
        Spectra of the frames.
    before : ndarray of shape (n_frames, n_bins), complex
        Spectra of the frames one hop earlier in the input.

    Returns
    -------
    ndarray of shape (n_frames, n_bins), complex
        Of absolute value 1. The factor of a bin is that of the nearest spectral peak.
    """
    # phase of the last frame read, relative to the phase that leads up to this frame
    steps = here[:-1] * np.conj(before[1:])
    size = np.abs(steps)
    # smaller numbers have no reliable angle, and are inaudible
    is_reliable = size > np.finfo(np.float32).tiny
    np.divide(steps, size, out=steps, where=is_reliable)
    steps[~is_reliable] = 1.0
    peaks = _nearest_peaks(np.abs(here))
    rotations = np.ones_like(here)
    for number, step in enumerate(steps):
        np.take(rotations[number] * step, peaks[number + 1], out=rotations[number + 1])
    return rotations


def _nearest_peaks(magnitude):
    """Find the bin of the nearest spectral peak in the same frame, for each bin.

    Parameters
    ----------
    magnitude : ndarray of shape (n_frames, n_bins)

    Returns
    -------
    ndarray of shape (n_frames, n_bins), int
    """
    n_bins = magnitude.shape[1]
    # positions count through all frames; each frame has at least one peak, its largest bin
    position = np.flatnonzero(_is_peak(magnitude))
    frame, peak = np.divmod(position, n_bins)
    # the region of a peak begins halfway from the previous peak, or at the start of its frame
    halfway = (position[1:] + position[:-1] + 1) // 2
    is_first_in_frame = frame[1:] > frame[:-1]
    starts = np.where(is_first_in_frame, frame[1:] * n_bins, halfway)
    sizes = np.diff(starts, prepend=0, append=magnitude.size)
    return np.repeat(peak, sizes).reshape(magnitude.shape)


def _is_peak(magnitude):
    """Mark the bins that exceed the two bins on either side."""
    is_peak = np.ones(magnitude.shape, dtype=bool)
    for step in (1, 2):
        is_peak[:, step:] &= magnitude[:, step:] > magnitude[:, :-step]
        is_peak[:, :-step] &= magnitude[:, :-step] >= magnitude[:, step:]
    return is_peak


def _overlap_add(frames, hop):
    """Add frames that are one hop apart."""
    total = np.zeros((len(frames) + _OVERLAP - 1, hop), dtype=np.float32)
    for number in range(_OVERLAP):
        total[number : number + len(frames)] += frames[:, number * hop : (number + 1) * hop]
    return total.ravel()
