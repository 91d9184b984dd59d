"""Models in files: saved whole, and loaded without running code."""

from sk_ser.persistence._file import read_header
from sk_ser.persistence._model import load, load_model, save
from sk_ser.persistence._training import describe_training

__all__ = ["describe_training", "load", "load_model", "read_header", "save"]
