"""Confusion matrices side by side, on one scale."""

import matplotlib.figure
import numpy as np
import pytest

from sk_ser.inspection import ConfusionComparisonDisplay
from tests.inspection.conftest import compare


def cells(ax):
    return [text.get_text() for text in ax.texts]


def test_both_protocols_are_on_one_colour_scale_with_their_uar(found):
    display = ConfusionComparisonDisplay.from_comparison(found, "tree").plot()
    assert [ax.images[0].get_clim() for ax in display.ax_] == [(0, 100)] * 2
    for ax, protocol in zip(display.ax_, ("random", "speaker-independent"), strict=True):
        row = found.row("tree", protocol)
        name, uar = ax.get_title().split("\n")
        assert name == protocol
        assert uar == (
            f"UAR {100 * row['uar']:.1f} % "
            f"[{100 * row['uar_low']:.1f}, {100 * row['uar_high']:.1f}]"
        )


def test_cells_hold_recall_in_per_cent_and_clips(found):
    display = ConfusionComparisonDisplay.from_comparison(found, "tree").plot()
    counts = found.confusion("tree", "random").to_numpy()
    np.testing.assert_allclose(display.ax_[0].images[0].get_array(), counts / 60 * 100)
    assert cells(display.ax_[0]) == [f"{n / 60 * 100:.0f}\n({n})" for n in counts.ravel()]


def test_axes_say_which_is_true_and_which_is_predicted(found):
    display = ConfusionComparisonDisplay.from_comparison(found).plot()
    assert display.estimator == "tree"
    left, right = display.ax_
    assert (left.get_ylabel(), left.get_xlabel()) == ("True", "Predicted")
    names = [label.get_text() for label in right.get_xticklabels()]
    assert names == ["angry", "calm", "pleasant surprise"]
    assert display.figure_.get_suptitle() == "tree"


def test_a_label_that_was_never_tested_has_dashes():
    half = [(np.arange(40, 120), np.arange(0, 40, 2))]
    found = compare(["angry", "calm"], protocols={"half": half})
    ax = ConfusionComparisonDisplay.from_comparison(found).plot().ax_[0]
    assert cells(ax)[2:] == ["–", "–"]  # noqa: RUF001


def test_protocols_can_be_chosen(found):
    display = ConfusionComparisonDisplay.from_comparison(found, protocols=["speaker-independent"])
    assert len(display.plot().ax_) == 1


def test_it_draws_on_axes_that_it_is_given(found):
    figure = matplotlib.figure.Figure()
    axes = figure.subplots(1, 2)
    display = ConfusionComparisonDisplay.from_comparison(found).plot(ax=axes)
    assert display.ax_ == list(axes)
    assert display.figure_ is figure
    assert figure.get_suptitle() == ""


def test_too_few_axes_are_an_error(found):
    ax = matplotlib.figure.Figure().subplots()
    with pytest.raises(ValueError, match="ax holds 1 axes, and 2 are needed"):
        ConfusionComparisonDisplay.from_comparison(found).plot(ax=ax)


def test_what_was_not_compared_is_named(found):
    with pytest.raises(ValueError, match="estimator 'svm' was not compared"):
        ConfusionComparisonDisplay.from_comparison(found, "svm")


@pytest.mark.parametrize(
    "classes",
    [
        ["neutral (baseline)", "pleasant surprise"],
        ["angry", "calm", "disgust", "fearful", "happy", "neutral", "sad", "surprised"],
    ],
)
def test_no_text_hides_another(classes, overlaps):
    display = ConfusionComparisonDisplay.from_comparison(compare(classes, 1)).plot()
    assert overlaps(display.figure_) == []
