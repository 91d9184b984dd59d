"""Groups, handed to whatever in an estimator takes them, with metadata routing or without."""

from contextlib import contextmanager, suppress

from sklearn import config_context, get_config
from sklearn.calibration import CalibratedClassifierCV
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import MetadataRouter, get_routing_for_object, process_routing
from sklearn.utils.validation import has_fit_parameter

from sk_ser._compat import BaseSearchCV
from sk_ser._estimators import params_of


def fit_with_groups(estimator, X, y, groups):
    """Fit an estimator, and hand groups to the parts of it that take them.

    Parameters
    ----------
    estimator : estimator
        Is fitted. It should be a clone: its metadata requests may be set.
    X : array-like of shape (n_train, ...)
        Clips.
    y : ndarray of shape (n_train,)
        Labels.
    groups : ndarray of shape (n_train,) or None
        Speaker of each clip.

    Returns
    -------
    estimator
        The same.
    """
    if groups is None:
        return estimator.fit(X, y)
    with routing_for(estimator):
        return estimator.fit(X, y, **group_params(estimator, groups))


@contextmanager
def routing_for(estimator):
    """Enable metadata routing where groups need it to reach all that take them.

    Parameters
    ----------
    estimator : estimator
        To be fitted within. It should be a clone: its metadata requests may be set.
    """
    parts = list(params_of(estimator).values())
    wanted = get_config()["enable_metadata_routing"]
    # OptunaSearchCV hands its groups to cross_validate, which refuses them where metadata are
    # routed. Optuna then counts the trial as failed, and returns a model that was not tuned.
    possible = not any(type(part).__name__ == "OptunaSearchCV" for part in parts)
    needed = any(map(_calibrates_by_group, parts))
    with config_context(enable_metadata_routing=possible and (wanted or needed)):
        if possible and needed and not wanted:
            _request_groups(parts)
        yield


def group_params(estimator, groups):
    """Make the keyword arguments of ``fit`` that hand groups to the parts that take them.

    A grid search over :class:`~sklearn.model_selection.StratifiedGroupKFold` is so tuned on
    training speakers only, by itself or as a step of a pipeline.

    Parameters
    ----------
    estimator : estimator
        To be fitted.
    groups : ndarray of shape (n_train,)
        Speaker of each training clip.

    Returns
    -------
    dict of str to ndarray
        Empty if nothing takes groups.

    Raises
    ------
    UnsetMetadataPassedError
        With metadata routing, if something takes groups and has no metadata request for
        them.
    """
    if has_fit_parameter(estimator, "groups"):
        return {"groups": groups}
    is_routed = get_config()["enable_metadata_routing"]
    if isinstance(estimator, Pipeline) and not is_routed:
        return {
            f"{step}__{name}": value
            for step, inner in estimator.steps
            if hasattr(inner, "fit")
            for name, value in group_params(inner, groups).items()
        }
    router = get_routing_for_object(estimator)
    if router.consumes("fit", ["groups"]):
        return {"groups": groups}
    if is_routed and isinstance(router, MetadataRouter):
        # a TypeError says that nothing takes groups, which is fine; others are raised
        with suppress(TypeError):
            process_routing(estimator, "fit", groups=groups)
    return {}


def fit_keyword(estimator, name):
    """Return the keyword of ``fit`` that hands `name` to the last step.

    Without metadata routing, a pipeline addresses its steps by prefix:
    ``svc__sample_weight``.

    Parameters
    ----------
    estimator : estimator
    name : str
        Such as ``"sample_weight"``.

    Returns
    -------
    str or None
        None if the last step's ``fit`` does not take it.
    """
    if isinstance(estimator, Pipeline):
        step, last = estimator.steps[-1]
        keyword = fit_keyword(last, name)
        return keyword and f"{step}__{keyword}"
    if has_fit_parameter(estimator, name):
        return name
    if isinstance(estimator, BaseSearchCV):
        return name if name == "groups" else fit_keyword(estimator.estimator, name)
    return None


def _request_groups(parts):
    for part in parts:
        if has_fit_parameter(part, "groups"):
            part.set_fit_request(groups=True)


def _calibrates_by_group(part):
    """Check for a CalibratedClassifierCV whose folds take groups, which only routing hands on."""
    if not isinstance(part, CalibratedClassifierCV) or not hasattr(part.cv, "split"):
        return False
    return get_routing_for_object(part.cv).consumes("split", ["groups"]) != set()
