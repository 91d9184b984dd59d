"""Columns that were scaled over all clips are told from those that were not."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

from sk_ser.leakage.checks._scaling import describe_scaling

SPEAKERS = np.repeat(np.arange(8), 15)


def draw(seed=0, n_columns=12):
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=(len(SPEAKERS), n_columns)) @ rng.normal(size=(n_columns, n_columns))
    return 5 + mixed + rng.normal(size=(8, n_columns))[SPEAKERS]


@pytest.mark.parametrize("decimals", [12, 3, 2, 1])
@pytest.mark.parametrize(
    ("scaler", "words"),
    [
        (StandardScaler(), "mean 0 and standard deviation 1"),
        (MinMaxScaler(), "lie between 0 and 1"),
        (MinMaxScaler((-1, 1)), "lie between -1 and 1"),
        (MaxAbsScaler(), "largest magnitude of 1"),
        (RobustScaler(), "median 0 and quartiles"),
        (PCA(), "uncorrelated"),
    ],
    ids=str,
)
def test_a_scaler_leaves_a_pattern_and_rounding_does_not_hide_it(scaler, words, decimals):
    assert words in describe_scaling(np.round(scaler.fit_transform(draw()), decimals))


@pytest.mark.parametrize("decimals", [12, 2])
def test_speakers_that_were_normalised_have_equal_means(decimals):
    X = draw()
    for speaker in np.unique(SPEAKERS):
        X[speaker == SPEAKERS] -= X[speaker == SPEAKERS].mean(axis=0)
    assert describe_scaling(np.round(X, decimals), SPEAKERS).endswith("for every speaker")
    # in other units they are still equal
    assert describe_scaling(3 * X + 1, SPEAKERS).endswith("for every speaker")


@pytest.mark.parametrize("seed", range(20))
def test_data_as_they_are_have_no_pattern(seed):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(5, size=(120, 6)).astype(float)
    for X in (draw(seed), np.round(draw(seed)), counts, rng.normal(size=(120, 6))):
        assert describe_scaling(X, SPEAKERS) is None


def test_few_columns_or_clips_prove_nothing():
    scaled = StandardScaler().fit_transform(draw())
    assert describe_scaling(scaled[:, :4]) is None
    assert describe_scaling(scaled[:4]) is None
