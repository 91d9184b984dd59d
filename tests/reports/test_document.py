"""A document shows text as it is, wherever it is shown."""

import io

import pytest
from rich.console import Console

from sk_ser._text import percent_of, printable, with_interval
from sk_ser.reports import print_document, print_leaderboard, to_html, to_markdown, to_text

EVIL = "a\x1b[31m\u202e<script>[x](javascript:1)|`&lt;\n# x.wav"
BLOCKS = [
    ("title", "Title"),
    ("heading", "Heading"),
    ("item", f"severe: {EVIL}", "severe"),
    ("text", EVIL),
    ("list", [EVIL, "1. one", "- two", "# three", "+5.1 [1.0, 2.0]", "a_b _c_"]),
    ("table", ["file", "n"], [[EVIL, 1], ["b.wav", 2]]),
    ("code", f"first\n{EVIL}"),
    ("details", "Hashes", ["file"], [[EVIL]]),
    ("figure", "Figure", "AAAA"),
]


def printed(blocks):
    file = io.StringIO()
    print_document(blocks, Console(file=file, width=20, force_terminal=False))
    return file.getvalue()


@pytest.mark.parametrize("write", [to_markdown, to_html, to_text, printed])
def test_control_characters_of_names_are_escaped(write):
    text = write(BLOCKS)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "x1b" in text


def test_html_shows_tags_as_text():
    page = to_html(BLOCKS)
    assert page.startswith("<!DOCTYPE html>")
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 6
    assert '<h3 class="severe">' in page
    assert 'src="data:image/png;base64,AAAA"' in page
    assert to_html(BLOCKS[1:], page=False).startswith("<h2>")


def test_markdown_shows_signs_as_text():
    text = to_markdown([block for block in BLOCKS if block[0] != "code"])
    assert "<script>" not in text.replace("\\<", "")
    assert "](" not in text.replace("\\](", "")
    for line in ("- 1\\. one", "- \\- two", "- \\# three", "- +5.1 [1.0, 2.0]", "- a_b \\_c\\_"):
        assert line in text.splitlines()
    (row,) = [line for line in text.splitlines() if line.startswith("| a")]
    assert row.replace("\\|", "").count("|") == 3
    assert "Hashes" not in text
    fenced = to_markdown([("code", "a ``` b")]).splitlines()
    assert fenced == ["````", "a ``` b", "````"]


def test_a_terminal_shows_whole_paths_in_columns():
    path = "/a/long/path/that/does/not/fit/into/the/width.wav"
    text = printed([("table", ["file", "n"], [[path, 1], ["b.wav", 22]])])
    assert text.splitlines()[1] == f"  {path}  1"
    assert text.splitlines()[2].split() == ["b.wav", "22"]
    assert text.rstrip() == to_text([("table", ["file", "n"], [[path, 1], ["b.wav", 22]])])


def test_numbers_have_intervals_where_there_are_some():
    assert with_interval(3.14159) == "3.1"
    assert with_interval(3.14159, float("nan"), float("nan")) == "3.1"
    assert with_interval(0.5, 0.25, 0.75, spec=".2f") == "0.50 [0.25, 0.75]"
    assert percent_of({"uar": 0.5, "uar_low": None, "uar_high": None}) == "50.0"
    assert percent_of({"f1": 0.5, "f1_low": 0.4, "f1_high": 0.6}, "f1") == "50.0 [40.0, 60.0]"


def test_names_that_are_not_unicode_can_be_printed():
    name = b"a\xff.wav".decode("utf-8", "surrogateescape")
    assert printable(name) == "a\\udcff.wav"
    assert to_html([("text", name)], page=False).encode("utf-8")


def test_a_leaderboard_has_a_row_for_each_model():
    from sklearn.dummy import DummyClassifier

    from sk_ser.model_selection import compare_protocols

    emotions, speakers = ["angry", "calm", "calm"] * 20, list("abcdefghijkl") * 5
    models = {"one": DummyClassifier(), "two": DummyClassifier(strategy="uniform")}
    found = compare_protocols(models, [[0]] * 60, emotions, groups=speakers, random_state=0)
    file = io.StringIO()
    print_leaderboard({"corpus": found}, Console(file=file, width=120))
    for name in ("one", "two", "unseen speakers", "random split", "50.0 [50.0, 50.0]"):
        assert name in file.getvalue()
