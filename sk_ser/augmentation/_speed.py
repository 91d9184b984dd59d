"""Augmenters of speed and pitch, on a phase vocoder."""

from math import ceil

import numpy as np
import soxr

from sk_ser._arrays import Clip
from sk_ser.augmentation._augmenter import Augmenter
from sk_ser.augmentation._vocoder import stretch


class TimeStretch(Augmenter):
    """Change the speed of a clip; its pitch stays.

    Parameters
    ----------
    rate : float or (float, float), default=(0.9, 1.1)
        Speed factor within [0.25, 4]; 2 is twice as fast and half as long. A pair is a
        range that is drawn from, uniformly, for each clip.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, equal clips are always changed alike, independently of the
        others. With None, each call draws anew.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    See Also
    --------
    PitchShift : Changes the pitch; the duration stays.

    Notes
    -----
    The result has ``round(n / rate)`` samples, at least 1, for n samples of the clip. The
    method is a phase vocoder with identity phase locking [1]_, over frames of 60 ms. Unlike
    librosa's, it preserves the shape of the waveform, and the level within 1.5 dB. Amplitudes
    are not clipped.

    References
    ----------
    .. [1] J. Laroche and M. Dolson, "Improved phase vocoder time-scale modification of
       audio", IEEE Transactions on Speech and Audio Processing 7(3), 1999.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.augmentation import TimeStretch
    >>> TimeStretch(0.8).fit_transform([np.sin(np.arange(16_000) / 9)]).shape
    (1, 20000)
    """

    drawn = "rate"
    bounds = (0.25, 4.0, "times as fast")

    def __init__(self, rate=(0.9, 1.1), *, random_state=None):
        self.rate = rate
        self.random_state = random_state

    def apply(self, clip: Clip, amount: float, rng: np.random.Generator | None = None) -> Clip:
        """Make one clip `amount` times as fast."""
        length = max(1, round(len(clip) / amount))
        samples = stretch(np.asarray(clip), amount, clip.sampling_rate, length)
        return Clip(samples, clip.sampling_rate)


class PitchShift(Augmenter):
    """Change the pitch of a clip; its duration stays.

    Parameters
    ----------
    semitones : float or (float, float), default=(-2.0, 2.0)
        Shift of pitch, upwards if positive, within [-24, 24]; 12 is an octave. A pair is a range:
        each clip draws from it uniformly.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, equal clips are always changed alike, independently of the
        others. With None, each call draws anew.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    See Also
    --------
    TimeStretch : Changes the duration; the pitch stays.

    Notes
    -----
    The clip is stretched by ``2 ** (semitones / 12)`` [1]_ and resampled (soxr, high quality)
    to its original length. All frequencies are multiplied by the same factor, formants
    included, as if the speaker were smaller or larger. Frequencies above half the sampling
    rate are removed. Amplitudes are not clipped.

    References
    ----------
    .. [1] J. Laroche and M. Dolson, "Improved phase vocoder time-scale modification of
       audio", IEEE Transactions on Speech and Audio Processing 7(3), 1999.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.augmentation import PitchShift
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    >>> higher = PitchShift(12.0).fit_transform([tone])[0]
    >>> len(higher), int(np.abs(np.fft.rfft(higher)).argmax())
    (16000, 880)
    """

    drawn = "semitones"
    bounds = (-24.0, 24.0, "semitones")

    def __init__(self, semitones=(-2.0, 2.0), *, random_state=None):
        self.semitones = semitones
        self.random_state = random_state

    def apply(self, clip: Clip, amount: float, rng: np.random.Generator | None = None) -> Clip:
        """Raise the pitch of one clip by an amount in semitones."""
        ratio = 2 ** (amount / 12)
        # a few samples more than needed, since the resampler may round down
        length = ceil(ratio * (len(clip) + 2))
        longer = stretch(np.asarray(clip), 1 / ratio, clip.sampling_rate, length)
        samples = soxr.resample(longer, ratio, 1.0)[: len(clip)]
        return Clip(samples, clip.sampling_rate)
