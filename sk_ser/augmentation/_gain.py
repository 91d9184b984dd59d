"""Change the level of a clip."""

import numpy as np

from sk_ser._arrays import Clip
from sk_ser.augmentation._augmenter import Augmenter


class Gain(Augmenter):
    """Change a clip's level.

    Parameters
    ----------
    db : float or (float, float), default=(-6.0, 6.0)
        Gain in dB within [-120, 120]: 6 roughly doubles amplitudes. A pair is a range:
        each clip draws from it uniformly.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, equal clips are always changed alike, independently of the
        others. With None, each call draws anew.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Amplitudes are multiplied by ``10 ** (db / 20)``. They are not clipped: float32 can
    exceed full scale.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.augmentation import Gain
    >>> Gain(20.0).fit_transform([np.array([0.0, 0.125, -0.25])]).round(3).tolist()
    [[0.0, 1.25, -2.5]]
    """

    drawn = "db"
    bounds = (-120.0, 120.0, "dB")

    def __init__(self, db=(-6.0, 6.0), *, random_state=None):
        self.db = db
        self.random_state = random_state

    def apply(self, clip, amount, rng=None):
        """Change one clip's level by an amount in dB."""
        return Clip(np.asarray(clip) * 10 ** (amount / 20), clip.sampling_rate)
