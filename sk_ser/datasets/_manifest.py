"""Emotion and speaker from a table of the user's own."""

from pathlib import Path

import pandas as pd

from sk_ser.datasets._report import name_some
from sk_ser.exceptions import CorpusError

_SEPARATORS = {".csv": None, ".tsv": "\t", ".txt": "\t"}
#: Options of pandas: every cell as text, only an empty one as missing.
_AS_TEXT = {"dtype": str, "keep_default_na": False, "na_values": [""], "skipinitialspace": True}


def is_manifest(source):
    """Whether the suffix of a path is that of a table."""
    return Path(source).suffix.lower() in _SEPARATORS


def read_manifest(source):
    """Read a CSV or TSV, everything as text, so that speaker ``01`` stays ``01``.

    The separator of a CSV is the one that is more frequent in its header: a comma, or a
    semicolon, which spreadsheets write in many languages.
    """
    source = Path(source).expanduser()
    try:
        with open(source, encoding="utf-8-sig") as lines:
            header = lines.readline()
        separator = ";" if header.count(";") > header.count(",") else ","
        separator = _SEPARATORS[source.suffix.lower()] or separator
        return pd.read_csv(source, sep=separator, encoding="utf-8-sig", **_AS_TEXT)
    except FileNotFoundError as error:
        reason = f"no such file (looked from {Path.cwd()})"
        raise CorpusError(reason, path=source, remedy="Check the spelling.") from error
    except (OSError, ValueError) as error:
        reason, remedy = f"the manifest cannot be read ({error})", "Save it as CSV in UTF-8."
        raise CorpusError(reason, path=source, remedy=remedy) from error


def rows_of_manifest(frame, folder, columns=None, where="manifest"):
    """Read rows from a table, and set aside those whose recordings do not exist.

    Parameters
    ----------
    frame : DataFrame
    folder : Path
        Base of relative paths.
    columns : dict of str to str, default=None
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
        raise CorpusError("no rows below the header", path=where, remedy="Add one per recording.")
    if "speaker" in frame and frame["speaker"].isna().all():
        frame = frame.drop(columns="speaker")
    for column in frame.columns.intersection(["path", "emotion", "speaker"]):
        frame[column] = _filled(frame[column], where)
    rows, skipped, seen = [], [], {}
    for row in frame.to_dict("records"):
        if not (folder / row["path"]).is_file():
            # a manifest written on Windows has backslashes
            row["path"] = row["path"].replace("\\", "/")
        reason = _why_not(row, folder, seen, where)
        if reason:
            skipped.append({"path": row["path"], "reason": reason})
        else:
            rows.append(row)
    if not rows:
        raise CorpusError(
            f"none of its {len(skipped)} files exists: "
            f"{name_some(folder / item['path'] for item in skipped)}",
            path=where,
            remedy="Relative paths are relative to the manifest's folder, or to base= for a "
            "DataFrame.",
        )
    return rows, skipped


def _rename(frame, columns, where):
    own = {"path": "path", "emotion": "emotion"} | columns
    missing = [name for name in own.values() if name not in frame.columns]
    if missing:
        raise CorpusError(
            f"no column {name_some(missing)}; its columns are {list(frame.columns)}",
            path=where,
            remedy='Name yours with columns={"path": ..., "emotion": ..., "speaker": ...}.',
        )
    frame = frame.rename(columns={theirs: ours for ours, theirs in own.items()})
    if frame.columns.has_duplicates:
        twice = frame.columns[frame.columns.duplicated()]
        raise CorpusError(f"{name_some(twice)} would be the name of two columns", path=where)
    return frame.reset_index(drop=True)


def _filled(column, where):
    """Return a column as text without outer space; raise on an empty cell."""
    text = column.astype(object).where(column.notna(), "").map(lambda cell: str(cell).strip())
    empty = [str(row) for row, cell in enumerate(text, start=1) if cell == ""]
    if empty:
        raise CorpusError(
            f"{column.name} is empty in {len(empty)} rows ({name_some(empty)}, counted from 1 "
            "below the header)",
            path=where,
            remedy="Fill them in, or leave these rows out.",
        )
    return text


def _why_not(row, folder, seen, where):
    """Return the reason to leave a row out, or None; raise if a file has two emotions."""
    path, emotion = folder / row["path"], row["emotion"]
    if not path.is_file():
        return "no such file"
    if seen.get(path, emotion) != emotion:
        reason = f"{row['path']!r} is both {seen[path]!r} and {emotion!r}"
        raise CorpusError(reason, path=where, remedy="Keep one row for each recording.")
    if path in seen:
        return "named twice in the manifest"
    seen[path] = emotion
    return None
