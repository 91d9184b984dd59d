"""From a corpus to a trained model with calibrated probabilities, and its scores."""

from sk_ser.training._train import Training, train_model

__all__ = ["Training", "train_model"]
