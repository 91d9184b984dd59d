"""Results by group, drawn."""

import matplotlib.figure
import numpy as np
import pandas as pd
import pytest

from sk_ser.inspection import GroupResultsDisplay
from sk_ser.model_selection import group_results
from tests.inspection.conftest import compare

#: Of the clips that `compare` makes: six speakers of thirty each.
SEX = pd.DataFrame({"sex": np.repeat(["female", "male"], 90)})


def test_each_group_has_a_dot_for_each_protocol_at_its_uar(found):
    display = GroupResultsDisplay.from_comparison(found, SEX, by="sex").plot()
    table = group_results(found, SEX, by="sex")
    drawn = {container.get_label(): container[0] for container in display.ax_.containers}
    for protocol in ("random", "speaker-independent"):
        rows = table.query("estimator == 'tree' and protocol == @protocol")
        at = 100 * rows["uar"]
        assert sorted(drawn[protocol].get_xdata(orig=False)) == pytest.approx(sorted(at))


def test_the_worst_under_the_last_protocol_is_at_the_bottom_and_named(found):
    ax = GroupResultsDisplay.from_comparison(found).plot().ax_
    table = group_results(found).query("estimator == 'tree' and protocol == 'speaker-independent'")
    names = [label.get_text() for label in ax.get_yticklabels()]
    worst = table.loc[table["worst"], "group"].iloc[-1]
    assert names[-1] == f"{worst} (30 clips, worst)"
    assert len(names) == 6
    assert ax.get_ylabel() == "speaker"


def test_whiskers_are_explained_where_there_are_some(found):
    display = GroupResultsDisplay.from_comparison(found, SEX, by="sex").plot()
    (legend,) = display.figure_.legends
    assert legend.get_title().get_text() == "Whiskers: 95 % interval over speakers"
    (legend,) = GroupResultsDisplay.from_comparison(found).plot().figure_.legends
    assert legend.get_title().get_text() == ""


def test_another_estimator_can_be_chosen(found):
    display = GroupResultsDisplay.from_comparison(found, estimator="dummy")
    assert set(display.table["estimator"]) == {"dummy"}
    with pytest.raises(ValueError, match="estimator 'svm' was not compared"):
        GroupResultsDisplay.from_comparison(found, estimator="svm")


def test_protocols_can_be_chosen(found):
    display = GroupResultsDisplay.from_comparison(found, protocols=["speaker-independent"])
    assert set(display.table["protocol"]) == {"speaker-independent"}
    with pytest.raises(ValueError, match="protocol 'loso' was not compared"):
        GroupResultsDisplay.from_comparison(found, protocols=["loso"])


@pytest.mark.parametrize("n_speakers", [3, 30])
def test_no_text_hides_another(n_speakers, overlaps):
    found = compare(["angry", "calm"], n_speakers=n_speakers)
    display = GroupResultsDisplay.from_comparison(found).plot(title="Results by speaker")
    assert overlaps(display.figure_) == []


def test_it_draws_on_axes_that_it_is_given(found):
    figure = matplotlib.figure.Figure()
    ax = figure.subplots()
    display = GroupResultsDisplay.from_comparison(found).plot(ax=ax)
    assert display.ax_ is ax
    figure.draw_without_rendering()


def test_without_matplotlib_the_extra_is_named(found, no_matplotlib):
    with pytest.raises(ImportError, match=r'GroupResultsDisplay.plot .* "sk_ser\[plot\]"'):
        GroupResultsDisplay.from_comparison(found).plot()
