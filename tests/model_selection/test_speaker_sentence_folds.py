"""New voices saying new words: known grids with known folds, and what holds of any grid."""

import numpy as np
import pandas as pd
import pytest
import sklearn
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, check_cv, cross_validate
from sklearn.tree import DecisionTreeClassifier

from sk_ser.datasets import load_emodb, load_ravdess
from sk_ser.model_selection import SpeakerSentenceFolds


def full_grid(n_speakers=6, n_sentences=4, n_clips=3):
    """Speakers who say every sentence in every emotion."""
    cells = np.indices((n_speakers, n_sentences, n_clips)).reshape(3, -1)
    return cells[:2].T, np.array(["angry", "calm", "sad"])[cells[2] % 3]


GROUPS, Y = full_grid()
X = np.random.default_rng(0).normal(size=(len(Y), 2))


def splits(folds, groups=GROUPS, y=Y):
    return list(folds.split(np.zeros(len(groups)), y, groups))


def test_of_two_speakers_and_two_sentences_each_cell_is_tested_by_the_opposite_one():
    groups = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    found = [
        (train.tolist(), test.tolist())
        for train, test in splits(SpeakerSentenceFolds(), groups, None)
    ]
    assert found == [([3], [0]), ([2], [1]), ([1], [2]), ([0], [3])]


@pytest.mark.parametrize("shuffle", [False, True])
def test_of_a_full_grid_every_clip_is_tested_once(shuffle):
    folds = SpeakerSentenceFolds(3, 2, shuffle=shuffle, random_state=0 if shuffle else None)
    found = splits(folds)
    assert len(found) == folds.get_n_splits(X, Y, GROUPS) == 6
    assert sorted(np.concatenate([test for _, test in found])) == list(range(len(Y)))
    # 4 of 6 speakers and 2 of 4 sentences are left to train on.
    assert {len(train) for train, _ in found} == {len(Y) // 3}
    assert {len(test) for _, test in found} == {len(Y) // 6}


def test_folds_are_balanced_by_class():
    # Half the speakers say one emotion only, half the other.
    y = np.where(GROUPS[:, 0] % 2, "angry", "calm")
    for train, test in splits(SpeakerSentenceFolds(3, 2), y=y):
        assert set(y[train]) == set(y[test]) == {"angry", "calm"}


def test_clips_of_each_class_are_spread_evenly_over_a_full_grid():
    for train, test in splits(SpeakerSentenceFolds(3, 2)):
        for part in (train, test):
            assert len(set(np.unique(Y[part], return_counts=True)[1])) == 1


def test_no_more_speakers_than_folds_are_a_fold_each():
    assert SpeakerSentenceFolds(9, 9).get_n_splits(groups=GROUPS) == 6 * 4


grids = st.integers(4, 60).flatmap(
    lambda n: arrays(int, (n, 2), elements=st.integers(0, 7)).filter(
        lambda groups: all(len(np.unique(column)) > 1 for column in groups.T)
    )
)


@settings(max_examples=200, deadline=None)
@given(grids, st.integers(2, 5), st.integers(2, 5), st.none() | st.integers(0, 3))
def test_neither_voice_nor_words_are_on_both_sides_and_no_clip_is_tested_twice(
    groups, n_speaker_folds, n_sentence_folds, seed
):
    folds = SpeakerSentenceFolds(
        n_speaker_folds, n_sentence_folds, shuffle=seed is not None, random_state=seed
    )
    found = splits(folds, groups, None)
    assert 0 < len(found) == folds.get_n_splits(groups=groups)
    tested = np.concatenate([test for _, test in found])
    assert len(tested) == len(set(tested.tolist()))
    for train, test in found:
        assert len(train)
        assert len(test)
        for column in groups.T:
            assert not set(column[train]) & set(column[test])


def test_the_same_seed_draws_the_same_folds_and_another_does_not():
    def tested(seed):
        folds = SpeakerSentenceFolds(3, 2, shuffle=True, random_state=seed)
        return [test.tolist() for _, test in splits(folds)]

    assert tested(0) == tested(0)
    assert any(tested(0) != tested(seed) for seed in range(1, 5))


def test_a_clip_without_an_opposite_is_not_tested():
    # Only a says y, and only b is left to train on. b does not say y.
    groups = [("a", "x"), ("a", "y"), ("b", "x")]
    assert [test.tolist() for _, test in splits(SpeakerSentenceFolds(), groups, None)] == [[1], [2]]


def test_speakers_with_sentences_of_their_own_leave_nothing_out():
    groups = [("a", "x"), ("b", "y"), ("c", "z")]
    found = splits(SpeakerSentenceFolds(5, 5), groups, None)
    assert [(len(train), test.tolist()) for train, test in found] == [(2, [0]), (2, [1]), (2, [2])]


def test_combinations_without_clips_are_no_folds():
    # Two halves of speakers who have no sentence in common.
    groups = np.array([(i, i // 2 * 10 + j) for i in range(4) for j in range(2)])
    folds = SpeakerSentenceFolds(4, 4)
    found = splits(folds, groups, None)
    assert len(found) == folds.get_n_splits(groups=groups) == 8
    assert sorted(np.concatenate([test for _, test in found])) == list(range(8))


TABLE = pd.DataFrame(GROUPS, columns=["speaker", "sentence"])


@pytest.mark.parametrize(
    "groups",
    [
        TABLE,
        TABLE[["sentence", "speaker"]].assign(path="a.wav"),
        TABLE.set_axis(TABLE.index[::-1], axis=0),
        TABLE.set_axis(["actor", "text"], axis=1),
        GROUPS.tolist(),
        np.char.mod("%02d", GROUPS),
        GROUPS.astype(object),
    ],
    ids=["table", "corpus", "other index", "other names", "list", "text", "objects"],
)
def test_speakers_and_sentences_come_in_any_container(groups):
    folds = SpeakerSentenceFolds(3, 2)
    for one, other in zip(splits(folds), splits(folds, groups), strict=True):
        np.testing.assert_array_equal(one[1], other[1])


# scikit-learn's conventions


class Spy(SpeakerSentenceFolds):
    """Keeps how many clips it was asked to split."""

    seen = []

    def split(self, X, y=None, groups=None):
        Spy.seen.append(len(groups))
        return super().split(X, y, groups)


def test_it_shows_its_parameters():
    folds = check_cv(SpeakerSentenceFolds(3, 2, shuffle=True, random_state=1))
    shown = " ".join(repr(folds).split())
    assert shown == (
        "SpeakerSentenceFolds(n_sentence_folds=2, n_speaker_folds=3, random_state=1, shuffle=True)"
    )


def test_it_asks_for_groups_unless_told_otherwise():
    folds = SpeakerSentenceFolds()
    assert folds.get_metadata_routing().split.requests == {"groups": True}
    with sklearn.config_context(enable_metadata_routing=True):
        assert folds.set_split_request(groups="who_and_what") is folds
    assert folds.get_metadata_routing().split.requests == {"groups": "who_and_what"}


@pytest.mark.parametrize("groups", [GROUPS, TABLE], ids=["array", "table"])
@pytest.mark.parametrize("routing", [False, True])
def test_cross_validation_takes_it(routing, groups):
    with sklearn.config_context(enable_metadata_routing=routing):
        handed = {"params": {"groups": groups}} if routing else {"groups": groups}
        found = cross_validate(DummyClassifier(), X, Y, cv=SpeakerSentenceFolds(3, 2), **handed)
    assert len(found["test_score"]) == 6


@pytest.mark.parametrize("groups", [GROUPS, TABLE], ids=["array", "table"])
@pytest.mark.parametrize("routing", [False, True])
def test_a_search_within_a_cross_validation_splits_the_training_clips_again(routing, groups):
    Spy.seen.clear()
    search = GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 2]}, cv=Spy(2, 2))
    handed = {"params": {"groups": groups}} | ({} if routing else {"groups": groups})
    with sklearn.config_context(enable_metadata_routing=routing):
        found = cross_validate(
            search, X, Y, cv=SpeakerSentenceFolds(3, 2), error_score="raise", **handed
        )
    assert len(found["test_score"]) == 6
    assert set(Spy.seen) == {len(Y) // 3}


# what is wrong is named


@pytest.mark.parametrize(
    "groups, message",
    [
        (None, "groups is None. Pass two columns, the speaker and the sentence of each"),
        (GROUPS[:, 0], r"groups is of shape \(72,\). Pass two columns"),
        (np.zeros((72, 3)), r"groups is of shape \(72, 3\). Pass two columns"),
        (TABLE.assign(sentence=None), "groups: 72 of 72 sentences are missing"),
        (
            TABLE.assign(speaker=1),
            "all clips have the speaker 1, and at least two speakers are needed",
        ),
        (TABLE.assign(sentence="x"), "all clips have the sentence 'x'.*split by the other"),
    ],
)
def test_groups_that_do_not_do_say_why(groups, message):
    folds = SpeakerSentenceFolds()
    with pytest.raises(ValueError, match=message):
        folds.get_n_splits(groups=groups)
    with pytest.raises(ValueError, match=message):
        next(folds.split(np.zeros(72), groups=groups))


@pytest.mark.parametrize(
    "parameters, message",
    [
        ({"n_speaker_folds": 1}, "n_speaker_folds=1: it must be a whole number from 2"),
        ({"n_sentence_folds": 2.5}, "n_sentence_folds=2.5: it must be a whole number"),
        ({"random_state": 0}, "random_state=0 has no effect without shuffling"),
    ],
)
def test_parameters_out_of_range_are_named(parameters, message):
    with pytest.raises(ValueError, match=message):
        SpeakerSentenceFolds(**parameters).get_n_splits(groups=GROUPS)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        next(SpeakerSentenceFolds().split(X, Y, GROUPS[:-1]))


# real corpora


@pytest.mark.corpus
@pytest.mark.parametrize(
    "load, name, n_folds", [(load_emodb, "emodb", 10), (load_ravdess, "ravdess", 10)]
)
def test_real_corpora_are_tested_clip_by_clip(corpora, load, name, n_folds):
    corpus = load(corpora / name)
    found = list(SpeakerSentenceFolds().split(corpus.data, corpus.target, corpus.frame))
    assert len(found) == n_folds
    tested = np.concatenate([test for _, test in found])
    assert sorted(tested) == list(range(len(corpus.data)))
    for train, test in found:
        for column in ("speaker", "sentence"):
            values = corpus.frame[column].to_numpy()
            assert not set(values[train]) & set(values[test])
