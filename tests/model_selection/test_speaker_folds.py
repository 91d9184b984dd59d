"""Published folds: speakers that are named together are tested together."""

import numpy as np
import pytest
import sklearn
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV

from sk_ser.model_selection import SpeakerFolds

RAVDESS = [
    {1, 11, 20, 21},
    {4, 10, 12, 14},
    {8, 9, 19, 23},
    {3, 5, 7, 24},
    {2, 15, 16, 18},
    {6, 13, 17, 22},
]
ACTORS = np.repeat(np.arange(1, 25), 4)
X, Y = np.zeros((96, 1)), np.tile(["calm", "angry"], 48)


def test_each_fold_tests_its_speakers_in_the_order_given():
    tested = [set(ACTORS[test]) for _, test in SpeakerFolds(RAVDESS).split(X, Y, ACTORS)]
    assert tested == RAVDESS


def test_no_speaker_is_on_both_sides_and_no_clip_is_left_out():
    for train, test in SpeakerFolds(RAVDESS).split(X, groups=ACTORS):
        assert not set(ACTORS[train]) & set(ACTORS[test])
        assert len(train) + len(test) == 96


def test_a_fold_for_each_speaker_says_the_same():
    by_speaker = {speaker: f"fold {i}" for i, fold in enumerate(RAVDESS) for speaker in fold}
    pairs = zip(
        SpeakerFolds(RAVDESS).split(X, groups=ACTORS),
        SpeakerFolds(by_speaker).split(X, groups=ACTORS),
        strict=True,
    )
    assert all(np.array_equal(one[1], other[1]) for one, other in pairs)


def test_folds_whose_speakers_are_not_there_do_no_harm():
    some = ACTORS[ACTORS < 9]
    splitter = SpeakerFolds(RAVDESS)
    assert splitter.get_n_splits(groups=some) == 6
    assert splitter.get_n_splits(groups=ACTORS[ACTORS < 4]) == 3


@pytest.mark.parametrize("routing", [False, True])
def test_scikit_learn_takes_it_as_a_splitter(routing):
    search = GridSearchCV(DummyClassifier(), {"constant": [None]}, cv=SpeakerFolds(RAVDESS))
    with sklearn.config_context(enable_metadata_routing=routing):
        assert search.fit(X, Y, groups=ACTORS).n_splits_ == 6


@pytest.mark.parametrize(
    "folds, groups, message",
    [
        (RAVDESS, None, "groups is None"),
        (RAVDESS, ["01", "11"], "the first of them '01'.*spelled as in groups"),
        ([{1, 2}, {2, 3}], [1, 2, 3], "speaker 2 is in folds 0 and 1"),
        ([{1, 2}, {3}], [1, 2], "all clips are by speakers of one fold"),
    ],
)
def test_folds_that_do_not_fit_say_why(folds, groups, message):
    with pytest.raises(ValueError, match=message):
        list(SpeakerFolds(folds).split(np.zeros((len(groups or [1]), 1)), groups=groups))
