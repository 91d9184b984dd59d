"""Pairs of clips that are copies of each other, without comparing each with each in full.

Products of signatures, one block of clips with another at a time, tell which pairs are worth
the alignment that decides.
"""

import numpy as np

from sk_ser._parallel import run_in_order
from sk_ser.leakage._alignment import similarity

#: Product of signatures from which a pair is aligned.
_ALIKE = 0.4
#: Pairs that are aligned for the sake of one clip, at most: those most alike.
_MOST = 32
#: Clips whose signatures are multiplied at a time.
_BLOCK = 512
#: Pairs that are sent to a worker at a time.
_CHUNK = 64


def find_near(prints, threshold, n_jobs=None):
    """Find pairs of clips whose fingerprints are similar.

    Parameters
    ----------
    prints : list of Fingerprint
    threshold : float
        Least similarity, in [0, 1].
    n_jobs : int or None, default=None
        As joblib counts them.

    Returns
    -------
    dict of (int, int) to float
        Similarity of each pair that reaches the threshold, the lower number first.
    """
    pairs = find_candidates([one.signatures for one in prints])
    chunks = [pairs[start : start + _CHUNK] for start in range(0, len(pairs), _CHUNK)]
    tasks = [([(prints[i].map, prints[j].map) for i, j in chunk],) for chunk in chunks]
    found = run_in_order(_align, tasks, n_jobs=n_jobs)
    values = [value for chunk in found for value in chunk]
    return {pair: value for pair, value in zip(pairs, values, strict=True) if value >= threshold}


def _align(maps):
    return [similarity(first, second) for first, second in maps]


def find_candidates(signatures):
    """Find pairs of clips that may be copies of each other.

    Parameters
    ----------
    signatures : list of ndarray of shape (n_speeds, n_values)
        Unit vectors, that of the clip's own speed first.

    Returns
    -------
    list of (int, int)
        In ascending order, the lower number first in each.
    """
    if not signatures:
        return []
    blocks = [signatures[start : start + _BLOCK] for start in range(0, len(signatures), _BLOCK)]
    # single precision for one block at a time: all of them would take twice the memory
    found = [
        _pairs_of(number, other, _widen(rows), _widen(columns))
        for number, rows in enumerate(blocks)
        for other, columns in enumerate(blocks[: number + 1])
    ]
    return _keep_most_alike(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _widen(signatures):
    return np.stack(signatures, axis=1).astype(np.float32)


def _pairs_of(number, other, rows, columns):
    """List the pairs of two blocks whose signatures are alike, and how much."""
    alike = rows[0] @ columns[0].T
    for speed in range(1, len(rows)):
        np.maximum(alike, rows[speed] @ columns[0].T, out=alike)
        np.maximum(alike, rows[0] @ columns[speed].T, out=alike)
    if number == other:
        alike[np.triu_indices(len(alike))] = -1
    later, earlier = np.nonzero(alike >= _ALIKE)
    return earlier + _BLOCK * other, later + _BLOCK * number, alike[later, earlier]


def _keep_most_alike(first, second, alike):
    """Keep a pair if it is among the most alike of one of its clips."""
    order = np.lexsort((second, first, -alike))
    kept, counts = [], {}
    for position in order:
        pair = int(first[position]), int(second[position])
        if min(counts.get(clip, 0) for clip in pair) < _MOST:
            kept.append(pair)
        for clip in pair:
            counts[clip] = counts.get(clip, 0) + 1
    return sorted(kept)
