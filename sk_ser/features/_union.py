"""Several descriptors of the same frames, from one analysis of the clip."""

from collections import Counter

import numpy as np
from sklearn.base import clone

from sk_ser._compat import Composition
from sk_ser._estimators import name_steps
from sk_ser.features._descriptor import Descriptor
from sk_ser.features._frames import Frames, Framing


class FrameUnion(Descriptor, Composition):
    """Concatenate descriptors, and compute what they share only once.

    Parameters
    ----------
    descriptors : list of (str, Descriptor)
        Names and descriptors. They must have the same hop length, and so the same number
        of frames; all else may differ.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    See Also
    --------
    make_frame_union : The same, with generated names.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import MFCC, FrameUnion, RMSEnergy
    >>> union = FrameUnion([("mfcc", MFCC(n_mfcc=2)), ("rms", RMSEnergy())])
    >>> union.set_params(mfcc__n_mfcc=3).get_feature_names_out().tolist()
    ['mfcc_0', 'mfcc_1', 'mfcc_2', 'rms']
    >>> union.fit_transform(np.ones((2, 16_000))).shape
    (2, 32, 4)
    """

    _named = "descriptors"

    def __init__(self, descriptors: list[tuple[str, Descriptor]]):
        self.descriptors = descriptors

    def describe(self, frames: Frames) -> np.ndarray:
        """Compute every descriptor, (n_frames, n_descriptors)."""
        parts = [descriptor.describe(frames) for _, descriptor in self.descriptors]
        lengths = {name: len(part) for (name, _), part in zip(self.descriptors, parts, strict=True)}
        if len(set(lengths.values())) > 1:
            raise ValueError(
                f"FrameUnion: its descriptors differ in their number of frames, {lengths}. "
                "Give them the same hop_length and center."
            )
        return np.concatenate(parts, axis=1)

    def names(self) -> list[str]:
        """List the names of all columns; equal names get the descriptor's as a prefix."""
        members = [(name, descriptor.names()) for name, descriptor in self.descriptors]
        taken = Counter(column for _, columns in members for column in columns)
        return [
            column if taken[column] == 1 else f"{name}__{column}"
            for name, columns in members
            for column in columns
        ]

    def framing(self) -> Framing:
        """Return the framing of the first descriptor, which determines the levels."""
        return self.descriptors[0][1].framing()

    def check_params(self) -> None:
        """Validate the parameters."""
        if not self.descriptors:
            raise ValueError("FrameUnion: descriptors is empty. Give it at least one descriptor.")
        self.check_names()
        for name, descriptor in self.descriptors:
            if not isinstance(descriptor, Descriptor):
                raise TypeError(
                    f"FrameUnion: {name!r} is {descriptor!r}, which is not a Descriptor. "
                    "Use descriptors such as MFCC(); Delta and Functionals come after it."
                )
            descriptor.check_params()


def make_frame_union(*descriptors: Descriptor, **framing: object) -> FrameUnion:
    """Build a :class:`FrameUnion` of descriptors named after their classes in lower case.

    Parameters
    ----------
    *descriptors : Descriptor
        As :class:`FrameUnion` takes them, without names.
    **framing
        Parameters to set on every descriptor that has them, such as
        ``hop_length=160``. The descriptors given are not changed.

    Returns
    -------
    FrameUnion

    Raises
    ------
    TypeError
        If no descriptor has one of the parameters.

    Examples
    --------
    >>> from sk_ser.features import MFCC, Chroma, make_frame_union
    >>> union = make_frame_union(MFCC(), Chroma(), hop_length=160)
    >>> union.get_params()["chroma__hop_length"]
    160
    """
    unknown = set(framing).difference(*(one.get_params() for one in descriptors))
    if unknown:
        raise TypeError(f"make_frame_union: no descriptor has the parameters {sorted(unknown)}.")
    descriptors = [clone(descriptor) for descriptor in descriptors]
    for descriptor in descriptors:
        own = descriptor.get_params()
        descriptor.set_params(**{name: value for name, value in framing.items() if name in own})
    return FrameUnion(name_steps(descriptors))
