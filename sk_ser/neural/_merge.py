"""The same clips make the same net, however they are ordered or repeated."""

from hashlib import blake2b

import numpy as np


def merge_repeated(items, codes, groups, weights):
    """Let a clip that is given twice be one of twice the weight, and one of none be none.

    Rows come out in an order of their own, so that shuffling, batches and dropout
    are those of the clips and not of their order.

    Parameters
    ----------
    items : list of ndarray
        Clips.
    codes, weights : ndarray of shape (n_clips,)
        Class and weight of each.
    groups : ndarray of shape (n_clips,) or None
        Speaker of each.

    Returns
    -------
    rows : ndarray of int
        One for each clip that differs from the others.
    weights : ndarray of float
        Of these.
    """
    given = np.flatnonzero((weights > 0) & np.array([len(item) > 0 for item in items]))
    marks = np.array([_mark(items[row], codes[row], groups, row) for row in given], dtype="S32")
    _, first, place = np.unique(marks, return_index=True, return_inverse=True)
    return given[first], np.bincount(place, weights[given])


def _mark(item, code, groups, row):
    speaker = "" if groups is None else groups[row]
    digest = blake2b(f"{code} {speaker} {item.shape}".encode(), digest_size=16)
    digest.update(np.ascontiguousarray(item).data)
    return digest.hexdigest().encode()
