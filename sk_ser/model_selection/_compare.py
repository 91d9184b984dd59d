"""The same models under several protocols, and how far a leaking split flatters."""

import warnings
from numbers import Integral, Real

import numpy as np
from sklearn.exceptions import FitFailedWarning
from sklearn.utils import check_random_state, indexable
from sklearn.utils.validation import _num_samples

from sk_ser.model_selection._checks import (
    check_estimators,
    check_groups,
    check_labels,
    check_metadata,
    warn,
)
from sk_ser.model_selection._comparison import ProtocolComparison
from sk_ser.model_selection._folds import run_folds
from sk_ser.model_selection._protocols import draw_protocols
from sk_ser.model_selection._scores import check_scoring
from sk_ser.model_selection._tables import (
    tabulate_folds,
    tabulate_gaps,
    tabulate_predictions,
    tabulate_scores,
)


class FoldError(RuntimeError):
    """Folds failed; the others' results are in it.

    Its ``__cause__`` is the error of the first fold that failed.

    Parameters
    ----------
    message : str
        Which folds failed, and of what.
    comparison : ProtocolComparison or None
        Without the folds that failed; None if none succeeded.

    Attributes
    ----------
    comparison : ProtocolComparison or None
        The same.
    """

    def __init__(self, message, comparison=None):
        # Both go to args, so that the error survives pickling.
        super().__init__(message, comparison)
        self.comparison = comparison

    def __str__(self):
        return self.args[0]


def compare_protocols(
    estimators,
    X,
    y,
    *,
    groups,
    metadata=None,
    protocols=("random", "speaker-independent"),
    n_splits=5,
    scoring=("uar", "accuracy", "f1_macro"),
    n_bootstrap=9999,
    confidence_level=0.95,
    random_state=None,
    n_jobs=None,
    verbose=False,
    on_error="raise",
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
    metadata : DataFrame or None, default=None
        A row a clip, as a corpus's ``frame``: ``sentence`` and ``corpus``, where a protocol
        asks for them.
    protocols : str, sequence of str, or dict of str to object
        Names are ``"random"``
        (:class:`~sklearn.model_selection.StratifiedKFold`, shuffled),
        ``"speaker-independent"``
        (:class:`~sklearn.model_selection.StratifiedGroupKFold`, shuffled; leave
        one speaker out, and a note, for `n_splits` speakers or fewer),
        ``"leave-one-speaker-out"``; with `metadata`, ``"sentence-independent"``,
        ``"speaker-and-sentence-independent"``
        (:class:`~sk_ser.model_selection.SpeakerSentenceFolds`), ``"leave-one-corpus-out"``,
        and ``"cross-corpus"``, which stands for a protocol ``"a -> b"`` for each ordered pair
        of corpora: trained on one, tested on the other. In a dict, the value is one of these, a
        scikit-learn splitter, an iterable of (train, test) indices, a list of
        sets of speakers, or a mapping of speaker to fold (see
        :class:`~sk_ser.model_selection.SpeakerFolds`). Gaps are taken from the
        first.
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

    Returns
    -------
    ProtocolComparison
        Scores, gaps, out-of-fold predictions and confusion matrices.

    Raises
    ------
    ValueError
        If lengths differ, labels or speakers are missing, there is one class
        only, a protocol's folds cannot be drawn, or an option is out of range.
    TypeError
        If something is not an estimator, or stands for no folds.
    FoldError
        If a fold failed, and ``on_error="raise"`` or all failed.

    Warns
    -----
    EvaluationWarning
        If a class has too few clips or is never trained on when it is tested,
        folds are empty, or there are one or two speakers.

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
    _check_options(n_splits, n_bootstrap, confidence_level, on_error)
    estimators = check_estimators(estimators)
    (X,) = indexable(X)
    y = check_labels(y, _num_samples(X))
    groups = check_groups(groups, _num_samples(X))
    scorers = check_scoring(scoring, y)
    seed = _seed(random_state)
    metadata = check_metadata(metadata, _num_samples(X))
    drawn = draw_protocols(protocols, X, y, groups, n_splits=n_splits, seed=seed, metadata=metadata)
    warn(faults := [fault for protocol in drawn for fault in protocol.faults] + _few(groups))

    results = run_folds(estimators, drawn, X, y, groups, seed=seed, n_jobs=n_jobs, verbose=verbose)
    failed = [result for result in results if result.error is not None]
    if len(failed) == len(results):
        raise FoldError(_tell(failed, results)) from failed[0].error

    bootstrap = {"n_bootstrap": n_bootstrap, "confidence_level": confidence_level, "seed": seed}
    bootstrap["with_speakers"] = groups is not None
    predictions = tabulate_predictions(results, drawn, y, groups)
    folds = tabulate_folds(results, drawn, y, groups, scorers)
    table = tabulate_scores(predictions, folds, scorers, **bootstrap)
    comparison = ProtocolComparison(
        table=table,
        gap=tabulate_gaps(predictions, table, **bootstrap),
        folds=folds,
        predictions=predictions,
        classes=np.union1d(y, predictions["y_pred"].to_numpy()).tolist(),
        settings={
            "scoring": list(scorers),
            "n_splits": int(n_splits),
            "n_bootstrap": int(n_bootstrap),
            "confidence_level": float(confidence_level),
            "random_state": seed,
        },
        notes=[note for protocol in drawn for note in protocol.notes] + faults,
        failures=[str(result) for result in failed],
    )
    if failed:
        comparison.notes.append(f"{len(failed)} of {len(results)} fits failed: see failures.")
        if on_error == "raise":
            raise FoldError(_tell(failed, results), comparison) from failed[0].error
        warnings.warn(_tell(failed, results), FitFailedWarning, stacklevel=2)
    return comparison


def _check_options(n_splits, n_bootstrap, confidence_level, on_error):
    if not isinstance(n_splits, Integral) or n_splits < 2:
        raise ValueError(f"n_splits={n_splits!r}: it must be a whole number from 2.")
    if not isinstance(n_bootstrap, Integral) or n_bootstrap < 1:
        raise ValueError(f"n_bootstrap={n_bootstrap!r}: it must be a whole number from 1.")
    if not isinstance(confidence_level, Real) or not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level={confidence_level!r}: it must be between 0 and 1.")
    if on_error not in ("raise", "warn"):
        raise ValueError(f'on_error={on_error!r}: it must be "raise" or "warn".')


def _seed(random_state):
    """Return the seed given, or one drawn, so that every run can be repeated."""
    if isinstance(random_state, Integral):
        return int(random_state)
    if random_state is None:
        return int(np.random.default_rng().integers(2**31 - 1))
    return int(check_random_state(random_state).randint(2**31 - 1))


def _few(groups):
    if groups is None or (n_speakers := len(np.unique(groups))) > 2:
        return []
    return [
        f"groups: {n_speakers} speaker{'s' * (n_speakers > 1)}. An interval over so few says "
        "next to nothing" + (", and one alone has none" * (n_speakers == 1)) + ". Add speakers "
        "before you draw conclusions about new ones."
    ]


def _tell(failed, results):
    """Say how many fits failed, and of what the first did, with its traceback."""
    return (
        f"{len(failed)} of {len(results)} fits failed, the first of them: {failed[0]}\n"
        f"{failed[0].details}"
    )
