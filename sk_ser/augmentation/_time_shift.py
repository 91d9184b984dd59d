"""Move a clip along time."""

import numpy as np

from sk_ser._arrays import Clip
from sk_ser.augmentation._augmenter import Augmenter

_MODES = ("zeros", "roll")


class TimeShift(Augmenter):
    """Move a clip along time; its duration stays.

    Parameters
    ----------
    fraction : float or (float, float), default=(-0.1, 0.1)
        Shift as a share of the clip's duration, within [-1, 1]; later if positive. A pair is
        a range: each clip draws from it uniformly.
    mode : {"zeros", "roll"}, default="zeros"
        What fills the gap: zeros (samples moved beyond the other end are lost), or the
        samples moved beyond the other end ("roll"), which may leave a discontinuity.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, equal clips are always changed alike, independently of the
        others. With None, each call draws anew.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Examples
    --------
    >>> from sk_ser.augmentation import TimeShift
    >>> TimeShift(0.25).fit_transform([[1.0, 2.0, 3.0, 4.0]]).tolist()
    [[0.0, 1.0, 2.0, 3.0]]
    >>> TimeShift(-0.25, mode="roll").fit_transform([[1.0, 2.0, 3.0, 4.0]]).tolist()
    [[2.0, 3.0, 4.0, 1.0]]
    """

    drawn = "fraction"
    bounds = (-1.0, 1.0, "of the duration")

    def __init__(self, fraction=(-0.1, 0.1), *, mode="zeros", random_state=None):
        self.fraction = fraction
        self.mode = mode
        self.random_state = random_state

    def apply(self, clip, amount, rng=None):
        """Move one clip by a share of its duration."""
        n_samples = round(amount * len(clip))
        moved = np.roll(np.asarray(clip), n_samples)
        if self.mode == "zeros":
            moved[slice(n_samples) if n_samples >= 0 else slice(n_samples, None)] = 0.0
        return Clip(moved, clip.sampling_rate)

    def check_params(self):
        """Validate the parameters."""
        super().check_params()
        self.check("mode", self.mode in _MODES, f"one of {_MODES}")
