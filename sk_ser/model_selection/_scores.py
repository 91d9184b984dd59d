"""Scores of predictions that have already been made, by scikit-learn's scorers."""

import warnings
from collections.abc import Mapping

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import get_scorer, make_scorer

from sk_ser.model_selection._uar import uar_score


class _Echo(ClassifierMixin, BaseEstimator):
    """A classifier whose X is its predictions, for scorers want an estimator."""

    def __init__(self, classes):
        self.classes = classes

    @property
    def classes_(self):
        return self.classes

    def predict(self, X):
        return X


def check_scoring(scoring, y):
    """Scorers by name, the unweighted average recall always the first.

    Parameters
    ----------
    scoring : str, sequence of str, or dict of str to (str or scorer)
        Names that scikit-learn knows, ``"uar"`` included, or scorers under
        names of your own.
    y : ndarray of shape (n_clips,)
        Labels, on which every scorer is tried out before anything is fitted.

    Returns
    -------
    dict of str to scorer
        With ``"uar"`` first.

    Raises
    ------
    ValueError
        If a name is unknown, or a scorer asks for more than predicted labels.
    """
    if isinstance(scoring, str):
        scoring = (scoring,)
    named = dict(scoring) if isinstance(scoring, Mapping) else {name: name for name in scoring}
    scorers = {"uar": make_scorer(uar_score)}
    scorers |= {name: get_scorer(value) for name, value in named.items() if name != "uar"}
    for name, scorer in scorers.items():
        try:
            score(scorer, y, y)
        except Exception as error:
            raise ValueError(
                f"scoring: {name!r} cannot score predicted labels: {error}. Pass a scorer that "
                "asks for predict alone; wrap a metric as make_scorer(metric)."
            ) from error
    return scorers


def score(scorer, y_true, y_pred):
    """Score predicted labels.

    Parameters
    ----------
    scorer : callable
        As ``get_scorer`` returns it.
    y_true, y_pred : ndarray of shape (n_clips,)
        Labels as they are and as predicted.

    Returns
    -------
    float
        NaN if there are no clips.
    """
    if not len(y_true):
        return np.nan
    with warnings.catch_warnings():
        # A fold of few speakers may lack a class that was predicted. That is
        # expected here, and pooling over folds is the answer to it.
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")
        return float(scorer(_Echo(np.union1d(y_true, y_pred)), y_pred, y_true))
