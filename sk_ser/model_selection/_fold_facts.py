"""What to know of folds before their scores are quoted."""

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from sk_ser.model_selection._speaker_sentence_folds import SpeakerSentenceFolds


def add_facts(protocol, splitter, clips):
    """Add notes and faults that follow from the folds.

    Parameters
    ----------
    protocol : Protocol
        Is changed.
    splitter : splitter
        What drew the folds.
    clips : Clips
        The clips.
    """
    name, y, folds = protocol.name, clips.y, protocol.folds
    protocol.faults += _untrainable_classes(protocol, y, clips.groups)
    if isinstance(splitter, StratifiedKFold | StratifiedGroupKFold):
        protocol.faults += _rare_classes(name, y, splitter.get_n_splits())
    if isinstance(splitter, SpeakerSentenceFolds):
        share = np.mean([len(train) for train, _ in folds]) / len(y)
        protocol.notes.append(
            f"{name}: its {len(folds)} folds train on {100 * share:.0f} % of the clips, because "
            "those that share only a speaker or a sentence with the test clips are left out. Part "
            "of a gap to a protocol that trains on more is due to that."
        )


def _rare_classes(name, y, n_splits):
    """Name classes that some folds do not test."""
    classes, counts = np.unique(y, return_counts=True)
    return [
        f"{name}: class {label!r} has {count} clips for {n_splits} folds, so not every fold "
        "tests it. Add clips, or ask for fewer folds."
        for label, count in zip(classes.tolist(), counts, strict=True)
        if count < n_splits
    ]


def _untrainable_classes(protocol, y, groups):
    """Name classes never trained on when tested: their recall is 0 whatever the model."""
    faults = []
    for label in np.unique(y).tolist():
        of_class = y == label
        tested = [train for train, test in protocol.folds if of_class[test].any()]
        if not tested or any(of_class[train].any() for train in tested):
            continue
        speakers = [] if groups is None else np.unique(groups[of_class]).tolist()
        alone = f" Only speaker {speakers[0]!r} has it." if len(speakers) == 1 else ""
        faults.append(
            f"{protocol.name}: class {label!r} is in no training part of a fold that tests it, "
            f"so its recall is 0 by construction.{alone} Leave the class out, or add clips of it "
            "by others."
        )
    return faults


def share_seen(train, test, groups):
    """Share of the test clips whose speaker is also in the training part.

    Parameters
    ----------
    train, test : ndarray of int
        Indices of the clips.
    groups : ndarray of shape (n_clips,) or None
        Speakers.

    Returns
    -------
    float
        From 0, every test speaker is unseen, to 1, none is; NaN without speakers.
    """
    return np.nan if groups is None else float(np.isin(groups[test], groups[train]).mean())


def few_speakers(groups):
    """Make a fault of one or two speakers, over whom an interval means little."""
    if groups is None or (n_speakers := len(np.unique(groups))) > 2:
        return []
    return [
        f"groups: {n_speakers} speaker{'s' * (n_speakers > 1)}. An interval over so few says next "
        "to nothing, and one alone has none. Add speakers before you draw conclusions about new "
        "ones."
    ]
