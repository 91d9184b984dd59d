"""Checks of the estimators of an evaluation."""

from collections.abc import Mapping

from sk_ser._compat import is_study_in_memory
from sk_ser._estimators import is_estimator, last_step, params_of


def check_estimators(estimators):
    """Estimators by name, however they were given.

    Parameters
    ----------
    estimators : estimator, list of (str, estimator), or dict
        An estimator without a name is called after its class, a pipeline after the class of
        its last step.

    Returns
    -------
    dict of str to estimator
        In the order given.

    Raises
    ------
    ValueError
        If there are none, or two have one name.
    TypeError
        If one cannot be fitted or cannot predict.
    """
    if hasattr(estimators, "fit"):
        estimators = {type(last_step(estimators)).__name__: estimators}
    if not isinstance(estimators, Mapping):
        estimators = _from_pairs(estimators)
    if not estimators:
        raise ValueError("estimators is empty. Pass at least one.")
    for name, estimator in estimators.items():
        if not (is_estimator(estimator) and hasattr(estimator, "fit")) or not hasattr(
            estimator, "predict"
        ):
            raise TypeError(
                f"estimators: {name!r} is {estimator!r}, which lacks fit, predict or get_params. "
                "Pass an instance of a scikit-learn classifier."
            )
        _refuse_shared_study(name, estimator)
    return dict(estimators)


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
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"estimators: two are called {twice[0]!r}. Give each its own name.")
    return dict(pairs)
