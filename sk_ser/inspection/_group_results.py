"""Figure: scores of each group of clips."""

from typing import Self

import pandas as pd

from sk_ser.inspection._scores import draw_scores, whisker_title
from sk_ser.inspection._style import add_legend, finish, make_axes
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
        cls,
        comparison: object,
        metadata: pd.DataFrame | None = None,
        *,
        by: object = "speaker",
        estimator: str | None = None,
        protocols: object = None,
    ) -> Self:
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

    def plot(self, ax: object = None, *, title: str | None = None) -> Self:
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
        last = self.table[self.table["protocol"] == self.table["protocol"].unique()[-1]]
        groups = last.sort_values("uar", ascending=False, kind="stable")["group"].tolist()
        groups += [name for name in self.table["group"].unique() if name not in groups]
        self.figure_, (self.ax_,) = make_axes(self, ax, (5.6, 1.5 + 0.24 * len(groups)))
        draw_scores(self, "group", groups)
        by_group = last.set_index("group")
        self.ax_.set_yticks(range(len(groups)), [_name(group, by_group) for group in groups])
        finish(self.ax_, y=str(self.by), title=title, loc="left")
        add_legend(self.figure_, self.ax_, is_new=ax is None, **whisker_title(self))
        return self


def _name(group, by_group):
    """Write a group with its number of clips, and mark the one with the lowest score."""
    if group not in by_group.index:
        return str(group)
    row = by_group.loc[group]
    worst = ", worst" if row["worst"] else ""
    return f"{group} ({row['n_clips']} clips{worst})"
