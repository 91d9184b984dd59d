"""Rules for the parameters of neural classifiers: name, test, and what the error asks for."""

from collections.abc import Sequence
from numbers import Integral

import numpy as np

from sk_ser.neural._callbacks import SCHEDULES


def check_params(estimator, rules):
    """Validate the parameters of an estimator.

    Parameters
    ----------
    estimator : estimator
    rules : iterable of (str, callable, str)
        Name of a parameter, a function that returns whether a value is allowed, and a
        description of the allowed values for the error.

    Raises
    ------
    ValueError
        If a value is not allowed.
    """
    for name, is_allowed, wanted in rules:
        value = getattr(estimator, name)
        if not _holds(is_allowed, value):
            raise ValueError(f"{type(estimator).__name__}: {name}={value!r} must be {wanted}.")


def check_channels(estimator, items, *, reset):
    """Set `n_channels_in_` of an estimator, or raise ValueError if sequences have another number.

    Parameters
    ----------
    estimator : estimator
    items : list of ndarray of shape (n_frames, n_channels)
    reset : bool
        Whether to set it.
    """
    n_channels = items[0].shape[1]
    if reset:
        estimator.n_channels_in_ = n_channels
    elif n_channels != estimator.n_channels_in_:
        raise ValueError(
            f"{type(estimator).__name__}: X has {n_channels} channels per frame, but fit had "
            f"{estimator.n_channels_in_}. Compute the same descriptors as for fit."
        )


def _holds(is_allowed, value):
    try:
        return bool(is_allowed(value))
    except (TypeError, ValueError):
        return False


def is_count(value):
    """Check for a whole number from 1."""
    return isinstance(value, Integral) and value >= 1


def is_sizes(value):
    """Check for a sequence of whole numbers from 1."""
    is_sequence = isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, str)
    return is_sequence and all(is_count(size) for size in value)


def one_of(*values):
    """Make the test and the description of a parameter with few allowed values."""
    return values.__contains__, f"one of {values}"


_COUNT = (is_count, "a whole number from 1")
_SHARE = (lambda value: 0 <= value < 1, "within [0, 1)")
_ABOVE_0 = (lambda value: value > 0, "above 0")
_FROM_0 = (lambda value: value >= 0, "0 or more")

#: Rules for the parameters that all nets have.
TRAINING_RULES = [
    ("dropout", *_SHARE),
    ("max_epochs", *_COUNT),
    ("batch_size", *_COUNT),
    ("learning_rate", *_ABOVE_0),
    ("weight_decay", *_FROM_0),
    ("schedule", *one_of(*SCHEDULES)),
    ("max_grad_norm", lambda value: value is None or value > 0, "above 0, or None"),
    ("label_smoothing", *_SHARE),
    ("mixup", *_FROM_0),
    ("early_stopping", (True, False, "clips").__contains__, "True, False or 'clips'"),
    ("validation_fraction", lambda value: 0 < value <= 0.5, "within (0, 0.5]"),
    ("patience", *_COUNT),
]
#: Rules for the parameters of nets over sequences.
SEQUENCE_RULES = [
    ("head_dropout", *_SHARE),
    ("channels", is_sizes, "a sequence of whole numbers from 1"),
    ("kernel_size", lambda value: is_count(value) and value % 2 == 1, "an odd number from 1"),
    ("pool_size", lambda value: is_count(value) or is_sizes(value), "whole numbers from 1"),
]
