"""Augmenters of waveforms that keep their speed: noise, gain, shift."""

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from sk_ser._arrays import Clip
from sk_ser.augmentation._augmenter import Augmenter

_COLORS = ("white", "pink")


class AddNoise(Augmenter):
    """Add noise at a signal-to-noise ratio.

    Parameters
    ----------
    snr : float or (float, float), default=(10.0, 30.0)
        Signal-to-noise ratio in dB within [-120, 120]: 30 is barely audible, at 0 the noise
        has the power of the clip. A pair is a range: each clip draws from it uniformly.
    color : {"white", "pink"}, default="white"
        Spectrum of the noise: equal power per Hz, or per octave.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, equal clips are always changed alike, independently of the
        others. With None, each call draws anew.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Gaussian noise v is scaled so that, over the whole clip x,
    ``snr = 10 * log10(var(x) / mean(v ** 2))`` holds exactly: a DC offset of the clip has no
    effect. A clip of one value is returned unchanged. Amplitudes are not clipped.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.augmentation import AddNoise
    >>> clip = np.sin(np.arange(16_000) / 9).astype(np.float32)
    >>> noise = AddNoise(20.0, random_state=0).fit_transform([clip])[0] - clip
    >>> round(float(10 * np.log10(np.var(clip) / np.mean(noise**2))), 2)
    20.0
    """

    drawn = "snr"
    bounds = (-120.0, 120.0, "dB")

    def __init__(self, snr=(10.0, 30.0), *, color="white", random_state=None):
        self.snr = snr
        self.color = color
        self.random_state = random_state

    def apply(self, clip: Clip, amount: object, rng: np.random.Generator) -> np.ndarray:
        """Add noise to one clip, `amount` dB below it."""
        samples = np.asarray(clip)
        noise = make_noise(len(samples), self.color, rng)
        power = np.var(samples, dtype=np.float64) / mean_square(noise) / 10 ** (amount / 10)
        return Clip(samples + np.float32(np.sqrt(power)) * noise, clip.sampling_rate)

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        self.check("color", self.color in _COLORS, f"one of {_COLORS}")


def make_noise(n_samples, color, rng):
    """Draw white or pink Gaussian noise, (n_samples,)."""
    if color == "white":
        return rng.standard_normal(n_samples, dtype=np.float32)
    size = next_fast_len(n_samples, real=True)
    spectrum = rfft(rng.standard_normal(size, dtype=np.float32))
    # power falls as 1 / f, amplitude as its root; 0 Hz is treated as the lowest frequency
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum), dtype=np.float32), 1.0))
    return irfft(spectrum, size)[:n_samples]


def mean_square(samples):
    """Compute the mean power in double precision, which holds squares of 16-bit integers."""
    return np.mean(np.square(samples, dtype=np.float64))


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

    def apply(self, clip: Clip, amount: float, rng: np.random.Generator | None = None) -> Clip:
        """Change one clip's level by an amount in dB."""
        return Clip(np.asarray(clip) * 10 ** (amount / 20), clip.sampling_rate)


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

    def apply(self, clip: Clip, amount: float, rng: np.random.Generator | None = None) -> Clip:
        """Move one clip by a share of its duration."""
        n_samples = round(amount * len(clip))
        moved = np.roll(np.asarray(clip), n_samples)
        if self.mode == "zeros":
            moved[slice(n_samples) if n_samples >= 0 else slice(n_samples, None)] = 0.0
        return Clip(moved, clip.sampling_rate)

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        self.check("mode", self.mode in _MODES, f"one of {_MODES}")
