"""Copy a model without anything of the machine that it was trained on."""

import io
import pickle

from sklearn.base import BaseEstimator

from sk_ser._compat import METADATA_REQUESTS
from sk_ser.exceptions import ModelFileError


def ready_for_travel(model):
    """Copy a model without anything of the machine that it was trained on.

    Caches of pipelines (`memory`) are left out, because a loaded model must not read from or write
    to a path of another machine. An OptunaSearchCV is replaced by its best estimator, because its
    study is a database.

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
        is_pipeline = isinstance(found, BaseEstimator) and hasattr(found, "steps")
        if is_pipeline and getattr(found, "memory", None) is not None:
            return _with(found, memory=None).__reduce_ex__(5)
        if isinstance(found, METADATA_REQUESTS) and isinstance(found.owner, BaseEstimator):
            # the owner would be a cycle; scikit-learn accepts its name as well
            return _with(found, owner=type(found.owner).__name__).__reduce_ex__(5)
        # by name, because Optuna need not be installed
        home = type(found).__module__.partition(".")[0]
        if home == "optuna_integration" and hasattr(found, "best_estimator_"):
            return _itself, (found.best_estimator_,)
        return NotImplemented


def _with(found, **attributes):
    """Copy an object with some attributes replaced."""
    other = object.__new__(type(found))
    other.__dict__.update(found.__dict__ | attributes)
    return other


def _itself(found):
    return found
