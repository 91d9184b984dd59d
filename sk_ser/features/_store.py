"""Cache of the results of clips, on disk and in memory."""

import os
import pickle
import warnings
from contextlib import AbstractContextManager
from copy import copy
from functools import lru_cache

import joblib

from sk_ser._containers import is_path
from sk_ser._content import content_digest
from sk_ser._version import __version__
from sk_ser.features._cache_file import CacheFile
from sk_ser.features._code import describe
from sk_ser.features._recent import RecentResults

#: What this process keeps in memory: at most 128 MiB.
RECENT = RecentResults(128 * 2**20)
#: Number of results per write; at most as many are lost if the process is killed.
_BATCH = 32


class ResultStore(AbstractContextManager):
    """Cache of the results of stateless steps, one per clip.

    It is an SQLite database on disk, shared by all processes of a user, with the most recently
    used results of this process in memory: a grid search asks for every clip in every fold. The
    key of an entry holds the steps' classes and parameters, the package's version, and the
    file's path, size, inode and times of change, or the waveform's content. Functions, and
    classes from outside of this package, are in the key by their code. If that cannot be
    hashed, nothing is cached. Each entry has a checksum of its key and content; a damaged entry
    is computed again. If the file cannot be written, nothing is cached.

    Entries are arrays, and are read without pickle, so a cache cannot run code. Nothing is
    cached in a file or folder that belongs to another user, or that others may write to.

    A :class:`joblib.Memory`, with several files per result, takes about as long to store a
    result as to compute that of a short clip. If one is given, the database lies in its
    folder, and its ``clear()`` removes it.

    Parameters
    ----------
    memory : str, Path, joblib.Memory or None
        Folder of the cache. None: nothing is cached.
    steps : list of transformers
        The steps that compute the results.
    """

    def __init__(self, memory, steps):
        self.steps = steps
        self.fingerprint = None
        #: None if nothing is cached.
        self.disk = None
        self._unwritten = []
        if hasattr(memory, "store_backend"):
            memory = memory.store_backend and memory.store_backend.location
        if memory:
            self._open(os.path.join(os.path.abspath(memory), "sk_ser", "arrays.sqlite"))

    def _open(self, path):
        disk = CacheFile(path)
        try:
            described = pickle.dumps((__version__, describe(self.steps)), protocol=5)
            self.fingerprint, reason = _fingerprint(described), disk.why_refused()
        except Exception as error:
            # pickle raises nearly any type; without a key, a stale result might be returned
            reason = f"the steps have no hash ({error})"
        if reason is None:
            self.disk = disk
            return
        message = f"memory: results are not cached, since {reason}."
        if self.fingerprint:
            message += " Use a folder that only you can write to."
        warnings.warn(message, stacklevel=6)

    def key(self, item):
        """Make the key of an item; None for a file that cannot be found, or without a cache."""
        if self.disk is None:
            return None
        if is_path(item):
            try:
                status = os.stat(item)
            except OSError:
                return None
            # abspath is as slow as stat
            path = item if os.path.isabs(item) else os.path.abspath(item)
            # a copy may keep size and time of change, but has another inode or change of status
            times = status.st_mtime_ns, status.st_ctime_ns
            return os.fspath(path), status.st_size, status.st_dev, status.st_ino, *times
        if type(item).__name__ == "Clip":
            return content_digest(item).hex(), item.sampling_rate, len(item)
        return (joblib.hash(item),)

    def recall(self, key):
        """Return the cached result of a key, read-only, or None."""
        if key is None or self.disk is None:
            return None
        result = RECENT.get(self._recent_key(key))
        if result is None:
            result = self.disk.read(self.place(key))
            self.remember(key, result)
        return result

    def remember(self, key, result):
        """Keep a result in memory, and drop the least recently used ones."""
        if key is not None and result is not None and self.disk is not None:
            RECENT.put(self._recent_key(key), result)

    def write(self, key, result):
        """Queue a result for the disk."""
        if key is not None:
            self._unwritten.append((self.place(key), result))
            if len(self._unwritten) == _BATCH:
                self.flush()

    def place(self, key):
        """Hash a key, and the steps, for the database."""
        return content_digest(label=repr((self.fingerprint, key)))

    def _recent_key(self, key):
        return self.disk.path, self.fingerprint, key

    def flush(self):
        """Write all queued results at once."""
        rows, self._unwritten = self._unwritten, []
        if rows:
            self.disk.write(rows)

    def __getstate__(self):
        # so a copy, or a pickled one, has a connection of its own
        return self.__dict__ | {"disk": copy(self.disk), "_unwritten": []}

    def __exit__(self, *exception):
        self.flush()
        if self.disk is not None:
            self.disk.close()


# a search asks once per fold for the same few; pickles of equal values may differ, hashes do not
@lru_cache(maxsize=1024)
def _fingerprint(described):
    return joblib.hash(pickle.loads(described))  # noqa: S301 - pickled by this process
