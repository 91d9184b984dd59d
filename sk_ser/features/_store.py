"""What has been computed for a clip already, on disk and for this process in memory."""

import hashlib
import os
from collections import OrderedDict

import joblib
import numpy as np
from sklearn.base import clone

from sk_ser._clipwise import run_steps
from sk_ser._containers import is_path
from sk_ser._version import __version__

#: Bytes of results that a process keeps in memory, whatever the number of clips.
_MEMORY_LIMIT = 128 * 2**20


class ResultStore:
    """Results of some stateless steps, a clip each.

    A :class:`joblib.Memory` on disk, shared by all processes, with the most recently
    used results of this process in front of it: a grid search asks for every clip in
    every fold. An entry is told by the steps' classes and parameters, by the package's
    version, and by the file's path, size and time of change or the waveform's content.

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
        if isinstance(memory, (str, os.PathLike)):
            # compression is for its checksum: a damaged entry is computed anew
            memory = joblib.Memory(memory, verbose=0, compress=1)
        self.steps = steps
        self.memory = memory
        self.fingerprint = joblib.hash([__version__, *(clone(step) for step in steps)])

    def key(self, item):
        """Tell an item from every other."""
        if is_path(item):
            try:
                status = os.stat(item)
            except OSError:
                return None
            return os.path.abspath(item), status.st_size, status.st_mtime_ns
        if type(item).__name__ == "Clip":
            content = hashlib.blake2b(np.ascontiguousarray(item), digest_size=16).hexdigest()
            return content, item.sampling_rate, len(item)
        return (joblib.hash(item),)

    def recall(self, key):
        """Return what this process has used lately for a key, or None."""
        place = (self.memory.location, self.fingerprint, key)
        if place not in self._recent:
            return None
        self._recent.move_to_end(place)
        return self._recent[place]

    def remember(self, key, result):
        """Keep a result at hand for this process, at the expense of the oldest."""
        cls = type(self)
        place = (self.memory.location, self.fingerprint, key)
        if place in cls._recent or result.nbytes > _MEMORY_LIMIT:
            return
        cls._recent[place] = result
        cls._recent_bytes += result.nbytes
        while cls._recent_bytes > _MEMORY_LIMIT:
            _, oldest = cls._recent.popitem(last=False)
            cls._recent_bytes -= oldest.nbytes

    def compute(self, key, item):
        """Take the item through the steps, unless the result is on disk."""
        if key is None or self.memory.location is None:
            return run_steps(self.steps, item)
        compute = self.memory.cache(_compute, ignore=["steps", "item"])
        return compute(self.fingerprint, key, self.steps, item)


def _compute(fingerprint, key, steps, item):
    return run_steps(steps, item)
