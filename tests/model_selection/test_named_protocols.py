"""Protocols that ask for more than the speakers: sentences and corpora."""

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier

from sk_ser.model_selection import EvaluationWarning, compare_protocols

SPEAKERS, SENTENCES, TAKES = np.indices((6, 4, 4)).reshape(3, -1)
Y = np.array(["anger", "joy"])[TAKES % 2]
FRAME = pd.DataFrame({"sentence": SENTENCES, "corpus": np.where(SPEAKERS < 2, "a", "b")})
FRAME.loc[SPEAKERS == 5, "corpus"] = "c"


def compare(protocols, frame=FRAME, y=Y):
    return compare_protocols(
        DummyClassifier(), np.zeros((96, 1)), y, groups=SPEAKERS, metadata=frame,
        protocols=protocols, random_state=0, n_bootstrap=20,
    )  # fmt: skip


def sides(comparison, protocol):
    """Rows of each fold's test clips."""
    rows = comparison.predictions.query("protocol == @protocol")
    return [fold["index"].to_numpy() for _, fold in rows.groupby("fold")]


def test_sentence_independent_tests_whole_sentences():
    folds = sides(compare(("sentence-independent",)), "sentence-independent")
    assert len(folds) == 4
    for test in folds:
        rest = np.setdiff1d(np.arange(96), test)
        assert set(SENTENCES[test]).isdisjoint(SENTENCES[rest])


def test_speaker_and_sentence_independent_tests_every_clip_once():
    name = "speaker-and-sentence-independent"
    comparison = compare((name,))
    assert sorted(np.concatenate(sides(comparison, name))) == list(range(96))
    assert comparison.row("DummyClassifier", name)["heard"] == 0.0
    assert any("half the sentences" in note for note in comparison.notes)


def test_leave_one_corpus_out_tests_whole_corpora():
    folds = sides(compare(("leave-one-corpus-out",)), "leave-one-corpus-out")
    assert sorted(set(FRAME["corpus"].iloc[test]).pop() for test in folds) == ["a", "b", "c"]


def test_cross_corpus_is_a_protocol_for_each_ordered_pair():
    comparison = compare(("cross-corpus",))
    names = ["a -> b", "a -> c", "b -> a", "b -> c", "c -> a", "c -> b"]
    assert comparison.protocols == names
    for name in names:
        (test,) = sides(comparison, name)
        assert set(FRAME["corpus"].iloc[test]) == {name[-1]}
        assert len(test) == (FRAME["corpus"] == name[-1]).sum()


def test_it_stands_beside_others():
    comparison = compare({"heard": "random", "pairs": "cross-corpus"})
    assert comparison.protocols[:2] == ["heard", "a -> b"]
    assert len(comparison.gap) == 6


@pytest.mark.filterwarnings("ignore:b -> c. class 'fear'")
def test_a_class_that_a_corpus_lacks_is_told():
    y = Y.copy()
    y[(SPEAKERS == 5) & (TAKES == 0)] = "fear"
    with pytest.warns(EvaluationWarning, match="a -> c: class 'fear' is in no training part"):
        compare(("cross-corpus",), y=y)


@pytest.mark.parametrize(
    ("protocol", "frame", "message"),
    [
        ("sentence-independent", None, "needs to know the sentence of each clip. Pass metadata"),
        ("cross-corpus", FRAME[["sentence"]], "needs to know the corpus of each clip"),
        ("leave-one-corpus-out", FRAME.assign(corpus="a"), "at least two corpora, .* 'a' alone"),
        ("sentence-independent", FRAME.assign(sentence=[None] + [1] * 95), "of 1 clips is missing"),
        ("random", FRAME.iloc[:5], "metadata holds 5 rows and X holds 96 clips"),
    ],
)
def test_what_is_missing_is_named(protocol, frame, message):
    with pytest.raises(ValueError, match=message):
        compare((protocol,), frame)


def test_metadata_is_a_table():
    with pytest.raises(TypeError, match="metadata is a dict"):
        compare(("random",), {"sentence": SENTENCES})
