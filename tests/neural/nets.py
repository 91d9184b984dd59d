"""Small nets of every kind, and sequences of different lengths that they can learn from."""

import numpy as np

from sk_ser.neural import CNNClassifier, DenseClassifier, GRUClassifier, LSTMClassifier

#: Small nets of every kind, quick to train.
SMALL = {
    "cnn": (CNNClassifier, {"channels": (8, 8)}),
    "lstm": (LSTMClassifier, {"hidden_size": 8}),
    "bilstm": (LSTMClassifier, {"hidden_size": 8, "bidirectional": True, "n_layers": 2}),
    "gru": (GRUClassifier, {"hidden_size": 8, "channels": (8,), "pooling": "attention"}),
}
ALL = SMALL | {"dense": (DenseClassifier, {"hidden_layer_sizes": (16, 8)})}


def make(name, **params):
    """Make a small net of a kind."""
    kind, own = ALL[name]
    return kind(**{"random_state": 0, "max_epochs": 3, "device": "cpu"} | own | params)


def make_sequences(n_clips=24, n_channels=3, n_classes=2, seed=0, lengths=(5, 40)):
    """Noise whose first channel is higher the later the class."""
    rng = np.random.default_rng(seed)
    y = np.arange(n_clips) % n_classes
    X = [rng.normal(size=(rng.integers(*lengths), n_channels)).astype(np.float32) for _ in y]
    for sequence, code in zip(X, y, strict=True):
        sequence[:, 0] += 2.0 * code
    return X, np.array(["anger", "joy", "neutral", "sadness"])[y]


def make_vectors(n_clips=24, n_features=6, n_classes=2, seed=0):
    """Noise, likewise, a vector a clip."""
    X, y = make_sequences(n_clips, n_features, n_classes, seed, lengths=(20, 21))
    return np.stack([sequence.mean(axis=0) for sequence in X]), y


def data_of(name, **params):
    """What a net of a kind learns from."""
    return make_vectors(**params) if name == "dense" else make_sequences(**params)
