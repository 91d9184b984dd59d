"""Speed up or slow down a clip; its pitch stays."""

import numpy as np

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

    def apply(self, clip, amount, rng=None):
        """Make one clip `amount` times as fast."""
        length = max(1, round(len(clip) / amount))
        samples = stretch(np.asarray(clip), amount, clip.sampling_rate, length)
        return Clip(samples, clip.sampling_rate)
