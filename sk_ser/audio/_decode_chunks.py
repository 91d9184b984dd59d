"""Decode a file of any length chunk by chunk."""

from itertools import chain
from pathlib import Path

import numpy as np

from sk_ser.audio._blocks import read_blocks
from sk_ser.audio._mix import mix_channels
from sk_ser.exceptions import AudioError


def decode_chunks(path, seconds=0.1, *, mono=None):
    """Read a recording chunk by chunk; memory does not grow with its length.

    Parameters
    ----------
    path : str or Path
        As :func:`decode` takes it.
    seconds : float, default=0.1
        Length of a chunk; the last one may be shorter.
    mono : "mix", int or None, default=None
        How to reduce several channels to one, as in :func:`decode`. None keeps all.

    Returns
    -------
    chunks : iterator of ndarray of shape (n_samples, n_channels), float32
        Amplitudes, full scale at 1. Concatenated, they equal the result of :func:`decode`
        (in MP3 up to rounding, 6e-8). Samples that are not finite are returned as they are.
    sampling_rate : int
        In Hz.

    Raises
    ------
    AudioError
        If the file is missing, empty or undecodable, or lacks the channel; during iteration,
        if its end cannot be decoded.

    Examples
    --------
    >>> import numpy as np, soundfile, tempfile, pathlib
    >>> from sk_ser.audio import decode_chunks
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "tone.wav"
    ...     soundfile.write(path, np.zeros((1_000, 2)), 8_000)
    ...     chunks, sampling_rate = decode_chunks(path, seconds=0.1)
    ...     [chunk.shape for chunk in chunks], sampling_rate
    ([(800, 2), (200, 2)], 8000)
    """
    if not seconds > 0:
        raise ValueError(f"decode_chunks: seconds={seconds} must be > 0 s.")
    path = Path(path)
    blocks = read_blocks(path)
    first, sampling_rate = next(blocks, (None, None))
    if first is None:
        raise AudioError("no samples (0 frames)", path=path)
    everything = chain([first], (block for block, _ in blocks))
    samples = (mix_channels(block, mono, path=path) for block in everything)
    return _cut(samples, max(1, round(seconds * sampling_rate))), sampling_rate


def _cut(blocks, n_samples):
    """Split blocks of any length into chunks of `n_samples`."""
    rest = next(blocks)
    for block in blocks:
        whole = len(rest) // n_samples * n_samples
        yield from _slices(rest[:whole], n_samples)
        rest = np.concatenate([rest[whole:], block])
    yield from _slices(rest, n_samples)


def _slices(samples, n_samples):
    for start in range(0, len(samples), n_samples):
        yield samples[start : start + n_samples]
