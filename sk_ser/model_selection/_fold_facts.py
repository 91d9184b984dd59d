"""What to know of folds before their scores are quoted."""

import numpy as np


def drop_empty(protocol):
    """Leave out folds without test clips: few speakers in many folds can make them."""
    kept = [(train, test) for train, test in protocol.folds if len(train) and len(test)]
    empty = len(protocol.folds) - len(kept)
    if empty:
        protocol.folds = kept
        protocol.faults.append(
            f"{protocol.name}: {empty} folds had no training or no test clips and were left out. "
            "Ask for fewer folds."
        )
    if not kept:
        raise ValueError(f"protocol {protocol.name!r}: every fold is empty. Check its indices.")


def note_share_trained(protocol, n_clips):
    """Note how much is left to train on where clips are in neither part."""
    share = np.mean([len(train) for train, _ in protocol.folds]) / n_clips
    return (
        f"{protocol.name}: its {len(protocol.folds)} folds train on {100 * share:.0f} % of the "
        "clips, because those that share only a speaker or a sentence with the test clips are "
        "left out. Part of a gap to a protocol that trains on more is due to that."
    )


def rare_classes(name, y, n_splits):
    """Name classes that some folds do not test."""
    classes, counts = np.unique(y, return_counts=True)
    return [
        f"{name}: class {label!r} has {count} clips for {n_splits} folds, so not every fold "
        "tests it. Add clips, or ask for fewer folds."
        for label, count in zip(classes.tolist(), counts, strict=True)
        if count < n_splits
    ]


def untrainable_classes(protocol, y, groups):
    """Name classes never trained on when tested: their recall is 0 whatever the model."""
    faults = []
    for label in np.unique(y).tolist():
        of_class = y == label
        tested = [train for train, test in protocol.folds if of_class[test].any()]
        if not tested or any(of_class[train].any() for train in tested):
            continue
        who = "" if groups is None else f" Only speaker {groups[of_class][0].item()!r} has it."
        alone = groups is not None and len(np.unique(groups[of_class])) == 1
        faults.append(
            f"{protocol.name}: class {label!r} is in no training part of a fold that tests it, "
            f"so its recall is 0 by construction.{who if alone else ''} Leave the class out, or "
            "add clips of it by others."
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
