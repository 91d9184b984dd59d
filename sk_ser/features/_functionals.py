"""Functionals: statistics of each descriptor over time."""

import re
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from sk_ser._clipwise import ClipwiseTransformer


class Functionals(ClipwiseTransformer):
    """Summarise each descriptor over the frames of a clip.

    ========== ================================================== =================
    name       meaning                                            unit
    ========== ================================================== =================
    mean       mean                                               the descriptor's
    std        standard deviation                                 the descriptor's
    min, max   smallest and largest value                         the descriptor's
    range      max less min                                       the descriptor's
    median     the same as p50                                    the descriptor's
    iqr        p75 less p25                                       the descriptor's
    p0 … p100  percentile, such as p5 or p97.5, interpolated      the descriptor's
    slope      of the least-squares line                          ... a second
    skewness   third standardised moment                          1
    kurtosis   fourth standardised moment less 3                  1
    ========== ================================================== =================

    Parameters
    ----------
    statistics : sequence of str or callable, default=("mean", "std")
        Names from the table, and functions. The columns are ordered by statistic. A function
        gets the frames, a float32 array of shape (n_frames, n_descriptors), and returns one
        value per descriptor, (n_descriptors,); its ``__name__`` names the columns. To be run in
        parallel, it must be defined in a module.
    min_level : float or None, default=None
        Omit frames whose level is more than this many dB below the loudest frame of
        the clip, so that pauses do not dilute speech; 30 suits speech. None keeps every
        frame. Sequences made by this package carry their levels; of a plain array, every
        frame is kept.

    Attributes
    ----------
    n_features_in_ : int
        Number of frames of each clip, if `fit` saw a 2-D array.
    descriptor_names_in_ : ndarray of shape (n_descriptors,)
        Names of the descriptors that `fit` saw; ``x0``, … if they had none.

    Notes
    -----
    Standard deviation, skewness and kurtosis divide by the number of frames; the last two are
    0 for a constant descriptor. The slope is per frame, not per second, if the frame rate is
    unknown. A clip without frames (one that could not be read), or without loud ones (whose
    levels are NaN), becomes a row of NaN.

    Examples
    --------
    >>> from sk_ser.features import FrameSequence, Functionals
    >>> sequence = FrameSequence([[1.0], [2.0], [6.0]], names=["rms"], frame_rate=100.0)
    >>> functionals = Functionals(("mean", "p50", "range")).set_output(transform="pandas")
    >>> functionals.fit_transform([sequence])
       rms__mean  rms__p50  rms__range
    0        3.0       2.0         5.0

    A statistic of one's own is a function:

    >>> def energy(frames):
    ...     return (frames**2).sum(axis=0)
    >>> functionals.set_params(statistics=["mean", energy]).fit_transform([sequence])
       rms__mean  rms__energy
    0        3.0         41.0
    """

    takes = "sequences"

    def __init__(self, statistics=("mean", "std"), *, min_level=None):
        self.statistics = statistics
        self.min_level = min_level

    def transform_clip(self, sequence: np.ndarray) -> np.ndarray:
        """Summarise one sequence, (n_descriptors * n_statistics,)."""
        kept = self._loud_frames(sequence)
        if len(kept) == 0:
            return np.full(sequence.shape[1] * len(self.statistics), np.nan, np.float32)
        summary = _Summary(np.asarray(sequence)[kept], kept / (sequence.frame_rate or 1.0))
        return np.concatenate([summary.statistic(name) for name in self.statistics])

    def _loud_frames(self, sequence):
        level = sequence.level
        if self.min_level is None or level is None or len(level) != len(sequence):
            return np.arange(len(sequence))
        return np.flatnonzero(level >= -self.min_level)

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> np.ndarray:
        """Name the columns: ``mfcc_3__mean`` and so on.

        Parameters
        ----------
        input_features : array-like of str, default=None
            Names of the descriptors. None takes those that `fit` saw.

        Returns
        -------
        ndarray of shape (n_features_out,)
        """
        names = super().get_feature_names_out(input_features)
        columns = [f"{name}__{_label(stat)}" for stat in self.statistics for name in names]
        return np.array(columns, dtype=object)

    def check_params(self) -> None:
        """Validate the parameters."""
        statistics = self.statistics
        is_sequence = not isinstance(statistics, str) and len(statistics) > 0
        self.check("statistics", is_sequence, "a sequence of names and functions")
        unknown = [one for one in statistics if not callable(one) and not _is_known(one)]
        if unknown:
            raise ValueError(
                f"Functionals: statistics contains {unknown}. Known are {tuple(_STATISTICS)}, "
                "percentiles such as 'p5', and functions."
            )
        labels = [_label(one) for one in statistics]
        are_names = all(map(str.isidentifier, (_label(one) for one in statistics if callable(one))))
        if not are_names or len(set(labels)) < len(labels):
            raise ValueError(
                f"Functionals: statistics={labels} must have different names, since they name the "
                "columns. Define functions with def; a lambda has no name."
            )
        is_level = self.min_level is None or self.min_level > 0
        self.check("min_level", is_level, "None or > 0 dB")


def _label(statistic):
    """Return the name of a statistic; of a function, its ``__name__``."""
    return getattr(statistic, "__name__", repr(statistic)) if callable(statistic) else statistic


class _Summary:
    """Statistics of one clip; moments and sorted values are computed once."""

    def __init__(self, values, times):
        self.values = values
        self.times = times

    @cached_property
    def mean(self):
        return self.values.mean(axis=0, dtype=np.float64)

    @cached_property
    def deviations(self):
        return self.values - self.mean.astype(np.float32)

    @cached_property
    def variance(self):
        return np.mean(np.square(self.deviations), axis=0, dtype=np.float64)

    @cached_property
    def ordered(self):
        return np.sort(self.values, axis=0)

    @cached_property
    def flat(self):
        """Mark descriptors that are constant up to rounding."""
        return np.sqrt(self.variance) <= 1e-6 * np.abs(self.mean) + 1e-30

    @cached_property
    def standard(self):
        """Standardised values, and their squares."""
        spread = np.where(self.flat, 1, np.sqrt(self.variance))
        scaled = self.deviations / spread.astype(np.float32)
        return scaled, np.square(scaled)

    def statistic(self, name):
        if callable(name):
            return self.call(name)
        compute = _STATISTICS.get(name)
        value = self.percentile(float(name[1:])) if compute is None else compute(self)
        return np.asarray(value, dtype=np.float32)

    def call(self, function):
        value = np.asarray(function(self.values.copy()), dtype=np.float32)
        wanted = self.values.shape[1:]
        if value.shape != wanted:
            raise ValueError(
                f"Functionals: {_label(function)} returned an array of shape {value.shape} instead "
                f"of {wanted}. Return one value per descriptor; axis 0 is time."
            )
        return value

    def percentile(self, percent):
        place = percent / 100 * (len(self.ordered) - 1)
        below = int(place)
        above = min(below + 1, len(self.ordered) - 1)
        low, high = self.ordered[below], self.ordered[above]
        return low + (high - low) * (place - below)

    def shape(self, third):
        """Compute the third standardised moment, or the fourth less 3."""
        scaled, squared = self.standard
        powers, normal = (squared * scaled, 0.0) if third else (np.square(squared), 3.0)
        return np.where(self.flat, 0.0, np.mean(powers, axis=0) - normal)

    def slope(self):
        times = self.times - self.times.mean()
        spread = np.sum(times**2)
        return times @ self.deviations / spread if spread > 0 else 0 * self.mean


_STATISTICS = {
    "mean": lambda summary: summary.mean,
    "std": lambda summary: np.sqrt(summary.variance),
    "min": lambda summary: summary.percentile(0),
    "max": lambda summary: summary.percentile(100),
    "range": lambda summary: summary.percentile(100) - summary.percentile(0),
    "median": lambda summary: summary.percentile(50),
    "iqr": lambda summary: summary.percentile(75) - summary.percentile(25),
    "slope": _Summary.slope,
    "skewness": lambda summary: summary.shape(third=True),
    "kurtosis": lambda summary: summary.shape(third=False),
}


def _is_known(name):
    is_percentile = re.fullmatch(r"p\d+(\.\d+)?", str(name)) and float(name[1:]) <= 100
    return name in _STATISTICS or bool(is_percentile)
