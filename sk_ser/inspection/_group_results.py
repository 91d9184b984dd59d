"""For whom a model works, group by group."""

import numpy as np

from sk_ser.inspection._style import FONT_SIZE, MARKERS, PALETTE, SMALL, make_axes, strip
from sk_ser.model_selection import group_results


class GroupResultsDisplay:
    """UAR of each group of clips under each protocol, the worst named.

    Make it with :meth:`from_comparison`.

    Parameters
    ----------
    table : DataFrame
        From :func:`~sk_ser.model_selection.group_results`, of one estimator.
    by : str
        What the groups are.
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
    >>> from sk_ser.inspection import GroupResultsDisplay
    >>> from sk_ser.model_selection import compare_protocols
    >>> emotions, speakers = ["angry", "calm", "calm"] * 20, list("abcdefghijkl") * 5
    >>> found = compare_protocols(
    ...     DummyClassifier(), [[0]] * 60, emotions, groups=speakers, random_state=0
    ... )
    >>> display = GroupResultsDisplay.from_comparison(found).plot()
    >>> len(display.ax_.get_yticklabels())
    12
    """

    def __init__(self, table, *, by, chance, confidence_level):
        self.table = table
        self.by = by
        self.chance = chance
        self.confidence_level = confidence_level

    @classmethod
    def from_comparison(
        cls, comparison, metadata=None, *, by="speaker", estimator=None, protocols=None
    ):
        """Score the groups of a comparison.

        Parameters
        ----------
        comparison : ProtocolComparison
            From :func:`~sk_ser.model_selection.compare_protocols`.
        metadata : DataFrame, default=None
            A row for each clip, in the order of X.
        by : str, default="speaker"
            Column of `metadata`.
        estimator : str, default=None
            Which to draw; by default the first.
        protocols : sequence of str, default=None
            Names; by default all. Groups are sorted by the last.

        Returns
        -------
        GroupResultsDisplay
            Not yet drawn.

        Raises
        ------
        ValueError
            If the estimator was not compared, or as of
            :func:`~sk_ser.model_selection.group_results`.
        """
        estimator = comparison.estimators[0] if estimator is None else estimator
        return cls(
            group_results(comparison, metadata, by=by, estimators=[estimator], protocols=protocols),
            by=by,
            chance=comparison.chance,
            confidence_level=comparison.settings["confidence_level"],
        )

    def plot(self, ax=None, *, title=None):
        """Draw a line of dots for each group, the worst under the last protocol at the bottom.

        Whiskers are intervals over speakers; a group of one speaker has none. The dashed
        line is guessing.

        Parameters
        ----------
        ax : Axes, default=None
            To draw on; by default on a new figure.
        title : str, default=None
            Above the dots.

        Returns
        -------
        GroupResultsDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        self._protocols = self.table["protocol"].unique().tolist()
        last = self.table[self.table["protocol"] == self._protocols[-1]]
        self._groups = last.sort_values("uar", ascending=False, kind="stable")["group"].tolist()
        self._groups += [name for name in self.table["group"].unique() if name not in self._groups]
        self.figure_, (self.ax_,) = make_axes(
            ax, (5.6, 1.5 + 0.24 * len(self._groups)), purpose="GroupResultsDisplay.plot"
        )
        for number, protocol in enumerate(self._protocols):
            self._draw(number, protocol)
        self.ax_.axvline(
            100 * self.chance, color="0.45", linestyle="--", linewidth=1, zorder=0, label="chance"
        )
        self._label(last, title)
        self._add_legend(self.ax_ if ax is not None else self.figure_)
        strip(self.ax_)
        return self

    def _draw(self, number, protocol):
        rows = self.table[self.table["protocol"] == protocol].set_index("group")
        rows = (
            100
            * rows.loc[[g for g in self._groups if g in rows.index], ["uar", "uar_low", "uar_high"]]
        )
        places = np.array([self._groups.index(name) for name in rows.index], dtype=float)
        if len(self._protocols) > 1:
            places += np.linspace(-0.16, 0.16, len(self._protocols))[number]
        whiskers = rows["uar"] - rows["uar_low"], rows["uar_high"] - rows["uar"]
        self.ax_.errorbar(
            rows["uar"],
            places,
            # A percentile interval can miss the score it is for; no whisker then.
            xerr=np.maximum(whiskers, 0),
            fmt=MARKERS[number % len(MARKERS)],
            color=PALETTE[number % len(PALETTE)],
            markersize=5,
            elinewidth=1.2,
            capsize=2,
            label=protocol,
        )

    def _label(self, last, title):
        ax = self.ax_
        by_group = last.set_index("group")
        names = [_name(group, by_group) for group in self._groups]
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.grid(axis="x", color="0.9", linewidth=0.8)
        ax.set_ylabel(str(self.by), fontsize=FONT_SIZE)
        ax.set_xlabel("Unweighted average recall, UAR (%)", fontsize=FONT_SIZE)
        if title:
            ax.set_title(title, fontsize=FONT_SIZE + 1, loc="left")

    def _add_legend(self, place):
        """Put the legend below a new figure, where it hides nothing, or into axes given."""
        below = {"loc": "outside lower center", "ncols": 3}
        level = f"Whiskers: {100 * self.confidence_level:g} % interval over speakers"
        place.legend(
            *self.ax_.get_legend_handles_labels(),
            title=level if self.table["uar_low"].notna().any() else None,
            title_fontsize=SMALL,
            fontsize=FONT_SIZE,
            frameon=False,
            **(below if place is self.figure_ else {}),
        )


def _name(group, by_group):
    """Name a group with its clips, and say if it is the worst."""
    if group not in by_group.index:
        return str(group)
    row = by_group.loc[group]
    worst = ", worst" if row["worst"] else ""
    return f"{group} ({row['n_clips']} clips{worst})"
