"""The service's temporary folder, and those that killed services have left."""

import os
import re
import shutil
import tempfile
from pathlib import Path

_NAME = re.compile(r"sk-ser-(\d+)-")


def make_folder():
    """Make a temporary folder, after deleting those of services that are no longer running.

    A killed service cannot delete the recordings in its folder. The name of a folder has the number
    of its process.

    Returns
    -------
    Path
    """
    for left in Path(tempfile.gettempdir()).glob("sk-ser-*-*"):
        if _is_left_over(left):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"sk-ser-{os.getpid()}-"))


def _is_left_over(folder):
    """Check for a folder of this user whose process has ended."""
    match = _NAME.match(folder.name)
    if match is None or folder.is_symlink() or not folder.is_dir():
        return False
    if hasattr(os, "geteuid") and folder.stat().st_uid != os.geteuid():
        return False
    return not _is_running(int(match[1]))


def _is_running(pid):
    if not hasattr(os, "geteuid"):
        # on Windows, os.kill would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
