"""Seeds: drawn once, handed to every part of an estimator, derived from a clip's content.

NumPy's global generator is never used.
"""

from numbers import Integral

import numpy as np
from sklearn.utils import check_random_state

from sk_ser._content import content_digest

#: One more than the largest seed that is drawn.
_LIMIT = 2**31 - 1


def is_seed(random_state):
    """Check whether a value may be a ``random_state``."""
    if isinstance(random_state, Integral) and not isinstance(random_state, bool):
        return random_state >= 0
    return random_state is None or isinstance(random_state, np.random.RandomState)


def draw_seed(random_state):
    """Turn a ``random_state`` into a whole number, so that a run can be repeated.

    Parameters
    ----------
    random_state : int, RandomState instance or None
        An int is the seed itself. An instance is drawn from, which advances it. None draws
        a seed from the operating system's entropy.

    Returns
    -------
    int
    """
    if isinstance(random_state, Integral):
        return int(random_state)
    if random_state is None:
        return int(np.random.default_rng().integers(_LIMIT))
    return int(check_random_state(random_state).randint(_LIMIT))


def seeded(estimator, seed):
    """Set every ``random_state`` of an estimator that is None, however deep.

    Parameters
    ----------
    estimator : estimator
        Is changed.
    seed : int

    Returns
    -------
    estimator
        The same.
    """
    unset = [
        name
        for name, value in estimator.get_params(deep=True).items()
        if name.rpartition("__")[2] == "random_state" and value is None
    ]
    return estimator.set_params(**dict.fromkeys(unset, seed))


def content_seed(item):
    """Turn what a clip or sequence holds into a whole number of 128 bits.

    A generator made from it depends on the clip alone: not on its place, the clips beside
    it, or the process.
    """
    values = np.ascontiguousarray(item, dtype=np.float32)
    rate = getattr(item, "sampling_rate", None)
    return int.from_bytes(content_digest(values, f"{values.shape} {rate}"))


def make_generator(*numbers):
    """Make a generator from whole numbers >= 0."""
    return np.random.default_rng(numbers)
