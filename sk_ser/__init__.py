"""Speech emotion recognition with scikit-learn, evaluated on unseen speakers."""

from sk_ser._version import __version__

__all__ = ["__version__"]
