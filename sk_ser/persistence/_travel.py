"""What of a model travels: all that predicts, and nothing of the machine it was trained on."""

import io
import pickle

from sklearn.base import BaseEstimator
from sklearn.utils.metadata_routing import MetadataRequest

from sk_ser.exceptions import ModelFileError

#: What metadata an estimator asks for, in all and by method.
_REQUESTS = (MetadataRequest, type(MetadataRequest(owner="").fit))


def ready_for_travel(model):
    """Copy a model without what belongs to the machine it was trained on.

    Caches of pipelines (`memory`) are left out, for a loaded model shall not write to, nor read
    from, a path of another machine. Of an OptunaSearchCV the best estimator is left, for its study
    is a database.

    Parameters
    ----------
    model : estimator
        Left as it is.

    Returns
    -------
    estimator
        It predicts the same.

    Raises
    ------
    ModelFileError
        If something in it has no name to be found by again, such as a lambda.
    """
    content = io.BytesIO()
    try:
        # it goes no further than this process: pickle is but a deep copy that can be told what
        # to leave out, wherever in the model it is
        _Packer(content, protocol=5).dump(model)
        return pickle.loads(content.getbuffer())
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        raise ModelFileError(
            f"save: {type(model).__name__} holds what cannot be saved ({error}). A function has to "
            "be defined in a module, not in place, and open files or generators have to go."
        ) from error


class _Packer(pickle.Pickler):
    def reducer_override(self, found):
        if _is_cached(found):
            return _with(found, memory=None).__reduce_ex__(5)
        if isinstance(found, _REQUESTS) and isinstance(found.owner, BaseEstimator):
            # it would hold what holds it; scikit-learn takes the name as well, for messages
            return _with(found, owner=type(found.owner).__name__).__reduce_ex__(5)
        if _is_optuna_search(found):
            return _itself, (found.best_estimator_,)
        return NotImplemented


def _is_cached(found):
    is_pipeline = isinstance(found, BaseEstimator) and hasattr(found, "steps")
    return is_pipeline and getattr(found, "memory", None) is not None


def _with(found, **attributes):
    """Copy an object with other attributes, as it stands."""
    other = object.__new__(type(found))
    other.__dict__.update(found.__dict__ | attributes)
    return other


def _is_optuna_search(found):
    # told by name: Optuna need not be installed
    home, _, _ = type(found).__module__.partition(".")
    return home == "optuna_integration" and hasattr(found, "best_estimator_")


def _itself(found):
    return found
