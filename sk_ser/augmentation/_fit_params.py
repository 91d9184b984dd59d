"""Groups and weights, handed to whatever in an estimator takes them."""

from inspect import signature

from sklearn import get_config
from sklearn.model_selection._search import BaseSearchCV
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import get_routing_for_object, process_routing
from sklearn.utils.validation import has_fit_parameter


def last_step(estimator):
    """Return what learns from y: the last step of a pipeline, or the estimator itself."""
    while isinstance(estimator, Pipeline) and estimator.steps:
        estimator = estimator.steps[-1][1]
    return estimator


def is_search(estimator):
    """Tell an estimator with a splitter of its own whose ``fit`` takes groups for it."""
    # scikit-learn's take groups among **params; others, as Optuna's, by name
    return isinstance(estimator, BaseSearchCV) or (
        hasattr(estimator, "cv") and has_fit_parameter(estimator, "groups")
    )


def fit_keyword(estimator, name):
    """Return the keyword that hands `name` to the last step; None if its ``fit`` has none.

    Without metadata routing, a pipeline addresses its steps by prefix: ``svc__sample_weight``.
    """
    if isinstance(estimator, Pipeline):
        step, last = estimator.steps[-1]
        keyword = fit_keyword(last, name)
        return keyword and f"{step}__{keyword}"
    if not hasattr(estimator, "fit"):
        return None
    if name in signature(estimator.fit).parameters:
        return name
    if isinstance(estimator, BaseSearchCV):
        return name if name == "groups" else fit_keyword(estimator.estimator, name)
    return None


def fit_params(classifier, groups, siblings, sample_weight):
    """Gather the keyword arguments that the classifier's estimator is fitted with.

    Parameters
    ----------
    classifier : AugmentedClassifier
        Asked for what its `estimator` takes.
    groups : ndarray of shape (n_rows,) or None
        Group of each clip and copy.
    siblings : ndarray of shape (n_rows,) or None
        Number of the clip that each is, or is a copy of: groups where none are given.
    sample_weight : ndarray of shape (n_rows,) or None
        Weight of each.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    ValueError
        If there are weights, and nothing takes them.
    """
    gather = _routed if get_config()["enable_metadata_routing"] else _by_keyword
    return gather(classifier, groups, siblings, sample_weight)


def _by_keyword(classifier, groups, siblings, sample_weight):
    groups = siblings if groups is None else groups
    given = {"groups": groups, "sample_weight": sample_weight}
    keywords = {name: fit_keyword(classifier.estimator, name) for name in given}
    if sample_weight is not None and keywords["sample_weight"] is None:
        last = type(last_step(classifier.estimator)).__name__
        raise ValueError(
            f"{type(classifier).__name__}: sample_weight is given, and fit of {last} takes none. "
            "Leave it out, or take an estimator that does."
        )
    return {
        keywords[name]: value
        for name, value in given.items()
        if value is not None and keywords[name] is not None
    }


def _routed(classifier, groups, siblings, sample_weight):
    if groups is None and get_routing_for_object(classifier).consumes("fit", ["groups"]):
        groups = siblings
    if groups is not None:
        try:
            process_routing(classifier, "fit", groups=groups)
        except TypeError:
            # nothing in the estimator knows of groups, as is the rule
            groups = None
    given = {"groups": groups, "sample_weight": sample_weight}
    given = {name: value for name, value in given.items() if value is not None}
    return process_routing(classifier, "fit", **given).estimator.fit
