"""Protocols that have a name: how clips are split, and what a reader has to know of it."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold, StratifiedKFold

from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds


@dataclass
class Clips:
    """What folds are drawn of.

    Parameters
    ----------
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    metadata : DataFrame or None
        What else is known of each clip.
    """

    groups: np.ndarray | None
    metadata: pd.DataFrame | None = None

    def column(self, name, protocol):
        """Take what a protocol needs to know of each clip, or say that it is missing."""
        if self.metadata is None or name not in self.metadata:
            raise ValueError(
                f"protocol {protocol!r} needs to know the {name} of each clip. Pass metadata, a "
                f"DataFrame with a column {name!r} and a row a clip, as a corpus's frame is."
            )
        values = self.metadata[name]
        if values.isna().any():
            raise ValueError(
                f"protocol {protocol!r}: the {name} of {values.isna().sum()} clips is missing in "
                "metadata. Leave those clips out."
            )
        values = values.astype(str).to_numpy()
        if len(np.unique(values)) < 2:
            raise ValueError(
                f"protocol {protocol!r} needs at least two {_PLURALS[name]}, and metadata has "
                f"{values[0]!r} alone."
            )
        return values


_PLURALS = {"sentence": "sentences", "corpus": "corpora"}


@dataclass
class By:
    """A splitter by groups of its own, whatever the groups that it is handed."""

    splitter: object
    groups: np.ndarray

    def split(self, X, y, groups):
        return self.splitter.split(X, y, self.groups)


def _random(clips, n_splits, seed):
    return StratifiedKFold(n_splits, shuffle=True, random_state=seed), []


def _speaker_independent(clips, n_splits, seed):
    n_speakers = _count_speakers(clips.groups, "speaker-independent")
    if n_speakers > n_splits:
        return StratifiedGroupKFold(n_splits, shuffle=True, random_state=seed), []
    note = (
        f"speaker-independent: {n_speakers} speakers for n_splits={n_splits}, so each speaker "
        "is a fold (leave one speaker out)."
    )
    return LeaveOneGroupOut(), [note]


def _leave_one_speaker_out(clips, n_splits, seed):
    _count_speakers(clips.groups, "leave-one-speaker-out")
    return LeaveOneGroupOut(), []


def _sentence_independent(clips, n_splits, seed):
    sentences = clips.column("sentence", "sentence-independent")
    n_folds = min(n_splits, len(np.unique(sentences)))
    return By(StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed), sentences), []


def _speaker_and_sentence_independent(clips, n_splits, seed):
    name = "speaker-and-sentence-independent"
    sentences = clips.column("sentence", name)
    n_speakers = _count_speakers(clips.groups, name)
    folds = SpeakerSentenceFolds(min(n_splits, n_speakers), 2, shuffle=True, random_state=seed)
    note = (
        f"{name}: each fold trains on half the sentences by the other speakers, fewer clips than "
        "speaker-independent folds train on."
    )
    return By(folds, np.column_stack([clips.groups.astype(str), sentences])), [note]


def _leave_one_corpus_out(clips, n_splits, seed):
    return By(LeaveOneGroupOut(), clips.column("corpus", "leave-one-corpus-out")), []


#: Each makes a splitter, and notes, from (clips, n_splits, seed).
NAMED = {
    "random": _random,
    "speaker-independent": _speaker_independent,
    "leave-one-speaker-out": _leave_one_speaker_out,
    "sentence-independent": _sentence_independent,
    "speaker-and-sentence-independent": _speaker_and_sentence_independent,
    "leave-one-corpus-out": _leave_one_corpus_out,
}
#: Stands for a protocol for each ordered pair of corpora.
CROSS_CORPUS = "cross-corpus"


def corpus_pairs(clips):
    """Train on one corpus and test on another, for each two of them: folds by name."""
    corpora = clips.column("corpus", CROSS_CORPUS)
    rows = {name: np.flatnonzero(corpora == name) for name in np.unique(corpora)}
    return {f"{one} -> {other}": [(rows[one], rows[other])] for one, other in permutations(rows, 2)}


def _count_speakers(groups, name):
    if groups is None:
        raise ValueError(
            f"protocol {name!r} needs to know who speaks, and groups is None. Pass the speaker "
            'of each clip as groups, or ask for protocols=("random",) alone.'
        )
    n_speakers = len(np.unique(groups))
    if n_speakers < 2:
        raise ValueError(
            f"protocol {name!r} needs at least two speakers, and all clips are by "
            f'{groups[0].item()!r}. Add a speaker, or ask for protocols=("random",) alone.'
        )
    return n_speakers
