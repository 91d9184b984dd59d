"""Hashes of what recordings and arrays contain, wherever they are stored."""

import hashlib

import numpy as np

from sk_ser._containers import is_path


def content_digest(array=(), label=""):
    """Hash the bytes of an array, and a text beside them.

    Parameters
    ----------
    array : ndarray, default=()
        Of any shape and type. Neither is hashed: put them into `label` where they matter.
    label : str, default=""
        What else distinguishes one content from another.

    Returns
    -------
    bytes
        BLAKE2b, 16 bytes.
    """
    digest = hashlib.blake2b(label.encode(), digest_size=16)
    digest.update(np.ascontiguousarray(array).data)
    return digest.digest()


def recording_sha256(item):
    """Hash one recording: the bytes of a file, or the float32 samples of a clip.

    Parameters
    ----------
    item : str, Path or ndarray
        A path, or a clip in memory.

    Returns
    -------
    str
        SHA-256 in hexadecimal digits. Of a file it is what ``sha256sum`` prints.
    """
    if is_path(item):
        with open(item, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(np.ascontiguousarray(item, "<f4").tobytes()).hexdigest()


def corpus_sha256(items, labels):
    r"""Hash a corpus: its recordings and their labels, in any order and any folder.

    Parameters
    ----------
    items : sequence of (str, Path or ndarray)
        Paths, or clips in memory.
    labels : sequence of str
        The label of each.

    Returns
    -------
    str
        SHA-256 of the sorted lines ``"<SHA-256 of the recording> <label>\n"``.
    """
    pairs = zip(items, labels, strict=True)
    lines = sorted(f"{recording_sha256(item)} {label}\n" for item, label in pairs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
