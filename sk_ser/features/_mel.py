"""Mel spectrogram: energies in bands on the mel scale."""

from dataclasses import KW_ONLY, dataclass
from functools import lru_cache

import numpy as np

from sk_ser._mel_scale import hz_to_mel, mel_to_hz
from sk_ser.features._decibel import power_to_db
from sk_ser.features._descriptor import SpectralDescriptor
from sk_ser.features._frames import Frames, once

#: Number of mel bands that are summed at a time.
_BANDS_AT_A_TIME = 8


@dataclass(eq=False, repr=False)
class MelSpectrogram(SpectralDescriptor):
    """Energies of overlapping triangular bands on the mel scale.

    Parameters
    ----------
    n_mels : int, default=128
        Number of bands.
    fmin : float, default=0.0
        Lower edge of the first band in Hz.
    fmax : float or None, default=None
        Upper edge of the last band in Hz. None is half the sampling rate.
    scale : {"power", "db"}, default="power"
        Power, or 10 log10 of it, limited to 80 dB below the clip's maximum.
    n_fft, hop_length, win_length, window, center : default=2048, 512, None, "hann", True
        Parameters of the frames; see :class:`Framing`.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Slaney's mel scale (linear below 1 kHz) with bands of equal area [1]_, as in
    :func:`librosa.feature.melspectrogram`. A band that is too narrow to contain a bin
    is zero.

    References
    ----------
    .. [1] M. Slaney, "Auditory Toolbox", Interval Research Corporation, 1998.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import MelSpectrogram
    >>> noise = np.random.default_rng(0).normal(size=(2, 16_000))
    >>> MelSpectrogram(n_mels=40, scale="db").fit_transform(noise).shape
    (2, 32, 40)
    """

    n_mels: int = 128
    _: KW_ONLY
    fmin: float = 0.0
    fmax: float | None = None
    scale: str = "power"

    def describe(self, frames: Frames) -> np.ndarray:
        """Compute the energies of the bands, (n_frames, n_mels)."""
        energies = mel_energies(frames, self.framing(), self.n_mels, self.fmin, self.fmax)
        return energies if self.scale == "power" else power_to_db(energies)

    def names(self) -> list[str]:
        """List ``mel_0`` to the last band."""
        return [f"mel_{band}" for band in range(self.n_mels)]

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        check_mel_params(self)
        self.check("scale", self.scale in ("power", "db"), '"power" or "db"')


def check_mel_params(descriptor):
    """Validate the parameters of a descriptor with a mel filter bank."""
    fmin, fmax = descriptor.fmin, descriptor.fmax
    descriptor.check_whole("n_mels", 1)
    descriptor.check("fmin", fmin >= 0, ">= 0 Hz")
    descriptor.check("fmax", fmax is None or fmax > fmin, f"None or > fmin={fmin} Hz")


@once
def mel_energies(frames, framing, n_mels, fmin, fmax):
    """Return the energies of the mel bands of a clip, computed once for all descriptors."""
    power = frames.power(framing)
    parts = _filters_in_parts(frames.sampling_rate, framing.n_fft, n_mels, fmin, fmax)
    return np.concatenate([power[:, bins] @ weights for bins, weights in parts], axis=1)


@lru_cache(maxsize=64)
def _filters_in_parts(sampling_rate, n_fft, n_mels, fmin, fmax):
    """Return bins and weights of a few bands at a time, since most of the bank is zero."""
    bank = mel_filters(sampling_rate, n_fft, n_mels, fmin, fmax)
    parts = []
    for start in range(0, n_mels, _BANDS_AT_A_TIME):
        part = bank[:, start : start + _BANDS_AT_A_TIME]
        used = np.flatnonzero(part.any(axis=1))
        bins = slice(used[0], used[-1] + 1) if len(used) else slice(0)
        parts.append((bins, np.ascontiguousarray(part[bins])))
    return parts


@lru_cache(maxsize=64)
def mel_filters(sampling_rate, n_fft, n_mels, fmin, fmax):
    """Compute triangular filters of equal area on the mel scale.

    Parameters
    ----------
    sampling_rate : int
        In Hz.
    n_fft : int
        Length of the Fourier transform in samples.
    n_mels : int
        Number of filters.
    fmin, fmax : float
        Edges in Hz; `fmax` of None is half the sampling rate.

    Returns
    -------
    ndarray of shape (1 + n_fft // 2, n_mels), float32
    """
    lowest, highest = hz_to_mel(fmin), hz_to_mel(fmax or sampling_rate / 2)
    edges = mel_to_hz(np.linspace(lowest, highest, n_mels + 2))
    bins = np.fft.rfftfreq(n_fft, 1 / sampling_rate)[:, np.newaxis]
    rising = (bins - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - bins) / np.diff(edges)[1:]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return np.float32(triangles * 2 / (edges[2:] - edges[:-2]))
