"""What comes out of a sound card, a socket or a file, as mono float32."""

import numpy as np

from sk_ser._arrays import Clip

#: More channels than this are samples that lie along the wrong axis.
_MOST_CHANNELS = 64


def to_mono(chunk, mono):
    """Bring one chunk into the form that a decoded file has, mixed down as a loader does it.

    Parameters
    ----------
    chunk : array-like of shape (n_samples,) or (n_samples, n_channels)
        Floats, full scale at 1, or signed integers, full scale at their type's.
    mono : "mix" or int
        The mean of the channels, or the channel of this number.

    Returns
    -------
    ndarray of shape (n_samples,), float32

    Raises
    ------
    ValueError
        Saying what is wrong with the chunk.
    """
    samples = np.asarray(chunk)
    if samples.ndim not in (1, 2):
        raise ValueError(
            f"the chunk has {samples.ndim} axes. Give (n_samples,) or (n_samples, n_channels)."
        )
    if samples.ndim == 2 and samples.shape[1] > _MOST_CHANNELS:
        raise ValueError(
            f"the chunk has {samples.shape[1]} channels. Chunks are (n_samples, n_channels): "
            "transpose it."
        )
    return _mix(_to_float(samples), mono)


def check_rate(chunk, sampling_rate):
    """Refuse a chunk that knows that it was taken at another rate."""
    if isinstance(chunk, Clip) and chunk.sampling_rate != sampling_rate:
        raise ValueError(
            f"the chunk is at {chunk.sampling_rate} Hz, the stream at {sampling_rate} Hz. "
            "Pass the chunks' rate as sampling_rate."
        )


def _to_float(samples):
    """Scale as libsndfile does: a type's full scale becomes 1."""
    if samples.dtype.kind == "f" or samples.size == 0:
        return samples.astype(np.float32, copy=False)
    if samples.dtype.kind != "i":
        raise ValueError(
            f"the chunk is of {samples.dtype}. Give floats, full scale at 1, or signed integers."
        )
    return samples.astype(np.float32) / np.float32(-float(np.iinfo(samples.dtype).min))


def _mix(samples, mono):
    if samples.ndim == 1 or samples.shape[1] == 1:
        return samples.reshape(-1)
    if mono == "mix":
        return samples.mean(axis=1)
    if mono >= samples.shape[1]:
        raise ValueError(
            f"the chunk has no channel {mono}, as the model's mono={mono} asks: there are "
            f"{samples.shape[1]}, counted from 0."
        )
    return samples[:, mono]
