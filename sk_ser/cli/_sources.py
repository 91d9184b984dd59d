"""What a user points at: corpora, and lists of recordings."""

import sys
import warnings
from itertools import chain
from pathlib import Path
from zipfile import is_zipfile

from sk_ser.exceptions import CorpusError

#: Suffixes of files that run code when they are loaded.
PICKLED = {".joblib", ".pkl", ".pickle"}


def load_corpora(sources):
    """Load what is in the folders and zips, each corpus under a name of its own."""
    from sk_ser.datasets import find_corpora, load_corpus, make_emotional_speech

    if not sources:
        return [make_emotional_speech(n_speakers=8, n_sentences=6, random_state=0)]
    corpora = []
    for source in sources:
        try:
            corpora += find_corpora(source)
        except CorpusError as error:
            corpora.append(_labelled_folder(load_corpus, source, error))
    names = [corpus.name for corpus in corpora]
    for number, corpus in enumerate(corpora):
        earlier = names[:number].count(corpus.name)
        if earlier:
            corpus.name = f"{corpus.name}-{earlier + 1}"
    return corpora


def _labelled_folder(load_corpus, source, not_known):
    try:
        corpus = load_corpus(source)
    except CorpusError:
        raise not_known from None
    if corpus.groups is None:
        raise CorpusError(
            f"{source}: its speakers are not known, and without them nobody can tell how a model "
            "does on new ones. Put each speaker's clips into a folder of their own, above "
            "those of the emotions."
        )
    return corpus


def check_model(path):
    """Raise ValueError if there is no file."""
    if not path.is_file():
        raise ValueError(f"{path}: no such file. sk-ser train makes a model.")


def load_model(path):
    """Load a model and what was saved with it.

    Returns
    -------
    model : estimator
    header : dict
        Empty for a model that joblib saved.
    """
    from sk_ser.persistence import load, read_header

    check_model(path)
    if path.suffix not in PICKLED:
        return load(path), read_header(path)
    try:
        return load(path, format="joblib"), (read_header(path) if is_zipfile(path) else {})
    except Exception as error:
        raise ValueError(f"{path}: no model can be loaded from it ({error}).") from error


def name_recordings(sources):
    """List the recordings in files and folders.

    Returns
    -------
    list of Path, or iterator of str and Path
        An iterator, which reads as it goes, if one of the sources is ``-``, which is stdin.
    """
    named = chain.from_iterable(map(_recordings, sources))
    return named if "-" in sources else list(named)


def tabulate_recordings(sources):
    """Tabulate recordings, with emotions, speakers and whatever else a corpus tells of them.

    Returns
    -------
    DataFrame
        With the column ``path``, each path once; further columns where a corpus is recognised.
    """
    import pandas as pd

    table = pd.concat([_table_of(source) for source in sources], ignore_index=True)
    table = table.dropna(axis=1, how="all").drop_duplicates("path", ignore_index=True)
    # text stays text where the first rows lack it
    mixed = [name for name in table if table[name].dtype == object and name != "path"]
    return table.astype(dict.fromkeys(mixed, "string"))


def _table_of(source):
    import pandas as pd

    from sk_ser.datasets import find_corpora, load_corpus

    if Path(source).is_dir() or is_zipfile(source):
        try:
            return pd.concat([corpus.frame for corpus in find_corpora(source)])
        except CorpusError:
            pass
        try:
            with warnings.catch_warnings():
                # that speakers are not known is no matter here
                warnings.simplefilter("ignore")
                return load_corpus(source).frame
        except CorpusError:
            pass
    # as objects: names of files that are no text would be an error otherwise
    return pd.DataFrame({"path": pd.Series(map(str, _recordings(source)), dtype=object)})


def _recordings(source):
    from sk_ser.datasets import list_recordings

    if source == "-":
        return (line.rstrip("\r\n") for line in sys.stdin if line.strip())
    if not Path(source).is_dir():
        return [Path(source)]
    found = list_recordings(source)
    if not found:
        raise CorpusError(f"{source}: no recordings in this folder, nor below it.")
    return found
