"""Versions of what is installed, kept beside results so that they can be repeated."""

import platform
from importlib.metadata import PackageNotFoundError, version

from sk_ser._version import __version__

_PACKAGES = (
    "scikit-learn numpy scipy pandas joblib soundfile soxr skops xgboost torch skorch optuna "
    "mapie matplotlib"
)


def found_versions():
    """List the versions of this package, of Python, and of the installed dependencies.

    Returns
    -------
    dict of str to str
    """
    found = {"sk_ser": __version__, "python": platform.python_version()}
    for package in _PACKAGES.split():
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
