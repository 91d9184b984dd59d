"""A waveform that knows its sampling rate."""

import numpy as np

#: Sampling rate in Hz that a bare array is taken at.
DEFAULT_SAMPLING_RATE = 16_000


class Clip(np.ndarray):
    """Mono waveform, or equally long waveforms a row each, with its sampling rate.

    A :class:`numpy.ndarray` in every respect, with one attribute more, which
    survives slicing, arithmetic, copying and pickling. So the rate is said once,
    where the audio is decoded, and never again in a pipeline's later steps.

    Parameters
    ----------
    samples : array-like of shape (n_samples,) or (n_clips, n_samples)
        Amplitudes, by convention within [-1, 1]. Stored as float32.
    sampling_rate : int, default=16000
        Samples per second, in Hz.

    Attributes
    ----------
    sampling_rate : int
        Samples per second, in Hz.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import Clip
    >>> clip = Clip(np.zeros(8_000), sampling_rate=8_000)
    >>> clip.duration
    1.0
    >>> clip[:4_000].sampling_rate
    8000
    """

    def __new__(cls, samples, sampling_rate=DEFAULT_SAMPLING_RATE):
        if sampling_rate <= 0:
            raise ValueError(f"sampling_rate={sampling_rate}: it must be above 0 Hz.")
        clip = np.asarray(samples, dtype=np.float32).view(cls)
        clip.sampling_rate = int(sampling_rate)
        return clip

    def __array_finalize__(self, parent):
        self.sampling_rate = getattr(parent, "sampling_rate", DEFAULT_SAMPLING_RATE)

    def __reduce__(self):
        rebuild, args, state = super().__reduce__()
        return rebuild, args, (state, self.sampling_rate)

    def __setstate__(self, state):
        array_state, self.sampling_rate = state
        super().__setstate__(array_state)

    @property
    def duration(self):
        """Length of one clip in seconds."""
        return self.shape[-1] / self.sampling_rate
