"""Descriptors of the waveform itself: how often it crosses zero, how strong it is."""

import numpy as np

from sk_ser._frame_sums import frame_sums
from sk_ser.features._descriptor import Descriptor
from sk_ser.features._frames import Framing


class _WaveformDescriptor(Descriptor):
    """Descriptor of frames that are neither windowed nor transformed."""

    def __init__(self, *, frame_length=2048, hop_length=512, center=True):
        self.frame_length = frame_length
        self.hop_length = hop_length
        self.center = center

    def framing(self):
        """Gather the parameters that cut a clip into frames."""
        return Framing(self.frame_length, self.hop_length, None, "boxcar", self.center)

    def check_params(self):
        """Validate the parameters."""
        self.check_samples("frame_length", 2)
        self.check_samples("hop_length", 1)


class ZeroCrossingRate(_WaveformDescriptor):
    """Share of neighbouring samples between which the waveform changes its sign.

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

    def describe(self, frames):
        """Compute the rate, (n_frames, 1)."""
        negative = frames.samples < -1e-10
        crossings = np.zeros(len(negative), dtype=np.float32)
        crossings[1:] = negative[1:] != negative[:-1]
        cut = self.frame_length, self.hop_length
        counts = frame_sums(crossings, *cut, center=self.center)
        # a crossing into a frame's first sample belongs to the frame before
        first = np.arange(len(counts)) * self.hop_length - self.center * (self.frame_length // 2)
        inside = (first >= 0) & (first < len(crossings))
        counts[inside] -= crossings[first[inside]]
        return (counts / self.frame_length)[:, np.newaxis].astype(np.float32)

    def names(self):
        """List the only column."""
        return ["zcr"]


class RMSEnergy(_WaveformDescriptor):
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

    def describe(self, frames):
        """Compute the root mean square, (n_frames, 1)."""
        power = frames.mean_square(self.frame_length, self.hop_length, self.center)
        return np.sqrt(power)[:, np.newaxis].astype(np.float32)

    def names(self):
        """List the only column."""
        return ["rms"]
