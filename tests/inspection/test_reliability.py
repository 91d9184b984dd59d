"""The reliability diagram, drawn."""

import matplotlib.figure
import numpy as np
import pytest

from sk_ser.inspection import ReliabilityDisplay
from sk_ser.model_selection import expected_calibration_error, reliability_curve

EMOTIONS = np.array(["angry", "calm", "pleasant surprise"])


def draws(n_clips=600):
    rng = np.random.default_rng(0)
    proba = rng.dirichlet([0.6] * 3, size=n_clips)
    below = proba.cumsum(axis=1) < rng.random((n_clips, 1))
    return EMOTIONS[below.sum(axis=1).clip(max=2)], proba


Y, CALIBRATED = draws()
SURE = CALIBRATED**3 / (CALIBRATED**3).sum(axis=1, keepdims=True)
BOTH = {"random": SURE, "speaker-independent": CALIBRATED}


def curve_of(ax, name):
    return next(line for line in ax.lines if line.get_label().startswith(f"{name}:"))


def test_each_model_has_a_curve_of_accuracy_by_confidence():
    ax = ReliabilityDisplay.from_predictions(Y, BOTH).plot().ax_[0]
    for name, proba in BOTH.items():
        expected = reliability_curve(Y, proba)
        line = curve_of(ax, name)
        np.testing.assert_allclose(line.get_xdata(), 100 * expected["confidence"])
        np.testing.assert_allclose(line.get_ydata(), 100 * expected["accuracy"])


def test_the_legend_tells_the_error_of_each():
    display = ReliabilityDisplay.from_predictions(Y, BOTH).plot()
    texts = [text.get_text() for text in display.figure_.legends[0].get_texts()]
    errors = {name: 100 * expected_calibration_error(Y, proba) for name, proba in BOTH.items()}
    assert texts == ["calibrated"] + [f"{n}: ECE {e:.1f} points" for n, e in errors.items()]


def test_counts_are_drawn_below():
    display = ReliabilityDisplay.from_predictions(Y, SURE, n_bins=5).plot()
    expected = reliability_curve(Y, SURE, n_bins=5)
    assert [bar.get_height() for bar in display.ax_[1].patches] == expected["n_clips"].tolist()
    assert display.ax_[1].get_ylabel() == "Clips"
    assert display.ax_[0].get_ylabel() == "Accuracy (%)"


def test_classes_of_one_model_have_a_curve_each():
    display = ReliabilityDisplay.from_predictions(Y, SURE, classwise=True).plot()
    (legend,) = display.figure_.legends
    labels = [text.get_text().split(":")[0] for text in legend.get_texts()]
    assert labels == ["calibrated", *EMOTIONS]
    assert display.ax_[1].get_xlabel() == "Probability of the class (%)"
    whole = expected_calibration_error(Y, SURE, classwise=True)
    assert np.mean(list(display.errors.values())) == pytest.approx(whole)


@pytest.mark.parametrize(
    "proba, options",
    [
        (BOTH, {}),
        ({f"a model whose name is long, {i}": CALIBRATED for i in range(4)}, {}),
        (SURE, {"classwise": True, "strategy": "quantile"}),
    ],
)
def test_no_text_hides_another(proba, options, overlaps):
    display = ReliabilityDisplay.from_predictions(Y, proba, **options).plot(title="Six voices")
    assert overlaps(display.figure_) == []


def test_it_draws_on_axes_that_it_is_given():
    figure = matplotlib.figure.Figure()
    axes = figure.subplots(2)
    display = ReliabilityDisplay.from_predictions(Y, SURE).plot(ax=axes)
    assert display.figure_ is figure
    assert display.ax_ == list(axes)
    with pytest.raises(ValueError, match="ax holds 1 axes, and 2 are needed"):
        ReliabilityDisplay.from_predictions(Y, SURE).plot(ax=axes[0])


def test_nothing_is_left_open_in_pyplot():
    import matplotlib.pyplot as plt

    ReliabilityDisplay.from_predictions(Y, SURE).plot()
    assert plt.get_fignums() == []


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="classwise=True draws the classes of one model"):
        ReliabilityDisplay.from_predictions(Y, BOTH, classwise=True)
    with pytest.raises(ValueError, match="y_proba is empty"):
        ReliabilityDisplay.from_predictions(Y, {})


def test_without_matplotlib_the_extra_is_named(no_matplotlib):
    with pytest.raises(ImportError, match=r'ReliabilityDisplay.plot .* "sk_ser\[plot\]"'):
        ReliabilityDisplay.from_predictions(Y, SURE).plot()
