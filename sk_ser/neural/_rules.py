"""What holds of the parameters of neural classifiers: name, test, and what is wanted."""

from collections.abc import Sequence
from numbers import Integral

import numpy as np

from sk_ser.neural._callbacks import SCHEDULES


def is_true(holds, value):
    """Tell whether a test holds of a value; of one that it cannot be asked of, it does not."""
    try:
        return bool(holds(value))
    except (TypeError, ValueError):
        return False


def is_count(value):
    """Tell a whole number from 1."""
    return isinstance(value, Integral) and value >= 1


def is_sizes(value):
    """Tell a sequence of sizes of layers."""
    is_sequence = isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, str)
    return is_sequence and all(is_count(size) for size in value)


#: Of the parameters that all have.
TRAINING_RULES = [
    ("dropout", lambda value: 0 <= value < 1, "within [0, 1)"),
    ("max_epochs", is_count, "a whole number from 1"),
    ("batch_size", is_count, "a whole number from 1"),
    ("learning_rate", lambda value: value > 0, "above 0"),
    ("weight_decay", lambda value: value >= 0, "0 or more"),
    ("schedule", SCHEDULES.__contains__, f"one of {SCHEDULES}"),
    ("max_grad_norm", lambda value: value is None or value > 0, "above 0, or None"),
    ("label_smoothing", lambda value: 0 <= value < 1, "within [0, 1)"),
    ("mixup", lambda value: value >= 0, "0 or more"),
    ("early_stopping", (True, False, "clips").__contains__, "True, False or 'clips'"),
    ("validation_fraction", lambda value: 0 < value <= 0.5, "within (0, 0.5]"),
    ("patience", is_count, "a whole number from 1"),
]
#: Of the parameters of nets over sequences.
SEQUENCE_RULES = [
    ("head_dropout", lambda value: 0 <= value < 1, "within [0, 1)"),
    ("channels", is_sizes, "a sequence of whole numbers from 1"),
    ("kernel_size", lambda value: is_count(value) and value % 2 == 1, "an odd number from 1"),
    ("pool_size", lambda value: is_count(value) or is_sizes(value), "whole numbers from 1"),
]
