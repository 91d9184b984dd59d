"""Models in files: saved whole, loaded without running code, described on a card."""

from sk_ser.persistence._card import save_card
from sk_ser.persistence._file import read_header
from sk_ser.persistence._model import load, load_model, save
from sk_ser.persistence._training import describe_training

__all__ = ["describe_training", "load", "load_model", "read_header", "save", "save_card"]
