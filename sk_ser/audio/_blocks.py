"""A recording a block at a time, by whichever decoder knows its format.

What a header promises is not believed: memory is taken for what was decoded, a block after
the other.
"""

import os

import numpy as np
import soundfile as sf

from sk_ser.exceptions import AudioError

#: Suffixes of the formats that need the optional decoder PyAV.
PYAV_SUFFIXES = frozenset([".m4a", ".mp4", ".aac", ".wma", ".webm", ".amr", ".3gp", ".mka"])
REMEDY = 'Remove the file or pass on_error="skip".'

#: Samples of a block, of all channels.
_BLOCK = 2**20
#: How files begin that PyAV alone decodes, and where: they may have any name.
_MAGIC = (
    (4, b"ftyp"),
    (0, b"\x1a\x45\xdf\xa3"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    (0, b"#!AMR"),
    (0, b"\xff\xf1"),
    (0, b"\xff\xf9"),
)
#: FFmpeg takes playlists for recordings, too, and opens whatever files and addresses they name.
#: So it is told which formats there are, and that files are all it may open.
_ONLY = {"format_whitelist": "mov,aac,asf,matroska,amr,amrnb,amrwb", "protocol_whitelist": "file"}


def read_blocks(path):
    """Read a recording a block at a time.

    Parameters
    ----------
    path : Path
        As :func:`~sk_ser.audio.decode` takes it.

    Yields
    ------
    samples : ndarray of shape (n_samples, n_channels), float32
        About a million of all channels, full scale at 1.
    sampling_rate : int
        In Hz.

    Raises
    ------
    AudioError
        If the file is missing, empty, or undecodable from some place on.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError
        if path.stat().st_size == 0:
            raise AudioError(f"{path}: the file is empty (0 bytes). {REMEDY}")
        if _begins_as_pyavs(path):
            yield from _by_pyav(path)
            return
        # as bytes: soundfile refuses names that are no text
        yield from _by_libsndfile(os.fsencode(path))
        return
    except sf.LibsndfileError as error:
        reason = error.error_string.rstrip(".")
        if "does not exist" in reason:
            # what it says of an MP3 that it cannot make out: the file is there
            reason = "its content is damaged"
    except FileNotFoundError:
        raise AudioError(f"{path}: no such file. Check the path and the folder.") from None
    except IsADirectoryError:
        reason = "it is a folder"
    except AudioError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
    except (TypeError, ValueError) as error:
        # a path with a null byte, or headerless samples, named .raw
        reason = str(error)
    if path.is_file() and path.suffix.lower() in PYAV_SUFFIXES:
        yield from _by_pyav(path)
    else:
        raise AudioError(f"{path}: cannot be decoded ({reason}). {REMEDY}")


def open_with_pyav(path):
    """Open a file that PyAV decodes, and nothing that it names.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    av.container.InputContainer
    """
    import av

    return av.open(os.fspath(path), options=_ONLY)


def is_for_pyav(path):
    """Tell whether the content, or the name, of a file is of a format that PyAV decodes.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    return path.suffix.lower() in PYAV_SUFFIXES or _begins_as_pyavs(path)


def _begins_as_pyavs(path):
    try:
        with open(path, "rb") as file:
            head = file.read(16)
    except (OSError, ValueError):
        # whoever opens it next will tell
        return False
    return any(head[place:].startswith(magic) for place, magic in _MAGIC)


class _Forward(sf.SoundFile):
    """File that is read from its beginning to its end.

    Where it may, soundfile seeks to the place where it is after each read. A FLAC file that
    does not tell its length, as one from a pipe, has no such place at its end.
    """

    def seekable(self):
        return False


def _by_libsndfile(path):
    with _Forward(path) as file:
        size = max(1, _BLOCK // file.channels)
        while len(block := file.read(size, dtype="float32", always_2d=True)):
            yield block, file.samplerate
            if len(block) < size:
                return


def _by_pyav(path):
    try:
        import av
    except ImportError:
        raise AudioError(
            f"{path}: {path.suffix} files need the decoder PyAV. "
            'Install it with: pip install "sk_ser[m4a]"'
        ) from None
    try:
        with open_with_pyav(path) as container:
            stream = container.streams.audio[0]
            to_float = av.AudioResampler(format="fltp")
            for frame in container.decode(stream):
                for piece in to_float.resample(frame):
                    yield piece.to_ndarray().T.astype(np.float32, copy=False), stream.rate
    except (av.FFmpegError, IndexError, ValueError) as error:
        # ValueError: the layout, or the rate, changes on the way
        reason = getattr(error, "strerror", None) or error
        raise AudioError(f"{path}: cannot be decoded (FFmpeg: {reason}). {REMEDY}") from error
