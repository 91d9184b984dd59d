"""Emotion and speaker from a table that the user wrote."""

from pathlib import Path

import pandas as pd

from sk_ser.datasets._report import name_some
from sk_ser.exceptions import CorpusError

MISSING = "no such file"
REPEATED = "named twice in the manifest"

_SEPARATORS = {".csv": None, ".tsv": "\t", ".txt": "\t"}


def is_manifest(source):
    """Tell whether a path is that of a table, by its suffix."""
    return Path(source).suffix.lower() in _SEPARATORS


def read_manifest(source):
    """Read a CSV or TSV, everything as text, so that speaker ``01`` stays ``01``.

    The separator of a CSV is told by its header: a semicolon, as spreadsheets write in
    many languages, or a comma.
    """
    source = Path(source).expanduser()
    try:
        separator = _SEPARATORS[source.suffix.lower()]
        if separator is None:
            with open(source, encoding="utf-8-sig") as lines:
                header = lines.readline()
            separator = ";" if header.count(";") > header.count(",") else ","
        return pd.read_csv(
            source,
            sep=separator,
            dtype=str,
            keep_default_na=False,
            na_values=[""],
            encoding="utf-8-sig",
            skipinitialspace=True,
        )
    except FileNotFoundError:
        raise CorpusError(
            f"{source}: no such file (looked from {Path.cwd()}). Check the spelling."
        ) from None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise CorpusError(
            f"{source}: the manifest cannot be read ({error}). Save it as CSV in UTF-8 with a "
            "header line."
        ) from error


def rows_of_manifest(frame, folder, columns=None, where="manifest"):
    """Read rows from a table, and set aside those whose recordings are not there.

    Parameters
    ----------
    frame : DataFrame
    folder : Path
        What relative paths are relative to.
    columns : dict of str to str, optional
        The table's own names for ``path``, ``emotion``, ``speaker`` and others.
    where : str
        Name of the table, for error messages.

    Returns
    -------
    rows, skipped : list of dict

    Raises
    ------
    CorpusError
        If a column is missing, a cell is empty, a file has two emotions, or no file
        exists.
    """
    frame = _rename(frame, columns or {}, where)
    if frame.empty:
        raise CorpusError(f"{where}: no rows below the header. Add one for each recording.")
    if "speaker" in frame and frame["speaker"].isna().all():
        frame = frame.drop(columns="speaker")
    for column in frame.columns.intersection(["path", "emotion", "speaker"]):
        frame[column] = _filled(frame[column], where)
    rows, skipped, seen = [], [], {}
    for row in frame.to_dict("records"):
        row["path"] = _slashed(row["path"], folder)
        reason = _why_not(row, folder, seen, where)
        if reason:
            skipped.append({"path": row["path"], "reason": reason})
        else:
            rows.append(row)
    if not rows:
        raise CorpusError(
            f"{where}: none of its {len(skipped)} files exists, as "
            f"{name_some(folder / item['path'] for item in skipped)}. Relative paths are relative "
            "to the manifest's folder (for a DataFrame, to base=)."
        )
    return rows, skipped


def _rename(frame, columns, where):
    own = {column: columns.get(column, column) for column in ("path", "emotion")} | columns
    missing = [name for name in own.values() if name not in frame.columns]
    if missing:
        raise CorpusError(
            f"{where}: no column {name_some(missing)}; its columns are {list(frame.columns)}. "
            'Name yours with columns={"path": ..., "emotion": ..., "speaker": ...}.'
        )
    frame = frame.rename(columns={theirs: ours for ours, theirs in own.items()})
    if frame.columns.has_duplicates:
        twice = frame.columns[frame.columns.duplicated()]
        raise CorpusError(f"{where}: {name_some(twice)} would be the name of two columns.")
    return frame.reset_index(drop=True)


def _filled(column, where):
    """Give a column as text without outer space, refusing empty cells."""
    text = column.astype(object).where(column.notna(), "").map(lambda cell: str(cell).strip())
    if (text == "").any():
        empty = [str(index + 1) for index in text.index[text == ""]]
        raise CorpusError(
            f"{where}: {column.name} is empty in {len(empty)} rows ({name_some(empty)}, counted "
            "from 1 below the header). Fill them in, or leave these rows out."
        )
    return text


def _slashed(path, folder):
    """Give a path with ``/``: a manifest written on Windows has backslashes."""
    return path if (folder / path).is_file() else path.replace("\\", "/")


def _why_not(row, folder, seen, where):
    """Reason to leave a row out, or None; two emotions for one file are an error."""
    path, emotion = str(folder / row["path"]), row["emotion"]
    if not Path(path).is_file():
        return MISSING
    if path in seen and seen[path] != emotion:
        raise CorpusError(
            f"{where}: {row['path']!r} is both {seen[path]!r} and {emotion!r}. Keep one row for "
            "each recording."
        )
    if path in seen:
        return REPEATED
    seen[path] = emotion
    return None
