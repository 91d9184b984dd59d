"""Recordings in a folder, in the same order on every machine."""

import os
from pathlib import Path, PurePosixPath

from sk_ser.audio import AUDIO_SUFFIXES
from sk_ser.exceptions import CorpusError


def is_litter(path):
    """Whether a relative path is hidden or an operating system's own file.

    macOS archives hold a ``__MACOSX/._x.wav`` for every ``x.wav``.
    """
    return any(part == "__MACOSX" or part.startswith(".") for part in PurePosixPath(path).parts)


def suffix_of(path):
    """Return the suffix of a path in lower case, with its dot."""
    return PurePosixPath(path).suffix.lower()


def is_audio(path):
    """Whether the suffix is that of a recording."""
    return suffix_of(path) in AUDIO_SUFFIXES


def list_files(folder):
    """List the relative paths of all files below a folder, without litter.

    Links to folders are followed, each real folder once, so that circular links end.

    Parameters
    ----------
    folder : path-like

    Returns
    -------
    files : list of PurePosixPath
        Sorted by code points, with ``/`` between folders, so that the order does not depend
        on the operating system, its locale or its file system.
    """
    folder = Path(folder)
    files, seen = [], {os.path.realpath(folder)}
    for parent, children, names in os.walk(folder, followlinks=True, onerror=_refuse):
        # Sorted, so that of two links to one folder the same one is read on every machine.
        children[:] = [child for child in sorted(children) if _is_new(parent, child, seen)]
        relative = PurePosixPath(Path(parent).relative_to(folder).as_posix())
        files += [relative / name for name in names]
    return sorted((file for file in files if not is_litter(file)), key=str)


def list_recordings(folder: str | Path) -> list[Path]:
    """List the paths of all recordings below a folder.

    Parameters
    ----------
    folder : path-like
        Recordings are recognised by their suffix, at any depth. Hidden folders and
        ``__MACOSX`` are left out.

    Returns
    -------
    list of Path
        In the same order on every machine. Each begins with the folder as given.

    Raises
    ------
    CorpusError
        If a folder in it cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import list_recordings
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("b.WAV", "a.flac", "notes.txt"):
    ...         pathlib.Path(folder, name).touch()
    ...     [path.name for path in list_recordings(folder)]
    ['a.flac', 'b.WAV']
    """
    return [Path(folder, file) for file in list_files(folder) if is_audio(file)]


def _is_new(parent, child, seen):
    """Whether a folder is to be visited; if so, note it in `seen`."""
    real = os.path.realpath(os.path.join(parent, child))
    if real in seen or is_litter(child):
        return False
    seen.add(real)
    return True


def _refuse(error):
    """Raise on an unreadable folder, because part of a corpus is not the corpus."""
    reason = f"the folder cannot be read ({error.strerror})"
    remedy = "Change its permissions, or pass another folder."
    raise CorpusError(reason, path=error.filename, remedy=remedy) from error
