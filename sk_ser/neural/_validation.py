"""Validation clips of early stopping: of other speakers, where speakers are known."""

import warnings

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from sk_ser.model_selection import EvaluationWarning


def hold_out(codes, groups, by, fraction, seed):
    """Split clips into training and validation clips.

    Parameters
    ----------
    codes : ndarray of shape (n_clips,)
        Classes.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    by : True or "clips"
        Whether to leave out speakers, or clips of all speakers.
    fraction : float
        Approximate share of clips to leave out.
    seed : int
        Seed of the split.

    Returns
    -------
    train, valid : ndarray of int
        Rows. If there are at least two speakers, all clips of a speaker are on one side.
    speakers : {"unseen speakers", "seen speakers"}
        Whose the validation clips are.

    Warns
    -----
    EvaluationWarning
        If speakers are to be left out, and they are not known or there is only one.
    """
    n_speakers = 0 if groups is None or by == "clips" else len(np.unique(groups))
    n_splits, are_unseen = round(1 / fraction), n_speakers >= 2
    if not are_unseen and by != "clips":
        _warn_of_seen_speakers("groups has one speaker" if n_speakers else "groups is None")
    kind = StratifiedGroupKFold if are_unseen else StratifiedKFold
    with warnings.catch_warnings():
        # a class with fewer clips than folds may be missing in some
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        most = n_speakers if are_unseen else len(codes)
        n_splits = max(2, min(n_splits, most, np.bincount(codes).max()))
        folds = kind(n_splits, shuffle=True, random_state=seed)
        splits = list(folds.split(codes, codes, groups if are_unseen else None))
    # the first split whose training clips have the most classes
    best = max(splits, key=lambda split: len(np.unique(codes[split[0]])))
    return *best, "unseen speakers" if are_unseen else "seen speakers"


def _warn_of_seen_speakers(why):
    warnings.warn(
        f"early_stopping=True, but {why}: the validation clips are of speakers seen in training, "
        "so their scores are too high. Pass speakers, fit(X, y, groups=speakers), or "
        'early_stopping="clips" if this is intended.',
        EvaluationWarning,
        stacklevel=6,
    )
