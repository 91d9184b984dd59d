"""Add noise to a clip."""

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
    ``snr = 10 * log10(mean(x ** 2) / mean(v ** 2))`` holds exactly. A silent
    clip (all samples 0) is returned unchanged. Amplitudes are not clipped.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.augmentation import AddNoise
    >>> clip = np.sin(np.arange(16_000) / 9).astype(np.float32)
    >>> noise = AddNoise(20.0, random_state=0).fit_transform([clip])[0] - clip
    >>> round(float(10 * np.log10(np.mean(clip**2) / np.mean(noise**2))), 2)
    20.0
    """

    drawn = "snr"
    bounds = (-120.0, 120.0, "dB")

    def __init__(self, snr=(10.0, 30.0), *, color="white", random_state=None):
        self.snr = snr
        self.color = color
        self.random_state = random_state

    def apply(self, clip, amount, rng):
        """Add noise to one clip, `amount` dB below it."""
        samples = np.asarray(clip)
        noise = make_noise(len(samples), self.color, rng)
        power = mean_square(samples) / mean_square(noise) / 10 ** (amount / 10)
        return Clip(samples + np.float32(np.sqrt(power)) * noise, clip.sampling_rate)

    def check_params(self):
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
