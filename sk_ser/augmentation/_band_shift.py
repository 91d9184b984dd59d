"""Shift the bands of a spectrogram along the frequency axis."""

import numpy as np

from sk_ser._arrays import FrameSequence
from sk_ser.augmentation._augmenter import Augmenter


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

    def apply(self, sequence, amount, rng=None):
        """Shift the bands of one sequence by a given number of them."""
        columns = self._columns(sequence)
        where = np.clip(np.arange(len(columns)) - amount, 0, len(columns) - 1)
        below = np.floor(where).astype(np.intp)
        above = np.minimum(below + 1, len(columns) - 1)
        share = (where - below).astype(np.float32)
        shifted = np.array(sequence)
        bands = shifted[:, columns]
        shifted[:, columns] = (1 - share) * bands[:, below] + share * bands[:, above]
        return FrameSequence(shifted, sequence.names, sequence.frame_rate, sequence.level)

    def _columns(self, sequence):
        """Find the columns that are bands."""
        if self.prefixes is None:
            return np.arange(sequence.shape[1])
        names, prefixes = sequence.names or (), tuple(self.prefixes)
        columns = [number for number, name in enumerate(names) if name.startswith(prefixes)]
        if not columns:
            raise ValueError(
                f"BandShift: prefixes={self.prefixes!r} match none of the descriptors' names "
                f"({', '.join(names[:5]) or 'they have none'}). Use others, or None."
            )
        return np.array(columns)

    def check_params(self):
        """Validate the parameters."""
        super().check_params()
        self.check("prefixes", not isinstance(self.prefixes, str), "a sequence of texts, or None")
