"""Samples out of a file of any length, a chunk at a time."""

from itertools import chain
from pathlib import Path

import numpy as np

from sk_ser.audio._blocks import REMEDY, read_blocks
from sk_ser.audio._decode import pick_channel
from sk_ser.exceptions import AudioError


def decode_chunks(path, seconds=0.1, *, mono=None):
    """Read a recording a chunk at a time, so that its length costs no memory.

    Parameters
    ----------
    path : str or Path
        As :func:`decode` takes it.
    seconds : float, default=0.1
        Length of a chunk; the last one may be shorter.
    mono : "mix", int or None, default=None
        One channel of several, as of :func:`decode`. None keeps all.

    Returns
    -------
    chunks : iterator of ndarray of shape (n_samples, n_channels), float32
        Amplitudes, full scale at 1; laid end to end, what :func:`decode` returns, but for
        rounding (6e-8) in MP3. Samples that are not finite are handed on as they are.
    sampling_rate : int
        In Hz.

    Raises
    ------
    AudioError
        If the file is missing, empty or undecodable, or lacks the channel; while chunks are
        read, if it ends in something that cannot be decoded.

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
    try:
        first, sampling_rate = next(blocks)
    except StopIteration:
        raise AudioError(f"{path}: no samples (0 frames). {REMEDY}") from None
    everything = chain([first], (block for block, _ in blocks))
    samples = (pick_channel(block, mono, path) for block in everything)
    return _cut(samples, max(1, round(seconds * sampling_rate))), sampling_rate


def _cut(blocks, n_samples):
    """Cut blocks of any length anew."""
    rest = next(blocks)
    for block in blocks:
        whole = len(rest) // n_samples * n_samples
        yield from _slices(rest[:whole], n_samples)
        rest = np.concatenate([rest[whole:], block])
    yield from _slices(rest, n_samples)


def _slices(samples, n_samples):
    for start in range(0, len(samples), n_samples):
        yield samples[start : start + n_samples]
