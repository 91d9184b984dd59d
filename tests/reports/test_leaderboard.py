"""The leaderboard names the protocol of each score."""

from io import StringIO

import pytest
from rich.console import Console
from sklearn.dummy import DummyClassifier

from sk_ser.model_selection import compare_protocols
from sk_ser.reports import print_leaderboard

EMOTIONS, SPEAKERS = ["angry", "calm", "calm"] * 20, list("abcdefghijkl") * 5


def printed(*protocols):
    comparison = compare_protocols(
        {"dummy": DummyClassifier()},
        [[0]] * 60,
        EMOTIONS,
        groups=SPEAKERS,
        protocols=protocols,
        random_state=0,
    )
    console = Console(width=200, file=StringIO())
    print_leaderboard({"corpus": comparison}, console)
    return console.file.getvalue()


def test_two_protocols_are_the_titles_of_columns():
    text = printed("random", "speaker-independent")
    assert text.count("unseen speakers") == text.count("random split") == 1
    assert text.count("dummy") == 1


@pytest.mark.parametrize("title", ["unseen speakers", "leave-one-speaker-out"])
def test_of_several_protocols_each_row_names_its_own(title):
    rows = printed("random", "speaker-independent", "leave-one-speaker-out").splitlines()
    assert sum("dummy" in row for row in rows) == 2
    assert sum("dummy" in row and title in row for row in rows) == 1


def test_one_protocol_has_scores_without_a_gap():
    text = printed("speaker-independent")
    assert "50.0 [" in text
    assert "unseen speakers" in text
    assert "gap" not in text
