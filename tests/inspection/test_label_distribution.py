"""Labels counted, by speaker or corpus, and drawn."""

import numpy as np
import pandas as pd
import pytest

from sk_ser.inspection import LabelDistributionDisplay

Y = ["calm"] * 5 + ["angry"] * 3
CORPORA = ["EmoDB", "EmoDB", "RAVDESS", "RAVDESS", "RAVDESS", "EmoDB", "EmoDB", "EmoDB"]


def widths(ax):
    return [[bar.get_width() for bar in bars] for bars in ax.containers]


def test_labels_are_counted_and_the_count_is_written():
    display = LabelDistributionDisplay.from_labels(Y).plot()
    assert widths(display.ax_) == [[3, 5]]
    assert [text.get_text() for text in display.ax_.texts] == ["3", "5"]
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == ["angry", "calm"]
    assert display.ax_.get_legend() is None


def test_a_few_corpora_are_stacked_and_have_a_legend():
    ax = LabelDistributionDisplay.from_labels(Y, CORPORA, group_name="corpus").plot().ax_
    assert widths(ax) == [[3, 2], [0, 3]]
    assert ax.get_legend().get_title().get_text() == "Corpus"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["EmoDB", "RAVDESS"]


def test_many_speakers_are_steps_in_shade_and_counted():
    display = LabelDistributionDisplay.from_labels(["calm", "sad"] * 24, np.repeat(range(24), 2))
    ax = display.plot(title="RAVDESS").ax_
    assert len(ax.containers) == 24
    assert len({bars[0].get_facecolor() for bars in ax.containers}) == 2
    assert ax.get_xlabel() == "Clips; each step in shade is one speaker of 24"
    assert ax.get_legend() is None
    assert ax.get_title() == "RAVDESS"


@pytest.mark.parametrize("kind", [np.array, pd.Series, lambda v: pd.Series(v).array])
def test_any_container_of_labels_does(kind):
    counts = LabelDistributionDisplay.from_labels(kind(Y), kind(CORPORA)).counts
    assert counts.to_numpy().tolist() == [[3, 0], [2, 3]]


def test_numbers_are_labels_too():
    assert LabelDistributionDisplay.from_labels([1, 0, 1]).counts["clips"].tolist() == [1, 2]


def test_nothing_is_left_open_in_pyplot():
    import matplotlib.pyplot as plt

    LabelDistributionDisplay.from_labels(Y).plot()
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    "y, groups, message",
    [
        ([], None, "no labels to count"),
        (["calm", None], None, "1 of 2 labels are missing"),
        (["calm", "sad"], ["a"], "y holds 2 labels and groups holds 1"),
        (["calm", "sad"], ["a", None], "groups: 1 of 2 .* missing"),
    ],
)
def test_what_cannot_be_counted_is_named(y, groups, message):
    with pytest.raises(ValueError, match=message):
        LabelDistributionDisplay.from_labels(y, groups)


@pytest.mark.parametrize("n_classes", [2, 8])
def test_no_text_hides_another(n_classes, overlaps):
    y = [f"emotion number {i % n_classes}" for i in range(4000)]
    groups = [f"a corpus of name {i % 7}" for i in range(4000)]
    display = LabelDistributionDisplay.from_labels(y, groups, group_name="corpus")
    assert overlaps(display.plot(title="Seven corpora").figure_) == []
