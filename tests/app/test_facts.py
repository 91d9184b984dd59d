"""What the page says of a model: what its file says, and no more."""

import pytest

from sk_ser.app._facts import (
    confidence_sentence,
    data_sentence,
    escape,
    is_scored,
    percent,
    score_tiles,
    set_sentence,
)

#: What a file may hold that someone else wrote.
ODD = [
    {},
    {"training": None, "protocols": None, "prediction_set": None},
    {"training": "many", "protocols": ["random"], "prediction_set": 0.9, "calibration": "yes"},
    {"training": {"n_clips": "many"}, "protocols": {"scores": {"random": "good"}}},
    {"training": {"n_clips": 3, "corpora": [None]}, "protocols": {"scores": {"a": {"uar": "b"}}}},
]


def test_it_says_what_sk_ser_train_measured(trained):
    header, scores = trained.header, trained.comparison
    assert data_sentence(header).startswith("Trained on 36 recordings of 4 speakers: synthetic")
    unseen, random, chance = score_tiles(header)
    row = scores.row("svm", "speaker-independent")
    assert unseen[1] == f"{100 * row['uar']:.1f} %"
    assert f"{100 * row['uar_low']:.1f} to {100 * row['uar_high']:.1f} %" in unseen[2]
    assert random[1] == f"{100 * scores.row('svm', 'random')['uar']:.1f} %"
    assert chance[1] == "33.3 %"
    assert is_scored(header)


@pytest.mark.parametrize("header", ODD)
def test_of_what_is_missing_or_odd_it_says_that_it_is_not_known(header):
    assert "not known" in data_sentence(header)
    assert score_tiles(header)[0][1] == "not known"
    assert not is_scored(header)
    assert "not known" in confidence_sentence(True, header)
    assert "in most cases" in set_sentence(["anger", "fear"], header)


def test_a_protocol_is_known_by_the_voices_that_it_heard_whatever_its_name():
    scores = {"corpus": {"uar": 0.4, "seen": 0.0}, "shuffled": {"uar": 0.9, "seen": 1.0}}
    unseen, random, _ = score_tiles({"protocols": {"scores": scores}})
    assert (unseen[1], random[1]) == ("40.0 %", "90.0 %")


def test_scores_on_seen_speakers_are_never_labelled_unseen():
    header = {"protocols": {"scores": {"random": {"uar": 0.9, "seen": 1.0}}}}
    assert score_tiles(header)[0][1] == "not known"
    assert not is_scored(header)


def test_a_set_says_how_often_it_holds_the_right_one_and_for_whom():
    header = {"prediction_set": {"coverage": 0.95, "speakers": "unseen"}}
    said = set_sentence(["anger", "disgust", "fear"], header)
    assert "anger, disgust or fear" in said
    assert "95 % of cases, for speakers like those it was tested on" in said
    header["prediction_set"]["speakers"] = "seen"
    assert "for the speaker it was trained on" in set_sentence(["anger", "fear"], header)
    assert "No other emotion" in set_sentence(["anger"], header)


def test_confidence_is_called_calibrated_only_if_it_is(trained):
    assert "70 times in 100" in confidence_sentence(True, trained.header)
    assert "may be too high" in confidence_sentence(True, {"calibration": {"speakers": "seen"}})
    assert "gives no confidence" in confidence_sentence(False, trained.header)


def test_nothing_is_certain_and_nothing_impossible():
    assert [percent(share) for share in (0, 0.01, 0.5, 0.99, 1)] == [
        "< 1 %",
        "1 %",
        "50 %",
        "99 %",
        "> 99 %",
    ]


def test_text_of_others_is_no_markup():
    assert escape("![x](http://a)<b>:red[$y$]") == r"\!\[x\]\(http\://a\)\<b\>\:red\[\$y\$\]"
