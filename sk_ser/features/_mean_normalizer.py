"""Subtract each clip's mean: the constant part of the microphone, room and voice."""

import numpy as np

from sk_ser._arrays import FrameSequence
from sk_ser._clipwise import ClipwiseTransformer, columns_of


class MeanNormalizer(ClipwiseTransformer):
    """Subtract each descriptor's mean over the clip.

    For mel bands in dB and MFCC this is cepstral mean normalisation [1]_: a filter that is
    constant over the clip (a microphone, a room, most of a vocal tract) adds a constant there,
    which is removed.

    Parameters
    ----------
    prefixes : sequence of str or None, default=None
        Prefixes of the names of the descriptors to normalise, such as
        ``("mel_", "mfcc_")``; the others are not changed. None takes all.

    Attributes
    ----------
    descriptor_names_in_ : ndarray of shape (n_descriptors,)
        Names of the descriptors that `fit` saw; ``x0``, … if they had none.
    n_features_in_ : int
        Number of frames of each clip, if `fit` saw a 2-D array.

    References
    ----------
    .. [1] B. S. Atal, "Effectiveness of linear prediction characteristics of the speech
       wave for automatic speaker identification and verification", JASA 55(6), 1974.

    Examples
    --------
    >>> from sk_ser.features import FrameSequence, MeanNormalizer
    >>> sequence = FrameSequence([[1.0, 5.0], [3.0, 5.0]], names=["mel_0", "f0"])
    >>> MeanNormalizer(("mel_",)).fit_transform([sequence])[0].tolist()
    [[-1.0, 5.0], [1.0, 5.0]]
    """

    takes = "sequences"

    def __init__(self, prefixes=None):
        self.prefixes = prefixes

    def transform_clip(self, sequence: np.ndarray) -> FrameSequence:
        """Normalise one sequence."""
        if len(sequence) == 0:
            return sequence
        values = np.asarray(sequence)
        mean = values.mean(axis=0, dtype=np.float64)
        columns = columns_of(self, sequence)
        shift = np.zeros_like(mean)
        shift[columns] = mean[columns]
        return FrameSequence(values - shift).tag_like(sequence)

    def check_params(self) -> None:
        """Validate the parameters."""
        self.check("prefixes", not isinstance(self.prefixes, str), "a sequence of texts, or None")
