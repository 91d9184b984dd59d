"""A long recording, a window at a time, so that its length costs no memory."""

import os
from numbers import Real
from pathlib import Path

import soundfile as sf

from sk_ser.audio._decode import decode
from sk_ser.exceptions import AudioError


def decode_windows(path, *, window, hop):
    """Read a recording a window at a time.

    What :func:`decode` reads through libsndfile is read as it goes, so memory holds one
    window, however long the recording; what needs PyAV is decoded whole.

    Parameters
    ----------
    path : str or Path
        As :func:`decode` takes it.
    window : float
        Seconds of each window.
    hop : float
        Seconds from the beginning of one window to that of the next, at most `window`.

    Yields
    ------
    start : float
        Where the window begins, in seconds.
    samples : ndarray of shape (n_samples, n_channels), float32
        Amplitudes. What is left at the end is a shorter window, if it is half a
        window or more, or all there is.
    sampling_rate : int
        In Hz.

    Raises
    ------
    AudioError
        If the recording cannot be decoded.
    ValueError
        If window or hop is out of range.

    Examples
    --------
    >>> import numpy as np, soundfile, tempfile, pathlib
    >>> from sk_ser.audio import decode_windows
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "long.wav"
    ...     soundfile.write(path, np.zeros(20_000), 8_000)
    ...     [(start, len(samples)) for start, samples, _ in decode_windows(path, window=1, hop=1)]
    [(0.0, 8000), (1.0, 8000), (2.0, 4000)]
    """
    for name, value in {"window": window, "hop": hop}.items():
        if not isinstance(value, Real) or not 0 < value < float("inf"):
            raise ValueError(f"decode_windows: {name}={value!r} must be a number of seconds > 0.")
    if hop > window:
        raise ValueError(f"decode_windows: hop={hop} s must be at most window={window} s.")
    return _windows(Path(path), window, hop)


def _windows(path, window, hop):
    try:
        file = sf.SoundFile(os.fsencode(path))
    except (sf.LibsndfileError, OSError, TypeError, ValueError):
        # decode tells what is wrong, or knows better
        whole, rate = decode(path)
        size, step = _sizes(window, hop, rate)
        pieces = (whole[start : start + size] for start in range(0, len(whole), step))
    else:
        rate = file.samplerate
        size, step = _sizes(window, hop, rate)
        pieces = _read(file, path, size, step)
    for number, samples in enumerate(pieces):
        if number and len(samples) < size / 2:
            return
        yield number * step / rate, samples, rate


def _sizes(window, hop, rate):
    return max(1, round(window * rate)), max(1, round(hop * rate))


def _read(file, path, size, step):
    with file:
        try:
            yield from file.blocks(size, size - step, dtype="float32", always_2d=True)
        except sf.LibsndfileError as error:
            reason = error.error_string.rstrip(".")
            raise AudioError(f"{path}: cannot be decoded to its end ({reason}).") from error
