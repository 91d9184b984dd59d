"""Results to draw, and a check that drawing leaves nothing behind."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.tree import DecisionTreeClassifier

from sk_ser.model_selection import compare_protocols

# drawing needs the extra `plot`; that it is named where it is missing, test_optional.py tells
collect_ignore_glob = [] if find_spec("matplotlib") else ["test_*.py"]


def compare(classes, n_estimators=2, n_speakers=6, **options):
    rng = np.random.default_rng(0)
    speakers = np.repeat(np.arange(n_speakers), 10 * len(classes))
    labels = np.tile(np.arange(len(classes)), 10 * n_speakers)
    places = rng.normal(scale=3, size=(n_speakers, len(classes), 2))
    X = places[speakers, labels] + rng.normal(size=(len(labels), 2))
    estimators = {"tree": DecisionTreeClassifier(), "dummy": DummyClassifier()}
    estimators |= {f"tree {i} of a long name to break": DecisionTreeClassifier() for i in range(4)}
    return compare_protocols(
        dict(list(estimators.items())[:n_estimators]),
        X,
        np.asarray(classes)[labels],
        **({"groups": speakers, "n_splits": 3, "random_state": 0} | options),
    )


@pytest.fixture(scope="session")
def found():
    return compare(["angry", "calm", "pleasant surprise"])


@pytest.fixture
def no_matplotlib(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)


@pytest.fixture
def overlaps():
    """Pairs of a figure's texts that hide each other, and texts that it cuts off."""

    def find(figure):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.text import Text

        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        # Ticks outside the limits have a text, and it is not drawn.
        beyond = [
            tick.label1
            for ax in figure.axes
            for axis in (ax.xaxis, ax.yaxis)
            for tick in axis.get_major_ticks()
            if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
        ]
        texts = [
            (text.get_text(), text.get_window_extent(canvas.get_renderer()))
            for text in figure.findobj(Text)
            if text.get_visible() and text.get_text().strip() and not text.get_rotation() % 90
            if not any(text is label for label in beyond)
        ]
        inside = figure.bbox.padded(1)
        cut = [text for text, box in texts if not inside.containsx(box.x1) or box.x0 < -1]
        hidden = [
            (one, other)
            for i, (one, a) in enumerate(texts)
            for other, b in texts[i + 1 :]
            if a.padded(-1).overlaps(b.padded(-1))
        ]
        return hidden + cut

    return find
