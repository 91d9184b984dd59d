"""Coverage of prediction sets on speakers seen and not seen in calibration and training."""

import warnings

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from sk_ser._random import draw_seed
from sk_ser.model_selection._check_estimators import check_one_estimator
from sk_ser.model_selection._checks import check_choice, check_clips, warn
from sk_ser.model_selection._engine import run_folds, settle_failures
from sk_ser.model_selection._fold_facts import share_seen
from sk_ser.model_selection._intervals import interval_columns
from sk_ser.model_selection._prediction_sets import METHODS, check_coverage, prediction_sets
from sk_ser.model_selection._protocols import Protocol, draw_protocols
from sk_ser.model_selection._tuning_folds import TuningFolds

#: One of so many parts of the training clips is kept for calibration.
_PARTS = 4


def conformal_coverage(
    estimator: BaseEstimator,
    X: ArrayLike,
    y: ArrayLike,
    *,
    groups: ArrayLike | None,
    protocols: object = ("random", "speaker-independent"),
    n_splits: int = 5,
    coverage: float = 0.9,
    method: str = "lac",
    confidence_level: float = 0.95,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
    metadata: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Measure whether prediction sets reach their coverage, on seen and on unseen speakers.

    Sets of split conformal prediction hold the right emotion in a share `coverage` of clips if
    calibration and test clips are exchangeable [1]_ (see
    :func:`~sk_ser.model_selection.prediction_sets`). In each fold of each protocol, a quarter
    of the training clips is kept for calibration, in one of two ways:

    - *seen speakers*: drawn at random, so their speakers are also in the rest, which the model
      is fitted on. This is usual, and correct for a random split;
    - *unseen speakers*: all clips of a quarter of the speakers. Calibration clips then differ
      from the training clips as the test clips of unseen speakers do. Only for protocols that
      test unseen speakers.

    With unseen test speakers and calibration on seen ones, the model is less sure of the test
    clips than of those that the threshold was found on, and sets hold the label less often
    than `coverage`. Calibrated on unseen speakers, they reach it on average over speakers, as
    far as the few calibration speakers are like the others: clips of one speaker are
    exchangeable with each other rather than with those of the next [2]_.

    Parameters
    ----------
    estimator : estimator
        Classifier with ``predict_proba``. Each ``random_state`` in it that is None is set
        from `random_state`.
    X : array-like of shape (n_clips, ...)
        Anything that scikit-learn can index.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip.
    protocols : str, sequence of str, or dict of str to object
        As :func:`~sk_ser.model_selection.compare_protocols` takes them.
    n_splits : int, default=5
        Folds of the named protocols, at least 2.
    coverage : float, default=0.9
        The coverage wanted, between 0 and 1.
    method : {"lac", "aps"}, default="lac"
        How sets are made, see :func:`~sk_ser.model_selection.prediction_sets`.
    confidence_level : float, default=0.95
        Of the intervals over speakers.
    random_state : int, RandomState instance or None, default=None
        Seed of everything. The same int gives the folds of ``compare_protocols``.
    n_jobs : int, default=None
        Fits at a time, as joblib counts them.
    metadata : DataFrame or dict, default=None
        Columns that some protocols need, as for ``compare_protocols``.

    Returns
    -------
    DataFrame
        A row for each protocol and way of calibrating: ``protocol``; ``calibration``,
        "seen speakers" or "unseen speakers"; ``promised``, the coverage wanted; ``coverage``,
        share of all test clips whose set holds the label, with ``coverage_low``,
        ``coverage_high``; ``set_size``, mean number of emotions in a set, with
        ``set_size_low``, ``set_size_high``; ``empty``, share of empty sets;
        ``n_calibration``, mean number of calibration clips; ``n_clips``, ``n_speakers`` tested.

    Raises
    ------
    ValueError
        If folds cannot be drawn, there are too few calibration clips, or an option is out of
        range.
    TypeError
        If the estimator has no ``predict_proba``.
    FoldError
        If a fold failed.

    Warns
    -----
    EvaluationWarning
        If a training part has one speaker, so that none can be kept for calibration; that
        row is left out.

    References
    ----------
    .. [1] V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World,
       Springer, 2005.
    .. [2] R. Dunn, L. Wasserman, A. Ramdas, "Distribution-Free Prediction Sets for
       Two-Layer Hierarchical Models", JASA 118, 2023, pp. 2491-2502.

    Examples
    --------
    Each speaker has places of its own for calm and angry, which a forest learns by heart:

    >>> import numpy as np
    >>> from sklearn.ensemble import RandomForestClassifier
    >>> from sk_ser.model_selection import conformal_coverage
    >>> rng = np.random.default_rng(0)
    >>> speakers, emotions = np.repeat(range(30), 20), np.tile(["angry", "calm"], 300)
    >>> places = rng.normal(scale=3, size=(30, 2, 4))
    >>> X = places[speakers, (emotions == "calm").astype(int)] + rng.normal(size=(600, 4))
    >>> found = conformal_coverage(
    ...     RandomForestClassifier(20), X, emotions, groups=speakers, random_state=0
    ... )
    >>> found[["protocol", "calibration", "coverage"]].round(1)
                  protocol      calibration  coverage
    0               random    seen speakers       0.9
    1  speaker-independent    seen speakers       0.6
    2  speaker-independent  unseen speakers       0.9
    """
    named = check_one_estimator(estimator, "predict_proba")
    check_choice("method", method, METHODS)
    clips, seed = check_clips(X, y, groups, metadata), draw_seed(random_state)
    drawn = draw_protocols(protocols, clips, n_splits=n_splits, seed=seed)
    plans, faults = _plan(drawn, clips.y, clips.groups, seed)
    warn([fault for protocol in drawn for fault in protocol.faults] + faults)
    check_coverage(coverage, min(len(kept) for plan in plans.values() for _, kept, _ in plan))
    # Each fit predicts its calibration clips, and after them its test clips.
    fits = [
        Protocol(f"{name}, {way}", [(proper, np.r_[kept, test]) for proper, kept, test in plan])
        for (name, way), plan in plans.items()
    ]
    methods = ("predict_proba",)
    results = run_folds(named, fits, clips, seed=seed, n_jobs=n_jobs, methods=methods)
    settle_failures(results, results, "raise")
    outputs = (result.outputs["predict_proba"] for result in results)
    options = {"coverage": coverage, "method": method, "random_state": seed}
    rows = []
    for (protocol, calibration), plan in plans.items():
        checked = [_check_sets(next(outputs), clips, kept, test, options) for _, kept, test in plan]
        row = {"protocol": protocol, "calibration": calibration, "promised": coverage}
        rows.append(row | _summarise(plan, pd.concat(checked), confidence_level))
    return pd.DataFrame(rows)


def _plan(drawn, y, groups, seed):
    """Draw (proper, calibration, test) clips, by protocol and way of calibrating."""
    plans, faults = {}, []
    for protocol in drawn:
        ways = {"seen speakers": None}
        if groups is not None and not any(share_seen(*fold, groups) for fold in protocol.folds):
            if all(len(np.unique(groups[train])) > 1 for train, _ in protocol.folds):
                ways["unseen speakers"] = groups
            else:
                faults.append(
                    f"{protocol.name}: a fold is trained on one speaker, so no unseen speaker is "
                    "left to calibrate on, and that row is left out. Add speakers."
                )
        for calibration, by in ways.items():
            plans[protocol.name, calibration] = [
                (*_split(train, y, by, seed), test) for train, test in protocol.folds
            ]
    return plans, faults


def _split(train, y, groups, seed):
    """Keep a quarter of the training clips for calibration, by speaker if there are groups."""
    groups = None if groups is None else groups[train]
    with warnings.catch_warnings():
        # A class of fewer clips is then in one of the two parts only.
        warnings.filterwarnings("ignore", message="The least populated class in y")
        folds = TuningFolds(_PARTS, random_state=seed).split(train, y[train], groups)
        proper, kept = next(folds)
    return train[proper], train[kept]


def _check_sets(proba, clips, kept, test, options):
    """Check of each test clip whether its set holds the label, and count the set."""
    classes, y, n_kept = np.unique(clips.y), clips.y, len(kept)
    sets = prediction_sets(proba[:n_kept], y[kept], proba[n_kept:], classes=classes, **options)
    held = sets[np.arange(len(test)), np.searchsorted(classes, y[test])].astype(int)
    speakers = np.nan if clips.groups is None else clips.groups[test]
    columns = {"index": test, "speaker": speakers, "held": held, "size": sets.sum(axis=1)}
    return pd.DataFrame(columns).assign(n_clips=1)


def _summarise(plan, tested, confidence_level):
    """Measure the sets of one plan, and count its clips and speakers."""
    counts = {
        "n_calibration": float(np.mean([len(kept) for _, kept, _ in plan])),
        "n_clips": tested["index"].nunique(),
        "n_speakers": tested["speaker"].nunique(),
    }
    return _measure(tested, confidence_level) | counts


def _measure(tested, confidence_level):
    """Compute coverage and mean size of a set, with intervals over speakers."""
    by_speaker = tested.groupby("speaker", dropna=False)
    row = {}
    for name, column in (("coverage", "held"), ("set_size", "size")):
        sums = by_speaker[[column, "n_clips"]].sum().to_numpy()
        bounds = (0, 1) if name == "coverage" else (0, np.inf)
        row |= interval_columns(name, sums, _ratio, confidence_level, bounds)
    return row | {"empty": float((tested["size"] == 0).mean())}


def _ratio(sums):
    return sums[..., 0] / sums[..., 1]
