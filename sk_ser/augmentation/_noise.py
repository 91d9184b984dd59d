"""Noise at a signal-to-noise ratio."""

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
        Signal-to-noise ratio in dB within [-120, 120]: 30 is barely heard, at 0 the noise
        is as strong as the clip. A pair is a range that is drawn from, uniformly, for
        each clip.
    color : {"white", "pink"}, default="white"
        Spectrum of the noise: as much power in every Hz, or in every octave.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, a clip always gets the same noise, whichever clips are beside
        it. None draws anew in each call.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    Notes
    -----
    Gaussian noise v is scaled so that, over the whole clip x,
    ``snr = 10 * log10(mean(x ** 2) / mean(v ** 2))`` holds exactly: it follows the clip's
    level, whatever its scale. Silence (all samples 0) has no level to follow and stays as it
    is. Amplitudes are not clipped.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.augmentation import AddNoise
    >>> clip = np.sin(np.arange(16_000) / 9).astype(np.float32)
    >>> noise = AddNoise(20.0, random_state=0).fit_transform([clip])[0] - clip
    >>> round(float(10 * np.log10(np.mean(clip**2) / np.mean(noise**2))), 2)
    20.0
    """

    _amount = "snr"
    _within = (-120.0, 120.0, "dB")

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
        """Raise ValueError on a parameter that cannot be."""
        super().check_params()
        self.check("color", self.color in _COLORS, f"one of {_COLORS}")


def make_noise(n_samples, color, rng):
    """Draw Gaussian noise, white or pink, (n_samples,)."""
    if color == "white":
        return rng.standard_normal(n_samples, dtype=np.float32)
    size = next_fast_len(n_samples, real=True)
    spectrum = rfft(rng.standard_normal(size, dtype=np.float32))
    # power falls as 1 / f, amplitude as its root; the mean shares the lowest frequency's
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum), dtype=np.float32), 1.0))
    return irfft(spectrum, size)[:n_samples]


def mean_square(samples):
    """Average power; in double precision, for clips on the scale of 16-bit integers."""
    return np.mean(np.square(samples, dtype=np.float64))
