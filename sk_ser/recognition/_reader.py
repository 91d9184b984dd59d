"""The first step of every prediction: decode a recording and refuse an unusable one."""

import numpy as np

from sk_ser._clipwise import ClipwiseTransformer
from sk_ser._containers import is_path
from sk_ser.audio import Clip, decode, duration_of
from sk_ser.exceptions import AudioError

#: Seconds of the shortest clip that is predicted from: about half a syllable.
_SHORTEST = 0.1
#: Standard deviation of samples, full scale at 1, up to which a clip counts as silent: -80 dB.
_SILENCE = 1e-4
#: Largest amplitude, full scale at 1, as in :func:`sk_ser.audio.decode`.
_LOUDEST = 1e10
#: Samples that are looked at at a time.
_BLOCK = 2**16


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
        If it cannot be decoded, or :func:`check_usable` refuses it.
    """
    if longest is not None:
        # the header is checked first because that is quick; it may be wrong
        duration = duration_of(path) or 0.0
        if duration > longest:
            raise AudioError(
                f"too long: {duration:.1f} s, and {longest:g} s are allowed", path=path
            )
    samples, rate = decode(path, mono=channel, max_duration=longest)
    clip = Clip(samples[:, 0], rate)
    check_usable(clip, path=path)
    return clip


def check_usable(clip, *, path=None):
    """Raise AudioError on a clip that nothing can be predicted from.

    Parameters
    ----------
    clip : Clip of shape (n_samples,)
        Samples that are not finite, a length below 0.1 s and silence (a standard deviation of
        at most -80 dB of full scale) are refused.
    path : str, Path or None, default=None
        The file, for the error.
    """
    samples, reason = np.asarray(clip), None
    # NaN compares as false
    n_broken = samples.size - np.count_nonzero(np.abs(samples) <= _LOUDEST)
    if n_broken:
        reason = f"{n_broken} of {samples.size} samples are NaN, infinite or above 1e10"
    elif clip.duration < _SHORTEST:
        reason = f"too short: {clip.duration:.2g} s, and at least {_SHORTEST} s are needed"
    elif _spread(samples) <= _SILENCE:
        reason = "silent: its level is at most -80 dB of full scale"
    if reason:
        raise AudioError(reason, path=path)


class RecordingReader(ClipwiseTransformer):
    """Step that decodes paths with :func:`read_recording` and passes clips through."""

    _takes = "paths"

    def __init__(self, channel="mix", longest=None):
        self.channel = channel
        self.longest = longest

    def transform_clip(self, item):
        """Decode one path; return a clip as it is."""
        return read_recording(item, self.channel, self.longest) if is_path(item) else item


def _spread(samples):
    """Compute the standard deviation block by block, without a copy of a long clip."""
    mean = np.mean(samples, dtype=np.float64)
    blocks = (samples[start : start + _BLOCK] for start in range(0, len(samples), _BLOCK))
    return np.sqrt(sum(np.sum(np.square(block - mean)) for block in blocks) / len(samples))
