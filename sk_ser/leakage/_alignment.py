"""Whether two clips are one: laid upon each other at the right speed, time and pitch.

Copies agree everywhere once they are aligned, to the last harmonic. Two takes of a sentence
agree here and there, for nobody says a sentence twice with the same timing and melody; two
sentences with the same beginning agree at the beginning. So what counts is how well the maps
agree as a whole, and where they agree the least.

An alignment is an array of three numbers: the logarithm of the speed at which the first map
is played, the frame of it that lies upon the middle of the second, and how many bands its
features are above those of the second.
"""

import numpy as np
from scipy.fft import irfft2, next_fast_len, rfft2

from sk_ser.leakage._fingerprint import FRAME_RATE, halve

#: How many times as fast, or as slow, a copy may be.
_FASTEST = 1.13
#: Semitones that a copy may be higher or lower.
_HIGHEST = 3
#: Correlation that two coarse maps must have for a closer look, and that whole maps must have
#: for a closer look still.
_PROMISING, _HOPEFUL = 0.75, 0.85
#: Share of the contrast of one clip, at least, that must lie upon the other, and frames.
_COVERED, _LEAST_FRAMES = 0.5, 10
#: First steps (in time, pitch and speed) by which an alignment is made better, how often
#: they are halved, and how often each is taken.
_STEPS = np.array([[0, 1, 0], [0, 0, 1], [0.01, 0, 0]])
_N_HALVINGS, _N_ROUNDS = 5, 4
#: Frames within which agreement is told, and the share of worse places that is overlooked.
_PLACE, _OVERLOOKED = 17, 0.1
#: Frames (2.2 s) that two takes never have as much alike as copies have.
_TELLING = 2.2 * FRAME_RATE
#: Frames that must hold contrast; a click, which is like any other, fills no more than 5.
_LEAST_LENGTH = 10


def similarity(first, second):
    """Compare two maps at the alignment that suits them best.

    With r the correlation of what lies upon each other, q that of the places where it is
    lowest (the tenth percentile over places of 0.27 s, weighted by their contrast), and d
    the seconds that lie upon each other, the similarity is 1 - (1 - r q) max(1, 2.2 / d): a
    word is soon said alike, a sentence is not.

    Parameters
    ----------
    first, second : ndarray of shape (n_frames, n_bands), int8
        As in :class:`~sk_ser.leakage._fingerprint.Fingerprint`.

    Returns
    -------
    float
        In [0, 1]. 0 where no alignment is promising, or where only clicks lie upon each other.
    """
    coarse = halve(first), halve(second)
    alignment = _align_coarsely(*coarse)
    if _correlation(*coarse, alignment) < _PROMISING:
        return 0.0
    maps = first.astype(np.float32), second.astype(np.float32)
    # a coarse frame lies between two, and the middle of the maps with it
    alignment = _improve(*maps, alignment * [1, 2, 2] + [0, 0.5, 0])
    overall = _correlation(*maps, alignment)
    if overall <= 0:
        return 0.0
    laid, under = _overlap(*maps, alignment)
    if _effective_length(laid, under) < _LEAST_LENGTH:
        return 0.0
    doubt = (1 - overall * max(0.0, _lowest(laid, under))) * max(1.0, _TELLING / len(laid))
    return min(1.0, max(0.0, 1 - doubt))


def _align_coarsely(first, second):
    """Find the best of a grid of speeds, times and pitches by cross-correlation."""
    log_speeds = _log_speeds(min(len(first), len(second)))
    stretched = _stretch(first, np.exp(log_speeds))
    n_frames, n_bands = stretched.shape[1] + len(second), first.shape[1] + _HIGHEST
    shape = next_fast_len(n_frames, True), next_fast_len(n_bands, True)
    products = irfft2(rfft2(stretched, shape) * np.conj(rfft2(second, shape)), shape)
    # the last columns are those of pitches below zero, and the last rows of times
    products = np.concatenate([products[..., -_HIGHEST:], products[..., : _HIGHEST + 1]], axis=2)
    products /= np.linalg.norm(stretched, axis=(1, 2), keepdims=True) + 1e-9
    number, lag, column = np.unravel_index(products.argmax(), products.shape)
    lag -= shape[0] if lag >= stretched.shape[1] else 0
    log_speed = log_speeds[number]
    return np.array([log_speed, (_middle(second) + lag) * np.exp(log_speed), column - _HIGHEST])


def _log_speeds(n_frames):
    """Speeds so close that the ends of clips are a frame off at most."""
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
    """Take rows at places between them, which are not negative."""
    before = np.minimum(places.astype(np.intp), len(rows) - 1)
    share = (places - before).astype(np.float32)[..., np.newaxis]
    taken = rows[before]
    taken += share * (rows[np.minimum(before + 1, len(rows) - 1)] - taken)
    return taken


def _improve(first, second, alignment):
    """Climb to the alignment nearby at which the maps correlate most."""
    best = _correlation(first, second, alignment)
    for halving in range(_N_HALVINGS):
        # a better time may be what a better speed needs, and the other way round
        for _ in range(_N_ROUNDS):
            before = best
            for step in _STEPS / 2**halving:
                for tried in (alignment + step, alignment - step):
                    value = _correlation(first, second, tried)
                    if value > best:
                        best, alignment = value, tried
                        break
            if best == before:
                break
        if best < _HOPEFUL:
            break
    return alignment


def _correlation(first, second, alignment):
    """Correlate what lies upon each other; 0 where that is too little to tell anything."""
    laid, under = _overlap(first, second, alignment)
    powers = np.vdot(laid, laid), np.vdot(under, under)
    wholes = np.vdot(first, first) * np.exp(-alignment[0]), np.vdot(second, second)
    is_covered = powers[0] >= _COVERED * wholes[0] or powers[1] >= _COVERED * wholes[1]
    if len(laid) < _LEAST_FRAMES or not is_covered or not min(powers) > 0:
        return 0.0
    return float(np.vdot(laid, under) / np.sqrt(powers[0] * powers[1]))


def _overlap(first, second, alignment):
    """Lay the first map upon the second; return the part of each where both are."""
    log_speed, middle, shift = alignment
    times = middle + np.exp(log_speed) * (np.arange(len(second)) - _middle(second))
    bands = np.arange(second.shape[1]) + shift
    rows = (times >= 0) & (times <= len(first) - 1)
    columns = (bands >= 0) & (bands <= first.shape[1] - 1)
    laid = _take(_take(first, times[rows]).T, bands[columns]).T
    return laid, second[rows][:, columns]


def _effective_length(laid, under):
    """Frames that would hold the contrast if each held as much: few, if clicks hold it."""
    contrast = np.linalg.norm(laid, axis=1) * np.linalg.norm(under, axis=1)
    return contrast.sum() ** 2 / np.vdot(contrast, contrast)


def _lowest(laid, under):
    """Tenth percentile of the correlations of places, weighted by their contrast."""
    weights = np.hanning(min(_PLACE, len(laid)) + 2)[1:-1]
    products, own, others = (
        np.convolve(np.einsum("ij,ij->i", *pair), weights, "same")
        for pair in ((laid, under), (laid, laid), (under, under))
    )
    contrast = np.sqrt(own * others)
    # next to silence, nothing need agree
    correlations = products / np.maximum(contrast, 2e-3 * contrast.mean())
    order = np.argsort(correlations)
    share = np.cumsum(contrast[order]) / contrast.sum()
    return float(correlations[order[np.searchsorted(share, _OVERLOOKED)]])
