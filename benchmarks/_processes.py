"""The memory of a process and its descendants (Linux)."""

import threading
import time
from pathlib import Path

_MIB = 1024


def tree(pid):
    """List the ids of a process and its descendants."""
    children = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # the name in brackets may contain blanks
            number, rest = status.read_text().split(" (", 1)
        except OSError:
            continue
        children.setdefault(int(rest.rpartition(")")[2].split()[1]), []).append(int(number))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def memory(pid):
    """Return the resident memory, its peak, and the proportional set size of a process in MiB.

    Returns
    -------
    dict
        ``rss``, ``peak_rss`` and ``pss``; zeros if the process has ended.
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
    """Measure the memory of a process and its descendants in a context.

    Attributes
    ----------
    peak_of_one : float
        Peak of the largest process in MiB. The kernel records it, so short-lived peaks
        are included.
    peak_of_all : float
        Largest sample of the sum over all processes in MiB. Shared memory counts once.
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
        """Take one sample."""
        found = [memory(pid) for pid in tree(self.pid)]
        self.peak_of_one = max([self.peak_of_one, *(one["peak_rss"] for one in found)])
        self.peak_of_all = max(self.peak_of_all, sum(one["pss"] for one in found))

    def _watch(self):
        while not self._stop.is_set():
            self.sample()
            self._stop.wait(self.every)


def wait_for(condition, seconds, what):
    """Wait until a condition holds. Exit the program after a number of seconds."""
    for _ in range(round(seconds / 0.05)):
        if found := condition():
            return found
        time.sleep(0.05)
    raise SystemExit(f"{what}: not ready after {seconds} s.")
