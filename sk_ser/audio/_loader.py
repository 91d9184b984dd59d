"""Load recordings: decode, mix, resample, trim, scale, cut."""

import warnings
from dataclasses import KW_ONLY, dataclass
from numbers import Integral, Real
from pathlib import Path
from typing import Self

import numpy as np
import soxr
from numpy.typing import ArrayLike
from sklearn.utils import indexable

from sk_ser._arrays import DEFAULT_SAMPLING_RATE, Clip
from sk_ser._bounds import LARGEST_LEVEL, MOST_SAMPLES, is_rate, rates_text
from sk_ser._clipwise import ClipwiseTransformer, run_clip, settle_problems
from sk_ser._containers import check_items, is_path, take_rows
from sk_ser.audio._decode import decode, rate_of
from sk_ser.audio._trim import trim
from sk_ser.exceptions import AudioError, AudioWarning

_ON_ERROR = ("raise", "warn", "skip")


@dataclass(eq=False, repr=False)
class AudioLoader(ClipwiseTransformer):
    """Load recordings as clips.

    The order is: decode, mix down to mono, remove the mean, resample, trim silence at both ends,
    scale to a level, cut or pad to a duration. Waveforms (clips, or bare arrays, taken at 16 kHz)
    enter at the removal of the mean, so the same pipeline predicts from files and from arrays.

    Parameters
    ----------
    sampling_rate : int or None, default=16000
        Rate in Hz that every clip is resampled to (soxr, high quality). None keeps
        the rate of each file.
    mono : "mix" or int, default="mix"
        How to reduce several channels to one: "mix" averages them, a number selects a
        channel (from 0).
    remove_dc : bool, default=True
        Whether the mean of each clip is subtracted. Such an offset, of the recording device,
        would count as level and as energy at the lowest frequencies, and hide zero crossings.
    trim : float or None, default=None
        Remove leading and trailing frames that are more than this many dB below the
        clip's loudest frame; 30 suits studio speech. None removes nothing.
    level : "peak", float or None, default=None
        Scale each clip so that its largest amplitude is 1 ("peak") or its RMS has
        this level in dB relative to full scale (such as -23.0). None keeps levels. Silent
        clips stay silent.
    offset : float, default=0.0
        Seconds to remove from the beginning, after trimming. A clip with no samples left
        cannot be read.
    duration : float or None, default=None
        Seconds that every clip is cut to at its end, or padded to with zeros. None
        keeps durations.
    on_error : {"raise", "warn", "skip"}, default="raise"
        What to do about a file that cannot be read. "raise" tries every other file
        first and then names all that failed in one :class:`AudioError`. "warn" and
        "skip" put an empty clip in its place, so that the rows stay aligned with y.
        :class:`~sk_ser.features.Functionals` turns it into a row of NaN, which
        :func:`~sk_ser.classifiers.make_svm` imputes from the training clips and XGBoost
        accepts. "warn" names the files in an :class:`AudioWarning`. To remove such files
        from X, y and groups, call :func:`drop_unreadable` first.

    Attributes
    ----------
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.
    sampling_rates_ : tuple of int
        Rates in Hz of the clips that `fit` saw, if `sampling_rate` is None. A clip of another
        rate causes an :class:`AudioWarning`, since features depend on it.

    See Also
    --------
    drop_unreadable : Remove unreadable files from X, y and groups.
    decode : Read one file unchanged.

    Notes
    -----
    Averaging channels and resampling are linear; trimming follows
    :func:`librosa.effects.trim`.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import AudioLoader, Clip
    >>> tone = Clip(np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000), 48_000)
    >>> loader = AudioLoader(16_000, duration=0.5)
    >>> clips = loader.fit_transform([tone])
    >>> clips.shape, clips.sampling_rate
    ((1, 8000), 16000)
    """

    takes = "paths"

    sampling_rate: int | None = 16_000
    _: KW_ONLY
    mono: str | int = "mix"
    remove_dc: bool = True
    trim: float | None = None
    level: str | float | None = None
    offset: float = 0.0
    duration: float | None = None
    on_error: str = "raise"

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Validate X and the parameters, and store sampling rates. Nothing is learnt.

        Parameters
        ----------
        X : array-like of length n_clips
            Paths or clips.
        y : None
            Ignored.

        Returns
        -------
        self
        """
        super().fit(X)
        self.note_rates(check_items(self, X, self.takes))
        return self

    def note_rates(self, items: ArrayLike) -> None:
        """Store the sampling rates of items, if the rate of each is kept."""
        if self.sampling_rate is None:
            found = (rate_of(item) if is_path(item) else item.sampling_rate for item in items)
            self.sampling_rates_ = tuple(sorted({rate for rate in found if rate}))

    def _check_rate(self, rate, item):
        known = getattr(self, "sampling_rates_", ())
        if self.sampling_rate is None and known and rate not in known:
            seen = ", ".join(map(str, known))
            where = f"{item}: " if is_path(item) else ""
            warnings.warn(
                f"{where}its sampling rate is {rate} Hz, and fit saw {seen} Hz. Features depend on "
                "it: use AudioLoader(16_000), or any other rate.",
                AudioWarning,
                stacklevel=2,
            )

    def transform_clip(self, item: ArrayLike | str | Path) -> Clip:
        """Load one path, or resample, trim, scale and cut one waveform."""
        clip = self._mix(item) if is_path(item) else item
        if len(clip) == 0:
            raise AudioError("the clip has no samples", remedy="Leave it out.")
        self._check_rate(clip.sampling_rate, item)
        rate = self.sampling_rate or clip.sampling_rate
        samples = np.asarray(clip)
        if self.remove_dc:
            samples = samples - np.float32(samples.mean(dtype=np.float64))
        if clip.duration * rate > MOST_SAMPLES:
            reason = f"too long: {clip.duration:.0f} s at {rate} Hz need more than"
            path = item if is_path(item) else None
            raise AudioError(
                f"{reason} {MOST_SAMPLES:,} samples", path=path, remedy="Cut the recording."
            )
        if rate != clip.sampling_rate:
            samples = soxr.resample(samples, clip.sampling_rate, rate)
        if len(samples) and self.trim is not None:
            samples = trim(samples, rate, self.trim)
        start = round(self.offset * rate)
        if len(samples) <= start:
            reason = f"nothing is left of {len(samples)} sample(s) at {rate} Hz after offset="
            path = item if is_path(item) else None
            raise AudioError(f"{reason}{self.offset} s", path=path, remedy="Remove the clip.")
        return Clip(self._fit_to_duration(self._scale(samples)[start:], rate), rate)

    def _mix(self, path):
        samples, sampling_rate = decode(path, mono=self.mono)
        return Clip(samples[:, 0], sampling_rate)

    def _scale(self, samples):
        if self.level is None:
            return samples
        if self.level == "peak":
            now, wanted = np.abs(samples).max(initial=0.0), 1.0
        else:
            now, wanted = np.sqrt(np.mean(np.square(samples))), 10 ** (self.level / 20)
        return samples * np.float32(wanted / now) if now > 0 else samples

    def _fit_to_duration(self, samples, rate):
        if self.duration is None:
            return samples
        wanted = round(self.duration * rate)
        return np.pad(samples[:wanted], (0, max(0, wanted - len(samples))))

    def check_params(self) -> None:
        """Validate the parameters."""
        rate = self.sampling_rate
        valid = rate is None or (_is_number(rate) and rate % 1 == 0 and is_rate(rate))
        self.check("sampling_rate", valid, f"None or a whole number {rates_text()}")
        is_channel = _is_number(self.mono) and isinstance(self.mono, Integral) and self.mono >= 0
        self.check("mono", self.mono == "mix" or is_channel, '"mix" or a channel from 0')
        self.check("trim", _is_number(self.trim, above=0, none=True), "None or > 0 dB")
        is_level = self.level == "peak" or _is_number(self.level, none=True)
        is_level = is_level and (
            isinstance(self.level, str) or abs(self.level or 0) <= LARGEST_LEVEL
        )
        self.check("level", is_level, 'None, "peak" or dB relative to full scale')
        self.check("offset", _is_number(self.offset) and self.offset >= 0, ">= 0 s")
        self.check("duration", _is_number(self.duration, above=0, none=True), "None or > 0 s")
        longest = MOST_SAMPLES / (rate or DEFAULT_SAMPLING_RATE)
        fits = (self.duration or 0) <= longest
        self.check("duration", fits, f"None or at most {longest:.0f} s at this sampling rate")
        self.check("on_error", self.on_error in _ON_ERROR, f"one of {_ON_ERROR}")


def _is_number(value, *, above=None, none=False):
    if value is None:
        return none
    is_real = isinstance(value, Real) and not isinstance(value, bool) and np.isfinite(value)
    return is_real and (above is None or value > above)


def drop_unreadable(
    X: ArrayLike, *arrays: ArrayLike, loader: AudioLoader | None = None, warn: bool = True
) -> list:
    """Remove unreadable recordings from X and from the arrays aligned with it.

    Call it before a split, so that X, y and groups stay aligned.

    Parameters
    ----------
    X : array-like of length n_clips
        Paths or clips.
    *arrays : array-like of length n_clips
        Arrays aligned with X: labels, speakers, a DataFrame.
    loader : AudioLoader, default=None
        How to read; None is ``AudioLoader()``.
    warn : bool, default=True
        Whether to name the removed recordings in an :class:`AudioWarning`.

    Returns
    -------
    list
        X and the arrays, without the rows of unreadable clips.

    Raises
    ------
    AudioError
        If no recording can be read.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import drop_unreadable
    >>> X, y = [np.zeros(0), np.ones(800)], np.array(["sad", "happy"])
    >>> X, y = drop_unreadable(X, y, warn=False)
    >>> y.tolist()
    ['happy']
    """
    X, *arrays = indexable(X, *arrays)
    loader = loader or AudioLoader()
    items = check_items(loader, X, "paths")
    problems = [run_clip([loader], item, position)[1] for position, item in enumerate(items)]
    kept = np.flatnonzero([problem is None for problem in problems])
    on_error = "raise" if len(kept) == 0 else "warn" if warn else "skip"
    settle_problems([problem for problem in problems if problem], on_error)
    return [None if one is None else take_rows(one, kept) for one in (X, *arrays)]
