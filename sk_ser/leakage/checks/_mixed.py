"""Rows of a table that were mixed from two others."""

import numpy as np
from scipy.stats import binom
from sklearn.neighbors import NearestNeighbors

from sk_ser.leakage.checks._vectors import distinct_rows

#: Neighbours of the same class between which a mixed row is searched.
_NEIGHBOURS = 11
#: A row lies between two others if they are in opposite directions, up to this angle in rad.
_ANGLE = 1e-4
#: By chance, so many times as many rows lie between two others up to a larger angle. This holds
#: for a plane, and all the more for more dimensions.
_WIDER = 30
#: Probability of a finding by chance.
_CHANCE = 1e-5
#: Share of different values from which a column is continuous: counts lie on lines by nature.
_CONTINUOUS = 0.99
#: Least scale of a principal component, relative to the largest, that rows are scaled by.
_THIN = 0.03


def find_mixed(X, y):
    """Find rows that lie exactly on the line between two rows of their class.

    By chance, the number of rows that lie near such a line grows with the angle that still counts
    as near. The number of mixed rows does not. So numbers at two angles are compared.

    Parameters
    ----------
    X : ndarray of shape (n_clips, n_columns)
    y : ndarray of shape (n_clips,)
        Classes.

    Returns
    -------
    ndarray of int
        Mixed rows, ascending; empty if there can be as many by chance.
    """
    values, rows = _continuous(X)
    values = _round_shape(values)
    if values is None:
        return np.empty(0, dtype=int)
    angles = np.full(len(X), np.pi)
    for label in np.unique(y):
        of_class = np.flatnonzero(y[rows] == label)
        if len(of_class) > 3:
            angles[rows[of_class]] = _smallest_angles(values[of_class])
    mixed = np.flatnonzero(angles < _ANGLE)
    n_near = np.sum(angles < _WIDER * _ANGLE)
    is_chance = binom.sf(len(mixed) - 1, n_near, 1 / _WIDER) > _CHANCE
    return mixed[:0] if is_chance else mixed


def _continuous(X):
    """Return the columns without repeated values, of one row of each kind, and these rows."""
    rows = distinct_rows(X)
    X = X[rows]
    n_values = np.array([len(np.unique(column)) for column in X.T])
    return X[:, n_values >= _CONTINUOUS * len(X)], rows


def _round_shape(values):
    """Scale principal components alike, except thin ones; None if there are fewer than two."""
    if min(values.shape) < 2:
        return None
    standard = (values - values.mean(axis=0)) / values.std(axis=0)
    left, sizes, _ = np.linalg.svd(standard, full_matrices=False)
    if sizes[1] < _THIN * sizes[0]:
        return None
    return left * (sizes / np.maximum(sizes, _THIN * sizes[0]))


def _smallest_angles(values):
    """Return how far from opposite, in rad, the most opposite two neighbours of each row are."""
    search = NearestNeighbors(n_neighbors=min(_NEIGHBOURS, len(values))).fit(values)
    angles = np.full(len(values), np.pi)
    for row, others in enumerate(search.kneighbors(values, return_distance=False)):
        to_others = values[others[others != row]] - values[row]
        sizes = np.linalg.norm(to_others, axis=1)
        away = to_others[sizes > 0] / sizes[sizes > 0, None]
        if len(away) > 1:
            cosine = (away @ away.T).min()
            angles[row] = np.sqrt(max(0.0, 2 * (1 + cosine)))
    return angles
