"""The parts of an estimator: its steps, what it wraps, and what it has fitted."""

from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import has_fit_parameter

from sk_ser._compat import BaseSearchCV


def is_estimator(thing):
    """Check for an instance with scikit-learn's parameters; a class is none."""
    return hasattr(thing, "get_params") and not isinstance(thing, type)


def params_of(estimator):
    """Collect an estimator and all its parameters, however deep.

    Parameters
    ----------
    estimator : object
        An object that is no estimator has no parameters.

    Returns
    -------
    dict of str to object
        The estimator itself under ``""``, each parameter under its full name, such as
        ``"svc__C"``.
    """
    inner = estimator.get_params(deep=True) if is_estimator(estimator) else {}
    return {"": estimator} | inner


def parts_of(estimator):
    """Collect an estimator and the estimators among its parameters, however deep.

    Parameters
    ----------
    estimator : object
        Fitted or not. What it has fitted is not looked at, see :func:`fitted_parts`.

    Returns
    -------
    dict of str to estimator
        The estimator itself under ``""``, the others under the name of their parameter.
    """
    return {name: part for name, part in params_of(estimator).items() if is_estimator(part)}


def fitted_parts(estimator):
    """Yield every estimator that a fitted estimator predicts with, itself included.

    Parameters
    ----------
    estimator : estimator
        Its attributes are looked through, and lists, tuples and dicts in them. Of a search
        only the best estimator counts.

    Yields
    ------
    estimator
        Each once.
    """
    yield from _walk(estimator, set())


def _walk(thing, seen):
    if isinstance(thing, (dict, list, tuple)):
        inner = thing.values() if isinstance(thing, dict) else thing
    elif id(thing) not in seen and _is_model(thing):
        seen.add(id(thing))
        yield thing
        best = getattr(thing, "best_estimator_", None)
        inner = vars(thing).values() if best is None else [best]
    else:
        return
    for part in inner:
        yield from _walk(part, seen)


def _is_model(thing):
    # the pairs of classifier and calibrators within CalibratedClassifierCV have no get_params
    return is_estimator(thing) or (hasattr(thing, "predict_proba") and not isinstance(thing, type))


def name_steps(steps):
    """Name steps after their classes in lower case, as ``make_pipeline`` does.

    Parameters
    ----------
    steps : sequence of estimators

    Returns
    -------
    list of (str, estimator)
    """
    return make_pipeline(*steps).steps


def last_step(estimator):
    """Return what learns from y: the last step of a pipeline, or the estimator itself."""
    while isinstance(estimator, Pipeline) and estimator.steps:
        estimator = estimator.steps[-1][1]
    return estimator


def is_search(estimator):
    """Check for an estimator with a splitter of its own whose ``fit`` takes groups for it."""
    # scikit-learn's searches take groups among **params; others, as Optuna's, by name
    return isinstance(estimator, BaseSearchCV) or (
        hasattr(estimator, "cv") and has_fit_parameter(estimator, "groups")
    )
