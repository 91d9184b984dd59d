"""Names, findings and warnings as users read them."""

import sys
import warnings

from sk_ser.datasets._files import is_audio, suffix_of
from sk_ser.exceptions import CorpusWarning


def warn_user(message):
    """Warn at the line that called into this room."""
    level, frame = 1, sys._getframe()
    package = __name__.rpartition(".")[0]
    while frame.f_back and frame.f_globals.get("__name__", "").startswith(package):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, CorpusWarning, stacklevel=level)


def name_some(names, at_most=3):
    """List the first few names, and count the others."""
    names = [str(name) for name in names]
    listed = ", ".join(repr(name) for name in names[:at_most])
    more = len(names) - at_most
    return f"{listed} and {more} more" if more > 0 else listed


def describe_found(files):
    """Describe in a few words what a folder holds, for an error that found nothing to read."""
    kinds = {"audio": [], "zip": [], "other": []}
    for file in files:
        kind = "audio" if is_audio(file) else suffix_of(file).removeprefix(".")
        kinds[kind if kind in kinds else "other"].append(file)
    found = [f"{len(names)} {kind} ({name_some(names)})" for kind, names in kinds.items() if names]
    hint = "; pass a zip itself, not its folder" if kinds["zip"] else ""
    return f"found: {'; '.join(found)}{hint}" if found else "it holds no files at all"
