"""What has been computed for a clip already, on disk and for this process in memory."""

import copy
import hashlib
import os
import pickle
import sqlite3
import threading
import time
import warnings
import zlib
from collections import OrderedDict
from contextlib import suppress
from functools import lru_cache

import joblib
import numpy as np

from sk_ser._clipwise import run_steps
from sk_ser._containers import is_path
from sk_ser._version import __version__

#: Bytes of results that a process keeps in memory, whatever the number of clips.
_MEMORY_LIMIT = 128 * 2**20
#: The journal undoes what a killed process left unfinished. Without waiting for the disk, a power
#: cut may do damage; it is told by an entry's checksum, which is then computed anew.
_OPEN = """
PRAGMA journal_mode = PERSIST;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS results
    (place BLOB PRIMARY KEY, checksum INTEGER, content BLOB) WITHOUT ROWID;
"""
#: Results that are written at a time; as many are lost with a process that is killed.
_BATCH = 32
#: Seconds to wait for another process that is writing.
_PATIENCE = 60
#: Seconds for which a process leaves a file alone that it could not lock, so as not to wait
#: for it once a clip: a lock of a dead machine on a network drive may never go away.
_REST = 600
#: What may happen to a file. Of a damaged one, Python may not even be able to decode the error.
_FAILURES = sqlite3.DatabaseError, OSError, UnicodeError
#: What SQLite says of a file that is no database, or one without this table.
_DAMAGE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_NOTADB,
}
#: What it says of a file that it cannot lock.
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}


class ResultStore:
    """Results of some stateless steps, a clip each.

    An SQLite database on disk, shared by all processes, with the most recently used
    results of this process in front of it: a grid search asks for every clip in every
    fold. An entry is told by the steps' classes and parameters, by the package's
    version, and by the file's path, size and time of change or the waveform's content.
    Each has a checksum of its place and content, so one that is damaged, or that damage has
    put elsewhere, is computed anew; where nothing can be written, nothing is kept.

    A :class:`joblib.Memory`, with several files a result, takes about as long to keep
    one as it takes to compute a short clip's. Where one is given, the database lies in
    its folder, and its ``clear()`` removes it.

    Parameters
    ----------
    memory : str, Path or joblib.Memory
        Where to keep results.
    steps : list of transformers
        What computes them.
    """

    _recent = OrderedDict()
    _recent_bytes = 0
    _recent_lock = threading.Lock()
    #: When files could not be locked, by their names.
    _locked_at = {}

    def __init__(self, memory, steps):
        self.steps = steps
        self.fingerprint = _fingerprint(pickle.dumps((__version__, _describe(steps)), protocol=5))
        if not isinstance(memory, (str, os.PathLike)):
            memory = memory.store_backend and memory.store_backend.location
        #: None where nothing is kept.
        self.file = memory and os.path.join(os.path.abspath(memory), "sk_ser", "results.sqlite")
        self._connection = None
        self._unwritten = []

    def key(self, item):
        """Tell an item from every other."""
        if is_path(item):
            try:
                status = os.stat(item)
            except OSError:
                return None
            # abspath takes as long as stat
            path = item if os.path.isabs(item) else os.path.abspath(item)
            return os.fspath(path), status.st_size, status.st_mtime_ns
        if type(item).__name__ == "Clip":
            content = hashlib.blake2b(np.ascontiguousarray(item), digest_size=16).hexdigest()
            return content, item.sampling_rate, len(item)
        return (joblib.hash(item),)

    def recall(self, key):
        """Return what has been computed for a key, not to be written on, or None."""
        if self.file is None:
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
        """Keep a result at hand for this process, at the expense of the oldest."""
        cls, place = type(self), (self.file, self.fingerprint, key)
        if self.file is None or result.nbytes > _MEMORY_LIMIT:
            return
        with cls._recent_lock:
            if place in cls._recent:
                return
            cls._recent[place] = result.copy()
            cls._recent_bytes += result.nbytes
            while cls._recent_bytes > _MEMORY_LIMIT:
                _, oldest = cls._recent.popitem(last=False)
                cls._recent_bytes -= oldest.nbytes

    def compute(self, key, item):
        """Take the item through the steps, and keep the result on disk."""
        result = run_steps(self.steps, item)
        if key is not None and self.file is not None:
            self._unwritten.append((key, result))
            if len(self._unwritten) == _BATCH:
                self.flush()
        return result

    def _place(self, key):
        content = repr((self.fingerprint, key)).encode()
        return hashlib.blake2b(content, digest_size=16).digest()

    def _read(self, key):
        """Read a result, or None where there is none or it is damaged."""
        if self._is_left_alone() or not os.path.exists(self.file):
            return None
        query, place = "SELECT checksum, content FROM results WHERE place = ?", self._place(key)
        try:
            found = self._database.execute(query, [place]).fetchone()
        except _FAILURES as error:
            self._give_up(error)
            return None
        # damage may have changed the type, too
        if found is None or not isinstance(found[1], bytes):
            return None
        checksum, content = found
        return pickle.loads(content) if checksum == _checksum(place, content) else None

    def flush(self):
        """Write what was computed since the last time: in one go, as each write costs the same."""
        rows, self._unwritten = [self._row(*one) for one in self._unwritten], []
        if not rows or self._is_left_alone():
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
            self._connection = sqlite3.connect(self.file, timeout=_PATIENCE)
            self._connection.executescript(_OPEN)
        return self._connection

    def _give_up(self, error):
        """Begin anew where the file is no database any more; else warn that nothing is kept."""
        self._disconnect()
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if (code in _DAMAGE or isinstance(error, UnicodeError)) and self._remove():
            return
        if code in _LOCKED:
            self._locked_at[self.file] = time.monotonic()
        # a full disk, no right to write, another process that never ends
        message = f"memory: {self.file}: results cannot be kept ({error})."
        warnings.warn(message, stacklevel=2)

    def _remove(self):
        """Remove the file, and tell whether that was possible."""
        try:
            for suffix in ("", "-journal"):
                with suppress(FileNotFoundError):
                    os.remove(self.file + suffix)
        except OSError:
            return False
        return True

    def _is_left_alone(self):
        return time.monotonic() - self._locked_at.get(self.file, -_REST) < _REST

    def close(self):
        """Write what is left, and close the connection, which opens again when it is needed."""
        self.flush()
        self._disconnect()

    def _disconnect(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def another(self):
        """Make a store of the same results for another thread or process."""
        twin = copy.copy(self)
        twin._connection, twin._unwritten = None, []
        return twin

    def __getstate__(self):
        return self.__dict__ | {"_connection": None, "_unwritten": []}

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def _checksum(place, content):
    return zlib.crc32(content, zlib.crc32(place))


def _describe(value):
    """Classes and parameters of estimators, without what they have learnt of X."""
    if hasattr(value, "get_params") and not isinstance(value, type):
        return type(value), _describe(value.get_params(deep=False))
    if isinstance(value, dict):
        return {name: _describe(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_describe(part) for part in value])
    return value


# a search asks once a fold for the same few; pickles of equal values may differ, hashes do not
@lru_cache(maxsize=1024)
def _fingerprint(described):
    return joblib.hash(pickle.loads(described))
