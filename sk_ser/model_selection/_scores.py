"""The scores of an evaluation: sums over clips, or scikit-learn's scorers of labels."""

import warnings
from collections.abc import Mapping

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import get_scorer

from sk_ser.model_selection._sum_scores import SUM_SCORES, SumScore


class _Echo(ClassifierMixin, BaseEstimator):
    """A classifier whose X is its predictions, because scorers call an estimator."""

    def __init__(self, classes):
        self.classes = classes

    @property
    def classes_(self):
        return self.classes

    def predict(self, X):
        return X


def check_scoring(scoring, y):
    """Scores by name, unweighted average recall first.

    Parameters
    ----------
    scoring : str, SumScore, sequence of these, or dict of str to (str, SumScore or scorer)
        Names of :data:`SUM_SCORES` or of scikit-learn, scores that are functions of sums, or
        scorers under names of your own.
    y : ndarray of shape (n_clips,)
        Labels, on which every score is tried before anything is fitted.

    Returns
    -------
    dict of str to (SumScore or scorer)
        ``"uar"`` first.

    Raises
    ------
    ValueError
        If a name is unknown, or a scorer needs more than predicted labels.
    """
    if isinstance(scoring, str | SumScore):
        scoring = (scoring,)
    if not isinstance(scoring, Mapping):
        scoring = {getattr(score, "name", score): score for score in scoring}
    scores = {"uar": SUM_SCORES["uar"]}
    scores |= {name: _look_up(score) for name, score in scoring.items() if name != "uar"}
    for name, one in scores.items():
        try:
            score(one, y, y)
        except Exception as error:
            raise ValueError(
                f"scoring: {name!r} cannot score predicted labels: {error}. Pass a scorer that "
                "needs predict alone; wrap a metric as make_scorer(metric)."
            ) from error
    return scores


def _look_up(score):
    if isinstance(score, SumScore):
        return score
    known = isinstance(score, str) and score in SUM_SCORES
    return SUM_SCORES[score] if known else get_scorer(score)


def score(one, y_true, y_pred):
    """Score predicted labels.

    Parameters
    ----------
    one : SumScore or scorer
        As :func:`check_scoring` returns it.
    y_true, y_pred : ndarray of shape (n_clips,)
        True and predicted labels.

    Returns
    -------
    float
        NaN if there are no clips.
    """
    if isinstance(one, SumScore):
        return one(y_true, y_pred)
    if not len(y_true):
        return np.nan
    with warnings.catch_warnings():
        # A fold of few speakers may lack a class that was predicted. Scores are therefore
        # reported for the pooled predictions of all folds.
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")
        return float(one(_Echo(np.union1d(y_true, y_pred)), y_pred, y_true))
