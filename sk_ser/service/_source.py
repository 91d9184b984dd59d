"""The served model: a copy of its own, so that every worker has the same, whatever happens."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from sk_ser.persistence import read_header, save

#: What is in the file of a model that takes a large library, and what to import for it.
_LIBRARIES = {b"sk_ser.neural": "sk_ser.neural", b"XGBoost": "xgboost"}


class Source(NamedTuple):
    """A model's file in the service's folder, and what is known of it.

    Attributes
    ----------
    path : str
        The copy.
    format : {"skops", "joblib"}
        What loads it; "joblib" only if the service was given an object, which it wrote itself.
    header : dict
        What is said about the model.
    sha256 : str
        Of the copy, in hexadecimal digits.
    libraries : tuple of str
        Large modules that it takes to load it.
    """

    path: str
    format: str
    header: dict
    sha256: str
    libraries: tuple


def copy_model(model, header, folder):
    """Copy a model into the service's folder.

    Parameters
    ----------
    model : str, Path or estimator
        File of :func:`~sk_ser.persistence.save`, or the model itself.
    header : dict or None
        What is said about the model, beside or in place of what its file says.
    folder : Path
        Where to.

    Returns
    -------
    Source
    """
    path = Path(folder) / "model"
    is_file = isinstance(model, (str, os.PathLike))
    if is_file:
        shutil.copyfile(model, path)
    else:
        # any model of this process will do, and it leaves caches behind
        save(model, path, format="joblib")
    content = path.read_bytes()
    return Source(
        str(path),
        "skops" if is_file else "joblib",
        read_header(path) | (header or {}),
        hashlib.sha256(content).hexdigest(),
        # members of the file are not compressed
        tuple(library for sign, library in _LIBRARIES.items() if sign in content),
    )
