"""The header of a model's file: versions, sampling rate, classes, and what the caller adds."""

import warnings
from datetime import UTC, datetime

import numpy as np

from sk_ser._estimators import fitted_parts
from sk_ser._versions import found_versions
from sk_ser.audio import AudioLoader
from sk_ser.exceptions import ModelFileError, ModelFileWarning
from sk_ser.persistence._entries import find_fault
from sk_ser.persistence._file import FORMAT, FORMAT_VERSION

#: Packages whose types a file names: their meaning may change between minor versions.
_MUST_AGREE = ("sk_ser", "scikit-learn")
#: Entries that save writes itself.
_OWN = ("format", "format_version", "kind", "created", "versions", "classes", "model")


def make_header(model, kind, given):
    """Make the header of a model.

    Parameters
    ----------
    model : estimator
        Fitted.
    kind : {"skops", "joblib"}
        Format that it is saved in.
    given : mapping or None
        Further entries.

    Returns
    -------
    dict
        Types that JSON can represent.

    Raises
    ------
    ValueError
        If an entry is one that :func:`save` writes itself, or JSON cannot represent it.
    """
    given = plain(dict(given or {}), "header")
    taken = sorted(set(given) & set(_OWN))
    if taken:
        raise ValueError(f"save: header has {taken}, which save writes itself. Leave it out.")
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
    header = own | given
    fault = find_fault(header)
    if fault:
        raise ValueError(f"save: header: {fault}.")
    return header


def check_versions(header, path, on_mismatch):
    """Raise or warn if other minor versions of sk_ser or scikit-learn wrote a file.

    Parameters
    ----------
    header : dict
        The file's.
    path : str or Path
        For the warning.
    on_mismatch : {"error", "warn"}
        Raise or warn.
    """
    made_with, here = header.get("versions"), found_versions()
    made_with = made_with if isinstance(made_with, dict) else {}
    differing = [
        f"{name} {made_with.get(name, 'unknown')}, and {here[name]} is installed"
        for name in _MUST_AGREE
        if _release(made_with.get(name)) != _release(here[name])
    ]
    if not differing:
        return
    problem = f"it was saved with {'; with '.join(differing)}"
    if on_mismatch == "error":
        raise ModelFileError(
            f"{problem}, where the model may predict something else",
            remedy="Install those versions, or train and save the model again; "
            'versions="warn" loads it anyway.',
        )
    warnings.warn(
        f"{path}: {problem}. It was loaded because of versions='warn': compare its predictions.",
        ModelFileWarning,
        stacklevel=4,
    )


def plain(value, place="header"):
    """Convert to types that JSON can represent: NumPy's to Python's, NaN to None."""
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
        f"save: {place} is a {type(value).__name__}, which JSON cannot represent. Pass text, "
        "numbers, and lists and dicts of them."
    )


def _release(text):
    """Return major and minor version."""
    return str(text).split(".")[:2]


def _sampling_rate(model):
    """Return the rate in Hz that clips are resampled to, or None."""
    parts = fitted_parts(model)
    rates = {part.sampling_rate for part in parts if isinstance(part, AudioLoader)}
    return rates.pop() if len(rates) == 1 else None


def _describe(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return repr(model)
