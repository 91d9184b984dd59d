"""Whether two clips are one: laid upon each other at the right speed, pitch and time.

Copies agree everywhere once they are aligned, to the last harmonic. Two takes of a sentence
agree here and there, for nobody says a sentence twice with the same timing and melody; two
sentences with the same beginning agree at the beginning. So what counts is how well the maps
agree as a whole, and where they agree the least.
"""

from typing import NamedTuple

import numpy as np
from scipy.fft import irfft2, next_fast_len, rfft2

from sk_ser.leakage._fingerprint import halve

#: How many times as fast, or as slow, a copy may be.
_FASTEST = 1.13
#: Semitones that a copy may be higher or lower.
_HIGHEST = 3
#: Correlation that two coarse maps must have for a closer look.
_PROMISING = 0.75
#: Share of the contrast of one clip, at least, that must lie upon the other.
_COVERED = 0.5
#: Frames within which agreement is told, and the share of worse places that is overlooked.
_PLACE, _OVERLOOKED = 17, 0.1
#: Coarse frames that must lie upon each other (0.3 s).
_LEAST_FRAMES = 10
#: First steps (in time, pitch and speed) by which the alignment is made better, how often
#: they are halved, and how often each is taken.
_STEPS = np.array([[0, 1, 0], [0, 0, 1], [0.01, 0, 0]])
_N_HALVINGS, _N_ROUNDS = 5, 4


class Placing(NamedTuple):
    """Where one map lies upon another: frame t upon ``middle + speed * (t - centre)``.

    Attributes
    ----------
    log_speed : float
        Logarithm of the frames of the first map in one of the second.
    middle : float
        Frame of the first map that lies upon the second's `centre`.
    shift : float
        Bands that the first map's features are higher by.
    """

    log_speed: float
    middle: float
    shift: float


def similarity(first, second):
    """Compare two maps at the alignment that suits them best.

    Parameters
    ----------
    first, second : ndarray of shape (n_frames, n_bands), int8
        As in :class:`~sk_ser.leakage._fingerprint.Fingerprint`.

    Returns
    -------
    float
        In [0, 1]: the correlation of what lies upon each other, times that of the places
        where it is lowest (the tenth percentile over places of 0.27 s, weighted by their
        contrast). 0 where no alignment is promising.
    """
    coarse = halve(first), halve(second)
    placing = _place(*coarse)
    if _correlation(*coarse, placing) < _PROMISING:
        return 0.0
    maps = first.astype(np.float32), second.astype(np.float32)
    placing = _improve(*maps, _refine(placing))
    overall, lowest = _correlation(*maps, placing), _lowest_correlation(*maps, placing)
    return min(1.0, max(0.0, overall) * max(0.0, lowest))


def _place(first, second):
    """Find the best of a grid of speeds, times and pitches by cross-correlation."""
    log_speeds = _log_speeds(min(len(first), len(second)))
    stretched = _stretch(first, np.exp(log_speeds))
    n_frames = stretched.shape[1] + len(second)
    shape = next_fast_len(n_frames, True), next_fast_len(first.shape[1] + _HIGHEST, True)
    spectra = rfft2(stretched, shape) * np.conj(rfft2(second, shape))
    products = irfft2(spectra, shape)
    # the last columns are those of shifts below zero
    products = np.concatenate([products[..., -_HIGHEST:], products[..., : _HIGHEST + 1]], axis=2)
    products /= np.linalg.norm(stretched, axis=(1, 2), keepdims=True)
    number, lag, shift = np.unravel_index(products.argmax(), products.shape)
    # and the last rows are those of times before zero
    lag -= shape[0] if lag >= stretched.shape[1] else 0
    speed = np.exp(log_speeds[number])
    return Placing(log_speeds[number], (_centre(second) + lag) * speed, shift - _HIGHEST)


def _log_speeds(n_frames):
    """Speeds so close that the ends of clips are a frame off at most."""
    n_speeds = 2 * int(np.ceil(np.log(_FASTEST) / min(0.02, 2 / n_frames))) + 1
    return np.linspace(-np.log(_FASTEST), np.log(_FASTEST), n_speeds)


def _centre(second):
    return (len(second) - 1) / 2


def _stretch(frames, speeds):
    """Play a map at each of the speeds, (n_speeds, n_frames, n_bands), with zeros at the end."""
    times = np.outer(speeds, np.arange(int(len(frames) * _FASTEST) + 1))
    stretched = _take(frames, times)
    stretched[times > len(frames) - 1] = 0
    return stretched


def _take(frames, times):
    """Take rows at times that are no whole numbers, between those on either side."""
    before = np.minimum(times.astype(np.intp), len(frames) - 1)
    share = (times - before).astype(np.float32)[..., np.newaxis]
    rows = frames[before]
    rows += share * (frames[np.minimum(before + 1, len(frames) - 1)] - rows)
    return rows


def _refine(placing):
    """Say for whole maps what was found for coarse ones, whose frames lie between two."""
    return Placing(placing.log_speed, 2 * placing.middle + 0.5, 2 * placing.shift)


def _improve(first, second, placing):
    """Climb to the alignment nearby at which the maps correlate most."""
    placing, best = np.array(placing), _correlation(first, second, placing)
    for halving in range(_N_HALVINGS):
        # a better time may be what a better speed needs, and the other way round
        for _ in range(_N_ROUNDS):
            before = best
            for step in _STEPS / 2**halving:
                for tried in (placing + step, placing - step):
                    value = _correlation(first, second, tried)
                    if value > best:
                        best, placing = value, tried
                        break
            if best == before:
                break
    return placing


def _correlation(first, second, placing):
    """Correlate what lies upon each other; 0 where that is too little to tell anything."""
    laid, under = _overlap(first, second, placing)
    totals = _power(laid), _power(under)
    shares = totals[0] * np.exp(placing[0]) / _power(first), totals[1] / _power(second)
    if len(laid) < _LEAST_FRAMES or not max(shares) >= _COVERED or not min(totals) > 0:
        return 0.0
    return float(np.vdot(laid, under) / np.sqrt(totals[0] * totals[1]))


def _power(contrast):
    return np.vdot(contrast, contrast)


def _overlap(first, second, placing):
    """Lay the first map upon the second; return the part of each where both are."""
    n_frames, n_bands = second.shape
    log_speed, middle, shift = placing
    times = middle + np.exp(log_speed) * (np.arange(n_frames) - _centre(second))
    bands = np.arange(n_bands) + shift
    rows = (times >= 0) & (times <= len(first) - 1)
    columns = (bands >= 0) & (bands <= n_bands - 1)
    laid = _take(_take(first, times[rows]).T, bands[columns]).T
    return laid, second[rows][:, columns]


def _lowest_correlation(first, second, placing):
    """Tenth percentile of the correlations of places, weighted by their contrast."""
    laid, under = _overlap(first, second, placing)
    weights = np.hanning(min(_PLACE, len(laid)) + 2)[1:-1]
    products, own, others = (
        np.convolve(np.einsum("ij,ij->i", *pair), weights, "same")
        for pair in ((laid, under), (laid, laid), (under, under))
    )
    contrast = np.sqrt(own * others)
    correlations = products / np.maximum(contrast, 2e-3 * contrast.mean())
    order = np.argsort(correlations)
    share = np.cumsum(contrast[order]) / contrast.sum()
    return float(correlations[order[np.searchsorted(share, _OVERLOOKED)]])
