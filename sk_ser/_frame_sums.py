"""Sums over overlapping frames, at a cost independent of the overlap."""

from math import gcd

import numpy as np


def frame_sums(values, frame_length, hop_length, *, center=True):
    """Sum the values of each frame.

    The values are summed once, in blocks whose length divides both the frame and the hop;
    the sum of a frame is the difference of two running sums of blocks.

    Parameters
    ----------
    values : ndarray of shape (n_samples,), float32
        One value per sample.
    frame_length, hop_length : int
        In samples.
    center : bool, default=True
        Whether frame t is centred at sample ``t * hop_length``, with zeros beyond both
        ends. Otherwise it begins there, and a clip shorter than a frame is padded with
        zeros.

    Returns
    -------
    ndarray of shape (n_frames,), float64
    """
    block = gcd(frame_length, hop_length)
    padding = frame_length // 2 if center else 0
    n_samples = max(len(values) + 2 * padding, frame_length)
    padded = np.zeros(-(-n_samples // block) * block, dtype=np.float32)
    padded[padding : padding + len(values)] = values
    running = np.zeros(len(padded) // block + 1)
    np.cumsum(padded.reshape(-1, block).sum(axis=1), dtype=np.float64, out=running[1:])
    n_frames = 1 + (n_samples - frame_length) // hop_length
    starts = np.arange(n_frames) * (hop_length // block)
    return running[starts + frame_length // block] - running[starts]


def frame_power(samples, frame_length, hop_length, *, center=True):
    """Compute the mean square of each frame of :func:`frame_sums`, (n_frames,)."""
    sums = frame_sums(np.square(samples), frame_length, hop_length, center=center)
    return np.maximum(sums, 0.0) / frame_length
