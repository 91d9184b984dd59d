"""Windows of a recording or a stream that comes in chunks."""

from collections import deque
from numbers import Real

import numpy as np


def check_number(value, name, caller, least, wanted, *, whole=False):
    """Raise ValueError unless a value is a finite number of `least` or more.

    Parameters
    ----------
    value : object
    name, caller : str
        Of the parameter and the public function or class, for the error message.
    least : float
    wanted : str
        The valid values in words.
    whole : bool, default=False
        Whether it must be a whole number.
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not least <= value < np.inf or (whole and value % 1):
        raise ValueError(f"{caller}: {name}={value!r} must be {wanted}.")


class WindowCutter:
    """Cut chunks of any size into windows that overlap, or leave gaps.

    Window number k (from 0) ends at ``window + k * hop`` seconds, rounded to a sample by itself,
    so that rounding errors do not add up. What is left at the end is a window of its own if it
    is at least half as long as one, or if there is no other window.

    Parameters
    ----------
    window, hop : float
        Seconds of a window, and from one window to the next; at least one sample.
    sampling_rate : int
        In Hz.
    caller : str
        Name of the public function or class, for error messages.

    Raises
    ------
    ValueError
        If `window` or `hop` is out of range.
    """

    def __init__(self, window, hop, sampling_rate, caller):
        for name, value in {"window": window, "hop": hop}.items():
            check_number(value, name, caller, 1 / sampling_rate, "one sample or longer, in s")
        self.size = round(window * sampling_rate)
        self._step = hop * sampling_rate
        self._n_windows = self._n_kept = 0
        #: Number of samples so far.
        self.n_seen = 0
        self._kept = deque()

    def feed(self, samples):
        """Take the next samples and yield the windows that they complete.

        Parameters
        ----------
        samples : ndarray of shape (n_samples,)

        Yields
        ------
        start : int
            Number of samples before the window.
        window : ndarray of shape (n_window,), float32
        """
        while len(samples):
            n_missing = self._end_of(self._n_windows) - self.n_seen
            self._keep(samples[:n_missing])
            samples = samples[n_missing:]
            if self.n_seen == self._end_of(self._n_windows):
                self._n_windows += 1
                yield self._window(self.size)

    def rest(self):
        """Yield the window at the end, if what is left is long enough."""
        length = self.n_seen - (self._end_of(self._n_windows) - self.size)
        is_new = self.n_seen > self._end_of(self._n_windows - 1)
        if is_new and (self._n_windows == 0 or 2 * length >= self.size):
            yield self._window(length)

    def _end_of(self, number):
        return 0 if number < 0 else self.size + round(number * self._step)

    def _keep(self, samples):
        """Keep the chunks with the samples of the last window, and drop earlier ones."""
        self.n_seen += len(samples)
        # a copy, because the caller may write to its array
        self._kept.append(samples[-self.size :].copy())
        self._n_kept += len(self._kept[-1])
        while self._n_kept - len(self._kept[0]) >= self.size:
            self._n_kept -= len(self._kept.popleft())

    def _window(self, length):
        return self.n_seen - length, np.concatenate(self._kept)[-length:]
