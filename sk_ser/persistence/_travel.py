"""What of a model travels: all that predicts, and nothing of the machine it was trained on."""

import copy
import io
import pickle

from sklearn.pipeline import Pipeline

from sk_ser.exceptions import ModelFileError


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
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise ModelFileError(
            f"save: {type(model).__name__} holds what cannot be saved ({error}). A function has to "
            "be defined in a module, not in place, and open files or generators have to go."
        ) from error


class _Packer(pickle.Pickler):
    def reducer_override(self, found):
        if isinstance(found, Pipeline) and found.memory is not None:
            without = copy.copy(found)
            without.memory = None
            return without.__reduce_ex__(5)
        if _is_optuna_search(found):
            return _itself, (found.best_estimator_,)
        return NotImplemented


def _is_optuna_search(found):
    # told by name: Optuna need not be installed
    home, _, _ = type(found).__module__.partition(".")
    return home == "optuna_integration" and hasattr(found, "best_estimator_")


def _itself(found):
    return found
