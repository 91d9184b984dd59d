"""The base of every descriptor."""

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import get_window

from sk_ser._arrays import FrameSequence
from sk_ser._clipwise import ClipwiseTransformer
from sk_ser.audio import Clip
from sk_ser.features._frames import Frames, Framing


class Descriptor(ClipwiseTransformer):
    """Base of the descriptors: one row per frame, one named column per number.

    A subclass stores its parameters in ``__init__`` and implements :meth:`describe`, which
    reads a :class:`Frames`, and :meth:`names`, which depends on the parameters only. Among its
    parameters are `n_fft`, `hop_length`, `win_length`, `window` and `center`, as
    :class:`Framing` explains them; or, for frames without a window, `frame_length`,
    `hop_length` and `center`. Otherwise it implements :meth:`framing`, too.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    See Also
    --------
    FrameUnion : Combines descriptors, and computes what they share only once.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import Descriptor
    >>> class CrestFactor(Descriptor):
    ...     '''Peak of each frame over its root mean square.'''
    ...
    ...     def __init__(self, *, frame_length=400, hop_length=160, center=True):
    ...         self.frame_length = frame_length
    ...         self.hop_length = hop_length
    ...         self.center = center
    ...
    ...     def describe(self, frames: Frames) -> np.ndarray:
    ...         cut = self.frame_length, self.hop_length, self.center
    ...         peak = np.abs(frames.cut(*cut)).max(axis=1)
    ...         rms = np.sqrt(frames.mean_square(*cut))
    ...         return (peak / np.maximum(rms, 1e-10))[:, np.newaxis]
    ...
    ...     def names(self) -> list[str]:
    ...         return ["crest"]
    >>> crest = CrestFactor().set_output(transform="pandas").fit_transform([np.ones(1_600)])
    >>> crest.iloc[5].round(3).to_dict()
    {'crest': 1.0}
    """

    @abstractmethod
    def describe(self, frames: Frames) -> np.ndarray:
        """Compute the descriptor of one clip.

        Parameters
        ----------
        frames : Frames
            Analysis of one clip, possibly shared with other descriptors.

        Returns
        -------
        ndarray of shape (n_frames, n_descriptors)
        """

    @abstractmethod
    def names(self) -> list[str]:
        """List the names of the columns."""

    def framing(self) -> Framing:
        """Return the parameters that cut a clip into frames."""
        if hasattr(self, "n_fft"):
            return Framing(self.n_fft, self.hop_length, self.win_length, self.window, self.center)
        return Framing(self.frame_length, self.hop_length, None, "boxcar", self.center)

    def transform_clip(self, clip: Clip) -> FrameSequence:
        """Compute the sequence of one clip."""
        if len(clip) == 0:
            return FrameSequence(np.empty((0, len(self.names()))), self.names(), None, [])
        frames, framing = Frames(clip), self.framing()
        rate = frames.sampling_rate / framing.hop_length
        return FrameSequence(self.describe(frames), self.names(), rate, frames.level(framing))

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> np.ndarray:
        """Name each descriptor.

        Parameters
        ----------
        input_features : None
            Ignored: the names depend on the parameters only.

        Returns
        -------
        ndarray of shape (n_descriptors,)
        """
        return np.array(self.names(), dtype=object)

    def check_params(self) -> None:
        """Validate the parameters."""
        framing = self.framing()
        is_windowed = hasattr(self, "n_fft")
        self.check_whole("n_fft" if is_windowed else "frame_length", 2, " of samples")
        self.check_whole("hop_length", 1, " of samples")
        if not is_windowed:
            return
        length, longest = framing.win_length, framing.n_fft
        fits = length is None or (isinstance(length, Integral) and 1 <= length <= longest)
        self.check("win_length", fits, f"None or 1 to n_fft={longest} samples")
        try:
            _get_window(framing.window, 2)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{type(self).__name__}: window={self.window!r}: {error}") from error


_get_window = lru_cache(maxsize=32)(get_window)


@dataclass(eq=False, repr=False, kw_only=True)
class SpectralDescriptor(Descriptor):
    """Descriptor of windowed frames, with the parameters of a :class:`Framing`."""

    n_fft: int = 2048
    hop_length: int = 512
    win_length: int | None = None
    window: str | tuple = "hann"
    center: bool = True


@dataclass(eq=False, repr=False, kw_only=True)
class WaveformDescriptor(Descriptor):
    """Descriptor of frames without a window."""

    frame_length: int = 2048
    hop_length: int = 512
    center: bool = True
