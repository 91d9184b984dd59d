"""Decode a recording block by block, with libsndfile or PyAV.

Headers are not trusted: memory is allocated for decoded blocks only.
"""

import os
import re
import stat

import numpy as np
import soundfile as sf

from sk_ser._bounds import is_rate, rates_text
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
#: FFmpeg also reads playlists, and opens the files and addresses in them, and it decodes the first
#: picture of a video: a PNG of 2 MB may take 2 GB. So its formats, protocols and decoders are
#: restricted to these.
_ONLY = {
    "format_whitelist": "mov,aac,asf,matroska,amr,amrnb,amrwb,ogg",
    "protocol_whitelist": "file",
    "codec_whitelist": "aac,aac_latm,ac3,alac,amrnb,amrwb,eac3,flac,mp2,mp3,mp3float,opus,vorbis,"
    "wmalossless,wmapro,wmav1,wmav2,wmavoice,pcm_alaw,pcm_mulaw,pcm_u8,pcm_s16le,pcm_s16be,"
    "pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be",
}


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
        If the file is missing, empty or no regular file, cannot be decoded to its end, or has a
        sampling rate out of bounds.
    """
    for block, rate in _blocks_of(path):
        if not is_rate(rate):
            raise AudioError(
                f"its sampling rate is {rate} Hz, and must be {rates_text()}",
                path=path,
                remedy="Its header may be damaged: convert the recording again.",
            )
        yield block, rate


def _blocks_of(path):
    failure, begun = None, False
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # a pipe may never end
            what = "it is a folder" if stat.S_ISDIR(status.st_mode) else "it is no regular file"
            raise AudioError(f"cannot be decoded ({what})", path=path)
        if status.st_size == 0:
            raise AudioError("the file is empty (0 bytes)", path=path)
        if not _has_pyav_magic(path):
            # as bytes: soundfile refuses names that are not valid text
            for block in _by_libsndfile(os.fsencode(path)):
                begun = True
                yield block
            return
    except FileNotFoundError as error:
        remedy = "Check the path and the folder."
        raise AudioError("no such file", path=path, remedy=remedy) from error
    except (sf.LibsndfileError, OSError, TypeError, ValueError) as error:
        if isinstance(error, AudioError):
            raise
        failure = error
    if failure is None or path.suffix.lower() in PYAV_SUFFIXES:
        yield from _by_pyav(path)
        return
    reason = f"cannot be decoded ({_reason(path, failure)})"
    if begun:
        raise AudioError(reason, path=path) from failure
    try:
        # what libsndfile does not open at all, such as FLAC in Ogg
        yield from _by_pyav(path)
    except AudioError:
        raise AudioError(reason, path=path) from failure


def _reason(path, error):
    """Describe why libsndfile could not read a file."""
    if isinstance(error, sf.LibsndfileError):
        reason = error.error_string.rstrip(".")
        # libsndfile's message for an MP3 that is there and cannot be decoded
        return "its content is damaged" if "does not exist" in reason else reason
    if "\0" in str(path):
        return "its name contains a null byte"
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
            if not container.streams.audio:
                raise AudioError("it has no sound", path=path)
            stream = container.streams.audio[0]
            to_float = av.AudioResampler(format="fltp")
            for frame in container.decode(stream):
                for piece in to_float.resample(frame):
                    yield piece.to_ndarray().T.astype(np.float32, copy=False), stream.rate
    except AudioError:
        raise
    except (av.FFmpegError, IndexError, ValueError) as error:
        # ValueError: the layout, or the rate, changes within the file
        reason = f"FFmpeg: {getattr(error, 'strerror', None) or error}"
        raise AudioError(f"cannot be decoded ({reason})", path=path) from error
