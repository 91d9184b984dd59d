"""Clips that are equal, sample by sample, whatever file they come from."""

import hashlib

import numpy as np


def content_hash(clip):
    """Digest a clip's samples and its sampling rate.

    File names, containers, tags and sample formats have no say: 16-bit WAV and FLAC, or a
    mono file and one with the same sound in both channels, decode to the same numbers.

    Parameters
    ----------
    clip : Clip of shape (n_samples,)
        As :class:`~sk_ser.audio.AudioLoader` decodes it.

    Returns
    -------
    bytes of length 16
    """
    # zero has two signs, which sound alike
    samples = np.asarray(clip, dtype="<f4") + np.float32(0)
    digest = hashlib.blake2b(samples.tobytes(), digest_size=16)
    digest.update(f"{clip.sampling_rate} Hz".encode())
    return digest.digest()


def group_equal(hashes):
    """List the rows that share a hash.

    Parameters
    ----------
    hashes : sequence of bytes or None
        One a row; None is like no other.

    Returns
    -------
    list of list of int
        Each row that has a hash in one group, rows and groups in ascending order.
    """
    groups = {}
    for row, one in enumerate(hashes):
        if one is not None:
            groups.setdefault(one, []).append(row)
    return list(groups.values())
