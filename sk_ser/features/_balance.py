"""Balance between low and high frequencies of each frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sk_ser.features._descriptor import SpectralDescriptor
from sk_ser.features._frames import Frames

#: Edges in Hz of the lower and the upper band of each ratio.
_RATIOS = {
    "alpha_ratio": ((50, 1_000), (1_000, 5_000)),
    "hammarberg": ((0, 2_000), (2_000, 5_000)),
}
#: Edges in Hz of the band of each slope.
_SLOPES = {"slope_0_500": (0, 500), "slope_500_1500": (500, 1_500)}
_ALL = (*_RATIOS, *_SLOPES)
#: Least power of a bin relative to the strongest bin of its frame, -80 dB.
_FLOOR = 1e-8


@dataclass(eq=False, repr=False)
class SpectralBalance(SpectralDescriptor):
    """Alpha ratio, Hammarberg index and slopes of the spectrum.

    =============== ============================================================= ========
    name            meaning                                                       unit
    =============== ============================================================= ========
    alpha_ratio     energy from 1 to 5 kHz over energy from 50 Hz to 1 kHz        dB
    hammarberg      strongest bin below 2 kHz over strongest from 2 to 5 kHz      dB
    slope_0_500     least-squares line through the power in dB, 0 to 500 Hz       dB / kHz
    slope_500_1500  least-squares line through the power in dB, 500 to 1500 Hz    dB / kHz
    =============== ============================================================= ========

    A tense or loud voice has more energy at high frequencies: its alpha ratio and its slopes
    are higher, its Hammarberg index is lower.

    Parameters
    ----------
    measures : sequence of str, default=("alpha_ratio", "hammarberg", "slope_0_500", \
"slope_500_1500")
        Names from the table, in the order of the columns.
    n_fft, hop_length, win_length, window, center : default=2048, 512, None, "hann", True
        Parameters of the frames; see :class:`Framing`. Bins must be at most 250 Hz apart.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    The parameters of eGeMAPS [1]_, with the sign of openSMILE, whose alpha ratio is that of the
    upper band over the lower one. openSMILE also counts the bin below 50 Hz. No measure depends
    on the level of the clip. Power more than 80 dB below the strongest bin of a frame is raised
    to that limit. In silence, all measures are 0. Bands end at half the sampling rate, which must
    exceed 2 kHz.

    References
    ----------
    .. [1] F. Eyben et al., "The Geneva Minimalistic Acoustic Parameter Set (GeMAPS) for voice
       research and affective computing", IEEE TAC 7(2), 2016, section 3.1.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import SpectralBalance
    >>> time = np.arange(16_000) / 16_000
    >>> voice = np.sin(2 * np.pi * 500 * time) + 0.1 * np.sin(2 * np.pi * 3_000 * time)
    >>> balance = SpectralBalance(("alpha_ratio", "hammarberg")).fit_transform([voice])
    >>> balance[0, 10].round().tolist()
    [-20.0, 20.0]
    """

    measures: Sequence[str] = _ALL

    def describe(self, frames: Frames) -> np.ndarray:
        """Compute the measures, (n_frames, n_columns)."""
        hz, power = frames.frequencies(self.framing()), frames.power(self.framing())
        strongest = power.max(axis=1, keepdims=True).astype(np.float64)
        sounds = strongest > 0
        power = np.where(sounds, np.maximum(power, _FLOOR * strongest), 1.0)
        columns = [self._measure(name, power, hz) for name in self.measures]
        return (np.stack(columns, axis=1) * sounds).astype(np.float32)

    def names(self) -> list[str]:
        """List the names of the measures."""
        return list(self.measures)

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        self.check_some_of("measures", _ALL)

    def _measure(self, name, power, hz):
        if name in _SLOPES:
            bins = self._bins(name, _SLOPES[name], hz, at_least=2)
            return _slope(10 * np.log10(power[:, bins]), hz[bins] / 1_000)
        low, high = (power[:, self._bins(name, band, hz)] for band in _RATIOS[name])
        if name == "alpha_ratio":
            return 10 * np.log10(high.sum(axis=1) / low.sum(axis=1))
        return 10 * np.log10(low.max(axis=1) / high.max(axis=1))

    def _bins(self, name, band, hz, at_least=1):
        """Return the bins of a band, which includes its upper edge."""
        bins = np.flatnonzero((hz > band[0]) & (hz <= band[1]))
        if len(bins) < at_least:
            raise ValueError(
                f"SpectralBalance: {name} needs {at_least} bins from {band[0]} to {band[1]} Hz. "
                f"A sampling rate of {2 * hz[-1]:g} Hz with n_fft={self.n_fft} has {len(bins)}. "
                f"Raise n_fft, or leave {name} out of measures."
            )
        return slice(bins[0], bins[-1] + 1)


def _slope(values, positions):
    """Return the slope of the least-squares line through each row."""
    centred = positions - positions.mean()
    return values @ centred / (centred @ centred)
