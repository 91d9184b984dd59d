"""What was audited: enough to do it again."""

import hashlib
import platform
import warnings
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from sk_ser._containers import is_path
from sk_ser._version import __version__

_PACKAGES = (
    "scikit-learn",
    "numpy",
    "scipy",
    "pandas",
    "joblib",
    "soundfile",
    "soxr",
    "xgboost",
    "torch",
    "skorch",
)


def describe(evaluation):
    """Tell what was evaluated, with versions, seed, and a hash of each clip.

    Parameters
    ----------
    evaluation : Evaluation
        What is audited.

    Returns
    -------
    dict
        In types that JSON has.
    """
    speakers = evaluation.groups
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator = repr(evaluation.estimator)
    return {
        "estimator": estimator,
        "n_clips": len(evaluation.y),
        "n_speakers": None if speakers is None else len(np.unique(speakers)),
        "classes": {
            str(k): int(n)
            for k, n in zip(*np.unique(evaluation.y, return_counts=True), strict=True)
        },
        "n_folds": len(evaluation.folds),
        "factors": list(evaluation.factors),
        "random_state": evaluation.random_state,
        "versions": {"sk_ser": __version__, "python": platform.python_version()} | _versions(),
        "sha256": {
            evaluation.name_of(row): _hash(item) for row, item in enumerate(_items(evaluation))
        },
    }


def _versions():
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _items(evaluation):
    source = evaluation.X if evaluation.recordings is None else evaluation.recordings
    return source.to_numpy() if hasattr(source, "iloc") else source


def _hash(item):
    """Hash a file's bytes, or a clip's numbers."""
    digest = hashlib.sha256()
    if is_path(item):
        if not Path(item).is_file():
            return None
        with open(item, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    else:
        digest.update(np.ascontiguousarray(item).tobytes())
    return digest.hexdigest()
