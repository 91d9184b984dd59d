"""Corpora, models and recordings that the user names."""

import sys
import warnings
from itertools import chain
from pathlib import Path
from zipfile import is_zipfile

from sk_ser.exceptions import CorpusError, ModelFileError


def load_corpora(sources):
    """Load the corpora in folders and zips, each under a unique name."""
    from sk_ser.datasets import find_corpora, load_corpus, make_emotional_speech

    if not sources:
        return [make_emotional_speech(n_speakers=8, n_sentences=6, random_state=0)]
    corpora = []
    for source in sources:
        if Path(source).is_file() and not is_zipfile(source):
            corpora.append(_with_speakers(load_corpus(source), source))
            continue
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


def _labelled_folder(load_corpus, source, unknown):
    try:
        corpus = load_corpus(source)
    except CorpusError as error:
        raise unknown from error
    return _with_speakers(corpus, source)


def _with_speakers(corpus, source):
    if corpus.groups is None:
        raise CorpusError(
            "its speakers are not known, so a model cannot be evaluated on unseen speakers",
            path=source,
            remedy="Put the clips of each speaker into one folder, above the folders by emotion.",
        )
    return corpus


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

    from sk_ser.datasets import find_corpora, load_corpus

    if Path(source).is_dir() or is_zipfile(source):
        try:
            return pd.concat([corpus.frame for corpus in find_corpora(source)])
        except CorpusError:
            pass
        try:
            with warnings.catch_warnings():
                # speakers are not needed here
                warnings.simplefilter("ignore")
                return load_corpus(source).frame
        except CorpusError:
            pass
    # as objects, because file names need not be valid text
    return pd.DataFrame({"path": pd.Series(map(str, _recordings(source)), dtype=object)})


def _recordings(source):
    from sk_ser.datasets import list_recordings

    if source == "-":
        return (line.rstrip("\r\n") for line in sys.stdin if line.strip())
    if not Path(source).is_dir():
        return [Path(source)]
    found = list_recordings(source)
    if not found:
        raise CorpusError("no recordings in this folder or its subfolders", path=source)
    return found
