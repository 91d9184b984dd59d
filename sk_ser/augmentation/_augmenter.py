"""The base of every augmenter: draw an amount, then apply it to one clip."""

from abc import abstractmethod
from numbers import Real
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from sk_ser._arrays import Clip, FrameSequence
from sk_ser._clipwise import ClipwiseTransformer
from sk_ser._random import content_seed, draw_seed, is_seed, make_generator

#: Class and number of axes of an item, by what the augmenter takes.
_FORMS = {"clips": (Clip, 1), "sequences": (FrameSequence, 2)}


class Augmenter(ClipwiseTransformer):
    """Base of transformers that change each clip by a randomly drawn amount.

    A subclass stores its parameters in ``__init__``, `random_state` among them, and
    implements :meth:`apply`. It sets these class attributes:

    - `drawn`: the name of the parameter that is drawn from, a number or a pair (low, high).
    - `bounds`: the least and the largest valid amount, and its unit.
    - `takes`: "clips" (the default) or "sequences".

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    See Also
    --------
    AugmentedClassifier : Fits a classifier on clips and augmented copies.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import Clip
    >>> from sk_ser.augmentation import Augmenter
    >>> class Clipping(Augmenter):
    ...     '''Clip amplitudes at a threshold.'''
    ...
    ...     drawn = "threshold"
    ...     bounds = (0.0, 1.0, "of full scale")
    ...
    ...     def __init__(self, threshold=(0.1, 0.5), *, random_state=None):
    ...         self.threshold = threshold
    ...         self.random_state = random_state
    ...
    ...     def apply(self, clip, amount, rng=None):
    ...         return Clip(np.clip(clip, -amount, amount), clip.sampling_rate)
    >>> Clipping(0.5).fit_transform([np.array([0.0, 0.25, 1.0, -1.0])]).tolist()
    [[0.0, 0.25, 0.5, -0.5]]
    """

    drawn = None
    bounds = (-np.inf, np.inf, "")

    def draw(self, rng: np.random.Generator) -> float:
        """Draw the amount by which one clip is changed.

        Parameters
        ----------
        rng : numpy.random.Generator

        Returns
        -------
        float
            Uniformly distributed over the parameter's range.
        """
        return draw_from(getattr(self, self.drawn), rng)

    @abstractmethod
    def apply(
        self, item: ArrayLike | str | Path, amount: object, rng: np.random.Generator | None = None
    ) -> np.ndarray:
        """Change one clip by a given amount; any other randomness comes from `rng`."""

    def augment(
        self, item: ArrayLike | str | Path, rng: np.random.Generator
    ) -> Clip | FrameSequence:
        """Draw an amount and apply it to one item.

        Parameters
        ----------
        item : array-like
            A clip of shape (n_samples,), or a sequence of shape (n_frames,
            n_descriptors) for augmenters of sequences. An empty one is returned unchanged.
        rng : numpy.random.Generator
            Source of all randomness; `random_state` is not used.

        Returns
        -------
        Clip or FrameSequence
        """
        self.check_params()
        cls, n_axes = _FORMS[self.takes]
        item = item if isinstance(item, cls) else cls(item)
        if item.ndim != n_axes:
            raise ValueError(
                f"{type(self).__name__}: the item has {item.ndim} axes. One of the {self.takes} "
                f"has {n_axes}; give one array per clip."
            )
        return self.apply(item, self.draw(rng), rng) if len(item) else item

    def transform_clip(self, item: ArrayLike | str | Path) -> Clip | FrameSequence:
        """Augment one item, with a generator seeded by `random_state` and the item's content."""
        # the class is part of the seed, so that augmenters of equal seeds draw independently
        name = int.from_bytes(type(self).__name__.encode())
        seed = draw_seed(self.random_state)
        return self.augment(item, make_generator(seed, name, content_seed(item)))

    def check_params(self) -> None:
        """Validate the parameters."""
        self.check("random_state", is_seed(self.random_state), "None, an int >= 0 or a RandomState")
        if self.drawn is not None:
            self.check_range(self.drawn, *self.bounds)

    def check_range(self, name: str, least: float, most: float, unit: str = "") -> None:
        """Raise ValueError unless a parameter is a number, or a pair (low, high), within bounds.

        Parameters
        ----------
        name : str
            Name of the parameter.
        least, most : float
            Bounds, both included.
        unit : str, default=""
            Unit, for the message.
        """
        wanted = f"a number, or (low, high), within [{least:g}, {most:g}] {unit}".rstrip()
        self.check(name, is_range(getattr(self, name), least, most), wanted)


def draw_from(value, rng):
    """Draw uniformly from (low, high); a number is returned as it is."""
    return float(rng.uniform(*np.broadcast_to(value, 2)))


def is_range(value, least, most):
    """Check for a number, or a pair of numbers in ascending order, within bounds."""
    ends = [value, value] if np.ndim(value) == 0 else list(value)
    are_numbers = all(isinstance(end, Real) and not isinstance(end, bool) for end in ends)
    return len(ends) == 2 and are_numbers and least <= ends[0] <= ends[1] <= most
