"""Fundamental frequency: how high the voice is, and how surely it is a voice."""

from functools import lru_cache

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import get_window

from sk_ser.features._descriptor import Descriptor
from sk_ser.features._frames import Framing

# Boersma's constants, in units of the autocorrelation's strength
_N_CANDIDATES = 4
_SILENCE_THRESHOLD = 0.03
_VOICING_THRESHOLD = 0.45
_OCTAVE_COST = 0.01
_OCTAVE_JUMP_COST = 0.35
_VOICED_UNVOICED_COST = 0.14
#: Frames that are analysed at a time.
_BLOCK = 64
# Lags on each side that a peak is interpolated from, and steps that a lag is divided into
_DEPTH = 8
_FINENESS = 4
#: Semitones count from A0, as in eGeMAPS.
_REFERENCE_HZ = 27.5


class FundamentalFrequency(Descriptor):
    """Fundamental frequency, and the strength of the periodicity it stands for.

    Parameters
    ----------
    fmin : float, default=60.0
        Lowest fundamental frequency in Hz. A frame must hold two of its periods.
    fmax : float, default=500.0
        Highest fundamental frequency in Hz.
    unit : {"semitone", "hz"}, default="semitone"
        Unit of the frequency: semitones above 27.5 Hz (A0), in which a doubling is
        12 for high and low voices alike, or Hz.
    frame_length : int, default=1024
        Length of a frame in samples.
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
    Column ``f0`` runs in straight lines through frames without a voice, so that it
    has a value everywhere; in a clip without any voice it is 0. Column ``voicing`` is
    the autocorrelation at the period, 0 without a voice and 1 for a perfectly
    periodic one; the harmonics-to-noise ratio is ``10 log10(r / (1 - r))`` of it.

    The method is Boersma's [1]_, as in Praat: the autocorrelation of each frame is
    divided by that of its window (eq. 9), its strongest peaks are candidates, and the
    path of least cost through them is found over the whole clip (eq. 26-28).

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

    def __init__(
        self,
        fmin=60.0,
        fmax=500.0,
        *,
        unit="semitone",
        frame_length=1024,
        hop_length=512,
        center=True,
    ):
        self.fmin = fmin
        self.fmax = fmax
        self.unit = unit
        self.frame_length = frame_length
        self.hop_length = hop_length
        self.center = center

    def describe(self, frames):
        """Compute frequency and voicing, (n_frames, 2)."""
        hz, voicing = track_pitch(frames, self.framing(), self.fmin, self.fmax)
        f0 = _through_gaps(12 * np.log2(np.maximum(hz, 1) / _REFERENCE_HZ), voiced=hz > 0)
        if self.unit == "hz" and (hz > 0).any():
            f0 = _REFERENCE_HZ * 2 ** (f0 / 12)
        return np.stack([f0, voicing], axis=1).astype(np.float32)

    def names(self):
        """List ``f0`` and ``voicing``."""
        return ["f0", "voicing"]

    def framing(self):
        """Gather the parameters that cut a clip into frames."""
        return Framing(self.frame_length, self.hop_length, None, "hann", self.center)

    def check_params(self):
        """Raise ValueError on a parameter that cannot be."""
        self.check("fmin", self.fmin > 0, "> 0 Hz")
        self.check("fmax", self.fmax > self.fmin, f"> fmin={self.fmin} Hz")
        self.check("unit", self.unit in ("semitone", "hz"), '"semitone" or "hz"')
        self.check_samples("frame_length", 16)
        self.check_samples("hop_length", 1)


def track_pitch(frames, framing, fmin, fmax):
    """Follow the fundamental frequency through a clip.

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
        0 without a voice.
    voicing : ndarray of shape (n_frames,)
        Autocorrelation at the period, within [0, 1]; 0 without a voice.
    """
    rate = frames.sampling_rate
    pieces = frames.cut(framing.n_fft, framing.hop_length, framing.center)
    shortest = max(2, int(rate / fmax))
    # the autocorrelation means little beyond two thirds of the frame
    longest = min(int(np.ceil(rate / fmin)), 2 * framing.n_fft // 3 - 1)
    if longest <= shortest:
        raise ValueError(
            f"FundamentalFrequency: frame_length={framing.n_fft} samples at {rate} Hz hold less "
            f"than 1.5 periods of fmax={fmax} Hz. Lengthen the frame."
        )
    # a few frames at a time stay in the processor's cache
    blocks = [pieces[start : start + _BLOCK] for start in range(0, len(pieces), _BLOCK)]
    n_lags = longest + 2 + _DEPTH
    found = [_peaks(_autocorrelation(block, n_lags), shortest) for block in blocks]
    lags, strengths = _candidates(len(pieces), found)
    hz = np.where(lags > 0, rate / np.maximum(lags, 1e-9), 0.0)
    peaks = np.concatenate([np.abs(block).max(axis=1) for block in blocks])
    path = _cheapest_path(hz, strengths, peaks, fmin)
    everywhere = np.arange(len(hz))
    return hz[everywhere, path], np.clip(strengths[everywhere, path], 0.0, 1.0) * (path > 0)


def _autocorrelation(pieces, n_lags):
    """Autocorrelation of each frame relative to lag 0, freed of the window's."""
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
    """Frame and lag of each peak; the peak and its neighbours, (3, n_peaks).

    The peak of a bright voice is so narrow that it all but vanishes between two lags,
    and its double would win: as Boersma has it, the autocorrelation is interpolated by
    sin x / x before peaks are compared.
    """
    end = similarity.shape[1] - 1 - _DEPTH
    before, middle, after = (similarity[:, shortest + step : end + step] for step in (-1, 0, 1))
    is_peak = (middle > before) & (middle >= after) & (middle > 0.5 * _VOICING_THRESHOLD)
    frame, place = np.divmod(np.flatnonzero(is_peak), is_peak.shape[1])
    lag = place + shortest
    # the autocorrelation is even
    around = np.abs(lag[:, np.newaxis] + np.arange(-_DEPTH, _DEPTH + 1))
    fine = similarity[frame[:, np.newaxis], around] @ _interpolation()
    best = 1 + fine[:, 1:-1].argmax(axis=1)
    heights = np.stack([fine[np.arange(len(fine)), best + step] for step in (-1, 0, 1)])
    return frame, lag + best / _FINENESS - 1, heights


@lru_cache(maxsize=1)
def _interpolation():
    """Weights of the lags around a peak for each fraction of a lag, a tapered sinc each."""
    fractions = np.arange(-_FINENESS, _FINENESS + 1) / _FINENESS
    distance = np.subtract.outer(np.arange(-_DEPTH, _DEPTH + 1), fractions)
    reach = distance / (_DEPTH + 1 + 1 / _FINENESS)
    # Kaiser's taper; with weights that sum to 1, a low voice's pitch is off by 0.02 % at most
    weights = np.sinc(distance) * np.i0(8 * np.sqrt(1 - reach**2))
    return (weights / weights.sum(axis=0)).astype(np.float32)


def _candidates(n_frames, found):
    """Lag and height of each frame's strongest peaks; the first column stands for no voice."""
    frame = np.concatenate([part[0] + number * _BLOCK for number, part in enumerate(found)])
    lag = np.concatenate([part[1] for part in found])
    left, here, right = np.concatenate([part[2] for part in found], axis=1)
    # of two equal peaks the shorter period is taken: a voice is periodic in its multiples, too
    score = here - _OCTAVE_COST * np.log2(lag.astype(np.float32))
    best_first = np.lexsort((-score, frame))
    rank = np.arange(len(frame)) - np.searchsorted(frame, frame)
    kept = best_first[rank < _N_CANDIDATES]
    place = frame[kept], 1 + rank[rank < _N_CANDIDATES]
    lag, left, here, right = lag[kept], left[kept], here[kept], right[kept]
    shift = 0.5 * (left - right) / np.minimum(left - 2 * here + right, -1e-9)
    height = here - 0.25 * (left - right) * shift
    lags = np.zeros((n_frames, 1 + _N_CANDIDATES))
    lags[place] = lag + np.clip(shift, -0.5, 0.5) / _FINENESS
    heights = np.full(lags.shape, -np.inf)
    heights[:, 0] = 0.0
    # noise in a short frame can exceed 1; Boersma reflects it (section 3)
    heights[place] = np.where(height > 1, 1 / np.maximum(height, 1), height)
    return lags, heights


def _cheapest_path(hz, strengths, peaks, fmin):
    """Index of the candidate of each frame on the path of greatest total strength."""
    loudness = peaks / max(peaks.max(), np.finfo(np.float32).tiny)
    unvoiced = 2 - loudness / (_SILENCE_THRESHOLD / (1 + _VOICING_THRESHOLD))
    gains = strengths + _OCTAVE_COST * np.log2(np.maximum(hz, fmin) / fmin)
    gains[:, 0] = _VOICING_THRESHOLD + np.maximum(0, unvoiced)
    costs = _transition_costs(hz)
    # this loop takes longer than all else here, so it does no more than it must
    totals = gains.copy()
    for before, now, cost in zip(totals[:-1], totals[1:], costs, strict=True):
        now += np.maximum.reduce(before - cost, axis=1)
    origins = (totals[:-1, np.newaxis, :] - costs).argmax(axis=2).tolist()
    path = [int(totals[-1].argmax())]
    for origin in reversed(origins):
        path.append(origin[path[-1]])
    return np.array(path[::-1])


def _transition_costs(hz):
    """Cost of each step, (n_frames - 1, n_candidates, n_candidates): to one, from another."""
    voiced = hz > 0
    octaves = np.log2(np.where(voiced, hz, 1.0))
    jumps = _OCTAVE_JUMP_COST * np.abs(octaves[1:, :, np.newaxis] - octaves[:-1, np.newaxis, :])
    switches = voiced[1:, :, np.newaxis] != voiced[:-1, np.newaxis, :]
    both = voiced[1:, :, np.newaxis] & voiced[:-1, np.newaxis, :]
    return np.where(both, jumps, np.where(switches, _VOICED_UNVOICED_COST, 0.0))


def _through_gaps(values, voiced):
    """Draw straight lines through the frames without a voice."""
    if not voiced.any():
        return np.zeros_like(values)
    times = np.arange(len(values))
    return np.interp(times, times[voiced], values[voiced])
