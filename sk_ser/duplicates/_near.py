"""Pairs of clips that are altered copies of each other, found in two stages.

Products of signatures, computed block by block, select the pairs that are then aligned.
"""

from collections import Counter
from itertools import chain

import numpy as np
import pandas as pd

from sk_ser._parallel import run_in_order
from sk_ser.duplicates._alignment import similarity

#: Product of signatures from which a pair is aligned.
_ALIKE = 0.4
#: Pairs of one clip that are aligned in each round, the most similar first. The next round
#: follows if at least half as many copies were found. A clip without copies costs one round.
_ROUNDS = (8, 16, 32)
#: Clips whose signatures are multiplied at a time.
_BLOCK = 512


def find_near(prints, threshold, n_jobs=None):
    """Find pairs of clips whose fingerprints are similar.

    Parameters
    ----------
    prints : list of Fingerprint
    threshold : float
        Least similarity, in [0, 1].
    n_jobs : int or None, default=None
        Processes, as joblib counts them.

    Returns
    -------
    dict of (int, int) to float
        Similarity of each pair that reaches the threshold, the lower position first.
    """
    candidates = find_candidates([one.signatures for one in prints])
    found, hopeful = {}, set(range(len(prints)))
    for start, stop in zip((0, *_ROUNDS), _ROUNDS, strict=False):
        pairs = [
            pair
            for pair, rank in candidates.items()
            if start <= rank < stop and not hopeful.isdisjoint(pair)
        ]
        tasks = [(prints[i].map, prints[j].map) for i, j in pairs]
        values = run_in_order(similarity, tasks, n_jobs=n_jobs)
        found |= {pair: v for pair, v in zip(pairs, values, strict=True) if v >= threshold}
        copies = Counter(chain.from_iterable(found))
        hopeful = {clip for clip, count in copies.items() if 2 * count >= stop}
    return dict(sorted(found.items()))


def find_candidates(signatures):
    """Find pairs of clips that may be copies of each other.

    Parameters
    ----------
    signatures : list of ndarray of shape (n_speeds, n_values)
        Unit vectors, the one of the clip's own speed first.

    Returns
    -------
    dict of (int, int) to int
        The rank of each pair among the pairs of one of its clips, 0 for the most similar; the
        lower position first.
    """
    if not signatures:
        return {}
    blocks = [signatures[start : start + _BLOCK] for start in range(0, len(signatures), _BLOCK)]
    # single precision for one block at a time: for all, it would take twice the memory
    found = [
        _pairs_of(number, other, _widen(rows), _widen(columns))
        for number, rows in enumerate(blocks)
        for other, columns in enumerate(blocks[: number + 1])
    ]
    return _rank(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _widen(signatures):
    return np.stack(signatures, axis=1).astype(np.float32)


def _pairs_of(number, other, rows, columns):
    """List the pairs of two blocks whose signatures are similar, and how similar they are."""
    alike = rows[0] @ columns[0].T
    for speed in range(1, len(rows)):
        np.maximum(alike, rows[speed] @ columns[0].T, out=alike)
        np.maximum(alike, rows[0] @ columns[speed].T, out=alike)
    if number == other:
        alike[np.triu_indices(len(alike))] = -1
    later, earlier = np.nonzero(alike >= _ALIKE)
    return earlier + _BLOCK * other, later + _BLOCK * number, alike[later, earlier]


def _rank(first, second, alike):
    """Rank each pair among those of the clip where it ranks higher, and drop the lowest."""
    pairs = np.column_stack([first, second])[np.lexsort((second, first, -alike))]
    clips = pd.Series(pairs.ravel())
    ranks = clips.groupby(clips).cumcount().to_numpy().reshape(-1, 2).min(axis=1)
    kept = ranks < _ROUNDS[-1]
    return dict(zip(map(tuple, pairs[kept].tolist()), ranks[kept].tolist(), strict=True))
