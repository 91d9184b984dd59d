"""The base of every descriptor: a clip in, one named column a number, one row a frame."""

from functools import lru_cache
from numbers import Integral

import numpy as np
from scipy.signal import get_window

from sk_ser._arrays import FrameSequence
from sk_ser._clipwise import ClipwiseTransformer
from sk_ser.features._frames import Frames, Framing


class Descriptor(ClipwiseTransformer):
    """Base of the descriptors.

    A subclass implements :meth:`describe`, which reads a :class:`Frames`, and
    :meth:`names`, which follows from its parameters alone.
    """

    def describe(self, frames):
        """Compute the descriptor of one clip.

        Parameters
        ----------
        frames : Frames
            Analysis of one clip, perhaps shared with other descriptors.

        Returns
        -------
        ndarray of shape (n_frames, n_descriptors)
        """
        raise NotImplementedError

    def names(self):
        """List the name of each column."""
        raise NotImplementedError

    def framing(self):
        """Gather the parameters that cut a clip into frames."""
        return Framing(self.n_fft, self.hop_length, self.win_length, self.window, self.center)

    def transform_clip(self, clip):
        """Describe one clip."""
        if len(clip) == 0:
            return FrameSequence(np.empty((0, len(self.names()))), self.names(), None, [])
        frames = Frames(clip)
        return self.sequence(frames, self.describe(frames))

    def sequence(self, frames, values):
        """Attach to the values what later steps want to know of them."""
        framing = self.framing()
        rate = frames.sampling_rate / framing.hop_length
        return FrameSequence(values, self.names(), rate, frames.level(framing))

    def get_feature_names_out(self, input_features=None):
        """Name each descriptor.

        Parameters
        ----------
        input_features : None
            Ignored: the names follow from the parameters.

        Returns
        -------
        ndarray of shape (n_descriptors,)
        """
        return np.array(self.names(), dtype=object)

    def check_samples(self, name, least):
        """Raise ValueError on the named parameter unless it is a whole number, large enough."""
        holds = is_whole(getattr(self, name), least)
        self.check(name, holds, f"a whole number of samples >= {least}")

    def check_params(self):
        """Validate the parameters."""
        framing = self.framing()
        self.check_samples("n_fft", 2)
        self.check_samples("hop_length", 1)
        window_fits = framing.win_length is None or (
            is_whole(framing.win_length, 1) and framing.win_length <= framing.n_fft
        )
        self.check("win_length", window_fits, f"None or 1 to n_fft={framing.n_fft} samples")
        try:
            _get_window(framing.window, 2)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{type(self).__name__}: window={self.window!r}: {error}") from None


_get_window = lru_cache(maxsize=32)(get_window)


def is_whole(value, least):
    """Tell whether a value is a whole number of at least this much."""
    return isinstance(value, Integral) and value >= least
