"""Samples out of a file, whatever its format, or an error that says why not."""

import os
from pathlib import Path

import numpy as np
import soundfile as sf

from sk_ser.audio._blocks import PYAV_SUFFIXES, REMEDY, is_for_pyav, open_with_pyav, read_blocks
from sk_ser.exceptions import AudioError

#: Suffixes of the formats that libsndfile decodes.
LIBSNDFILE_SUFFIXES = frozenset(
    [
        ".wav",
        ".wave",
        ".flac",
        ".ogg",
        ".oga",
        ".opus",
        ".mp3",
        ".aif",
        ".aiff",
        ".aifc",
        ".au",
        ".snd",
        ".caf",
        ".w64",
        ".rf64",
    ]
)
#: Every suffix by which an audio file is recognised, in lower case.
AUDIO_SUFFIXES = LIBSNDFILE_SUFFIXES | PYAV_SUFFIXES
#: Amplitude, full scale at 1, up to which a power is a number in float32 still. Integers that are
#: written as floating-point numbers, up to 2^31, are below it.
_LOUDEST = 1e10
#: Samples a second, of all channels, that a recording of limited duration may have.
_DENSEST = 400_000
#: Frames from which on a header does not mean what it says: of a stream, libsndfile promises 2^63.
_UNTOLD = 2**48


def decode(path, *, mono=None, max_duration=None):
    """Read every sample of a recording.

    The format is told by the file's content, not by its suffix, so that an AIFF
    file named ``.wav`` is read as what it is. Memory is taken for what was decoded, not for
    what a header promises.

    Parameters
    ----------
    path : str or Path
        WAV, FLAC, OGG, MP3, AIFF and more through libsndfile; M4A, AAC, WMA and
        more through PyAV where the extra ``m4a`` is installed.
    mono : "mix", int or None, default=None
        One channel of several: their mean, or that of this number (from 0). None keeps
        all.
    max_duration : float or None, default=None
        Seconds; of a longer recording, this much is decoded before it is refused. With
        it, what asks for more than 400,000 samples a second (two channels at 192 kHz) is
        refused at once, too, so that a small file cannot ask for much.

    Returns
    -------
    samples : ndarray of shape (n_samples, n_channels), float32
        Amplitudes, full scale at 1.
    sampling_rate : int
        In Hz.

    Raises
    ------
    AudioError
        If the file is missing, empty, undecodable or too long, lacks the channel, or holds
        no sample, or any that is not finite or beyond 1e10.

    Examples
    --------
    >>> import numpy as np, soundfile, tempfile, pathlib
    >>> from sk_ser.audio import decode
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "tone.wav"
    ...     soundfile.write(path, np.zeros((800, 2)), 8_000)
    ...     samples, sampling_rate = decode(path)
    >>> samples.shape, sampling_rate
    ((800, 2), 8000)
    """
    return _gather(Path(path), mono, max_duration)


def duration_of(path):
    """Tell how long a recording is, by its header: quick, however long it is.

    Parameters
    ----------
    path : str or Path
        What :func:`decode` reads.

    Returns
    -------
    float or None
        In seconds. None if nobody knows before it is decoded: :func:`decode` then tells
        what is wrong, if something is.

    Examples
    --------
    >>> import numpy as np, soundfile, tempfile, pathlib
    >>> from sk_ser.audio import duration_of
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "tone.wav"
    ...     soundfile.write(path, np.zeros(4_000), 8_000)
    ...     duration_of(path), duration_of("nowhere.wav")
    (0.5, None)
    """
    try:
        found = sf.info(os.fsencode(path))
        return None if found.frames > _UNTOLD else float(found.duration)
    except (sf.LibsndfileError, OSError, TypeError, ValueError):
        return _duration_by_pyav(path)


def _duration_by_pyav(path):
    if not is_for_pyav(Path(path)):
        return None
    try:
        import av
    except ImportError:
        return None
    try:
        with open_with_pyav(path) as container:
            # of bare AAC, FFmpeg but guesses from the size of the file
            duration = None if container.format.name == "aac" else container.duration
    except (av.FFmpegError, OSError, ValueError):
        return None
    return None if duration is None else duration / av.time_base


def _gather(path, mono, max_duration):
    """Lay blocks end to end; count what is no number before it is mixed."""
    held, rate, n_channels, broken, n_samples = bytearray(), 0, 1, 0, 0
    for block, rate in read_blocks(path):
        if rate <= 0:
            raise AudioError(f"{path}: its sampling rate is {rate} Hz. {REMEDY}")
        if max_duration is not None and block.shape[1] * rate > _DENSEST:
            raise AudioError(
                f"{path}: {block.shape[1]} channels at {rate} Hz, and {_DENSEST} samples a second "
                "are allowed."
            )
        # NaN compares as false
        broken += block.size - np.count_nonzero(np.abs(block) <= _LOUDEST)
        n_samples += block.size
        kept = pick_channel(block, mono, path)
        n_channels = kept.shape[1]
        held += kept.tobytes()
        seconds = len(held) / (4 * n_channels * rate)
        if max_duration is not None and seconds > max_duration:
            raise AudioError(f"{path}: too long: {max_duration:g} s are allowed, and it goes on.")
    if not held:
        raise AudioError(f"{path}: no samples (0 frames). {REMEDY}")
    if broken:
        raise AudioError(
            f"{path}: {broken} of {n_samples} samples are NaN or ∞, or {_LOUDEST:g} times as large "
            f"as full scale. {REMEDY}"
        )
    return np.frombuffer(held, np.float32).reshape(-1, n_channels), rate


def pick_channel(block, mono, path):
    """Leave one channel of a block, as :func:`decode` is told to; raise AudioError without it."""
    if mono is None:
        return block
    if mono == "mix":
        return block.mean(axis=1, keepdims=True)
    if mono >= block.shape[1]:
        raise AudioError(
            f"{path}: no channel {mono}, as mono={mono} asks: there are {block.shape[1]}, counted "
            "from 0."
        )
    return block[:, [mono]]
