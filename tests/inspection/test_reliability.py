"""The diagram shows the table, and says the error."""

import numpy as np
import pytest

from sk_ser.inspection import ReliabilityDisplay
from sk_ser.model_selection import calibration_error

pytest.importorskip("matplotlib")

Y = np.array(["anger", "joy"] * 50)
PROBA = np.tile([[0.8, 0.2], [0.35, 0.65]], (50, 1))
CLASSES = ["anger", "joy"]


def test_each_model_has_a_line_through_its_bins():
    predictions = {"random": (Y, PROBA), "speaker-independent": (Y[::-1], PROBA)}
    display = ReliabilityDisplay.from_predictions(predictions, classes=CLASSES).plot(
        title="A title"
    )
    diagram, counts = display.axes_
    lines = {line.get_label(): line.get_xydata() for line in diagram.get_lines()[1:]}
    error = calibration_error(Y, PROBA, classes=CLASSES)
    np.testing.assert_allclose(
        lines[f"random: ECE {100 * error:.1f} points"], [[65, 100], [80, 100]]
    )
    assert len(lines) == 2
    assert sum(bar.get_height() for bar in counts.patches) == 200
    assert diagram.get_title() == "A title"


def test_one_pair_needs_no_name():
    display = ReliabilityDisplay.from_predictions((Y, PROBA), classes=CLASSES, n_bins=4)
    assert list(display.tables) == ["model"]
    assert len(display.tables["model"]) == 4
