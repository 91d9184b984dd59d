"""Figure: number of clips of each emotion, by speaker or corpus."""

from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sk_ser.inspection._style import FONT_SIZE, PALETTE, add_legend, finish, make_axes


class LabelDistributionDisplay:
    """Clips of each emotion, split by speaker or by corpus.

    Make it with :meth:`from_labels`.

    Parameters
    ----------
    counts : DataFrame of shape (n_labels, n_groups)
        Number of clips, labels down, groups across.
    group_name : str or None
        Name of a group, in the singular; None if clips are not split.

    Attributes
    ----------
    ax_ : Axes
        Axes of the figure, after :meth:`plot`.
    figure_ : Figure
        The figure.

    Examples
    --------
    >>> from sk_ser.inspection import LabelDistributionDisplay
    >>> display = LabelDistributionDisplay.from_labels(
    ...     ["angry", "calm", "calm"], groups=["EmoDB", "EmoDB", "RAVDESS"], group_name="corpus"
    ... )
    >>> display.counts.loc["calm"].to_dict()
    {'EmoDB': 1, 'RAVDESS': 1}
    >>> display.plot().ax_.get_xlabel()
    'Clips'
    """

    def __init__(self, counts, *, group_name=None):
        self.counts = counts
        self.group_name = group_name

    @classmethod
    def from_labels(
        cls, y: ArrayLike, groups: ArrayLike | None = None, *, group_name: str = "speaker"
    ) -> Self:
        """Count labels.

        Parameters
        ----------
        y : array-like of shape (n_clips,)
            Labels.
        groups : array-like of shape (n_clips,), default=None
            Speaker, corpus or other group of each clip.
        group_name : str, default="speaker"
            Name of a group, in the singular.

        Returns
        -------
        LabelDistributionDisplay
            Not yet drawn.

        Raises
        ------
        ValueError
            If there are no labels, some are missing, or lengths differ.
        """
        labels = _check_column(y, "y", "label")
        if groups is None:
            return cls(labels.value_counts().sort_index().to_frame("clips"))
        groups = _check_column(groups, "groups", "group")
        if len(groups) != len(labels):
            raise ValueError(
                f"y holds {len(labels)} labels and groups holds {len(groups)}. Pass one per clip."
            )
        return cls(pd.crosstab(labels, groups), group_name=group_name)

    def plot(self, ax: object = None, *, title: str | None = None) -> Self:
        """Draw a bar for each label, with the number of clips at its end.

        Up to eight groups have a colour each. More groups, such as 24 speakers, alternate between
        two shades: equal steps are equal numbers of clips.

        Parameters
        ----------
        ax : Axes, default=None
            Axes to draw on; a new figure by default.
        title : str, default=None
            Title of the axes.

        Returns
        -------
        LabelDistributionDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        size = (5.5, 1.1 + 0.34 * len(self.counts))
        self.figure_, (self.ax_,) = make_axes(self, ax, size)
        n_groups = self.counts.shape[1]
        few = 1 < n_groups <= len(PALETTE)
        # many groups have no legend, so two shades are enough
        colours = PALETTE if few else (PALETTE[1], PALETTE[5])
        left = np.zeros(len(self.counts))
        for number, (group, clips) in enumerate(self.counts.items()):
            # white edges separate equal shades, where a group between has no clips
            style = {"height": 0.72, "edgecolor": "white", "linewidth": 0.4}
            style |= {"color": colours[number % len(colours)], "label": str(group) if few else None}
            self.ax_.barh(range(len(clips)), clips, left=left, **style)
            left += clips.to_numpy()
        self._write(left, title)
        if few:
            options = {"title": self.group_name.capitalize(), "title_fontsize": FONT_SIZE}
            right = {"loc": "upper left", "bbox_to_anchor": (1, 1)}
            add_legend(self.figure_, self.ax_, is_new=False, **options, **right)
        return self

    def _write(self, totals, title):
        for place, total in enumerate(totals):
            style = {"textcoords": "offset points", "va": "center", "fontsize": FONT_SIZE}
            self.ax_.annotate(f"{total:.0f}", (total, place), (3, 0), **style)
        n_groups = self.counts.shape[1]
        by = f"; each step in shade is one {self.group_name} of {n_groups}"
        self.ax_.set_yticks(range(len(self.counts)), [str(label) for label in self.counts.index])
        self.ax_.invert_yaxis()
        self.ax_.margins(x=0.1)
        self.ax_.set_xlim(left=0)
        self.ax_.xaxis.get_major_locator().set_params(integer=True, nbins=6)
        finish(self.ax_, x="Clips" + by * (n_groups > len(PALETTE)), title=title)


def _check_column(values, name, kind):
    """Return values as a Series without missing ones."""
    column = pd.Series(np.asarray(values, dtype=object), name=kind)
    if column.empty:
        raise ValueError(f"{name}: there are no {kind}s to count.")
    if column.isna().any():
        raise ValueError(
            f"{name}: {column.isna().sum()} of {len(column)} {kind}s are missing. Leave them out."
        )
    return column
