"""A fitted model as a stream needs it: one that leaves nothing behind."""

import copy

from sklearn.utils.validation import check_is_fitted

from sk_ser.audio import AudioLoader
from sk_ser.features import ClipPipeline


def prepare(model):
    """Copy a fitted model into one that neither fills a cache nor shows progress.

    A stream never sees a window again, so whatever is kept of one is kept for nothing.

    Parameters
    ----------
    model : classifier
        Fitted, with ``predict_proba``. It is left as it is.

    Returns
    -------
    classifier

    Raises
    ------
    NotFittedError, TypeError
    """
    if not hasattr(model, "predict_proba"):
        raise TypeError(
            f"StreamingPredictor: {type(model).__name__} has no predict_proba. Fit one that has, "
            "as make_svm(front_end, probability=True), or calibrate it "
            "(sklearn.calibration.CalibratedClassifierCV)."
        )
    check_is_fitted(model)
    model = copy.deepcopy(model)
    for part in parts_of(model):
        if isinstance(part, ClipPipeline):
            part.set_params(memory=None, n_jobs=None, verbose=False)
    return model


def channel_of(model):
    """Tell how the model's loaders mix channels down; "mix" where there is none."""
    wanted = {part.mono for part in parts_of(model) if isinstance(part, AudioLoader)}
    if len(wanted) > 1:
        found = ", ".join(sorted(repr(mono) for mono in wanted))
        raise ValueError(
            f"StreamingPredictor: the model's AudioLoaders differ in mono ({found}). Stream each "
            "of its models by itself."
        )
    return wanted.pop() if wanted else "mix"


def parts_of(thing, seen=None):
    """Find every estimator in a fitted one, itself included, wherever it is held."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        inner = thing.values()
    elif isinstance(thing, (list, tuple)):
        inner = thing
    elif not isinstance(thing, type) and any(
        hasattr(thing, name) for name in ("get_params", "predict_proba")
    ):
        yield thing
        inner = vars(thing).values()
    else:
        return
    for part in inner:
        yield from parts_of(part, seen)
