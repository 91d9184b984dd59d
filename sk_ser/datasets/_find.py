"""Recognition of the known corpora in a folder or a zip by the names of its files."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from sklearn.utils import Bunch

from sk_ser.datasets._archive import open_folder
from sk_ser.datasets._files import is_audio, list_files
from sk_ser.datasets._registry import check_known, known_corpora
from sk_ser.datasets._report import describe_found, name_some, warn_user
from sk_ser.datasets._table import read_table
from sk_ser.exceptions import CorpusError


def find_corpora(
    source: str | Path,
    *,
    names: Sequence[str] | None = None,
    duplicates: str = "drop",
    extract_to: str | Path | None = None,
) -> list[Bunch]:
    """Load every known corpus in a folder or zip, recognised by its file names.

    A folder whose recognised files are all of one corpus is that corpus, however it is
    nested. Of a folder with several corpora, each subfolder is examined in the same way. A
    *subfolder* that holds files of several corpora side by side is left out with a warning, so
    that a corpus never gains clips from elsewhere; pass such a folder itself to load it. A
    corpus that lies in several folders is read as one, with a warning that names them.

    Parameters
    ----------
    source : path-like
        Folder or ``.zip``.
    names : sequence of str, default=None
        Corpora to load, such as ``["emodb", "tess"]``. None: all that are found, except one whose
        speakers are those of another that is found (``"ravdess_song"`` beside ``"ravdess"``).
    duplicates : {"drop", "keep"}, default="drop"
        As in :func:`load`.
    extract_to : path-like, default=None
        Where a zip is extracted. None: beside it.

    Returns
    -------
    bunches : list of Bunch
        One for each corpus, as :func:`load` returns it, in the order of their names, which are
        ``bunch.name``.

    Raises
    ------
    CorpusError
        If no file fits any (of the named) corpora, or the path cannot be read.
    ValueError
        If `names` holds the name of no known corpus.

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
    check_known(names or ())
    folder = open_folder(source, extract_to=extract_to)
    files = list_files(folder)
    homes, mixed = _sort(_name_corpora(folder, files))
    if not homes and not mixed:
        known = ", ".join(sorted(known_corpora()))
        reason = f"no recordings of a known corpus ({known}); {describe_found(files)}"
        remedy = "For a corpus of your own use load_corpus."
        raise CorpusError(reason, path=folder, remedy=remedy)
    for where, corpora in mixed.items():
        reason = f"left out, because files of {', '.join(sorted(corpora))} lie in it side by side"
        remedy = "Pass this folder itself to load it."
        error = CorpusError(reason, path=folder / where, remedy=remedy)
        if not homes:
            raise error
        warn_user(str(error))
    found = _all_people_once(homes) if names is None else _select(folder, homes, names)
    return _load_all(folder, {name: homes[name] for name in found}, duplicates)


def _load_all(folder, homes, duplicates):
    """Load corpora; leave out one whose names speak against it, unless it is the only one."""
    loaded, errors = [], []
    for name, parts in homes.items():
        try:
            loaded.append(_load(folder, parts, name, duplicates))
        except CorpusError as error:
            errors.append(error)
    if not loaded:
        raise errors[0]
    for error in errors:
        warn_user(str(error))
    return loaded


def _name_corpora(folder, files):
    """Name the corpus of each file, None where it fits none.

    Where names fit several corpora, the innermost folder decides of which one corpus explains more
    recordings than the others. If no folder decides, the one registered last is taken.
    """
    fitting = {file: _fits(folder / file) if is_audio(file) else {} for file in files}
    explained = defaultdict(Counter)
    for file, fits in fitting.items():
        for parent in file.parents:
            explained[parent].update(name for name, is_kept in fits.items() if is_kept)
    return {file: _choose(fits, file, explained) for file, fits in fitting.items()}


def _fits(path):
    """Corpora whose names a path fits, and whether they keep the recording."""
    found = ((name, corpus, corpus.facts(path)) for name, corpus in known_corpora().items())
    return {
        name: corpus.leave_out is None or not corpus.leave_out(facts)
        for name, corpus, facts in found
        if facts is not None
    }


def _choose(fits, file, explained):
    names = list(fits)
    for parent in file.parents if len(names) > 1 else ():
        most = max(explained[parent][name] for name in names)
        names = [name for name in names if explained[parent][name] == most]
    return names[0] if names else None


def _sort(corpus_of):
    """Sort files by the folder that is their corpus.

    Parameters
    ----------
    corpus_of : dict of PurePosixPath to (str or None)
        By file, relative to the folder that was passed, its corpus.

    Returns
    -------
    homes : dict of str to dict of PurePosixPath to list of PurePosixPath
        By corpus, its folders and their files. Where all recognised files of a folder are of
        one corpus, the others are listed too, so that its loader can report them.
    mixed : dict of PurePosixPath to set of str
        By folder left out, the corpora whose files lie in it side by side.
    """
    corpora_below = defaultdict(set)
    for file, name in corpus_of.items():
        for parent in file.parents:
            corpora_below[parent] |= {name} - {None}
    homes, loose = defaultdict(lambda: defaultdict(list)), defaultdict(lambda: defaultdict(list))
    for file, name in corpus_of.items():
        # The outermost folder with one corpus below it is that corpus.
        home = next((one for one in reversed(file.parents) if len(corpora_below[one]) == 1), None)
        if home is not None:
            homes[next(iter(corpora_below[home]))][home].append(file)
        elif name is not None:
            loose[file.parent][name].append(file)
    # In the folder that was passed, and in one that wraps everything, mixed files are meant.
    wrappers = set(corpora_below).intersection(*(file.parents for file in corpus_of))
    mixed = {where: set(by_corpus) for where, by_corpus in loose.items() if len(by_corpus) > 1}
    mixed = {where: corpora for where, corpora in mixed.items() if where not in wrappers}
    for where, by_corpus in loose.items():
        for name, inside in by_corpus.items() if where not in mixed else ():
            homes[name][where] = inside
    return homes, mixed


def _all_people_once(homes):
    """Names of all corpora, except those whose speakers are in another one; warn of these."""
    people = {name: known_corpora()[name].people for name in sorted(homes)}
    for name, other in people.items():
        if other in homes:
            warn_user(f"{name}: left out, its speakers are those of {other}. Name it to load it.")
    return [name for name, other in people.items() if other not in homes]


def _select(folder, homes, names):
    """Names that were found, out of those asked for; warn of the others."""
    missing = [name for name in names if name not in homes]
    if len(missing) == len(names):
        reason = f"none of {', '.join(names)}, but {', '.join(sorted(homes))}"
        raise CorpusError(reason, path=folder)
    if missing:
        warn_user(f"{folder}: no recordings of {', '.join(missing)}.")
    return [name for name in names if name in homes]


def _load(folder, parts, name, duplicates):
    """Load one corpus from the folders that hold it."""
    if len(parts) > 1:
        warn_user(
            f"{folder}: {name} lies in {len(parts)} folders, {name_some(parts)}, and is read as "
            "one corpus. Pass one of them to read it alone."
        )
    # Paths stay relative to the whole, because the parts may be the folders of speakers.
    files = sorted((file for inside in parts.values() for file in inside), key=str)
    return read_table(folder, files, known_corpora()[name], duplicates=duplicates)
