"""Tables with bars, emotions over time, waveform and spectrogram for the page.

Nothing is shown by colour alone. All text from files is escaped.
"""

import io
from html import escape

import numpy as np
import pandas as pd

from sk_ser._optional import import_optional
from sk_ser.app._facts import percent
from sk_ser.inspection import ClipDisplay, class_colours


def tiles_html(tiles):
    """Lay out scores side by side, or one below the other on a narrow screen.

    Parameters
    ----------
    tiles : list of (str, str, str)
        Name, value and explanation; the first is emphasised.

    Returns
    -------
    str
        HTML.
    """
    cells = "".join(_tile(*tile, is_first=n == 0) for n, tile in enumerate(tiles))
    return f'<dl style="display:flex;flex-wrap:wrap;gap:1rem;margin:0;padding:0">{cells}</dl>'


def _tile(name, value, note, *, is_first):
    colour, weight = ("#0072B2", 700) if is_first else ("#7F7F7F", 400)
    return (
        f'<div style="flex:1 1 9rem;border-left:4px solid {colour};padding:0 0 0 .75rem">'
        f'<dt style="margin:0;font-size:.875rem;font-weight:400">{escape(name)}</dt>'
        f'<dd style="margin:0;font-size:1.9rem;font-weight:{weight};line-height:1.25">'
        f'{_kept(value)}</dd><dd style="margin:0;font-size:.8rem;line-height:1.3">{_kept(note)}'
        "</dd></div>"
    )


def _kept(text):
    """Escape text, without a line break between a number and its sign."""
    return escape(text).replace(" %", "&nbsp;%")


def bars_html(proba, likely):
    """Make a table of classes with their confidence, the highest first.

    Parameters
    ----------
    proba : dict of str to float
        By class.
    likely : list of str or None
        Classes of the prediction set, which get a tick; None for no set.

    Returns
    -------
    str
        HTML.
    """
    colours = class_colours(proba)
    chosen = set(map(str, likely or ()))
    rows = "".join(
        _bar(name, share, colours[name], name in chosen)
        for name, share in sorted(proba.items(), key=lambda item: -item[1])
    )
    return (
        '<table style="width:100%;border-collapse:collapse;table-layout:auto">'
        '<thead><tr style="font-size:.8rem;text-align:left"><th scope="col">Emotion</th>'
        '<td></td><th scope="col" style="text-align:right">Confidence</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _bar(name, share, colour, chosen):
    mark = ' <span title="in the prediction set">✓</span>' if chosen else ""
    weight = f"font-weight:{700 if chosen else 400}"
    fill = f"background:{colour};box-shadow:inset 0 0 0 1px rgba(128,128,128,.8)"
    # the swatch, because the bar of an unlikely class is too short to show its colour
    return (
        f'<tr><th scope="row" style="text-align:left;{weight};padding:.2rem .75rem .2rem 0;'
        'white-space:nowrap"><span style="display:inline-block;width:.8rem;height:.8rem;'
        f'margin-right:.5rem;border-radius:3px;{fill}"></span>{escape(name)}{mark}</th>'
        '<td style="width:100%"><div style="background:rgba(128,128,128,.22);border-radius:4px">'
        f'<div style="width:{100 * share:.1f}%;min-width:2px;height:1.1rem;border-radius:4px;'
        f'{fill}"></div></div></td>'
        f'<td style="text-align:right;padding-left:.75rem;white-space:nowrap;{weight}">'
        f"{percent(share)}</td></tr>"
    )


def picture(clip, *, dark=False):
    """Draw a recording's waveform and spectrogram on a transparent background.

    Parameters
    ----------
    clip : Clip of shape (n_samples,)
        The recording.
    dark : bool, default=False
        Whether the page is dark.

    Returns
    -------
    bytes
        A PNG.
    """
    matplotlib = import_optional("matplotlib", extra="app", purpose="The picture of a recording")
    ink = "#FAFAFA" if dark else "#262730"
    parts = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
    with matplotlib.rc_context(dict.fromkeys(parts, ink) | {"axes.facecolor": "none"}):
        display = ClipDisplay.from_clip(clip).plot()
        # small, so that text is readable on a phone
        display.figure_.set_size_inches(5.4, 3.8)
        if dark:
            display.ax_[0].lines[0].set_color("#56B4E9")
        file = io.BytesIO()
        display.figure_.savefig(file, dpi=220, transparent=True)
    return file.getvalue()


def timeline(table, classes):
    """Chart the confidence of each class in each window.

    Each class has a labelled row; a higher confidence is more opaque.

    Parameters
    ----------
    table : DataFrame
        From :func:`~sk_ser.recognition.emotion_over_time`.
    classes : sequence of str
        The model's.

    Returns
    -------
    altair.Chart
    """
    alt = import_optional("altair", extra="app", purpose="The chart of emotions over time")
    classes, colours = list(classes), class_colours(classes)
    palette = alt.Scale(domain=classes, range=[colours[name] for name in classes])
    chart = (
        alt.Chart(_long(table, classes))
        .mark_rect()
        .encode(
            x=alt.X("start:Q", title="Time (s)", scale=alt.Scale(nice=False)),
            x2="end:Q",
            y=alt.Y(
                "emotion:N",
                title=None,
                scale=alt.Scale(domain=classes),
                axis=alt.Axis(labelOverlap=False, labelLimit=120),
            ),
            color=alt.Color("emotion:N", legend=None, scale=palette),
            opacity=alt.Opacity(
                "confidence:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[0, 1])
            ),
            tooltip=[
                alt.Tooltip("start:Q", title="from (s)", format=".1f"),
                alt.Tooltip("end:Q", title="to (s)", format=".1f"),
                alt.Tooltip("emotion:N"),
                alt.Tooltip("confidence:Q", format=".0%"),
            ],
        )
    )
    return chart.properties(height=alt.Step(28))


def _long(table, classes):
    """Make one row for each window and class."""
    if set(classes) <= set(table.columns):
        shares = table[classes]
    else:
        answers = pd.get_dummies(table["emotion"].astype(str), dtype=float)
        shares = answers.reindex(columns=classes, fill_value=0.0)
    starts, ends = _moments(table)
    rows = shares.assign(start=starts, end=ends)
    return rows.melt(["start", "end"], var_name="emotion", value_name="confidence").dropna()


def _moments(table):
    """Assign each moment to the window with the nearest middle, as windows overlap."""
    starts, ends = table["start"].to_numpy(), table["end"].to_numpy()
    middles = (starts + ends) / 2
    borders = np.r_[starts[0], (middles[:-1] + middles[1:]) / 2, ends[-1]]
    return borders[:-1], borders[1:]


def stretches(table):
    """Join consecutive windows with the same emotion.

    Parameters
    ----------
    table : DataFrame
        As for :func:`timeline`.

    Returns
    -------
    DataFrame
        ``start``, ``end`` in seconds and ``emotion``, ``"silence"`` where there is an error.
    """
    names = table["emotion"].where(table["error"].isna(), "silence").astype(str)
    starts, ends = _moments(table)
    run = (names != names.shift()).cumsum()
    found = pd.DataFrame({"start": starts, "end": ends, "emotion": names}).groupby(run.to_numpy())
    return found.agg({"start": "first", "end": "last", "emotion": "first"}).reset_index(drop=True)
