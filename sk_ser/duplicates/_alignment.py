"""Similarity of two clips, aligned in speed, time and pitch.

Aligned copies agree everywhere, up to the last harmonic. Two takes of a sentence agree in
some places only, because timing and melody differ from take to take. Two sentences with the
same beginning agree at the beginning only. So the similarity combines how well the maps agree
as a whole with how well they agree in the places where they agree least.

An alignment is an array of three numbers: the logarithm of the speed at which the first map is
played, the frame of the first map that lies on the middle of the second, and by how many bands
the first map is higher than the second.
"""

import numpy as np
from scipy.fft import irfft2, next_fast_len, rfft2

from sk_ser.duplicates._fingerprint import FRAME_RATE, halve

#: Largest factor by which a copy may be faster or slower.
_FASTEST = 1.13
#: Semitones by which a copy may be higher or lower.
_HIGHEST = 3
#: Correlation of coarse maps from which full maps are aligned, and correlation of full maps
#: from which their alignment is refined further.
_PROMISING, _HOPEFUL = 0.75, 0.85
#: Least share of the contrast of one of the clips within the overlap, and least frames of it.
_COVERED, _LEAST_FRAMES = 0.5, 10
#: First steps (in time, pitch and speed) of the refinement, how often they are halved, and
#: how many rounds each size of step is tried.
_STEPS = np.array([[0, 1, 0], [0, 0, 1], [0.01, 0, 0]])
_N_HALVINGS, _N_ROUNDS = 5, 4
#: Frames of a place, and the share of the worst places that is ignored.
_PLACE, _OVERLOOKED = 17, 0.1
#: Frames (2.2 s) over which two takes never agree as well as copies do.
_TELLING = 2.2 * FRAME_RATE
#: Frames that must hold contrast. A click, which resembles any other, fills 5 at most.
_LEAST_LENGTH = 10


def similarity(first, second):
    """Compare two maps at their best alignment.

    Let r be the correlation within the overlap, q the correlation of the places where it is
    lowest (the tenth percentile over places of 0.27 s, weighted by their contrast), and d the
    seconds of overlap. The similarity is 1 - (1 - r q) max(1, 2.2 / d): two takes may agree on
    a single word by chance, but not on a sentence.

    Parameters
    ----------
    first, second : ndarray of shape (n_frames, n_bands), int8
        Maps of two fingerprints.

    Returns
    -------
    float
        In [0, 1]. 0 where no alignment is promising, or where the overlap holds only clicks.
    """
    coarse = halve(first), halve(second)
    alignment = _align_coarsely(*coarse)
    if _correlation(*coarse, alignment) < _PROMISING:
        return 0.0
    maps = first.astype(np.float32), second.astype(np.float32)
    # a coarse frame lies between two frames, and so does the middle of the maps
    alignment = _refine(*maps, alignment * [1, 2, 2] + [0, 0.5, 0])
    overall = _correlation(*maps, alignment)
    if overall <= 0:
        return 0.0
    overlap = _overlap(*maps, alignment)
    if _effective_length(*overlap) < _LEAST_LENGTH:
        return 0.0
    dissimilarity = 1 - overall * max(0.0, _lowest_correlation(*overlap))
    return min(1.0, max(0.0, 1 - dissimilarity * max(1.0, _TELLING / len(overlap[0]))))


def _align_coarsely(first, second):
    """Find the speed, time and pitch of a grid at which two maps correlate most."""
    log_speeds = _log_speeds(min(len(first), len(second)))
    stretched = _stretch(first, np.exp(log_speeds))
    products, lags, shifts = _cross_correlate(stretched, second)
    products /= np.linalg.norm(stretched, axis=(1, 2), keepdims=True) + 1e-9
    speed, lag, shift = np.unravel_index(products.argmax(), products.shape)
    middle = (_middle(second) + lags[lag]) * np.exp(log_speeds[speed])
    return np.array([log_speeds[speed], middle, shifts[shift]])


def _cross_correlate(maps, reference):
    """Correlate maps with one map at every lag and at small shifts in pitch, by FFT.

    Returns
    -------
    products : ndarray of shape (n_maps, n_lags, n_shifts)
    lags : ndarray of shape (n_lags,)
        Frames by which features of the maps are later than those of the reference.
    shifts : ndarray of shape (n_shifts,)
        Bands by which they are higher.
    """
    n_frames, n_bands = maps.shape[1] + len(reference), maps.shape[2] + _HIGHEST
    shape = next_fast_len(n_frames, True), next_fast_len(n_bands, True)
    products = irfft2(rfft2(maps, shape) * np.conj(rfft2(reference, shape)), shape)
    # the result is periodic: negative lags and shifts are at the end of their axes
    lags = np.arange(shape[0])
    lags[lags >= maps.shape[1]] -= shape[0]
    shifts = np.arange(-_HIGHEST, _HIGHEST + 1)
    return products[..., shifts], lags, shifts


def _log_speeds(n_frames):
    """Space speeds so that the ends of clips are one frame off at most."""
    n_steps = int(np.ceil(np.log(_FASTEST) / min(0.02, 2 / n_frames)))
    return np.log(_FASTEST) * np.arange(-n_steps, n_steps + 1) / n_steps


def _middle(frames):
    return (len(frames) - 1) / 2


def _stretch(frames, speeds):
    """Play a map at each of the speeds, (n_speeds, n_frames, n_bands), with zeros at the end."""
    times = np.outer(speeds, np.arange(int(len(frames) * _FASTEST) + 1))
    stretched = _take(frames, times)
    stretched[times > len(frames) - 1] = 0
    return stretched


def _take(rows, places):
    """Interpolate rows at places that are not negative."""
    before = np.minimum(places.astype(np.intp), len(rows) - 1)
    share = (places - before).astype(np.float32)[..., np.newaxis]
    taken = rows[before]
    taken += share * (rows[np.minimum(before + 1, len(rows) - 1)] - taken)
    return taken


def _refine(first, second, alignment):
    """Climb from an alignment to the nearby one with the highest correlation."""
    best = _correlation(first, second, alignment)
    for halving in range(_N_HALVINGS):
        # a better speed may need a better time, and the reverse
        for _ in range(_N_ROUNDS):
            before = best
            for step in _STEPS / 2**halving:
                best, alignment = _try_step(first, second, alignment, step, best)
            if best == before:
                break
        if best < _HOPEFUL:
            break
    return alignment


def _try_step(first, second, alignment, step, best):
    """Take a step forwards or backwards if one of them raises the correlation."""
    for tried in (alignment + step, alignment - step):
        value = _correlation(first, second, tried)
        if value > best:
            return value, tried
    return best, alignment


def _correlation(first, second, alignment):
    """Correlate the maps within their overlap; 0 where the overlap is too small."""
    laid, under = _overlap(first, second, alignment)
    powers = np.vdot(laid, laid), np.vdot(under, under)
    wholes = np.vdot(first, first) * np.exp(-alignment[0]), np.vdot(second, second)
    is_covered = powers[0] >= _COVERED * wholes[0] or powers[1] >= _COVERED * wholes[1]
    if len(laid) < _LEAST_FRAMES or not is_covered or not min(powers) > 0:
        return 0.0
    return float(np.vdot(laid, under) / np.sqrt(powers[0] * powers[1]))


def _overlap(first, second, alignment):
    """Lay the first map on the second, and return the part of each where both are."""
    log_speed, middle, shift = alignment
    times = middle + np.exp(log_speed) * (np.arange(len(second)) - _middle(second))
    bands = np.arange(second.shape[1]) + shift
    rows = (times >= 0) & (times <= len(first) - 1)
    columns = (bands >= 0) & (bands <= first.shape[1] - 1)
    laid = _take(_take(first, times[rows]).T, bands[columns]).T
    return laid, second[rows][:, columns]


def _effective_length(laid, under):
    """Return how many frames of equal contrast the overlap amounts to: few for clicks."""
    contrast = np.linalg.norm(laid, axis=1) * np.linalg.norm(under, axis=1)
    return contrast.sum() ** 2 / np.vdot(contrast, contrast)


def _lowest_correlation(laid, under):
    """Return the tenth percentile of the correlations of places, weighted by their contrast."""
    weights = np.hanning(min(_PLACE, len(laid)) + 2)[1:-1]
    products, own, others = (
        np.convolve(np.einsum("ij,ij->i", *pair), weights, "same")
        for pair in ((laid, under), (laid, laid), (under, under))
    )
    contrast = np.sqrt(own * others)
    # close to silence, maps need not agree
    correlations = products / np.maximum(contrast, 2e-3 * contrast.mean())
    order = np.argsort(correlations)
    share = np.cumsum(contrast[order]) / contrast.sum()
    return float(correlations[order[np.searchsorted(share, _OVERLOOKED)]])
