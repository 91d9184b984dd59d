"""The first step of every prediction: decode a recording and refuse an unusable one."""

import numpy as np

from sk_ser._clipwise import ClipwiseTransformer
from sk_ser._containers import is_path
from sk_ser.audio import Clip, check_duration, check_usable, decode, duration_of
from sk_ser.exceptions import AudioError

#: Largest amplitude, full scale at 1, as of :func:`sk_ser.audio.decode`.
_LOUDEST = 1e10


def read_recording(path, channel, longest=None):
    """Decode a recording at its own sampling rate and check that it is usable.

    Parameters
    ----------
    path : str or Path
    channel : "mix" or int
        As :class:`~sk_ser.audio.AudioLoader` takes `mono`.
    longest : float or None, default=None
        Seconds; a longer recording is not decoded.

    Returns
    -------
    Clip of shape (n_samples,)

    Raises
    ------
    AudioError
        If it cannot be decoded, or :func:`~sk_ser.audio.check_usable` refuses it.
    """
    try:
        if longest is not None:
            # the header is quick to read, but may be wrong
            check_duration(duration_of(path), longest=longest)
        samples, rate = decode(path, mono=channel, max_duration=longest)
        return check_usable(Clip(samples[:, 0], rate))
    except AudioError as error:
        raise error.at(path) from error.__cause__


def find_fault(item):
    """Return why an item cannot be described: it is neither a path nor a usable clip.

    Parameters
    ----------
    item : object
        A path is not read.

    Returns
    -------
    AudioError or None
    """
    if is_path(item):
        return None
    if not isinstance(item, Clip):
        return AudioError(f"neither a path nor a clip: {item!r}")
    # NaN compares as false
    n_broken = item.size - np.count_nonzero(np.abs(np.asarray(item)) <= _LOUDEST)
    if n_broken:
        return AudioError(
            f"{n_broken} of {item.size} samples are NaN or infinite, or {_LOUDEST:g} times as "
            "large as full scale"
        )
    try:
        check_usable(item)
    except AudioError as error:
        return error
    return None


class RecordingReader(ClipwiseTransformer):
    """Step that decodes paths with :func:`read_recording` and passes clips through."""

    takes = "paths"

    def __init__(self, channel="mix", longest=None):
        self.channel = channel
        self.longest = longest

    def transform_clip(self, item):
        """Decode one path; return a clip as it is."""
        return read_recording(item, self.channel, self.longest) if is_path(item) else item
