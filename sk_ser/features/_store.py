"""What has been computed for a clip already, on disk and for this process in memory."""

import copy
import hashlib
import os
import pickle
import sqlite3
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


class ResultStore:
    """Results of some stateless steps, a clip each.

    An SQLite database on disk, shared by all processes, with the most recently used
    results of this process in front of it: a grid search asks for every clip in every
    fold. An entry is told by the steps' classes and parameters, by the package's
    version, and by the file's path, size and time of change or the waveform's content.
    One that is damaged is computed anew; where nothing can be written, nothing is kept.

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
        if self.file is None or place in cls._recent or result.nbytes > _MEMORY_LIMIT:
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
        if not os.path.exists(self.file):
            return None
        query = "SELECT checksum, content FROM results WHERE place = ?"
        try:
            found = self._database.execute(query, [self._place(key)]).fetchone()
        except sqlite3.DatabaseError as error:
            self._give_up(error)
            return None
        if found is None or zlib.crc32(found[1]) != found[0]:
            return None
        return pickle.loads(found[1])

    def flush(self):
        """Write what was computed since the last time: in one go, as each write costs the same."""
        rows, self._unwritten = [self._row(*one) for one in self._unwritten], []
        if not rows:
            return
        try:
            with self._database as transaction:
                transaction.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)
        except (sqlite3.DatabaseError, OSError) as error:
            self._give_up(error)

    def _row(self, key, result):
        content = pickle.dumps(result, protocol=5)
        return self._place(key), zlib.crc32(content), content

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
        if isinstance(error, (sqlite3.OperationalError, OSError)):
            # a full disk, no right to write, another process that never ends
            message = f"memory: {self.file}: results cannot be kept ({error})."
            warnings.warn(message, stacklevel=2)
            return
        for suffix in ("", "-journal"):
            with suppress(FileNotFoundError):
                os.remove(self.file + suffix)

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
