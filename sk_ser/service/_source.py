"""A private copy of the served model, so that all workers load the same one."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from sk_ser._content import recording_sha256
from sk_ser.persistence import read_header, save
from sk_ser.recognition import TrainedModel

#: Text in the file of a model that needs a large library, and the module to import for it.
_LIBRARIES = {b"sk_ser.neural": "sk_ser.neural", b"XGBoost": "xgboost"}


class Source(NamedTuple):
    """A model's file in the service's folder, with what is known of it."""

    #: The copy.
    path: str
    #: "skops", or "joblib" if the service was given an object, which it wrote itself.
    format: str
    #: Full names of further types that may be loaded.
    trusted: tuple
    header: dict
    #: Of the copy, in hexadecimal digits.
    sha256: str
    #: Large modules that loading needs.
    libraries: tuple


def copy_model(model, trusted, folder):
    """Copy a model into the service's folder.

    Parameters
    ----------
    model : str, Path, TrainedModel or classifier
        A file of :func:`~sk_ser.persistence.save`, or the model itself.
    trusted : sequence of str or type
        Further types that may be loaded from the file.
    folder : Path

    Returns
    -------
    Source
    """
    path = Path(folder) / "model"
    is_file = isinstance(model, (str, os.PathLike))
    if is_file:
        shutil.copyfile(model, path)
        header = read_header(path)
    else:
        model = TrainedModel.wrap(model)
        # joblib takes any model of this process, and save leaves out its cache
        save(model.estimator, path, format="joblib")
        header = read_header(path) | model.header
    content = path.read_bytes()
    return Source(
        path=str(path),
        format="skops" if is_file else "joblib",
        trusted=tuple(trusted),
        header=header,
        sha256=recording_sha256(path),
        # the members of the file are not compressed
        libraries=tuple(library for sign, library in _LIBRARIES.items() if sign in content),
    )
