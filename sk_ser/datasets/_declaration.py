"""A corpus declared as data: how its files are named, and what the names mean."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import cleandoc
from pathlib import Path


def odd_numbers_are_men(n_speakers):
    """Make the table of sexes of speakers "01", "02" and so on, as RAVDESS numbers them."""
    return {f"{n:02}": "male" if n % 2 else "female" for n in range(1, n_speakers + 1)}


@dataclass(frozen=True, kw_only=True)
class Corpus:
    r"""Declaration of a corpus whose file names carry the labels.

    Parameters
    ----------
    name : str
        Short name, such as "tess", for :func:`load` and the column ``corpus``.
    title : str
        Full name, on one line.
    pattern : str
        Regular expression for the end of a path without its suffix. It begins at the start of
        a file name, or of a folder name if it contains ``/``: ``(?P<speaker>\w+)/[a-z]+_\d+``.
        Case is ignored. Each named group is a column of the table, except those whose names
        begin with ``_``. One group is ``emotion``. Two files are copies of one recording if all
        groups agree, so everything that distinguishes recordings must be in a group. Of copies,
        the one with the smallest ``_rank`` is kept; ``_rank`` itself is not compared.
    tables : dict
        For each column, a dict from the text in the name to the value (case is ignored), or a
        function of the text, such as ``str.upper``. The value is the text where a column has
        no table. The table of a column that is no group, such as ``sex`` or ``age``, is applied
        to the speaker. A text that is missing in a dict means that the name does not fit.
    form : str
        The pattern in words, for error messages: ``"speaker_word_emotion"``.
    example : str
        A name that fits, with its suffix.
    language, licence, source, reference : str
        Language spoken, licence as published, where to get the corpus, paper to cite.
    about : str, default=""
        What was recorded, and the corpus's quirks; mostly the docstring of its module.
    complete : callable, default=None
        Hook for what a pattern cannot express. It takes the facts, a dict of columns and
        values, and the path, and returns the facts to use, or None if the name does not fit.
        It may read tables (``.csv``, ``.tsv``) that lie beside the recordings.
    leave_out : callable, default=None
        Takes the facts and returns the reason to leave a recording out, or None.
    people : str, default=None
        Name of the corpus whose speakers these are, where a speaker of that name in both is one
        person. None: the corpus's own.

    Raises
    ------
    ValueError
        If the example does not fit, there is no emotion, or a table needs a speaker and the
        pattern has none.

    See Also
    --------
    register_corpus : Makes a corpus known.

    Examples
    --------
    >>> from sk_ser.datasets import Corpus
    >>> emovo = Corpus(
    ...     name="emovo",
    ...     title="EMOVO: Italian emotional speech",
    ...     language="Italian",
    ...     licence="Free for research",
    ...     source="http://voice.fub.it/activities/corpora/emovo/index.html",
    ...     reference="G. Costantini et al. (2014), LREC, 3501-3504.",
    ...     form="emotion-speaker-sentence",
    ...     example="rab-f1-b1.wav",
    ...     pattern=r"(?P<emotion>[a-z]+)-(?P<speaker>(?P<sex>[fm])\d)-(?P<sentence>[a-z]+\d?)",
    ...     tables={
    ...         "emotion": {"rab": "anger", "gio": "happiness", "neu": "neutral"},
    ...         "sex": {"f": "female", "m": "male"},
    ...     },
    ... )
    >>> emovo.facts("rab-f1-b1.wav")["emotion"], emovo.facts("rab_f1_b1.wav")
    ('anger', None)
    """

    name: str
    title: str
    pattern: str
    form: str
    example: str
    language: str
    licence: str
    source: str
    reference: str
    tables: Mapping = field(default_factory=dict)
    about: str | None = None
    complete: Callable | None = None
    leave_out: Callable | None = None
    people: str | None = None

    def __post_init__(self):
        """Check the declaration, so that a mistake shows where it is made."""
        groups = self._regex.groupindex
        by_speaker = [column for column in self.tables if column not in groups]
        if by_speaker and "speaker" not in groups:
            fault = f"tables has {by_speaker[0]!r}, but the pattern has no group speaker"
        elif "emotion" not in groups and self.complete is None:
            fault = "the pattern has no group emotion, and there is no complete="
        elif self._named_facts(Path(self.example)) is None:
            fault = f"the example {self.example!r} does not fit the pattern and the tables"
        else:
            return
        raise ValueError(f"Corpus {self.name!r}: {fault}.")

    def facts(self, path: str | Path) -> dict | None:
        """Read the facts of a recording from its path.

        Parameters
        ----------
        path : path-like
            The more folders it has, the more a pattern with folders can read.

        Returns
        -------
        facts : dict or None
            Values by column; those that begin with ``_`` do not enter the table. None if the
            path does not fit.
        """
        # find_corpora asks every corpus about every file, and a Path is slow to make
        path = path if isinstance(path, Path) else Path(path)
        facts = self._named_facts(path)
        return facts if facts is None or self.complete is None else self.complete(facts, path)

    def contradicts(self, path: str | Path) -> bool:
        """Check for a name that fits the pattern, with a value that the corpus does not have.

        Parameters
        ----------
        path : path-like

        Returns
        -------
        bool
        """
        path = Path(path)
        matches = self._regex.fullmatch(path.with_suffix("").as_posix()) is not None
        return matches and self.facts(path) is None

    @cached_property
    def descr(self) -> str:
        """Description of the corpus, as the loaders give it in ``DESCR``."""
        named = f"{self.form}, such as {self.example}"
        lines = {"Language": self.language, "Licence": self.licence, "Source": self.source}
        lines |= {"Reference": self.reference, "Names": named}
        listed = "\n".join(f"{label:<12}{text}" for label, text in lines.items())
        return f"{self.title}\n\n{listed}\n\n{cleandoc(self.about or '')}\n"

    @cached_property
    def _regex(self):
        return re.compile(rf"(?s:.*/)?(?:{self.pattern})", re.IGNORECASE)

    @cached_property
    def _folded(self):
        """The tables, their texts without case."""
        return {
            column: table
            if callable(table)
            else {str(text).casefold(): value for text, value in table.items()}
            for column, table in self.tables.items()
        }

    def _named_facts(self, path):
        """Facts by pattern and tables alone, and ``_key``, equal for copies."""
        match = self._regex.fullmatch(path.with_suffix("").as_posix())
        if match is None:
            return None
        try:
            facts = {group: self._value(group, text) for group, text in match.groupdict().items()}
            key = tuple(value for group, value in facts.items() if group != "_rank")
            by_speaker = [column for column in self.tables if column not in facts]
            facts |= {column: self._value(column, facts["speaker"]) for column in by_speaker}
        except KeyError:
            return None
        return facts | {"_key": key}

    def _value(self, column, text):
        """Value of a column whose text is known; a group that took no part has None."""
        table = self._folded.get(column)
        if text is None or table is None:
            return text
        return table(text) if callable(table) else table[text.casefold()]
