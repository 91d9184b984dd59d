"""The analysis of one clip, computed at most once for each set of parameters.

Descriptors are small functions of a :class:`Frames`. They read power spectra, mel energies or
levels, which are computed at the first access. So a union of descriptors costs one short-time
Fourier transform.

Matrices have time along their first axis, (n_frames, n_bins); librosa's are (n_bins, n_frames).
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.fft import rfft
from scipy.signal import get_window

from sk_ser._arrays import Clip
from sk_ser._frame_sums import frame_power, frame_sums

#: Largest number of nonzero samples of a frame that counts as lone pulses, of flat spectrum.
_LONE_PULSES = 8
#: Number of frames that are transformed at a time.
_BLOCK = 32
#: Parts of a spectrum, and the least mean magnitude of a part relative to the largest magnitude.
_PARTS, _RESOLVED = 16, 1e-5


class Framing(NamedTuple):
    """Parameters of the frames of a clip, with librosa's names and meanings.

    Attributes
    ----------
    n_fft : int
        Length of the Fourier transform in samples.
    hop_length : int
        Samples between successive frames.
    win_length : int or None
        Length of the window in samples, centred in the frame. None is `n_fft`.
    window : str or tuple
        Name of the window, as :func:`scipy.signal.get_window` takes it.
    center : bool
        Whether frame t is centred at sample ``t * hop_length``, the clip being padded
        with zeros.
    """

    n_fft: int = 2048
    hop_length: int = 512
    win_length: int | None = None
    window: str = "hann"
    center: bool = True


def once(method):
    """Cache the result of a function of a Frames for each set of positional arguments."""

    @wraps(method)
    def kept(self, *args):
        return self.derive(method, *args)

    return kept


class Frames:
    """Lazily caching analysis of one clip.

    Parameters
    ----------
    clip : Clip of shape (n_samples,)
        With at least one sample.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import Clip
    >>> from sk_ser.features import Frames, Framing
    >>> frames = Frames(Clip(np.sin(2 * np.pi * 1_000 * np.arange(16_000) / 16_000)))
    >>> framing = Framing(n_fft=512, hop_length=160)
    >>> power = frames.power(framing)
    >>> power.shape
    (101, 257)
    >>> float(frames.frequencies(framing)[power[50].argmax()])
    1000.0
    """

    def __init__(self, clip: Clip):
        self.samples = np.asarray(clip)
        self.sampling_rate = clip.sampling_rate
        self._results = {}

    @once
    def power(self, framing: Framing) -> np.ndarray:
        """Compute the power spectrum |X(t, f)|² of each frame, (n_frames, 1 + n_fft // 2)."""
        pieces = self.cut(framing.n_fft, framing.hop_length, framing.center)
        window_args = framing.window, framing.win_length or framing.n_fft, framing.n_fft
        window = _window(*window_args, np.float32)
        power = np.empty((len(pieces), 1 + framing.n_fft // 2), dtype=np.float32)
        # blocks are small enough for the processor's cache
        for start in range(0, len(pieces), _BLOCK):
            spectrum = rfft(pieces[start : start + _BLOCK] * window, axis=1)
            np.abs(spectrum, out=power[start : start + _BLOCK])
        # single precision is enough for all others, and twice as fast
        delicate = np.union1d(self._lone_pulses(framing), _nearly_empty(power))
        precise = _window(*window_args, np.float64)
        for start in range(0, len(delicate), _BLOCK):
            rows = delicate[start : start + _BLOCK]
            power[rows] = np.abs(rfft(pieces[rows] * precise, axis=1).astype(np.complex64))
        return np.square(power, out=power)

    @once
    def magnitude(self, framing: Framing) -> np.ndarray:
        """Compute the magnitude spectrum |X(t, f)| of each frame, (n_frames, 1 + n_fft // 2)."""
        return np.sqrt(self.power(framing))

    @once
    def frequencies(self, framing: Framing) -> np.ndarray:
        """Compute the centre frequency of each bin in Hz, (1 + n_fft // 2,)."""
        return np.fft.rfftfreq(framing.n_fft, 1 / self.sampling_rate)

    @once
    def mean_square(self, frame_length: int, hop_length: int, center: bool) -> np.ndarray:
        """Compute the mean square of the samples of each frame, without window, (n_frames,)."""
        return frame_power(self.samples, frame_length, hop_length, center=center)

    @once
    def level(self, framing: Framing) -> np.ndarray:
        """Compute the level of each frame in dB relative to the loudest, (n_frames,), >= -120."""
        power = self.mean_square(framing.n_fft, framing.hop_length, framing.center)
        loudest = power.max()
        if loudest == 0:
            return np.zeros(len(power), np.float32)
        return (10 * np.log10(np.maximum(power / loudest, 1e-12))).astype(np.float32)

    def derive(self, compute: Callable, *args: object) -> object:
        """Compute ``compute(self, *args)``, at most once for each set of arguments."""
        key = (compute, *args)
        if key not in self._results:
            self._results[key] = compute(self, *args)
        return self._results[key]

    def _lone_pulses(self, framing):
        """Find the frames with a few nonzero samples only.

        The spectrum of a lone pulse in digital silence is flat up to rounding, which then
        determines its peaks; it is rounded as in librosa.
        """
        sounding = self.samples != 0
        # each frame contains at least half its length of the clip, or the whole clip
        n_silent = len(sounding) - np.count_nonzero(sounding)
        if n_silent < min(len(sounding), framing.n_fft // 2) - _LONE_PULSES:
            return np.empty(0, dtype=np.intp)
        count = frame_sums(sounding, framing.n_fft, framing.hop_length, center=framing.center)
        return np.flatnonzero((count > 0) & (count <= _LONE_PULSES))

    def cut(self, frame_length: int, hop_length: int, center: bool) -> np.ndarray:
        """Cut the clip into overlapping frames, (n_frames, frame_length), without copying."""
        padding = frame_length // 2 if center else 0
        short = max(0, frame_length - len(self.samples) - 2 * padding)
        samples = np.pad(self.samples, (padding, padding + short))
        return sliding_window_view(samples, frame_length)[::hop_length]


def _nearly_empty(magnitude):
    """Find the frames with a part of the spectrum that single precision cannot resolve.

    Its rounding errors are about 1e-7 of the largest magnitude. Clips that were resampled from a
    lower rate, or decoded from MP3, have nothing above a frequency.
    """
    starts = np.linspace(0, magnitude.shape[1], _PARTS, endpoint=False, dtype=np.intp)
    parts = np.add.reduceat(magnitude, np.unique(starts), axis=1).min(axis=1)
    return np.flatnonzero(parts * _PARTS < _RESOLVED * magnitude.max(axis=1) * magnitude.shape[1])


@lru_cache(maxsize=32)
def _window(name, win_length, n_fft, dtype):
    window = get_window(name, win_length, fftbins=True)
    left = (n_fft - win_length) // 2
    return np.pad(window, (left, n_fft - win_length - left)).astype(dtype)
