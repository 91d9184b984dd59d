"""Protocols: which clips each name puts on which side."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GroupKFold, PredefinedSplit, RepeatedStratifiedKFold

from sk_ser.model_selection import (
    EvaluationWarning,
    ProtocolPlan,
    compare_protocols,
    draw_folds,
    protocol_names,
    register_protocol,
)
from sk_ser.model_selection._checks import Clips
from sk_ser.model_selection._fold_facts import share_seen
from sk_ser.model_selection._protocols import draw_protocols
from tests.model_selection.mocks import Memoriser, pairs

X, Y, SPEAKERS = pairs()


def draw(protocols, y=Y, groups=SPEAKERS, n_splits=4, seed=0):
    clips = Clips(np.zeros((len(y), 1)), y, groups)
    return draw_protocols(protocols, clips, n_splits=n_splits, seed=seed)


def seen_of(protocol, groups=SPEAKERS):
    return [share_seen(train, test, groups) for train, test in protocol.folds]


def test_random_hears_every_speaker_and_keeps_the_classes_share():
    (protocol,) = draw("random")
    assert seen_of(protocol) == [1, 1, 1, 1]
    for _, test in protocol.folds:
        assert set(np.unique(Y[test], return_counts=True)[1]) == {10}


def test_speaker_independent_hears_none_and_tests_every_clip_once():
    (protocol,) = draw(("speaker-independent",))
    assert seen_of(protocol) == [0, 0, 0, 0]
    assert sorted(np.concatenate([test for _, test in protocol.folds])) == list(range(len(Y)))
    assert protocol.notes == []


@pytest.mark.parametrize("n_splits", [8, 9])
def test_no_more_speakers_than_folds_leave_one_out_and_say_so(n_splits):
    (protocol,) = draw("speaker-independent", n_splits=n_splits)
    assert [len(np.unique(SPEAKERS[test])) for _, test in protocol.folds] == [1] * 8
    assert protocol.notes[0].startswith(f"speaker-independent: 8 speakers for n_splits={n_splits}")


def test_leave_one_speaker_out_has_a_fold_for_each():
    (protocol,) = draw("leave-one-speaker-out")
    assert len(protocol.folds) == 8


def test_names_can_stand_for_anything_that_makes_folds():
    by_speaker = {speaker: speaker % 2 for speaker in range(8)}
    drawn = draw(
        {
            "mine": "random",
            "splitter": GroupKFold(2),
            "predefined": PredefinedSplit(SPEAKERS % 2),
            "indices": iter([(np.arange(80), np.arange(80, 160))]),
            "mask": [(SPEAKERS < 4, SPEAKERS >= 4)],
            "sets": [{0, 2, 4, 6}, {1, 3, 5, 7}],
            "mapping": by_speaker,
        }
    )
    assert [protocol.name for protocol in drawn][:2] == ["mine", "splitter"]
    assert [len(protocol.folds) for protocol in drawn] == [4, 2, 2, 1, 1, 2, 2]
    predefined, sets, mapping = drawn[2].folds, drawn[5].folds, drawn[6].folds
    for one, other in zip(predefined * 2, sets + mapping, strict=True):
        np.testing.assert_array_equal(one[1], other[1])


def test_a_clip_can_be_tested_more_than_once():
    (protocol,) = draw({"repeated": RepeatedStratifiedKFold(n_splits=2, n_repeats=3)})
    assert len(protocol.folds) == 6


def same(one, other):
    return all(np.array_equal(a[1], b[1]) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", ["random", "speaker-independent"])
def test_the_same_seed_draws_the_same_folds(name):
    assert same(draw(name)[0].folds, draw(name)[0].folds)


def test_another_seed_draws_other_folds():
    assert not same(draw("random", seed=0)[0].folds, draw("random", seed=1)[0].folds)


def test_a_class_rarer_than_the_folds_is_named():
    y = Y.copy()
    y[[0, 1, 100]] = "bored"
    (protocol,) = draw("random", y=y)
    assert protocol.faults == [
        "random: class 'bored' has 3 clips for 4 folds, so not every fold tests it. "
        "Add clips, or ask for fewer folds."
    ]


def test_a_class_that_one_speaker_has_alone_is_named_with_the_speaker():
    y = np.where(SPEAKERS == 3, np.where(Y == "sad", "bored", Y), Y)
    random, independent = draw(("random", "speaker-independent"), y=y)
    assert random.faults == []
    (fault,) = independent.faults
    assert "class 'bored'" in fault
    assert "recall is 0 by construction. Only speaker 3 has it" in fault


def test_folds_without_test_clips_are_left_out_with_a_word():
    folds = [(np.arange(80), np.arange(80, 160)), (np.arange(160), [])]
    (protocol,) = draw({"mine": [(train, np.asarray(test, int)) for train, test in folds]})
    assert len(protocol.folds) == 1
    assert "mine: 1 folds had no training or no test clips" in protocol.faults[0]


@pytest.mark.parametrize(
    "protocols, message",
    [
        ("speaker_independent", "'speaker_independent' is unknown. Known are random, speaker-ind"),
        ((), "protocols is empty"),
        ({"mine": []}, "no folds can be drawn|every fold of .* is empty"),
        ({"mine": [([0], [999])]}, "'mine': no folds can be drawn from these 160 clips"),
        ({"mine": [([], []), ([], [])]}, "every fold of .* is empty|no folds can be drawn"),
        ({"mine": [{0, 1}, {2}]}, "no fold holds 5 of the speakers, the first of them 3"),
    ],
)
def test_protocols_that_cannot_be_drawn_say_why(protocols, message):
    with pytest.raises(ValueError, match=message):
        draw(protocols)


@pytest.mark.parametrize("protocols", [(GroupKFold(2),), {"mine": 5}])
def test_what_stands_for_no_folds_is_a_type_error(protocols):
    with pytest.raises(TypeError, match="Pass a"):
        draw(protocols)


@pytest.mark.parametrize("name", ["speaker-independent", "leave-one-speaker-out"])
@pytest.mark.parametrize(
    "groups, message",
    [(None, "needs the speakers"), (np.zeros(160, int), "all clips have the speaker 0")],
)
def test_protocols_by_speaker_need_two_of_them(name, groups, message):
    with pytest.raises(ValueError, match=f"'{name}'.*{message}"):
        draw(name, groups=groups)


def test_every_class_rarer_than_the_folds_is_an_error():
    with pytest.raises(ValueError, match="'random': no folds can be drawn from these 4 clips"):
        draw("random", y=np.array(["a", "b"] * 2), groups=np.arange(4), n_splits=3)


def test_the_share_of_heard_voices_counts_clips():
    groups = np.array(["a", "a", "b", "c"])
    assert share_seen(np.array([0]), np.array([1, 2, 3]), groups) == pytest.approx(1 / 3)
    assert pd.isna(share_seen(np.array([0]), np.array([1]), None))


@pytest.mark.parametrize("n_splits", [3, 5, 8, 20])
@pytest.mark.parametrize("name", ["random", "speaker-independent", "leave-one-speaker-out"])
def test_a_name_has_the_same_folds_everywhere(name, n_splits):
    data, options = (X, Y, SPEAKERS), {"n_splits": n_splits, "random_state": 3}
    folds = draw_folds(name, *data, **options)
    found = compare_protocols(Memoriser(), X, Y, groups=SPEAKERS, protocols=name, **options)
    for number, (_, test) in enumerate(folds):
        of_fold = found.predictions[found.predictions["fold"] == number]
        assert of_fold["index"].tolist() == test.tolist()


def test_folds_are_drawn_with_warnings_and_of_one_protocol_only():
    y = np.where((SPEAKERS == 3) & (Y == "sad"), "bored", Y)
    with pytest.warns(EvaluationWarning, match="class 'bored' is in no training part"):
        assert len(draw_folds("leave-one-speaker-out", X, y, SPEAKERS)) == 8
    corpora = {"corpus": np.where(SPEAKERS < 4, "a", "b")}
    with pytest.raises(ValueError, match="'cross-corpus' stands for 2 protocols"):
        draw_folds("cross-corpus", X, Y, SPEAKERS, metadata=corpora)


@pytest.fixture
def registry(monkeypatch):
    from sk_ser.model_selection import _named_protocols

    monkeypatch.setattr(_named_protocols, "_PLANS", dict(_named_protocols._PLANS))


def by_room(data, n_splits, seed):
    return ProtocolPlan(GroupKFold(n_splits), data.several("room"), notes=["by-room: a note."])


@pytest.mark.usefixtures("registry")
def test_a_protocol_from_outside_is_used_by_its_name():
    register_protocol("by-room", by_room)
    assert protocol_names()[-1] == "by-room"
    rooms = {"room": SPEAKERS // 2}
    found = compare_protocols(
        Memoriser(), X, Y, groups=SPEAKERS, metadata=rooms, protocols=("random", "by-room"),
        n_splits=4, random_state=0,
    )  # fmt: skip
    assert found.table["n_folds"].tolist() == [4, 4]
    assert found.notes == ["by-room: a note."]
    with pytest.raises(ValueError, match="protocol 'by-room' needs the room of each clip"):
        draw_folds("by-room", X, Y, SPEAKERS)


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    "planned, n_folds",
    [
        (lambda data, n_splits, seed: GroupKFold(n_splits), 4),
        (lambda data, n_splits, seed: [(np.arange(80), np.arange(80, 160))], 1),
        (lambda data, n_splits, seed: [{0, 1, 2}, {3, 4}, {5, 6, 7}], 3),
    ],
)
def test_a_plan_may_be_whatever_stands_for_folds(planned, n_folds):
    register_protocol("mine", planned)
    assert len(draw("mine")[0].folds) == n_folds


@pytest.mark.usefixtures("registry")
def test_a_plan_may_stand_for_several_protocols():
    def halves(data, n_splits, seed):
        first = np.flatnonzero(data.speakers() < 4)
        second = np.flatnonzero(data.speakers() >= 4)
        return {"there": [(first, second)], "back": [(second, first)]}

    register_protocol("halves", halves)
    assert [protocol.name for protocol in draw("halves")] == ["there", "back"]


@pytest.mark.usefixtures("registry")
def test_a_name_is_given_once():
    register_protocol("by-room", by_room)
    register_protocol("by-room", by_room)
    with pytest.raises(ValueError, match="'random' is taken"):
        register_protocol("random", by_room)
    with pytest.raises(TypeError, match="'mine' is 5, which cannot be called"):
        register_protocol("mine", 5)
