"""Reliability diagram: how often a model is right, by how sure it is."""

import numpy as np

from sk_ser.inspection._style import FONT_SIZE, PALETTE, SMALL, make_axes, strip
from sk_ser.model_selection import calibration_error, reliability_table


class ReliabilityDisplay:
    """Share of right predictions by their confidence, and the expected calibration error.

    Make it with :meth:`from_predictions`.

    Parameters
    ----------
    tables : dict of str to DataFrame
        As :func:`~sk_ser.model_selection.reliability_table` makes them, by name.
    errors : dict of str to float
        Expected calibration errors, by the same names.

    Attributes
    ----------
    axes_ : list of Axes
        The diagram, and the numbers of clips below it, after :meth:`plot`.
    figure_ : Figure
        Their figure.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.inspection import ReliabilityDisplay
    >>> rng = np.random.default_rng(0)
    >>> sure = rng.uniform(0.5, 1.0, size=400)
    >>> proba = np.column_stack([sure, 1 - sure])
    >>> y = np.where(rng.random(400) < sure, "anger", "joy")
    >>> classes = ["anger", "joy"]
    >>> display = ReliabilityDisplay.from_predictions({"model": (y, proba)}, classes=classes)
    >>> display.plot().axes_[1].get_xlabel()
    'Confidence (%)'
    """

    def __init__(self, tables, errors):
        self.tables = tables
        self.errors = errors

    @classmethod
    def from_predictions(cls, predictions, *, classes, n_bins=10):
        """Bin predictions.

        Parameters
        ----------
        predictions : dict of str to (array-like, array-like), or one such pair
            Labels of shape (n_clips,) and probabilities of shape (n_clips, n_classes), by the
            name of a model or protocol.
        classes : array-like of shape (n_classes,)
            Labels in the order of the columns.
        n_bins : int, default=10
            Bins of equal width.

        Returns
        -------
        ReliabilityDisplay
            Not yet drawn.
        """
        named = predictions if isinstance(predictions, dict) else {"model": predictions}
        options = {"classes": classes, "n_bins": n_bins}
        tables = {name: reliability_table(*pair, **options) for name, pair in named.items()}
        errors = {name: calibration_error(*pair, **options) for name, pair in named.items()}
        return cls(tables, errors)

    def plot(self, axes=None, *, title=None):
        """Draw a line for each model, and below how many clips were how sure.

        Parameters
        ----------
        axes : sequence of two Axes, default=None
            To draw on; by default on a new figure.
        title : str, default=None
            Above the diagram.

        Returns
        -------
        ReliabilityDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        self.figure_, self.axes_ = make_axes(
            axes,
            (4.4, 5.0),
            purpose="ReliabilityDisplay.plot",
            n_rows=2,
            sharex=True,
            height_ratios=[3, 1],
        )
        diagram = self.axes_[0]
        diagram.plot([0, 100], [0, 100], color="0.45", linestyle="--", linewidth=1, zorder=0)
        diagram.annotate("calibrated", (30, 27), va="top", fontsize=SMALL, color="0.4")
        width = 0.8 * 100 / len(next(iter(self.tables.values()))) / len(self.tables)
        for number, (name, table) in enumerate(self.tables.items()):
            self._draw(name, table, number, width)
        self._label(title)
        return self

    def _draw(self, name, table, number, width):
        diagram, counts = self.axes_
        colour = PALETTE[(number + 1) % len(PALETTE)]
        used = table[table["n_clips"] > 0]
        label = f"{name}: ECE {100 * self.errors[name]:.1f} points"
        diagram.plot(
            100 * used["confidence"], 100 * used["accuracy"], "o-", color=colour, label=label, ms=4
        )
        shift = (number - (len(self.tables) - 1) / 2) * width
        middle = 50 * (table["low"] + table["high"])
        counts.bar(middle + shift, table["n_clips"], width, color=colour)

    def _label(self, title):
        diagram, counts = self.axes_
        diagram.set(xlim=(0, 100), ylim=(0, 100))
        diagram.set_ylabel("Right predictions (%)", fontsize=FONT_SIZE)
        counts.set_xlabel("Confidence (%)", fontsize=FONT_SIZE)
        counts.set_ylabel("Clips", fontsize=FONT_SIZE)
        counts.set_xticks(np.arange(0, 101, 20))
        diagram.legend(loc="upper left", fontsize=SMALL, frameon=False)
        if title:
            diagram.set_title(title, fontsize=FONT_SIZE + 1)
        for ax in self.axes_:
            strip(ax)
