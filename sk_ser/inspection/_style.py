"""Colours, sizes and helpers that the figures share."""

from collections.abc import Iterable
from itertools import cycle

import numpy as np

from sk_ser._optional import import_optional

#: Okabe and Ito's colours, which can be distinguished with any colour vision. The first is for
#: the protocol with the higher scores.
PALETTE = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#7F7F7F")

#: Markers in the same order, to distinguish protocols in prints without colour.
MARKERS = "osD^vP*X"

#: Emotions that have one colour in every figure, in the order of the palette.
_EMOTIONS = ("anger", "sadness", "disgust", "fear", "happiness", "surprise", "calm", "neutral")

#: Font sizes in points, for figures that are printed about as wide as they are drawn.
FONT_SIZE = 9
SMALL = 8


def make_axes(display, ax, size, *, n_rows=1, n_columns=1, layout="constrained", **grid):
    """Return axes to draw on: the caller's, or those of a new figure.

    A new figure is made without pyplot, so no figure stays open and no backend is needed.
    ``display.figure_.savefig`` writes it.

    Parameters
    ----------
    display : object
        Whose ``plot`` draws on them.
    ax : Axes, sequence of Axes, or None
        The caller's axes, `n_rows` times `n_columns` of them.
    size : (float, float)
        Width and height of a new figure, in inches.
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
    purpose = f"{type(display).__name__}.plot"
    module = import_optional("matplotlib.figure", extra="plot", purpose=purpose)
    if ax is None:
        figure = module.Figure(figsize=size, layout=layout)
        axes = figure.subplots(n_rows, n_columns, squeeze=False, **grid).ravel()
    else:
        axes = np.ravel(ax)
        figure = axes[0].figure
    wanted = n_rows * n_columns
    if len(axes) != wanted:
        raise ValueError(f"{purpose}: ax holds {len(axes)} axes, and {wanted} are needed.")
    for each in axes:
        each.tick_params(labelsize=FONT_SIZE)
    return figure, list(axes)


def class_colours(classes: Iterable) -> dict[str, str]:
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
    known = dict(zip(_EMOTIONS, PALETTE, strict=True))
    taken = {known.get(name) for name in names}
    free = cycle([colour for colour in PALETTE if colour not in taken] or PALETTE)
    return {name: known.get(name) or next(free) for name in names}


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


def finish(ax, *, x=None, y=None, title=None, **options):
    """Label axes, hide their upper and right border, and draw their grid below the data.

    Parameters
    ----------
    ax : Axes
    x, y, title : str or None, default=None
        Labels of the axes, and their title.
    **options
        Further arguments of ``set_title``.
    """
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    ax.set_xlabel(x or ax.get_xlabel(), fontsize=FONT_SIZE)
    ax.set_ylabel(y or ax.get_ylabel(), fontsize=FONT_SIZE)
    if title:
        ax.set_title(title, fontsize=FONT_SIZE + 1, **options)


def add_colour_bar(figure, image, label, **options):
    """Add a colour bar with its label.

    Parameters
    ----------
    figure : Figure
    image : AxesImage
        Has the colours.
    label : str
    **options
        Further arguments of ``colorbar``.
    """
    bar = figure.colorbar(image, pad=0.02, **options)
    bar.set_label(label, fontsize=FONT_SIZE)
    bar.ax.tick_params(labelsize=SMALL)
