"""Scores with whiskers, one row for each estimator or group: what two figures share."""

import numpy as np

from sk_ser.inspection._style import FONT_SIZE, MARKERS, PALETTE, SMALL


def draw_scores(display, by, names):
    """Draw a row for each name, in it a dot with a whisker for each protocol, and chance.

    Parameters
    ----------
    display : GapDisplay or GroupResultsDisplay
        Has the axes ``ax_``, the ``chance``, and a ``table`` with ``protocol``, ``uar``,
        ``uar_low`` and ``uar_high``.
    by : str
        Column of the table that holds the names.
    names : list
        From the top to the bottom.
    """
    ax, table = display.ax_, display.table
    shifts = offsets(table["protocol"].nunique())
    for number, (protocol, rows) in enumerate(table.groupby("protocol", sort=False)):
        uar, low, high = (100 * rows[name] for name in ("uar", "uar_low", "uar_high"))
        # a percentile interval may not contain its score; no whisker then
        whiskers = [(uar - low).clip(lower=0), (high - uar).clip(lower=0)]
        heights = np.array([names.index(name) for name in rows[by]]) + shifts[number]
        dots = {"fmt": MARKERS[number % len(MARKERS)], "color": PALETTE[number % len(PALETTE)]}
        dots |= {"markersize": 5.5, "elinewidth": 1.2, "capsize": 2, "label": protocol}
        ax.errorbar(uar, heights, xerr=whiskers, **dots)
    line = {"color": "0.45", "linestyle": "--", "linewidth": 1, "zorder": 0}
    ax.axvline(100 * display.chance, **line, label="chance")
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(axis="x", color="0.9", linewidth=0.8)
    ax.set_xlabel("Unweighted average recall, UAR (%)", fontsize=FONT_SIZE)


def offsets(n_protocols):
    """Return by how much to shift the dots of each protocol, so that whiskers do not overlap."""
    return np.linspace(-0.16, 0.16, n_protocols) if n_protocols > 1 else np.zeros(1)


def whisker_title(display):
    """Return options of a legend whose title explains whiskers, if there are some."""
    level = f"Whiskers: {100 * display.confidence_level:g} % interval over speakers"
    has_some = display.table["uar_low"].notna().any()
    return {"title": level if has_some else None, "title_fontsize": SMALL}
