"""The card says what the header holds, and of what it lacks that it is not stated."""

import re

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from sk_ser.datasets import make_emotional_speech
from sk_ser.model_selection import compare_protocols
from sk_ser.persistence import describe_training, read_header, save
from sk_ser.reports import save_card


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    corpus = make_emotional_speech(6, 3, ("anger", "sadness"), random_state=0)
    X = np.random.default_rng(0).normal(size=(36, 3)) + (corpus.target == "sadness")[:, None]
    found = compare_protocols(GaussianNB(), X, corpus.target, groups=corpus.groups, random_state=0)
    header = describe_training(corpus, found, licence="CC0-1.0") | {
        "limits": {"seconds": 60},
        "prediction_set": {"coverage": 0.9, "threshold": 0.25},
        "sampling_rate": 16_000,
    }
    model = GaussianNB().fit(X, corpus.target)
    return save(model, tmp_path_factory.mktemp("card") / "m.skops", header=header)


def test_it_says_all_that_the_header_holds(path, tmp_path):
    card = save_card(path, tmp_path / "card.md").read_text(encoding="utf-8")
    header = read_header(path)
    scores = header["protocols"]["scores"]
    for protocol in ("random", "speaker-independent"):
        line = next(line for line in card.splitlines() if line.startswith(f"| {protocol}"))
        assert f"{100 * scores[protocol]['uar']:.1f}" in line
    gap = header["protocols"]["gap"][0]["gap"]
    assert f"random is {gap:+.1f}" in card
    for text in (header["training"]["sha256"], "CC0-1.0", "16000 Hz", "36 clips of 6 speakers"):
        assert text in card
    for heading in (
        "Intended for",
        "Not intended for",
        "Training data",
        "Scores",
        "By emotion",
        "By sex",
        "By speaker",
        "Prediction sets",
        "Limits",
    ):
        assert re.search(rf"^## {heading}", card, flags=re.MULTILINE)
    assert "nan" not in card.lower().split()
    assert "coverage 0.9, threshold 0.25" in card


def test_as_html_it_says_the_same_and_links_to_nothing(path, tmp_path):
    page = save_card(path, tmp_path / "card.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "By emotion (speaker-independent)" in page
    assert not re.search(r"(src|href)=", page)


def test_what_the_header_lacks_is_not_stated(tmp_path):
    card = save_card({"classes": ["anger"]}, tmp_path / "card.md").read_text(encoding="utf-8")
    assert "A score without its protocol cannot be interpreted" in card
    assert card.count("Not stated") >= 4


def test_uses_are_the_header_s_where_it_names_some(tmp_path):
    header = {"intended_use": "Call routing in a study.", "unintended_use": ["A", "B"]}
    card = save_card(header, tmp_path / "card.md").read_text(encoding="utf-8")
    assert "- Call routing in a study." in card
    assert "- A\n- B" in card
    assert "AI Act" not in card


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_text_of_a_stranger_stays_text(suffix, tmp_path):
    evil = "<script>alert(1)</script> | [x](javascript:1)\n# heading"
    header = {"classes": [evil], "intended_use": evil, "model": {"description": evil}}
    card = save_card(header, tmp_path / f"card{suffix}").read_text(encoding="utf-8")
    assert "<script>" not in card
    assert suffix == ".html" or "\n# heading" not in card
    assert "alert" in card


def test_a_card_of_no_scores_by_the_dict_of_describe_training(tmp_path):
    corpus = make_emotional_speech(2, 2, ("anger", "sadness"), random_state=0)
    card = save_card(describe_training(corpus), tmp_path / "card.md").read_text(encoding="utf-8")
    assert "8 clips of 2 speakers" in card
