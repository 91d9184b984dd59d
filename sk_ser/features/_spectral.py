"""Statistics of the magnitude spectrum of each frame."""

import itertools
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

import numpy as np

from sk_ser.features._decibel import power_to_db
from sk_ser.features._descriptor import SpectralDescriptor
from sk_ser.features._frames import Frames, once

_SILENT = np.finfo(np.float32).tiny
_ALL = ("centroid", "bandwidth", "rolloff", "flatness", "contrast", "flux")


@dataclass(eq=False, repr=False)
class SpectralStatistics(SpectralDescriptor):
    """Centroid, bandwidth, roll-off, flatness, contrast and flux of the spectrum.

    ========== ============================================================== =======
    name       meaning                                                        unit
    ========== ============================================================== =======
    centroid   mean frequency, weighted by magnitude                          Hz
    bandwidth  standard deviation of frequency, weighted by magnitude         Hz
    rolloff    frequency below which `roll_percent` of the magnitude lies     Hz
    flatness   geometric over arithmetic mean of power: 1 noise, 0 a tone     1
    contrast   peaks over valleys, in `n_bands` octaves from `fmin` on and    dB
               one band below
    flux       Euclidean distance from the frame before, both spectra         1
               divided by their sums
    ========== ============================================================== =======

    Parameters
    ----------
    statistics : sequence of str, default=("centroid", "bandwidth", "rolloff", \
"flatness", "contrast", "flux")
        Names from the table, in the order of the columns.
    roll_percent : float, default=0.85
        Share of the magnitude below the roll-off, within (0, 1).
    n_bands : int, default=6
        Number of octaves of the contrast; the last must begin below half the sampling rate.
    fmin : float, default=200.0
        Lower edge in Hz of the contrast's first octave.
    quantile : float, default=0.02
        Share of a band's bins that are averaged as its peak and as its valley, within (0, 1).
    n_fft, hop_length, win_length, window, center : default=2048, 512, None, "hann", True
        Parameters of the frames; see :class:`Framing`.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Equal to librosa's functions of the same names; the flux is the square root of that of
    [1]_, a sum of squares, and 0 in the first frame. Contrast after [2]_. In silence, centroid,
    bandwidth, roll-off, contrast and flux are 0, and flatness is 1.

    References
    ----------
    .. [1] G. Tzanetakis and P. Cook, "Musical genre classification of audio signals",
       IEEE TSAP 10(5), 2002, section "Spectral flux".
    .. [2] D. Jiang et al., "Music type classification by spectral contrast feature",
       ICME 2002.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import SpectralStatistics
    >>> tone = np.sin(2 * np.pi * 1_000 * np.arange(16_000) / 16_000)
    >>> statistics = SpectralStatistics(("centroid",)).fit_transform([tone])
    >>> round(float(statistics[0, 10, 0]))
    1000
    """

    statistics: Sequence[str] = _ALL
    _: KW_ONLY
    roll_percent: float = 0.85
    n_bands: int = 6
    fmin: float = 200.0
    quantile: float = 0.02

    def describe(self, frames: Frames) -> np.ndarray:
        """Compute the statistics, (n_frames, n_columns)."""
        return np.column_stack([getattr(self, f"_{name}")(frames) for name in self.statistics])

    def names(self) -> list[str]:
        """List ``spectral_centroid`` and so on; contrast has one column per band."""
        names = []
        for name in self.statistics:
            bands = range(self.n_bands + 1) if name == "contrast" else [None]
            names += [f"spectral_{name}" + ("" if b is None else f"_{b}") for b in bands]
        return names

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        self.check_some_of("statistics", _ALL)
        self.check("roll_percent", 0 < self.roll_percent < 1, "within (0, 1)")
        self.check("quantile", 0 < self.quantile < 1, "within (0, 1)")
        self.check("fmin", self.fmin > 0, "> 0 Hz")
        self.check_whole("n_bands", 1)

    def _centroid(self, frames):
        return _moments(frames, self.framing())[0]

    def _bandwidth(self, frames):
        return _moments(frames, self.framing())[1]

    def _rolloff(self, frames):
        framing = self.framing()
        running = np.cumsum(frames.magnitude(framing), axis=1)
        reached = running >= self.roll_percent * running[:, -1:]
        return frames.frequencies(framing)[reached.argmax(axis=1)]

    def _flatness(self, frames):
        power = np.maximum(frames.power(self.framing()), 1e-10)
        return np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)

    def _contrast(self, frames):
        framing = self.framing()
        magnitude = frames.magnitude(framing)
        bands = self._contrast_bands(frames.frequencies(framing), frames.sampling_rate)
        extremes = [self._extremes(magnitude[:, bins], size) for bins, size in bands]
        valleys, peaks = np.moveaxis(np.array(extremes), 0, -1)
        return power_to_db(peaks) - power_to_db(valleys)

    def _extremes(self, band, size):
        count = max(1, round(self.quantile * size))
        ordered = np.sort(band, axis=1)
        return ordered[:, :count].mean(axis=1), ordered[:, -count:].mean(axis=1)

    def _contrast_bands(self, frequencies, sampling_rate):
        """Yield the bins of each band and their number for the quantile, with librosa's edges."""
        edges = np.r_[0, self.fmin * 2.0 ** np.arange(self.n_bands + 1)]
        if edges[-2] >= sampling_rate / 2:
            raise ValueError(
                f"SpectralStatistics: n_bands={self.n_bands} octaves from fmin={self.fmin} Hz "
                f"exceed half the sampling rate, {sampling_rate / 2} Hz. Reduce n_bands or fmin."
            )
        for number, (low, high) in enumerate(itertools.pairwise(edges)):
            # bands but the first include the bin below; bands but the last exclude their last bin
            start = np.searchsorted(frequencies, low) - (number > 0)
            is_last = number == self.n_bands
            stop = len(frequencies) if is_last else np.searchsorted(frequencies, high, side="right")
            yield slice(start, stop if is_last else max(stop - 1, start + 1)), stop - start

    def _flux(self, frames):
        magnitude = frames.magnitude(self.framing())
        shares = magnitude / np.maximum(magnitude.sum(axis=1, keepdims=True), _SILENT)
        change = np.linalg.norm(np.diff(shares, axis=0), axis=1)
        return np.r_[np.float32(0), change]


@once
def _moments(frames, framing):
    """Compute centroid and bandwidth in Hz."""
    magnitude = frames.magnitude(framing).astype(np.float64)
    hz = frames.frequencies(framing)
    total, first, second = (magnitude @ np.stack([np.ones_like(hz), hz, hz**2], axis=1)).T
    total = np.maximum(total, _SILENT)
    centroid = first / total
    return centroid, np.sqrt(np.maximum(second / total - centroid**2, 0))
