"""Columns that were selected with the labels have p-values of their own."""

import numpy as np
import pytest
from sklearn.feature_selection import SelectKBest

from sk_ser.leakage.checks._selected import describe_selection


def draw(seed, n_clips=200, n_columns=5_000):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_clips, n_columns)), np.arange(n_clips) % 4


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("k", [20, 50])
def test_the_best_of_many_columns_of_noise(seed, k):
    X, y = draw(seed)
    sentence, figures = describe_selection(SelectKBest(k=k).fit_transform(X, y), y)
    assert "uniform below this limit" in sentence
    assert figures["n_columns"] == k


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("others", ["noise", "features"])
def test_the_best_columns_beside_others(seed, others):
    X, y = draw(seed)
    best, beside = SelectKBest(k=60).fit_transform(X, y), draw(seed + 100, n_columns=40)[0]
    if others == "features":
        beside += np.linspace(0.1, 3, 40) * y[:, np.newaxis]
    sentence, figures = describe_selection(np.c_[beside, best], y)
    assert "seem to have been removed" in sentence
    assert figures["p_limit"] < 0.05


@pytest.mark.parametrize("seed", range(20))
def test_columns_as_they_are(seed):
    X, y = draw(seed, n_columns=60)
    effects = np.random.default_rng(seed).exponential(size=60) * y[:, np.newaxis]
    for columns in (X, X + effects, (X + 0.3 * effects)[:, :20], X + 2 * y[:, np.newaxis]):
        assert describe_selection(columns, y) is None


def test_few_columns_prove_nothing():
    X, y = draw(0)
    assert describe_selection(SelectKBest(k=9).fit_transform(X, y), y) is None


def test_the_best_of_many_features_stand_out_by_the_weakest():
    X, y = draw(0, n_columns=2_000)
    X += np.random.default_rng(1).exponential(0.4, size=2_000) * y[:, np.newaxis]
    sentence, _ = describe_selection(SelectKBest(k=200).fit_transform(X, y), y)
    assert "as if weaker columns had been removed" in sentence
