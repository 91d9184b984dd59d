"""The same clips make the same net, in any order and with any repetition."""

import numpy as np

from sk_ser._content import content_digest


def merge_repeated(items, codes, groups, weights):
    """Merge repeated clips, add up their weights, drop clips of weight 0, and sort the rest.

    Clips are sorted by a hash of their content. Shuffling, batches and dropout then depend on
    the clips and not on their order.

    Parameters
    ----------
    items : list of ndarray
        Clips.
    codes, weights : ndarray of shape (n_clips,)
        Class and weight of each.
    groups : array-like of shape (n_clips,) or None
        Speaker of each.

    Returns
    -------
    rows : ndarray of int
        Rows of the clips that remain.
    weights : ndarray of float
        Weights of these clips.
    """
    given = np.flatnonzero((weights > 0) & np.array([len(item) > 0 for item in items]))
    speakers = np.full(len(items), "") if groups is None else np.asarray(groups)
    labels = (f"{codes[row]} {speakers[row]} {items[row].shape}" for row in given)
    digests = [
        content_digest(items[row], label).hex() for row, label in zip(given, labels, strict=True)
    ]
    digests = np.array(digests, dtype="S32")
    _, first, place = np.unique(digests, return_index=True, return_inverse=True)
    return given[first], np.bincount(place, weights[given])
