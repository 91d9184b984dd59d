"""Boersma's path through the candidates for the fundamental frequency (eq. 26-28)."""

import numpy as np

# Boersma's constants, in units of the autocorrelation
OCTAVE_COST = 0.01
VOICING_THRESHOLD = 0.45
_SILENCE_THRESHOLD = 0.03
_OCTAVE_JUMP_COST = 0.35
_VOICED_UNVOICED_COST = 0.14


#: Step in seconds between frames that the costs of a transition are for.
_STEP = 0.01


def best_path(hz, strengths, loudness, fmax, step):
    """Find the path of greatest total strength through the candidates (eq. 26-28).

    Parameters
    ----------
    hz : ndarray of shape (n_frames, n_candidates)
        0 for "unvoiced".
    strengths : ndarray of shape (n_frames, n_candidates)
        Autocorrelation of each candidate.
    loudness : ndarray of shape (n_frames,)
        Largest amplitude about the centre of each frame, relative to that of the clip.
    fmax : float
        Highest fundamental frequency in Hz.
    step : float
        Seconds between frames. The costs of a transition are those of Boersma at 10 ms; as in
        Praat, they are proportionally smaller for a larger step.

    Returns
    -------
    ndarray of shape (n_frames,), int
        Candidate of each frame.
    """
    unvoiced = 2 - loudness / (_SILENCE_THRESHOLD / (1 + VOICING_THRESHOLD))
    # relative to fmax, as in Praat
    gains = strengths + OCTAVE_COST * np.log2(np.where(hz > 0, hz, fmax) / fmax)
    gains[:, 0] = VOICING_THRESHOLD + np.maximum(0, unvoiced)
    costs = _transition_costs(hz) * (_STEP / step)
    # forwards: best total that ends in each candidate (the slowest loop, so it is kept short)
    totals = gains.copy()
    for before, now, cost in zip(totals[:-1], totals[1:], costs, strict=True):
        np.add(now, np.maximum.reduce(before - cost, axis=1), out=now)
    # backwards: from the best last candidate to the one that it came from
    origins = (totals[:-1, np.newaxis, :] - costs).argmax(axis=2).tolist()
    path = [int(totals[-1].argmax())]
    for origin in reversed(origins):
        path.append(origin[path[-1]])
    return np.array(path[::-1])


def _transition_costs(hz):
    """Compute the cost of each transition, (n_frames - 1, to candidate, from candidate)."""
    octaves, voiced = np.log2(np.where(hz > 0, hz, 1.0)), hz > 0
    jumps = _OCTAVE_JUMP_COST * np.abs(octaves[1:, :, np.newaxis] - octaves[:-1, np.newaxis, :])
    now, before = voiced[1:, :, np.newaxis], voiced[:-1, np.newaxis, :]
    return np.where(now & before, jumps, np.where(now != before, _VOICED_UNVOICED_COST, 0.0))
