"""Unweighted average recall, and its name among scikit-learn's scorers."""

import sys

import numpy as np
from sklearn.metrics import make_scorer, recall_score


def uar_score(y_true, y_pred, *, sample_weight=None):
    """Unweighted average recall: the mean recall of the classes that occur.

    ``UAR = (1 / K) * sum_k correct_k / n_k`` over the ``K`` classes in
    `y_true`. A rare emotion counts as much as a common one, and guessing gives
    1 / K however the classes are distributed, which is why speech emotion
    recognition reports it rather than accuracy [1]_.

    Classes that only `y_pred` holds have no recall and do not enter the mean;
    they cost the clips they were given to, and nothing else. So this is
    :func:`sklearn.metrics.balanced_accuracy_score` without its warning, and
    ``recall_score(average="macro")`` wherever `y_true` holds every class.

    Parameters
    ----------
    y_true : array-like of shape (n_clips,)
        Labels as they are.
    y_pred : array-like of shape (n_clips,)
        Labels as predicted.
    sample_weight : array-like of shape (n_clips,), default=None
        Weight of each clip within its class.

    Returns
    -------
    float
        From 0 to 1, 1 being best.

    Raises
    ------
    ValueError
        If there are no clips, or the two differ in length.

    References
    ----------
    .. [1] B. Schuller, S. Steidl, A. Batliner, "The INTERSPEECH 2009 Emotion
       Challenge", Proc. INTERSPEECH, 2009, pp. 312-315.

    Examples
    --------
    >>> from sk_ser.model_selection import uar_score
    >>> uar_score(["calm", "calm", "angry", "angry"], ["calm", "sad", "angry", "angry"])
    0.75

    After ``import sk_ser`` it is also a name:

    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.model_selection import cross_validate
    >>> X, y = [[0]] * 10, ["calm", "angry"] * 5
    >>> cross_validate(DummyClassifier(), X, y, cv=2, scoring="uar")["test_score"]
    array([0.5, 0.5])
    """
    if len(y_true) == 0:
        raise ValueError("uar_score: there are no clips to score.")
    return float(
        recall_score(
            y_true,
            y_pred,
            labels=np.unique(y_true),
            average="macro",
            sample_weight=sample_weight,
            zero_division=0,
        )
    )


def _register(name, scorer):
    """Let `scorer` be asked for by `name` wherever scikit-learn takes a name.

    scikit-learn has no public registry. It looks names up in one dictionary,
    and each function that takes ``scoring=`` froze the names it accepts when
    its module was loaded. So the name is added to the dictionary and to the
    frozen sets; modules loaded later read it from the dictionary. Nothing of
    scikit-learn's is replaced, and a test fails should any of this move.
    """
    try:
        from sklearn.metrics._scorer import _SCORERS
    except ImportError:
        # Only the name is lost: make_scorer(uar_score) still does the same.
        return
    _SCORERS.setdefault(name, scorer)
    modules = [m for key, m in sys.modules.items() if key.startswith("sklearn.")]
    for owner in [value for module in modules for value in vars(module).values()]:
        for accepted in _accepted_scoring(owner):
            names = getattr(accepted, "options", ())
            if "recall_macro" in names:
                names.add(name)


def _accepted_scoring(owner):
    """Read what a function or a class of scikit-learn takes as ``scoring=``."""
    if not callable(owner):
        return []
    for attribute in ("_parameter_constraints", "_skl_parameter_constraints"):
        constraints = getattr(owner, attribute, None)
        if isinstance(constraints, dict):
            accepted = constraints.get("scoring", [])
            return accepted if isinstance(accepted, list) else []
    return []


_register("uar", make_scorer(uar_score))
