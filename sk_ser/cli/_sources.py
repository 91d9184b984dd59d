"""Corpora, models and recordings that the user names."""

import sys
import warnings
from contextlib import suppress
from itertools import chain
from pathlib import Path
from zipfile import is_zipfile

from sk_ser.exceptions import CorpusError, ModelFileError

#: How the content of recordings begins.
_SOUNDS = ("RIFF", "fLaC", "OggS", "ID3", "FORM", "#!AMR")


def load_corpora(sources, *, on_error="skip", **own):
    """Load the corpora in folders, zips and manifests, each under a unique name.

    Of several, recordings that are in two of them are left out of the later one. `own` are options
    of :func:`~sk_ser.datasets.load_corpus`.
    """
    from sk_ser.datasets import clean_corpora, make_emotional_speech

    if not sources:
        return [make_emotional_speech(n_speakers=8, n_sentences=6, random_state=0)]
    corpora, names = [], []
    for source in sources:
        for corpus in _load(source, own):
            if corpus.groups is None:
                raise CorpusError(
                    "its speakers are not known, so a model cannot be evaluated on unseen speakers",
                    path=source,
                    remedy="Put the clips of each speaker into one folder, above the folders by "
                    "emotion.",
                )
            names.append(corpus.name)
            if (count := names.count(corpus.name)) > 1:
                corpus.name = f"{corpus.name}-{count}"
            corpora.append(corpus)
    return corpora if len(corpora) == 1 else clean_corpora(corpora, on_error=on_error)


def _load(source, own=None):
    """Load the known corpora in a source; otherwise a labelled folder or a manifest."""
    from sk_ser.datasets import find_corpora, load_corpus

    own = {name: value for name, value in (own or {}).items() if value}
    is_manifest = Path(source).is_file() and not is_zipfile(source)
    if is_manifest or own:
        known = {"layout", "speaker"} if is_manifest is False else {"columns", "speaker"}
        return [load_corpus(source, **{name: own[name] for name in own if name in known})]
    try:
        return find_corpora(source)
    except CorpusError as error:
        unknown = error
    try:
        return [load_corpus(source)]
    except CorpusError as error:
        raise unknown from error


def check_model(path):
    """Raise ModelFileError if there is no file."""
    if not path.is_file():
        raise ModelFileError("no such file", path=path, remedy="sk-ser train writes a model.")


def load_model(path, trust=()):
    """Load a model with its header.

    Parameters
    ----------
    path : Path
        The suffix says whether joblib has to load it.
    trust : sequence of str or None, default=()
        Full names of further types to load.

    Returns
    -------
    TrainedModel
    """
    from sk_ser import persistence

    check_model(path)
    format = persistence.format_of(path)
    return persistence.load_model(path, format=format, trusted=trust or ())


def name_recordings(sources):
    """List the recordings in files and folders.

    Returns
    -------
    list of Path, or iterator of str and Path
        An iterator if one of the sources is ``-``, which reads paths from stdin.
    """
    named = chain.from_iterable(map(_recordings, sources))
    return named if "-" in sources else list(named)


def tabulate_recordings(sources):
    """Tabulate recordings, with emotions, speakers and further columns of a known corpus.

    Returns
    -------
    DataFrame
        With the column ``path``, each path once; further columns if a corpus is recognised.
    """
    import pandas as pd

    table = pd.concat([_table_of(source) for source in sources], ignore_index=True)
    table = table.dropna(axis=1, how="all").drop_duplicates("path", ignore_index=True)
    # a column of text with missing values stays text
    mixed = [name for name in table if table[name].dtype == object and name != "path"]
    return table.astype(dict.fromkeys(mixed, "string"))


def _table_of(source):
    import pandas as pd

    if Path(source).is_dir() or is_zipfile(source):
        with suppress(CorpusError), warnings.catch_warnings():
            # speakers are not needed here
            warnings.filterwarnings("ignore", message=".*no speakers")
            return pd.concat([corpus.frame for corpus in _load(source)])
    # as objects, because file names need not be valid text
    return pd.DataFrame({"path": pd.Series(map(str, _recordings(source)), dtype=object)})


def _path_of(line):
    """Return the path in a line of stdin; raise ValueError for the content of a recording."""
    if "\0" in line or line.startswith(_SOUNDS):
        raise ValueError(
            "stdin holds a recording, and - reads paths, one on each line. Write the recording to "
            "a file and name that."
        )
    return line.rstrip("\r\n")


def _recordings(source):
    from sk_ser.datasets import list_recordings

    if source == "-":
        # file names need not be valid text
        sys.stdin.reconfigure(errors="surrogateescape")
        return map(_path_of, filter(str.strip, sys.stdin))
    if not Path(source).is_dir():
        return [Path(source)]
    found = list_recordings(source)
    if not found:
        raise CorpusError("no recordings in this folder or its subfolders", path=source)
    return found
