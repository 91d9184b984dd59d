"""Rows that were mixed from two others are told from those that are near by chance."""

import numpy as np
import pytest

from sk_ser.leakage.checks._mixed import find_mixed

N = 120
Y = np.arange(N) % 3


def oversample(X, rows, seed=0):
    """Add a point between each of some rows and one of its five neighbours, as SMOTE does."""
    rng, made = np.random.default_rng(seed), []
    for row in rows:
        of_class = np.flatnonzero(row % 3 == Y)
        near = of_class[np.argsort(np.linalg.norm(X[of_class] - X[row], axis=1))[1:6]]
        made.append(X[row] + rng.random() * (X[rng.choice(near)] - X[row]))
    return np.r_[X, made], np.r_[Y, Y[rows]]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n_columns", [2, 10, 500])
def test_mixed_rows_are_found(n_columns, dtype):
    X = 10 + np.random.default_rng(0).normal(size=(N, n_columns))
    X, y = oversample(X, np.arange(0, N, 2))
    found = find_mixed(X.astype(dtype).astype(float), y)
    assert np.mean(np.isin(found, np.arange(N, len(X)))) > 0.8
    assert len(found) > 15


@pytest.mark.parametrize("seed", range(20))
def test_rows_as_they_are(seed):
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=N)
    honest = {
        "noise of two columns": rng.normal(size=(N, 2)),
        "noise of ten columns": rng.normal(size=(N, 10)),
        "counts": rng.poisson(5, size=(N, 4)).astype(float),
        "two decimals": np.round(rng.normal(size=(N, 2)), 2),
        "a line": np.c_[latent, 2 * latent],
        "nearly a line": np.c_[latent, latent + 1e-4 * rng.normal(size=N)],
        "a curve": np.c_[latent, latent**2, np.sin(latent)],
        "a walk": np.cumsum(rng.normal(size=(N, 3)), axis=0),
        "copies": np.tile(rng.normal(size=(N // 2, 3)), (2, 1)),
    }
    assert {name: len(find_mixed(X, Y)) for name, X in honest.items()} == dict.fromkeys(honest, 0)
