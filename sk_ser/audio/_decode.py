"""Decode a file of any format into samples, at once or chunk by chunk."""

import os
import warnings
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import soundfile as sf

from sk_ser._arrays import BEYOND_SCALE, scale_problem
from sk_ser.audio._blocks import PYAV_SUFFIXES, is_for_pyav, open_with_pyav, read_blocks
from sk_ser.audio._mix import mix_channels
from sk_ser.audio._wav import samples_promised
from sk_ser.exceptions import AudioError, AudioWarning

#: Suffixes of the formats that libsndfile decodes.
LIBSNDFILE_SUFFIXES = frozenset([".wav", ".wave", ".w64", ".rf64", ".flac", ".mp3", ".ogg", ".oga"])
LIBSNDFILE_SUFFIXES |= frozenset([".opus", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf"])
#: Every suffix by which an audio file is recognised, in lower case.
AUDIO_SUFFIXES = LIBSNDFILE_SUFFIXES | PYAV_SUFFIXES
#: Largest valid amplitude, full scale at 1: its square is finite in float32. Integers up to 2^31
#: that were stored as floating-point numbers are below it.
_LOUDEST = 1e10
#: Largest number of samples a second, over all channels, of a recording of limited duration.
_DENSEST = 400_000
#: Largest power of an average of channels that cancel each other, relative to theirs: -40 dB.
_CANCELLED = 1e-4
#: Numbers of frames above this one mean an unknown length: for a stream, libsndfile reports 2^63.
_UNKNOWN = 2**48


def decode(
    path: str | Path, *, mono: str | int | None = None, max_duration: float | None = None
) -> tuple[np.ndarray, int]:
    """Read every sample of a recording.

    The content of the file determines its format, not the suffix: an AIFF file named ``.wav``
    is read as AIFF. Memory is allocated for decoded samples, not by the length in the header.

    Parameters
    ----------
    path : str or Path
        WAV, FLAC, OGG, MP3, AIFF and more through libsndfile; M4A, AAC, WMA and
        more through PyAV where the extra ``m4a`` is installed.
    mono : "mix", int or None, default=None
        How to reduce several channels to one: "mix" averages them, a number selects a channel
        (from 0). None keeps all.
    max_duration : float or None, default=None
        Longest duration in seconds. A longer recording is refused after this much has been
        decoded. A recording of more than 400,000 samples a second (two channels at 192 kHz)
        is then refused at once, so that a small file cannot take much memory.

    Returns
    -------
    samples : ndarray of shape (n_samples, n_channels), float32
        Amplitudes, full scale at 1.
    sampling_rate : int
        In Hz.

    Raises
    ------
    AudioError
        If the file is missing, empty, undecodable or too long, lacks the channel, has no
        samples, or has a sample that is not finite or exceeds 1e10; or if its channels cancel
        each other.

    Warns
    -----
    AudioWarning
        If a WAV file ends before its header says, or samples are far beyond full scale.

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
    path = Path(path)
    held, rate, n_channels, invalid, n_samples = bytearray(), 0, 1, 0, 0
    power = mixed_power = 0.0
    for block, rate in read_blocks(path):
        _check_density(path, block.shape[1], rate, max_duration)
        # before channels are mixed; NaN compares as false
        invalid += block.size - np.count_nonzero(np.abs(block) <= _LOUDEST)
        n_samples += block.size
        kept = mix_channels(block, mono, path=path)
        n_channels = kept.shape[1]
        held += kept.tobytes()
        if mono == "mix" and block.shape[1] > 1:
            power += np.sum(np.square(block, dtype=np.float64)) / block.shape[1]
            mixed_power += np.sum(np.square(kept, dtype=np.float64))
        if max_duration is not None and len(held) / (4 * n_channels * rate) > max_duration:
            reason = f"too long: {max_duration:g} s are allowed, and the recording is longer"
            raise AudioError(reason, path=path)
    if not held:
        raise AudioError("no samples (0 frames)", path=path)
    if invalid:
        reason = (
            f"{invalid} of {n_samples} samples are NaN or infinite, or {_LOUDEST:g} times as "
            "large as full scale"
        )
        raise AudioError(reason, path=path)
    if mixed_power < _CANCELLED * power:
        raise AudioError(
            "its channels cancel each other when they are averaged",
            path=path,
            remedy="Select one, such as with AudioLoader(mono=0).",
        )
    _warn_of_scale(held, path)
    _warn_of_end(path, n_samples)
    return np.frombuffer(held, np.float32).reshape(-1, n_channels), rate


def decode_chunks(
    path: str | Path, seconds: float = 0.1, *, mono: str | int | None = None
) -> tuple[Iterator[np.ndarray], int]:
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


def duration_of(path: str | Path) -> float | None:
    """Read the duration of a recording from its header, without decoding it.

    Parameters
    ----------
    path : str or Path
        As :func:`decode` takes it.

    Returns
    -------
    float or None
        In seconds. None if the header does not contain it, or the file cannot be read;
        :func:`decode` then raises the reason.

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
        return None if found.frames > _UNKNOWN else float(found.duration)
    except (sf.LibsndfileError, OSError, TypeError, ValueError):
        return _duration_by_pyav(path)


def rate_of(path):
    """Read the sampling rate of a recording in Hz from its header; None if it cannot be read."""
    try:
        return next(read_blocks(Path(path)))[1]
    except (AudioError, StopIteration):
        return None


def _duration_by_pyav(path):
    if not is_for_pyav(Path(path)):
        return None
    try:
        import av
    except ImportError:
        return None
    try:
        with open_with_pyav(path) as container:
            # for bare AAC, FFmpeg only guesses from the size of the file
            duration = None if container.format.name == "aac" else container.duration
    except (av.FFmpegError, OSError, ValueError):
        return None
    return None if duration is None else duration / av.time_base


def _warn_of_scale(held, path):
    """Warn of samples far beyond full scale, such as 16-bit numbers in a file of floats."""
    samples = np.frombuffer(held, np.float32)
    peak = max(samples.max(), -samples.min())
    if peak > BEYOND_SCALE:
        warnings.warn(f"{path}: {scale_problem(peak)}", AudioWarning, stacklevel=3)


def _warn_of_end(path, n_samples):
    """Warn of a WAV file that ends before its header says."""
    wanted = samples_promised(path)
    if wanted is not None and n_samples < wanted:
        share = 100 * (1 - n_samples / wanted)
        message = (
            f"{path}: the file is truncated: the last {share:.1f} % of its samples are missing."
        )
        warnings.warn(message, AudioWarning, stacklevel=3)


def _check_density(path, n_channels, rate, max_duration):
    """Raise AudioError on a rate of 0, or on too many samples a second of a limited recording."""
    if rate <= 0:
        raise AudioError(f"its sampling rate is {rate} Hz", path=path)
    if max_duration is not None and n_channels * rate > _DENSEST:
        reason = f"{n_channels} channels at {rate} Hz exceed {_DENSEST} samples a second"
        raise AudioError(reason, path=path)
