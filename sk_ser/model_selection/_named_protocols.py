"""Protocols that are asked for by name, and how each draws its folds."""

from dataclasses import dataclass, field

import numpy as np
from sklearn.model_selection import (
    LeaveOneGroupOut,
    StratifiedGroupKFold,
    StratifiedKFold,
    check_cv,
)

from sk_ser.model_selection._checks import take_column
from sk_ser.model_selection._cross_corpus import (
    draw_pairs,
    leave_one_corpus_out,
    shared_speakers,
    tell_untested,
)
from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds


@dataclass
class Clips:
    """What protocols may divide clips by.

    Parameters
    ----------
    y : ndarray of shape (n_clips,)
        Labels.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    metadata : DataFrame, dict or None
        Whatever else is known of each clip, by column.
    """

    y: np.ndarray
    groups: np.ndarray | None = None
    metadata: object = None

    def column(self, name, protocol):
        """Values of a column of the metadata, or an error that names the protocol."""
        return take_column(self.metadata, name, len(self.y), protocol=protocol)


@dataclass
class Plan:
    """How the folds of one protocol are drawn.

    Parameters
    ----------
    splitter : splitter
        As scikit-learn has them.
    groups : ndarray or None
        What it is handed as groups.
    notes, faults : list of str
        What a reader has to know, and what is worth a warning.
    """

    splitter: object
    groups: np.ndarray | None
    notes: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def plan_named(protocol, clips, n_splits, seed):
    """Plan a protocol by its name.

    Parameters
    ----------
    protocol : str
        One of :data:`NAMED`.
    clips : Clips
        What is known of the clips.
    n_splits : int
        Folds.
    seed : int
        For protocols that shuffle.

    Returns
    -------
    dict of str to Plan
        One under the protocol's name, or several that it stands for.

    Raises
    ------
    ValueError
        If the name is unknown, or the protocol asks for what is not known of the clips.
    """
    if protocol not in NAMED:
        raise ValueError(
            f"protocol {protocol!r} is unknown. Known are {', '.join(NAMED)}; pass any other "
            "as a dict of name to splitter."
        )
    plans = NAMED[protocol](clips, n_splits, seed)
    return plans if isinstance(plans, dict) else {protocol: plans}


def pair_speakers_with_sentences(clips, protocol):
    """Make groups of two columns, as :class:`SpeakerSentenceFolds` takes them.

    Parameters
    ----------
    clips : Clips
        What is known of the clips.
    protocol : str
        Who asks.

    Returns
    -------
    ndarray of shape (n_clips, 2)
        Speaker and sentence of each clip.
    """
    _check_several(clips.groups, "speaker", protocol)
    sentences = clips.column("sentence", protocol)
    _check_several(sentences, "sentence", protocol)
    pairs = np.empty((len(clips.y), 2), dtype=object)
    pairs[:, 0], pairs[:, 1] = clips.groups, sentences
    return pairs


def _random(clips, n_splits, seed):
    splitter = StratifiedKFold(n_splits, shuffle=True, random_state=seed)
    return Plan(splitter, clips.groups)


def _speaker_independent(clips, n_splits, seed):
    return _by_group(clips.groups, "speaker", "speaker-independent", n_splits, seed)


def _leave_one_speaker_out(clips, n_splits, seed):
    _check_several(clips.groups, "speaker", "leave-one-speaker-out")
    return Plan(LeaveOneGroupOut(), clips.groups)


def _sentence_independent(clips, n_splits, seed):
    name = "sentence-independent"
    return _by_group(clips.column("sentence", name), "sentence", name, n_splits, seed)


def _by_group(values, what, name, n_splits, seed):
    n_values = _check_several(values, what, name)
    if n_values > n_splits:
        return Plan(StratifiedGroupKFold(n_splits, shuffle=True, random_state=seed), values)
    note = (
        f"{name}: {n_values} {what}s for n_splits={n_splits}, so each {what} "
        f"is a fold (leave one {what} out)."
    )
    return Plan(LeaveOneGroupOut(), values, [note])


def _speaker_and_sentence_independent(clips, n_splits, seed):
    name = "speaker-and-sentence-independent"
    groups = pair_speakers_with_sentences(clips, name)
    splitter = SpeakerSentenceFolds(n_splits, 2, shuffle=True, random_state=seed)
    return Plan(splitter, groups)


def _leave_one_corpus_out(clips, n_splits, seed):
    name = "leave-one-corpus-out"
    corpora = clips.column("corpus", name)
    folds = leave_one_corpus_out(corpora, clips.y)
    order = ", ".join(f"{number} tests {corpus}" for number, (corpus, _, _) in enumerate(folds))
    faults = [f"{name}: {told}" for _, _, told in folds if told]
    faults += _same_names(name, corpora, clips.groups)
    splitter = check_cv([fold for _, fold, _ in folds])
    return Plan(splitter, clips.groups, [f"{name}: fold {order}."], faults)


def _cross_corpus(clips, n_splits, seed):
    corpora = clips.column("corpus", "cross-corpus")
    plans = {
        name: Plan(
            check_cv([fold]),
            clips.groups,
            tell_untested(name, *fold, clips.y),
            [told] if told else [],
        )
        for name, fold, told in draw_pairs(corpora, clips.y)
    }
    next(iter(plans.values())).faults += _same_names("cross-corpus", corpora, clips.groups)
    return plans


#: Each makes a Plan, or several by name, from (clips, n_splits, seed).
NAMED = {
    "random": _random,
    "speaker-independent": _speaker_independent,
    "leave-one-speaker-out": _leave_one_speaker_out,
    "sentence-independent": _sentence_independent,
    "speaker-and-sentence-independent": _speaker_and_sentence_independent,
    "leave-one-corpus-out": _leave_one_corpus_out,
    "cross-corpus": _cross_corpus,
}


def _check_several(values, what, name):
    """Count speakers, or sentences, of whom a protocol needs two."""
    if values is None:
        raise ValueError(
            f"protocol {name!r} needs to know who speaks, and groups is None. Pass the speaker "
            'of each clip as groups, or ask for protocols=("random",) alone.'
        )
    n_values = len(np.unique(values))
    if n_values < 2:
        by = "by" if what == "speaker" else f"of the {what}"
        raise ValueError(
            f"protocol {name!r} needs at least two {what}s, and all clips are {by} "
            f'{values[0].item()!r}. Add a {what}, or ask for protocols=("random",) alone.'
        )
    return n_values


def _same_names(name, corpora, groups):
    same = shared_speakers(corpora, groups)
    if not same:
        return []
    return [
        f"{name}: speaker {same[0]!r} is in several corpora"
        + (f" (and {len(same) - 1} more are)" if same[1:] else "")
        + ", and is taken for one voice. If these are different people, put the corpus before "
        "their names, as sk_ser.datasets.concat_corpora does."
    ]
