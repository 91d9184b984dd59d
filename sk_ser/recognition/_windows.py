"""Windows of a recording or a stream that comes in chunks."""

from numbers import Real

import numpy as np


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
            is_number = isinstance(value, Real) and not isinstance(value, bool)
            if not is_number or not 1 / sampling_rate <= value < np.inf:
                raise ValueError(f"{caller}: {name}={value!r} must be one sample or longer, in s.")
        self.size = round(window * sampling_rate)
        self._step = hop * sampling_rate
        self._last = _LastSamples(self.size)
        self._n_windows = 0

    @property
    def n_seen(self):
        """Number of samples so far."""
        return self._last.n_seen

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
            self._last.append(samples[:n_missing])
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

    def _window(self, length):
        return self.n_seen - length, self._last.samples(length)


class _LastSamples:
    """The last samples of a stream, in up to twice their room, so that few are moved."""

    def __init__(self, n_samples):
        self.n_samples, self.n_seen = n_samples, 0
        self._room, self._end = np.empty(0, np.float32), 0

    def append(self, samples):
        self.n_seen += len(samples)
        samples = samples[-self.n_samples :]
        if self._end + len(samples) > len(self._room):
            kept = self.samples(self.n_samples - len(samples))
            self._room = np.empty(2 * (len(kept) + len(samples)), np.float32)
            self._room[: len(kept)], self._end = kept, len(kept)
        self._room[self._end : self._end + len(samples)] = samples
        self._end += len(samples)

    def samples(self, length):
        """Copy the last samples, fewer if fewer have come."""
        return self._room[max(0, self._end - length) : self._end].copy()
