"""Files that a command writes: checked before the work, and replaced only when they are whole."""

import os
import stat
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from sk_ser._text import spreadsheet_text

#: How existing files of each kind begin, so that no other file is replaced.
_BEGINNINGS = {
    "CSV": (b"path,",),
    "JSON lines": (b'{"path"',),
    "Parquet": (b"PAR1",),
    "a model card": (b"# Model card: speech emotion recognition",),
}


def check_output(out, kind, inputs=()):
    """Raise ValueError or OSError unless a file can be written, and nothing else is lost by it.

    Parameters
    ----------
    out : Path
        A device such as ``/dev/stdout`` passes.
    kind : {"CSV", "JSON lines", "Parquet", "a model", "a model card"}
        What will be written. An existing file must be of this kind, or empty.
    inputs : iterable of str or Path
        Files that the command reads.
    """
    from sk_ser.audio import AUDIO_SUFFIXES

    if out.suffix.lower() in AUDIO_SUFFIXES:
        raise ValueError(
            f"{out}: the output has the suffix of a recording. Name the output directly after -o."
        )
    for path in inputs:
        refuse_input(path, out)
    _check_folder(out.parent)
    try:
        mode = os.stat(out).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise ValueError(f"{out}: the output is a folder. Name a file in it.")
    if stat.S_ISREG(mode):
        if not os.access(out, os.W_OK):
            raise PermissionError(13, "the file must not be written", os.fspath(out))
        if os.path.getsize(out) and not _is_of(kind, out):
            raise ValueError(
                f"{out}: the file exists and is not {kind}. Choose another name, or remove it."
            )


def check_folder(out, inputs=()):
    """Raise ValueError or OSError unless results can be written into a folder.

    Parameters
    ----------
    out : Path
        It need not exist.
    inputs : iterable of str or Path
        Files and folders that the command reads.
    """
    for path in inputs:
        refuse_input(path, out)
    _check_folder(out)


def refuse_input(path, out):
    """Raise ValueError if a file that is read is the one to write."""
    try:
        same = os.path.samefile(path, out)
    except (OSError, ValueError):
        # one of them does not exist
        return
    if same:
        raise ValueError(f"{out}: the output is one of the inputs. Name another file after -o.")


@contextmanager
def open_output(out):
    """Open a file beside the one to write, and rename it in the end.

    What was written before an error or an interrupt is kept.

    Parameters
    ----------
    out : Path
        A link is followed; a device is written directly.

    Yields
    ------
    Path
        The file to open and write.
    """
    out = Path(os.path.realpath(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.exists() and not out.is_file():
        yield out
        return
    unfinished = out.with_name(f"{out.name}.part")
    finished = False
    try:
        yield unfinished
        finished = True
    finally:
        if unfinished.exists() and (finished or unfinished.stat().st_size):
            os.replace(unfinished, out)
        unfinished.unlink(missing_ok=True)


def open_text(path):
    """Open a text file as :func:`open_output` does, or stdout for None.

    Each `write` reaches the file at once. Bytes of file names that are not text are kept.
    """
    if path is None:
        sys.stdout.reconfigure(errors="surrogateescape", line_buffering=True)
        return nullcontext(sys.stdout)
    return _open_text(path)


@contextmanager
def _open_text(path):
    with (
        open_output(path) as unfinished,
        open(unfinished, "w", 1, encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        yield file


def for_spreadsheets(table, columns):
    """Put a quote before text in some columns of a table that a spreadsheet takes for a formula."""
    import pandas as pd

    # as objects, because file names need not be valid text
    columns = {
        name: pd.Series([spreadsheet_text(cell) for cell in table[name]], table.index, object)
        for name in columns
    }
    return table.assign(**columns)


def _check_folder(folder):
    """Check that files can be made in a folder, or it in the nearest folder that exists."""
    folder = Path(os.path.abspath(folder))
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(20, "not a folder", os.fspath(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(13, "no file can be written in this folder", os.fspath(folder))


def _is_of(kind, path):
    """Check whether the content of a file is of a kind."""
    if kind == "a model":
        try:
            with ZipFile(path) as archive:
                return {"header.json", "checksums.json"} <= set(archive.namelist())
        except (BadZipFile, OSError, ValueError):
            return False
    with open(path, "rb") as file:
        return file.read(64).startswith(_BEGINNINGS[kind])
