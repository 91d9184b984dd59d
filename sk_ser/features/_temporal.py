"""Descriptors of the waveform: zero-crossing rate and RMS energy."""

import numpy as np

from sk_ser._frame_sums import frame_sums
from sk_ser.features._descriptor import WaveformDescriptor
from sk_ser.features._frames import Frames


class ZeroCrossingRate(WaveformDescriptor):
    """Share of adjacent samples between which the waveform changes its sign.

    Parameters
    ----------
    frame_length : int, default=2048
        Length of a frame in samples.
    hop_length : int, default=512
        Samples between successive frames.
    center : bool, default=True
        Whether frame t is centred at sample ``t * hop_length``, the clip being padded
        with its first and last sample.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Equal to :func:`librosa.feature.zero_crossing_rate`: amplitudes of at most 1e-10
    count as zero, and zero as positive.

    Examples
    --------
    A tone crosses zero twice a period:

    >>> import numpy as np
    >>> from sk_ser.features import ZeroCrossingRate
    >>> tone = np.sin(2 * np.pi * 400 * np.arange(16_000) / 16_000 + 0.1)
    >>> rate = ZeroCrossingRate().fit_transform([tone])
    >>> round(float(rate[0, 10, 0]) * 16_000 / 2, -1)
    400.0
    """

    def describe(self, frames: Frames) -> np.ndarray:
        """Compute the rate, (n_frames, 1)."""
        negative = frames.samples < -1e-10
        crossings = np.zeros(len(negative), dtype=np.float32)
        crossings[1:] = negative[1:] != negative[:-1]
        counts = frame_sums(crossings, self.frame_length, self.hop_length, center=self.center)
        # a crossing into the first sample of a frame belongs to the previous frame
        first = np.arange(len(counts)) * self.hop_length - self.center * (self.frame_length // 2)
        inside = (first >= 0) & (first < len(crossings))
        counts[inside] -= crossings[first[inside]]
        return (counts / self.frame_length)[:, np.newaxis].astype(np.float32)

    def names(self) -> list[str]:
        """List the name of the only column."""
        return ["zcr"]


class RMSEnergy(WaveformDescriptor):
    """Root mean square of each frame.

    Parameters
    ----------
    frame_length : int, default=2048
        Length of a frame in samples.
    hop_length : int, default=512
        Samples between successive frames.
    center : bool, default=True
        Whether frame t is centred at sample ``t * hop_length``, the clip being padded
        with zeros.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Equal to :func:`librosa.feature.rms`.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import RMSEnergy
    >>> rms = RMSEnergy().fit_transform([np.full(16_000, 0.5)])
    >>> float(rms[0, 10, 0])
    0.5
    """

    def describe(self, frames: Frames) -> np.ndarray:
        """Compute the root mean square, (n_frames, 1)."""
        power = frames.mean_square(self.frame_length, self.hop_length, self.center)
        return np.sqrt(power)[:, np.newaxis].astype(np.float32)

    def names(self) -> list[str]:
        """List the name of the only column."""
        return ["rms"]
