"""A descriptor, a statistic and a step as a user writes them, in a module of their own."""

import numpy as np
from scipy.stats import trim_mean

from sk_ser.audio import Clip
from sk_ser.augmentation import Augmenter
from sk_ser.features import ClipwiseTransformer, Descriptor, FrameSequence

POWER = 2.0


class CrestFactor(Descriptor):
    """Peak of each frame over its root mean square."""

    def __init__(self, *, frame_length=400, hop_length=160, center=True):
        self.frame_length = frame_length
        self.hop_length = hop_length
        self.center = center

    def describe(self, frames):
        cut = self.frame_length, self.hop_length, self.center
        rms = np.sqrt(frames.mean_square(*cut))
        return (np.abs(frames.cut(*cut)).max(axis=1) / np.maximum(rms, 1e-10))[:, np.newaxis]

    def names(self):
        return ["crest"]


class SpectralSlope(Descriptor):
    """Slope of the spectrum of each frame, with all parameters of a framing."""

    def __init__(
        self, *, n_fft=2048, hop_length=512, win_length=None, window="hann", center=True
    ):  # fmt: skip
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.win_length = win_length
        self.window = window
        self.center = center

    def describe(self, frames):
        framing = self.framing()
        hz = frames.frequencies(framing)
        return (frames.magnitude(framing) @ (hz - hz.mean()) / np.var(hz))[:, np.newaxis]

    def names(self):
        return ["slope"]


class Squared(ClipwiseTransformer):
    """Raise each descriptor to a power."""

    takes = "sequences"

    def transform_clip(self, sequence):
        return FrameSequence(np.asarray(sequence) ** POWER).tag_like(sequence)


class Clipping(Augmenter):
    """Clip amplitudes at a threshold."""

    drawn = "threshold"
    bounds = (0.0, 1.0, "of full scale")

    def __init__(self, threshold=(0.1, 0.5), *, random_state=None):
        self.threshold = threshold
        self.random_state = random_state

    def apply(self, clip, amount, rng=None):
        return Clip(np.clip(np.asarray(clip), -amount, amount), clip.sampling_rate)


def trimmed(frames):
    """Mean of the middle 80 % of the frames."""
    return trim_mean(frames, 0.1, axis=0)


def total(frames):
    return _scale(frames).sum(axis=0)


def _scale(frames):
    return POWER * frames


class Times:
    """Callable object."""

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, X):
        return self.factor * X
