"""Fundamental frequency and voicing."""

from dataclasses import KW_ONLY, dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import get_window

from sk_ser.features._descriptor import WaveformDescriptor
from sk_ser.features._frames import Frames
from sk_ser.features._pitch_path import OCTAVE_COST, VOICING_THRESHOLD, best_path

#: Number of candidates for the period of a frame, beside "unvoiced".
_N_CANDIDATES = 4
#: Number of frames that are analysed at a time.
_BLOCK = 64
# Lags on each side of a peak used for its interpolation, and steps per lag
_DEPTH = 8
_FINENESS = 4
#: Origin of the semitone scale: A0, as in eGeMAPS.
_REFERENCE_HZ = 27.5


@dataclass(eq=False, repr=False)
class FundamentalFrequency(WaveformDescriptor):
    """Fundamental frequency and voicing, the strength of the periodicity.

    Parameters
    ----------
    fmin : float, default=60.0
        Lowest fundamental frequency in Hz.
    fmax : float, default=500.0
        Highest fundamental frequency in Hz.
    unit : {"semitone", "hz"}, default="semitone"
        Unit of the frequency: semitones above 27.5 Hz (A0), in which an octave is 12 for
        high and low voices alike, or Hz.
    frame_length : int, default=1024
        Length in samples of the frames whose level is measured. The frames of the frequency have
        the same centres and, as in Praat, three periods of `fmin`.
    hop_length : int, default=512
        Samples between successive frames.
    center : bool, default=True
        Whether frame t is centred at sample ``t * hop_length``, the clip being padded
        with zeros.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Column ``f0`` is interpolated linearly in unvoiced frames, so that it always has a value;
    it is 0 in a clip without voiced frames. Column ``voicing`` is the autocorrelation r at
    the period, 0 in unvoiced frames and 1 for a perfectly periodic one; the
    harmonics-to-noise ratio is ``10 log10(r / (1 - r))``.

    The method is Boersma's [1]_, as in Praat: the autocorrelation of each frame is
    divided by that of its window (eq. 9), its strongest peaks are candidates, and the
    path of least cost through them is found over the whole clip (eq. 26-28). A frame is silent if
    its peak, within half a period of `fmin` about its centre, is small beside the clip's. The
    costs of a transition are for steps of 10 ms, and scaled to others.

    References
    ----------
    .. [1] P. Boersma, "Accurate short-term analysis of the fundamental frequency and
       the harmonics-to-noise ratio of a sampled sound", IFA Proceedings 17, 1993.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import FundamentalFrequency
    >>> time = np.arange(16_000) / 16_000
    >>> voice = sum(np.sin(2 * np.pi * 110 * k * time) / k for k in range(1, 9))
    >>> f0 = FundamentalFrequency(unit="hz").fit_transform([voice])[0]
    >>> round(float(f0[10, 0]), 1)
    110.0
    """

    fmin: float = 60.0
    fmax: float = 500.0
    _: KW_ONLY
    unit: str = "semitone"
    frame_length: int = 1024

    def describe(self, frames: Frames) -> np.ndarray:
        """Compute frequency and voicing, (n_frames, 2)."""
        hz, voicing = track_pitch(frames, self.framing(), self.fmin, self.fmax)
        f0 = _through_gaps(12 * np.log2(np.maximum(hz, 1) / _REFERENCE_HZ), voiced=hz > 0)
        if self.unit == "hz" and (hz > 0).any():
            f0 = _REFERENCE_HZ * 2 ** (f0 / 12)
        return np.stack([f0, voicing], axis=1).astype(np.float32)

    def names(self) -> list[str]:
        """List ``f0`` and ``voicing``."""
        return ["f0", "voicing"]

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        self.check("fmin", self.fmin > 0, "> 0 Hz")
        self.check("fmax", self.fmax > self.fmin, f"> fmin={self.fmin} Hz")
        self.check("unit", self.unit in ("semitone", "hz"), '"semitone" or "hz"')
        self.check_whole("frame_length", 16, " of samples")


def track_pitch(frames, framing, fmin, fmax):
    """Track the fundamental frequency through a clip.

    Parameters
    ----------
    frames : Frames
        Analysis of one clip.
    framing : Framing
        `n_fft` is the length of a frame.
    fmin, fmax : float
        Range in Hz.

    Returns
    -------
    hz : ndarray of shape (n_frames,)
        0 in unvoiced frames.
    voicing : ndarray of shape (n_frames,)
        Autocorrelation at the period, within [0, 1]; 0 in unvoiced frames.
    """
    rate = frames.sampling_rate
    if 2 * fmax >= rate:
        raise ValueError(
            f"FundamentalFrequency: fmax={fmax} Hz must be below half the sampling rate of {rate} "
            "Hz. Lower fmax."
        )
    longest = int(np.ceil(rate / fmin))
    pieces = _cut(frames, framing, 3 * longest)
    shortest = max(2, int(rate / fmax))
    # few enough frames to fit the processor's cache
    blocks = [pieces[start : start + _BLOCK] for start in range(0, len(pieces), _BLOCK)]
    n_lags = longest + 2 + _DEPTH
    found = [_peaks(_autocorrelation(block, n_lags), shortest) for block in blocks]
    lags, strengths = _candidates(len(pieces), found)
    hz = np.where(lags > 0, rate / np.maximum(lags, 1e-9), 0.0)
    loudness = np.concatenate([_central_peaks(block, longest) for block in blocks])
    loudness = np.minimum(loudness / _peak(frames.samples), 1.0)
    path = best_path(hz, strengths, loudness, fmax, framing.hop_length / rate)
    everywhere = np.arange(len(hz))
    return hz[everywhere, path], np.clip(strengths[everywhere, path], 0.0, 1.0) * (path > 0)


def _peak(samples):
    """Find the largest amplitude beside the mean; that of rounding errors is infinite."""
    peak = np.abs(samples - samples.mean(dtype=np.float64)).max()
    return peak if peak > 1e-6 * np.abs(samples).max() else np.inf


def _cut(frames, framing, length):
    """Cut a clip into frames of a length, with the number and the centres of the framing."""
    length += length % 2
    if framing.center:
        return frames.cut(length, framing.hop_length, True)
    # frames that begin at the first sample have their centres half their length later
    n_frames = len(frames.cut(*framing[:2], False))
    first = (framing.n_fft - length) // 2
    end = first + (n_frames - 1) * framing.hop_length + length
    samples = frames.samples[max(0, first) : max(0, end)]
    padded = np.pad(samples, (max(0, -first), max(0, end - len(frames.samples))))
    return sliding_window_view(padded, length)[:: framing.hop_length]


def _central_peaks(pieces, longest):
    """Find the largest amplitude within half a longest period of the centre of each frame."""
    middle, half = pieces.shape[1] // 2, longest // 2 + 1
    mean = pieces[:, middle - longest : middle + longest].mean(axis=1, keepdims=True)
    return np.abs(pieces[:, middle - half : middle + half] - mean).max(axis=1)


def _autocorrelation(pieces, n_lags):
    """Compute the autocorrelation of each frame, relative to lag 0 and to that of the window."""
    window, size, of_window = _lag_window(pieces.shape[1], n_lags)
    centred = (pieces - pieces.mean(axis=1, keepdims=True)) * window
    similarity = _lagged_products(centred, size)[:, :n_lags]
    energy = np.maximum(similarity[:, :1], np.finfo(np.float32).tiny)
    return similarity / (energy * of_window)


@lru_cache(maxsize=16)
def _lag_window(length, n_lags):
    window = get_window("hann", length).astype(np.float32)
    size = next_fast_len(length + n_lags, real=True)
    of_window = _lagged_products(window[np.newaxis], size)[0, :n_lags]
    return window, size, np.maximum(of_window / of_window[0], 1e-3)


def _lagged_products(pieces, size):
    return irfft(np.square(np.abs(rfft(pieces, size, axis=1))), size, axis=1)


def _peaks(similarity, shortest):
    """Find the peaks of the autocorrelation, interpolated between lags.

    The peak of a bright voice is narrow and nearly vanishes between two lags, so that twice
    its period would win. Boersma therefore interpolates the autocorrelation by sin x / x before
    comparing peaks.

    Parameters
    ----------
    similarity : ndarray of shape (n_frames, n_lags)
        Autocorrelation.
    shortest : int
        First lag that may be a period.

    Returns
    -------
    frame : ndarray of shape (n_peaks,), int
    lag : ndarray of shape (n_peaks,)
        In samples, in steps of 1 / 4.
    heights : ndarray of shape (3, n_peaks)
        Autocorrelation one step before the peak, at it, and one step after it.
    """
    end = similarity.shape[1] - 1 - _DEPTH
    before, middle, after = (similarity[:, shortest + step : end + step] for step in (-1, 0, 1))
    is_peak = (middle > before) & (middle >= after) & (middle > 0.5 * VOICING_THRESHOLD)
    frame, place = np.divmod(np.flatnonzero(is_peak), is_peak.shape[1])
    lag = place + shortest
    # the autocorrelation is even, so negative lags are read at their absolute value
    around = np.abs(lag[:, np.newaxis] + np.arange(-_DEPTH, _DEPTH + 1))
    fine = similarity[frame[:, np.newaxis], around] @ _interpolation()
    best = 1 + fine[:, 1:-1].argmax(axis=1)
    heights = np.stack([fine[np.arange(len(fine)), best + step] for step in (-1, 0, 1)])
    return frame, lag + best / _FINENESS - 1, heights


@lru_cache(maxsize=1)
def _interpolation():
    """Compute the weights of the lags around a peak for each fraction of a lag: tapered sincs."""
    fractions = np.arange(-_FINENESS, _FINENESS + 1) / _FINENESS
    distance = np.subtract.outer(np.arange(-_DEPTH, _DEPTH + 1), fractions)
    reach = distance / (_DEPTH + 1 + 1 / _FINENESS)
    # Kaiser's taper; with weights that sum to 1, a low voice's pitch is off by at most 0.02 %
    weights = np.sinc(distance) * np.i0(8 * np.sqrt(1 - reach**2))
    return (weights / weights.sum(axis=0)).astype(np.float32)


def _candidates(n_frames, found):
    """Select the strongest peaks of each frame as candidates for its period.

    Parameters
    ----------
    n_frames : int
    found : list of tuple
        Result of :func:`_peaks` for each block of frames.

    Returns
    -------
    lags : ndarray of shape (n_frames, 1 + n_candidates)
        Period in samples; 0 in column 0, which stands for "unvoiced", and where a frame has
        fewer candidates.
    strengths : ndarray of shape (n_frames, 1 + n_candidates)
        Autocorrelation there; 0 in column 0, -inf where there is no candidate.
    """
    frame = np.concatenate([part[0] + number * _BLOCK for number, part in enumerate(found)])
    lag = np.concatenate([part[1] for part in found])
    heights = np.concatenate([part[2] for part in found], axis=1)
    # multiples of a period are periods too: of equal peaks, the shortest lag wins
    score = heights[1] - OCTAVE_COST * np.log2(lag.astype(np.float32))
    best_first = np.lexsort((-score, frame))
    # peaks come frame by frame, so a peak's rank is its distance from the frame's first
    rank = np.arange(len(frame)) - np.searchsorted(frame, frame)
    is_kept = rank < _N_CANDIDATES
    kept = best_first[is_kept]
    place = frame[kept], 1 + rank[is_kept]
    lags = np.zeros((n_frames, 1 + _N_CANDIDATES))
    strengths = np.full(lags.shape, -np.inf)
    strengths[:, 0] = 0.0
    lags[place], strengths[place] = _refine(lag[kept], heights[:, kept])
    return lags, strengths


def _refine(lag, heights):
    """Move each peak to the top of the parabola through it and its neighbours."""
    left, here, right = heights
    shift = 0.5 * (left - right) / np.minimum(left - 2 * here + right, -1e-9)
    height = here - 0.25 * (left - right) * shift
    # noise in a short frame can exceed 1; Boersma reflects it (section 3)
    strength = np.where(height > 1, 1 / np.maximum(height, 1), height)
    return lag + np.clip(shift, -0.5, 0.5) / _FINENESS, strength


def _through_gaps(values, voiced):
    """Interpolate linearly through unvoiced frames."""
    if not voiced.any():
        return np.zeros_like(values)
    times = np.arange(len(values))
    return np.interp(times, times[voiced], values[voiced])
