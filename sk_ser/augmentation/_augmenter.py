"""The base of every augmenter: draw an amount, then apply it to one clip."""

from abc import ABC, abstractmethod
from numbers import Real

import numpy as np

from sk_ser._arrays import Clip, FrameSequence
from sk_ser._clipwise import ClipwiseTransformer
from sk_ser.augmentation._seeds import digest, draw_seed, is_seed, make_generator

#: What an item is, and how many axes it has.
_FORMS = {"clips": (Clip, 1), "sequences": (FrameSequence, 2)}


class Augmenter(ClipwiseTransformer, ABC):
    """Transformer that changes each clip by an amount drawn at random.

    A subclass stores its parameters in ``__init__``, ``random_state`` among them, names
    in `_amount` the one that is drawn, says in `_within` between which values and in
    which unit it may lie, and implements :meth:`apply`.
    """

    _amount = None
    _within = (-np.inf, np.inf, "")

    def draw(self, rng):
        """Draw how much one clip is changed.

        Parameters
        ----------
        rng : numpy.random.Generator

        Returns
        -------
        float
            Uniformly distributed over the parameter's range.
        """
        return draw_from(getattr(self, self._amount), rng)

    @abstractmethod
    def apply(self, item, amount, rng=None):
        """Change one clip by a given amount; nothing else is drawn but by `rng`."""

    def augment(self, item, rng):
        """Draw an amount and apply it to one item.

        Parameters
        ----------
        item : array-like
            A clip of shape (n_samples,), or a sequence of shape (n_frames,
            n_descriptors) for augmenters of sequences. One without samples stays as it is.
        rng : numpy.random.Generator
            Where all randomness comes from; `random_state` has no say here.

        Returns
        -------
        Clip or FrameSequence
        """
        self.check_params()
        item = self._take(item)
        return self.apply(item, self.draw(rng), rng) if len(item) else item

    def _take(self, item):
        """Let a bare array know its rate, or its names."""
        cls, n_axes = _FORMS[self._takes]
        if not isinstance(item, cls):
            item = cls(item)
        if item.ndim != n_axes:
            raise ValueError(
                f"{type(self).__name__}: the item has {item.ndim} axes, where one of the "
                f"{self._takes} has {n_axes}. Give one array a clip."
            )
        return item

    def transform_clip(self, item):
        """Augment one item by a generator that follows from `random_state` and its content."""
        # so that equal amounts are not drawn by all augmenters that were given the same seed
        name = int.from_bytes(type(self).__name__.encode())
        return self.augment(item, make_generator(draw_seed(self.random_state), name, digest(item)))

    def check_params(self):
        """Raise ValueError on a parameter that cannot be."""
        self.check("random_state", is_seed(self.random_state), "None, an int >= 0 or a RandomState")
        if self._amount is not None:
            self.check_range(self._amount, *self._within)

    def check_range(self, name, least, most, unit=""):
        """Raise ValueError on the named parameter unless it is a number or range within bounds."""
        wanted = f"a number, or (low, high), within [{least:g}, {most:g}] {unit}".rstrip()
        self.check(name, is_range(getattr(self, name), least, most), wanted)

    def get_feature_names_out(self, input_features=None):
        """Name the output's only column.

        Parameters
        ----------
        input_features : None
            Ignored.

        Returns
        -------
        ndarray of shape (1,)
        """
        return np.array(["clip"], dtype=object)


def draw_from(value, rng):
    """Draw from (low, high) uniformly; a number is what it is."""
    low, high = (value, value) if np.ndim(value) == 0 else value
    return float(rng.uniform(low, high))


def is_range(value, least, most):
    """Tell whether a value is a number, or a pair of them in order, within bounds."""
    ends = [value, value] if np.ndim(value) == 0 else list(value)
    are_numbers = all(isinstance(end, Real) and not isinstance(end, bool) for end in ends)
    return len(ends) == 2 and are_numbers and least <= ends[0] <= ends[1] <= most
