"""Check whether a recording is usable: long enough, short enough, and not silent."""

import numpy as np

from sk_ser._arrays import Clip
from sk_ser._bounds import SHORTEST
from sk_ser.exceptions import AudioError

#: Largest standard deviation of a silent clip, full scale at 1: -80 dB.
SILENCE = 1e-4
#: Samples that are processed at a time.
_BLOCK = 2**16


def check_usable(clip: Clip, *, longest: float | None = None) -> Clip:
    """Raise AudioError unless an emotion can be recognised in a clip.

    Parameters
    ----------
    clip : Clip of shape (n_samples,)
    longest : float or None, default=None
        Longest duration in seconds. None is no limit.

    Raises
    ------
    AudioError
        If the clip is shorter than 0.1 s, longer than `longest`, or silent: if the standard
        deviation of its samples is at most -80 dB of full scale.

    Returns
    -------
    Clip
        The same.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import Clip, check_usable
    >>> check_usable(Clip(np.sin(np.arange(16_000)))).duration
    1.0
    >>> check_usable(Clip(np.zeros(16_000)))
    Traceback (most recent call last):
    ...
    sk_ser.exceptions.AudioError: silent: its level is at most -80 dB of full scale
    """
    check_duration(clip.duration, longest=longest)
    if clip.duration < SHORTEST:
        raise AudioError(f"too short: {clip.duration:.2g} s, and at least {SHORTEST} s are needed")
    if _standard_deviation(np.asarray(clip)) <= SILENCE:
        raise AudioError("silent: its level is at most -80 dB of full scale")
    return clip


def check_duration(seconds: float | None, *, longest: float | None = None) -> None:
    """Raise AudioError if a duration, such as that in a header, exceeds a limit.

    Parameters
    ----------
    seconds : float or None
        Duration; None, if it is unknown, passes.
    longest : float or None, default=None
        Longest duration in seconds. None is no limit.

    Raises
    ------
    AudioError

    Returns
    -------
    None

    Examples
    --------
    >>> from sk_ser.audio import check_duration
    >>> check_duration(3.0, longest=60.0)
    """
    if None not in (seconds, longest) and seconds > longest:
        raise AudioError(f"too long: {seconds:.1f} s, and {longest:g} s are allowed")


def _standard_deviation(samples):
    """Compute the standard deviation block by block, without copying a long clip."""
    mean = np.mean(samples, dtype=np.float64)
    blocks = (samples[start : start + _BLOCK] for start in range(0, len(samples), _BLOCK))
    return np.sqrt(sum(np.sum(np.square(block - mean)) for block in blocks) / len(samples))
