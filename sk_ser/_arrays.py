"""Arrays with attributes: clips and sequences.

A :class:`Clip` has a sampling rate; a :class:`FrameSequence` has a frame rate, names of its
columns and the level of each frame. So no later step needs them as parameters.
"""

import base64
import io

import numpy as np
import pandas as pd

#: Sampling rate in Hz of an array without one.
DEFAULT_SAMPLING_RATE = 16_000
#: Longest clip in seconds that a notebook plays, since it stores the sound in its file.
_PLAYS_SECONDS = 600
#: Least and largest sampling rate in Hz that browsers play.
_PLAYS_RATES = 3_000, 768_000
#: Functions of NumPy whose result is a waveform, though they return a plain array.
_JOINS = {"append", "concatenate", "hstack", "insert", "pad", "stack", "vstack"}
#: Amplitude, full scale at 1, from which samples are thought to have another scale.
BEYOND_SCALE = 200


def to_amplitudes(samples):
    """Turn samples into amplitudes in single precision, full scale at 1.

    Parameters
    ----------
    samples : array-like
        Integers of 8, 16 and 32 bits are scaled by their type, and unsigned ones are centred, as
        in files. Other numbers are taken as they are.

    Returns
    -------
    ndarray of float32
    """
    samples = np.asanyarray(samples)
    if samples.dtype.kind not in "iu" or samples.dtype.itemsize > 4:
        return samples.astype(np.float32, copy=False)
    half = 2.0 ** (8 * samples.dtype.itemsize - 1)
    centre = half if samples.dtype.kind == "u" else 0.0
    return ((samples.astype(np.float64) - centre) / half).astype(np.float32)


def scale_problem(peak):
    """Describe samples that are far beyond full scale."""
    return (
        f"its largest amplitude is {peak:.4g} times full scale. If its samples are 16-bit numbers, "
        "divide them by 32768."
    )


class _TaggedArray(np.ndarray):
    """Array whose attributes are kept by slicing, arithmetic, copying and pickling."""

    _tags = {}

    def __array_finalize__(self, parent):
        for tag, default in self._tags.items():
            setattr(self, tag, getattr(parent, tag, default))

    def __array_wrap__(self, array, context=None, return_scalar=False):
        if np.ndim(array) == 0:
            return np.asarray(array)[()]
        return super().__array_wrap__(array, context, return_scalar)

    def __reduce__(self):
        rebuild, args, state = super().__reduce__()
        return rebuild, args, (state, self.__dict__)

    def __setstate__(self, state):
        array_state, tags = state
        super().__setstate__(array_state)
        self.__dict__.update(tags)

    def tag_like(self, other):
        """Copy the attributes of another array."""
        self.__dict__.update(other.__dict__)
        return self


class Clip(_TaggedArray):
    """Mono waveform, or waveforms of equal length as rows, with a sampling rate.

    It is a :class:`numpy.ndarray` with one more attribute, which NumPy's functions keep.
    ``np.asarray(clip)`` and ``np.array(clip)`` are plain arrays without a rate. A notebook shows
    a waveform of up to ten minutes as a player, and stores the sound in its file.

    Parameters
    ----------
    samples : array-like of shape (n_samples,) or (n_clips, n_samples)
        Amplitudes, by convention within [-1, 1]. Stored as float32. Integers of 8, 16 or 32
        bits are scaled by their type.
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
    >>> clip[:4_000].sampling_rate, clip[::2].sampling_rate
    (8000, 4000)
    >>> np.concatenate([clip, clip]).sampling_rate
    8000
    """

    _tags = {"sampling_rate": DEFAULT_SAMPLING_RATE}

    def __new__(cls, samples, sampling_rate: int = DEFAULT_SAMPLING_RATE) -> "Clip":
        if not sampling_rate > 0 or sampling_rate % 1:
            raise ValueError(
                f"sampling_rate={sampling_rate}: it must be a whole number > 0, in Hz."
            )
        clip = np.asarray(to_amplitudes(samples)).view(cls)
        clip.sampling_rate = int(sampling_rate)
        return clip

    def __array_function__(self, function, types, args, kwargs):
        """Keep the rate where clips are joined or padded, and refuse to join two rates."""
        result = super().__array_function__(function, types, args, kwargs)
        if function.__name__ not in _JOINS or result.dtype.kind != "f":
            return result
        rates = {clip.sampling_rate for clip in _clips_in((args, list(kwargs.values())))}
        if len(rates) > 1:
            raise ValueError(
                f"{function.__name__}: clips have the sampling rates {sorted(rates)} in Hz. "
                "Resample them to one, such as with AudioLoader(16_000)."
            )
        return Clip(result, *rates)

    def __getitem__(self, key):
        part = super().__getitem__(key)
        if isinstance(part, Clip) and (step := _step_of(key, self.ndim)) > 1:
            if self.sampling_rate % step:
                raise ValueError(
                    f"each {step}th sample of a clip at {self.sampling_rate} Hz has no whole "
                    "sampling rate. Use np.asarray(clip) for plain numbers, or AudioLoader to "
                    "resample."
                )
            part.sampling_rate = self.sampling_rate // step
        return part

    @property
    def duration(self) -> float:
        """Length of one clip in seconds."""
        return self.shape[-1] / self.sampling_rate

    def _repr_html_(self):
        """Return a player for a notebook; None, which shows the numbers, if it cannot be played."""
        if not self._is_playable():
            return None
        sound = base64.b64encode(_encode(self)).decode("ascii")
        return (
            f'<audio controls src="data:audio/wav;base64,{sound}"></audio>'
            f"<div>{self.duration:.3g} s at {self.sampling_rate} Hz</div>"
        )

    def _is_playable(self):
        # comparing or sorting a clip gives a clip of another data type
        is_waveform = self.ndim == 1 and self.size > 0 and self.dtype.kind == "f"
        slowest, fastest = _PLAYS_RATES
        plays = is_waveform and slowest <= self.sampling_rate <= fastest
        return plays and self.duration <= _PLAYS_SECONDS and bool(np.isfinite(self).all())

    def stacks_with(self, other: "Clip") -> bool:
        """Check whether two clips can be rows of one array."""
        return self.shape == other.shape and self.sampling_rate == other.sampling_rate

    @staticmethod
    def stack(clips: list) -> "Clip":
        """Stack clips of equal length into one array with their rate."""
        return Clip(np.stack([np.asarray(clip) for clip in clips]), clips[0].sampling_rate)

    @staticmethod
    def to_table(clips: list, index: object = None) -> pd.DataFrame:
        """Put clips into a table with one column, ``clip``."""
        return pd.Series(list(clips), index=index, dtype=object, name="clip").to_frame()


def _clips_in(value):
    """Yield the clips among the arguments of a function of NumPy."""
    if isinstance(value, Clip):
        yield value
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _clips_in(inner)


def _step_of(key, n_axes):
    """Return the step along the axis of time, the last one."""
    if isinstance(key, tuple):
        key = key[-1] if len(key) == n_axes else None
    elif n_axes > 1:
        return 1
    return abs(key.step or 1) if isinstance(key, slice) else 1


def _encode(clip):
    """Encode a clip as 16-bit WAV, scaled down if its peak exceeds full scale."""
    import soundfile

    samples = np.asarray(clip, dtype=np.float64)
    samples = samples / max(1.0, np.abs(samples).max())
    # full scale is 32768 for a decoder, but the largest 16-bit number is 32767
    numbers = np.clip(np.round(samples * 32_768), -32_768, 32_767).astype(np.int16)
    file = io.BytesIO()
    soundfile.write(file, numbers, clip.sampling_rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


class FrameSequence(_TaggedArray):
    """Descriptors of one clip, with one row per frame and one named column per descriptor.

    Parameters
    ----------
    values : array-like of shape (n_frames, n_descriptors) or (n_clips, n_frames, n_descriptors)
        Stored as float32.
    names : sequence of str, default=None
        Name of each descriptor, such as ``mfcc_3``.
    frame_rate : float, default=None
        Frames per second, in Hz.
    level : array-like of shape (n_frames,) or (n_clips, n_frames), default=None
        Level of each frame in dB, relative to the loudest frame of its clip.

    Attributes
    ----------
    names : tuple of str or None
        Name of each descriptor, if they have names.
    frame_rate : float or None
        Frames per second, in Hz.
    level : ndarray or None
        Level of each frame in dB, relative to the loudest frame of its clip.

    Examples
    --------
    >>> from sk_ser.features import FrameSequence
    >>> sequence = FrameSequence([[1.0], [2.0], [4.0]], names=["rms"], frame_rate=100.0)
    >>> sequence[1:].names
    ('rms',)
    """

    _tags = {"names": None, "frame_rate": None, "level": None}

    def __new__(cls, values, names=None, frame_rate: float | None = None, level=None):
        sequence = np.asarray(values, dtype=np.float32).view(cls)
        sequence.names = None if names is None else tuple(names)
        sequence.frame_rate = frame_rate
        sequence.level = None if level is None else np.asarray(level, dtype=np.float32)
        return sequence

    def __getitem__(self, key):
        part = super().__getitem__(key)
        if isinstance(part, FrameSequence):
            part._tag_part(self, key)
        return part

    def _tag_part(self, whole, key):
        """Slice the levels as the frames; drop attributes that cannot be sliced."""
        if isinstance(key, tuple) and len(key) == 2 and key[1] is Ellipsis:
            key = key[0]
        cuts_first_axis = isinstance(key, slice) or (
            not isinstance(key, tuple) and np.ndim(key) <= 1 and key is not None
        )
        if not cuts_first_axis or whole.ndim < 2:
            self.names = self.level = None
        elif whole.level is not None:
            fits = whole.level.shape == whole.shape[:-1]
            self.level = whole.level[key] if fits else None

    def stacks_with(self, other: "FrameSequence") -> bool:
        """Check whether two sequences can be stacked into one array."""
        return self.shape == other.shape and self.names == other.names

    @staticmethod
    def stack(sequences: list) -> "FrameSequence":
        """Stack sequences of equal length into one 3-D array with their names and levels."""
        first = sequences[0]
        levels = None if first.level is None else np.stack([one.level for one in sequences])
        block = np.stack([np.asarray(one) for one in sequences])
        return FrameSequence(block, first.names, first.frame_rate, levels)

    @staticmethod
    def to_table(sequences: list, index: object = None) -> pd.DataFrame:
        """Make one table of sequences: one row per frame, indexed by clip, time and level.

        A clip without frames has one row of NaN, so that it is not lost. If `index` is not
        unique, clips are identified by position.
        """
        labels = index if index is not None and index.is_unique else range(len(sequences))
        return pd.concat(
            [one._frames_of(label) for label, one in zip(labels, sequences, strict=True)]
        )

    def _frames_of(self, label):
        if len(self) == 0:
            row = np.full((1, self.shape[1]), np.nan)
            return FrameSequence(row, self.names, np.nan, [np.nan])._frames_of(label)
        frames = np.arange(len(self))
        level = np.zeros(len(self)) if self.level is None else self.level
        index = pd.MultiIndex.from_arrays(
            [[label] * len(self), frames / (self.frame_rate or 1.0), level],
            names=["clip", "time", "level"],
        )
        return pd.DataFrame(np.asarray(self), index=index, columns=self.names)

    @staticmethod
    def from_table(table: pd.DataFrame) -> "list[FrameSequence]":
        """Split a table of :meth:`to_table` into its sequences."""
        clips = table.groupby(level="clip", sort=False)
        return [_sequence_of(frames, table.columns) for _, frames in clips]


def _sequence_of(frames, names):
    frames = frames[frames.index.get_level_values("time").notna()]
    times, level = (frames.index.get_level_values(name) for name in ("time", "level"))
    rate = 1.0 / (times[1] - times[0]) if len(times) > 1 else None
    return FrameSequence(frames, names, rate, level)
