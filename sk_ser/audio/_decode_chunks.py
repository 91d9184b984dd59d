"""Samples out of a file of any length, a chunk at a time."""

from pathlib import Path

import soundfile as sf

from sk_ser.audio._decode import decode
from sk_ser.exceptions import AudioError


def decode_chunks(path, seconds=0.1):
    """Read a recording a chunk at a time, so that its length costs no memory.

    Parameters
    ----------
    path : str or Path
        As :func:`decode` takes it. What only PyAV decodes (M4A, AAC, WMA) is decoded
        as a whole first.
    seconds : float, default=0.1
        Length of a chunk; the last one may be shorter.

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
        If the file is missing, empty or undecodable; while chunks are read, if it ends
        in something that cannot be decoded.

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
    file = _open(path)
    if file is None:
        samples, sampling_rate = decode(path)
        return _slices(samples, _length(seconds, sampling_rate)), sampling_rate
    return _read(file, path, _length(seconds, file.samplerate)), file.samplerate


def _length(seconds, sampling_rate):
    return max(1, round(seconds * sampling_rate))


def _open(path):
    """Open what libsndfile reads; None for the rest, of which `decode` says what is wrong."""
    try:
        file = sf.SoundFile(path)
    except (sf.LibsndfileError, OSError, TypeError, ValueError):
        return None
    if file.frames == 0:
        file.close()
        return None
    return file


def _read(file, path, n_samples):
    with file:
        try:
            while len(chunk := file.read(n_samples, dtype="float32", always_2d=True)):
                yield chunk
        except sf.LibsndfileError as error:
            reason = error.error_string.rstrip(".")
            at = file.tell() / file.samplerate
            raise AudioError(
                f"{path}: cannot be decoded from {at:.1f} s on ({reason}). Record or copy it again."
            ) from error


def _slices(samples, n_samples):
    for start in range(0, len(samples), n_samples):
        yield samples[start : start + n_samples]
