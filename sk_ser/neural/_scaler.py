"""Zero mean and unit variance of each channel, over the frames of the training clips."""

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from sk_ser._clipwise import contain
from sk_ser._compat import CachedParamNames
from sk_ser._containers import check_items
from sk_ser.neural._rules import check_channels


class SequenceScaler(CachedParamNames, TransformerMixin, BaseEstimator):
    """Standardise each channel of sequences, as StandardScaler standardises columns.

    Mean and standard deviation are those of all frames of all training clips. A 2-D array, with
    a univariate sequence per row, has one channel. The step is fitted, so it stands after a
    :class:`~sk_ser.features.ClipPipeline`.

    Parameters
    ----------
    with_mean : bool, default=True
        Whether to subtract the mean.
    with_std : bool, default=True
        Whether to divide by the standard deviation. A constant channel is divided by 1.

    Attributes
    ----------
    mean_ : ndarray of shape (n_channels,)
        Mean of each channel.
    scale_ : ndarray of shape (n_channels,)
        Standard deviation of each channel, or 1.
    n_channels_in_ : int
        Number of channels.
    descriptor_names_in_ : ndarray of shape (n_channels,)
        Names of the channels; ``x0``, … if they have none.
    n_features_in_ : int
        Number of columns, if `fit` was given a 2-D array.

    See Also
    --------
    sklearn.preprocessing.StandardScaler : Standardises vectors.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.neural import SequenceScaler
    >>> scaler = SequenceScaler().fit([np.array([[0.0], [2.0]]), np.array([[4.0]])])
    >>> scaler.mean_.tolist(), scaler.transform([np.array([[2.0]])])[0].tolist()
    ([2.0], [[0.0]])
    """

    def __init__(self, *, with_mean: bool = True, with_std: bool = True):
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> "SequenceScaler":
        """Compute mean and standard deviation of each channel.

        Parameters
        ----------
        X : array-like of length n_clips
            Sequences of shape (n_frames, n_channels) in a list, a 3-D array, or a 2-D
            array with a univariate sequence per row.
        y : None
            Ignored.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If no sequence has a frame.
        """
        items = check_items(self, X, "sequences", reset=True)
        n_frames = sum(len(item) for item in items)
        if n_frames == 0:
            raise ValueError(
                "SequenceScaler: all sequences of X have 0 frames. Pass a sequence with frames."
            )
        check_channels(self, items, reset=True)
        names = items[0].names or [f"x{number}" for number in range(self.n_channels_in_)]
        self.descriptor_names_in_ = np.array(names, dtype=object)
        # in two passes: with a large mean, one pass would round the variance away
        self.mean_ = _sum(items) / n_frames
        variance = _sum(items, lambda item: np.square(item - self.mean_)) / n_frames
        rounding = np.finfo(np.float32).eps * np.abs(self.mean_)
        self.scale_ = np.where(np.sqrt(variance) > rounding, np.sqrt(variance), 1.0)
        return self

    def transform(self, X: ArrayLike) -> ArrayLike:
        """Standardise sequences.

        Parameters
        ----------
        X : array-like of length n_clips
            Sequences, as in `fit`.

        Returns
        -------
        list of ndarray, or ndarray
            One sequence per clip, in one array if all are equally long.
        """
        check_is_fitted(self)
        items = check_items(self, X, "sequences")
        check_channels(self, items, reset=False)
        mean = np.where(self.with_mean, self.mean_, 0.0).astype(np.float32)
        scale = np.where(self.with_std, self.scale_, 1.0).astype(np.float32)
        return contain(self, [(item - mean) / scale for item in items], X)

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> np.ndarray:
        """Return the names of the channels.

        Parameters
        ----------
        input_features : array-like of str, default=None
            Names of the channels; by default those seen in `fit`.

        Returns
        -------
        ndarray of shape (n_channels,)
        """
        check_is_fitted(self)
        names = self.descriptor_names_in_ if input_features is None else input_features
        return np.asarray(names, dtype=object)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def _sum(items, of=lambda item: item):
    return sum(np.sum(of(np.asarray(item)), axis=0, dtype=np.float64) for item in items)
