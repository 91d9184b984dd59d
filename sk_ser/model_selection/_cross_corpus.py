"""Train on some corpora, test on another: which clips, and which labels."""

from itertools import permutations

import numpy as np

from sk_ser.model_selection._checks import check_labels, one_per_clip, warn


def pair_corpora(corpora, y):
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
    pairs = draw_pairs(one_per_clip(corpora, "corpora", "corpus", len(y)), y)
    warn([fault for _, _, fault in pairs if fault])
    return {name: [fold] for name, fold, _ in pairs}


def draw_pairs(corpora, y):
    """Make the fold of every ordered pair of corpora.

    Parameters
    ----------
    corpora, y : ndarray of shape (n_clips,)
        Corpus and label of each clip.

    Returns
    -------
    list of (str, (ndarray, ndarray), str)
        Name, indices of the training and test clips, and what was left out, if anything.
    """
    pairs = []
    for source, target in permutations(_names(corpora), 2):
        name = f"{source} -> {target}"
        train, test = np.flatnonzero(corpora == source), np.flatnonzero(corpora == target)
        pairs.append((name, *_keep_trained(name, train, test, y)))
    return pairs


def leave_one_corpus_out(corpora, y):
    """Make one fold for each corpus, tested by a model of all others.

    Parameters
    ----------
    corpora, y : ndarray of shape (n_clips,)
        Corpus and label of each clip.

    Returns
    -------
    list of (str, (ndarray, ndarray), str)
        The corpus that is tested, indices, and what was left out, if anything.
    """
    folds = []
    for name in _names(corpora):
        train, test = np.flatnonzero(corpora != name), np.flatnonzero(corpora == name)
        folds.append((name, *_keep_trained(f"leave out {name}", train, test, y)))
    return folds


def note_untested(name, train, test, y):
    """Note labels that the model may predict and that no test clip has.

    Parameters
    ----------
    name : str
        Of the pair.
    train, test : ndarray of int
        Its clips.
    y : ndarray of shape (n_clips,)
        Labels.

    Returns
    -------
    list of str
        One note, or none.
    """
    untested = np.setdiff1d(y[train], y[test]).tolist()
    if not untested:
        return []
    n_tested, n_trained = len(np.unique(y[test])), len(np.unique(y[train]))
    return [
        f"{name}: no test clip is {_list(untested)}, which the model may still predict: UAR is "
        f"over {n_tested} classes, and a guess among all {n_trained} has {100 / n_trained:.1f} %."
    ]


def shared_speakers(corpora, groups):
    """Find names of speakers that occur in several corpora, more likely of two people.

    Parameters
    ----------
    corpora : ndarray of shape (n_clips,)
        Corpus of each clip.
    groups : ndarray of shape (n_clips,) or None
        Speakers.

    Returns
    -------
    list
        Their names.
    """
    if groups is None:
        return []
    pairs = set(zip(groups.tolist(), corpora.tolist(), strict=True))
    names = [speaker for speaker, _ in pairs]
    return sorted({name for name in names if names.count(name) > 1}, key=str)


def _names(corpora):
    names = np.unique(corpora).tolist()
    if len(names) < 2:
        raise ValueError(
            f"all clips are of the corpus {names[0]!r}, and at least two are needed. Join corpora "
            "with sk_ser.datasets.concat_corpora."
        )
    return names


def _keep_trained(name, train, test, y):
    """Leave out test clips whose label no training clip has, and describe which."""
    common = np.intersect1d(y[train], y[test]).tolist()
    if len(common) < 2:
        raise ValueError(
            f"{name}: {_list(common) if common else 'no emotion'} is all that training and test "
            "clips have in common. Give emotions common names, such as with "
            "concat_corpora(..., label_map=), or leave a corpus out."
        )
    kept = np.isin(y[test], common)
    if kept.all():
        return (train, test), ""
    lacking = sorted(set(y[test][~kept].tolist()), key=str)
    fault = (
        f"{name}: no training clip is {_list(lacking)}, so the {np.sum(~kept)} of {len(test)} test "
        f"clips that are were left out, and UAR is over {len(common)} classes "
        f"(chance {100 / len(common):.1f} %)."
    )
    return (train, test[kept]), fault


def _list(labels):
    return " or ".join(repr(label) for label in labels)
