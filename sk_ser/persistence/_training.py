"""A header's part on what a model learnt from, and how well it did under which protocol."""

import hashlib
import re

import numpy as np
import pandas as pd

from sk_ser._containers import is_path
from sk_ser.model_selection import group_results
from sk_ser.persistence._header import plain

#: Columns of a corpus's table whose groups are told apart, where it has several.
_GROUPS = ("sex", "corpus", "intensity")
_SCORES = ("uar", "accuracy", "macro_f1")
_COUNTS = ("n_folds", "n_speakers", "n_clips", "seen")


def describe_training(corpus, comparison=None, *, estimator=None, by=None, licence=None):
    """Describe training data, and scores under several protocols, for a model's header.

    Parameters
    ----------
    corpus : Bunch or DataFrame
        What the model was fitted on: of a loader such as :func:`~sk_ser.datasets.load_ravdess`,
        or its table, with columns ``path`` and ``emotion``.
    comparison : ProtocolComparison or None, default=None
        Of :func:`~sk_ser.model_selection.compare_protocols` over the same clips in the same order.
    estimator : str or None, default=None
        Which estimator of the comparison the model is; may be left out if there is one.
    by : sequence of str or None, default=None
        Columns of the table whose groups are scored by themselves; ``sex``, ``corpus`` and
        ``intensity`` where they differ by default. Speakers always are.
    licence : str, dict of str to str, or None, default=None
        Licence of the recordings, or of each corpus's by its name; by default what the
        loader's ``DESCR`` says.

    Returns
    -------
    dict
        ``training``: ``corpora`` (``name``, ``n_clips``, ``licence``, None where it is not
        known), ``n_clips``, ``n_speakers``, ``emotions`` and their numbers of clips, ``sha256``.

        ``protocols``, with a comparison: ``estimator``; ``scores``, from 0 to 1 with intervals,
        by protocol; ``gap``, in percentage points; ``emotions``, the recall of each;
        ``groups``, results by group, the worst first, and ``groups_under``, the protocol that these
        and the recalls are of: the last one, such as "speaker-independent"; ``chance``;
        ``confidence_level``; ``notes``.

    Raises
    ------
    ValueError
        If the comparison has several estimators and none is named, or is of other clips.

    See Also
    --------
    save : Takes it as its header.

    Notes
    -----
    ``sha256`` does not depend on where the clips lie, nor on their order: it is the SHA-256 of
    lines ``<hash> <emotion>``, sorted, each ended by a line feed. The hash is a file's
    SHA-256, so that ``sha256sum`` finds it; of clips in memory, their float32 samples'.

    Examples
    --------
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.persistence import describe_training
    >>> corpus = make_emotional_speech(2, 3, ("anger", "sadness"), random_state=0)
    >>> training = describe_training(corpus, licence="CC0-1.0")["training"]
    >>> training["corpora"], training["n_speakers"]
    ([{'name': 'synthetic', 'n_clips': 12, 'licence': 'CC0-1.0'}], 2)
    """
    frame = corpus if isinstance(corpus, pd.DataFrame) else corpus.frame
    items = frame["path"] if isinstance(corpus, pd.DataFrame) else corpus.data
    if licence is None and not isinstance(corpus, pd.DataFrame):
        licence = _licences(frame, corpus.get("DESCR", ""))
    # what can be wrong comes before what takes long
    scores = {}
    if comparison is not None:
        scores["protocols"] = _describe_scores(frame, comparison, estimator, by)
    return plain({"training": _describe_data(frame, items, licence)} | scores)


def corpus_hash(items, emotions):
    """Hash recordings and their labels, wherever they lie and in whatever order.

    Parameters
    ----------
    items : sequence of path-like or ndarray
    emotions : sequence of str

    Returns
    -------
    str
        As :func:`describe_training` defines it.
    """
    lines = sorted(
        f"{_item_hash(item)} {emotion}\n" for item, emotion in zip(items, emotions, strict=True)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _item_hash(item):
    if is_path(item):
        with open(item, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(np.ascontiguousarray(item, "<f4").tobytes()).hexdigest()


def _describe_data(frame, items, licence):
    corpora = frame["corpus"] if "corpus" in frame else pd.Series(["corpus"] * len(frame))
    licences = licence if isinstance(licence, dict) else {}
    one_for_all = licence if isinstance(licence, str) else None
    speakers = frame["speaker"] if "speaker" in frame else pd.Series([None] * len(frame))
    return {
        "corpora": [
            {"name": str(name), "n_clips": int(n), "licence": licences.get(name, one_for_all)}
            for name, n in corpora.value_counts(sort=False).items()
        ],
        "n_clips": len(frame),
        "n_speakers": None if speakers.isna().any() else int(speakers.nunique()),
        "emotions": {str(e): int(n) for e, n in frame["emotion"].value_counts().items()},
        "sha256": corpus_hash(items, frame["emotion"]),
    }


def _licences(frame, text):
    """Find each corpus's licence in its loader's description, where there is one for each."""
    found = re.findall(r"^Licence +(.+)$", text, flags=re.MULTILINE)
    names = frame["corpus"].unique() if "corpus" in frame else []
    return dict(zip(names, found, strict=True)) if len(found) == len(names) else None


def _describe_scores(frame, comparison, estimator, by):
    if estimator is None:
        if len(comparison.estimators) > 1:
            raise ValueError(
                f"describe_training: the comparison has the estimators {comparison.estimators}. "
                "Say which of them the model is, with estimator=."
            )
        estimator = comparison.estimators[0]
    if comparison.predictions["index"].max() >= len(frame):
        raise ValueError(
            f"describe_training: the comparison is of clip {comparison.predictions['index'].max()} "
            f"and others, and the corpus has {len(frame)} clips. Pass the corpus it is of."
        )
    columns = _SCORES + tuple(f"{score}_{end}" for score in _SCORES for end in ("low", "high"))
    rows = {name: comparison.row(estimator, name) for name in comparison.protocols}
    last, gap = comparison.protocols[-1], comparison.gap
    gap = gap[gap["estimator"] == estimator].drop(columns="estimator")
    return {
        "estimator": estimator,
        "chance": comparison.chance,
        "confidence_level": comparison.settings["confidence_level"],
        "random_state": comparison.settings["random_state"],
        "scores": {
            name: {column: row[column] for column in columns + _COUNTS if column in row}
            for name, row in rows.items()
        },
        "gap": gap.to_dict("records"),
        "groups_under": last,
        "emotions": _recalls(comparison.confusion(estimator, last)),
        "groups": _group_tables(frame, comparison, estimator, last, by),
        "notes": list(comparison.notes),
    }


def _recalls(confusion):
    counts = confusion.to_numpy()
    return {
        str(name): row[n] / row.sum()
        for n, (name, row) in enumerate(zip(confusion.index, counts, strict=True))
        if row.sum()
    }


def _group_tables(frame, comparison, estimator, protocol, by):
    if by is None:
        by = [name for name in _GROUPS if name in frame and frame[name].nunique() > 1]
    known = frame[list(by)].astype(object)
    # pandas tells missing values apart, which no group is
    known = known.where(known.notna(), "not known")
    chosen = {"estimators": [estimator], "protocols": [protocol]}
    tables = {name: group_results(comparison, known, by=name, **chosen) for name in by}
    if comparison.predictions["speaker"].notna().all():
        tables["speaker"] = group_results(comparison, **chosen)
    return {name: _worst_first(table) for name, table in tables.items()}


def _worst_first(table):
    rows = table.drop(columns=["estimator", "protocol"])
    return rows.sort_values("uar", kind="stable").to_dict("records")
