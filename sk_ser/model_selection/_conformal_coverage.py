"""What a promise of 90 % is worth on voices that nothing was calibrated on."""

import warnings
from functools import partial

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.utils import indexable
from sklearn.utils.validation import _num_samples

from sk_ser._containers import take_rows
from sk_ser._optional import import_optional
from sk_ser._parallel import run_in_order
from sk_ser.model_selection._checks import check_groups, check_labels, check_metadata, warn
from sk_ser.model_selection._evaluate import draw_seed
from sk_ser.model_selection._folds import fit_with_speakers, seeded
from sk_ser.model_selection._intervals import speaker_interval
from sk_ser.model_selection._out_of_fold import check_has_proba
from sk_ser.model_selection._prediction_sets import check_coverage, prediction_sets
from sk_ser.model_selection._protocols import draw_protocols, heard

#: A part of the training clips in so many is kept for calibration.
_PARTS = 4


def conformal_coverage(
    estimator,
    X,
    y,
    *,
    groups,
    protocols=("random", "speaker-independent"),
    n_splits=5,
    coverage=0.9,
    method="lac",
    n_bootstrap=9_999,
    confidence_level=0.95,
    random_state=None,
    n_jobs=None,
    metadata=None,
):
    """Measure whether prediction sets hold what they promise, on voices heard and not.

    Split conformal prediction promises that sets hold the right emotion in a share
    `coverage` of clips, if calibration and test clips are exchangeable (see
    :func:`~sk_ser.model_selection.prediction_sets`). In each fold of each protocol, a
    quarter of the training clips is kept for calibration, in one of two ways:

    - *heard voices*: drawn at random, so their speakers are also in the rest, which the
      model is fitted on. As usual, and an honest promise for a random split;
    - *unheard voices*: all clips of a quarter of the speakers. Calibration clips are then
      to the model what the test clips of new voices are. Only for protocols that test new
      voices.

    Where test voices are new and calibration voices were heard, the model is less sure of
    the test clips than of those that the threshold was learnt from, and sets hold the
    label less often than promised. With unheard voices the promise is kept on average over
    speakers, as far as the few calibration speakers are like others: clips of one speaker
    are exchangeable with each other rather than with those of the next [2]_.

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
        What is promised, between 0 and 1.
    method : {"lac", "aps"}, default="lac"
        Of making sets, see :func:`~sk_ser.model_selection.prediction_sets`.
    n_bootstrap : int, default=9999
        Draws of speakers for each interval.
    confidence_level : float, default=0.95
        Of the intervals over speakers.
    random_state : int, RandomState instance or None, default=None
        Of all that is drawn. The same int makes the folds of ``compare_protocols``.
    n_jobs : int, default=None
        Fits at a time, as joblib takes it.
    metadata : DataFrame or dict, default=None
        What some protocols ask for, as of ``compare_protocols``.

    Returns
    -------
    DataFrame
        A row for each protocol and way of calibrating: ``protocol``; ``calibration``,
        "heard voices" or "unheard voices"; ``promised``; ``coverage``, share of all test
        clips whose set holds the label, with ``coverage_low``, ``coverage_high``;
        ``set_size``, mean number of emotions in a set, with ``set_size_low``,
        ``set_size_high``; ``empty``, share of empty sets; ``n_calibration``, mean number of
        calibration clips; ``n_clips``, ``n_speakers`` tested.

    Raises
    ------
    ImportError
        If MAPIE is not installed.
    ValueError
        If folds cannot be drawn, there are too few calibration clips, or an option is out
        of range.
    TypeError
        If the estimator has no ``predict_proba``.

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
    Each voice has places of its own for calm and angry, which a forest learns by heart:

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
                  protocol     calibration  coverage
    0               random    heard voices       0.9
    1  speaker-independent    heard voices       0.6
    2  speaker-independent  unheard voices       0.9
    """
    import_optional("mapie.classification", extra="conformal", purpose="conformal_coverage")
    check_has_proba(estimator, "conformal_coverage")
    (X,) = indexable(X)
    y = check_labels(y, _num_samples(X))
    groups = check_groups(groups, _num_samples(X))
    seed = draw_seed(random_state)
    metadata = check_metadata(metadata, len(y))
    drawn = draw_protocols(protocols, X, y, groups, n_splits=n_splits, seed=seed, metadata=metadata)
    plans, faults = _plan(drawn, y, groups, seed)
    warn([fault for protocol in drawn for fault in protocol.faults] + faults)
    for _, _, parts in plans:
        check_coverage(coverage, min(len(calibration) for _, calibration, _ in parts))
    run = partial(_run_part, estimator, X, y, groups, seed, coverage, method)
    tasks = [(part,) for _, _, parts in plans for part in parts]
    done = iter(run_in_order(run, tasks, n_jobs=n_jobs))
    options = {"n_bootstrap": n_bootstrap, "confidence_level": confidence_level, "seed": seed}
    rows = []
    for protocol, calibration, parts in plans:
        sets = [next(done) for _ in parts]
        row = {"protocol": protocol, "calibration": calibration, "promised": coverage}
        rows.append(row | _measure(sets, parts, groups, options))
    return pd.DataFrame(rows)


def _plan(drawn, y, groups, seed):
    """Draw (proper, calibration, test) clips: a list for each protocol and way of calibrating."""
    plans, faults = [], []
    for protocol in drawn:
        parts = [_part(fold, y, None, seed) for fold in protocol.folds]
        plans.append((protocol.name, "heard voices", parts))
        if groups is None or any(heard(*fold, groups) > 0 for fold in protocol.folds):
            continue
        if any(len(np.unique(groups[train])) < 2 for train, _ in protocol.folds):
            faults.append(
                f"{protocol.name}: a fold is trained on one speaker, so no unheard voice is left "
                "to calibrate on, and that row is left out. Add speakers."
            )
            continue
        parts = [_part(fold, y, groups, seed) for fold in protocol.folds]
        plans.append((protocol.name, "unheard voices", parts))
    return plans, faults


def _part(fold, y, groups, seed):
    """Keep a quarter of the training clips for calibration, by speaker if there are groups."""
    train, test = fold
    options = {"shuffle": True, "random_state": seed}
    with warnings.catch_warnings():
        # A class of so few clips is then calibrated on, or fitted on, and not both.
        warnings.filterwarnings("ignore", message="The least populated class in y")
        if groups is None:
            folds = StratifiedKFold(_PARTS, **options).split(train, y[train])
        else:
            n_splits = min(_PARTS, len(np.unique(groups[train])))
            folds = StratifiedGroupKFold(n_splits, **options).split(train, y[train], groups[train])
        proper, calibration = next(folds)
    return train[proper], train[calibration], test


def _run_part(estimator, X, y, groups, seed, coverage, method, part):
    """Fit, calibrate, and tell of each test clip whether its set holds the label, and its size."""
    proper, calibration, test = part
    model = seeded(clone(estimator), seed)
    speakers = None if groups is None else groups[proper]
    fit_with_speakers(model, take_rows(X, proper), y[proper], speakers)
    classes = np.unique(y)
    sets = prediction_sets(
        _proba(model, take_rows(X, calibration), classes),
        y[calibration],
        _proba(model, take_rows(X, test), classes),
        classes=classes,
        coverage=coverage,
        method=method,
        random_state=seed,
    )
    held = sets[np.arange(len(test)), np.searchsorted(classes, y[test])]
    return np.column_stack([held, sets.sum(axis=1)]).astype(int)


def _proba(model, X, classes):
    """Probabilities of all classes; 0 for one that the model was not fitted on."""
    proba = np.zeros((_num_samples(X), len(classes)))
    proba[:, np.searchsorted(classes, model.classes_)] = model.predict_proba(X)
    return proba


def _measure(found, parts, groups, options):
    test = np.concatenate([test for _, _, test in parts])
    held, size = np.concatenate(found).T
    speakers = np.zeros(len(test), dtype=int) if groups is None else groups[test]
    names, who = np.unique(speakers, return_inverse=True)
    # A speaker's labels held, classes in sets, and clips: all that both means need.
    counts = np.column_stack([np.bincount(who, held), np.bincount(who, size), np.bincount(who)])
    low, high = speaker_interval(counts, _means, **options)
    (coverage, set_size) = _means(counts.sum(axis=0))
    return {
        "coverage": float(coverage),
        "coverage_low": float(low[0]),
        "coverage_high": float(high[0]),
        "set_size": float(set_size),
        "set_size_low": float(low[1]),
        "set_size_high": float(high[1]),
        "empty": float((size == 0).mean()),
        "n_calibration": float(np.mean([len(calibration) for _, calibration, _ in parts])),
        "n_clips": len(np.unique(test)),
        "n_speakers": 0 if groups is None else len(names),
    }


def _means(counts):
    return np.stack([counts[..., 0], counts[..., 1]]) / counts[..., 2]
