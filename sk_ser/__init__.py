"""Speech emotion recognition in scikit-learn's terms, evaluated on voices never heard."""

from sk_ser._version import __version__

__all__ = ["__version__"]
