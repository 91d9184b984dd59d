"""Chroma: energy per pitch class, over all octaves."""

from dataclasses import KW_ONLY, dataclass
from functools import lru_cache
from numbers import Real

import numpy as np

from sk_ser.features._descriptor import SpectralDescriptor
from sk_ser.features._frames import Frames
from sk_ser.features._tuning import A0_HZ, estimate_tuning


@dataclass(eq=False, repr=False)
class Chroma(SpectralDescriptor):
    """Energy of each pitch class, relative to the strongest of its frame.

    Parameters
    ----------
    n_chroma : int, default=12
        Number of pitch classes of an octave; with 12, the first is C.
    tuning : float or None, default=None
        Deviation from A = 440 Hz in fractions of a pitch class. None estimates it
        for each clip separately.
    n_fft, hop_length, win_length, window, center : default=2048, 512, None, "hann", True
        Parameters of the frames; see :class:`Framing`.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Equal to :func:`librosa.feature.chroma_stft` on a power spectrum [1]_: Gaussian
    weights around each pitch class, weighted down away from 5 octaves above C0,
    each frame divided by its maximum. Frames of silence are zero.

    References
    ----------
    .. [1] D. Ellis, "Chroma feature analysis and synthesis", 2007.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import Chroma
    >>> a440 = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    >>> chroma = Chroma().fit_transform([a440])[0]
    >>> "C C# D D# E F F# G G# A A# B".split()[chroma[10].argmax()]
    'A'
    """

    n_chroma: int = 12
    _: KW_ONLY
    tuning: float | None = None

    def describe(self, frames: Frames) -> np.ndarray:
        """Compute the energies of the pitch classes, (n_frames, n_chroma)."""
        framing = self.framing()
        power = frames.power(framing)
        tuning = self.tuning
        if tuning is None:
            tuning = estimate_tuning(power, frames.sampling_rate, self.n_fft, self.n_chroma)
        chroma = power @ chroma_filters(frames.sampling_rate, self.n_fft, tuning, self.n_chroma)
        loudest = chroma.max(axis=1, keepdims=True)
        return chroma / np.where(loudest < np.finfo(np.float32).tiny, 1, loudest)

    def names(self) -> list[str]:
        """List ``chroma_0`` to the last pitch class."""
        return [f"chroma_{number}" for number in range(self.n_chroma)]

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        self.check_whole("n_chroma", 1)
        is_tuning = self.tuning is None or isinstance(self.tuning, Real)
        self.check("tuning", is_tuning, "None or a fraction of a pitch class")


# tunings are multiples of 0.01, so a corpus needs at most 100 filter banks
@lru_cache(maxsize=256)
def chroma_filters(sampling_rate, n_fft, tuning, n_chroma):
    """Compute the weight of each bin of the spectrum for each pitch class.

    Parameters
    ----------
    sampling_rate : int
        In Hz.
    n_fft : int
        Length of the Fourier transform in samples.
    tuning : float
        Deviation from A = 440 Hz in fractions of a pitch class.
    n_chroma : int
        Number of pitch classes of an octave.

    Returns
    -------
    ndarray of shape (1 + n_fft // 2, n_chroma), float32
    """
    hz = np.linspace(0, sampling_rate, n_fft, endpoint=False)[1:]
    octaves = np.log2(hz / (A0_HZ * 2 ** (tuning / n_chroma)))
    # the bin at 0 Hz has no pitch; it is placed 1.5 octaves below the next one
    position = n_chroma * np.r_[octaves[0] - 1.5, octaves]
    width = np.r_[np.maximum(np.diff(position), 1.0), 1.0]
    half = np.round(n_chroma / 2)
    distance = np.subtract.outer(position, np.arange(n_chroma))
    distance = np.remainder(distance + half + 10 * n_chroma, n_chroma) - half
    weights = np.exp(-0.5 * (2 * distance / width[:, np.newaxis]) ** 2)
    weights /= np.linalg.norm(weights, axis=1, keepdims=True)
    weights *= np.exp(-0.5 * ((position / n_chroma - 5.0) / 2.0) ** 2)[:, np.newaxis]
    weights = np.roll(weights, -3 * (n_chroma // 12), axis=1)
    return np.ascontiguousarray(weights[: 1 + n_fft // 2], dtype=np.float32)
