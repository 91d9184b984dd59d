"""From file names to a table: what all corpus loaders have in common.

A corpus is a :class:`Grammar`: a name, and a function that reads one file's facts from
its path. Here the folder is walked, copies are set aside, what was left out is said, and
the rest becomes a :class:`sklearn.utils.Bunch`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd
from sklearn.utils import Bunch

from sk_ser.datasets._archive import open_folder
from sk_ser.datasets._files import is_audio, list_files
from sk_ser.datasets._report import describe_found, name_some, warn_user
from sk_ser.exceptions import CorpusError

#: Columns of every corpus's table, in this order; a corpus may add more behind them.
COLUMNS = (
    "path",
    "emotion",
    "speaker",
    "sex",
    "sentence",
    "intensity",
    "repetition",
    "corpus",
)

UNFIT = "the name does not fit the corpus's grammar"
COPY = (
    "copy of a file already read, which would leak from training to test; "
    'duplicates="keep" keeps it'
)


@dataclass(frozen=True)
class Grammar:
    """How one corpus names its files.

    Parameters
    ----------
    name : str
        Name of the corpus, as in the table's ``corpus`` column.
    parse : callable
        Takes a :class:`~pathlib.PurePosixPath` and returns the file's facts, or None
        where the name does not fit. The facts are the table's columns; names with a
        leading underscore do not enter it: ``_key``, equal for two copies of one
        recording, and optionally ``_rank``, lower for the copy to keep.
    pattern, example : str
        The grammar in words, and one name that fits, for error messages.
    descr : str
        What the corpus is, its licence, language, reference and quirks.
    leave_out : callable, optional
        Takes a file's facts and returns the reason to leave it out, or None.
    """

    name: str
    parse: Callable
    pattern: str
    example: str
    descr: str
    leave_out: Callable = lambda facts: None


def load_table(source, grammar, *, duplicates="drop", extract_to=None, return_X_y=False):
    """Load a corpus from a folder or a zip: the body of every ``load_<corpus>``.

    Parameters
    ----------
    source : path-like
        Folder, nested in any way, or ``.zip``.
    grammar : Grammar
    duplicates : {"drop", "keep"}
    extract_to : path-like, optional
    return_X_y : bool

    Returns
    -------
    bunch : Bunch, or (data, target)
    """
    folder = open_folder(source, extract_to=extract_to)
    bunch = read_table(folder, list_files(folder), grammar, duplicates=duplicates)
    return (bunch.data, bunch.target) if return_X_y else bunch


def read_table(folder, files, grammar, *, duplicates="drop"):
    """Read a corpus from some of a folder's files.

    Parameters
    ----------
    folder : Path
    files : list of PurePosixPath
        Relative to the folder, in the order that the rows shall have.
    grammar : Grammar
    duplicates : {"drop", "keep"}

    Returns
    -------
    bunch : Bunch

    Raises
    ------
    CorpusError
        No file fits the grammar, or all that fit are to be left out.
    """
    if duplicates not in ("drop", "keep"):
        raise ValueError(f'duplicates={duplicates!r}: it must be "drop" or "keep".')
    rows, skipped = _parse_all(folder, files, grammar)
    if not rows:
        raise CorpusError(_nothing_found(folder, files, grammar, skipped))
    if duplicates == "drop":
        rows, copies = _set_copies_aside(rows)
        skipped += copies
    rows = [_public(row) for row in rows]
    return make_bunch(folder, rows, skipped, name=grammar.name, descr=grammar.descr)


def _parse_all(folder, files, grammar):
    """Sort files into rows of the table and files left out, each with a reason."""
    rows, skipped = [], []
    for file in files:
        # The folder's own name is given to the grammar, so that a loader that is
        # pointed straight at a speaker's folder still learns the speaker.
        facts = grammar.parse(PurePosixPath(folder.name) / file) if is_audio(file) else None
        reason = _why_not(file, facts, grammar)
        if reason:
            skipped.append({"path": str(file), "reason": reason})
        elif facts:
            rows.append({"path": str(file), **facts})
    return rows, skipped


def _why_not(file, facts, grammar):
    """Reason to leave a file out; None for a row, and for what is no recording."""
    if facts is None:
        return UNFIT if is_audio(file) else None
    return grammar.leave_out(facts)


def _set_copies_aside(rows):
    """Keep one row of each recording: by rank, then the least nested, then the first.

    Copies go because a recording that sits in a training and in a test fold lets any
    model score by memory alone.
    """
    best = {}
    for row in sorted(rows, key=lambda row: (row.get("_rank", 0), row["path"].count("/"))):
        best.setdefault(row["_key"], row)
    copies = [
        {"path": row["path"], "reason": COPY, "copy_of": best[row["_key"]]["path"]}
        for row in rows
        if row is not best[row["_key"]]
    ]
    return [row for row in rows if row is best[row["_key"]]], copies


def _public(row):
    """Facts of a row that enter the table."""
    return {fact: value for fact, value in row.items() if not fact.startswith("_")}


def make_bunch(folder, rows, skipped, *, name, descr):
    """Make the Bunch of a corpus from its rows, and warn of what was left out.

    Parameters
    ----------
    folder : Path
        What the rows' paths are relative to.
    rows : list of dict
        ``path`` and ``emotion``, and whatever else is known.
    skipped : list of dict
        ``path`` and ``reason``, and ``copy_of`` for copies.
    name, descr : str

    Returns
    -------
    bunch : Bunch
        ``groups`` is None unless every row has a speaker.
    """
    left_out = pd.DataFrame(skipped, columns=["path", "reason", "copy_of"])
    left_out["path"] = _absolute(folder, left_out["path"])
    left_out["copy_of"] = _absolute(folder, left_out["copy_of"])
    if skipped:
        _warn_left_out(name, skipped, n_files=len(rows) + len(skipped))
    frame = pd.DataFrame([dict.fromkeys(COLUMNS) | row for row in rows])
    frame["path"] = _absolute(folder, frame["path"])
    # A manifest may say the corpus of each row itself.
    frame["corpus"] = [name if pd.isna(corpus) else corpus for corpus in frame["corpus"]]
    return bunch_of_frame(frame, left_out, name, descr)


def bunch_of_frame(frame, skipped, name, descr):
    """Make a Bunch whose arrays are columns of the frame.

    They are NumPy arrays of fixed-width text: those index in every splitter, and joblib
    hashes them by their content, as it does not hash arrays of Python strings.
    """
    speaker = frame["speaker"]
    return Bunch(
        data=frame["path"].to_numpy(dtype=str),
        target=frame["emotion"].to_numpy(dtype=str),
        groups=None if speaker.isna().any() else speaker.to_numpy(dtype=str),
        frame=frame,
        skipped=skipped,
        name=name,
        DESCR=descr,
    )


def _absolute(folder, paths):
    """Put the folder before relative paths; absolute and missing ones stay."""
    return [path if pd.isna(path) else str(folder / path) for path in paths]


def _warn_left_out(name, skipped, n_files):
    by_reason = pd.DataFrame(skipped).groupby("reason", sort=False)["path"]
    reasons = [f"{len(paths)} ({name_some(paths)}): {reason}" for reason, paths in by_reason]
    warn_user(
        f"{name}: {len(skipped)} of {n_files} recordings left out. "
        f"{'. '.join(reasons)}. All are listed in bunch.skipped."
    )


def _nothing_found(folder, files, grammar, skipped):
    excluded = [item for item in skipped if item["reason"] != UNFIT]
    if excluded:
        names, reason = [item["path"] for item in excluded], excluded[0]["reason"]
        return f"{folder}: all {len(names)} files of {grammar.name} are left out: {reason}."
    return (
        f"{folder}: no recording of {grammar.name}. Expected names such as "
        f"{grammar.example!r} ({grammar.pattern}), in folders nested in any way. "
        f"{describe_found(files)} find_corpora tells which corpora a folder holds, and "
        "load_corpus reads one of your own."
    )
