"""Test clips are new in both ways, and each is tested once."""

import numpy as np
import pytest
import sklearn
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, cross_validate

from sk_ser.model_selection import SpeakerSentenceFolds


def grid(n_speakers, n_sentences, n_takes=1):
    """Every speaker says every sentence so many times."""
    speakers, sentences, _ = np.indices((n_speakers, n_sentences, n_takes)).reshape(3, -1)
    return np.column_stack([speakers, sentences])


def test_on_a_full_grid_each_clip_is_tested_once_and_the_others_are_known():
    groups = grid(4, 6)
    folds = list(SpeakerSentenceFolds(2, 3).split(groups, groups=groups))
    assert len(folds) == 6
    for train, test in folds:
        # half the speakers say a third of the sentences; the others say the rest
        assert (len(train), len(test)) == (8, 4)
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(24))


@settings(deadline=None, max_examples=50)
@given(
    seed=st.integers(0, 1_000),
    n_speakers=st.integers(3, 9),
    n_sentences=st.integers(2, 7),
    n_clips=st.integers(30, 90),
    shuffle=st.booleans(),
)
def test_no_speaker_and_no_sentence_is_on_both_sides(
    seed, n_speakers, n_sentences, n_clips, shuffle
):
    rng = np.random.default_rng(seed)
    full = grid(n_speakers, n_sentences)
    groups = np.concatenate([full, full[rng.integers(len(full), size=n_clips)]])
    y = rng.integers(3, size=len(groups))
    folds = SpeakerSentenceFolds(3, 2, shuffle=shuffle, random_state=seed if shuffle else None)
    tested = []
    for train, test in folds.split(groups, y, groups):
        for column in range(2):
            assert set(groups[train, column]).isdisjoint(groups[test, column])
        tested += test.tolist()
    assert sorted(tested) == list(range(len(groups)))


def test_names_may_be_text_and_a_table():
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame({"speaker": list("aabbccdd"), "sentence": ["x", "y"] * 4})
    folds = SpeakerSentenceFolds(2, 2)
    assert len(list(folds.split(table, groups=table))) == folds.get_n_splits(groups=table) == 4


def test_folds_that_have_no_clips_are_left_out():
    groups = np.array([[0, 0], [1, 1], [0, 0], [1, 1]])
    folds = list(SpeakerSentenceFolds(2, 2).split(groups, groups=groups))
    assert len(folds) == 2
    assert SpeakerSentenceFolds(2, 2).get_n_splits(groups=groups) == 2


def test_a_seed_repeats_the_parts():
    groups = grid(8, 6)

    def tests(seed):
        folds = SpeakerSentenceFolds(2, 2, shuffle=True, random_state=seed)
        return [test.tolist() for _, test in folds.split(groups, groups=groups)]

    assert tests(0) == tests(0)
    assert any(tests(0) != tests(seed) for seed in range(1, 5))


def test_speakers_are_parted_so_that_emotions_are_spread():
    groups = grid(6, 4, 2)
    y = (groups[:, 0] % 2).astype(str)
    for train, test in SpeakerSentenceFolds(3, 2).split(groups, y, groups):
        assert set(y[train]) == set(y[test]) == {"0", "1"}


def test_it_stands_in_cross_validation_and_a_search_with_and_without_routing():
    groups = grid(6, 4)
    X, y = np.zeros((24, 1)), np.arange(24) % 2
    folds = SpeakerSentenceFolds(2, 2)
    scores = cross_validate(DummyClassifier(), X, y, groups=groups, cv=folds)
    assert len(scores["test_score"]) == 4
    search = GridSearchCV(DummyClassifier(), {"strategy": ["prior", "uniform"]}, cv=folds)
    assert search.fit(X, y, groups=groups).n_splits_ == 4
    with sklearn.config_context(enable_metadata_routing=True):
        scores = cross_validate(DummyClassifier(), X, y, params={"groups": groups}, cv=folds)
    assert len(scores["test_score"]) == 4


def test_it_shows_its_parameters():
    assert repr(SpeakerSentenceFolds(3, 2)).startswith("SpeakerSentenceFolds(n_sentence_folds=2")


@pytest.mark.parametrize(
    ("folds", "groups", "message"),
    [
        (SpeakerSentenceFolds(), None, "groups is None. Pass the speaker and the sentence"),
        (SpeakerSentenceFolds(), np.zeros((9, 3)), "groups has 3 columns. Pass two"),
        (SpeakerSentenceFolds(5, 2), grid(4, 4), "n_speaker_folds=5, and there are 4 speakers"),
        (SpeakerSentenceFolds(2, 5), grid(4, 4), "n_sentence_folds=5, and there are 4 sentences"),
        (SpeakerSentenceFolds(1, 2), grid(4, 4), "n_speaker_folds=1 must be a whole number from 2"),
    ],
)
def test_what_cannot_be_parted_is_told(folds, groups, message):
    with pytest.raises(ValueError, match=message):
        list(folds.split(np.zeros(len(groups) if groups is not None else 9), groups=groups))
