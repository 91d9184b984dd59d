"""What the page shows tells by words and places, and not by colour alone."""

import io
import re

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("altair")
pytest.importorskip("matplotlib")

from sk_ser.app._pictures import bars_html, picture, stretches, tiles_html, timeline

TABLE = pd.DataFrame(
    {
        "start": [0.0, 1.0, 2.0, 3.0],
        "end": [3.0, 4.0, 5.0, 6.0],
        "emotion": ["anger", "anger", None, "fear"],
        "anger": [0.8, 0.6, np.nan, 0.1],
        "fear": [0.2, 0.4, np.nan, 0.9],
        "error": [None, None, "silent", None],
    }
)


def rows_of(html):
    cells = re.findall(r'<th scope="row".*?>(.*?)</th>.*?nowrap;?[^>]*">([^<]*)</td>', html)
    return [(re.sub("<.*?>", "", name), share) for name, share in cells]


def test_bars_name_each_class_and_its_share_the_likeliest_first():
    html = bars_html({"anger": 0.25, "fear": 0.75}, ["fear", "anger"])
    assert rows_of(html) == [("fear ✓", "75 %"), ("anger ✓", "25 %")]
    assert "width:75.0%" in html


def test_only_what_is_in_the_set_is_ticked():
    html = bars_html({"anger": 0.1, "fear": 0.9}, ["fear"])
    assert rows_of(html) == [("fear ✓", "90 %"), ("anger", "10 %")]
    assert "✓" not in bars_html({"anger": 0.1, "fear": 0.9}, None)


def test_names_from_a_file_are_no_html():
    assert "<script>" not in bars_html({"<script>": 1.0}, ["<script>"])
    assert "<b>" not in tiles_html([("<b>", "<b>", "<b>")])


@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_is_seen_on_its_page(make_tone, dark):
    from PIL import Image

    image = Image.open(io.BytesIO(picture(make_tone(1_000, 0.5), dark=dark))).convert("RGBA")
    pixels = np.asarray(image).reshape(-1, 4)
    assert pixels[0, 3] == 0, "its background is the page's"
    page, ink = ((14, 17, 23), (250, 250, 250)) if dark else ((255, 255, 255), (38, 39, 48))
    assert (pixels[:, :3] == ink).all(axis=1).any()
    assert np.abs(np.subtract(page, ink)).min() > 150


def test_a_timeline_has_a_row_for_each_class_and_a_gap_for_silence():
    chart = timeline(TABLE, ["anger", "fear"]).to_dict()
    (cells,) = chart["datasets"].values()
    assert {(cell["start"], cell["end"]) for cell in cells} == {(0, 2), (2, 3), (4, 6)}
    fear = [cell["confidence"] for cell in cells if cell["emotion"] == "fear"]
    assert fear == [0.2, 0.4, 0.9]
    assert chart["encoding"]["y"]["field"] == "emotion"


def test_a_timeline_without_probabilities_shows_the_answers():
    chart = timeline(TABLE.drop(columns=["anger", "fear"]), ["anger", "fear"]).to_dict()
    (cells,) = chart["datasets"].values()
    sure = {(cell["start"], cell["emotion"]) for cell in cells if cell["confidence"] == 1}
    assert sure == {(0, "anger"), (2, "anger"), (4, "fear")}


def test_stretches_put_windows_in_a_row_together():
    assert stretches(TABLE).to_numpy().tolist() == [
        [0.0, 3.0, "anger"],
        [3.0, 4.0, "silence"],
        [4.0, 6.0, "fear"],
    ]
