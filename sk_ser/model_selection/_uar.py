"""Unweighted average recall, as a function and as a scorer."""

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import make_scorer, recall_score


def uar_score(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Unweighted average recall (UAR): the mean recall of the classes that occur.

    ``UAR = (1 / K) * sum_k correct_k / n_k`` over the ``K`` classes in `y_true`. A rare emotion
    counts as much as a common one, and guessing gives 1 / K however the classes are
    distributed. Speech emotion recognition therefore reports UAR rather than accuracy [1]_.

    A class that only `y_pred` holds has no recall and does not enter the mean. So this is
    :func:`sklearn.metrics.balanced_accuracy_score` without its warning, and
    ``recall_score(average="macro")`` wherever `y_true` holds every class.

    Parameters
    ----------
    y_true : array-like of shape (n_clips,)
        True labels.
    y_pred : array-like of shape (n_clips,)
        Predicted labels.
    sample_weight : array-like of shape (n_clips,), default=None
        Weight of each clip within its class.

    Returns
    -------
    float
        From 0 to 1, 1 being best.

    Raises
    ------
    ValueError
        If there are no clips, or the lengths differ.

    See Also
    --------
    uar_scorer : The same as a scorer, for ``scoring=``.

    References
    ----------
    .. [1] B. Schuller, S. Steidl, A. Batliner, "The INTERSPEECH 2009 Emotion
       Challenge", Proc. INTERSPEECH, 2009, pp. 312-315.

    Examples
    --------
    >>> from sk_ser.model_selection import uar_score
    >>> uar_score(["calm", "calm", "angry", "angry"], ["calm", "sad", "angry", "angry"])
    0.75

    As a scorer, wherever scikit-learn takes ``scoring=``. The name ``"balanced_accuracy"``
    gives the same number where every class is present:

    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.model_selection import cross_validate
    >>> from sk_ser.model_selection import uar_scorer
    >>> X, y = [[0]] * 10, ["calm", "angry"] * 5
    >>> cross_validate(DummyClassifier(), X, y, cv=2, scoring=uar_scorer)["test_score"]
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


#: Scorer for ``scoring=`` of scikit-learn's searches and cross-validation. It can be pickled.
uar_scorer = make_scorer(uar_score)
