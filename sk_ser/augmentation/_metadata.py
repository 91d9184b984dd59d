"""Keyword arguments that hand groups and weights to the estimator of an AugmentedClassifier."""

from sklearn import get_config
from sklearn.utils.metadata_routing import get_routing_for_object, process_routing

from sk_ser._estimators import last_step
from sk_ser._routing import fit_keyword


def fit_params(classifier, groups, siblings, sample_weight):
    """Make the keyword arguments of ``fit`` of the classifier's estimator.

    Parameters
    ----------
    classifier : AugmentedClassifier
        Its `estimator` determines which arguments are accepted.
    groups : ndarray of shape (n_rows,) or None
        Group of each clip and copy.
    siblings : ndarray of shape (n_rows,) or None
        Number of the clip that each row is, or is a copy of. Used as groups if none are given.
    sample_weight : ndarray of shape (n_rows,) or None
        Weight of each row.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    ValueError
        If there are weights and the estimator takes none.
    """
    gather = _routed if get_config()["enable_metadata_routing"] else _by_keyword
    return gather(classifier, groups, siblings, sample_weight)


def _by_keyword(classifier, groups, siblings, sample_weight):
    given = _present(groups=siblings if groups is None else groups, sample_weight=sample_weight)
    keywords = {name: fit_keyword(classifier.estimator, name) for name in given}
    if "sample_weight" in given and keywords["sample_weight"] is None:
        last = type(last_step(classifier.estimator)).__name__
        raise ValueError(
            f"{type(classifier).__name__}: sample_weight is given, and fit of {last} does not take "
            "it. Omit it, or use an estimator that takes it."
        )
    return {keywords[name]: value for name, value in given.items() if keywords[name] is not None}


def _routed(classifier, groups, siblings, sample_weight):
    if groups is None and get_routing_for_object(classifier).consumes("fit", ["groups"]):
        groups = siblings
    if groups is not None:
        try:
            process_routing(classifier, "fit", groups=groups)
        except TypeError:
            # no part of the estimator takes groups
            groups = None
    given = _present(groups=groups, sample_weight=sample_weight)
    return process_routing(classifier, "fit", **given).estimator.fit


def _present(**values):
    return {name: value for name, value in values.items() if value is not None}
