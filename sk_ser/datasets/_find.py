"""Which of the known corpora a folder or a zip holds, told by the names of its files."""

import posixpath
from collections import defaultdict
from pathlib import PurePosixPath

from sk_ser.datasets import _cremad, _emodb, _ravdess, _savee, _tess, _urdu
from sk_ser.datasets._archive import open_folder
from sk_ser.datasets._files import is_audio, list_files
from sk_ser.datasets._report import describe_found, name_some, warn_user
from sk_ser.datasets._table import read_table
from sk_ser.exceptions import CorpusError

GRAMMARS = {
    module.GRAMMAR.name: module.GRAMMAR
    for module in (_cremad, _emodb, _ravdess, _savee, _tess, _urdu)
}


def find_corpora(source, *, names=None, duplicates="drop", extract_to=None):
    """Load every known corpus in a folder or zip, recognised by its file names.

    A folder whose recognised files are all of one corpus is that corpus, however it is
    nested. A folder with several is looked at one subfolder at a time, down to folders
    of one corpus. A *subfolder* with files of several corpora side by side is no corpus
    but a collection of strays, and is left out with a warning, so that a corpus never
    gains clips that lie elsewhere; point at such a folder itself to load it. A corpus
    that lies in several folders is read as one, with a warning that names them.

    Parameters
    ----------
    source : path-like
        Folder or ``.zip``.
    names : sequence of str, optional
        Load only these of ``"cremad"``, ``"emodb"``, ``"ravdess"``, ``"savee"``, ``"tess"``
        and ``"urdu"``; by default, all that are found.
    duplicates : {"drop", "keep"}, default="drop"
        As in the loaders.
    extract_to : path-like, optional
        Where a zip is extracted; by default beside it.

    Returns
    -------
    bunches : list of Bunch
        One for each corpus, as its own loader returns it, in the order of their names.
        ``bunch.name`` tells which it is.

    Raises
    ------
    CorpusError
        If no file fits any (of the named) corpora, or the path cannot be read.

    Warns
    -----
    CorpusWarning
        If a named corpus was not found, a subfolder or a recording was left out, or a
        corpus was put together from several folders.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import find_corpora
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("a/OAF_back_angry.wav", "b/03a01Fa.wav", "b/16b10Wb.wav"):
    ...         pathlib.Path(folder, name).parent.mkdir(exist_ok=True)
    ...         pathlib.Path(folder, name).touch()
    ...     bunches = find_corpora(folder)
    >>> [(bunch.name, len(bunch.data)) for bunch in bunches]
    [('emodb', 2), ('tess', 1)]
    """
    folder = open_folder(source, extract_to=extract_to)
    files = list_files(folder)
    homes, strays = _settle(folder, files)
    if not homes and not strays:
        raise CorpusError(
            f"{folder}: no recordings of a known corpus ({', '.join(GRAMMARS)}). "
            f"{describe_found(files)} For a corpus of your own use load_corpus."
        )
    for stray, mixed in strays.items():
        message = (
            f"{folder / stray}: left out, because files of {', '.join(sorted(mixed))} lie in it "
            "side by side. Pass this folder itself to load it."
        )
        if not homes:
            raise CorpusError(message)
        warn_user(message)
    found = sorted(homes) if names is None else _named(folder, homes, names)
    return [_load(folder, homes[name], name, duplicates) for name in found]


def _named(folder, homes, names):
    """Take the corpora that are asked for and there; tell which are not there."""
    unknown = sorted(set(names) - set(GRAMMARS))
    if unknown:
        raise ValueError(f"names holds {unknown[0]!r}. Choose from {tuple(GRAMMARS)}.")
    missing = [name for name in names if name not in homes]
    if len(missing) == len(names):
        raise CorpusError(f"{folder}: none of {', '.join(names)}, but {', '.join(homes)}.")
    if missing:
        warn_user(f"{folder}: without {', '.join(missing)}, of which there are no recordings.")
    return [name for name in names if name in homes]


def corpus_of(file):
    """Name of the corpus whose grammar a path fits, or None."""
    if is_audio(file):
        for name, grammar in GRAMMARS.items():
            if grammar.parse(file):
                return name
    return None


def _settle(folder, files):
    """Find the folders that belong to one corpus, and those that belong to several.

    Returns
    -------
    homes : dict of str to list of (subfolder, files)
        By corpus; the files are those of the subfolder, strangers included, so that
        the corpus's loader can report them.
    strays : dict of str to set of str
        By subfolder, the corpora that are mixed in it.
    """
    corpus = {file: corpus_of(folder.name / file) for file in files}
    homes, strays, top = defaultdict(list), {}, _depth_of_top(files)
    waiting = [(".", files, 0)]
    while waiting:
        where, inside, depth = waiting.pop(0)
        names = {corpus[file] for file in inside} - {None}
        if len(names) == 1:
            homes[names.pop()].append((where, inside))
        elif names:
            here, below = _split(inside, depth)
            waiting += [(sub, its_files, depth + 1) for sub, its_files in below.items()]
            mixed = {corpus[file] for file in here} - {None}
            if len(mixed) > 1 and depth > top:
                strays[where] = mixed
            else:
                # In the folder that the user pointed at, loose files are meant.
                for name in mixed:
                    homes[name].append((where, [f for f in here if corpus[f] == name]))
    return dict(homes), strays


def _depth_of_top(files):
    """Count the outer folders that all files share: an archive's own folder, mostly."""
    parents = [str(file.parent) for file in files]
    return len(PurePosixPath(posixpath.commonpath(parents)).parts) if files else 0


def _split(files, depth):
    """Split a folder's files into its own and those of each subfolder."""
    here, below = [], defaultdict(list)
    for file in files:
        if len(file.parts) == depth + 1:
            here.append(file)
        else:
            below["/".join(file.parts[: depth + 1])].append(file)
    return here, below


def _load(folder, parts, name, duplicates):
    """Load one corpus from the folders that hold it."""
    if len(parts) > 1:
        warn_user(
            f"{folder}: {name} lies in {len(parts)} folders, {name_some(w for w, _ in parts)}, "
            "and is read as one corpus. Pass one of them to read it alone."
        )
    # Speaker folders may be what was split, so paths are kept relative to the whole.
    files = sorted((file for _, inside in parts for file in inside), key=str)
    return read_table(folder, files, GRAMMARS[name], duplicates=duplicates)
