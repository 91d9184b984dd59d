"""The same models under several protocols, and how far a leaking split flatters."""

from sklearn.utils import indexable
from sklearn.utils.validation import _num_samples

from sk_ser.model_selection._checks import (
    check_estimators,
    check_groups,
    check_labels,
    check_metadata,
    warn,
)
from sk_ser.model_selection._evaluate import (
    check_options,
    compile_comparison,
    draw_seed,
    settle_failures,
    tell_few,
)
from sk_ser.model_selection._folds import run_folds
from sk_ser.model_selection._protocols import draw_protocols
from sk_ser.model_selection._scores import check_scoring


def compare_protocols(
    estimators,
    X,
    y,
    *,
    groups,
    protocols=("random", "speaker-independent"),
    n_splits=5,
    scoring=("uar", "accuracy", "f1_macro"),
    n_bootstrap=9999,
    confidence_level=0.95,
    random_state=None,
    n_jobs=None,
    verbose=False,
    on_error="raise",
    metadata=None,
):
    """Evaluate estimators under several protocols, and the gap between these.

    A random split puts clips of one speaker on both sides, so a model is asked
    about voices it knows; a speaker-independent split asks about new ones. The
    difference in unweighted average recall (UAR) is what the leak is worth [1]_.

    Everything that learns is fitted inside the fold, on clones. Speakers are
    handed to whatever in an estimator asks for them in ``fit``, so a
    :class:`~sklearn.model_selection.GridSearchCV` over
    :class:`~sklearn.model_selection.StratifiedGroupKFold` is tuned on training
    speakers only. Scores are of all folds' predictions pooled, for a fold of a
    few speakers may lack a class; a guess of one class that changes from fold to
    fold then comes out a little below chance. Intervals are percentile bootstrap intervals
    over speakers, each drawn with all clips; the gap's is paired. They tell how
    a result varies with who was recorded, given these models: not with another
    training set, nor another seed. Under about ten speakers they are too narrow.

    Parameters
    ----------
    estimators : estimator, list of (str, estimator), or dict of str to estimator
        Classifiers to be compared. Each ``random_state`` in them that is None
        is set from `random_state`.
    X : array-like of shape (n_clips, ...)
        Anything that scikit-learn can index: paths, ragged clips, vectors.
        With `n_jobs`, paths travel lighter to the processes than clips.
    y : array-like of shape (n_clips,)
        Emotions: text or integers.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip. With None there are no intervals, and no
        speaker-independent protocol.
    protocols : str, sequence of str, or dict of str to object
        Names are ``"random"``
        (:class:`~sklearn.model_selection.StratifiedKFold`, shuffled),
        ``"speaker-independent"``
        (:class:`~sklearn.model_selection.StratifiedGroupKFold`, shuffled; leave
        one speaker out, and a note, for `n_splits` speakers or fewer),
        ``"leave-one-speaker-out"``, and those that need `metadata`:
        ``"sentence-independent"``, ``"speaker-and-sentence-independent"``
        (:class:`~sk_ser.model_selection.SpeakerSentenceFolds`, with `n_splits` folds
        of speakers and two of sentences), ``"leave-one-corpus-out"``, and ``"cross-corpus"``, which
        stands for a protocol for each ordered pair of corpora, such as
        ``"emodb -> ravdess"`` (see :func:`~sk_ser.model_selection.pair_corpora`).
        In a dict, the value is one of these, a
        scikit-learn splitter, an iterable of (train, test) indices, a list of
        sets of speakers, or a mapping of speaker to fold (see
        :class:`~sk_ser.model_selection.SpeakerFolds`). Splitters are handed the
        speakers as groups, a :class:`~sk_ser.model_selection.SpeakerSentenceFolds`
        the sentences of `metadata` as well. Gaps are taken from the first.
    n_splits : int, default=5
        Folds of the named protocols, at least 2.
    scoring : str, sequence of str, or dict of str to (str or scorer)
        Scores of predicted labels. UAR is always there, and first. Intervals
        are for ``"uar"``, ``"balanced_accuracy"``, ``"recall_macro"``,
        ``"accuracy"`` and ``"f1_macro"``.
    n_bootstrap : int, default=9999
        Draws of speakers for each interval.
    confidence_level : float, default=0.95
        Of the intervals, between 0 and 1.
    random_state : int, RandomState instance or None, default=None
        Of the folds, of estimators that have none, and of the draws. The same
        int gives the same numbers with any `n_jobs`. With None one is drawn,
        and kept in the result's ``settings``.
    n_jobs : int, default=None
        Fits at a time, as joblib takes it.
    verbose : bool, default=False
        Whether to show a progress bar with the time that is left.
    on_error : {"raise", "warn"}, default="raise"
        When a fold fails, all others are run first. Then either
        :class:`~sk_ser.model_selection.FoldError` is raised, which holds their
        results, or these are returned with a
        :class:`~sklearn.exceptions.FitFailedWarning`.
    metadata : DataFrame, dict of str to array-like, or None, default=None
        A row for each clip, in the order of X, such as the ``frame`` of a corpus.
        Protocols by sentence read its column ``sentence``, those by corpus its
        column ``corpus``; no other is looked at.

    Returns
    -------
    ProtocolComparison
        Scores, gaps, out-of-fold predictions and confusion matrices.

    Raises
    ------
    ValueError
        If lengths differ, labels or speakers are missing, there is one class
        only, a column that a protocol needs is missing, a protocol's folds cannot
        be drawn, an estimator holds a study that folds would share, or an option
        is out of range.
    TypeError
        If something is not an estimator, or stands for no folds.
    FoldError
        If a fold failed, and ``on_error="raise"`` or all failed.

    Warns
    -----
    EvaluationWarning
        If a class has too few clips or is never trained on when it is tested,
        folds are empty, there are one or two speakers, or clips of a corpus are
        left out because no other has their emotion.

    References
    ----------
    .. [1] B. Schuller, B. Vlasenko, F. Eyben, G. Rigoll, A. Wendemuth,
       "Acoustic Emotion Recognition: A Benchmark Comparison of Performances",
       Proc. ASRU, 2009, pp. 552-557.

    Examples
    --------
    Each voice is calm in one place and angry in another, and no two voices have
    these places in common. So the nearest clip tells the emotion of a voice that
    is known, and nothing about that of a new one:

    >>> import numpy as np
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from sk_ser.model_selection import compare_protocols
    >>> rng = np.random.default_rng(0)
    >>> speakers, emotions = np.repeat(range(24), 10), np.tile(["angry", "calm"], 120)
    >>> places = rng.normal(scale=9, size=(24, 2, 4))
    >>> X = places[speakers, (emotions == "calm").astype(int)] + rng.normal(size=(240, 4))
    >>> found = compare_protocols(
    ...     KNeighborsClassifier(1), X, emotions, groups=speakers, random_state=0
    ... )
    >>> found.table[["protocol", "uar", "heard"]].round(1)
                  protocol  uar  heard
    0               random  1.0    1.0
    1  speaker-independent  0.4    0.0
    """
    check_options(n_splits, n_bootstrap, confidence_level, on_error)
    estimators = check_estimators(estimators)
    (X,) = indexable(X)
    y = check_labels(y, _num_samples(X))
    groups = check_groups(groups, _num_samples(X))
    metadata = check_metadata(metadata, _num_samples(X))
    scorers = check_scoring(scoring, y)
    seed = draw_seed(random_state)
    drawn = draw_protocols(protocols, X, y, groups, n_splits=n_splits, seed=seed, metadata=metadata)
    warn(faults := [fault for protocol in drawn for fault in protocol.faults] + tell_few(groups))

    results = run_folds(estimators, drawn, X, y, groups, seed=seed, n_jobs=n_jobs, verbose=verbose)
    settings = {
        "scoring": list(scorers),
        "n_splits": int(n_splits),
        "n_bootstrap": int(n_bootstrap),
        "confidence_level": float(confidence_level),
        "random_state": seed,
    }
    notes = [note for protocol in drawn for note in protocol.notes] + faults
    comparison = compile_comparison(results, drawn, y, groups, scorers, settings, notes)
    return settle_failures(comparison, results, on_error)
