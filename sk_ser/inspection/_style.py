"""Colours, sizes and helpers that the figures share."""

from itertools import cycle

import numpy as np

from sk_ser._optional import import_optional

#: Okabe and Ito's colours, which can be distinguished with any colour vision. The first is for
#: the protocol with the higher scores.
PALETTE = (
    "#D55E00",
    "#0072B2",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#F0E442",
    "#7F7F7F",
)

#: Markers in the same order, to distinguish protocols in prints without colour.
MARKERS = "osD^vP*X"

#: Position in the palette of the colour that an emotion has in every figure.
_OF_EMOTIONS = {
    "anger": 0,
    "sadness": 1,
    "disgust": 2,
    "fear": 3,
    "happiness": 4,
    "surprise": 5,
    "calm": 6,
    "neutral": 7,
}

#: Font sizes in points, for figures that are printed about as wide as they are drawn.
FONT_SIZE = 9
SMALL = 8


def make_axes(ax, size, *, purpose, n_rows=1, n_columns=1, layout="constrained", **grid):
    """Return axes to draw on: the caller's, or those of a new figure.

    A new figure is made without pyplot, so no figure stays open and no backend is needed.
    ``display.figure_.savefig`` writes it.

    Parameters
    ----------
    ax : Axes, sequence of Axes, or None
        The caller's axes, `n_rows` times `n_columns` of them.
    size : (float, float)
        Width and height of a new figure, in inches.
    purpose : str
        Name of the caller, for errors.
    n_rows, n_columns : int, default=1
        Rows and columns of axes.
    layout : {"constrained", "compressed"}, default="constrained"
        Layout of a new figure; ``"compressed"`` for axes of fixed aspect.
    **grid
        Further arguments of ``Figure.subplots``.

    Returns
    -------
    figure : Figure
        Figure of the axes.
    axes : list of Axes
        Row by row.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If the number of axes is wrong.
    """
    module = import_optional("matplotlib.figure", extra="plot", purpose=purpose)
    if ax is None:
        figure = module.Figure(figsize=size, layout=layout)
        axes = figure.subplots(n_rows, n_columns, squeeze=False, **grid).ravel()
    else:
        axes = np.ravel(ax)
        figure = axes[0].figure
    needed = n_rows * n_columns
    if len(axes) != needed:
        raise ValueError(f"{purpose}: ax holds {len(axes)} axes, and {needed} are needed.")
    for each in axes:
        each.tick_params(labelsize=FONT_SIZE)
    return figure, list(axes)


def class_colours(classes):
    """Choose a colour for each class. An emotion has the same colour in every figure.

    Parameters
    ----------
    classes : sequence
        Labels. Beyond eight, colours repeat, so a figure should write names as well.

    Returns
    -------
    dict of str to str
        Colours as ``"#D55E00"`` by label.

    Examples
    --------
    >>> from sk_ser.inspection import class_colours
    >>> class_colours(["anger", "boredom"])
    {'anger': '#D55E00', 'boredom': '#0072B2'}
    >>> class_colours(["anger", "boredom", "sadness"])["boredom"]
    '#009E73'
    """
    names = [str(label) for label in classes]
    taken = {_OF_EMOTIONS[name] for name in names if name in _OF_EMOTIONS}
    free = cycle([n for n in range(len(PALETTE)) if n not in taken] or range(len(PALETTE)))
    places = {n: _OF_EMOTIONS[n] if n in _OF_EMOTIONS else next(free) for n in names}
    return {name: PALETTE[place] for name, place in places.items()}


def draw_scores(ax, rows, number, n_protocols, heights, label):
    """Draw a dot with a whisker for each row of a table of scores.

    Parameters
    ----------
    ax : Axes
    rows : DataFrame
        ``uar``, ``uar_low`` and ``uar_high``, from 0 to 1.
    number, n_protocols : int
        Position of the protocol among all, for its colour, marker and offset.
    heights : ndarray of shape (n_rows,)
        Positions on the vertical axis.
    label : str
        Entry of the legend.
    """
    uar, low, high = (100 * rows[name] for name in ("uar", "uar_low", "uar_high"))
    # a percentile interval may not contain its score; no whisker then
    whiskers = [(uar - low).clip(lower=0), (high - uar).clip(lower=0)]
    ax.errorbar(
        uar,
        heights + offsets(n_protocols)[number],
        xerr=whiskers,
        fmt=MARKERS[number % len(MARKERS)],
        color=PALETTE[number % len(PALETTE)],
        markersize=5.5,
        elinewidth=1.2,
        capsize=2,
        label=label,
    )


def offsets(n_protocols):
    """Return by how much to shift the dots of each protocol, so that whiskers do not overlap."""
    return np.linspace(-0.16, 0.16, n_protocols) if n_protocols > 1 else np.zeros(1)


def whisker_title(table, confidence_level):
    """Write the title of a legend that explains whiskers; None where there are none."""
    level = f"Whiskers: {100 * confidence_level:g} % interval over speakers"
    return level if table["uar_low"].notna().any() else None


def add_legend(figure, ax, *, is_new, n_columns=3, **options):
    """Put the legend of some axes below a new figure, or into axes that were given.

    Parameters
    ----------
    figure : Figure
    ax : Axes
        Holds what the legend lists.
    is_new : bool
        Whether the figure is new.
    n_columns : int, default=3
        Columns of a legend below a figure.
    **options
        Further arguments of ``legend``.
    """
    below = {"loc": "outside lower center", "ncols": n_columns} if is_new else {}
    options = {"fontsize": FONT_SIZE, "frameon": False} | below | options
    (figure if is_new else ax).legend(*ax.get_legend_handles_labels(), **options)


def strip(ax):
    """Hide the upper and right border of axes, and draw their grid below the data.

    Parameters
    ----------
    ax : Axes
    """
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
