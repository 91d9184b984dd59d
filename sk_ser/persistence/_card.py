"""A model card: what a model learnt from, how well it does on whom, and what it is not for [1]_.

References
----------
.. [1] M. Mitchell et al., "Model cards for model reporting", FAT* 2019.
"""

import os
from pathlib import Path

from sk_ser.persistence._document import to_html, to_markdown
from sk_ser.persistence._file import read_header
from sk_ser.persistence._header import plain

_INTENDED = [
    "Research on emotional speech.",
    "Ordering or pre-selecting recordings like those of the training data, of people who agreed "
    "to it, where a person listens before anything follows from it.",
]
_UNINTENDED = [
    "Decisions about people: hiring, admission, credit, insurance, policing, migration.",
    "Inferring emotions at work or in education, which Article 5(1)(f) of the EU's AI Act "
    "(Regulation 2024/1689) forbids except for medical or safety reasons.",
    "Diagnosis, or telling lies. A voice does not show what somebody feels: what was learnt "
    "is which of a few names listeners or directors gave to recordings.",
    "People who do not know that they are listened to.",
    "Languages, ages, microphones and rooms that the training data lack.",
]
_UNKNOWN = "Not stated."


def save_card(model, path):
    """Write a card of a model, as Markdown, or as HTML if the path ends in ``.html``.

    Parameters
    ----------
    model : str, Path or mapping
        A file of :func:`save`, of which the header alone is read, or a header.
    path : str or Path
        Where to.

    Returns
    -------
    Path

    Raises
    ------
    ModelFileError
        If the file is no model's.

    Notes
    -----
    ``intended_use`` and ``unintended_use`` of the header, text or lists of text, take the place
    of what the card says on its own. What the header does not hold, the card says is not stated.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.persistence import save_card
    >>> header = {"classes": ["anger", "sadness"], "sampling_rate": 16000}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = save_card(header, pathlib.Path(folder, "card.md")).read_text()
    >>> "## Not intended for" in text
    True
    """
    header = read_header(model) if isinstance(model, (str, os.PathLike)) else plain(dict(model))
    path = Path(path)
    write = to_html if path.suffix.lower() in (".html", ".htm") else to_markdown
    path.write_text(write(make_card(header)), encoding="utf-8")
    return path


def make_card(header):
    """Put a card together.

    Parameters
    ----------
    header : mapping
        As :func:`read_header` returns it.

    Returns
    -------
    list of tuple
        Blocks of a document: kind and content.
    """
    return [
        ("title", "Model card: speech emotion recognition"),
        *_about(header),
        ("heading", "Intended for"),
        ("list", _texts(header.get("intended_use")) or _INTENDED),
        ("heading", "Not intended for"),
        ("list", _texts(header.get("unintended_use")) or _UNINTENDED),
        ("heading", "Training data"),
        *_data(header.get("training")),
        ("heading", "How well it does"),
        *_scores(header.get("protocols")),
        *_extras(header),
    ]


def _about(header):
    rate = header.get("sampling_rate")
    versions = header.get("versions") or {}
    rows = [
        ["emotions", ", ".join(map(str, header.get("classes") or [])) or _UNKNOWN],
        ["sampling rate", f"{rate} Hz" if rate else _UNKNOWN],
        ["saved", str(header.get("created", _UNKNOWN))],
        ["made with", ", ".join(f"{k} {v}" for k, v in versions.items()) or _UNKNOWN],
        ["model", str((header.get("model") or {}).get("description", _UNKNOWN))],
    ]
    return [("table", ["", ""], rows)]


def _data(training):
    if not training:
        return [("text", _UNKNOWN)]
    speakers = training["n_speakers"]
    voices = "an unknown number of speakers" if speakers is None else f"{speakers} speakers"
    rows = [
        [corpus["name"], str(corpus["n_clips"]), corpus["licence"] or _UNKNOWN]
        for corpus in training["corpora"]
    ]
    emotions = ", ".join(f"{name} {n}" for name, n in training["emotions"].items())
    return [
        ("text", f"{training['n_clips']} clips of {voices}: {emotions}."),
        ("table", ["corpus", "clips", "licence of the recordings"], rows),
        ("text", f"SHA-256 over all recordings and labels: {training['sha256']}"),
    ]


def _scores(protocols):
    if not protocols:
        return [("text", f"{_UNKNOWN} Without a protocol, a score says nothing.")]
    level = f"{100 * protocols['confidence_level']:g}"
    blocks = [
        (
            "text",
            f"UAR (unweighted average recall) in %, with a {level} % interval over speakers; "
            f"chance is {100 * protocols['chance']:.1f} %. Each clip is scored by a model that "
            "was fitted without it, as the protocol says, and not by the one in the file.",
        ),
        (
            "table",
            ["protocol", "UAR", "accuracy", "speakers seen in training", "speakers", "clips"],
            [_score_row(name, row) for name, row in protocols["scores"].items()],
        ),
    ]
    blocks += [("text", _gap_text(gap)) for gap in protocols["gap"]]
    under = protocols["groups_under"]
    recalls = sorted(protocols["emotions"].items(), key=lambda item: item[1])
    rows = [[name, f"{100 * recall:.1f}"] for name, recall in recalls]
    blocks += [("heading", f"By emotion ({under})"), ("table", ["emotion", "recall in %"], rows)]
    for name, groups in protocols["groups"].items():
        blocks.append(("heading", f"By {name} ({under})"))
        rows = [
            [
                str(group["group"]),
                _percent(group, "uar"),
                str(group["n_classes"]),
                str(group["n_speakers"]),
                str(group["n_clips"]),
            ]
            for group in groups
        ]
        blocks.append(("table", [name, "UAR in %", "emotions", "speakers", "clips"], rows))
    if protocols["notes"]:
        blocks.append(("list", protocols["notes"]))
    return blocks


def _score_row(name, row):
    seen = row.get("seen")
    return [
        name,
        _percent(row, "uar"),
        _percent(row, "accuracy"),
        _UNKNOWN if seen is None else f"{100 * seen:.0f} %",
        str(row["n_speakers"]),
        str(row["n_clips"]),
    ]


def _gap_text(gap):
    interval = "" if gap["gap_low"] is None else f" [{gap['gap_low']:.1f}, {gap['gap_high']:.1f}]"
    return (
        f"The gap: {gap['reference']} lies {gap['gap']:+.1f}{interval} percentage points above "
        f"{gap['protocol']}."
    )


def _percent(row, score):
    value, low, high = (row.get(name) for name in (score, f"{score}_low", f"{score}_high"))
    if value is None:
        return _UNKNOWN
    interval = "" if low is None else f" [{100 * low:.1f}, {100 * high:.1f}]"
    return f"{100 * value:.1f}{interval}"


def _extras(header):
    blocks = []
    sets = header.get("prediction_set")
    if sets:
        text = ", ".join(f"{name} {value}" for name, value in sets.items())
        blocks += [("heading", "Prediction sets"), ("text", text)]
    limits = header.get("limits")
    if limits:
        pairs = limits.items() if hasattr(limits, "items") else None
        texts = [f"{k}: {v}" for k, v in pairs] if pairs is not None else _texts(limits)
        blocks += [("heading", "Limits"), ("list", texts)]
    return blocks


def _texts(value):
    if not value:
        return []
    return [value] if isinstance(value, str) else [str(text) for text in value]
