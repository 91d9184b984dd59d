"""Checks of the estimators of an evaluation."""

from collections.abc import Mapping

from sklearn.base import clone

from sk_ser._compat import is_study_in_memory
from sk_ser._estimators import last_step, params_of, parts_of
from sk_ser.model_selection._checks import refuse_repeats

_PROBABILITIES = ", such as make_svm(probability=True) or a CalibratedClassifierCV"


def check_estimators(estimators, method="predict", *, allow_prefitted=False):
    """Estimators by name, however they were given.

    Parameters
    ----------
    estimators : estimator, list of (str, estimator), or dict
        An estimator without a name is called after its class, a pipeline after the class of
        its last step.
    method : str, default="predict"
        A method that is needed beside ``fit`` and ``predict``.
    allow_prefitted : bool, default=False
        Whether parts may be fitted already and stay so.

    Returns
    -------
    dict of str to estimator
        In the order given.

    Raises
    ------
    ValueError
        If there are none, or two have one name.
    TypeError
        If one lacks a method.
    """
    if hasattr(estimators, "fit"):
        estimators = {type(last_step(estimators)).__name__: estimators}
    if not isinstance(estimators, Mapping):
        estimators = _from_pairs(estimators)
    if not estimators:
        raise ValueError("estimators is empty. Pass at least one.")
    needed = sorted({"fit", "get_params", "predict", method})
    for name, estimator in estimators.items():
        is_class = isinstance(estimator, type)
        lacks = [one for one in needed if is_class or not hasattr(estimator, one)]
        if lacks:
            remedy = _PROBABILITIES if lacks == ["predict_proba"] else ""
            raise TypeError(
                f"estimators: {name!r} is {estimator!r}, which has no {', '.join(lacks)}. "
                f"Pass an instance of a scikit-learn classifier{remedy}."
            )
        _refuse_shared_study(name, estimator)
        if not allow_prefitted:
            _refuse_prefitted(name, estimator)
    return dict(estimators)


def check_one_estimator(estimator, method="predict", argument="estimator"):
    """One estimator by its name, as :func:`check_estimators` returns several."""
    named = check_estimators(estimator, method)
    if len(named) > 1:
        raise ValueError(f"{argument}: there are {len(named)}. Pass one at a time.")
    return named


def _refuse_shared_study(name, estimator):
    """Refuse a search whose folds would learn from each other's trials.

    A clone of a search gets a copy of its study. Only a study in memory without trials is safe:
    any other holds, or will hold, scores on clips that a fold tests.
    """
    for key, study in params_of(estimator).items():
        if key.rpartition("__")[2] != "study" or not hasattr(study, "trials"):
            continue
        if study.trials or not is_study_in_memory(study):
            raise ValueError(
                f"estimators: {name!r} has a study ({key}) that is kept in a file or has trials. "
                "All folds would share it, so trials on the test clips of one fold would choose "
                "for another. Leave study=None, or pass a new study in memory."
            )


def _refuse_prefitted(name, estimator):
    """Refuse a part that stays fitted when it is cloned: it has seen the test clips."""
    params = params_of(estimator)
    prefit = [key for key, value in params.items() if _is_prefit(key.rpartition("__")[2], value)]
    if not prefit and _has_learnt(clone(estimator)):
        prefit = [key for key, part in parts_of(clone(estimator)).items() if _has_learnt(part)]
    if prefit:
        part = prefit[-1] or type(estimator).__name__
        raise ValueError(
            f"estimators: {name!r} has a part that is fitted already and stays so in each fold "
            f"({part}). It may have learnt from the test clips of a fold. Pass it unfitted: not in "
            "a FrozenEstimator, and without prefit. compare_protocols(allow_prefitted=True) takes "
            "a part that was fitted on other recordings."
        )


def _is_prefit(key, value):
    return (key == "cv" and isinstance(value, str) and value == "prefit") or (
        key == "prefit" and value is True
    )


def _has_learnt(part):
    """Check for attributes that ``fit`` sets, at any depth of parameters."""
    return any(
        attribute.endswith("_") and not attribute.startswith("_")
        for one in parts_of(part).values()
        for attribute in vars(one)
    )


def _from_pairs(estimators):
    try:
        pairs = [(name, estimator) for name, estimator in estimators]
        names = [name for name, _ in pairs]
        if not all(isinstance(name, str) for name in names):
            raise TypeError
    except TypeError as error:
        raise TypeError(
            f"estimators is {estimators!r}. Pass one estimator, a list of (name, estimator), "
            "or a dict."
        ) from error
    refuse_repeats(names, "estimators")
    return dict(pairs)
