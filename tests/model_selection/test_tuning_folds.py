"""TuningFolds: speaker-disjoint where it can be, never failing where it cannot."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

from sk_ser.model_selection import TuningFolds


@pytest.fixture
def clips():
    rng = np.random.default_rng(0)
    y = np.tile(["calm", "angry"], 30)
    return rng.normal(size=(60, 3)) + (y == "calm")[:, np.newaxis], y


@pytest.mark.parametrize("n_speakers, n_folds", [(2, 2), (3, 3), (10, 3)])
def test_no_speaker_is_on_both_sides(clips, n_speakers, n_folds):
    X, y = clips
    speakers = np.repeat(np.arange(n_speakers), 60 // n_speakers)
    folds = TuningFolds(3, random_state=0)
    splits = list(folds.split(X, y, speakers))
    assert len(splits) == folds.get_n_splits(X, y, speakers) == n_folds
    for train, test in splits:
        assert not set(speakers[train]) & set(speakers[test])
    assert sorted(np.concatenate([test for _, test in splits])) == list(range(60))


@pytest.mark.parametrize("speakers", [None, np.zeros(60)])
def test_one_speaker_or_none_known_is_split_at_random(clips, speakers):
    X, y = clips
    splits = list(TuningFolds(3, random_state=0).split(X, y, speakers))
    assert len(splits) == 3
    assert all(set(y[test]) == {"calm", "angry"} for _, test in splits)


def test_a_search_tunes_on_it_with_and_without_speakers(clips):
    X, y = clips
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=TuningFolds(random_state=0))
    search.fit(X, y)
    assert search.n_splits_ == 3
    search.fit(X, y, groups=np.repeat(["a", "b"], 30))
    assert search.n_splits_ == 2


def test_the_same_seed_gives_the_same_folds(clips):
    X, y = clips
    speakers = np.repeat(np.arange(12), 5)

    def tested(seed):
        return [test.tolist() for _, test in TuningFolds(random_state=seed).split(X, y, speakers)]

    assert tested(3) == tested(3)


@pytest.mark.parametrize("n_splits", [1, 2.5, None])
def test_fewer_than_two_folds_are_refused(clips, n_splits):
    with pytest.raises(ValueError, match="n_splits"):
        list(TuningFolds(n_splits).split(*clips))
