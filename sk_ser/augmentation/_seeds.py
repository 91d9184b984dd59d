"""Randomness that hangs on a clip's content: not on its place, its neighbours or its process."""

from hashlib import blake2b
from numbers import Integral

import numpy as np


def is_seed(random_state):
    """Tell whether a value may be a ``random_state``."""
    if isinstance(random_state, Integral) and not isinstance(random_state, bool):
        return random_state >= 0
    return random_state is None or isinstance(random_state, np.random.RandomState)


def draw_seed(random_state):
    """Turn a ``random_state`` into a whole number.

    Parameters
    ----------
    random_state : int, RandomState instance or None
        An int is the seed. An instance is drawn from, and so goes on. None asks the
        operating system: NumPy's global generator is no one's here.

    Returns
    -------
    int
    """
    if random_state is None:
        return np.random.SeedSequence().entropy
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(2**31 - 1))
    return int(random_state)


def digest(item):
    """Turn what a clip or sequence holds into a whole number of 128 bits."""
    values = np.ascontiguousarray(item, dtype=np.float32)
    rate = getattr(item, "sampling_rate", None)
    state = blake2b(f"{values.shape} {rate}".encode(), digest_size=16)
    state.update(values)
    return int.from_bytes(state.digest())


def make_generator(*numbers):
    """Make a generator that follows from whole numbers >= 0."""
    return np.random.default_rng(numbers)
