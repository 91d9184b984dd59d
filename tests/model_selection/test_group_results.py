"""Results by group: counted by hand, with intervals where there are several speakers."""

import numpy as np
import pandas as pd
import pytest

from sk_ser.model_selection import (
    EvaluationWarning,
    compare_protocols,
    group_results,
    uar_score,
)
from tests.model_selection.mocks import Chancer, Memoriser, pairs
from tests.model_selection.predicted import PROTOCOL, comparison_of, right_at

CLASSES = ["angry", "calm"]
Y = np.tile(CLASSES, 40)
SPEAKERS = np.repeat(list("abcdefgh"), 10)
SEX = np.where(SPEAKERS < "e", "female", "male")
METADATA = pd.DataFrame({"speaker": SPEAKERS, "sex": SEX, "sentence": np.tile(range(10), 8)})
#: Right of all women; of men it always says angry.
FOUND = comparison_of(Y, SPEAKERS, model=np.where(SEX == "female", Y, "angry"))


def test_each_group_is_scored_by_itself():
    table = group_results(FOUND, METADATA, by="sex").set_index("group")
    assert table["uar"].to_dict() == {"female": 1, "male": 0.5}
    assert table["accuracy"].to_dict() == {"female": 1, "male": 0.5}
    assert table["n_clips"].tolist() == [40, 40]
    assert table["n_speakers"].tolist() == [4, 4]
    assert table["n_classes"].tolist() == [2, 2]


def test_the_worst_is_named():
    table = group_results(FOUND, METADATA, by="sex")
    assert table.loc[table["worst"], "group"].tolist() == ["male"]
    by_speaker = group_results(FOUND)
    assert by_speaker.loc[by_speaker["worst"], "group"].tolist() == list("efgh")


def test_one_group_alone_is_not_the_worst():
    table = group_results(FOUND, METADATA.assign(language="de"), by="language")
    assert table["worst"].tolist() == [False]


def test_speakers_are_groups_of_one_without_interval_and_the_note_says_so():
    table = group_results(FOUND)
    assert table["group"].tolist() == list("abcdefgh")
    assert table[["uar_low", "uar_high", "accuracy_low"]].isna().all(axis=None)
    assert set(table["note"]) == {"1 speaker: no interval over speakers"}


def test_four_speakers_have_an_interval():
    table = group_results(FOUND, METADATA, by="sex")
    assert table["uar_low"].tolist() == [1, 0.5]
    assert set(table["note"]) == {""}


@pytest.mark.parametrize("n_speakers", [2, 3])
def test_few_speakers_have_an_interval_with_a_reservation(n_speakers):
    y, speakers = np.tile(CLASSES, 2 * n_speakers), np.repeat(range(n_speakers), 4)
    table = group_results(
        comparison_of(y, speakers, model=y), pd.DataFrame({"all": ["x"] * len(y)}), by="all"
    )
    assert table["note"].tolist() == [f"{n_speakers} speakers: interval uncertain"]


def test_intervals_hold_the_score_of_groups_that_vary():
    rng = np.random.default_rng(0)
    y, speakers = np.tile(CLASSES, 200), np.repeat(range(20), 20)
    right = rng.random(400) < np.repeat(rng.uniform(0.4, 1, 20), 20)
    found = comparison_of(y, speakers, model=np.where(right, y, y[::-1]))
    row = group_results(found, pd.DataFrame({"all": ["x"] * 400}), by="all").iloc[0]
    assert row["uar_low"] < row["uar"] < row["uar_high"]
    assert row["uar_high"] - row["uar_low"] > 0.05


def test_groups_make_the_pooled_score_where_they_are_all():
    X, y, speakers = pairs()
    found = compare_protocols(
        {"memory": Memoriser(), "chance": Chancer()},
        X,
        y,
        groups=speakers,
        n_splits=4,
        random_state=0,
    )
    table = group_results(found, pd.DataFrame({"all": ["x"] * len(y)}), by="all")
    assert table[["estimator", "protocol"]].equals(found.table[["estimator", "protocol"]])
    for name in ("uar", "uar_low", "uar_high", "accuracy", "accuracy_low", "accuracy_high"):
        np.testing.assert_allclose(table[name], found.table[name])


def test_every_model_and_protocol_has_its_groups_and_its_worst():
    X, y, speakers = pairs()
    found = compare_protocols(
        {"memory": Memoriser(), "chance": Chancer()},
        X,
        y,
        groups=speakers,
        n_splits=4,
        random_state=0,
    )
    table = group_results(found)
    assert len(table) == 2 * 2 * 8
    rows = found.predictions.query("estimator == 'chance' and protocol == 'random' and speaker==3")
    row = table.query("estimator == 'chance' and protocol == 'random' and group == 3").iloc[0]
    assert row["uar"] == uar_score(rows["y_true"], rows["y_pred"])
    assert table.groupby(["estimator", "protocol"])["worst"].any().all()


def test_a_group_that_lacks_a_class_says_how_many_it_has():
    metadata = METADATA.assign(half=np.where(Y == "angry", "first", "second"))
    table = group_results(FOUND, metadata, by="half")
    assert table["n_classes"].tolist() == [1, 1]
    assert table["uar"].tolist() == [1, 0.5]


def test_the_order_of_rows_counts_and_their_index_does_not():
    shuffled = METADATA.set_index(np.random.default_rng(0).permutation(80))
    pd.testing.assert_frame_equal(
        group_results(FOUND, shuffled, by="sex"), group_results(FOUND, METADATA, by="sex")
    )


def test_clips_without_a_value_are_left_out_and_counted():
    metadata = METADATA.assign(sex=METADATA["sex"].where(SPEAKERS != "h"))
    with pytest.warns(EvaluationWarning, match="10 clips have no 'sex' in metadata"):
        table = group_results(FOUND, metadata, by="sex")
    assert table["n_clips"].tolist() == [40, 30]


def test_speakers_need_not_be_known():
    X, y, _ = pairs()
    found = compare_protocols(
        Chancer(), X, y, groups=None, protocols="random", n_splits=4, random_state=0
    )
    table = group_results(found, pd.DataFrame({"half": np.repeat(["a", "b"], 80)}), by="half")
    assert table["uar_low"].isna().all()
    assert set(table["note"]) == {"speakers not known: no interval"}
    with pytest.raises(ValueError, match="comparison has no speakers"):
        group_results(found)


@pytest.mark.parametrize(
    "metadata, by, message",
    [
        (None, "sex", r"no column 'sex'. Choose from .'speaker'., or pass a DataFrame"),
        (METADATA, "age", r"no column 'age'. Choose from \['speaker', 'sex', 'sentence'\]"),
        (METADATA[:70], "sex", "metadata has 70 rows, and clip 79 was tested"),
        (METADATA[::-1], "sex", "in clip 0 the speaker is 'h' by metadata"),
        (METADATA.assign(sex=None), "sex", "no value in column 'sex'"),
    ],
)
def test_metadata_of_other_clips_are_refused(metadata, by, message):
    with pytest.raises(ValueError, match=message):
        group_results(FOUND, metadata, by=by)


def test_only_what_is_asked_for_is_scored_and_as_in_the_whole_table():
    y_true, speakers = np.tile(["angry", "calm"], 20), np.repeat(range(4), 10)
    models = {
        name: right_at(np.arange(40) % every > 0, y_true, ["angry", "calm"])
        for name, every in (("good", 5), ("bad", 3))
    }
    found = comparison_of(y_true, speakers, **models)
    whole = group_results(found)
    one = group_results(found, estimators=["bad"], protocols=[PROTOCOL])
    wanted = whole[whole["estimator"] == "bad"].reset_index(drop=True)
    pd.testing.assert_frame_equal(one, wanted)
    with pytest.raises(ValueError, match="protocol 'loso' was not compared"):
        group_results(found, protocols=["loso"])
