"""Figure: scores of each group of clips."""

import numpy as np

from sk_ser.inspection._style import (
    FONT_SIZE,
    SMALL,
    add_legend,
    draw_scores,
    make_axes,
    strip,
    whisker_title,
)
from sk_ser.model_selection import group_results


class GroupResultsDisplay:
    """UAR of each group of clips under each protocol, the lowest marked.

    Make it with :meth:`from_comparison`.

    Parameters
    ----------
    table : DataFrame
        From :func:`~sk_ser.model_selection.group_results`, of one estimator.
    by : str
        Name of the groups.
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
            One row per clip, in the order of X.
        by : str, default="speaker"
            Column of `metadata`.
        estimator : str, default=None
            Name of the estimator to draw; the first by default.
        protocols : sequence of str, default=None
            Names; all by default. Groups are sorted by the last.

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
        """Draw a row of dots for each group, the lowest under the last protocol at the bottom.

        Whiskers are intervals over speakers; a group of one speaker has none. The dashed
        line is chance.

        Parameters
        ----------
        ax : Axes, default=None
            Axes to draw on; a new figure by default.
        title : str, default=None
            Title of the axes.

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
        for number, (name, rows) in enumerate(self.table.groupby("protocol", sort=False)):
            places = np.array([self._groups.index(group) for group in rows["group"]])
            draw_scores(self.ax_, rows, number, len(self._protocols), places, name)
        self.ax_.axvline(
            100 * self.chance, color="0.45", linestyle="--", linewidth=1, zorder=0, label="chance"
        )
        self._label(last, title)
        add_legend(
            self.figure_,
            self.ax_,
            is_new=ax is None,
            title=whisker_title(self.table, self.confidence_level),
            title_fontsize=SMALL,
        )
        strip(self.ax_)
        return self

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


def _name(group, by_group):
    """Write a group with its number of clips, and mark the one with the lowest score."""
    if group not in by_group.index:
        return str(group)
    row = by_group.loc[group]
    worst = ", worst" if row["worst"] else ""
    return f"{group} ({row['n_clips']} clips{worst})"
