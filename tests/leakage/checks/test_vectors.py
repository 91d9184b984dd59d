"""Equal and nearly equal rows, and those that chance makes."""

import numpy as np
import pytest

from sk_ser.leakage.checks._vectors import can_be_chance, close_rows, equal_rows


def test_equal_rows_are_paired():
    X = np.array([[1.5, 2], [3, 4], [1.5, 2], [1.5, 2]])
    pairs = equal_rows(X)
    assert pairs[["first", "second"]].to_numpy().tolist() == [[0, 2], [2, 3]]
    assert set(pairs["kind"]) == {"exact"}


@pytest.mark.parametrize("seed", range(20))
def test_equal_rows_of_counts_can_be_chance(seed):
    rng = np.random.default_rng(seed)
    one = rng.poisson(20, size=300)
    few = {
        "counts": rng.poisson(2, size=(300, 3)),
        "mostly zeros": rng.poisson(0.05, size=(300, 20)),
        "the same count twice": np.c_[one, 2 * one],
        "one column": one[:, np.newaxis],
    }
    assert all(can_be_chance(X, len(equal_rows(X))) for X in few.values())


@pytest.mark.parametrize("n_copies", [1, 300])
def test_copies_of_measurements_are_no_chance(n_copies):
    X = np.random.default_rng(0).normal(size=(300, 4))
    X = np.r_[X, X[:n_copies]]
    assert not can_be_chance(X, n_copies)
    assert not can_be_chance(np.round(X, 2), n_copies)


@pytest.mark.parametrize("jitter", [1e-6, 1e-3, 0.03])
@pytest.mark.parametrize("n_columns", [6, 40, 1000])
@pytest.mark.parametrize("n_copies", [6, 50, 200])
def test_copies_with_noise_are_found(n_copies, n_columns, jitter):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, n_columns)) * rng.exponential(size=n_columns)
    noise = jitter * X.std(axis=0) * rng.normal(size=(n_copies, n_columns))
    pairs = close_rows(np.r_[X, X[:n_copies] + noise])
    right = pairs["second"] == pairs["first"] + 200
    assert right.sum() > 0.8 * n_copies
    assert right.mean() > 0.9
    assert (pairs["kind"] == "near").all()


@pytest.mark.parametrize("seed", range(20))
def test_rows_as_they_are(seed):
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=150)
    honest = {
        "noise of two columns": rng.normal(size=(150, 2)),
        "noise": rng.normal(size=(150, 30)),
        "a long tail": np.exp(rng.normal(size=(150, 3))),
        "clusters": rng.normal(size=(150, 8)) + 9 * rng.normal(size=(5, 8))[np.arange(150) % 5],
        "a curve": np.c_[latent, latent**2, np.sin(latent)],
        "counts": rng.poisson(5, size=(150, 6)).astype(float),
    }
    assert {name: len(close_rows(X)) for name, X in honest.items()} == dict.fromkeys(honest, 0)


@pytest.mark.parametrize("X", [np.zeros((10, 3)), np.eye(3), np.full((20, 2), np.nan)])
def test_nothing_is_found_where_there_is_nothing(X):
    assert len(close_rows(X)) == 0
