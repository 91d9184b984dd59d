"""Figure: scores under several protocols, and the gap between them."""

from textwrap import fill
from typing import Self

from sk_ser._optional import import_optional
from sk_ser._text import with_interval
from sk_ser.inspection._scores import draw_scores, offsets, whisker_title
from sk_ser.inspection._style import FONT_SIZE, PALETTE, SMALL, add_legend, finish, make_axes


class GapDisplay:
    """UAR of each estimator under each protocol, and the gap between them.

    Make it with :meth:`from_comparison`.

    Parameters
    ----------
    table : DataFrame
        ``estimator``, ``protocol``, ``uar``, ``uar_low``, ``uar_high``, from 0 to 1.
    gap : DataFrame
        ``estimator``, ``protocol``, ``gap``, ``gap_low``, ``gap_high``, in
        percentage points.
    chance : float
        UAR of chance, from 0 to 1.
    confidence_level : float
        Of the intervals.

    Attributes
    ----------
    ax_ : Axes
        Axes of the figure, after :meth:`plot`.
    figure_ : Figure
        The figure.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sk_ser.inspection import GapDisplay
    >>> from sk_ser.model_selection import compare_protocols
    >>> emotions, speakers = ["angry", "calm", "calm"] * 20, list("abcdefghijkl") * 5
    >>> found = compare_protocols(
    ...     DummyClassifier(), [[0]] * 60, emotions, groups=speakers, random_state=0
    ... )
    >>> GapDisplay.from_comparison(found).plot().ax_.get_xlabel()
    'Unweighted average recall, UAR (%)'
    """

    def __init__(self, table, gap, *, chance, confidence_level):
        self.table = table
        self.gap = gap
        self.chance = chance
        self.confidence_level = confidence_level

    @classmethod
    def from_comparison(cls, comparison: object) -> Self:
        """Take the scores and gaps of a comparison.

        Parameters
        ----------
        comparison : ProtocolComparison
            From :func:`~sk_ser.model_selection.compare_protocols`.

        Returns
        -------
        GapDisplay
            Not yet drawn.
        """
        return cls(
            comparison.table,
            comparison.gap,
            chance=comparison.chance,
            confidence_level=comparison.settings["confidence_level"],
        )

    def plot(self, ax: object = None, *, title: str | None = None) -> Self:
        """Draw a row of dots for each estimator, and write the gap beside it.

        Whiskers are intervals over speakers, where there are some. The dashed line is chance.

        Parameters
        ----------
        ax : Axes, default=None
            Axes to draw on; a new figure by default. Gaps are written to the right of it.
        title : str, default=None
            Title of the axes.

        Returns
        -------
        GapDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        self._estimators = self.table["estimator"].unique().tolist()
        self._protocols = self.table["protocol"].unique().tolist()
        rows = len(self._estimators) * max(1, 0.5 * len(self._protocols))
        self.figure_, (self.ax_,) = make_axes(self, ax, (6.8, 1.7 + 0.42 * rows))
        for place, estimator in enumerate(self._estimators):
            uar = 100 * self.table.loc[self.table["estimator"] == estimator, "uar"]
            self.ax_.plot(uar, place + offsets(len(uar)), color="0.75", linewidth=3, zorder=1)
        draw_scores(self, "estimator", self._estimators)
        self._write_gaps()
        names = [fill(name, 26) for name in self._estimators]
        self.ax_.set_yticks(range(len(names)), names)
        self.ax_.margins(x=0.06)
        # above the heading of the gaps
        pad = 32 if len(self._protocols) > 2 else 20
        finish(self.ax_, title=title, loc="left", pad=pad)
        self._add_legend()
        return self

    def _write_gaps(self):
        several = len(self._protocols) > 2
        style = {"transform": self.ax_.get_yaxis_transform(), "va": "center"}
        style["fontsize"] = SMALL if several else FONT_SIZE
        for row in self.gap.dropna(subset=["gap"]).itertuples():
            number = self._protocols.index(row.protocol)
            # the gap of two protocols belongs to both, and is written between them
            offset = offsets(len(self._protocols))[number] if several else 0
            height = self._estimators.index(row.estimator) + offset
            text = with_interval(row.gap, row.gap_low, row.gap_high, spec="+.1f")
            colour = PALETTE[number % len(PALETTE)] if several else "black"
            self.ax_.text(1.02, height, text, color=colour, **style)
        if len(self.gap):
            reference = f"\nfrom {self.gap['reference'].iloc[0]}" * several
            options = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom"}
            heading = f"Gap in points{reference}"
            self.ax_.annotate(heading, (1.02, 1), (0, 4), fontsize=FONT_SIZE, **options)

    def _add_legend(self):
        module = import_optional("matplotlib.transforms", extra="plot", purpose="GapDisplay.plot")
        # in points below the label of the axis, whatever the height of the axes
        below = module.ScaledTranslation(0, -34 / 72, self.figure_.dpi_scale_trans)
        place = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "borderaxespad": 0}
        place |= {"bbox_transform": self.ax_.transAxes + below, "ncols": 3}
        add_legend(self.figure_, self.ax_, is_new=False, **place, **whisker_title(self))
