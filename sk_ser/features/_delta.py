"""Time derivatives of descriptors."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.ndimage import convolve1d
from scipy.signal import savgol_coeffs

from sk_ser._arrays import FrameSequence
from sk_ser._clipwise import ClipwiseTransformer


class Delta(ClipwiseTransformer):
    """Append the time derivatives of each descriptor.

    Parameters
    ----------
    orders : sequence of {1, 2}, default=(1, 2)
        Orders of the derivatives: 1 is the slope, 2 the curvature.
    width : int, default=9
        Number of frames per estimate, odd, at least 3.
    keep : bool, default=True
        Whether to keep the descriptors, before their derivatives.

    Attributes
    ----------
    n_features_in_ : int
        Number of frames of each clip, if `fit` saw a 2-D array.
    descriptor_names_in_ : ndarray of shape (n_descriptors,)
        Names of the descriptors that `fit` saw; ``x0``, … if they had none.

    Notes
    -----
    Order n is the n-th derivative of a polynomial of degree n that is fitted to
    `width` frames by least squares (Savitzky-Golay [1]_), in units per frame, as
    :func:`librosa.feature.delta`. The first and last frames use the polynomial of the
    first and last `width` frames. A clip of fewer than `width` frames, which librosa
    refuses, is extended by repeating its first and last frame.

    References
    ----------
    .. [1] A. Savitzky and M. Golay, "Smoothing and differentiation of data by
       simplified least squares procedures", Analytical Chemistry 36(8), 1964.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import Delta
    >>> ramp = np.arange(20.0)
    >>> Delta(orders=(1,)).fit_transform([ramp])[0, :2].tolist()
    [[0.0, 1.0], [1.0, 1.0]]
    """

    takes = "sequences"

    def __init__(self, orders=(1, 2), *, width=9, keep=True):
        self.orders = orders
        self.width = width
        self.keep = keep

    def transform_clip(self, sequence: np.ndarray) -> FrameSequence:
        """Append the derivatives to one sequence."""
        values = np.asarray(sequence)
        parts = [values] if self.keep else []
        parts += [self._derivative(values, order) for order in self.orders]
        names = sequence.names and self.get_feature_names_out(sequence.names)
        values = np.concatenate(parts, axis=1)
        return FrameSequence(values, names, sequence.frame_rate, sequence.level)

    def _derivative(self, values, order):
        if len(values) == 0:
            return values
        slopes = convolve1d(values, _kernel(self.width, order), axis=0, mode="nearest")
        half = self.width // 2
        if len(values) >= self.width:
            # the n-th derivative of a polynomial of degree n is constant
            slopes[:half] = slopes[half]
            slopes[-half:] = slopes[-half - 1]
        return slopes

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> np.ndarray:
        """Name descriptors and derivatives: ``mfcc_3``, ``mfcc_3__delta``, ``mfcc_3__delta2``.

        Parameters
        ----------
        input_features : array-like of str, default=None
            Names of the descriptors. None takes those that `fit` saw.

        Returns
        -------
        ndarray of shape (n_descriptors_out,)
        """
        names = super().get_feature_names_out(input_features)
        suffixes = [""] * self.keep + ["__delta" if o == 1 else f"__delta{o}" for o in self.orders]
        return np.array([name + suffix for suffix in suffixes for name in names], dtype=object)

    def check_params(self) -> None:
        """Validate the parameters."""
        orders = () if np.ndim(self.orders) == 0 else tuple(self.orders)
        self.check("orders", orders and set(orders) <= {1, 2}, "(1,), (2,) or (1, 2)")
        is_odd = self.width >= 3 and self.width % 2 == 1
        self.check("width", is_odd, "an odd number of frames >= 3")


@lru_cache(maxsize=32)
def _kernel(width, order):
    return savgol_coeffs(width, order, deriv=order)
