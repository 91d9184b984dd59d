"""The clips that early stopping looks at: of other speakers, where speakers are known."""

import warnings

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from sk_ser.model_selection import EvaluationWarning


def hold_out(codes, groups, by, fraction, seed):
    """Choose training clips and the clips to validate on.

    Parameters
    ----------
    codes : ndarray of shape (n_clips,)
        Classes.
    groups : ndarray of shape (n_clips,) or None
        Speakers.
    by : True or "clips"
        Whether to hold out speakers, or clips whoever speaks.
    fraction : float
        About the share of clips to hold out.
    seed : int
        Seed of the choice.

    Returns
    -------
    train, valid : ndarray of int
        Rows; all clips of a speaker are on one side if there are two speakers.
    voices : {"unheard voices", "heard voices"}
        What the validation clips are, to the net.

    Warns
    -----
    EvaluationWarning
        If speakers are to be held out, and they are not known, or it is one.
    """
    n_speakers = 0 if groups is None or by == "clips" else len(np.unique(groups))
    n_splits = round(1 / fraction)
    if n_speakers >= 2:
        kind, n_splits, voices = StratifiedGroupKFold, min(n_splits, n_speakers), "unheard voices"
    else:
        kind, n_splits, voices = StratifiedKFold, min(n_splits, len(codes)), "heard voices"
        if by != "clips":
            _warn_of_heard_voices(
                "groups name one speaker" if n_speakers else "no groups were given"
            )
    with warnings.catch_warnings():
        # a class with fewer clips than folds is not in each of them, and need not be
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        n_splits = max(2, min(n_splits, np.bincount(codes).max()))
        folds = kind(n_splits, shuffle=True, random_state=seed)
        splits = list(folds.split(codes, codes, groups if n_speakers >= 2 else None))
    return *_one_that_keeps_classes(splits, codes), voices


def _warn_of_heard_voices(why):
    warnings.warn(
        f"early_stopping=True and {why}: the clips that decide when to stop are of voices heard in "
        "training, which flatters them. Hand speakers to fit, fit(X, y, groups=speakers), or "
        'say early_stopping="clips" if that is meant.',
        EvaluationWarning,
        stacklevel=6,
    )


def _one_that_keeps_classes(splits, codes):
    """Take the first split that leaves every class to learn from, or the one that leaves most."""
    return max(splits, key=lambda split: len(np.unique(codes[split[0]])))
