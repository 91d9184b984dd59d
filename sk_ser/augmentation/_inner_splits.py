"""Refuse estimators that would split a clip from its copies.

Copies are made before the estimator is fitted. An estimator that holds out clips itself, to
search, to calibrate or to stop early, would hold out copies of the clips it learns from, and
its scores would be too high. It may do so only if groups reach its splitter.
"""

from sklearn import get_config
from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import SVC, NuSVC
from sklearn.utils.metadata_routing import get_routing_for_object
from sklearn.utils.validation import has_fit_parameter

from sk_ser._estimators import is_search, last_step, parts_of
from sk_ser._routing import fit_keyword

#: Number of rows above which scikit-learn's ``early_stopping="auto"`` stops early.
_MANY_ROWS = 10_000


def refuse_inner_splits(classifier, n_rows):
    """Raise ValueError if the classifier's estimator would split copies from their clips.

    Parameters
    ----------
    classifier : AugmentedClassifier
        Its `estimator` and all parts of it are checked.
    n_rows : int
        Number of clips and copies that it would be fitted on.
    """
    name, estimator = type(classifier).__name__, classifier.estimator
    for node in parts_of(estimator).values():
        fault = _fault_of(node, estimator, n_rows)
        if fault:
            raise ValueError(f"{name}: {type(node).__name__} {fault}")


def _fault_of(node, estimator, n_rows):
    """Describe how a part of the estimator would split copies, and the remedy; None if not."""
    params = node.get_params(deep=False)
    if "cv" in params and not _keeps_groups(node, params["cv"], estimator):
        return (
            f"(cv={params['cv']!r}) would test on copies of the clips that it trains on. Put "
            f"AugmentedClassifier inside it, {type(node).__name__}(AugmentedClassifier(...)), not "
            "around it; a search may also stay inside with a splitter by groups, such as "
            "StratifiedGroupKFold, if groups reach it."
        )
    if isinstance(node, (SVC, NuSVC)) and params.get("probability") is True:
        return (
            "(probability=True) would calibrate on copies of the clips that it trains on. Set "
            "probability=False and use CalibratedClassifierCV(AugmentedClassifier(...))."
        )
    name, value = _early_stopping(params, n_rows)
    if name and not (value is True and _stops_by_groups(node, estimator)):
        return (
            f"({name}={value!r}) would decide when to stop on copies of the clips that it "
            "trains on. Turn that off; or set early_stopping=True, with an estimator whose fit "
            "takes groups and which they reach: copies then stay with their clip."
        )
    return None


def _keeps_groups(node, cv, estimator):
    """Check whether a splitter gets groups and uses them."""
    if isinstance(cv, str):
        # "prefit" splits nothing
        return True
    if get_routing_for_object(cv).consumes("split", ["groups"]) != {"groups"}:
        return False
    if not get_config()["enable_metadata_routing"]:
        # groups do not reach deeper parts
        return is_search(node) and node is last_step(estimator)
    # with ensemble=False, scikit-learn does not pass groups to the splitter
    calibrates = isinstance(node, CalibratedClassifierCV) and node.ensemble in (True, "auto")
    return is_search(node) or calibrates


def _early_stopping(params, n_rows):
    """Return name and value of the parameter that enables early stopping; None if it is off."""
    if "validation_fraction" not in params:
        return None, None
    # gradient boosting has no parameter early_stopping
    name = "early_stopping" if "early_stopping" in params else "n_iter_no_change"
    value = params.get(name)
    holds_out = n_rows > _MANY_ROWS if isinstance(value, str) and value == "auto" else value
    return (name, value) if holds_out else (None, None)


def _stops_by_groups(node, estimator):
    """Check whether an estimator that stops early gets groups."""
    if not has_fit_parameter(node, "groups"):
        return False
    if not get_config()["enable_metadata_routing"]:
        return node is last_step(estimator) and fit_keyword(estimator, "groups") is not None
    return bool(get_routing_for_object(node).consumes("fit", ["groups"]))
