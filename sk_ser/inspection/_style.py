"""What the figures share: colours, sizes, and where a figure comes from."""

from itertools import cycle

import numpy as np

from sk_ser._optional import import_optional

#: Okabe and Ito's colours, told apart with any colour vision. The first is for
#: the protocol that flatters.
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

#: Markers in the same order: a print without colour tells protocols by them.
MARKERS = "osD^vP*X"

#: Which of them an emotion has, wherever it is drawn.
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

#: Points. A figure is drawn about as wide as it is printed, so they hold there.
FONT_SIZE = 9
SMALL = 8


def make_axes(ax, size, *, purpose, n_rows=1, n_columns=1, layout="constrained", **grid):
    """Find axes to draw on: the caller's, or those of a new figure.

    A new figure is made without pyplot, so nothing is left open behind it, and
    no window and no backend is asked for. ``display.figure_.savefig`` writes it.

    Parameters
    ----------
    ax : Axes, sequence of Axes, or None
        The caller's, as many as `n_rows` times `n_columns`.
    size : (float, float)
        Width and height of a new figure, in inches.
    purpose : str
        What is drawn, for the error when matplotlib is missing.
    n_rows, n_columns : int, default=1
        Axes one above the other, and side by side.
    layout : {"constrained", "compressed"}, default="constrained"
        How a new figure is laid out; ``"compressed"`` for axes of fixed aspect.
    **grid
        How they share a new figure, as ``Figure.subplots`` takes it.

    Returns
    -------
    figure : Figure
        The axes' figure.
    axes : list of Axes
        Row by row.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there are fewer or more axes than are needed.
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
    """Choose a colour for each class; an emotion has the same in every figure.

    Parameters
    ----------
    classes : sequence
        Labels. Beyond eight, colours come again: whoever draws them writes names, too.

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


def strip(ax):
    """Take away the lines that say nothing.

    Parameters
    ----------
    ax : Axes
        To be stripped of its upper and right border.
    """
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)


def percent(value, low, high):
    """Write a score of 0 to 1 in per cent, with its interval if it has one.

    Parameters
    ----------
    value, low, high : float
        From 0 to 1; NaN for no interval.

    Returns
    -------
    str
        As ``"61.2 % [57.0, 65.1]"``.
    """
    interval = "" if low != low else f" [{100 * low:.1f}, {100 * high:.1f}]"
    return f"{100 * value:.1f} %{interval}"
