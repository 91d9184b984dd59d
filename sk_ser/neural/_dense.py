"""Dense layers over vectors."""

import numpy as np
from sklearn.utils.validation import validate_data

from sk_ser.neural._classifier import NeuralClassifier
from sk_ser.neural._modules import DenseNet
from sk_ser.neural._rules import is_sizes


class DenseClassifier(NeuralClassifier):
    """Dense layers over vectors, such as functionals.

    Each hidden layer is a linear map, batch normalisation [1]_, ReLU and dropout; the
    last one, which the classes are read from, is not normalised.

    Parameters
    ----------
    hidden_layer_sizes : sequence of int, default=(512, 256, 128, 64)
        Units of each hidden layer.
    batch_norm : bool, default=True
        Whether to normalise.
    dropout : float, default=0.3
        Share of each hidden layer's values that are dropped, within [0, 1).
    max_epochs : int, default=40
        Passes over the training clips.
    batch_size : int, default=32
        Most clips that are learnt from, and predicted, at a time.
    learning_rate : float, default=1e-3
        Highest step size of AdamW [2]_.
    weight_decay : float, default=0.01
        Share of the weights that AdamW takes away in a step of size 1.
    schedule : {"one-cycle", "cosine", "plateau"} or None, default="one-cycle"
        How the learning rate changes: up and down [3]_, down along a half wave, to a
        fifth when the loss has not fallen for five epochs, or not at all.
    max_grad_norm : float or None, default=1.0
        Longest gradient that is not shortened; None for none.
    label_smoothing : float, default=0.0
        Share of each clip's weight that is spread over all classes, within [0, 1).
    mixup : float, default=0.0
        Alpha of mixup [4]_: clips of a batch are blended two by two, with a share drawn
        from Beta(alpha, alpha); 0 for none.
    augmenters : sequence of augmenter or None, default=None
        Augment each training vector, as an array of one row, afresh in every epoch, by
        their ``augment(item, rng)``, one after another.
    class_weight : "balanced", dict or None, default=None
        Weights of the classes; "balanced" makes each count alike, as UAR does.
    early_stopping : bool or "clips", default=False
        Whether to hold clips out of training, stop when the loss on them has not fallen
        for `patience` epochs, and go back to the weights of its least. With True they
        are other speakers', if ``fit`` gets `groups`; "clips" draws them at random,
        whoever speaks, as many publications do.
    validation_fraction : float, default=0.2
        About the share of clips to hold out, within (0, 0.5].
    patience : int, default=10
        Epochs to wait.
    device : str, default="auto"
        Where to compute: "auto" is CUDA where there is a GPU, otherwise the CPU. A net
        that was pickled predicts on the CPU where its device is missing.
    mixed_precision : bool, default=True
        Whether CUDA computes in half precision what bears it.
    warm_start : bool, default=False
        Whether ``fit`` goes on from the weights of the one before.
    verbose : bool, default=False
        Whether to show a progress bar with the time left.
    random_state : int, RandomState instance or None, default=None
        Seed of weights, order, dropout and everything else that is drawn.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels in the order of the probabilities.
    class_prior_ : ndarray of shape (n_classes,)
        The classes' shares of the training clips, by weight.
    net_ : skorch.NeuralNet
        The trained net; ``net_.module_`` is the torch module.
    history_ : DataFrame
        A row an epoch: ``epoch``, ``train_loss``, ``train_accuracy``, ``valid_loss``,
        ``valid_accuracy``, ``valid_uar`` (the last three with early stopping),
        ``learning_rate``, ``seconds``. ``history_.attrs["validation"]`` says whether
        the voices held out are heard or unheard.
    n_parameters_ : int
        Numbers that the net keeps: weights and running statistics.
    n_features_in_ : int
        Number of features that `fit` saw.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the features, if `fit` saw a DataFrame.

    Notes
    -----
    Arithmetic is in single precision, and in double for a 2-D float64 array on the CPU.
    Needs the extra ``neural``.

    References
    ----------
    .. [1] S. Ioffe and C. Szegedy, "Batch normalization", ICML 2015.
    .. [2] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
    .. [3] L. N. Smith and N. Topin, "Super-convergence", 2018, arXiv:1708.07120.
    .. [4] H. Zhang et al., "mixup: Beyond empirical risk minimization", ICLR 2018.

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

    _module = DenseNet
    _rules = [("hidden_layer_sizes", is_sizes, "a sequence of whole numbers from 1")]

    def __init__(
        self,
        hidden_layer_sizes=(512, 256, 128, 64),
        *,
        batch_norm=True,
        dropout=0.3,
        max_epochs=40,
        batch_size=32,
        learning_rate=1e-3,
        weight_decay=0.01,
        schedule="one-cycle",
        max_grad_norm=1.0,
        label_smoothing=0.0,
        mixup=0.0,
        augmenters=None,
        class_weight=None,
        early_stopping=False,
        validation_fraction=0.2,
        patience=10,
        device="auto",
        mixed_precision=True,
        warm_start=False,
        verbose=False,
        random_state=None,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.batch_norm = batch_norm
        self.dropout = dropout
        self.max_epochs = max_epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.schedule = schedule
        self.max_grad_norm = max_grad_norm
        self.label_smoothing = label_smoothing
        self.mixup = mixup
        self.augmenters = augmenters
        self.class_weight = class_weight
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.device = device
        self.mixed_precision = mixed_precision
        self.warm_start = warm_start
        self.verbose = verbose
        self.random_state = random_state

    def _check_clips(self, X, reset):
        """Take vectors for sequences of one frame."""
        X = validate_data(self, X, dtype=(np.float64, np.float32), reset=reset)
        return list(X[:, np.newaxis])

    def _layers(self, n_channels, n_classes):
        names = ("hidden_layer_sizes", "batch_norm", "dropout")
        layers = {name: getattr(self, name) for name in names}
        return {"n_features": n_channels, "n_classes": n_classes} | layers

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = False
        return tags
