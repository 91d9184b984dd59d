"""Where an estimator would split a clip from its copies, if it were left to.

Copies are made before the estimator is fitted. One that holds clips out by itself, to
search, to calibrate or to stop early, would hold out copies of the very clips it learns
from, and think too well of itself. It may do so only where groups reach its splitter.
"""

from sklearn import get_config
from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import SVC, NuSVC
from sklearn.utils.metadata_routing import get_routing_for_object
from sklearn.utils.validation import has_fit_parameter

from sk_ser.augmentation._fit_params import fit_keyword, is_search, last_step

#: Rows above which scikit-learn's ``early_stopping="auto"`` stops early.
_MANY_ROWS = 10_000


def refuse_inner_splits(classifier, n_rows):
    """Raise ValueError if the classifier's estimator would split copies from their clips.

    Parameters
    ----------
    classifier : AugmentedClassifier
        Of which `estimator` is looked into, however deep.
    n_rows : int
        Clips and copies that it would be fitted on.
    """
    name, estimator = type(classifier).__name__, classifier.estimator
    nested = estimator.get_params(deep=True).values() if hasattr(estimator, "get_params") else ()
    for node in [estimator, *nested]:
        if hasattr(node, "get_params") and not isinstance(node, type):
            fault = _fault_of(node, estimator, n_rows)
            if fault:
                raise ValueError(f"{name}: {type(node).__name__} {fault}")


def _fault_of(node, estimator, n_rows):
    """Say how a part of the estimator would split, and the remedy; None if it would not."""
    params = node.get_params(deep=False)
    if "cv" in params and not _keeps_groups(node, params["cv"], estimator):
        return (
            f"(cv={params['cv']!r}) would test on copies of the clips that it trains on. Put "
            f"AugmentedClassifier inside it, {type(node).__name__}(AugmentedClassifier(...)), not "
            "around it; a search may also stay inside with a splitter by groups, such as "
            "StratifiedGroupKFold, that groups reach."
        )
    if isinstance(node, (SVC, NuSVC)) and params.get("probability") is True:
        return (
            "(probability=True) would calibrate on copies of the clips that it trains on. Say "
            "probability=False, and CalibratedClassifierCV(AugmentedClassifier(...))."
        )
    wish = _early_stopping(params, n_rows)
    if wish and not (wish[1] is True and _stops_by_groups(node, estimator)):
        return (
            f"({wish[0]}={wish[1]!r}) would decide when to stop on copies of the clips that it "
            "trains on. Turn that off; or say early_stopping=True, with an estimator whose fit "
            "takes groups and which they reach: copies then go with their clip."
        )
    return None


def _keeps_groups(node, cv, estimator):
    """Tell whether a splitter is given groups, and heeds them."""
    if isinstance(cv, str):
        # "prefit": nothing is split
        return True
    if get_routing_for_object(cv).consumes("split", ["groups"]) != {"groups"}:
        return False
    if not get_config()["enable_metadata_routing"]:
        # what is deeper inside cannot be handed groups
        return is_search(node) and node is last_step(estimator)
    # with ensemble=False, scikit-learn does not hand groups on to the splitter
    calibrates = isinstance(node, CalibratedClassifierCV) and node.ensemble in (True, "auto")
    return is_search(node) or calibrates


def _early_stopping(params, n_rows):
    """Name and value of the parameter by which an estimator stops early; None if it does not."""
    if "validation_fraction" not in params:
        return None
    if "early_stopping" not in params:
        # gradient boosting
        patience = params.get("n_iter_no_change")
        return None if patience is None else ("n_iter_no_change", patience)
    value = params["early_stopping"]
    holds_out = n_rows > _MANY_ROWS if isinstance(value, str) and value == "auto" else value
    return ("early_stopping", value) if holds_out else None


def _stops_by_groups(node, estimator):
    """Tell whether an estimator that stops early is given groups."""
    if not has_fit_parameter(node, "groups"):
        return False
    if not get_config()["enable_metadata_routing"]:
        return node is last_step(estimator) and fit_keyword(estimator, "groups") is not None
    return bool(get_routing_for_object(node).consumes("fit", ["groups"]))
