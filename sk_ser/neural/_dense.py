"""Dense layers over vectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from sk_ser._pipelines import standardise_vectors
from sk_ser.neural._classifier import NeuralClassifier
from sk_ser.neural._modules import DenseNet
from sk_ser.neural._rules import is_sizes


@dataclass(eq=False, repr=False, kw_only=True)
class DenseClassifier(NeuralClassifier):
    """Dense layers over vectors, such as functionals.

    Each hidden layer is a linear map, batch normalisation [1]_, ReLU and dropout. The last
    hidden layer is not normalised.

    Parameters
    ----------
    hidden_layer_sizes : sequence of int, default=(512, 256, 128, 64)
        Units of each hidden layer.
    batch_norm : bool, default=True
        Whether to normalise.
    dropout : float, default=0.3
        Share of the values of each hidden layer that are dropped, within [0, 1).
    max_epochs, batch_size, learning_rate, weight_decay, schedule, max_grad_norm, label_smoothing, \
mixup, augmenters, class_weight, early_stopping, validation_fraction, patience, device, \
mixed_precision, warm_start, verbose, random_state
        Training and device, as in :class:`NeuralClassifier`. Augmenters get a vector as an array
        of one row.

    Attributes
    ----------
    classes_, class_prior_, net_, history_, n_parameters_
        As in :class:`NeuralClassifier`.
    n_features_in_ : int
        Number of features seen in `fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the features, if `fit` was given a DataFrame.

    References
    ----------
    .. [1] S. Ioffe and C. Szegedy, "Batch normalization", ICML 2015.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.neural import DenseClassifier
    >>> speech = make_emotional_speech(4, 2, ("anger", "sadness"), random_state=0)
    >>> front_end = make_clip_pipeline(MFCC(), Functionals())
    >>> net = DenseClassifier((32, 16), max_epochs=20, random_state=0)
    >>> model = make_pipeline(front_end, StandardScaler(), net)
    >>> model.fit(speech.data, speech.target).predict(speech.data[:1]).tolist()
    ['anger']
    """

    hidden_layer_sizes: Sequence[int] = field(default=(512, 256, 128, 64), kw_only=False)
    batch_norm: bool = True
    dropout: float = 0.3

    module = DenseNet
    rules = (("hidden_layer_sizes", is_sizes, "a sequence of whole numbers from 1"),)

    @classmethod
    def make_steps(cls, front_end: BaseEstimator) -> tuple[list, dict]:
        """Return the steps between front end and net, and default parameters of the net."""
        return standardise_vectors(), {}

    def check_clips(self, X: ArrayLike, reset: bool) -> list:
        """Turn vectors into sequences of one frame."""
        X = validate_data(self, X, dtype=(np.float64, np.float32), reset=reset)
        return list(X[:, np.newaxis])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = False
        return tags
