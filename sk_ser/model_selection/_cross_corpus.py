"""Train on some corpora, test on another: which clips, and which labels."""

from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sk_ser.model_selection._checks import check_labels, check_several, one_per_clip, warn
from sk_ser.model_selection._protocol_plan import ProtocolPlan


def pair_corpora(corpora: ArrayLike, y: ArrayLike) -> dict[str, list]:
    """Train on one corpus and test on another, for every ordered pair of corpora.

    Corpora differ in language, microphones, actors and in the names of emotions, so a model
    that is good within one corpus may fail on the next [1]_. Each pair is a protocol of its
    own: a score pooled over pairs would count each clip once for every training corpus, and
    mix easy pairs with hard ones.

    Test clips of an emotion that the training corpus lacks are left out with a warning,
    because no model could get them right. Clips of an emotion that the test corpus lacks
    stay in training: the model may predict it.

    Parameters
    ----------
    corpora : array-like of shape (n_clips,)
        Corpus of each clip, such as the column ``corpus`` of a corpus's ``frame``.
    y : array-like of shape (n_clips,)
        Emotions, in one vocabulary (see :func:`~sk_ser.datasets.concat_corpora`).

    Returns
    -------
    dict of str to list of (ndarray, ndarray)
        A name such as ``"emodb -> ravdess"``, and the indices of the training and of the test
        clips of its one fold. Pass it to :func:`compare_protocols` as ``protocols``, where
        the name ``"cross-corpus"`` stands for the same.

    Raises
    ------
    ValueError
        If there is one corpus only, or two have fewer than two emotions in common.

    Warns
    -----
    EvaluationWarning
        If test clips are left out.

    References
    ----------
    .. [1] B. Schuller et al., "Cross-Corpus Acoustic Emotion Recognition: Variances and
       Strategies", IEEE Transactions on Affective Computing 1(2), 2010, pp. 119-131.

    Examples
    --------
    >>> from sk_ser.model_selection import pair_corpora
    >>> emotions = ["anger", "calm", "anger", "calm"]
    >>> pairs = pair_corpora(["emodb", "emodb", "tess", "tess"], emotions)
    >>> for name, [(train, test)] in pairs.items():
    ...     print(name, train, test)
    emodb -> tess [0 1] [2 3]
    tess -> emodb [2 3] [0 1]
    """
    y = check_labels(y, len(y))
    plans = plan_pairs(one_per_clip(corpora, "corpora", "corpus", len(y)), y)
    warn([fault for plan in plans.values() for fault in plan.faults])
    return {name: plan.splitter for name, plan in plans.items()}


def plan_pairs(corpora, y, groups=None):
    """Plan the fold of every ordered pair of corpora.

    Parameters
    ----------
    corpora, y : ndarray of shape (n_clips,)
        Corpus and label of each clip.
    groups : ndarray of shape (n_clips,), default=None
        Speakers. Names that several corpora have in common are noted.

    Returns
    -------
    dict of str to ProtocolPlan
        By a name such as ``"emodb -> ravdess"``.
    """
    plans = {}
    for source, target in permutations(_names(corpora), 2):
        name = f"{source} -> {target}"
        fold, faults = _keep_trained(name, corpora == source, corpora == target, y)
        plans[name] = ProtocolPlan([fold], groups, _note_untested(name, *fold, y), faults)
    next(iter(plans.values())).faults += _note_same_names(corpora, groups)
    return plans


def plan_leave_one_corpus_out(corpora, y, groups):
    """Plan one fold for each corpus, tested by a model of all others.

    Parameters
    ----------
    corpora, y : ndarray of shape (n_clips,)
        Corpus and label of each clip.
    groups : ndarray of shape (n_clips,) or None
        Speakers. Names that several corpora have in common are noted.

    Returns
    -------
    ProtocolPlan
    """
    folds, faults, names = [], [], _names(corpora)
    for name in names:
        test = corpora == name
        fold, fault = _keep_trained(f"leave-one-corpus-out: leave out {name}", ~test, test, y)
        folds.append(fold)
        faults += fault
    order = ", ".join(f"{number} tests {name}" for number, name in enumerate(names))
    faults += _note_same_names(corpora, groups)
    return ProtocolPlan(folds, groups, [f"leave-one-corpus-out: fold {order}."], faults)


def _names(corpora):
    remedy = ", such as with sk_ser.datasets.concat_corpora"
    return np.unique(check_several(corpora, "corpora", "corpus", remedy)).tolist()


def _keep_trained(name, train, test, y):
    """Leave out test clips whose label no training clip has, and describe which."""
    train, test = np.flatnonzero(train), np.flatnonzero(test)
    common = np.intersect1d(y[train], y[test]).tolist()
    if len(common) < 2:
        raise ValueError(
            f"{name}: {_list(common) or 'no emotion'} is all that training and test clips have in "
            "common. Give emotions common names, such as with concat_corpora(..., label_map=), or "
            "leave a corpus out."
        )
    kept = np.isin(y[test], common)
    if kept.all():
        return (train, test), []
    fault = (
        f"{name}: no training clip is {_list(np.setdiff1d(y[test], common).tolist())}, so the "
        f"{np.sum(~kept)} of {len(test)} test clips that are were left out, and UAR is over "
        f"{len(common)} classes (chance {100 / len(common):.1f} %)."
    )
    return (train, test[kept]), [fault]


def _note_untested(name, train, test, y):
    """Note labels that the model may predict and that no test clip has."""
    untested = np.setdiff1d(y[train], y[test]).tolist()
    if not untested:
        return []
    n_tested, n_trained = len(np.unique(y[test])), len(np.unique(y[train]))
    return [
        f"{name}: no test clip is {_list(untested)}, which the model may still predict: UAR is "
        f"over {n_tested} classes, and a guess among all {n_trained} has {100 / n_trained:.1f} %."
    ]


def _note_same_names(corpora, groups):
    """Note names of speakers that occur in several corpora, more likely of two people."""
    if groups is None:
        return []
    n_corpora = pd.Series(corpora).groupby(groups).nunique()
    same = n_corpora.index[n_corpora > 1].tolist()
    if not same:
        return []
    more = f" (and {len(same) - 1} more are)" if same[1:] else ""
    return [
        f"groups: speaker {same[0]!r} is in several corpora{more}, and counts as one person. If "
        "these are different people, put the corpus before their names, as "
        "sk_ser.datasets.concat_corpora does."
    ]


def _list(labels):
    return " or ".join(repr(label) for label in labels)
