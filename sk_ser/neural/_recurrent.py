"""Recurrent nets over time: LSTM and GRU."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sk_ser.neural._classifier import NeuralClassifier
from sk_ser.neural._modules import SequenceNet
from sk_ser.neural._rules import SEQUENCE_RULES, is_count, one_of


@dataclass(eq=False, repr=False, kw_only=True)
class _RecurrentClassifier(NeuralClassifier):
    """The base of LSTM and GRU."""

    hidden_size: int = field(default=64, kw_only=False)
    n_layers: int = 1
    bidirectional: bool = False
    channels: Sequence[int] = ()
    kernel_size: int = 5
    pool_size: int | Sequence[int] = 2
    pooling: str = "last"
    dropout: float = 0.2
    head_dropout: float = 0.4

    #: Kind of recurrence, which is no parameter.
    recurrence = None
    module = SequenceNet
    rules = (
        *SEQUENCE_RULES,
        ("hidden_size", is_count, "a whole number from 1"),
        ("n_layers", is_count, "a whole number from 1"),
        ("pooling", *one_of("last", "mean", "max", "attention")),
    )


class LSTMClassifier(_RecurrentClassifier):
    """Long short-term memory over time, in one direction or both.

    A cell per unit keeps, forgets and outputs its content frame by frame [1]_.
    The state after each clip's last frame, or what `pooling` makes of all states, is
    read by a linear layer. Blocks of convolutions may come first. Sequences may
    differ in length. Padding is masked, so a clip's prediction does not depend on the
    other clips of its batch.

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
        Frames that the max-pooling of a block merges, for all blocks or each; 1 for none.
    pooling : {"last", "mean", "max", "attention"}, default="last"
        From states to one vector a clip: the last one of each direction, the mean, the
        maximum, or attentive statistics [2]_.
    dropout : float, default=0.2
        Share of the values that are dropped after each block and between layers of the
        recurrence, within [0, 1).
    head_dropout : float, default=0.4
        Share of the values that are dropped before the last layer, within [0, 1).
    max_epochs, batch_size, learning_rate, weight_decay, schedule, max_grad_norm, label_smoothing, \
mixup, augmenters, class_weight, early_stopping, validation_fraction, patience, device, \
mixed_precision, warm_start, verbose, random_state
        Training and device, as in :class:`NeuralClassifier`.

    Attributes
    ----------
    classes_, class_prior_, net_, history_, n_parameters_, n_channels_in_, n_features_in_
        As in :class:`NeuralClassifier`.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation
       9(8), 1997.
    .. [2] K. Okabe, T. Koshinaka and K. Shinoda, "Attentive statistics pooling for
       deep speaker embedding", Interspeech 2018.

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

    recurrence = "lstm"


class GRUClassifier(_RecurrentClassifier):
    """Gated recurrent units over time, in one direction or both.

    A gate per unit decides, frame by frame, how much of its state is renewed [1]_. The rest is
    as in :class:`LSTMClassifier`.

    Parameters
    ----------
    hidden_size, n_layers, bidirectional, channels, kernel_size, pool_size, pooling, dropout, \
head_dropout
        Layers, as in :class:`LSTMClassifier`.
    max_epochs, batch_size, learning_rate, weight_decay, schedule, max_grad_norm, label_smoothing, \
mixup, augmenters, class_weight, early_stopping, validation_fraction, patience, device, \
mixed_precision, warm_start, verbose, random_state
        Training and device, as in :class:`NeuralClassifier`.

    Attributes
    ----------
    classes_, class_prior_, net_, history_, n_parameters_, n_channels_in_, n_features_in_
        As in :class:`NeuralClassifier`.

    References
    ----------
    .. [1] K. Cho et al., "Learning phrase representations using RNN encoder-decoder",
       EMNLP 2014.

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

    recurrence = "gru"
