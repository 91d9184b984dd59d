"""Known corpora, by name, and how they are loaded."""

import sys
from collections.abc import Callable
from pathlib import Path

from sklearn.utils import Bunch

from sk_ser.datasets._archive import open_folder
from sk_ser.datasets._declaration import Corpus
from sk_ser.datasets._files import list_files
from sk_ser.datasets._table import read_table

_CORPORA = {}


def load(
    corpus: str | Corpus,
    source: str | Path,
    *,
    duplicates: str = "drop",
    extract_to: str | Path | None = None,
    return_X_y: bool = False,
) -> Bunch | tuple:
    """Load a known corpus from its folder or zip.

    Parameters
    ----------
    corpus : str or Corpus
        Name of a registered corpus, such as "tess", or a declaration.
    source : path-like
        Folder of the corpus, nested in any way, or its ``.zip``.
    duplicates : {"drop", "keep"}, default="drop"
        Leave out a recording that is there twice, or keep every copy. Copies in a training
        and a test fold make a score meaningless, so they are left out by default, with a
        warning that counts them.
    extract_to : path-like, default=None
        Where a zip is extracted. None: beside it.
    return_X_y : bool, default=False
        Return ``(data, target)`` alone.

    Returns
    -------
    bunch : Bunch
        ``data`` : ndarray of str, shape (n_clips,), paths; ``target`` : ndarray of str, shape
        (n_clips,), emotions; ``groups`` : ndarray of str, shape (n_clips,), speakers, or None if
        they are unknown; ``frame`` : DataFrame of shape (n_clips, n_columns), with the columns
        ``path``, ``emotion``, ``speaker``, ``sex``, ``sentence``, ``intensity``, ``repetition``
        and ``corpus``, and further ones of the corpus, such as ``age`` in years; ``skipped`` :
        DataFrame of the files left out, with the reason; ``name``; ``DESCR`` : licence, source
        and quirks; ``licences`` : dict from name to licence.

    Raises
    ------
    CorpusError
        If there is no such path, no file fits, or the archive is unsafe or damaged.
    ValueError
        If no corpus of that name is known.

    Warns
    -----
    CorpusWarning
        If recordings were left out.

    See Also
    --------
    find_corpora : Recognises the corpora in a folder by their file names.
    load_corpus : Loads a corpus of your own, sorted into folders or listed in a table.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from sk_ser.datasets import load
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pathlib.Path(folder, "OAF_back_angry.wav").touch()
    ...     bunch = load("tess", folder)
    >>> bunch.frame.loc[0, ["emotion", "speaker", "sex"]].tolist()
    ['anger', 'OAF', 'female']
    """
    if not isinstance(corpus, Corpus):
        check_known([corpus])
        corpus = _CORPORA[corpus]
    folder = open_folder(source, extract_to=extract_to)
    bunch = read_table(folder, list_files(folder), corpus, duplicates=duplicates)
    return (bunch.data, bunch.target) if return_X_y else bunch


def register_corpus(corpus: Corpus) -> Callable[..., Bunch]:
    r"""Make a corpus known to :func:`load`, :func:`find_corpora` and the command line.

    A module that registers corpora when it is imported can be named as an entry point of the
    group "sk_ser", so that the command line imports it. Worker processes do not need the
    registration: corpora are loaded before work is distributed.

    Parameters
    ----------
    corpus : Corpus
        If its names look like those of a corpus registered earlier, :func:`find_corpora` tries
        this one first.

    Returns
    -------
    loader : callable
        ``loader(source)`` is ``load(corpus, source)``, with the same options. Bind it to the
        name ``load_<name>``.

    Raises
    ------
    ValueError
        If another corpus has the name.

    See Also
    --------
    unregister_corpus : Makes a corpus unknown again.

    Examples
    --------
    >>> from sk_ser.datasets import Corpus, register_corpus, unregister_corpus
    >>> load_mine = register_corpus(
    ...     Corpus(
    ...         name="mine", title="Mine: two friends", language="English", licence="unpublished",
    ...         source="none", reference="none", form="speaker_emotion_number",
    ...         example="kim_anger_1.wav", pattern=r"(?P<speaker>kim|lee)_(?P<emotion>[a-z]+)_\d+",
    ...     )
    ... )
    >>> load_mine.__name__
    'load_mine'
    >>> unregister_corpus("mine")
    """
    if _CORPORA.setdefault(corpus.name, corpus) is not corpus:
        raise ValueError(
            f"register_corpus: a corpus {corpus.name!r} is known already. Choose another name."
        )
    loader = _make_loader(corpus)
    # the module that binds the loader, so that it can be pickled
    loader.__module__ = sys._getframe(1).f_globals["__name__"]
    return loader


def _make_loader(corpus):
    """Make the function that loads one corpus."""

    def load_one(
        source: str | Path,
        *,
        duplicates: str = "drop",
        extract_to: str | Path | None = None,
        return_X_y: bool = False,
    ) -> Bunch | tuple:
        """Load {title}.

        Parameters
        ----------
        source : path-like
            Folder of the corpus, nested in any way, or its ``.zip``.
        duplicates, extract_to, return_X_y
            As in :func:`~sk_ser.datasets.load`.

        Returns
        -------
        bunch : Bunch
            As of :func:`~sk_ser.datasets.load`. ``DESCR`` describes the corpus.

        Examples
        --------
        >>> import pathlib, tempfile
        >>> from sk_ser.datasets import load
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "{example}")
        ...     path.parent.mkdir(parents=True, exist_ok=True)
        ...     path.touch()
        ...     bunch = load("{name}", folder)  # or load_{name}(folder)
        >>> bunch.name, len(bunch.data)
        ('{name}', 1)
        """
        options = {"duplicates": duplicates, "extract_to": extract_to, "return_X_y": return_X_y}
        return load(corpus, source, **options)

    load_one.__name__ = load_one.__qualname__ = f"load_{corpus.name}"
    if load_one.__doc__:  # python -OO leaves none
        load_one.__doc__ = load_one.__doc__.format_map(vars(corpus))
    return load_one


def unregister_corpus(name: str) -> None:
    """Make a corpus unknown again, for example at the end of a test.

    Parameters
    ----------
    name : str

    Returns
    -------
    None

    Raises
    ------
    ValueError
        If no corpus of that name is known.

    Examples
    --------
    >>> from sk_ser.datasets import unregister_corpus
    >>> unregister_corpus("iemocap")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: no corpus 'iemocap' is known. Choose from aesdd, ased, banglaser, ...
    """
    check_known([name])
    del _CORPORA[name]


def check_known(names):
    """Raise ValueError unless there is a registered corpus of each name."""
    for name in names:
        if name not in _CORPORA:
            known = ", ".join(sorted(_CORPORA))
            raise ValueError(f"no corpus {name!r} is known. Choose from {known}.")


def known_corpora():
    """Return the registered corpora by name, the last registered first."""
    return dict(reversed(_CORPORA.items()))
