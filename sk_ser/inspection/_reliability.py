"""How sure a model is, and how often it is then right."""

from collections.abc import Mapping

import numpy as np

from sk_ser.inspection._style import FONT_SIZE, MARKERS, PALETTE, SMALL, make_axes, strip
from sk_ser.model_selection import expected_calibration_error, reliability_curve

_LINES = ("--", "-", "-.", ":")


class ReliabilityDisplay:
    """Reliability diagram of several classes: accuracy by confidence, and counts below.

    Make it with :meth:`from_predictions`. scikit-learn's ``CalibrationDisplay`` is for two
    classes.

    Parameters
    ----------
    curves : dict of str to DataFrame
        From :func:`~sk_ser.model_selection.reliability_curve`, by name.
    errors : dict of str to float
        Expected calibration error of each, from 0 to 1.
    classwise : bool, default=False
        Whether each curve is of one class: its probability, not that of the most probable.

    Attributes
    ----------
    ax_ : list of Axes
        What was drawn on, after :meth:`plot`: the diagram, the counts.
    figure_ : Figure
        Their figure.

    References
    ----------
    .. [1] M. H. DeGroot, S. E. Fienberg, "The Comparison and Evaluation of Forecasters",
       The Statistician 32, 1983, pp. 12-22.
    .. [2] C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On Calibration of Modern Neural
       Networks", Proc. ICML, 2017, pp. 1321-1330.

    Examples
    --------
    >>> from sk_ser.inspection import ReliabilityDisplay
    >>> emotions, proba = ["angry", "angry", "angry", "calm"], [[0.9, 0.1]] * 4
    >>> display = ReliabilityDisplay.from_predictions(emotions, {"svm": proba}).plot()
    >>> [text.get_text() for text in display.figure_.legends[0].get_texts()]
    ['calibrated', 'svm: ECE 15.0 points']
    """

    def __init__(self, curves, errors, *, classwise=False):
        self.curves = curves
        self.errors = errors
        self.classwise = classwise

    @classmethod
    def from_predictions(
        cls, y_true, y_proba, *, classes=None, n_bins=15, strategy="uniform", classwise=False
    ):
        """Bin probabilities, of one model or of several on the same clips.

        Parameters
        ----------
        y_true : array-like of shape (n_clips,)
            Labels.
        y_proba : array-like of shape (n_clips, n_classes), or dict of str to such
            Probabilities of clips that the model was not fitted on; in a dict by the name
            of the curve, such as the protocol. A protocol that flatters comes first.
        classes : array-like of shape (n_classes,), default=None
            Class of each column. By default the columns of a DataFrame, otherwise the
            sorted labels.
        n_bins : int, default=15
            Bins.
        strategy : {"uniform", "quantile"}, default="uniform"
            Of equal width, or about equally many clips in each.
        classwise : bool, default=False
            A curve for each class of one model.

        Returns
        -------
        ReliabilityDisplay
            Not yet drawn.

        Raises
        ------
        ValueError
            If there are several models and `classwise`, none, or as of
            :func:`~sk_ser.model_selection.reliability_curve`.
        """
        options = {"classes": classes, "n_bins": n_bins, "strategy": strategy}
        if classwise:
            return cls._by_class(y_true, y_proba, options)
        several = y_proba if isinstance(y_proba, Mapping) else {"model": y_proba}
        if not several:
            raise ValueError("ReliabilityDisplay: y_proba is empty. Pass at least one model's.")
        curves = {name: reliability_curve(y_true, p, **options) for name, p in several.items()}
        errors = {
            name: expected_calibration_error(y_true, p, **options) for name, p in several.items()
        }
        return cls(curves, errors)

    @classmethod
    def _by_class(cls, y_true, y_proba, options):
        if isinstance(y_proba, Mapping):
            raise ValueError(
                "ReliabilityDisplay: classwise=True draws the classes of one model. Pass its "
                "probabilities alone."
            )
        curve = reliability_curve(y_true, y_proba, classwise=True, **options)
        curves = {str(name): part for name, part in curve.groupby("class", sort=False)}
        return cls(curves, {name: _error(part) for name, part in curves.items()}, classwise=True)

    def plot(self, ax=None, *, title=None):
        """Draw a curve for each model or class, and how many clips are in each bin.

        On the diagonal a model is right as often as it is confident; below it, it is too
        sure of itself. A marker's area is the number of clips: small ones may be chance.

        Parameters
        ----------
        ax : sequence of 2 Axes, default=None
            To draw on, the diagram and the counts; by default on a new figure.
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
        self.figure_, self.ax_ = make_axes(
            ax,
            (4.6, 5.6 + 0.11 * len(self.curves)),
            purpose="ReliabilityDisplay.plot",
            n_rows=2,
            sharex=True,
            height_ratios=[3.2, 1],
        )
        diagram, counts = self.ax_
        diagram.plot(
            [0, 100],
            [0, 100],
            color="0.45",
            linestyle=":",
            linewidth=1,
            zorder=0,
            label="calibrated",
        )
        most = max(curve["n_clips"].max() for curve in self.curves.values())
        for number, (name, curve) in enumerate(self.curves.items()):
            self._draw(number, name, curve, most)
        self._label_axes(diagram, counts, title)
        self._add_legend(diagram if ax is not None else self.figure_)
        return self

    def _draw(self, number, name, curve, most):
        diagram, counts = self.ax_
        color, line = PALETTE[number % len(PALETTE)], _LINES[number % len(_LINES)]
        label = f"{name}: ECE {100 * self.errors[name]:.1f} points"
        confidence, accuracy = 100 * curve["confidence"], 100 * curve["accuracy"]
        marker = MARKERS[number % len(MARKERS)]
        diagram.plot(
            confidence,
            accuracy,
            color=color,
            linestyle=line,
            linewidth=0.9,
            marker=marker,
            # The legend shows it; in the diagram its area is the number of clips, so that
            # a bin of two clips does not look like a finding.
            markevery=[],
            markersize=5,
            label=label,
        )
        diagram.scatter(
            confidence,
            accuracy,
            s=np.maximum(110 * curve["n_clips"] / most, 2),
            color=color,
            marker=marker,
            alpha=0.8,
            linewidths=0,
        )
        low, high = 100 * curve["low"], 100 * curve["high"]
        counts.bar(low, curve["n_clips"], width=high - low, align="edge", color=color, alpha=0.25)
        counts.hlines(curve["n_clips"], low, high, color=color, linestyle=line, linewidth=1.3)

    def _label_axes(self, diagram, counts, title):
        what = "Probability of the class" if self.classwise else "Confidence"
        counts.set_xlabel(f"{what} (%)", fontsize=FONT_SIZE)
        counts.set_ylabel("Clips", fontsize=FONT_SIZE)
        counts.set_ylim(bottom=0)
        share = "Clips of the class (%)" if self.classwise else "Accuracy (%)"
        diagram.set_ylabel(share, fontsize=FONT_SIZE)
        diagram.set_ylim(-3, 103)
        diagram.set_xlim(-2, 102)
        diagram.grid(color="0.92", linewidth=0.8)
        if title:
            diagram.set_title(title, fontsize=FONT_SIZE + 1, loc="left")
        for ax in (diagram, counts):
            strip(ax)

    def _add_legend(self, place):
        """Put the legend below a new figure, where it hides nothing, or into axes given."""
        handles, labels = self.ax_[0].get_legend_handles_labels()
        n_columns = 1 if max(map(len, labels)) > 36 else 2
        below = {"loc": "outside lower center", "ncols": n_columns}
        place.legend(
            handles,
            labels,
            fontsize=SMALL,
            frameon=False,
            **(below if place is self.figure_ else {}),
        )


def _error(curve):
    gaps = (curve["accuracy"] - curve["confidence"]).abs()
    return float(np.average(gaps, weights=curve["n_clips"]))
