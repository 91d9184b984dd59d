"""Train on one corpus, test on another: every ordered pair, and the labels they share."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_ser.model_selection import EvaluationWarning, compare_protocols, pair_corpora
from tests.model_selection.mocks import Memoriser, Truthful

CORPORA = np.repeat(["ema", "emb", "emc"], 12)
Y = np.tile(["angry", "calm", "sad"], 12)
SPEAKERS = np.array([f"{corpus}/{i // 3 % 4}" for i, corpus in enumerate(CORPORA)])
METADATA = pd.DataFrame({"corpus": CORPORA})


def compare(estimator=None, X=Y, y=Y, groups=SPEAKERS, metadata=METADATA, **options):
    options = {"random_state": 0, "protocols": "cross-corpus"} | options
    return compare_protocols(
        estimator or Truthful(), list(X), y, groups=groups, metadata=metadata, **options
    )


def test_every_ordered_pair_is_one_fold_of_whole_corpora():
    pairs = pair_corpora(CORPORA, Y)
    assert list(pairs) == [
        "ema -> emb", "ema -> emc", "emb -> ema", "emb -> emc", "emc -> ema", "emc -> emb",
    ]  # fmt: skip
    for name, [(train, test)] in pairs.items():
        source, target = name.split(" -> ")
        assert set(CORPORA[train]) == {source}
        assert set(CORPORA[test]) == {target}
        assert len(train) == len(test) == 12


def test_the_name_stands_for_a_protocol_for_each_pair():
    by_name, by_hand = compare(), compare(protocols=pair_corpora(CORPORA, Y))
    assert by_name.protocols == list(pair_corpora(CORPORA, Y))
    pd.testing.assert_frame_equal(by_name.predictions, by_hand.predictions)
    assert by_name.table[["uar", "seen", "n_clips"]].to_numpy().tolist() == [[1, 0, 12]] * 6


def test_pairs_without_a_clip_in_common_have_no_gap_and_none_is_shown():
    found = compare()
    assert found.gap["gap"].notna().tolist() == [False, False, False, False, True]
    shown = [column for column in found.summary().columns if " - " in column]
    assert shown == ["ema -> emb - emc -> emb"]


def test_whatever_it_is_called_pairs_have_names_of_their_own():
    found = compare(protocols={"random": "random", "mine": "cross-corpus"})
    assert found.protocols[:2] == ["random", "ema -> emb"]


def test_each_pair_has_a_score_of_its_own_though_clips_are_tested_twice():
    # What was learned in one corpus is of no use in another, but for the label guessed.
    found = compare(Memoriser(), X=list(zip(CORPORA, Y, strict=True)))
    assert found.table["uar"].tolist() == [1 / 3] * 6
    assert found.predictions.groupby("index").size().unique().tolist() == [2]


def test_labels_that_no_training_clip_has_are_not_tested_and_told():
    y = np.where((CORPORA == "emb") & (Y == "sad"), "bored", Y)
    with pytest.warns(EvaluationWarning) as told:
        found = compare(X=y, y=y)
    told = [str(one.message) for one in told]
    assert told[0] == (
        "ema -> emb: no training clip is 'bored', so the 4 of 12 test clips that are were left "
        "out, and UAR is over 2 classes (chance 50.0 %)."
    )
    assert [one.split(":")[0] for one in told] == [
        "ema -> emb", "emb -> ema", "emb -> emc", "emc -> emb",
    ]  # fmt: skip
    assert found.table.set_index("protocol")["n_clips"].tolist() == [8, 12, 8, 8, 12, 8]
    assert found.table["uar"].tolist() == [1] * 6
    assert set(told) <= set(found.notes)
    # nor does what one protocol could not be asked make a gap to another
    assert found.gap["gap"].dropna().tolist() == [0] * len(found.gap["gap"].dropna())


def test_labels_that_are_trained_on_and_not_tested_are_noted():
    y = np.where((CORPORA == "emb") & (Y == "sad"), "calm", Y)
    with pytest.warns(EvaluationWarning, match="no training clip is 'sad'"):
        found = compare(X=y, y=y)
    assert found.notes[0] == (
        "ema -> emb: no test clip is 'sad', which the model may still predict: UAR is over 2 "
        "classes, and a guess among all 3 has 33.3 %."
    )


def test_the_helper_tells_of_them_too():
    y = np.where((CORPORA == "emb") & (Y == "sad"), "bored", Y)
    with pytest.warns(EvaluationWarning) as told:
        [(train, test)] = pair_corpora(CORPORA, y)["ema -> emb"]
    assert len(told) == 4
    assert len(train) == 12
    assert set(y[test]) == {"angry", "calm"}


def test_a_gap_is_over_the_clips_that_both_protocols_asked_about():
    """A model that knows all but the emotion that one corpus lacks has no gap."""
    y = np.where((CORPORA == "emb") & (Y == "sad"), "bored", Y)
    says = np.where(y == "bored", "angry", y)
    protocols = ("random", "cross-corpus")
    with pytest.warns(EvaluationWarning, match="left out"):
        found = compare(X=says, y=y, protocols=protocols, n_splits=3)
    gaps = found.gap.set_index("protocol")
    assert gaps.loc["ema -> emb", ["uar_reference", "uar", "gap"]].tolist() == [1, 1, 0]


def test_leave_one_corpus_out_tests_each_with_a_model_of_all_others():
    found = compare(protocols="leave-one-corpus-out")
    assert found.protocols == ["leave-one-corpus-out"]
    assert found.notes == ["leave-one-corpus-out: fold 0 tests ema, 1 tests emb, 2 tests emc."]
    assert found.folds[["n_train", "n_test"]].to_numpy().tolist() == [[24, 12]] * 3
    for fold, name in enumerate(["ema", "emb", "emc"]):
        tested = found.predictions.loc[found.predictions["fold"] == fold, "index"]
        assert set(CORPORA[tested]) == {name}


def test_leave_one_corpus_out_leaves_out_what_only_one_corpus_has():
    y = np.where((CORPORA == "emb") & (Y == "sad"), "bored", Y)
    message = "leave-one-corpus-out: leave out emb: no training clip is 'bored', so the 4 of 12"
    with pytest.warns(EvaluationWarning, match=message):
        found = compare(X=y, y=y, protocols="leave-one-corpus-out")
    assert found.folds["n_test"].tolist() == [12, 8, 12]


def test_a_speaker_of_two_corpora_is_warned_of():
    with pytest.warns(EvaluationWarning, match="speaker '0' is in several corpora .and 3 more"):
        compare(groups=[name.split("/")[1] for name in SPEAKERS])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("ab")), min_size=2, max_size=40))
@pytest.mark.filterwarnings("ignore::sk_ser.model_selection.EvaluationWarning")
def test_whatever_the_corpora_no_label_is_tested_that_was_not_trained(clips):
    corpora, y = (np.array(column) for column in zip(*clips, strict=True))
    try:
        pairs = pair_corpora(corpora, y)
    except ValueError:
        return
    for [(train, test)] in pairs.values():
        assert not set(corpora[train]) & set(corpora[test])
        assert set(y[test]) <= set(y[train])


@pytest.mark.parametrize("protocol", ["cross-corpus", "leave-one-corpus-out"])
@pytest.mark.parametrize(
    "options, message",
    [
        ({"metadata": None}, "'.*' needs the corpus of each clip, and metadata has no column"),
        (
            {"metadata": METADATA.rename(columns={"corpus": "source"})},
            r"metadata has no column 'corpus' \(it has source\)",
        ),
        ({"metadata": METADATA.replace("ema", None)}, "12 of 36 corpora are missing"),
        (
            {"metadata": {"corpus": ["ema"] * 36}},
            "all clips have the corpus 'ema', and at least two corpora",
        ),
        ({"metadata": {"corpus": ["ema"] * 35}}, "holds 35 corpora and X holds 36 clips"),
        ({"metadata": METADATA.iloc[:-1]}, "metadata holds 35 rows and X holds 36 clips"),
        (
            {"y": np.where(CORPORA == "emb", np.char.upper(Y), Y)},
            "no emotion is all that training and test clips have in common.*label_map",
        ),
    ],
)
def test_corpora_that_cannot_be_told_apart_or_compared_say_why(protocol, options, message):
    with pytest.raises(ValueError, match=message):
        compare(protocols=protocol, **options)


def test_metadata_without_names_are_a_type_error():
    with pytest.raises(TypeError, match="metadata is a ndarray, whose columns have no names"):
        compare(metadata=METADATA.to_numpy())
