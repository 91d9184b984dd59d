"""From a model to skops's members and back, with nothing made that is not trusted."""

import warnings

from sklearn.exceptions import InconsistentVersionWarning

from sk_ser._light_skops import import_skops
from sk_ser.exceptions import ModelFileError
from sk_ser.persistence._file import pack_zip, unpack_zip
from sk_ser.persistence._schema import check_members, compact
from sk_ser.persistence._trusted import TRUSTED


def to_members(model, trusted):
    """Describe a model in arrays and JSON.

    Parameters
    ----------
    model : estimator
    trusted : list of str
        Full names of types in it that are nobody's here.

    Returns
    -------
    dict of str to bytes

    Raises
    ------
    ModelFileError
        If something in it cannot be described, or would not be loaded.
    """
    skops_io = import_skops()

    try:
        members = compact(unpack_zip(skops_io.dumps(model)))
        check_members(members)
        unknown = _untrusted(members, trusted)
    except (TypeError, ValueError, RecursionError) as error:
        raise ModelFileError(
            f"save: {type(model).__name__} holds what skops cannot keep ({error}). Leave it out, "
            'or save with format="joblib".'
        ) from error
    if unknown:
        raise ModelFileError(
            f"save: the model holds {', '.join(unknown)}, which load does not trust. If you know "
            f"what that does, pass trusted={unknown} to save and to load; of a search, save "
            "best_estimator_."
        )
    return members


def from_members(members, trusted, path):
    """Make a model of what may come from anyone.

    Parameters
    ----------
    members : dict of str to bytes
    trusted : list of str
        Full names of types to make beside our own.
    path : str or Path
        To name the file by.

    Returns
    -------
    estimator

    Raises
    ------
    ModelFileError
        If it is no model, or asks for other types: before any is imported.
    ImportError
        If a trusted type needs what is not installed.
    """
    skops_io = import_skops()

    try:
        check_members(members)
        unknown = _untrusted(members, trusted)
    except (Exception, RecursionError) as error:
        raise ModelFileError(
            f"{path}: the file is damaged, or was tampered with: {error}. Nothing was loaded."
        ) from error
    if unknown:
        raise ModelFileError(
            f"{path}: it asks for {', '.join(unknown)}, which is not trusted; nothing was loaded. "
            f"If you know what that does, and who made the file, pass trusted={unknown}."
        )
    try:
        with warnings.catch_warnings():
            # versions are compared by the header
            warnings.simplefilter("ignore", InconsistentVersionWarning)
            return skops_io.loads(pack_zip(members), trusted=[*TRUSTED, *trusted])
    except ImportError:
        raise
    except (Exception, RecursionError) as error:
        raise ModelFileError(
            f"{path}: the model cannot be put together ({type(error).__name__}: {error}). Have it "
            "saved anew."
        ) from error


def names_of(trusted):
    """Name types, which are given by name or themselves."""
    if isinstance(trusted, (str, type)):
        trusted = [trusted]
    return [
        found if isinstance(found, str) else f"{found.__module__}.{found.__name__}"
        for found in trusted
    ]


def _untrusted(members, trusted):
    skops_io = import_skops()

    found = skops_io.get_untrusted_types(data=pack_zip(members))
    return sorted(set(found) - set(TRUSTED) - set(trusted))
