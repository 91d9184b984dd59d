"""Which files of a folder are recordings, in an order that is the same everywhere."""

import os
from pathlib import Path, PurePosixPath

from sk_ser.audio import AUDIO_SUFFIXES
from sk_ser.exceptions import CorpusError


def is_litter(path):
    """Tell whether a relative path is an operating system's own file, never a recording.

    macOS archives hold a twin ``__MACOSX/._x.wav`` for every ``x.wav``. Hidden
    files and folders count as litter too.
    """
    return any(part == "__MACOSX" or part.startswith(".") for part in PurePosixPath(path).parts)


def suffix_of(path):
    """Suffix of a path in lower case, with its dot."""
    return PurePosixPath(path).suffix.lower()


def is_audio(path):
    """Tell whether the suffix is that of a recording."""
    return suffix_of(path) in AUDIO_SUFFIXES


def list_files(folder):
    """List the relative paths of all files below a folder, litter left out.

    Links to folders are followed, each real folder once, so that a corpus put
    together from links is read whole and a circle of links ends.

    Parameters
    ----------
    folder : path-like

    Returns
    -------
    files : list of PurePosixPath
        In the order of their code points with ``/`` between folders, which does
        not depend on the operating system, its locale or its file system.
    """
    folder = Path(folder)
    files, seen = [], {os.path.realpath(folder)}
    for parent, children, names in os.walk(folder, followlinks=True, onerror=_refuse):
        # Names are walked in order, so that of two links to one folder the same one
        # is read on every machine.
        children[:] = [child for child in sorted(children) if _is_new(parent, child, seen)]
        relative = PurePosixPath(Path(parent).relative_to(folder).as_posix())
        files += [relative / name for name in names]
    return sorted((file for file in files if not is_litter(file)), key=str)


def list_recordings(folder):
    """List the paths of all recordings below a folder.

    Parameters
    ----------
    folder : path-like
        Recordings are told by their suffix, whatever the folders; those of hidden folders
        and of ``__MACOSX`` are left out.

    Returns
    -------
    list of Path
        In an order that is the same on every machine; each begins with the folder as given.

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
    """Tell whether a folder is worth a visit, and note that it was made."""
    real = os.path.realpath(os.path.join(parent, child))
    if real in seen or is_litter(child):
        return False
    seen.add(real)
    return True


def _refuse(error):
    """Turn an unreadable folder into an error: part of a corpus is not the corpus."""
    raise CorpusError(
        f"{error.filename}: the folder cannot be read ({error.strerror}). "
        "Give yourself the right to read it, or point the loader elsewhere."
    ) from error
