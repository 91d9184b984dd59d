"""Find and trim silence at both ends of a clip."""

import numpy as np

from sk_ser._frame_sums import frame_power

_FRAME_LENGTH = 2048
_HOP_LENGTH = 512


def trim(samples: np.ndarray, sampling_rate: int, top_db: float) -> np.ndarray:
    """Remove leading and trailing silence.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        One clip.
    sampling_rate : int
        In Hz. Frames are 128 ms long, every 32 ms, at any rate; those of
        :func:`librosa.effects.trim` have a fixed number of samples. Both agree at 16 kHz.
    top_db : float
        Frames more than this many dB below the loudest are silence.

    Returns
    -------
    ndarray of shape (n_kept,)
        The clip from its first to its last frame that is not silence.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import trim
    >>> clip = np.r_[np.zeros(16_000), np.ones(16_000), np.zeros(16_000)]
    >>> 16_000 <= len(trim(clip, 16_000, top_db=30)) < 20_000
    True
    """
    first, end = loud_span(samples, sampling_rate, top_db)
    return samples[first:end]


def loud_span(samples, sampling_rate, top_db):
    """Return the first sample of a clip that is not silence, and the one after the last."""
    hop = max(1, round(_HOP_LENGTH * sampling_rate / 16_000))
    frame = max(2, round(_FRAME_LENGTH * sampling_rate / 16_000))
    power = frame_power(samples, frame, hop)
    loud = np.flatnonzero(power > power.max() * 10 ** (-top_db / 10))
    if len(loud) == 0:
        return 0, len(samples)
    return int(loud[0]) * hop, min(len(samples), int(loud[-1] + 1) * hop)
