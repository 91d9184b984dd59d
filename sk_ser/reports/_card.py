"""A model card: the training data of a model, its scores by group, and its intended use [1]_.

References
----------
.. [1] M. Mitchell et al., "Model cards for model reporting", FAT* 2019.
"""

import os
from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path

from sk_ser._text import percent_of, with_interval
from sk_ser.persistence import read_header
from sk_ser.reports._document import to_html, to_markdown

_INTENDED = [
    "Research on emotional speech.",
    "Sorting or pre-selecting recordings that resemble the training data, made of people who "
    "agreed to it, and reviewed by a person before any consequence.",
]
_UNINTENDED = [
    "Decisions about people: hiring, admission, credit, insurance, policing, migration.",
    "Inferring emotions at work or in education, which Article 5(1)(f) of the EU's AI Act "
    "(Regulation 2024/1689) forbids except for medical or safety reasons.",
    "Diagnosis, or lie detection. A voice does not show what a person feels: the model has learnt "
    "which of a few labels listeners or directors gave to recordings.",
    "People who do not know that they are recorded.",
    "Languages, ages, microphones and rooms that are not in the training data.",
]
_UNKNOWN = "Not stated."


def save_card(model: str | Path | Mapping, path: str | Path) -> Path:
    """Write the card of a model, as Markdown, or as HTML if the path ends in ``.html``.

    Parameters
    ----------
    model : str, Path or mapping
        A file of :func:`~sk_ser.persistence.save`, of which only the header is read, or a
        header.
    path : str or Path
        File to write.

    Returns
    -------
    Path

    Raises
    ------
    ModelFileError
        If the file is not a model file.

    Notes
    -----
    ``intended_use`` and ``unintended_use`` of the header, text or lists of text, replace the
    default statements of the card. The card says "Not stated" where the header has no entry.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.reports import save_card
    >>> header = {"classes": ["anger", "sadness"], "sampling_rate": 16000}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = save_card(header, pathlib.Path(folder, "card.md")).read_text()
    >>> "## Not intended for" in text
    True
    """
    header = read_header(model) if isinstance(model, (str, os.PathLike)) else dict(model)
    path = Path(path)
    write = to_html if path.suffix.lower() in (".html", ".htm") else to_markdown
    path.write_text(write(_make_card(header)), encoding="utf-8")
    return path


def _make_card(header):
    """Make the blocks of a card."""
    return [
        ("title", "Model card: speech emotion recognition"),
        *_about(header),
        ("heading", "Intended for"),
        ("list", _texts(header.get("intended_use")) or _INTENDED),
        ("heading", "Not intended for"),
        ("list", _texts(header.get("unintended_use")) or _UNINTENDED),
        ("heading", "Training data"),
        *_data(header.get("training")),
        ("heading", "Scores"),
        *_scores(header.get("protocols")),
        *_extras(header),
    ]


def _about(header):
    rate = header.get("sampling_rate")
    versions = header.get("versions") or {}
    rows = [
        ["emotions", ", ".join(map(str, header.get("classes") or [])) or _UNKNOWN],
        ["sampling rate", f"{rate} Hz" if rate else _UNKNOWN],
        ["saved", header.get("created", _UNKNOWN)],
        ["made with", ", ".join(f"{k} {v}" for k, v in versions.items()) or _UNKNOWN],
        ["model", (header.get("model") or {}).get("description", _UNKNOWN)],
    ]
    return [("table", ["", ""], rows)]


def _data(training):
    if not training:
        return [("text", _UNKNOWN)]
    n_speakers = training["n_speakers"]
    speakers = "an unknown number of speakers" if n_speakers is None else f"{n_speakers} speakers"
    rows = [[c["name"], c["n_clips"], c["licence"] or _UNKNOWN] for c in training["corpora"]]
    emotions = ", ".join(f"{name} {n}" for name, n in training["emotions"].items())
    return [
        ("text", f"{training['n_clips']} clips of {speakers}: {emotions}."),
        ("table", ["corpus", "clips", "licence of the recordings"], rows),
        *_left_out(training),
        ("text", f"SHA-256 over all recordings and labels: {training['sha256']}"),
    ]


def _left_out(training):
    """Count the recordings that were left out."""
    counts = training.get("left_out")
    if not isinstance(counts, dict) or not counts:
        return []
    return [("text", f"Left out: {', '.join(f'{n} {kind}' for kind, n in counts.items())}.")]


def _scores(protocols):
    if not protocols:
        return [("text", f"{_UNKNOWN} A score without its protocol cannot be interpreted.")]
    level = f"{100 * protocols['confidence_level']:g}"
    text = (
        f"UAR (unweighted average recall) in %, with a {level} % interval over speakers. Chance is "
        f"{100 * protocols['chance']:.1f} %. Each clip is scored by a model that was fitted "
        "without it, as the protocol says, and not by the model in the file."
    )
    header = ["protocol", "UAR", "accuracy", "speakers seen in training", "speakers", "clips"]
    rows = [_score_row(name, row) for name, row in protocols["scores"].items()]
    blocks = [("text", text), ("table", header, rows)]
    blocks += [("text", _gap_text(gap)) for gap in protocols["gap"]]
    blocks += _groups(protocols)
    return [*blocks, ("list", protocols["notes"])] if protocols["notes"] else blocks


def _groups(protocols):
    """Show the recall of each emotion and the UAR of each group, the lowest first."""
    under = protocols["groups_under"]
    recalls = sorted(protocols["emotions"].items(), key=lambda item: item[1])
    rows = [[name, f"{100 * recall:.1f}"] for name, recall in recalls]
    blocks = [("heading", f"By emotion ({under})"), ("table", ["emotion", "recall in %"], rows)]
    counted = itemgetter("n_classes", "n_speakers", "n_clips")
    for name, groups in protocols["groups"].items():
        rows = [[group["group"], percent_of(group), *counted(group)] for group in groups]
        header = [name, "UAR in %", "emotions", "speakers", "clips"]
        blocks += [("heading", f"By {name} ({under})"), ("table", header, rows)]
    return blocks


def _score_row(name, row):
    scores = [_UNKNOWN if row.get(s) is None else percent_of(row, s) for s in ("uar", "accuracy")]
    seen = row.get("seen")
    share = _UNKNOWN if seen is None else f"{100 * seen:.0f} %"
    return [name, *scores, share, row["n_speakers"], row["n_clips"]]


def _gap_text(gap):
    points = with_interval(gap["gap"], gap["gap_low"], gap["gap_high"], spec="+.1f")
    return f"Gap: {gap['reference']} is {points} percentage points above {gap['protocol']}."


def _extras(header):
    sets, limits = header.get("prediction_set"), _texts(header.get("limits"))
    blocks = [("heading", "Limits"), ("list", limits)] if limits else []
    if sets:
        text = ", ".join(f"{name} {value}" for name, value in sets.items())
        blocks = [("heading", "Prediction sets"), ("text", text), *blocks]
    return blocks


def _texts(value):
    """Return the entries of a text, a list of texts, or a mapping."""
    if isinstance(value, Mapping):
        return [f"{name}: {entry}" for name, entry in value.items()]
    return [value] if value and isinstance(value, str) else list(map(str, value or ()))
