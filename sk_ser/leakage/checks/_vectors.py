"""Equal and nearly equal rows of a table."""

import numpy as np
import pandas as pd
from scipy.stats import binom
from sklearn.neighbors import NearestNeighbors

#: A row is nearly another one if their distance is so small a share of that to the fifth nearest.
_NEAR, _FIFTH = 0.1, 5
#: Of the rows that come to three times that share, those that come to it by chance. This is so for
#: points on a line, (1 - 0.9 ** 4) / (1 - 0.7 ** 4); there are fewer in more dimensions.
_WIDER, _ON_A_LINE = 3, 0.45
#: Probability of a finding by chance, for points on a line.
_CHANCE = 0.005


def distinct_rows(X):
    """Return the first row of each kind: positions in X, ascending."""
    return np.sort(np.unique(X, axis=0, return_index=True)[1])


def equal_rows(X):
    """Return pairs of equal rows.

    Parameters
    ----------
    X : ndarray of shape (n_clips, n_columns)

    Returns
    -------
    DataFrame
        Columns ``first``, ``second``, ``kind`` and ``similarity``, as of find_duplicates.
    """
    _, place = np.unique(X, axis=0, return_inverse=True)
    place = place.ravel()  # NumPy 2.0 returns one axis more
    order = np.argsort(place, kind="stable")
    pairs = pd.DataFrame({"first": order[:-1], "second": order[1:]})
    pairs = pairs[place[pairs["first"]] == place[pairs["second"]]]
    return pairs.assign(kind="exact", similarity=1.0).reset_index(drop=True)


def can_be_chance(X, n_pairs):
    """Return whether so many rows can be equal by chance, as rows of a few counts are.

    Parameters
    ----------
    X : ndarray of shape (n_clips, n_columns)
    n_pairs : int
        Number of pairs of equal rows.
    """
    rows = np.unique(X, axis=0)
    shares = [np.unique(column, return_counts=True)[1] / len(rows) for column in rows.T]
    # of all pairs, those that are equal in every column, if columns were independent
    expected = len(X) * (len(X) - 1) / 2 * np.prod([np.sum(share**2) for share in shares])
    # copies are equal in all columns if they are equal in half of them
    of_half = max((len(equal_rows(half)) for half in (X[:, ::2], X[:, 1::2])), default=0)
    return expected > 0.05 * n_pairs or n_pairs < 0.5 * of_half


def close_rows(X):
    """Return pairs of rows that differ so little that they are copies with noise.

    Parameters
    ----------
    X : ndarray of shape (n_clips, n_columns)

    Returns
    -------
    DataFrame
        Columns as of :func:`equal_rows`. Without rows if chance can make as many.
    """
    rows = distinct_rows(X)
    X = X[rows][:, X.std(axis=0) > 0]
    if len(X) <= _FIFTH + 1 or X.shape[1] < 2 or not np.isfinite(X).all():
        return equal_rows(X[:1])
    standard = (X - X.mean(axis=0)) / X.std(axis=0)
    distances, others = NearestNeighbors(n_neighbors=_FIFTH + 1).fit(standard).kneighbors()
    share = distances[:, 0] / np.maximum(distances[:, _FIFTH - 1], np.finfo(float).tiny)
    close = np.flatnonzero(share < _NEAR)
    n_wider = np.sum(share < _WIDER * _NEAR)
    if binom.sf(len(close) - 1, n_wider, _ON_A_LINE) > _CHANCE:
        close = close[:0]
    pairs = np.sort(np.c_[rows[close], rows[others[close, 0]]], axis=1).reshape(-1, 2)
    found = pd.DataFrame(pairs, columns=["first", "second"])
    found = found.assign(kind="near", similarity=1 - share[close])
    return found.drop_duplicates(["first", "second"]).reset_index(drop=True)
