"""Sets of emotions that hold the right one as often as is promised, and where that fails."""

import warnings
from numbers import Real

import numpy as np
import pandas as pd
from scipy.stats import bootstrap
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from sk_ser._containers import take_rows
from sk_ser._optional import import_optional
from sk_ser.model_selection._checks import check_groups, check_labels

#: How the three parts are drawn: the test clips, and the calibration clips within the rest.
_PROTOCOLS = {
    "heard voices, calibrated on heard ones": ("clips", "clips"),
    "unheard voices, calibrated on heard ones": ("speakers", "clips"),
    "unheard voices, calibrated on unheard ones": ("speakers", "speakers"),
}


class _Given(ClassifierMixin, BaseEstimator):
    """Classifier whose X is its probabilities, for MAPIE wants an estimator."""

    def __init__(self, classes):
        self.classes = classes
        self.classes_ = np.asarray(classes)

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        return np.asarray(X)

    def predict(self, X):
        return self.classes_[np.argmax(X, axis=1)]

    def __sklearn_is_fitted__(self):
        return True


def conformal_coverage(
    estimator,
    X,
    y,
    *,
    groups,
    confidence_level=0.9,
    n_splits=5,
    random_state=0,
):
    """Measure how often conformal prediction sets hold the right emotion, on heard and new voices.

    Split conformal prediction [1]_, by MAPIE: on calibration clips, a threshold is found from
    which on a class is in a clip's set, such that sets hold the right class in
    `confidence_level` of all cases. The promise is for clips that are like the
    calibration clips. Those of training speakers are unlike those of new ones, and sets
    that are calibrated on them hold the right emotion less often than promised.

    Parameters
    ----------
    estimator : classifier
        With ``predict_proba``; cloned for every fit.
    X : array-like of length n_clips
        Anything that scikit-learn can index.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,)
        Speaker of each clip.
    confidence_level : float, default=0.9
        Promised coverage, between 0 and 1.
    n_splits : int, default=5
        Folds; within the training part of each, so many again, of which one calibrates.
    random_state : int, default=0
        Seed of the folds.

    Returns
    -------
    DataFrame
        A row for each way of drawing the parts: ``protocol``; ``coverage``, the share of test
        clips whose set holds their emotion, with ``coverage_low`` and ``coverage_high``, a 95 %
        bootstrap interval over speakers; ``set_size``, the mean number of classes in a set;
        ``n_clips``. NaN where there are too few speakers to draw the parts.

    Raises
    ------
    ImportError
        If MAPIE is not installed.
    ValueError
        If the level is out of range, speakers are missing, or there are too few clips to
        calibrate on.

    References
    ----------
    .. [1] M. Sadinle, J. Lei and L. Wasserman, "Least ambiguous set-valued classifiers with bounded
       error levels", Journal of the American Statistical Association 114, 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.model_selection import conformal_coverage
    >>> rng = np.random.default_rng(0)
    >>> y, speakers = np.arange(400) % 2, np.arange(400) // 20
    >>> X = rng.normal(size=(400, 2)) + y[:, None]
    >>> table = conformal_coverage(GaussianNB(), X, y, groups=speakers)
    >>> bool(table["coverage"].between(0.85, 0.95).all())
    True
    """
    mapie = import_optional("mapie.classification", extra="conformal", purpose="conformal_coverage")
    if not isinstance(confidence_level, Real) or not 0 < confidence_level < 1:
        raise ValueError(f"confidence_level={confidence_level!r} must be between 0 and 1.")
    if groups is None:
        raise ValueError("groups is None: say who speaks, for what differs is new speakers.")
    y, groups = check_labels(y, len(y)), check_groups(groups, len(y))
    rows = []
    for name, (outer, inner) in _PROTOCOLS.items():
        covered, sizes = np.full(len(y), np.nan), np.full(len(y), np.nan)
        for rest, test in _folds(outer, y, groups, n_splits, random_state):
            within = _folds(inner, y[rest], groups[rest], n_splits, random_state)
            if not within:
                continue
            train, calibration = (rest[part] for part in within[0])
            _check_enough(calibration, confidence_level)
            model = clone(estimator).fit(take_rows(X, train), y[train])
            sets = _sets(mapie, model, X, y, calibration, test, confidence_level)
            covered[test] = sets[np.arange(len(test)), np.searchsorted(model.classes_, y[test])]
            sizes[test] = sets.sum(axis=1)
        low, high = _interval(covered, groups, random_state)
        rows.append(
            {
                "protocol": name,
                "coverage": covered.mean(),
                "coverage_low": low,
                "coverage_high": high,
                "set_size": sizes.mean(),
                "n_clips": len(y),
            }
        )
    return pd.DataFrame(rows)


def _check_enough(calibration, confidence_level):
    needed = int(np.ceil(1 / (1 - confidence_level)))
    if len(calibration) <= needed:
        raise ValueError(
            f"conformal_coverage: {len(calibration)} clips to calibrate on, and for "
            f"confidence_level={confidence_level} more than {needed} are needed. Add clips, or "
            "lower n_splits or the level."
        )


def _folds(by, y, groups, n_splits, seed):
    kind = StratifiedKFold
    if by == "speakers":
        kind, n_splits = StratifiedGroupKFold, min(n_splits, len(np.unique(groups)))
    if n_splits < 2:
        return []
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The groups parameter is ignored by")
        warnings.filterwarnings("ignore", message="The least populated class in y")
        folds = kind(n_splits, shuffle=True, random_state=seed).split(y, y, groups)
        return list(folds)


def _sets(mapie, model, X, y, calibration, test, confidence_level):
    """Mark the classes that are in the set of each test clip."""
    proba = [model.predict_proba(take_rows(X, rows)) for rows in (calibration, test)]
    conformal = mapie.SplitConformalClassifier(
        _Given(model.classes_),
        confidence_level=confidence_level,
        prefit=True,
        conformity_score="lac",
    )
    conformal.conformalize(proba[0], y[calibration])
    return conformal.predict_set(proba[1])[1][:, :, 0]


def _interval(covered, groups, seed):
    """Percentile bootstrap interval of a mean over speakers."""
    names, of_speaker = np.unique(groups, return_inverse=True)
    hits, clips = np.bincount(of_speaker, covered), np.bincount(of_speaker)
    if len(names) < 2 or np.isnan(covered).any():
        return np.nan, np.nan

    def mean(rows, axis):
        return hits[rows].sum(axis=axis) / clips[rows].sum(axis=axis)

    interval = bootstrap(
        (np.arange(len(names)),), mean, method="percentile", rng=np.random.default_rng(seed)
    ).confidence_interval
    return float(interval.low), float(interval.high)
