"""What a file asks for, looked through before anything of it is made."""

from sk_ser.exceptions import ModelFileError
from sk_ser.persistence._trusted import TRUSTED

SCHEMA = "schema.json"


def audit_members(members, path):
    """Raise ModelFileError unless members are such as skops writes for a model of ours."""
    if SCHEMA not in members:
        raise ModelFileError(f"{path}: it holds no {SCHEMA}, and so no model of skops.")


def untrusted_types(content, trusted, path="save"):
    """List what a skops file asks for that is not trusted; nothing of it is made."""
    import skops.io

    try:
        found = skops.io.get_untrusted_types(data=content)
    except (Exception, RecursionError) as error:
        raise ModelFileError(
            f"{path}: what it is made of cannot be read ({type(error).__name__}: {error})."
        ) from error
    return sorted(set(found) - set(TRUSTED) - set(trusted))


def names_of(trusted):
    """Name types that are given by name or themselves."""
    if isinstance(trusted, (str, type)):
        trusted = [trusted]
    return [
        found if isinstance(found, str) else f"{found.__module__}.{found.__name__}"
        for found in trusted
    ]
