"""Figure: scores under several protocols, and the gap between them."""

from textwrap import fill

import numpy as np

from sk_ser._optional import import_optional
from sk_ser._text import with_interval
from sk_ser.inspection._style import (
    FONT_SIZE,
    PALETTE,
    SMALL,
    add_legend,
    draw_scores,
    make_axes,
    offsets,
    strip,
    whisker_title,
)


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
    def from_comparison(cls, comparison):
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

    def plot(self, ax=None, *, title=None):
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
        self.figure_, (self.ax_,) = make_axes(
            ax, (6.8, 1.7 + 0.42 * rows), purpose="GapDisplay.plot"
        )
        self._draw_scores()
        self._write_gaps()
        self.ax_.axvline(100 * self.chance, color="0.45", linestyle="--", linewidth=1, zorder=0)
        self._label(title)
        strip(self.ax_)
        return self

    def _draw_scores(self):
        for place, estimator in enumerate(self._estimators):
            uar = 100 * self.table.loc[self.table["estimator"] == estimator, "uar"]
            self.ax_.plot(uar, place + offsets(len(uar)), color="0.75", linewidth=3, zorder=1)
        places = np.arange(len(self._estimators))
        for number, (name, rows) in enumerate(self.table.groupby("protocol", sort=False)):
            rows = rows.set_index("estimator").loc[self._estimators]
            draw_scores(self.ax_, rows, number, len(self._protocols), places, name)

    def _write_gaps(self):
        to_the_right = self.ax_.get_yaxis_transform()
        several = len(self._protocols) > 2
        for row in self.gap.dropna(subset=["gap"]).itertuples():
            number = self._protocols.index(row.protocol)
            # the gap of two protocols belongs to both, and is written between them
            offset = offsets(len(self._protocols))[number] if several else 0
            self.ax_.text(
                1.02,
                self._estimators.index(row.estimator) + offset,
                with_interval(row.gap, row.gap_low, row.gap_high, spec="+.1f"),
                transform=to_the_right,
                va="center",
                fontsize=SMALL if several else FONT_SIZE,
                color=PALETTE[number % len(PALETTE)] if several else "black",
            )
        if len(self.gap):
            reference = f"\nfrom {self.gap['reference'].iloc[0]}" * several
            self._annotate(f"Gap in points{reference}", (1.02, 1), (0, 4), "bottom", FONT_SIZE)

    def _annotate(self, text, place, shift, va, fontsize, **options):
        options = {"xycoords": "axes fraction", "textcoords": "offset points"} | options
        self.ax_.annotate(text, place, shift, va=va, fontsize=fontsize, **options)

    def _label(self, title):
        ax = self.ax_
        names = [fill(name, 26) for name in self._estimators]
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.margins(x=0.06)
        ax.grid(axis="x", color="0.9", linewidth=0.8)
        ax.set_xlabel("Unweighted average recall, UAR (%)", fontsize=FONT_SIZE)
        place, system = (100 * self.chance, 1), ("data", "axes fraction")
        self._annotate("chance", place, (3, -2), "top", SMALL, xycoords=system, color="0.35")
        if title:
            # above the heading of the gaps
            pad = 32 if len(self._protocols) > 2 else 20
            ax.set_title(title, fontsize=FONT_SIZE + 1, loc="left", pad=pad)
        self._add_legend()

    def _add_legend(self):
        module = import_optional("matplotlib.transforms", extra="plot", purpose="GapDisplay.plot")
        # in points below the label of the axis, whatever the height of the axes
        below = module.ScaledTranslation(0, -34 / 72, self.figure_.dpi_scale_trans)
        add_legend(
            self.figure_,
            self.ax_,
            is_new=False,
            title=whisker_title(self.table, self.confidence_level),
            title_fontsize=SMALL,
            ncols=min(3, len(self._protocols)),
            loc="upper center",
            bbox_to_anchor=(0.5, 0),
            bbox_transform=self.ax_.transAxes + below,
            borderaxespad=0,
        )
