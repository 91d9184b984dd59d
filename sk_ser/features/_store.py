"""Cache of the results of clips, on disk and in memory."""

import os
import pickle
import sqlite3
import threading
import time
import warnings
import zlib
from collections import OrderedDict
from contextlib import AbstractContextManager, suppress
from functools import lru_cache

import joblib

from sk_ser._containers import is_path
from sk_ser._content import content_digest
from sk_ser._version import __version__
from sk_ser.features._code import describe

#: Largest number of bytes of results that a process keeps in memory.
_MEMORY_LIMIT = 128 * 2**20
#: The journal rolls back what a killed process left unfinished. Writes do not wait for the disk, so
#: a power cut may damage entries; their checksums detect this, and they are computed again.
_OPEN = """
PRAGMA journal_mode = PERSIST;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS results
    (place BLOB PRIMARY KEY, checksum INTEGER, content BLOB) WITHOUT ROWID;
"""
_SELECT = "SELECT checksum, content FROM results WHERE place = ?"
#: Number of results per write; at most as many are lost if the process is killed.
_BATCH = 32
#: Seconds to wait while another process writes.
_LOCK_TIMEOUT = 60
#: Seconds without access to a file that could not be locked, so that not every clip waits for it:
#: the lock of a dead machine on a network drive may never end.
_RETRY_AFTER = 600
#: Errors of a file. Python may fail to decode the error message of a damaged one.
_FAILURES = sqlite3.DatabaseError, OSError, UnicodeError
#: SQLite's codes for a file that is not a database, or has no such table.
_DAMAGE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_NOTADB,
}
#: SQLite's codes for a file that cannot be locked.
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}


class ResultStore(AbstractContextManager):
    """Cache of the results of stateless steps, one per clip.

    It is an SQLite database on disk, shared by all processes, with the most recently used
    results of this process in memory: a grid search asks for every clip in every fold. The key
    of an entry holds the steps' classes and parameters, the package's version, and the file's
    path, size and time of change, or the waveform's content. Functions, and classes from
    outside of this package, are in the key by their code. If that cannot be hashed, nothing is
    cached. Each entry has a checksum of its key and content; a damaged entry is computed
    again. If the file cannot be written, nothing is cached.

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

    _recent = OrderedDict()
    _recent_bytes = 0
    _recent_lock = threading.Lock()
    #: Time at which each file could not be locked.
    _locked_at = {}

    def __init__(self, memory, steps):
        self.steps = steps
        if hasattr(memory, "store_backend"):
            memory = memory.store_backend and memory.store_backend.location
        self.fingerprint = self._hash_steps(steps) if memory else None
        #: None if nothing is cached.
        self.file = None
        if self.fingerprint:
            self.file = os.path.join(os.path.abspath(memory), "sk_ser", "results.sqlite")
        self._connection, self._unwritten = None, []

    @staticmethod
    def _hash_steps(steps):
        """Hash classes, parameters and functions of the steps; None if that is impossible."""
        try:
            return _fingerprint(pickle.dumps((__version__, describe(steps)), protocol=5))
        except Exception as error:
            # pickle raises nearly any type; without a key, a stale result might be returned
            message = f"memory: results are not cached, since the steps have no hash ({error})."
            warnings.warn(message, stacklevel=6)
            return None

    def key(self, item):
        """Make the key of an item; None for a file that cannot be found, or without a cache."""
        if self.file is None:
            return None
        if is_path(item):
            try:
                status = os.stat(item)
            except OSError:
                return None
            # abspath is as slow as stat
            path = item if os.path.isabs(item) else os.path.abspath(item)
            return os.fspath(path), status.st_size, status.st_mtime_ns
        if type(item).__name__ == "Clip":
            return content_digest(item).hex(), item.sampling_rate, len(item)
        return (joblib.hash(item),)

    def recall(self, key):
        """Return the cached result of a key, read-only, or None."""
        if key is None:
            return None
        place = (self.file, self.fingerprint, key)
        with self._recent_lock:
            result = self._recent.get(place)
            if result is not None:
                self._recent.move_to_end(place)
                return result
        result = self._read(key)
        if result is not None:
            self.remember(key, result)
        return result

    def remember(self, key, result):
        """Keep a result in memory, and drop the least recently used ones."""
        cls, place = type(self), (self.file, self.fingerprint, key)
        if key is None or result.nbytes > _MEMORY_LIMIT:
            return
        with cls._recent_lock:
            if place in cls._recent:
                return
            cls._recent[place] = result.copy()
            cls._recent_bytes += result.nbytes
            while cls._recent_bytes > _MEMORY_LIMIT:
                _, oldest = cls._recent.popitem(last=False)
                cls._recent_bytes -= oldest.nbytes

    def write(self, key, result):
        """Queue a result for the disk."""
        if key is not None:
            self._unwritten.append((key, result))
            if len(self._unwritten) == _BATCH:
                self.flush()

    def _place(self, key):
        return content_digest(label=repr((self.fingerprint, key)))

    def _read(self, key):
        """Read a result; None if it is missing or damaged."""
        if self._is_locked() or not os.path.exists(self.file):
            return None
        place = self._place(key)
        try:
            found = self._database.execute(_SELECT, [place]).fetchone()
        except _FAILURES as error:
            self._give_up(error)
            return None
        checksum, content = found or (None, None)
        # damage may change the type as well
        if not isinstance(content, bytes) or checksum != _checksum(place, content):
            return None
        return pickle.loads(content)  # noqa: S301 - from the cache in the folder of the user

    def flush(self):
        """Write all queued results at once, since a write costs the same for any number."""
        rows, self._unwritten = [self._row(*one) for one in self._unwritten], []
        if not rows or self._is_locked():
            return
        try:
            with self._database as transaction:
                transaction.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)
        except _FAILURES as error:
            self._give_up(error)

    def _row(self, key, result):
        place, content = self._place(key), pickle.dumps(result, protocol=5)
        return place, _checksum(place, content), content

    @property
    def _database(self):
        if self._connection is None:
            os.makedirs(os.path.dirname(self.file), exist_ok=True)
            self._connection = sqlite3.connect(self.file, timeout=_LOCK_TIMEOUT)
            self._connection.executescript(_OPEN)
        return self._connection

    def _give_up(self, error):
        """Remove the file if it is no longer a database; otherwise warn that nothing is cached."""
        self._disconnect()
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if (code in _DAMAGE or isinstance(error, UnicodeError)) and self._remove():
            return
        if code in _LOCKED:
            self._locked_at[self.file] = time.monotonic()
        # such as a full disk, missing permission, or a lock that never ends
        message = f"memory: {self.file}: results cannot be cached ({error})."
        warnings.warn(message, stacklevel=2)

    def _remove(self):
        """Remove the file; return whether that was possible."""
        try:
            for suffix in ("", "-journal"):
                with suppress(FileNotFoundError):
                    os.remove(self.file + suffix)
        except OSError:
            return False
        return True

    def _is_locked(self):
        return time.monotonic() - self._locked_at.get(self.file, -_RETRY_AFTER) < _RETRY_AFTER

    def close(self):
        """Write queued results and close the connection, which reopens when needed."""
        self.flush()
        self._disconnect()

    def _disconnect(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def __getstate__(self):
        # so a copy, or a pickled one, has a connection of its own
        return self.__dict__ | {"_connection": None, "_unwritten": []}

    def __exit__(self, *exception):
        self.close()


def _checksum(place, content):
    return zlib.crc32(content, zlib.crc32(place))


# a search asks once per fold for the same few; pickles of equal values may differ, hashes do not
@lru_cache(maxsize=1024)
def _fingerprint(described):
    return joblib.hash(pickle.loads(described))  # noqa: S301 - pickled by this process
