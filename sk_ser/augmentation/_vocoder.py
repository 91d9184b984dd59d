"""Phase vocoder: a waveform made longer or shorter, at the same pitch.

Written without an angle: what a frame of the output is to be turned by, each frequency by
itself, is a complex number of absolute value 1, and turning on is multiplying.
"""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import get_window

#: Least length of a frame in seconds: harmonics of 60 Hz are told apart, and onsets stay sharp.
_WINDOW = 0.06
#: Frames that overlap at any sample.
_OVERLAP = 4


def stretch(samples, speed, sampling_rate, length):
    """Play a waveform faster or slower without changing its pitch.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,), float32
        Sample ``t * speed`` comes to lie at ``t``.
    speed : float
        Above 1 shortens.
    sampling_rate : int
        In Hz.
    length : int
        Samples of the result.

    Returns
    -------
    ndarray of shape (length,), float32

    Notes
    -----
    Frames that lie a hop apart in the output are read `speed` times a hop apart. For
    each, the frame a hop before it is read as well: by how much the phase advances over
    a hop is so measured, as by Puckette [1]_, and needs no unwrapping. All frequencies
    around a spectral peak turn with it (identity phase locking, [2]_, section III-C),
    which keeps the shape of the waveform, where a vocoder without (librosa's) spreads it.

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
    """Spectra of the frames centred at `starts`, and of those a hop before them."""
    half = len(window) // 2
    beyond = max(0, starts[-1] - len(samples))
    frames = sliding_window_view(np.pad(samples, (half + hop, half + beyond)), len(window))
    here, before = frames[starts + hop] * window, frames[starts] * window
    return rfft(here, axis=1, overwrite_x=True), rfft(before, axis=1, overwrite_x=True)


def _rotations(here, before):
    """Find what turns each frame so that it goes on where the last one ended."""
    # where the last frame of the input was, against where it would be to lead up to this one
    steps = here[:-1] * np.conj(before[1:])
    size = np.abs(steps)
    # below that, the digits of a number no longer tell its angle; nor is it heard
    heard = size > np.finfo(np.float32).tiny
    np.divide(steps, size, out=steps, where=heard)
    steps[~heard] = 1.0
    leaders = _nearest_peaks(np.abs(here))
    rotations = np.ones_like(here)
    for number, step in enumerate(steps):
        np.take(rotations[number] * step, leaders[number + 1], out=rotations[number + 1])
    return rotations


def _nearest_peaks(magnitude):
    """Bin of the peak nearest to each bin; a peak exceeds the two bins on either side."""
    is_peak = np.ones(magnitude.shape, dtype=bool)
    for step in (1, 2):
        is_peak[:, step:] &= magnitude[:, step:] > magnitude[:, :-step]
        is_peak[:, :-step] &= magnitude[:, :-step] >= magnitude[:, step:]
    # each frame has one, which is its largest, so that no region reaches into another frame
    place = np.flatnonzero(is_peak)
    frame, peak = np.divmod(place, magnitude.shape[1])
    middle = (place[1:] + place[:-1] + 1) // 2
    begins_frame = frame[1:] > frame[:-1]
    edges = np.where(begins_frame, frame[1:] * magnitude.shape[1], middle)
    sizes = np.diff(edges, prepend=0, append=magnitude.size)
    return np.repeat(peak, sizes).reshape(magnitude.shape)


def _overlap_add(frames, hop):
    """Add up frames that lie a hop apart."""
    total = np.zeros((len(frames) + _OVERLAP - 1, hop), dtype=np.float32)
    for number in range(_OVERLAP):
        total[number : number + len(frames)] += frames[:, number * hop : (number + 1) * hop]
    return total.ravel()
