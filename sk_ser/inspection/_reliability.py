"""Figure: confidence of a model, and how often it is right."""

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from sk_ser.inspection._style import MARKERS, PALETTE, SMALL, add_legend, finish, make_axes
from sk_ser.model_selection import reliability_curve

_LINES = ("--", "-", "-.", ":")


class ReliabilityDisplay:
    """Reliability diagram for several classes: accuracy by confidence, and counts below.

    Make it with :meth:`from_predictions`. scikit-learn's ``CalibrationDisplay`` is for two
    classes.

    Parameters
    ----------
    curves : dict of str to DataFrame
        From :func:`~sk_ser.model_selection.reliability_curve`, by name.
    errors : dict of str to float
        Expected calibration error of each, from 0 to 1.
    classwise : bool, default=False
        Whether each curve is for the probability of one class, not of the most probable.

    Attributes
    ----------
    ax_ : list of Axes
        Axes of the figure, after :meth:`plot`: the diagram, the counts.
    figure_ : Figure
        The figure.

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
        cls,
        y_true: ArrayLike,
        y_proba: ArrayLike,
        *,
        classes: ArrayLike | None = None,
        n_bins: int = 15,
        strategy: str = "uniform",
        classwise: bool = False,
    ) -> Self:
        """Bin probabilities, of one model or of several on the same clips.

        Parameters
        ----------
        y_true : array-like of shape (n_clips,)
            Labels.
        y_proba : array-like of shape (n_clips, n_classes), or dict of str to such
            Probabilities of clips that the model was not fitted on; in a dict by the name
            of the curve, such as the protocol. The protocol with the higher scores comes first.
        classes : array-like of shape (n_classes,), default=None
            Class of each column. By default the columns of a DataFrame, otherwise the
            sorted labels.
        n_bins : int, default=15
            Number of bins.
        strategy : {"uniform", "quantile"}, default="uniform"
            Bins of equal width, or of about equal numbers of clips.
        classwise : bool, default=False
            Whether to draw a curve for each class of one model.

        Returns
        -------
        ReliabilityDisplay
            Not yet drawn.

        Raises
        ------
        ValueError
            If there are several models and `classwise`, or no model, or for the reasons of
            :func:`~sk_ser.model_selection.reliability_curve`.
        """
        options = {"classes": classes, "n_bins": n_bins, "strategy": strategy}
        several = y_proba if isinstance(y_proba, Mapping) else {"model": y_proba}
        if not several:
            raise ValueError("ReliabilityDisplay: y_proba is empty. Pass those of a model.")
        if classwise and several is y_proba:
            raise ValueError(
                "ReliabilityDisplay: classwise=True draws the classes of one model. Pass the "
                "probabilities of one model."
            )
        if classwise:
            curve = reliability_curve(y_true, y_proba, classwise=True, **options)
            curves = {str(name): part for name, part in curve.groupby("class", sort=False)}
        else:
            curves = {name: reliability_curve(y_true, p, **options) for name, p in several.items()}
        errors = {name: _error(curve) for name, curve in curves.items()}
        return cls(curves, errors, classwise=classwise)

    def plot(self, ax: object = None, *, title: str | None = None) -> Self:
        """Draw a curve for each model or class, and the number of clips in each bin.

        On the diagonal, accuracy equals confidence; below it, a model is overconfident. The area
        of a marker is the number of clips: small ones may be due to chance.

        Parameters
        ----------
        ax : sequence of 2 Axes, default=None
            Axes to draw on, the diagram and the counts; a new figure by default.
        title : str, default=None
            Title of the diagram.

        Returns
        -------
        ReliabilityDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        size = (4.6, 5.6 + 0.11 * len(self.curves))
        grid = {"n_rows": 2, "sharex": True, "height_ratios": [3.2, 1]}
        self.figure_, self.ax_ = make_axes(self, ax, size, **grid)
        diagram, counts = self.ax_
        line = {"color": "0.45", "linestyle": ":", "linewidth": 1, "zorder": 0}
        diagram.plot([0, 100], [0, 100], label="calibrated", **line)
        most = max(curve["n_clips"].max() for curve in self.curves.values())
        for number, (name, curve) in enumerate(self.curves.items()):
            self._draw(number, name, curve, most)
        self._label_axes(diagram, counts, title)
        longest = max(map(len, diagram.get_legend_handles_labels()[1]))
        n_columns = 1 if longest > 36 else 2
        add_legend(self.figure_, diagram, is_new=ax is None, n_columns=n_columns, fontsize=SMALL)
        return self

    def _draw(self, number, name, curve, most):
        diagram, counts = self.ax_
        color, line = PALETTE[number % len(PALETTE)], _LINES[number % len(_LINES)]
        label = f"{name}: ECE {100 * self.errors[name]:.1f} points"
        confidence, accuracy = 100 * curve["confidence"], 100 * curve["accuracy"]
        marker = MARKERS[number % len(MARKERS)]
        # the marker is in the legend only: in the diagram its area is the number of clips
        style = {"color": color, "linestyle": line, "marker": marker, "markersize": 5}
        diagram.plot(confidence, accuracy, linewidth=0.9, markevery=[], label=label, **style)
        areas = np.maximum(110 * curve["n_clips"] / most, 2)
        style = {"color": color, "marker": marker, "alpha": 0.8, "linewidths": 0}
        diagram.scatter(confidence, accuracy, s=areas, **style)
        low, high = 100 * curve["low"], 100 * curve["high"]
        counts.bar(low, curve["n_clips"], width=high - low, align="edge", color=color, alpha=0.25)
        counts.hlines(curve["n_clips"], low, high, color=color, linestyle=line, linewidth=1.3)

    def _label_axes(self, diagram, counts, title):
        what = "Probability of the class" if self.classwise else "Confidence"
        share = "Clips of the class" if self.classwise else "Accuracy"
        finish(counts, x=f"{what} (%)", y="Clips")
        finish(diagram, y=f"{share} (%)", title=title, loc="left")
        counts.set_ylim(bottom=0)
        diagram.set_ylim(-3, 103)
        diagram.set_xlim(-2, 102)
        diagram.grid(color="0.92", linewidth=0.8)


def _error(curve):
    gaps = (curve["accuracy"] - curve["confidence"]).abs()
    return float(np.average(gaps, weights=curve["n_clips"]))
