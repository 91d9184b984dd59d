"""Protocols by name that ask for more than speakers: whose words are tested, and with whom."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from sk_ser.datasets import load_emodb
from sk_ser.model_selection import SpeakerSentenceFolds, compare_protocols
from sk_ser.model_selection._checks import Clips
from sk_ser.model_selection._protocols import draw_protocols
from tests.model_selection.mocks import Truthful

CELLS = np.indices((6, 4, 2, 2)).reshape(4, -1)
SPEAKERS, SENTENCES = (np.char.add(prefix, CELLS[i].astype(str)) for i, prefix in enumerate("ps"))
Y = np.array(["angry", "calm"])[CELLS[2]]
FRAME = pd.DataFrame({"speaker": SPEAKERS, "sentence": SENTENCES})
BOTH = "speaker-and-sentence-independent"


def draw(protocols, y=Y, groups=SPEAKERS, metadata=FRAME, n_splits=3):
    clips = Clips(np.zeros((len(y), 1)), y, groups, metadata)
    return draw_protocols(protocols, clips, n_splits=n_splits, seed=0)


class Parrot(ClassifierMixin, BaseEstimator):
    """Knows the label of every (speaker or sentence, label) of its training; `knows` says which."""

    def __init__(self, knows):
        self.knows = knows

    def fit(self, X, y):
        self.heard_ = {(clip[self.knows], clip[2]) for clip in X}
        return self

    def predict(self, X):
        return np.array([c[2] if (c[self.knows], c[2]) in self.heard_ else "angry" for c in X])


def test_by_sentence_every_voice_is_heard_and_no_sentence():
    (protocol,) = draw("sentence-independent")
    assert sorted(np.concatenate([test for _, test in protocol.folds])) == list(range(len(Y)))
    for train, test in protocol.folds:
        assert not set(SENTENCES[train]) & set(SENTENCES[test])
        assert set(SPEAKERS[test]) <= set(SPEAKERS[train])


def test_no_more_sentences_than_folds_leave_one_out_and_say_so():
    (protocol,) = draw("sentence-independent", n_splits=5)
    assert [set(SENTENCES[test]) for _, test in protocol.folds] == [{f"s{i}"} for i in range(4)]
    assert protocol.notes == [
        "sentence-independent: 4 sentences for n_splits=5, so each sentence is a fold (leave one "
        "sentence out)."
    ]


def test_by_speaker_and_sentence_neither_is_heard_and_every_clip_is_tested_once():
    (protocol,) = draw(BOTH)
    assert len(protocol.folds) == 3 * 2
    assert sorted(np.concatenate([test for _, test in protocol.folds])) == list(range(len(Y)))
    for train, test in protocol.folds:
        assert not set(SENTENCES[train]) & set(SENTENCES[test])
        assert not set(SPEAKERS[train]) & set(SPEAKERS[test])


def test_it_is_said_how_much_is_left_to_train_on():
    (protocol,) = draw(BOTH)
    assert f"{BOTH}: its 6 folds train on 33 % of the clips" in protocol.notes[0]


def test_the_splitter_itself_gets_its_sentences_from_the_metadata():
    by_name, by_hand = draw(
        {"named": BOTH, "mine": SpeakerSentenceFolds(3, 2, shuffle=True, random_state=0)}
    )
    for one, other in zip(by_name.folds, by_hand.folds, strict=True):
        np.testing.assert_array_equal(one[1], other[1])


def test_who_knows_voices_or_words_is_told_apart_from_who_knows_emotions():
    clips = list(zip(SPEAKERS, SENTENCES, Y, strict=True))
    names = ["random", "speaker-independent", "sentence-independent", BOTH]
    found = compare_protocols(
        {"voices": Parrot(knows=0), "words": Parrot(knows=1)},
        clips, Y, groups=SPEAKERS, metadata=FRAME, protocols=names, n_splits=3,
        random_state=0,
    )  # fmt: skip
    uar = found.table.pivot(index="estimator", columns="protocol", values="uar")[names]
    assert uar.loc["voices"].tolist() == [1, 0.5, 1, 0.5]
    assert uar.loc["words"].tolist() == [1, 1, 0.5, 0.5]
    assert found.table["n_clips"].unique().tolist() == [len(Y)]


def test_sentences_may_come_in_a_dict():
    assert len(draw("sentence-independent", metadata={"sentence": list(SENTENCES)})) == 1


@pytest.mark.parametrize("protocol", ["sentence-independent", BOTH])
@pytest.mark.parametrize(
    "metadata, message",
    [
        (None, "needs the sentence of each clip, and metadata has no .* Pass a DataFrame"),
        (FRAME[["speaker"]], r"metadata has no column 'sentence' \(it has speaker\)"),
        (FRAME.assign(sentence=None), "metadata.'sentence'.: 96 of 96 sentences are missing"),
        (FRAME.assign(sentence="x"), "all clips have the sentence 'x', and at least two sentences"),
    ],
)
def test_sentences_that_are_not_known_are_asked_for(protocol, metadata, message):
    with pytest.raises(ValueError, match=message):
        draw(protocol, metadata=metadata)


def test_speakers_that_are_not_known_are_asked_for():
    with pytest.raises(ValueError, match=f"'{BOTH}' needs the speakers"):
        draw(BOTH, groups=None)


def test_two_protocols_of_one_name_are_refused():
    corpora = FRAME.assign(corpus=np.where(CELLS[0] < 3, "a", "b"))
    protocols = {"a -> b": "random", "cross-corpus": "cross-corpus"}
    with pytest.raises(ValueError, match="two are called 'a -> b'"):
        draw(protocols, metadata=corpora)


@pytest.mark.corpus
def test_emodb_has_sentences(corpora):
    corpus = load_emodb(corpora / "emodb")
    found = compare_protocols(
        Truthful(), list(corpus.target), corpus.target, groups=corpus.groups,
        metadata=corpus.frame, protocols=("sentence-independent", BOTH), random_state=0,
    )  # fmt: skip
    assert found.table["n_folds"].tolist() == [5, 10]
    assert found.table["n_clips"].tolist() == [len(corpus.target)] * 2
    assert found.table["seen"].tolist() == [1, 0]
