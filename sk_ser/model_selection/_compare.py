"""The same models under several protocols, and the gap between these."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sk_ser._random import draw_seed
from sk_ser.model_selection._check_estimators import check_estimators
from sk_ser.model_selection._checks import check_clips, warn
from sk_ser.model_selection._comparison import ProtocolComparison
from sk_ser.model_selection._compile import check_settings, compile_comparison
from sk_ser.model_selection._engine import run_folds, settle_failures
from sk_ser.model_selection._fold_facts import few_speakers
from sk_ser.model_selection._protocols import draw_protocols
from sk_ser.model_selection._scores import check_scoring


def compare_protocols(
    estimators: object,
    X: ArrayLike,
    y: ArrayLike,
    *,
    groups: ArrayLike | None,
    protocols: object = ("random", "speaker-independent"),
    n_splits: int = 5,
    scoring: str = ("uar", "accuracy", "f1_macro"),
    probabilities: bool = False,
    confidence_level: float = 0.95,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
    verbose: bool = False,
    on_error: str = "raise",
    metadata: pd.DataFrame | None = None,
    allow_prefitted: bool = False,
) -> ProtocolComparison:
    """Evaluate estimators under several protocols, and the gap between these.

    A random split puts clips of one speaker on both sides, so the model is tested on speakers
    seen in training. A speaker-independent split tests it on unseen speakers. The difference
    in unweighted average recall (UAR) is what the leak adds [1]_.

    Everything that learns is fitted inside the fold, on clones. Groups are passed on to
    everything in an estimator that takes them in ``fit``, so a
    :class:`~sklearn.model_selection.GridSearchCV` over
    :class:`~sklearn.model_selection.StratifiedGroupKFold` is tuned on training speakers only.
    Scores are of the predictions of all folds pooled, because a fold of a few speakers may
    lack a class. A constant guess that changes from fold to fold then scores a little below
    chance. Intervals are jackknife intervals over speakers, see :func:`speaker_interval`; that
    of the gap is paired. They show how a result varies with the speakers that are tested, given
    these models, and not with another training set or seed.

    Parameters
    ----------
    estimators : estimator, list of (str, estimator), or dict of str to estimator
        Classifiers. Each ``random_state`` in them that is None is set from `random_state`.
    X : array-like of shape (n_clips, ...)
        Anything that scikit-learn can index: paths, ragged clips, vectors. With `n_jobs`,
        paths are cheaper to send to the processes than clips.
    y : array-like of shape (n_clips,)
        Emotions: text or integers.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip. With None there are no intervals, and no speaker-independent
        protocol.
    protocols : str, sequence of str, or dict of str to object
        Names are ``"random"``
        (:class:`~sklearn.model_selection.StratifiedKFold`, shuffled),
        ``"speaker-independent"``
        (:class:`~sklearn.model_selection.StratifiedGroupKFold`, shuffled; leave one speaker
        out, and a note, for `n_splits` speakers or fewer),
        ``"leave-one-speaker-out"``, and those that need `metadata`:
        ``"sentence-independent"``, ``"speaker-and-sentence-independent"``
        (:class:`~sk_ser.model_selection.SpeakerSentenceFolds`, with `n_splits` folds of
        speakers and two of sentences), ``"leave-one-corpus-out"``, and ``"cross-corpus"``,
        which stands for a protocol for each ordered pair of corpora, such as
        ``"emodb -> ravdess"`` (see :func:`~sk_ser.model_selection.pair_corpora`).
        :func:`~sk_ser.model_selection.register_protocol` adds names. In a dict, the value is
        one of these names, a scikit-learn splitter, an iterable of (train, test) indices, a
        list of sets of speakers, or a mapping of speaker to fold (see
        :class:`~sk_ser.model_selection.SpeakerFolds`). Splitters get the speakers as groups,
        a :class:`~sk_ser.model_selection.SpeakerSentenceFolds` also the sentences of
        `metadata`. Gaps are taken from the first protocol.
    n_splits : int, default=5
        Folds of the named protocols, at least 2.
    scoring : str, SumScore, sequence of these, or dict of str to (str, SumScore or scorer)
        Scores of predicted labels. UAR is always there, and first. ``"uar"``,
        ``"balanced_accuracy"``, ``"recall_macro"``, ``"accuracy"``, ``"f1_macro"`` and every
        :class:`~sk_ser.model_selection.SumScore` have intervals, other scorers have none.
        Where every class is present, "balanced_accuracy" is the same number as UAR.
    probabilities : bool, default=False
        Whether to keep the probabilities that each fit gives for its test clips.
    confidence_level : float, default=0.95
        Of the intervals, between 0 and 1.
    random_state : int, RandomState instance or None, default=None
        Seed of the folds, of estimators that have none, and of the draws. The same int gives
        the same numbers with any `n_jobs`. With None one is drawn, and kept in the result's
        ``settings``.
    n_jobs : int, default=None
        Fits at a time, as joblib counts them.
    verbose : bool, default=False
        Whether to show a progress bar with the time that is left.
    on_error : {"raise", "warn"}, default="raise"
        If a fold fails, all others are run first. Then either
        :class:`~sk_ser.model_selection.FoldError` is raised, which holds their results, or
        these are returned with a :class:`~sklearn.exceptions.FitFailedWarning`.
    metadata : DataFrame, dict of str to array-like, or None, default=None
        A row for each clip, in the order of X, such as the ``frame`` of a corpus. Protocols by
        sentence read its column ``sentence``, those by corpus its column ``corpus``.
    allow_prefitted : bool, default=False
        Whether estimators may have parts that stay fitted in each fold, such as a
        :class:`~sklearn.frozen.FrozenEstimator`. Set it only if they were fitted on other
        recordings: one that has seen the test clips raises the scores.

    Returns
    -------
    ProtocolComparison
        Scores, gaps, out-of-fold predictions and confusion matrices.

    Raises
    ------
    ValueError
        If lengths differ, labels or speakers are missing, there is only one class, a column
        that a protocol needs is missing, the folds of a protocol cannot be drawn, an estimator
        holds a study that folds would share or a part that stays fitted, or an option is out
        of range.
    TypeError
        If something is not an estimator, lacks ``predict_proba`` that is needed, or stands for
        no folds.
    FoldError
        If a fold failed and ``on_error="raise"``, or if all failed.

    Warns
    -----
    EvaluationWarning
        If a class has too few clips or is never trained on when it is tested, folds are empty,
        there are one or two speakers, or clips of a corpus are left out because no other has
        their emotion.

    See Also
    --------
    cross_predict : Predictions of one estimator under one protocol, in the order of the clips.

    References
    ----------
    .. [1] B. Schuller, B. Vlasenko, F. Eyben, G. Rigoll, A. Wendemuth,
       "Acoustic Emotion Recognition: A Benchmark Comparison of Performances",
       Proc. ASRU, 2009, pp. 552-557.

    Examples
    --------
    Each speaker is calm in one place and angry in another, and no two speakers have these
    places in common. So the nearest clip has the right emotion if the speaker is seen in
    training, and any emotion if not:

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
    >>> found.table[["protocol", "uar", "seen"]].round(1)
                  protocol  uar  seen
    0               random  1.0   1.0
    1  speaker-independent  0.4   0.0
    """
    methods = ("predict", "predict_proba") if probabilities else ("predict",)
    estimators = check_estimators(estimators, methods[-1], allow_prefitted=allow_prefitted)
    clips, seed = check_clips(X, y, groups, metadata), draw_seed(random_state)
    scores = check_scoring(scoring, clips.y)
    settings = check_settings(scores, n_splits, confidence_level, seed, on_error)
    if probabilities:
        _check_class_names(clips.y)
    drawn = draw_protocols(protocols, clips, n_splits=n_splits, seed=seed)
    faults = [fault for one in drawn for fault in one.faults] + few_speakers(clips.groups)
    warn(faults)
    fits = {"seed": seed, "n_jobs": n_jobs, "verbose": verbose, "methods": methods}
    results = run_folds(estimators, drawn, clips, **fits)
    notes = [note for one in drawn for note in one.notes] + faults
    comparison = compile_comparison(results, clips, scores, settings, notes)
    return settle_failures(comparison, results, on_error)


def _check_class_names(y):
    """Refuse classes that would be a second column of one name beside their probability."""
    taken = {"estimator", "protocol", "fold", "index", "y_true"}.intersection(y.tolist())
    if taken:
        raise ValueError(
            f"y: class {min(taken)!r} has the name of a column that tables of probabilities have. "
            "Rename the class."
        )
