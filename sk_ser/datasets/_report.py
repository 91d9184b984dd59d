"""What users are told: names, findings, and warnings that point at their own line."""

import sys
import warnings

from sk_ser.datasets._files import is_audio, suffix_of
from sk_ser.exceptions import CorpusWarning


def warn_user(message):
    """Warn at the line that called into this package, however deep the cause lies."""
    level, frame = 1, sys._getframe()
    package = __name__.rpartition(".")[0]
    while frame.f_back and frame.f_globals.get("__name__", "").startswith(package):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, CorpusWarning, stacklevel=level)


def name_some(names, at_most=3):
    """Write out the first few names, and say how many more there are."""
    names = [str(name) for name in names]
    listed = ", ".join(repr(name) for name in names[:at_most])
    more = len(names) - at_most
    return f"{listed} and {more} more" if more > 0 else listed


def describe_found(files):
    """Say in a few words what a folder holds, for an error that found nothing to read."""
    if not files:
        return "It holds no files at all."
    kinds = {
        "audio": [file for file in files if is_audio(file)],
        "zip": [file for file in files if suffix_of(file) == ".zip"],
    }
    other = set(files).difference(*kinds.values())
    kinds["other"] = [file for file in files if file in other]
    found = [f"{len(names)} {kind} ({name_some(names)})" for kind, names in kinds.items() if names]
    hint = " Pass a zip itself, not its folder." if kinds["zip"] else ""
    return f"Found: {'; '.join(found)}.{hint}"
