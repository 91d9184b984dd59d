"""A classifier whose probabilities are calibrated on scores of clips it was not fitted on."""

import numpy as np
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import cross_val_predict
from sklearn.utils.fixes import parse_version
from sklearn.utils.validation import check_is_fitted

#: Temperature scaling, where scikit-learn has it, has one parameter and changes no prediction.
METHOD = "temperature" if parse_version(sklearn.__version__) >= parse_version("1.8") else "sigmoid"


def response_of(classifier):
    """Return the method whose values are calibrated: decision values before probabilities."""
    return "decision_function" if hasattr(classifier, "decision_function") else "predict_proba"


class CalibratedModel(ClassifierMixin, BaseEstimator):
    """A classifier, and a calibration of its scores.

    scikit-learn's CalibratedClassifierCV computes the scores itself, with one set of parameters
    for all folds. This class also takes scores of a classifier that is tuned in each fold.

    Parameters
    ----------
    estimator : estimator
        Classifier with ``decision_function`` or ``predict_proba``.
    cv : splitter
        Folds whose scores :meth:`fit` calibrates on. Its ``split`` takes groups.
    method : {"temperature", "sigmoid", "isotonic"}, default="sigmoid"
        Calibration, as CalibratedClassifierCV has it.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels in the order of the probabilities.
    estimator_ : estimator
        The fitted classifier.
    calibration_ : CalibratedClassifierCV
        From scores to probabilities.
    """

    def __init__(self, estimator, cv, *, method="sigmoid"):
        self.estimator = estimator
        self.cv = cv
        self.method = method

    def fit(self, X, y, groups=None):
        """Fit the classifier, and calibrate it on scores of clips left out.

        Parameters
        ----------
        X : array-like of shape (n_clips, ...)
            What the classifier takes.
        y : array-like of shape (n_clips,)
            Labels.
        groups : array-like of shape (n_clips,), default=None
            Speaker of each clip, for the folds.

        Returns
        -------
        self
        """
        response = response_of(self.estimator)
        folds = list(self.cv.split(X, y, groups))
        scores = cross_val_predict(clone(self.estimator), X, y, cv=folds, method=response)
        return self.calibrate(clone(self.estimator).fit(X, y), scores, y)

    def calibrate(self, fitted, scores, y):
        """Take a fitted classifier, and calibrate it on given scores.

        Parameters
        ----------
        fitted : estimator
            The classifier, fitted.
        scores : ndarray of shape (n_clips,) or (n_clips, n_classes)
            Values of ``decision_function``, if the classifier has it, otherwise of
            ``predict_proba``, for clips that the classifier was not fitted on.
        y : array-like of shape (n_clips,)
            Labels of these clips.

        Returns
        -------
        self
        """
        given = _GivenDecisions() if hasattr(fitted, "decision_function") else _GivenProba()
        # the scores are the input, and there is nothing to fit: one fold has all clips
        everything = np.arange(len(y))
        self.calibration_ = CalibratedClassifierCV(
            given, method=self.method, ensemble=False, cv=[(everything, everything)]
        ).fit(scores.reshape(len(y), -1), y)
        self.estimator_, self.classes_ = fitted, self.calibration_.classes_
        return self

    def predict_proba(self, X):
        """Predict the probability of each class.

        Parameters
        ----------
        X : array-like of shape (n_clips, ...)

        Returns
        -------
        ndarray of shape (n_clips, n_classes)
            In the order of `classes_`.
        """
        check_is_fitted(self)
        scores = getattr(self.estimator_, response_of(self.estimator_))(X)
        return self.calibrated_proba(scores)

    def calibrated_proba(self, scores):
        """Turn scores, as :meth:`calibrate` takes them, into probabilities."""
        return self.calibration_.predict_proba(scores.reshape(len(scores), -1))

    def predict(self, X):
        """Predict the most probable class.

        Parameters
        ----------
        X : array-like of shape (n_clips, ...)

        Returns
        -------
        ndarray of shape (n_clips,)
        """
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]


class _GivenScores(ClassifierMixin, BaseEstimator):
    """Classifier whose input is its output."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        scores = np.column_stack([-X, X]) if X.shape[1] == 1 else X
        return self.classes_[scores.argmax(axis=1)]


class _GivenDecisions(_GivenScores):
    def decision_function(self, X):
        return X[:, 0] if X.shape[1] == 1 else X


class _GivenProba(_GivenScores):
    def predict_proba(self, X):
        return X
