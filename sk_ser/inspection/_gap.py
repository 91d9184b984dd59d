"""How far each model is flattered by a protocol that leaks."""

from textwrap import fill

import numpy as np

from sk_ser._optional import import_optional
from sk_ser.inspection._style import FONT_SIZE, MARKERS, PALETTE, SMALL, make_axes, strip


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
        UAR of guessing, from 0 to 1.
    confidence_level : float
        Of the intervals.

    Attributes
    ----------
    ax_ : Axes
        What was drawn on, after :meth:`plot`.
    figure_ : Figure
        Its figure.

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
        """Draw a line of dots for each estimator, and write the gap beside it.

        Whiskers are intervals over speakers; where there are none, dots have
        none either. The dashed line is guessing.

        Parameters
        ----------
        ax : Axes, default=None
            To draw on; by default on a new figure. Gaps are written to the
            right of it.
        title : str, default=None
            Above the dots.

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

    def _heights(self, place):
        """Heights of the protocols' dots, spread a little lest whiskers hide each other."""
        spread = np.linspace(-0.16, 0.16, len(self._protocols)) if self._protocols[1:] else [0.0]
        return place + np.asarray(spread)

    def _draw_scores(self):
        by_name = self.table.set_index(["estimator", "protocol"])
        by_name = 100 * by_name[["uar", "uar_low", "uar_high"]]
        for place, estimator in enumerate(self._estimators):
            scores = by_name.loc[estimator].loc[self._protocols]
            self.ax_.plot(scores["uar"], self._heights(place), color="0.75", linewidth=3, zorder=1)
        for number, protocol in enumerate(self._protocols):
            scores = by_name.xs(protocol, level="protocol").loc[self._estimators]
            heights = [self._heights(place)[number] for place in range(len(scores))]
            whiskers = scores["uar"] - scores["uar_low"], scores["uar_high"] - scores["uar"]
            self.ax_.errorbar(
                scores["uar"],
                heights,
                # A percentile interval can miss the score it is for; no whisker then.
                xerr=np.maximum(whiskers, 0),
                fmt=MARKERS[number % len(MARKERS)],
                color=PALETTE[number % len(PALETTE)],
                markersize=6,
                elinewidth=1.3,
                capsize=2.5,
                label=protocol,
            )

    def _write_gaps(self):
        to_the_right = self.ax_.get_yaxis_transform()
        for row in self.gap.dropna(subset=["gap"]).itertuples():
            number = self._protocols.index(row.protocol)
            place = self._estimators.index(row.estimator)
            # Two protocols have one gap, which belongs to both.
            height = place if len(self._protocols) == 2 else self._heights(place)[number]
            text = f"{row.gap:+.1f}"
            if not np.isnan(row.gap_low):
                text += f" [{row.gap_low:+.1f}, {row.gap_high:+.1f}]"
            self.ax_.text(
                1.02,
                height,
                text,
                transform=to_the_right,
                va="center",
                fontsize=SMALL if len(self._protocols) > 2 else FONT_SIZE,
                color="black" if len(self._protocols) == 2 else PALETTE[number % len(PALETTE)],
            )
        if len(self.gap):
            several = f"\nfrom {self.gap['reference'].iloc[0]}" * (len(self._protocols) > 2)
            self.ax_.annotate(
                f"Gap in points{several}",
                (1.02, 1),
                xycoords="axes fraction",
                xytext=(0, 4),
                textcoords="offset points",
                va="bottom",
                fontsize=FONT_SIZE,
            )

    def _label(self, title):
        ax = self.ax_
        names = [fill(name, 26) for name in self._estimators]
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.margins(x=0.06)
        ax.grid(axis="x", color="0.9", linewidth=0.8)
        ax.set_xlabel("Unweighted average recall, UAR (%)", fontsize=FONT_SIZE)
        ax.annotate(
            "chance",
            (100 * self.chance, 1),
            xycoords=("data", "axes fraction"),
            xytext=(3, -2),
            textcoords="offset points",
            va="top",
            fontsize=SMALL,
            color="0.35",
        )
        if title:
            # Clear of what stands above the gaps, which a long title would meet.
            pad = 32 if len(self._protocols) > 2 else 20
            ax.set_title(title, fontsize=FONT_SIZE + 1, loc="left", pad=pad)
        self._add_legend()

    def _add_legend(self):
        module = import_optional("matplotlib.transforms", extra="plot", purpose="GapDisplay.plot")
        # Below the axis' label, by points: a fraction of the axes would grow with their rows.
        below = module.ScaledTranslation(0, -34 / 72, self.figure_.dpi_scale_trans)
        level = f"Whiskers: {100 * self.confidence_level:g} % interval over speakers"
        self.ax_.legend(
            title=level if self.table["uar_low"].notna().any() else None,
            title_fontsize=SMALL,
            fontsize=FONT_SIZE,
            frameon=False,
            ncols=min(3, len(self._protocols)),
            loc="upper center",
            bbox_to_anchor=(0.5, 0),
            bbox_transform=self.ax_.transAxes + below,
            borderaxespad=0,
        )
