"""Probabilities of clips by models that were not fitted on them."""

import warnings

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.model_selection import cross_val_predict
from sklearn.utils import indexable
from sklearn.utils.validation import _num_samples

from sk_ser.model_selection._checks import check_groups, check_labels, warn
from sk_ser.model_selection._evaluate import draw_seed
from sk_ser.model_selection._folds import fit_params, routing_for, seeded
from sk_ser.model_selection._protocols import draw_protocols


def out_of_fold_proba(
    estimator,
    X,
    y,
    *,
    groups,
    protocol="speaker-independent",
    n_splits=5,
    random_state=None,
    n_jobs=None,
):
    """Predict each clip's probabilities by a model that was not fitted on it.

    This is :func:`sklearn.model_selection.cross_val_predict` with
    ``method="predict_proba"`` on the folds of
    :func:`~sk_ser.model_selection.compare_protocols`: the same `random_state` (an int),
    `n_splits` and protocol make the same folds.

    Parameters
    ----------
    estimator : estimator
        Classifier with ``predict_proba``. Each ``random_state`` in it that is None is set
        from `random_state`.
    X : array-like of shape (n_clips, ...)
        Anything that scikit-learn can index: paths, ragged clips, vectors.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip. It is also handed to whatever asks for groups in ``fit``.
    protocol : str, splitter, or other folds, default="speaker-independent"
        One protocol, as ``compare_protocols`` takes it, that tests every clip once.
    n_splits : int, default=5
        Folds of a named protocol.
    random_state : int, RandomState instance or None, default=None
        Of folds, and of an estimator that has none.
    n_jobs : int, default=None
        Folds at a time, as joblib takes it.

    Returns
    -------
    DataFrame of shape (n_clips, n_classes)
        Probabilities; columns are the sorted classes, rows the clips in their order.

    Raises
    ------
    ValueError
        If folds cannot be drawn, do not test every clip once, or labels or speakers are
        missing.
    TypeError
        If the estimator has no ``predict_proba``.

    Warns
    -----
    EvaluationWarning
        If a class is missing in the training part of a fold: its probability is 0 there.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sk_ser.model_selection import out_of_fold_proba
    >>> emotions, speakers = ["angry", "calm", "calm", "calm"] * 6, list("abcdef") * 4
    >>> proba = out_of_fold_proba(
    ...     DummyClassifier(), [[0]] * 24, emotions, groups=speakers, random_state=0
    ... )
    >>> proba.shape, proba.columns.tolist(), proba.mean().round(2).tolist()
    ((24, 2), ['angry', 'calm'], [0.25, 0.75])
    """
    check_has_proba(estimator, "out_of_fold_proba")
    (X,) = indexable(X)
    y = check_labels(y, _num_samples(X))
    groups = check_groups(groups, _num_samples(X))
    seed = draw_seed(random_state)
    name = protocol if isinstance(protocol, str) else "protocol"
    (drawn,) = draw_protocols({name: protocol}, X, y, groups, n_splits=n_splits, seed=seed)
    classes = np.unique(y)
    warn(drawn.faults + _lacking(drawn.folds, y, classes))
    model = seeded(clone(estimator), seed)
    with warnings.catch_warnings(), routing_for(model):
        # Said above, with the class named.
        warnings.filterwarnings("ignore", message="Number of classes in training fold")
        proba = cross_val_predict(
            model,
            X,
            y,
            cv=drawn.folds,
            params={} if groups is None else fit_params(model, groups),
            n_jobs=n_jobs,
            method="predict_proba",
        )
    return pd.DataFrame(proba, columns=classes)


def check_has_proba(estimator, purpose):
    """Refuse what predicts labels alone.

    Parameters
    ----------
    estimator : estimator
        Classifier, not fitted.
    purpose : str
        What needs probabilities; the error starts with it.

    Raises
    ------
    TypeError
        If there is no ``predict_proba``.
    """
    if isinstance(estimator, type) or not hasattr(estimator, "predict_proba"):
        raise TypeError(
            f"{purpose}: {estimator!r} has no predict_proba. Use make_svm(probability=True), or "
            "put the classifier in scikit-learn's CalibratedClassifierCV."
        )


def _lacking(folds, y, classes):
    return [
        f"out_of_fold_proba: fold {number} is trained without class {label!r}, whose probability "
        "is 0 there. Ask for fewer folds, or leave the class out."
        for number, (train, _) in enumerate(folds)
        for label in np.setdiff1d(classes, y[train]).tolist()
    ]
