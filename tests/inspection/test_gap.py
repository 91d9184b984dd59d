"""The gap between protocols, drawn."""

import matplotlib.figure
import numpy as np
import pytest

from sk_ser.inspection import GapDisplay
from sk_ser.model_selection import EvaluationWarning
from tests.inspection.conftest import compare


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_each_protocol_has_a_dot_for_each_estimator_at_its_uar(found):
    ax = GapDisplay.from_comparison(found).plot().ax_
    drawn = {container.get_label(): container[0] for container in ax.containers}
    for protocol in ("random", "speaker-independent"):
        expected = [100 * found.row(name, protocol)["uar"] for name in ("tree", "dummy")]
        np.testing.assert_allclose(drawn[protocol].get_xdata(orig=False), expected)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["tree", "dummy"]


def test_the_gap_is_written_beside_with_its_interval(found):
    gap = found.gap.iloc[0]
    expected = f"{gap['gap']:+.1f} [{gap['gap_low']:+.1f}, {gap['gap_high']:+.1f}]"
    ax = GapDisplay.from_comparison(found).plot().ax_
    assert expected in texts(ax)
    assert "Gap in points" in texts(ax)


def test_guessing_is_a_line(found):
    ax = GapDisplay.from_comparison(found).plot().ax_
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert [line.get_xdata()[0] for line in dashed] == [pytest.approx(100 / 3)]
    assert "chance" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_axis_and_the_legend_say_what_is_drawn(found):
    ax = GapDisplay.from_comparison(found).plot(title="Six voices").ax_
    assert ax.get_xlabel() == "Unweighted average recall, UAR (%)"
    assert ax.get_title(loc="left") == "Six voices"
    legend = ax.get_legend()
    assert legend.get_title().get_text() == "Whiskers: 95 % interval over speakers"
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == ["chance", "random", "speaker-independent"]


def test_it_draws_on_axes_that_it_is_given(found):
    figure = matplotlib.figure.Figure()
    ax = figure.subplots()
    display = GapDisplay.from_comparison(found).plot(ax=ax)
    assert display.ax_ is ax
    assert display.figure_ is figure


def test_nothing_is_left_open_in_pyplot(found):
    import matplotlib.pyplot as plt

    GapDisplay.from_comparison(found).plot()
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    "n_estimators, title",
    [(1, None), (1, "RAVDESS"), (6, "RAVDESS and EmoDB, six voices, eight emotions in all")],
)
def test_no_text_hides_another(n_estimators, title, overlaps):
    found = compare(["angry", "calm"], n_estimators)
    assert overlaps(GapDisplay.from_comparison(found).plot(title=title).figure_) == []


def test_three_protocols_have_a_gap_each(overlaps):
    protocols = ("random", "speaker-independent", "leave-one-speaker-out")
    display = GapDisplay.from_comparison(compare(["angry", "calm"], protocols=protocols)).plot()
    assert len([text for text in texts(display.ax_) if text.startswith(("+", "-"))]) == 4
    assert "Gap in points\nfrom random" in texts(display.ax_)
    assert overlaps(display.figure_) == []


def test_one_protocol_without_speakers_has_dots_and_no_gap():
    found = compare(["angry", "calm"], groups=None, protocols="random")
    ax = GapDisplay.from_comparison(found).plot().ax_
    assert texts(ax) == []
    assert ax.get_legend().get_title().get_text() == ""


def test_scores_without_an_interval_are_drawn():
    with pytest.warns(EvaluationWarning, match="1 speaker"):
        found = compare(["angry", "calm"], n_speakers=1, protocols="random")
    GapDisplay.from_comparison(found).plot().figure_.draw_without_rendering()


def test_a_vector_file_can_be_written(found, tmp_path):
    path = tmp_path / "gap.pdf"
    GapDisplay.from_comparison(found).plot().figure_.savefig(path)
    assert path.read_bytes().startswith(b"%PDF")


def test_without_matplotlib_the_extra_is_named(found, no_matplotlib):
    with pytest.raises(ImportError, match=r'GapDisplay.plot .* pip install "sk_ser\[plot\]"'):
        GapDisplay.from_comparison(found).plot()
