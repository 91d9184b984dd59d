"""Samples out of a file, whatever its format, or an error that says why not."""

import os
from pathlib import Path

import numpy as np
import soundfile as sf

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
#: Suffixes of the formats that need the optional decoder PyAV.
PYAV_SUFFIXES = frozenset([".m4a", ".mp4", ".aac", ".wma", ".webm", ".amr", ".3gp", ".mka"])
#: Every suffix by which an audio file is recognised, in lower case.
AUDIO_SUFFIXES = LIBSNDFILE_SUFFIXES | PYAV_SUFFIXES


def decode(path):
    """Read every sample of a recording.

    The format is told by the file's content, not by its suffix, so that an AIFF
    file named ``.wav`` is read as what it is.

    Parameters
    ----------
    path : str or Path
        WAV, FLAC, OGG, MP3, AIFF and more through libsndfile; M4A, AAC, WMA and
        more through PyAV where the extra ``m4a`` is installed.

    Returns
    -------
    samples : ndarray of shape (n_samples, n_channels), float32
        Amplitudes, full scale at 1.
    sampling_rate : int
        In Hz.

    Raises
    ------
    AudioError
        If the file is missing, empty or undecodable, or holds no sample or
        non-finite ones.

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
    samples, sampling_rate = _read(Path(path))
    if len(samples) == 0:
        raise AudioError(f"{path}: no samples (0 frames). {_REMEDY}")
    broken = np.count_nonzero(~np.isfinite(samples))
    if broken:
        raise AudioError(f"{path}: {broken} of {samples.size} samples are NaN or ∞. {_REMEDY}")
    return samples, sampling_rate


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
        return float(sf.info(os.fsencode(path)).duration)
    except (sf.LibsndfileError, OSError, TypeError, ValueError):
        return _duration_by_pyav(path)


def _duration_by_pyav(path):
    if Path(path).suffix.lower() not in PYAV_SUFFIXES:
        return None
    try:
        import av
    except ImportError:
        return None
    try:
        with av.open(str(path)) as container:
            duration = container.duration
    except (av.FFmpegError, OSError, ValueError):
        return None
    return None if duration is None else duration / av.time_base


_REMEDY = 'Remove the file or pass on_error="skip".'


def _read(path):
    try:
        if path.is_dir():
            raise IsADirectoryError
        if path.stat().st_size == 0:
            raise AudioError(f"{path}: the file is empty (0 bytes). {_REMEDY}")
        # as bytes: soundfile refuses names that are no text
        return sf.read(os.fsencode(path), dtype="float32", always_2d=True)
    except sf.LibsndfileError as error:
        if path.suffix.lower() in PYAV_SUFFIXES:
            return _read_with_pyav(path)
        reason = error.error_string.rstrip(".")
    except FileNotFoundError:
        raise AudioError(f"{path}: no such file. Check the path and the folder.") from None
    except IsADirectoryError:
        reason = "it is a folder"
    except AudioError:
        raise
    except MemoryError:
        reason = "its header promises more samples than memory can hold"
    except OSError as error:
        reason = error.strerror or str(error)
    except (TypeError, ValueError) as error:
        # a path with a null byte, or headerless samples, named .raw
        reason = str(error)
    raise AudioError(f"{path}: cannot be decoded ({reason}). {_REMEDY}")


def _read_with_pyav(path):
    try:
        import av
    except ImportError:
        raise AudioError(
            f"{path}: {path.suffix} files need the decoder PyAV. "
            'Install it with: pip install "sk_ser[m4a]"'
        ) from None
    try:
        with av.open(str(path)) as container:
            stream = container.streams.audio[0]
            to_float = av.AudioResampler(format="fltp")
            frames = [
                piece.to_ndarray()
                for frame in container.decode(stream)
                for piece in to_float.resample(frame)
            ]
            sampling_rate = stream.rate
    except (av.FFmpegError, IndexError) as error:
        raise AudioError(f"{path}: cannot be decoded ({error}). {_REMEDY}") from error
    if not frames:
        return np.empty((0, 1), np.float32), sampling_rate
    return np.concatenate(frames, axis=1).T.astype(np.float32), sampling_rate
