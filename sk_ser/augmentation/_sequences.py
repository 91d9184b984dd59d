"""Augmenters of sequences: masks, warping and shifted bands."""

from dataclasses import KW_ONLY, dataclass
from numbers import Real
from typing import NamedTuple

import numpy as np

from sk_ser._arrays import FrameSequence
from sk_ser._clipwise import columns_of
from sk_ser.augmentation._augmenter import Augmenter, draw_from


class Masks(NamedTuple):
    """Amounts drawn for one sequence.

    Attributes
    ----------
    rate : float
        Speed factor.
    times, channels : ndarray of shape (n_masks, 2)
        Share of the frames, or channels, that each mask covers, and its position: 0 at the
        beginning, 1 at the end.
    """

    rate: float
    times: np.ndarray
    channels: np.ndarray


@dataclass(eq=False, repr=False)
class SpecAugment(Augmenter):
    """Mask stretches of time and blocks of descriptors of a sequence.

    Parameters
    ----------
    time_mask : float or (float, float), default=(0.0, 0.1)
        Share of the frames, within [0, 1], that a mask in time covers. A pair is a range
        that is drawn from, uniformly, for each mask.
    channel_mask : float or (float, float), default=(0.0, 0.15)
        Share of the descriptors, within [0, 1], that a mask over adjacent descriptors covers.
    n_time_masks : int, default=2
        Number of masks in time; they may overlap.
    n_channel_masks : int, default=2
        Number of masks over descriptors; they may overlap.
    rate : float or (float, float), default=1.0
        Speed factor within [0.25, 4] by which the sequence is warped before masking; 1 for no
        warping. A pair is a range:
        each sequence draws from it uniformly.
    fill : "mean" or float, default="mean"
        Value of masked cells: the descriptor's mean over the clip, or a number, such as 0.0 for
        standardised sequences.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, equal sequences are always changed alike, independently of the
        others. With None, each call draws anew.

    Attributes
    ----------
    n_features_in_ : int
        Number of frames of each clip, if `fit` saw a 2-D array.
    descriptor_names_in_ : ndarray of shape (n_descriptors,)
        Names of the descriptors that `fit` saw; ``x0``, … where they had none.

    Notes
    -----
    Park et al. [1]_ fill masks with zeros, the mean of their normalised spectrograms
    (section 2). For descriptors that are not normalised, zero is an outlier; the mean is not.

    Widths are shares rather than numbers of frames, so that one setting suits all frame rates
    and durations. Warping resamples all frames by linear interpolation, where the original
    shifts one point in time; the frame rate stays, and levels are resampled as well.

    References
    ----------
    .. [1] D. S. Park et al., "SpecAugment: A simple data augmentation method for automatic
       speech recognition", Interspeech 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.augmentation import SpecAugment
    >>> augmenter = SpecAugment(
    ...     time_mask=0.25, channel_mask=0.5, n_time_masks=1, n_channel_masks=1, fill=0.0,
    ...     random_state=0,
    ... )
    >>> augmenter.fit_transform([np.ones((8, 2))])[0].T.tolist()
    [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0]]
    """

    takes = "sequences"

    time_mask: float | tuple[float, float] = (0.0, 0.1)
    channel_mask: float | tuple[float, float] = (0.0, 0.15)
    _: KW_ONLY
    n_time_masks: int = 2
    n_channel_masks: int = 2
    rate: float | tuple[float, float] = 1.0
    fill: str | float = "mean"
    random_state: int | np.random.RandomState | None = None

    def draw(self, rng: np.random.Generator) -> Masks:
        """Draw the masks and the speed factor of one sequence.

        Parameters
        ----------
        rng : numpy.random.Generator

        Returns
        -------
        Masks
        """
        rate = draw_from(self.rate, rng)
        times = [(draw_from(self.time_mask, rng), rng.random()) for _ in range(self.n_time_masks)]
        channels = [
            (draw_from(self.channel_mask, rng), rng.random()) for _ in range(self.n_channel_masks)
        ]
        return Masks(rate, np.reshape(times, (-1, 2)), np.reshape(channels, (-1, 2)))

    def apply(
        self, sequence: np.ndarray, amount: object, rng: np.random.Generator | None = None
    ) -> np.ndarray:
        """Mask and warp one sequence by drawn amounts."""
        values, level = np.asarray(sequence), sequence.level
        n_warped = max(1, round(len(values) / amount.rate))
        if n_warped != len(values):
            where = np.linspace(0, len(values) - 1, n_warped)
            values = interpolate(values, where)
            level = None if level is None else interpolate(level, where)
        fill = values.mean(axis=0, dtype=np.float64) if self.fill == "mean" else self.fill
        fill = np.broadcast_to(fill, values.shape[1]).astype(np.float32)
        masked = values.copy()
        for share, place in amount.times:
            masked[_span(len(values), share, place)] = fill
        for share, place in amount.channels:
            block = _span(values.shape[1], share, place)
            masked[:, block] = fill[block]
        return FrameSequence(masked, sequence.names, sequence.frame_rate, level)

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        self.check_range("time_mask", 0.0, 1.0, "of the frames")
        self.check_range("channel_mask", 0.0, 1.0, "of the descriptors")
        self.check_range("rate", 0.25, 4.0, "times as fast")
        self.check_whole("n_time_masks", 0)
        self.check_whole("n_channel_masks", 0)
        is_number = isinstance(self.fill, Real) and np.isfinite(self.fill)
        is_mean = isinstance(self.fill, str) and self.fill == "mean"
        self.check("fill", is_mean or is_number, '"mean" or a number')


def interpolate(values, where):
    """Interpolate linearly between rows."""
    before = np.floor(where).astype(np.intp)
    after = np.minimum(before + 1, len(values) - 1)
    share = (where - before).astype(np.float32).reshape((-1,) + (1,) * (values.ndim - 1))
    return (1 - share) * values[before] + share * values[after]


def _span(length, share, place):
    """Return the frames, or channels, that a mask covers."""
    width = round(share * length)
    start = int(place * (length - width + 1))
    return slice(start, start + width)


class BandShift(Augmenter):
    """Shift the bands of a spectrogram, as a shorter or longer vocal tract does.

    Parameters
    ----------
    bands : float or (float, float), default=(-2.0, 2.0)
        Number of bands, within [-20, 20]; upwards if positive. A pair is a range:
        each sequence draws from it uniformly.
    prefixes : sequence of str or None, default=None
        Prefixes of the names of the descriptors that are bands, from low to high, such as
        ``("mel_",)``; the others are not changed. None takes all.
    random_state : int, RandomState instance or None, default=None
        Seed. With an int, equal sequences are always changed alike, independently of the
        others. With None, each call draws anew.

    Attributes
    ----------
    n_features_in_ : int
        Number of frames of each clip, if `fit` saw a 2-D array.
    descriptor_names_in_ : ndarray of shape (n_descriptors,)
        Names of the descriptors that `fit` saw; ``x0``, … where they had none.

    Notes
    -----
    A vocal tract that is shorter by a factor has formants that are higher by that factor. Along
    a mel axis, logarithmic above 1 kHz, this is a shift. So the shift is vocal-tract-length
    perturbation [1]_ after the spectrogram rather than before it. Values between bands are
    interpolated linearly; beyond the first and last band, these are repeated.

    References
    ----------
    .. [1] N. Jaitly and G. E. Hinton, "Vocal tract length perturbation (VTLP) improves
       speech recognition", ICML Workshop on Deep Learning for Audio, 2013.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.augmentation import BandShift
    >>> BandShift(1).fit_transform([np.array([[1.0, 5.0, 2.0, 0.0]])])[0].tolist()
    [[1.0, 1.0, 5.0, 2.0]]
    """

    takes = "sequences"
    drawn = "bands"
    bounds = (-20.0, 20.0, "bands")

    def __init__(self, bands=(-2.0, 2.0), *, prefixes=None, random_state=None):
        self.bands = bands
        self.prefixes = prefixes
        self.random_state = random_state

    def apply(
        self, sequence: np.ndarray, amount: object, rng: np.random.Generator | None = None
    ) -> np.ndarray:
        """Shift the bands of one sequence by a given number of them."""
        columns = columns_of(self, sequence)
        where = np.clip(np.arange(len(columns)) - amount, 0, len(columns) - 1)
        shifted = np.array(sequence)
        shifted[:, columns] = interpolate(shifted[:, columns].T, where).T
        return FrameSequence(shifted).tag_like(sequence)

    def check_params(self) -> None:
        """Validate the parameters."""
        super().check_params()
        self.check("prefixes", not isinstance(self.prefixes, str), "a sequence of texts, or None")
