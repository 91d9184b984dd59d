"""Models in files: saved whole, loaded without running code, described on a card."""

from sk_ser.persistence._file import read_header
from sk_ser.persistence._model import load, save

__all__ = ["load", "read_header", "save"]
