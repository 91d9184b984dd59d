"""Check: test clips that are trained on, and scores of clips that were tuned on."""

from functools import partial

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from sk_ser._text import with_interval
from sk_ser.leakage._evaluation import Evaluation
from sk_ser.leakage._finding import Finding
from sk_ser.model_selection import uar_score, uar_scorer

#: Least difference between the score on clips that a model has seen and its score in folds.
_MORE = 0.03
#: Scorers that equal UAR, as text: a copy of a scorer does not equal it.
_UAR = tuple(map(repr, ("balanced_accuracy", "recall_macro", uar_scorer)))
_finding = partial(Finding, check="test_set", kind="L1.1")


def check_test_set(evaluation: Evaluation) -> list[Finding]:
    """Find test clips that are trained on, and scores of clips that were tuned on.

    Parameters
    ----------
    evaluation : Evaluation
        The audited evaluation.

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
    >>> folds = [(np.arange(60), np.arange(60))]
    >>> evaluation = Evaluation(GaussianNB(), X, y, groups=speakers, protocol=folds)
    >>> check_test_set(evaluation)[0].message
    '60 of 60 test clips are trained on in the fold that tests them.'
    """
    return [*_overlap(evaluation), *_flat_tuning(evaluation), *_seen(evaluation)]


def _overlap(evaluation):
    both = [np.intersect1d(train, test) for train, test in evaluation.folds]
    n_both, n_test = sum(map(len, both)), sum(len(test) for _, test in evaluation.folds)
    if not n_both:
        return
    rows = np.unique(np.concatenate(both))
    yield _finding(
        severity="severe",
        message=f"{n_both} of {n_test} test clips are trained on in the fold that tests them.",
        remedy="Draw folds whose test clips are not in training, such as those of "
        "StratifiedGroupKFold.",
        figures={"n_test_clips": n_test, "n_trained_on": n_both},
        evidence=pd.DataFrame({"clip": [evaluation.name_of(row) for row in rows]}),
    )


def _flat_tuning(evaluation):
    """Compare a fitted search's best score with the nested score of the same search."""
    search = evaluation.estimator
    flat = getattr(search, "best_score_", None)
    if flat is None or repr(getattr(search, "scoring", None)) not in _UAR:
        return
    nested, interval = _score(evaluation)
    is_above = "warning" if flat - nested > 0.01 else "note"
    yield _finding(
        severity="severe" if flat > interval[1] else is_above,
        message=f"best_score_ is {flat:.3f}, on the folds that the parameters were chosen on. "
        "Searched anew within each training part, the estimator scores "
        f"{with_interval(nested, *interval, spec='.3f')}.",
        remedy="Report the nested score: cross-validate the search itself, not its best "
        "parameters.",
        figures={"uar_flat": float(flat), "uar_nested": nested, "uar_nested_interval": interval},
    )


def _seen(evaluation):
    """Compare the score of a fitted model on all clips with its score in the folds."""
    model = evaluation.estimator
    try:
        check_is_fitted(model)
        uar = float(uar_score(evaluation.y, model.predict(evaluation.X)))
    except Exception:  # not fitted, or on something else: there is no score to explain
        return
    tested, interval = _score(evaluation)
    if uar < tested + _MORE:
        return
    yield _finding(
        severity="warning",
        message=f"The fitted model scores {uar:.3f} on these clips. Fitted without the clips "
        f"that are tested, it scores {with_interval(tested, *interval, spec='.3f')}. It "
        "has probably been fitted on them.",
        remedy="Do not report its score on these clips; report the score of the folds.",
        figures={"uar_fitted": uar, "uar": tested, "uar_interval": interval},
    )


def _score(evaluation):
    """Return the UAR in the folds as given, and its interval."""
    row = evaluation.comparison.row("model", "as given")
    return float(row.uar), [float(row.uar_low), float(row.uar_high)]
