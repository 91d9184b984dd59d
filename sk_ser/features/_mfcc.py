"""Mel-frequency cepstral coefficients."""

from dataclasses import KW_ONLY, dataclass
from functools import lru_cache
from numbers import Integral

import numpy as np
from scipy.fft import dct

from sk_ser.features._decibel import power_to_db
from sk_ser.features._descriptor import SpectralDescriptor
from sk_ser.features._frames import Frames
from sk_ser.features._mel import check_mel_params, mel_energies


@dataclass(eq=False, repr=False)
class MFCC(SpectralDescriptor):
    """Mel-frequency cepstral coefficients.

    The discrete cosine transform (type II, orthonormal) of the mel energies in dB
    [1]_. Coefficient 0 is the level, and the low ones describe the broad shape of the
    spectral envelope.

    Parameters
    ----------
    n_mfcc : int, default=20
        Number of coefficients, from coefficient 0.
    n_mels : int, default=128
        Number of mel bands.
    fmin : float, default=0.0
        Lower edge of the first band in Hz.
    fmax : float or None, default=None
        Upper edge of the last band in Hz. None is half the sampling rate.
    n_fft, hop_length, win_length, window, center : default=2048, 512, None, "hann", True
        Parameters of the frames; see :class:`Framing`.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Equal to :func:`librosa.feature.mfcc`: mel energies are limited to 80 dB below the
    clip's maximum.

    References
    ----------
    .. [1] S. Davis and P. Mermelstein, "Comparison of parametric representations for
       monosyllabic word recognition in continuously spoken sentences", IEEE TASSP
       28(4), 1980, eq. 1.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import MFCC
    >>> noise = np.random.default_rng(0).normal(size=(2, 16_000))
    >>> mfcc = MFCC(n_mfcc=13).fit(noise)
    >>> mfcc.transform(noise).shape
    (2, 32, 13)
    >>> mfcc.get_feature_names_out()[:2].tolist()
    ['mfcc_0', 'mfcc_1']
    """

    n_mfcc: int = 20
    _: KW_ONLY
    n_mels: int = 128
    fmin: float = 0.0
    fmax: float | None = None

    def describe(self, frames: Frames) -> np.ndarray:
        """Compute the coefficients, (n_frames, n_mfcc)."""
        energies = mel_energies(frames, self.framing(), self.n_mels, self.fmin, self.fmax)
        return power_to_db(energies) @ _cosines(self.n_mels, self.n_mfcc)

    def names(self) -> list[str]:
        """List ``mfcc_0`` to the last coefficient."""
        return [f"mfcc_{number}" for number in range(self.n_mfcc)]

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        check_mel_params(self)
        is_count = isinstance(self.n_mfcc, Integral) and 1 <= self.n_mfcc <= self.n_mels
        self.check("n_mfcc", is_count, f"1 to n_mels={self.n_mels}")


@lru_cache(maxsize=32)
def _cosines(n_mels, n_mfcc):
    """Return the first columns of the DCT as a matrix, which is faster than a full DCT."""
    basis = dct(np.eye(n_mels, dtype=np.float32), axis=1, norm="ortho")
    return np.ascontiguousarray(basis[:, :n_mfcc])
