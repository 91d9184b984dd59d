"""The most recently used results of a process, in memory within a limit."""

import threading
from collections import OrderedDict


class RecentResults:
    """Arrays by key, of which the least recently used are dropped.

    Parameters
    ----------
    limit : int
        Largest number of bytes of all arrays.
    """

    def __init__(self, limit):
        self.limit = limit
        self.n_bytes = 0
        self._results = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key):
        """Return the array of a key, which must not be written to, or None."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)

    def put(self, key, result):
        """Keep a copy of an array, unless it exceeds the limit by itself."""
        with self._lock:
            if key in self._results or result.nbytes > self.limit:
                return
            self._results[key] = result.copy()
            self.n_bytes += result.nbytes
            while self.n_bytes > self.limit:
                self.n_bytes -= self._results.popitem(last=False)[1].nbytes

    def clear(self):
        """Drop all."""
        with self._lock:
            self._results.clear()
            self.n_bytes = 0
