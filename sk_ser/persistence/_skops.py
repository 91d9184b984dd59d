"""Convert a model to skops's members and back, building only trusted types."""

import warnings

from sklearn.exceptions import InconsistentVersionWarning

from sk_ser._light_skops import import_skops
from sk_ser.exceptions import ModelFileError
from sk_ser.persistence._file import pack_zip, unpack_zip
from sk_ser.persistence._native import check_parts
from sk_ser.persistence._schema import check_constructors, check_members, compact
from sk_ser.persistence._trusted import TRUSTED


def to_members(model, trusted):
    """Convert a model to arrays and JSON.

    Parameters
    ----------
    model : estimator
    trusted : list of str
        Full names of types in it that sk_ser does not trust by itself.

    Returns
    -------
    dict of str to bytes

    Raises
    ------
    ModelFileError
        If something in it cannot be converted, or could not be loaded.
    """
    try:
        members = compact(unpack_zip(import_skops().dumps(model)))
        unknown = _untrusted(members, trusted)
    except (TypeError, ValueError, RecursionError) as error:
        raise ModelFileError(
            f"save: {type(model).__name__} holds an object that skops cannot store ({error})",
            remedy='Leave it out, or save with format="joblib".',
        ) from error
    if unknown:
        raise ModelFileError(
            f"save: the model holds {', '.join(unknown)}, which load does not trust",
            remedy=f"If you know what that does, pass trusted={unknown} to save and to load; of a "
            "search, save best_estimator_.",
        )
    return members


def from_members(members, trusted):
    """Build a model from the members of an untrusted file.

    Parameters
    ----------
    members : dict of str to bytes
    trusted : list of str
        Full names of further types that may be built.

    Returns
    -------
    estimator

    Raises
    ------
    ModelFileError
        If it is not a model or asks for other types. Nothing has been imported then.
    ImportError
        If a trusted type needs a package that is not installed.
    """
    try:
        unknown = _untrusted(members, trusted)
    except (Exception, RecursionError) as error:
        reason = f"the file is damaged or was tampered with: {error}"
        raise ModelFileError(reason, remedy="Nothing was loaded.") from error
    if unknown:
        raise ModelFileError(
            f"it asks for {', '.join(unknown)}, which is not trusted; nothing was loaded",
            remedy=f"If you know what that does and who made the file, pass trusted={unknown}.",
        )
    check_constructors(members)
    try:
        with warnings.catch_warnings():
            # the header's versions have been compared
            warnings.simplefilter("ignore", InconsistentVersionWarning)
            model = import_skops().loads(pack_zip(members), trusted=[*TRUSTED, *trusted])
            check_parts(model)
            return model
    except ImportError:
        raise
    except (Exception, RecursionError) as error:
        reason = f"the model cannot be built ({type(error).__name__}: {error})"
        raise ModelFileError(reason, remedy="Save it again.") from error


def names_of(trusted):
    """Return the full names of types that are given by name or as objects."""
    if isinstance(trusted, (str, type)):
        trusted = [trusted]
    return [
        found if isinstance(found, str) else f"{found.__module__}.{found.__name__}"
        for found in trusted
    ]


def _untrusted(members, trusted):
    """Check members, and list the types in them that are not trusted."""
    check_members(members, trusted)
    found = import_skops().get_untrusted_types(data=pack_zip(members))
    return sorted(set(found) - set(TRUSTED) - set(trusted))
