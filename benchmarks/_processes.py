"""A process, all that it started, and the memory that they take (Linux)."""

import threading
import time
from pathlib import Path

_MIB = 1024


def tree(pid):
    """List a process and all below it, by their ids."""
    children = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # the name, in brackets, may hold blanks
            number, rest = status.read_text().split(" (", 1)
        except OSError:
            continue
        children.setdefault(int(rest.rpartition(")")[2].split()[1]), []).append(int(number))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def memory(pid):
    """Tell a process's resident memory and its share of what is shared, now and at most, in MiB.

    Returns
    -------
    dict
        ``rss``, ``peak_rss`` and ``pss``; zeros if it has ended.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return {"rss": 0.0, "peak_rss": 0.0, "pss": 0.0}
    read = {"rss": (status, "VmRSS:"), "peak_rss": (status, "VmHWM:"), "pss": (rollup, "Pss:")}
    return {
        name: int(text.split(key)[1].split()[0]) / _MIB if key in text else 0.0
        for name, (text, key) in read.items()
    }


class MemoryWatch:
    """Watches the memory of a process and all below it, until it is stopped.

    Attributes
    ----------
    peak_of_one : float
        MiB that the largest process ever held: what the kernel kept, so nothing is missed
        of a process that lives for a second.
    peak_of_all : float
        MiB that all held together, what they share counted once; the largest of samples.
    """

    def __init__(self, pid, every=0.5):
        self.pid, self.every = pid, every
        self.peak_of_one = self.peak_of_all = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def sample(self):
        """Look once."""
        found = [memory(pid) for pid in tree(self.pid)]
        self.peak_of_one = max([self.peak_of_one, *(one["peak_rss"] for one in found)])
        self.peak_of_all = max(self.peak_of_all, sum(one["pss"] for one in found))

    def _watch(self):
        while not self._stop.is_set():
            self.sample()
            self._stop.wait(self.every)


def wait_for(condition, seconds, what):
    """Wait until a condition holds; end the program if it does not in time."""
    for _ in range(round(seconds / 0.05)):
        if found := condition():
            return found
        time.sleep(0.05)
    raise SystemExit(f"{what}: waited {seconds} s in vain.")
