"""Clips that are equal sample by sample, whatever their files are."""

import numpy as np

from sk_ser._content import content_digest


def content_hash(clip):
    """Hash the samples of a clip and its sampling rate.

    File names, containers, tags and sample formats make no difference: 16-bit WAV and FLAC,
    or a mono file and one with the same signal in both channels, decode to the same numbers.

    Parameters
    ----------
    clip : Clip of shape (n_samples,)
        As :class:`~sk_ser.audio.AudioLoader` decodes it.

    Returns
    -------
    bytes of length 16
    """
    # adding 0 turns -0.0 into 0.0
    samples = np.asarray(clip, dtype="<f4") + np.float32(0)
    return content_digest(samples, f"{clip.sampling_rate} Hz")


def group_equal(hashes):
    """List the rows that share a hash.

    Parameters
    ----------
    hashes : sequence of bytes or None
        One per row. A row with None is in no group.

    Returns
    -------
    list of list of int
        Each row that has a hash is in one group. Rows and groups are in ascending order.
    """
    groups = {}
    for row, digest in enumerate(hashes):
        if digest is not None:
            groups.setdefault(digest, []).append(row)
    return list(groups.values())
