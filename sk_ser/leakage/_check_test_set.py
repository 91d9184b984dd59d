"""Whether there is a test set at all, and the score is of it."""

import numpy as np
import pandas as pd
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils.validation import check_is_fitted

from sk_ser.leakage._finding import Finding
from sk_ser.model_selection import uar_score

#: By how much a fitted model does better on clips that it has seen, at the least.
_MORE = 0.03
#: Scorers that are UAR by another name.
_UAR = ("uar", "balanced_accuracy", "recall_macro")


def check_test_set(evaluation):
    """Find test clips that are trained on, and scores that are of the clips tuned on.

    Parameters
    ----------
    evaluation : Evaluation
        What to look at.

    Returns
    -------
    list of Finding

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sk_ser.leakage import Evaluation, check_test_set
    >>> rng = np.random.default_rng(0)
    >>> X, y, speakers = rng.normal(size=(60, 3)), np.arange(60) % 2, np.arange(60) % 12
    >>> everything = np.arange(60)
    >>> evaluation = Evaluation(GaussianNB(), X, y, groups=speakers, cv=[(everything,) * 2])
    >>> check_test_set(evaluation)[0].message
    '60 of 60 test clips are trained on in the fold that tests them.'
    """
    return [*_overlap(evaluation), *_flat_tuning(evaluation), *_seen(evaluation)]


def _overlap(evaluation):
    both = [np.intersect1d(train, test) for train, test in evaluation.folds]
    n_both, n_test = sum(map(len, both)), sum(len(test) for _, test in evaluation.folds)
    if not n_both:
        return []
    rows = np.unique(np.concatenate(both))
    evidence = pd.DataFrame({"clip": [evaluation.name_of(row) for row in rows]})
    return [
        Finding(
            "test_set",
            "severe",
            "L1.1",
            f"{n_both} of {n_test} test clips are trained on in the fold that tests them.",
            "Draw folds whose test clips are not in training, such as StratifiedGroupKFold's.",
            {"n_test_clips": n_test, "n_trained_on": n_both},
            evidence,
        )
    ]


def _flat_tuning(evaluation):
    """Compare a fitted search's best score with the score of the same search, nested."""
    search = evaluation.estimator
    if not isinstance(search, BaseSearchCV) and not hasattr(search, "best_score_"):
        return []
    if not hasattr(search, "best_score_") or search.scoring not in _UAR:
        return []
    nested = evaluation.comparison.row("model", "as given")
    flat, interval = float(search.best_score_), [float(nested.uar_low), float(nested.uar_high)]
    excess = flat - nested.uar
    return [
        Finding(
            "test_set",
            "severe" if flat > interval[1] else "warning" if excess > 0.01 else "note",
            "L1.1",
            f"best_score_ is {flat:.3f}, of the folds that the parameters were chosen on; searched "
            f"anew within each training part, the estimator scores {nested.uar:.3f} "
            f"[{interval[0]:.3f}, {interval[1]:.3f}].",
            "Report the nested score: cross-validate the search itself, not its best parameters.",
            {"uar_flat": flat, "uar_nested": float(nested.uar), "uar_nested_interval": interval},
        )
    ]


def _seen(evaluation):
    """Ask a fitted model about clips that it may have been fitted on."""
    model = evaluation.estimator
    try:
        check_is_fitted(model)
        uar = float(uar_score(evaluation.y, model.predict(evaluation.X)))
    except Exception:  # not fitted, or on something else: there is no score to explain
        return []
    tested = evaluation.comparison.row("model", "as given")
    interval = [float(tested.uar_low), float(tested.uar_high)]
    if uar < tested.uar + _MORE:
        return []
    return [
        Finding(
            "test_set",
            "warning",
            "L1.1",
            f"The fitted model scores {uar:.3f} on these clips; fitted without those it is tested "
            f"on, it scores {tested.uar:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]. It has "
            "probably been fitted on them.",
            "Do not report its score on these clips; report that of the folds.",
            {"uar_fitted": uar, "uar": float(tested.uar), "uar_interval": interval},
        )
    ]
