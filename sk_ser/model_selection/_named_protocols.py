"""The built-in protocols, and how each draws its folds."""

import numpy as np
from sklearn.model_selection import (
    LeaveOneGroupOut,
    StratifiedGroupKFold,
    StratifiedKFold,
    check_cv,
)

from sk_ser.model_selection._cross_corpus import (
    draw_pairs,
    leave_one_corpus_out,
    note_untested,
    shared_speakers,
)
from sk_ser.model_selection._protocol_registry import ProtocolPlan, register_protocol
from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds


def pair_speakers_with_sentences(data):
    """Make groups of two columns, as :class:`SpeakerSentenceFolds` takes them.

    Parameters
    ----------
    data : ProtocolData
        What is known of the clips.

    Returns
    -------
    ndarray of shape (n_clips, 2)
        Speaker and sentence of each clip.
    """
    pairs = np.empty((len(data.y), 2), dtype=object)
    pairs[:, 0], pairs[:, 1] = data.speakers(), data.several("sentence")
    return pairs


def _random(data, n_splits, seed):
    splitter = StratifiedKFold(n_splits, shuffle=True, random_state=seed)
    return ProtocolPlan(splitter, data.groups)


def _speaker_independent(data, n_splits, seed):
    return _by_group(data.speakers(), "speaker", data.protocol, n_splits, seed)


def _leave_one_speaker_out(data, n_splits, seed):
    return ProtocolPlan(LeaveOneGroupOut(), data.speakers())


def _sentence_independent(data, n_splits, seed):
    return _by_group(data.several("sentence"), "sentence", data.protocol, n_splits, seed)


def _by_group(values, what, name, n_splits, seed):
    n_values = len(np.unique(values))
    if n_values > n_splits:
        splitter = StratifiedGroupKFold(n_splits, shuffle=True, random_state=seed)
        return ProtocolPlan(splitter, values)
    note = (
        f"{name}: {n_values} {what}s for n_splits={n_splits}, so each {what} "
        f"is a fold (leave one {what} out)."
    )
    return ProtocolPlan(LeaveOneGroupOut(), values, [note])


def _speaker_and_sentence_independent(data, n_splits, seed):
    splitter = SpeakerSentenceFolds(n_splits, 2, shuffle=True, random_state=seed)
    return ProtocolPlan(splitter, pair_speakers_with_sentences(data))


def _leave_one_corpus_out(data, n_splits, seed):
    name, corpora = data.protocol, data.column("corpus")
    folds = leave_one_corpus_out(corpora, data.y)
    order = ", ".join(f"{number} tests {corpus}" for number, (corpus, _, _) in enumerate(folds))
    faults = [f"{name}: {fault}" for _, _, fault in folds if fault]
    faults += _same_names(name, corpora, data.groups)
    splitter = check_cv([fold for _, fold, _ in folds])
    return ProtocolPlan(splitter, data.groups, [f"{name}: fold {order}."], faults)


def _cross_corpus(data, n_splits, seed):
    corpora = data.column("corpus")
    plans = {
        name: ProtocolPlan(
            check_cv([fold]),
            data.groups,
            note_untested(name, *fold, data.y),
            [fault] if fault else [],
        )
        for name, fold, fault in draw_pairs(corpora, data.y)
    }
    next(iter(plans.values())).faults += _same_names(data.protocol, corpora, data.groups)
    return plans


def _same_names(name, corpora, groups):
    same = shared_speakers(corpora, groups)
    if not same:
        return []
    return [
        f"{name}: speaker {same[0]!r} is in several corpora"
        + (f" (and {len(same) - 1} more are)" if same[1:] else "")
        + ", and counts as one person. If these are different people, put the corpus before "
        "their names, as sk_ser.datasets.concat_corpora does."
    ]


for _name, _plan in (
    ("random", _random),
    ("speaker-independent", _speaker_independent),
    ("leave-one-speaker-out", _leave_one_speaker_out),
    ("sentence-independent", _sentence_independent),
    ("speaker-and-sentence-independent", _speaker_and_sentence_independent),
    ("leave-one-corpus-out", _leave_one_corpus_out),
    ("cross-corpus", _cross_corpus),
):
    register_protocol(_name, _plan)
