"""Copy a model without anything of the machine that it was trained on."""

import io
import pickle

from sklearn.base import BaseEstimator

from sk_ser._compat import METADATA_REQUESTS
from sk_ser.exceptions import ModelFileError

#: Parameters that concern the machine and not the model, with their values in a file.
_REPLACED = {"memory": None, "n_jobs": None, "verbose": False}
#: What a search has tried: parameters by name.
_TRIED = ("param_grid", "param_distributions", "best_params_", "cv_results_")


def ready_for_travel(model):
    """Copy a model without anything of the machine that it was trained on.

    Caches (`memory`), numbers of processes (`n_jobs`) and progress bars (`verbose`) are left out,
    also of what a search has tried: a loaded model must not write to a path of another machine, or
    start processes that its user did not ask for. An OptunaSearchCV is replaced by its best
    estimator, because its study is a database.

    Parameters
    ----------
    model : estimator
        It is not changed.

    Returns
    -------
    estimator
        It makes the same predictions.

    Raises
    ------
    ModelFileError
        If an object in it cannot be imported by name, such as a lambda.
    """
    content = io.BytesIO()
    try:
        # a pickle is a deep copy that can leave out parts at any depth
        _Packer(content, protocol=5).dump(model)
        # the bytes are from the line above, not from a file
        return pickle.loads(content.getbuffer())  # noqa: S301
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        raise ModelFileError(
            f"save: {type(model).__name__} holds an object that cannot be saved ({error})",
            remedy="A function has to be defined in a module, not in place; leave out open files "
            "and generators.",
        ) from error


class _Packer(pickle.Pickler):
    def reducer_override(self, found):
        # by name, because Optuna need not be installed
        home = type(found).__module__.partition(".")[0]
        if home == "optuna_integration" and hasattr(found, "best_estimator_"):
            return _itself, (found.best_estimator_,)
        if isinstance(found, BaseEstimator):
            inert = _inert(found)
            return _with(found, **inert).__reduce_ex__(5) if inert else NotImplemented
        if isinstance(found, METADATA_REQUESTS) and isinstance(found.owner, BaseEstimator):
            # the owner would be a cycle; scikit-learn accepts its name as well
            return _with(found, owner=type(found.owner).__name__).__reduce_ex__(5)
        return NotImplemented


def _inert(estimator):
    """Return the attributes of an estimator that are replaced in the copy."""
    held = vars(estimator)
    replaced = {name: _REPLACED[name] for name in _REPLACED if held.get(name)}
    return replaced | {name: _without(held[name]) for name in _TRIED if held.get(name)}


def _without(tried):
    """Leave parameters of the machine out of the grid, or the results, of a search."""
    if isinstance(tried, list):
        return [_without(one) for one in tried]
    if not isinstance(tried, dict):
        return tried
    kept = {name: value for name, value in tried.items() if not name.endswith(tuple(_REPLACED))}
    return kept | {"params": _without(kept["params"])} if "params" in kept else kept


def _with(found, **attributes):
    """Copy an object with some attributes replaced."""
    other = object.__new__(type(found))
    other.__dict__.update(found.__dict__ | attributes)
    return other


def _itself(found):
    return found
