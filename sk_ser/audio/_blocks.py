"""Decode a recording block by block, with libsndfile or PyAV.

Headers are not trusted: memory is allocated for decoded blocks only.
"""

import os
import re

import numpy as np
import soundfile as sf

from sk_ser.exceptions import AudioError

#: Suffixes of the formats that need the optional decoder PyAV.
PYAV_SUFFIXES = frozenset([".m4a", ".mp4", ".aac", ".wma", ".webm", ".amr", ".3gp", ".mka"])

#: Samples of a block, of all channels.
_BLOCK = 2**20
#: Magic bytes of formats that only PyAV decodes: MP4, Matroska, ASF, AMR and AAC. Their files may
#: have any name.
_MAGIC = re.compile(
    rb"(?s)....ftyp|\x1a\x45\xdf\xa3|\x30\x26\xb2\x75\x8e\x66\xcf\x11|#!AMR|\xff[\xf1\xf9]"
)
#: FFmpeg also reads playlists, and opens the files and addresses in them. So its formats are
#: restricted to these, and its protocols to files.
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
        About a million samples over all channels, full scale at 1.
    sampling_rate : int
        In Hz.

    Raises
    ------
    AudioError
        If the file is missing, empty, or cannot be decoded to its end.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError
        if path.stat().st_size == 0:
            raise AudioError("the file is empty (0 bytes)", path=path)
        if _has_pyav_magic(path):
            yield from _by_pyav(path)
        else:
            # as bytes: soundfile refuses names that are not valid text
            yield from _by_libsndfile(os.fsencode(path))
        return
    except AudioError:
        raise
    except (sf.LibsndfileError, OSError, TypeError, ValueError) as error:
        failure = error
    if isinstance(failure, FileNotFoundError):
        remedy = "Check the path and the folder."
        raise AudioError("no such file", path=path, remedy=remedy) from failure
    if path.suffix.lower() not in PYAV_SUFFIXES or not path.is_file():
        raise AudioError(f"cannot be decoded ({_reason(path, failure)})", path=path) from failure
    yield from _by_pyav(path)


def _reason(path, error):
    """Describe why libsndfile could not read a file."""
    if isinstance(error, sf.LibsndfileError):
        reason = error.error_string.rstrip(".")
        # libsndfile's message for an MP3 that is there and cannot be decoded
        return "its content is damaged" if "does not exist" in reason else reason
    if "\0" in str(path):
        return "its name contains a null byte"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    # of other errors, such as a TypeError for headerless samples in a file named .raw
    return getattr(error, "strerror", None) or str(error)


def open_with_pyav(path):
    """Open a file with PyAV, without following references in it.

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
    """Check whether the content or the suffix of a file is of a format that PyAV decodes.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    return path.suffix.lower() in PYAV_SUFFIXES or _has_pyav_magic(path)


def _has_pyav_magic(path):
    try:
        with open(path, "rb") as file:
            return _MAGIC.match(file.read(16)) is not None
    except (OSError, ValueError):
        # the decoder reports it
        return False


class _Forward(sf.SoundFile):
    """File that is read from beginning to end without seeking.

    After each read, soundfile seeks to the current position if it can. That fails at the end of
    a FLAC file of unknown length, such as one from a pipe.
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
    except ImportError as error:
        remedy = 'Install it with: pip install "sk_ser[m4a]"'
        reason = f"{path.suffix} files need the decoder PyAV"
        raise AudioError(reason, path=path, remedy=remedy) from error
    try:
        with open_with_pyav(path) as container:
            stream = container.streams.audio[0]
            to_float = av.AudioResampler(format="fltp")
            for frame in container.decode(stream):
                for piece in to_float.resample(frame):
                    yield piece.to_ndarray().T.astype(np.float32, copy=False), stream.rate
    except (av.FFmpegError, IndexError, ValueError) as error:
        # ValueError: the layout, or the rate, changes within the file
        reason = f"FFmpeg: {getattr(error, 'strerror', None) or error}"
        raise AudioError(f"cannot be decoded ({reason})", path=path) from error
