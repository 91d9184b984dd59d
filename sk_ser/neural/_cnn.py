"""One-dimensional convolutions over time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sk_ser.neural._classifier import NeuralClassifier
from sk_ser.neural._modules import SequenceNet
from sk_ser.neural._rules import SEQUENCE_RULES, is_sizes


@dataclass(eq=False, repr=False, kw_only=True)
class CNNClassifier(NeuralClassifier):
    """Convolutional net over time: blocks of convolution and pooling, one vector a clip.

    Each block is a convolution over `kernel_size` frames and all channels, batch
    normalisation, ReLU, max-pooling and dropout. The result is pooled over time and
    read by a linear layer. Sequences may differ in length. Padding is masked, so a
    clip's prediction does not depend on the other clips of its batch.

    Parameters
    ----------
    channels : sequence of int, default=(64, 64, 128)
        Channels of each block.
    kernel_size : int, default=5
        Frames that a convolution spans; odd.
    pool_size : int or sequence of int, default=2
        Frames that the max-pooling of a block merges, for all blocks or each; 1 for none.
    pooling : {"mean", "max", "attention"}, default="mean"
        From one vector a frame to one a clip. "attention" is attentive statistics
        pooling [1]_.
    dropout : float, default=0.2
        Share of the values that are dropped after each block, within [0, 1).
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
    .. [1] K. Okabe, T. Koshinaka and K. Shinoda, "Attentive statistics pooling for
       deep speaker embedding", Interspeech 2018.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MelSpectrogram
    >>> from sk_ser.neural import CNNClassifier, SequenceScaler
    >>> speech = make_emotional_speech(4, 2, ("anger", "sadness"), random_state=0)
    >>> model = make_pipeline(
    ...     MelSpectrogram(n_mels=20, scale="db"),
    ...     SequenceScaler(),
    ...     CNNClassifier((16, 16), max_epochs=20, random_state=0),
    ... )
    >>> model.fit(speech.data, speech.target).predict(speech.data[:1]).tolist()
    ['anger']
    """

    channels: Sequence[int] = field(default=(64, 64, 128), kw_only=False)
    kernel_size: int = 5
    pool_size: int | Sequence[int] = 2
    pooling: str = "mean"
    dropout: float = 0.2
    head_dropout: float = 0.4

    module = SequenceNet
    rules = (
        *SEQUENCE_RULES,
        ("channels", lambda sizes: is_sizes(sizes) and len(sizes) > 0, "one size a block, from 1"),
        ("pooling", ("mean", "max", "attention").__contains__, "'mean', 'max' or 'attention'"),
    )
