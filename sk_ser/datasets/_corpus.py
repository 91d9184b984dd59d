"""A corpus of the user's own: a folder for each emotion, or a manifest."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from sklearn.utils import Bunch

from sk_ser._speakers import find_speaker_fault
from sk_ser.datasets._archive import open_folder, plain
from sk_ser.datasets._files import is_audio, list_files
from sk_ser.datasets._labels import normalise
from sk_ser.datasets._layout import rows_of_folder
from sk_ser.datasets._manifest import is_manifest, read_manifest, rows_of_manifest
from sk_ser.datasets._report import describe_found, name_some, warn_user
from sk_ser.datasets._table import make_bunch
from sk_ser.exceptions import CorpusError

_NO_SPEAKERS = (
    "No speakers are known, so groups is None and no split can keep a speaker out of the training "
    "set: scores may be optimistic. Give the speakers with speaker=, a regular expression or a "
    "function of the path, or in a manifest's column speaker."
)


def load_corpus(
    source: str | Path | pd.DataFrame,
    *,
    layout: str = "auto",
    columns: dict[str, str] | None = None,
    speaker: str | Callable | None = None,
    name: str | None = None,
    base: str | Path | None = None,
    extract_to: str | Path | None = None,
    return_X_y: bool = False,
) -> Bunch | tuple:
    """Load a corpus of your own from folders, a zip or a manifest.

    Parameters
    ----------
    source : path-like or DataFrame
        A folder or ``.zip`` with recordings in a folder per emotion, with or without
        a folder per speaker above or below it; a manifest (``.csv``, ``.tsv``); or a
        DataFrame. A manifest has the columns ``path`` and ``emotion``, may have
        ``speaker``, and keeps any others. All cells of a CSV are read as text.
    layout : {"auto", "emotion", "speaker/emotion", "emotion/speaker"}, default="auto"
        Meaning of the folders. "auto" takes the level that holds known names of
        emotions, and fails if neither or both do. An outer folder that all
        recordings share is no speaker, unless the layout has a level for it.
    columns : dict of str to str, default=None
        The manifest's own column names, such as ``{"path": "file", "emotion": "label"}``.
    speaker : str or callable, default=None
        How to find the speaker in the path, which is as in the manifest or relative to the
        folder, with ``/``. A regular expression that is searched for, whose group
        ``speaker``, or first group, or whole match is the speaker; or a function from
        the path to the speaker. It takes precedence over folders and columns.
    name : str, default=None
        Name of the corpus. None: that of the folder or file, or "corpus".
    base : path-like, default=None
        Base of a manifest's relative paths. None: its own folder, or the current folder for a
        DataFrame.
    extract_to : path-like, default=None
        Where a zip is extracted. None: beside it.
    return_X_y : bool, default=False
        Return ``(data, target)`` alone.

    Returns
    -------
    bunch : Bunch
        As of :func:`load`. Emotions keep their spelling, or of several that differ in case or
        spaces the most frequent one; :func:`concat_corpora` harmonises them. ``groups`` is None
        if no speakers are known.

    Raises
    ------
    CorpusError
        If the source cannot be read, a column is missing or incomplete, the folders
        are ambiguous, ``speaker`` finds none in a path, or the names of speakers are those of
        parts of a data set (train, test), of groups of people, or two spellings of one.

    Warns
    -----
    CorpusWarning
        If no speakers are known, files of the manifest are missing, or labels differ
        only in case or spaces.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import load_corpus
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for path in ("Angry/kim_1.wav", "Sad/lee_1.wav"):
    ...         pathlib.Path(folder, path).parent.mkdir()
    ...         pathlib.Path(folder, path).touch()
    ...     bunch = load_corpus(folder, speaker=r"/([a-z]+)_")
    >>> bunch.target.tolist(), bunch.groups.tolist()
    (['Angry', 'Sad'], ['kim', 'lee'])
    """
    folder, rows, skipped, found_name = _read(source, layout, columns, base, extract_to)
    if speaker is not None:
        for row in rows:
            row["speaker"] = _speaker_of(row["path"], speaker)
    name = name or found_name
    _merge_spellings(name, rows)
    known = "speaker" in rows[0]
    if not known:
        warn_user(f"{name}: {_NO_SPEAKERS}")
    elif fault := find_speaker_fault([row["speaker"] for row in rows]):
        raise CorpusError(f"{name}: {fault}")
    descr = f"{name}: a corpus of the user's own.\n{'' if known else _NO_SPEAKERS}"
    bunch = make_bunch(folder, rows, skipped, name, descr)
    return (bunch.data, bunch.target) if return_X_y else bunch


def _read(source, layout, columns, base, extract_to):
    """Read a source of any kind and return its folder, rows, files left out and name."""
    if isinstance(source, pd.DataFrame):
        folder = plain(Path(base or ".").expanduser())
        return folder, *rows_of_manifest(source, folder, columns, "the DataFrame"), "corpus"
    source = Path(source).expanduser()
    if is_manifest(source):
        folder = plain(Path(base or source.parent).expanduser())
        rows, skipped = rows_of_manifest(read_manifest(source), folder, columns, str(source))
        return folder, rows, skipped, source.stem
    folder = open_folder(source, extract_to=extract_to)
    files = list_files(folder)
    recordings = [file for file in files if is_audio(file)]
    if not recordings:
        raise CorpusError(f"no recordings; {describe_found(files)}", path=folder)
    return folder, rows_of_folder(folder, recordings, layout), [], plain(source).stem


def _speaker_of(path, speaker):
    """Find the speaker in a path."""
    if callable(speaker):
        found = speaker(path)
    elif found := re.search(speaker, path):
        # the named group, or the first, or else the whole match
        found = found.groupdict().get("speaker") or found[min(1, found.re.groups)]
    if found is None or str(found).strip() == "":
        reason = f"speaker={speaker!r} finds no speaker in it"
        remedy = "Change the expression, or give the speakers in a manifest."
        raise CorpusError(reason, path=path, remedy=remedy)
    return str(found)


def _merge_spellings(name, rows):
    """Give spellings of one emotion, which differ in case or spaces, the most frequent one."""
    spellings = defaultdict(Counter)
    for row in rows:
        spellings[normalise(row["emotion"])][row["emotion"]] += 1
    merged = [name_some(sorted(found)) for found in spellings.values() if len(found) > 1]
    for row in rows:
        row["emotion"] = spellings[normalise(row["emotion"])].most_common(1)[0][0]
    if merged:
        warn_user(f"{name}: {'; '.join(merged)} differ only in case or spaces, and are one class.")
