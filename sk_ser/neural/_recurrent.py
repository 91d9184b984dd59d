"""Recurrent nets over time: LSTM and GRU."""

from sk_ser.neural._classifier import NeuralClassifier
from sk_ser.neural._modules import SequenceNet
from sk_ser.neural._rules import SEQUENCE_RULES, is_count

_POOLINGS = ("last", "mean", "max", "attention")


class _RecurrentClassifier(NeuralClassifier):
    """What LSTM and GRU share: all but the cell."""

    _module = SequenceNet
    _recurrence = None
    _rules = [
        *SEQUENCE_RULES,
        ("hidden_size", is_count, "a whole number from 1"),
        ("n_layers", is_count, "a whole number from 1"),
        ("pooling", _POOLINGS.__contains__, f"one of {_POOLINGS}"),
    ]

    def __init__(
        self,
        hidden_size=64,
        *,
        n_layers=1,
        bidirectional=False,
        channels=(),
        kernel_size=5,
        pool_size=2,
        pooling="last",
        dropout=0.2,
        head_dropout=0.4,
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
        self.hidden_size = hidden_size
        self.n_layers = n_layers
        self.bidirectional = bidirectional
        self.channels = channels
        self.kernel_size = kernel_size
        self.pool_size = pool_size
        self.pooling = pooling
        self.dropout = dropout
        self.head_dropout = head_dropout
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

    def _layers(self, n_channels, n_classes):
        names = (
            "hidden_size",
            "n_layers",
            "bidirectional",
            "channels",
            "kernel_size",
            "pool_size",
            "pooling",
            "dropout",
            "head_dropout",
        )
        layers = {name: getattr(self, name) for name in names}
        sizes = {"n_channels": n_channels, "n_classes": n_classes}
        return sizes | layers | {"recurrence": self._recurrence}


class LSTMClassifier(_RecurrentClassifier):
    """Long short-term memory over time, in one direction or both.

    A cell per unit keeps, forgets and shows its content frame by frame [1]_.
    The state after each clip's last frame, or what `pooling` makes of all of them, is
    read by a linear layer. Blocks of convolutions may stand before. Sequences may
    differ in length: what is padded counts nowhere, so a clip's prediction does not
    depend on its neighbours.

    Parameters
    ----------
    hidden_size : int, default=64
        Size of the state, in each direction.
    n_layers : int, default=1
        Layers, each of which reads the states of the one before.
    bidirectional : bool, default=False
        Whether a second recurrence reads each clip from its end.
    channels : sequence of int, default=()
        Channels of blocks of convolution over time, batch normalisation, ReLU,
        max-pooling and dropout before the recurrence; empty for none.
    kernel_size : int, default=5
        Frames that a convolution spans; odd.
    pool_size : int or sequence of int, default=2
        Frames that a block makes one, by their maximum, for all blocks or each; 1 for
        none.
    pooling : {"last", "mean", "max", "attention"}, default="last"
        From states to one vector a clip: the last one of each direction, the mean, the
        maximum, or attentive statistics [2]_.
    dropout : float, default=0.2
        Share of the values that are dropped after each block and between layers of the
        recurrence, within [0, 1).
    head_dropout : float, default=0.4
        Share that is dropped before the last layer, within [0, 1).
    max_epochs : int, default=40
        Passes over the training clips.
    batch_size : int, default=32
        Most clips that are learnt from, and predicted, at a time. Clips of similar
        length are put together.
    learning_rate : float, default=1e-3
        Highest step size of AdamW [3]_.
    weight_decay : float, default=0.01
        Share of the weights that AdamW takes away in a step of size 1.
    schedule : {"one-cycle", "cosine", "plateau"} or None, default="one-cycle"
        How the learning rate changes: up and down [4]_, down along a half wave, to a
        fifth when the loss has not fallen for five epochs, or not at all.
    max_grad_norm : float or None, default=1.0
        Longest gradient that is not shortened; None for none.
    label_smoothing : float, default=0.0
        Share of each clip's weight that is spread over all classes, within [0, 1).
    mixup : float, default=0.0
        Alpha of mixup [5]_: clips of a batch are blended two by two, with a share drawn
        from Beta(alpha, alpha); 0 for none.
    augmenters : sequence of augmenter or None, default=None
        Augment each training clip afresh in every epoch, one after another, such as
        :class:`~sk_ser.augmentation.SpecAugment`.
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
    n_channels_in_ : int
        Values a frame that `fit` saw.
    n_features_in_ : int
        Number of columns, if `fit` saw a 2-D array.

    Notes
    -----
    Arithmetic is in single precision, and in double for a 2-D float64 array on the CPU.
    Needs the extra ``neural``.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation
       9(8), 1997.
    .. [2] K. Okabe, T. Koshinaka and K. Shinoda, "Attentive statistics pooling for
       deep speaker embedding", Interspeech 2018.
    .. [3] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
    .. [4] L. N. Smith and N. Topin, "Super-convergence", 2018, arXiv:1708.07120.
    .. [5] H. Zhang et al., "mixup: Beyond empirical risk minimization", ICLR 2018.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MelSpectrogram
    >>> from sk_ser.neural import LSTMClassifier, SequenceScaler
    >>> speech = make_emotional_speech(4, 2, ("anger", "sadness"), random_state=0)
    >>> model = make_pipeline(
    ...     MelSpectrogram(n_mels=20, scale="db"),
    ...     SequenceScaler(),
    ...     LSTMClassifier(16, max_epochs=20, learning_rate=0.01, random_state=0),
    ... )
    >>> model.fit(speech.data, speech.target).predict(speech.data[:1]).tolist()
    ['anger']
    """

    _recurrence = "lstm"


class GRUClassifier(_RecurrentClassifier):
    """Gated recurrent units over time, in one direction or both.

    A gate per unit decides, frame by frame, how much of its state is renewed [1]_.
    The state after each clip's last frame, or what `pooling` makes of all of them, is
    read by a linear layer. Blocks of convolutions may stand before. Sequences may
    differ in length: what is padded counts nowhere, so a clip's prediction does not
    depend on its neighbours.

    Parameters
    ----------
    hidden_size : int, default=64
        Size of the state, in each direction.
    n_layers : int, default=1
        Layers, each of which reads the states of the one before.
    bidirectional : bool, default=False
        Whether a second recurrence reads each clip from its end.
    channels : sequence of int, default=()
        Channels of blocks of convolution over time, batch normalisation, ReLU,
        max-pooling and dropout before the recurrence; empty for none.
    kernel_size : int, default=5
        Frames that a convolution spans; odd.
    pool_size : int or sequence of int, default=2
        Frames that a block makes one, by their maximum, for all blocks or each; 1 for
        none.
    pooling : {"last", "mean", "max", "attention"}, default="last"
        From states to one vector a clip: the last one of each direction, the mean, the
        maximum, or attentive statistics [2]_.
    dropout : float, default=0.2
        Share of the values that are dropped after each block and between layers of the
        recurrence, within [0, 1).
    head_dropout : float, default=0.4
        Share that is dropped before the last layer, within [0, 1).
    max_epochs : int, default=40
        Passes over the training clips.
    batch_size : int, default=32
        Most clips that are learnt from, and predicted, at a time. Clips of similar
        length are put together.
    learning_rate : float, default=1e-3
        Highest step size of AdamW [3]_.
    weight_decay : float, default=0.01
        Share of the weights that AdamW takes away in a step of size 1.
    schedule : {"one-cycle", "cosine", "plateau"} or None, default="one-cycle"
        How the learning rate changes: up and down [4]_, down along a half wave, to a
        fifth when the loss has not fallen for five epochs, or not at all.
    max_grad_norm : float or None, default=1.0
        Longest gradient that is not shortened; None for none.
    label_smoothing : float, default=0.0
        Share of each clip's weight that is spread over all classes, within [0, 1).
    mixup : float, default=0.0
        Alpha of mixup [5]_: clips of a batch are blended two by two, with a share drawn
        from Beta(alpha, alpha); 0 for none.
    augmenters : sequence of augmenter or None, default=None
        Augment each training clip afresh in every epoch, one after another, such as
        :class:`~sk_ser.augmentation.SpecAugment`.
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
    n_channels_in_ : int
        Values a frame that `fit` saw.
    n_features_in_ : int
        Number of columns, if `fit` saw a 2-D array.

    Notes
    -----
    Arithmetic is in single precision, and in double for a 2-D float64 array on the CPU.
    Needs the extra ``neural``.

    References
    ----------
    .. [1] K. Cho et al., "Learning phrase representations using RNN encoder-decoder",
       EMNLP 2014.
    .. [2] K. Okabe, T. Koshinaka and K. Shinoda, "Attentive statistics pooling for
       deep speaker embedding", Interspeech 2018.
    .. [3] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
    .. [4] L. N. Smith and N. Topin, "Super-convergence", 2018, arXiv:1708.07120.
    .. [5] H. Zhang et al., "mixup: Beyond empirical risk minimization", ICLR 2018.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MelSpectrogram
    >>> from sk_ser.neural import GRUClassifier, SequenceScaler
    >>> speech = make_emotional_speech(4, 2, ("anger", "sadness"), random_state=0)
    >>> model = make_pipeline(
    ...     MelSpectrogram(n_mels=20, scale="db"),
    ...     SequenceScaler(),
    ...     GRUClassifier(16, max_epochs=20, learning_rate=0.01, random_state=0),
    ... )
    >>> model.fit(speech.data, speech.target).predict(speech.data[:1]).tolist()
    ['anger']
    """

    _recurrence = "gru"
