"""Who is served well, and who is not: UAR of each speaker, sex or sentence."""

import numpy as np

from sk_ser.inspection._style import FONT_SIZE, PALETTE, SMALL, make_axes, strip
from sk_ser.model_selection import group_results


class GroupDisplay:
    """UAR of each group of clips, the worst at the top.

    Make it with :meth:`from_comparison`.

    Parameters
    ----------
    table : DataFrame
        As :func:`~sk_ser.model_selection.group_results` makes it, the group in its first column.
    overall : float
        UAR of all clips, from 0 to 1.
    chance : float
        UAR of guessing, from 0 to 1.

    Attributes
    ----------
    ax_ : Axes
        What was drawn on, after :meth:`plot`.
    figure_ : Figure
        Its figure.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sk_ser.inspection import GroupDisplay
    >>> from sk_ser.model_selection import compare_protocols
    >>> emotions, speakers = ["angry", "calm", "calm"] * 20, list("abcdefghijkl") * 5
    >>> found = compare_protocols(
    ...     DummyClassifier(), [[0]] * 60, emotions, groups=speakers, random_state=0
    ... )
    >>> display = GroupDisplay.from_comparison(found, "DummyClassifier", "random")
    >>> display.plot().ax_.get_ylabel()
    'speaker'
    """

    def __init__(self, table, *, overall, chance):
        self.table = table
        self.overall = overall
        self.chance = chance

    @classmethod
    def from_comparison(cls, comparison, estimator, protocol, *, by="speaker"):
        """Score each group.

        Parameters
        ----------
        comparison : ProtocolComparison
            From :func:`~sk_ser.model_selection.compare_protocols`.
        estimator, protocol : str
            Names.
        by : "speaker" or array-like of shape (n_clips,), default="speaker"
            Group of each clip of X, such as ``corpus.frame["sex"]``.

        Returns
        -------
        GroupDisplay
            Not yet drawn.
        """
        table = group_results(comparison, estimator, protocol, by=by)
        overall = comparison.row(estimator, protocol)["uar"]
        return cls(table, overall=overall, chance=comparison.chance)

    def plot(self, ax=None, *, title=None):
        """Draw a dot for each group, with its interval over speakers where it has several.

        The solid line is the UAR of all clips, the dashed one guessing.

        Parameters
        ----------
        ax : Axes, default=None
            To draw on; by default on a new figure.
        title : str, default=None
            Above the dots.

        Returns
        -------
        GroupDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        table = self.table
        name, places = table.columns[0], np.arange(len(table))
        self.figure_, (self.ax_,) = make_axes(
            ax, (5.6, 1.2 + 0.2 * len(table)), purpose="GroupDisplay.plot"
        )
        self.ax_.axvline(100 * self.overall, color="0.6", linewidth=1, zorder=0)
        self.ax_.axvline(100 * self.chance, color="0.45", linestyle="--", linewidth=1, zorder=0)
        whiskers = 100 * np.abs(
            table[["uar_low", "uar_high"]].to_numpy().T - table["uar"].to_numpy()
        )
        self.ax_.errorbar(
            100 * table["uar"], places, xerr=whiskers, fmt="o", color=PALETTE[1], ms=4, capsize=2
        )
        labels = [f"{group} ({n})" for group, n in zip(table[name], table["n_clips"], strict=True)]
        self.ax_.set_yticks(places, labels, fontsize=SMALL)
        self.ax_.invert_yaxis()
        self.ax_.set_xlim(0, 100)
        self.ax_.set_xlabel(
            "Unweighted average recall, UAR (%); in parentheses: clips", fontsize=FONT_SIZE
        )
        self.ax_.set_ylabel(name, fontsize=FONT_SIZE)
        if title:
            self.ax_.set_title(title, fontsize=FONT_SIZE + 1)
        strip(self.ax_)
        return self
