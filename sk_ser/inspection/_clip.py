"""Figure: waveform and spectrogram of a recording."""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.fft import next_fast_len
from sklearn.base import BaseEstimator

from sk_ser._containers import is_path
from sk_ser._mel_scale import hz_to_mel, mel_to_hz
from sk_ser.audio import DEFAULT_SAMPLING_RATE, AudioLoader, Clip
from sk_ser.features import Frames, FrameSequence, Framing, MelSpectrogram
from sk_ser.inspection._style import FONT_SIZE, PALETTE, add_colour_bar, finish, make_axes

#: Range of levels that are drawn, in dB.
_RANGE = 80.0
#: Columns of a spectrogram, and points of a line, at most.
_COLUMNS = 4000
#: Number of samples up to which each has a dot.
_FEW_SAMPLES = 100


class ClipDisplay:
    """Waveform of a clip, and its spectrogram below.

    Make it with :meth:`from_clip` or :meth:`from_path`.

    Parameters
    ----------
    clip : Clip of shape (n_samples,)
        The waveform.
    spectrogram : FrameSequence of shape (n_frames, n_bands)
        In dB; 0 is the loudest band of the loudest frame, and -80 the least.
    frequencies : ndarray of shape (n_bands,)
        Centre of each band in Hz.
    mel : bool, default=False
        Whether the bands are equally spaced in mel instead of Hz.
    name : str, default=None
        Default title.

    Attributes
    ----------
    ax_ : list of Axes
        Axes of the figure, after :meth:`plot`: waveform, spectrogram.
    figure_ : Figure
        The figure.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import Clip
    >>> from sk_ser.inspection import ClipDisplay
    >>> tone = Clip(np.sin(2 * np.pi * 1_000 * np.arange(8_000) / 8_000), 8_000)
    >>> display = ClipDisplay.from_clip(tone).plot()
    >>> waveform, spectrogram = display.ax_
    >>> spectrogram.get_xlabel(), spectrogram.get_ylabel()
    ('Time (s)', 'Frequency (kHz)')
    >>> float(display.frequencies[display.spectrogram.mean(axis=0).argmax()])
    1000.0
    """

    def __init__(self, clip, spectrogram, frequencies, *, mel=False, name=None):
        self.clip = clip
        self.spectrogram = spectrogram
        self.frequencies = frequencies
        self.mel = mel
        self.name = name

    @classmethod
    def from_clip(
        cls, clip: ArrayLike, *, n_mels: int | None = None, window: float = 0.032
    ) -> Self:
        """Analyse a clip.

        Parameters
        ----------
        clip : Clip or array-like of shape (n_samples,)
            A waveform; a bare array is taken at 16 kHz.
        n_mels : int, default=None
            Number of mel bands, as of :class:`~sk_ser.features.MelSpectrogram`. None: all
            frequencies, on a linear axis.
        window : float, default=0.032
            Length of a frame in seconds, at most 1. A long frame resolves harmonics, a short one
            resolves time. It is increased for a recording of minutes, so that the frames of
            the figure cover all samples.

        Returns
        -------
        ClipDisplay
            Not yet drawn.

        Raises
        ------
        ValueError
            If the clip is not one waveform, is empty or contains NaN, or a parameter is out of
            range.
        """
        clip = _check_clip(clip)
        framing = _framing(clip, window)
        frames = Frames(Clip(_relative(clip), clip.sampling_rate))
        if n_mels is None:
            power, frequencies = frames.power(framing), frames.frequencies(framing)
        else:
            bands = MelSpectrogram(n_mels, **framing._asdict())
            bands.check_params()
            power, frequencies = bands.describe(frames), _mel_centres(n_mels, clip.sampling_rate)
        rate = clip.sampling_rate / framing.hop_length
        spectrogram = FrameSequence(_decibels(power), frame_rate=rate)
        return cls(clip, spectrogram, frequencies, mel=n_mels is not None)

    @classmethod
    def from_path(
        cls,
        path: str | Path,
        *,
        loader: BaseEstimator | None = None,
        n_mels: int | None = None,
        window: float = 0.032,
    ) -> Self:
        """Read a recording and analyse it.

        Parameters
        ----------
        path : str or Path
            File in any format that :class:`~sk_ser.audio.AudioLoader` reads.
        loader : AudioLoader, default=None
            Reads the file. None: at the rate of the file, mixed to mono.
        n_mels : int, default=None
            As in :meth:`from_clip`.
        window : float, default=0.032
            As in :meth:`from_clip`.

        Returns
        -------
        ClipDisplay
            Not yet drawn; its title is the name of the file.

        Raises
        ------
        AudioError
            If the file cannot be read.
        ValueError
            If a parameter is out of range.
        """
        loader = AudioLoader(sampling_rate=None) if loader is None else loader
        loader.check_params()
        display = cls.from_clip(loader.transform_clip(path), n_mels=n_mels, window=window)
        display.name = Path(path).name
        return display

    def plot(self, ax: object = None, *, title: str | None = None, cmap: str = "magma") -> Self:
        """Draw the waveform, and the spectrogram below.

        Parameters
        ----------
        ax : sequence of two Axes, default=None
            Axes to draw on: waveform, spectrogram; a new figure by default.
        title : str, default=None
            Title; the name of the file by default, if there is one.
        cmap : str or Colormap, default="magma"
            Colours from -80 dB to 0 dB.

        Returns
        -------
        ClipDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If the number of axes is not two.
        """
        grid = {"n_rows": 2, "sharex": True, "height_ratios": (1, 2)}
        self.figure_, self.ax_ = make_axes(self, ax, (6.8, 4.0), **grid)
        waveform, below = self.ax_
        self._draw_waveform(waveform)
        image = self._draw_spectrogram(below, cmap)
        # the layout of a new figure keeps both axes equally wide; other layouts may not
        beside = below if ax is None else self.ax_
        add_colour_bar(self.figure_, image, "Level (dB, loudest = 0)", ax=beside)
        self.figure_.align_ylabels(self.ax_)
        for each in self.ax_:
            each.set_xlim(0, self.clip.duration)
        below.set_xlabel("Time (s)", fontsize=FONT_SIZE)
        if title or self.name:
            # a dollar in the name of a file does not begin a formula
            waveform.set_title(title or self.name, fontsize=FONT_SIZE + 1, parse_math=bool(title))
        return self

    def _draw_waveform(self, ax):
        times, amplitudes = _outline(self.clip)
        few = len(amplitudes) <= _FEW_SAMPLES
        dots = {"marker": ".", "clip_on": False} if few else {}
        ax.plot(times, amplitudes, color=PALETTE[1], linewidth=0.7, **dots)
        loudest = float(np.abs(amplitudes).max()) or 1.0
        ax.set_ylim(-1.05 * loudest, 1.05 * loudest)
        finish(ax, y="Amplitude")

    def _draw_spectrogram(self, ax, cmap):
        unit, name = (1000, "kHz") if self.clip.sampling_rate >= 2000 else (1, "Hz")
        heights = hz_to_mel(self.frequencies) if self.mel else self.frequencies / unit
        # from the start of the first frame to the end of the last; times are of their centres
        sides = (np.array([0, len(self.spectrogram)]) - 0.5) / self.spectrogram.frame_rate
        colours = {"cmap": cmap, "vmin": -_RANGE, "vmax": 0}
        extent = (*sides, *_borders(heights))
        grid = {"origin": "lower", "aspect": "auto", "extent": extent}
        image = ax.imshow(np.asarray(self.spectrogram).T, **colours, **grid)
        if self.mel:
            ticks = [hz for hz in _MEL_TICKS if hz <= self.clip.sampling_rate / 2]
            ax.set_yticks(hz_to_mel(np.array(ticks)), [f"{hz / unit:g}" for hz in ticks])
            ax.set_ylim(*_borders(heights))
        else:
            ax.set_ylim(0, self.clip.sampling_rate / 2 / unit)
        ax.set_ylabel(f"Frequency ({name}{', mel scale' * self.mel})", fontsize=FONT_SIZE)
        if not self.clip.any():
            ax.text(0.5, 0.5, "silence", transform=ax.transAxes, color="white", ha="center")
        return image


def _check_clip(clip):
    if is_path(clip):
        raise ValueError(f"ClipDisplay: {str(clip)!r} is a path. Call from_path with it.")
    clip = Clip(clip, getattr(clip, "sampling_rate", DEFAULT_SAMPLING_RATE))
    if clip.ndim != 1:
        raise ValueError(
            f"ClipDisplay: the clip has shape {clip.shape}, where one waveform of shape "
            "(n_samples,) is needed. Draw one at a time, such as clips[0]."
        )
    if len(clip) == 0:
        raise ValueError("ClipDisplay: the clip has no samples.")
    broken = np.count_nonzero(~np.isfinite(clip))
    if broken:
        raise ValueError(
            f"ClipDisplay: {broken} of {len(clip)} samples are NaN or infinite. Replace them."
        )
    return clip


def _framing(clip, window):
    if not 0 < window <= 1:
        raise ValueError(f"ClipDisplay: window={window!r} must be > 0 s and at most 1 s.")
    wanted = max(2, round(window * clip.sampling_rate))
    hop_length = max(1, min(wanted // 8, len(clip) // 64), -(-len(clip) // _COLUMNS))
    win_length = max(wanted, hop_length)
    # zero padding interpolates the spectrum
    n_fft = next_fast_len(max(win_length, 2 * wanted), real=True)
    return Framing(n_fft, hop_length, win_length)


def _relative(clip):
    """Scale to a peak of 1, so that powers are finite whatever the amplitude is."""
    samples = np.asarray(clip, dtype=np.float64)
    return samples / (np.abs(samples).max() or 1.0)


def _decibels(power):
    loudest = power.max()
    if loudest == 0:
        return np.full_like(power, -_RANGE)
    # the least power is below the range, so that rounding does not matter
    return np.maximum(10 * np.log10(np.maximum(power / loudest, 1e-12)), -_RANGE)


def _outline(clip):
    """Return times and amplitudes to draw: all samples, or the extremes of each column."""
    samples = np.asarray(clip)
    times = np.arange(len(samples)) / clip.sampling_rate
    if len(samples) <= 2 * _COLUMNS:
        return times, samples
    starts = np.unique(np.linspace(0, len(samples), _COLUMNS, endpoint=False, dtype=int))
    lows, highs = np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
    return np.repeat(times[starts], 2), np.column_stack([lows, highs]).ravel()


def _borders(centres):
    """Return the lower border of the first band and the upper border of the last one."""
    half = (centres[1] - centres[0]) / 2 if len(centres) > 1 else centres[0] / 2
    return centres[0] - half, centres[-1] + half


_MEL_TICKS = (0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000)


def _mel_centres(n_mels, sampling_rate):
    return mel_to_hz(np.linspace(0, hz_to_mel(sampling_rate / 2), n_mels + 2)[1:-1])
