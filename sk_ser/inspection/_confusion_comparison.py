"""Figure: confusion matrices under several protocols, side by side."""

from typing import Self

import numpy as np

from sk_ser._text import percent_of
from sk_ser.inspection._style import FONT_SIZE, SMALL, add_colour_bar, make_axes


class ConfusionComparisonDisplay:
    """Confusion matrices of one estimator under several protocols.

    Make it with :meth:`from_comparison`.

    Parameters
    ----------
    confusions : dict of str to DataFrame of shape (n_classes, n_classes)
        Number of clips by protocol: true labels down, predicted ones across.
    subtitles : dict of str to str
        Text above each matrix, below the name of the protocol.
    estimator : str
        Name.

    Attributes
    ----------
    ax_ : list of Axes
        Axes of the figure, after :meth:`plot`, one for each protocol.
    figure_ : Figure
        The figure.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sk_ser.inspection import ConfusionComparisonDisplay
    >>> from sk_ser.model_selection import compare_protocols
    >>> emotions, speakers = ["angry", "calm", "calm"] * 20, list("abcdefghijkl") * 5
    >>> found = compare_protocols(
    ...     DummyClassifier(), [[0]] * 60, emotions, groups=speakers, random_state=0
    ... )
    >>> display = ConfusionComparisonDisplay.from_comparison(found).plot()
    >>> print(display.ax_[0].get_title())
    random
    UAR 50.0 % [50.0, 50.0]
    """

    def __init__(self, confusions, *, subtitles, estimator):
        self.confusions = confusions
        self.subtitles = subtitles
        self.estimator = estimator

    @classmethod
    def from_comparison(
        cls, comparison: object, estimator: str | None = None, *, protocols: object = None
    ) -> Self:
        """Take the confusion matrices of an estimator.

        Parameters
        ----------
        comparison : ProtocolComparison
            From :func:`~sk_ser.model_selection.compare_protocols`.
        estimator : str, default=None
            Name; the first by default.
        protocols : sequence of str, default=None
            Names, left to right; all by default.

        Returns
        -------
        ConfusionComparisonDisplay
            Not yet drawn.

        Raises
        ------
        ValueError
            If there is no such estimator or protocol.
        """
        estimator = comparison.estimators[0] if estimator is None else estimator
        confusions, subtitles = {}, {}
        for protocol in comparison.protocols if protocols is None else protocols:
            row = comparison.row(estimator, protocol)
            confusions[protocol] = comparison.confusion(estimator, protocol)
            subtitles[protocol] = f"UAR {percent_of(row, unit=' %')}"
        return cls(confusions, subtitles=subtitles, estimator=estimator)

    def plot(self, ax: object = None, *, title: str | None = None, cmap: str = "Blues") -> Self:
        """Draw the matrices, in per cent of each true label, on one colour scale.

        The number of clips is written below. The row of a label without test clips has dashes.

        Parameters
        ----------
        ax : sequence of Axes, default=None
            Axes to draw on, one for each protocol; a new figure by default.
        title : str, default=None
            Title of the figure; the estimator's name by default on a new figure.
        cmap : str or Colormap, default="Blues"
            Colours from 0 % to 100 %.

        Returns
        -------
        ConfusionComparisonDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If the number of axes is not the number of protocols.
        """
        n_columns = len(self.confusions)
        labels = [str(label) for label in next(iter(self.confusions.values())).index]
        ticks = range(len(labels))
        side = max(2.2, 0.47 * len(labels))
        longest = max(map(len, labels))
        size = (n_columns * (side + 0.15) + 0.085 * longest + 1.2, side + 0.055 * longest + 1.1)
        grid = {"n_columns": n_columns, "layout": "compressed"}
        self.figure_, self.ax_ = make_axes(self, ax, size, **grid)
        for each, (protocol, counts) in zip(self.ax_, self.confusions.items(), strict=True):
            image = _draw(each, counts.to_numpy(), cmap)
            each.set_xticks(ticks, labels, rotation=45, ha="right", rotation_mode="anchor")
            each.set_yticks(ticks, labels if each is self.ax_[0] else [])
            each.set_xlabel("Predicted", fontsize=FONT_SIZE)
            each.set_title(f"{protocol}\n{self.subtitles[protocol]}", fontsize=FONT_SIZE)
        self.ax_[0].set_ylabel("True", fontsize=FONT_SIZE)
        label = "Clips of the true label (%)"
        add_colour_bar(self.figure_, image, label, ax=self.ax_, shrink=0.8)
        if title or ax is None:
            self.figure_.suptitle(title or self.estimator, fontsize=FONT_SIZE + 1)
        return self


def _draw(ax, counts, cmap):
    support = counts.sum(axis=1, keepdims=True)
    shares = np.full(counts.shape, np.nan)
    np.divide(100 * counts, support, out=shares, where=support > 0)
    image = ax.imshow(shares, cmap=cmap, vmin=0, vmax=100)
    for (row, column), count in np.ndenumerate(counts):
        share = shares[row, column]
        text = "–" if np.isnan(share) else f"{share:.0f}\n({count})"  # noqa: RUF001
        # dark on light, and light on dark
        red, green, blue, _ = image.cmap(image.norm(0 if np.isnan(share) else share))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.55
        style = {"fontsize": SMALL - 1, "linespacing": 0.95, "ha": "center", "va": "center"}
        ax.text(column, row, text, color="white" if dark else "black", **style)
    return image
