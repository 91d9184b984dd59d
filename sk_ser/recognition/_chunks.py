"""Chunks from a sound card, a socket or a file, as mono float32."""

import numpy as np

from sk_ser._arrays import Clip
from sk_ser.audio import mix_channels

#: An array with more columns is transposed by mistake.
_MOST_CHANNELS = 64


def to_mono(chunk, channel, sampling_rate):
    """Convert one chunk to what decoding a file of the same samples returns.

    Parameters
    ----------
    chunk : array-like of shape (n_samples,) or (n_samples, n_channels)
        Floats with full scale at 1, or signed integers with their type's full scale.
    channel : "mix" or int
        The mean of the channels, or the channel of this number.
    sampling_rate : int
        Of the stream, in Hz; a Clip must have the same.

    Returns
    -------
    ndarray of shape (n_samples,), float32

    Raises
    ------
    ValueError
        Saying what is wrong with the chunk.
    """
    if isinstance(chunk, Clip) and chunk.sampling_rate != sampling_rate:
        raise ValueError(
            f"the chunk is at {chunk.sampling_rate} Hz, the stream at {sampling_rate} Hz. "
            "Pass the chunks' rate as sampling_rate."
        )
    samples = np.asarray(chunk)
    if samples.ndim not in (1, 2):
        raise ValueError(
            f"the chunk has {samples.ndim} axes. Pass (n_samples,) or (n_samples, n_channels)."
        )
    if samples.ndim == 2 and samples.shape[1] > _MOST_CHANNELS:
        raise ValueError(
            f"the chunk has {samples.shape[1]} channels. Chunks are (n_samples, n_channels): "
            "transpose it."
        )
    samples = _to_float(samples)
    return samples if samples.ndim == 1 else mix_channels(samples, channel)[:, 0]


def _to_float(samples):
    """Scale as libsndfile does: a type's full scale becomes 1."""
    if samples.dtype.kind == "f" or samples.size == 0:
        return samples.astype(np.float32, copy=False)
    if samples.dtype.kind != "i":
        raise ValueError(
            f"the chunk is of {samples.dtype}. Pass floats with full scale at 1, or signed "
            "integers."
        )
    return samples.astype(np.float32) / np.float32(-float(np.iinfo(samples.dtype).min))
