"""Neural classifiers over sequences and vectors, with the interface of scikit-learn."""

# ruff: noqa: E402 - a missing extra is reported before anything imports it
from sk_ser._optional import import_optional

for _module in ("torch", "skorch"):
    import_optional(_module, extra="neural", purpose="sk_ser.neural")

from sk_ser.neural._classifier import NeuralClassifier
from sk_ser.neural._cnn import CNNClassifier
from sk_ser.neural._dense import DenseClassifier
from sk_ser.neural._make_net import make_net
from sk_ser.neural._recurrent import GRUClassifier, LSTMClassifier
from sk_ser.neural._scaler import SequenceScaler

__all__ = [
    "CNNClassifier",
    "DenseClassifier",
    "GRUClassifier",
    "LSTMClassifier",
    "NeuralClassifier",
    "SequenceScaler",
    "make_net",
]
