"""Entries of a header about training data, and about scores under each protocol."""

import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils import Bunch

from sk_ser._content import corpus_sha256
from sk_ser.model_selection import ProtocolComparison, group_results
from sk_ser.persistence._header import plain

#: Columns of a corpus's table whose groups are scored if there are several.
_GROUPS = ("sex", "corpus", "intensity")
_SCORES = ("uar", "accuracy", "f1_macro")
_COUNTS = ("n_folds", "n_speakers", "n_clips", "seen")


def describe_training(
    corpus: Bunch,
    comparison: ProtocolComparison | None = None,
    *,
    estimator: BaseEstimator | None = None,
    by: object = None,
    licence: str | dict[str, str] | None = None,
) -> dict:
    """Describe training data, and scores under each protocol, for a model's header.

    Parameters
    ----------
    corpus : Bunch or DataFrame
        The training data: what a loader such as :func:`~sk_ser.datasets.load_ravdess` returns,
        or its table, with columns ``path`` and ``emotion``.
    comparison : ProtocolComparison or None, default=None
        From :func:`~sk_ser.model_selection.compare_protocols`, of the same clips in the same
        order.
    estimator : str or None, default=None
        Name of the model in the comparison; may be left out if there is one estimator.
    by : sequence of str or None, default=None
        Columns of the table whose groups are scored separately. By default ``sex``, ``corpus``
        and ``intensity``, each if it has several values. Speakers are always scored.
    licence : str, dict of str to str, or None, default=None
        Licence of the recordings, or licences by name of the corpus. By default the
        ``licences`` that the loader gives.

    Returns
    -------
    dict
        ``training``: ``corpora`` (``name``, ``n_clips``, and ``licence``, None if unknown),
        ``n_clips``, ``n_speakers``, ``emotions`` with their numbers of clips, ``sha256``;
        ``left_out``, if :func:`~sk_ser.datasets.clean_corpora` left recordings out, their numbers.

        ``protocols``, with a comparison: ``estimator``; ``scores`` (``uar``, ``accuracy``,
        ``f1_macro``), from 0 to 1 with intervals, by protocol; ``gap``, in percentage points;
        ``emotions``, the recall of each; ``groups``, results by group, the lowest first;
        ``groups_under``, the protocol of the groups and recalls, which is the last one, such as
        "speaker-independent"; ``chance``; ``confidence_level``; ``notes``.

    Raises
    ------
    ValueError
        If the comparison has several estimators and none is named, or is of other clips.

    See Also
    --------
    save : Takes the result as its header.

    Notes
    -----
    ``sha256`` does not depend on folders or on the order of clips: it is the SHA-256 of sorted
    lines ``<hash> <emotion>``, each ended by a line feed. The hash of a file is what ``sha256sum``
    prints; that of a clip in memory is the SHA-256 of its float32 samples.

    Examples
    --------
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.persistence import describe_training
    >>> corpus = make_emotional_speech(2, 3, ("anger", "sadness"), random_state=0)
    >>> training = describe_training(corpus, licence="CC0-1.0")["training"]
    >>> training["corpora"], training["n_speakers"]
    ([{'name': 'synthetic', 'n_clips': 12, 'licence': 'CC0-1.0'}], 2)
    """
    is_table = isinstance(corpus, pd.DataFrame)
    frame, items = (corpus, corpus["path"]) if is_table else (corpus.frame, corpus.data)
    if licence is None:
        licence = {} if is_table else corpus.get("licences", {})
    # arguments are checked before hashing, which takes long
    scores = {}
    if comparison is not None:
        scores["protocols"] = _describe_scores(frame, comparison, estimator, by)
    training = _describe_data(frame, items, licence)
    if not is_table and corpus.get("left_out"):
        training["left_out"] = corpus.left_out
    return plain({"training": training} | scores)


def _describe_data(frame, items, licence):
    corpora = frame["corpus"] if "corpus" in frame else pd.Series(["corpus"] * len(frame))
    if isinstance(licence, str):
        licence = dict.fromkeys(corpora, licence)
    speakers = frame["speaker"] if "speaker" in frame else pd.Series([None] * len(frame))
    return {
        "corpora": [
            {"name": str(name), "n_clips": int(n), "licence": licence.get(name)}
            for name, n in corpora.value_counts(sort=False).items()
        ],
        "n_clips": len(frame),
        "n_speakers": None if speakers.isna().any() else int(speakers.nunique()),
        "emotions": {str(e): int(n) for e, n in frame["emotion"].value_counts().items()},
        "sha256": corpus_sha256(items, frame["emotion"]),
    }


def _describe_scores(frame, comparison, estimator, by):
    if estimator is None:
        if len(comparison.estimators) > 1:
            raise ValueError(
                f"describe_training: the comparison has the estimators {comparison.estimators}. "
                "Name that of the model with estimator=."
            )
        estimator = comparison.estimators[0]
    if comparison.predictions["index"].max() >= len(frame):
        raise ValueError(
            f"describe_training: the comparison is of clip {comparison.predictions['index'].max()} "
            f"and others, and the corpus has {len(frame)} clips. Pass the corpus of the comparison."
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
        "emotions": {
            str(name): row[name] / row.sum()
            for name, row in comparison.confusion(estimator, last).iterrows()
            if row.sum()
        },
        "groups": _group_tables(frame, comparison, estimator, last, by),
        "notes": list(comparison.notes),
    }


def _group_tables(frame, comparison, estimator, protocol, by):
    if by is None:
        by = [name for name in _GROUPS if name in frame and frame[name].nunique() > 1]
    known = frame[list(by)].astype(object)
    # missing values become one group
    known = known.where(known.notna(), "not known")
    chosen = {"estimators": [estimator], "protocols": [protocol]}
    tables = {name: group_results(comparison, known, by=name, **chosen) for name in by}
    if comparison.predictions["speaker"].notna().all():
        tables["speaker"] = group_results(comparison, **chosen)
    return {
        name: table.drop(columns=["estimator", "protocol"])
        .sort_values("uar", kind="stable")
        .to_dict("records")
        for name, table in tables.items()
    }
