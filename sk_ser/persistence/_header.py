"""What a model's file says about it: versions, sampling rate, classes, and what is given."""

import warnings
from datetime import UTC, datetime

import numpy as np

from sk_ser._versions import found_versions
from sk_ser.audio import AudioLoader
from sk_ser.exceptions import ModelFileError, ModelFileWarning
from sk_ser.persistence._file import FORMAT, FORMAT_VERSION

#: Packages whose objects a file holds by name: what these mean may change between such versions.
_MUST_AGREE = ("sk_ser", "scikit-learn")
#: What save finds out itself.
_OWN = ("format", "format_version", "kind", "created", "versions", "classes", "model")


def make_header(model, kind, given):
    """Say what a model is.

    Parameters
    ----------
    model : estimator
        Fitted.
    kind : {"skops", "joblib"}
        What it is saved with.
    given : mapping or None
        Further things.

    Returns
    -------
    dict
        In types that JSON has.

    Raises
    ------
    ValueError
        If something is given that is found out here, or that JSON cannot hold.
    """
    given = plain(dict(given or {}), "header")
    taken = sorted(set(given) & set(_OWN))
    if taken:
        raise ValueError(f"save: header holds {taken}, which save finds out itself. Leave it out.")
    own = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "kind": kind,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": found_versions(),
        "sampling_rate": _sampling_rate(model),
        "classes": plain(np.asarray(getattr(model, "classes_", ())).tolist(), "classes"),
        "model": {"class": type(model).__name__, "description": _describe(model)},
    }
    return own | given


def check_versions(header, path, on_mismatch):
    """Raise, or warn, if a file was written by versions that mean something else by its names.

    Parameters
    ----------
    header : dict
        Of the file.
    path : str or Path
        To name it by.
    on_mismatch : {"error", "warn"}
        What to do.
    """
    made_with, here = header.get("versions"), found_versions()
    made_with = made_with if isinstance(made_with, dict) else {}
    differing = [
        f"{name} {made_with.get(name, 'unknown')}, and here is {here[name]}"
        for name in _MUST_AGREE
        if _release(made_with.get(name)) != _release(here[name])
    ]
    if not differing:
        return
    problem = f"{path}: it was saved with {'; with '.join(differing)}"
    if on_mismatch == "error":
        raise ModelFileError(
            f"{problem}. What was learnt may mean something else there. Install those versions, or "
            'train and save anew; versions="warn" tries it all the same.'
        )
    warnings.warn(
        f"{problem}. It was loaded because versions='warn' says so: compare its predictions.",
        ModelFileWarning,
        stacklevel=3,
    )


def plain(value, place="header"):
    """Make types that JSON has: NumPy's numbers and arrays Python's, NaN None."""
    if isinstance(value, dict):
        return {str(key): plain(inner, f"{place}[{key!r}]") for key, inner in value.items()}
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(inner, f"{place}[{n}]") for n, inner in enumerate(value)]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if value is None or isinstance(value, (str, int)):
        return value
    raise ValueError(
        f"save: {place} is a {type(value).__name__}, which JSON cannot hold. Give text, numbers, "
        "and lists and dicts of them."
    )


def _release(text):
    """Major and minor version; patches do not change what names mean."""
    return str(text).split(".")[:2]


def _sampling_rate(model):
    """Rate that clips are resampled to, in Hz; None where they are taken as they come."""
    rates = {step.sampling_rate for step in _parts(model) if isinstance(step, AudioLoader)}
    return rates.pop() if len(rates) == 1 else None


def _parts(model):
    """List the estimators in an estimator; of a search those of what it found."""
    model = getattr(model, "best_estimator_", model)
    yield model
    yield from model.get_params(deep=True).values()


def _describe(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return repr(model)
