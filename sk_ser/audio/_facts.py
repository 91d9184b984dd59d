"""Properties of recordings other than their content: duration, silence, level, file format."""

import numpy as np
import pandas as pd
import soundfile as sf
from numpy.typing import ArrayLike
from scipy.fft import next_fast_len, rfft, rfftfreq

from sk_ser._arrays import Clip
from sk_ser._containers import check_items, is_path
from sk_ser.audio._decode import decode
from sk_ser.audio._loader import AudioLoader
from sk_ser.audio._trim import loud_span
from sk_ser.exceptions import AudioError

#: Level below the loudest frame, in dB, at which the ends of a clip count as silence.
_SILENCE = 30
#: Length of a frame in s, and the share of frames, the quietest, that are background.
_FRAME, _QUIET = 0.025, 0.1
#: Frequencies of the mains in Hz, the width of such a line, and the band around them.
_MAINS, _LINE, _AROUND = (50.0, 60.0), 2.0, (25.0, 85.0)
#: A codec cuts off above the first frequency in Hz. The power falls by so many dB from one band of
#: the width in Hz to the next but one, and does not rise again.
_LEAST_CUT, _FALL, _BAND = 2_000.0, 20.0, 250.0


def recording_facts(X: ArrayLike) -> pd.DataFrame:
    """Tabulate properties of recordings other than their content.

    Parameters
    ----------
    X : array-like of length n_clips
        Paths, or waveforms, which have no file properties.

    Returns
    -------
    DataFrame of shape (n_clips, 13)
        ``duration``, ``leading_silence`` and ``trailing_silence`` (30 dB below the loudest
        frame) in seconds; ``level`` (RMS) and ``peak`` in dB of full scale; ``dc_offset`` as
        a share of full scale; ``noise``, the level of the quietest tenth of the clip, in dB of
        full scale; ``hum``, by how many dB the line of the mains (50 or 60 Hz) rises above its
        surroundings; ``bandwidth`` in Hz, at which a codec or a filter cut the spectrum off, or
        half the sampling rate; ``sampling_rate`` in Hz; ``channels``; ``encoding``, such as
        ``"WAV/PCM_16"``; ``order``, the rank of the file's name, or the
        position of the clip in X. NaN, or None, in the rows of files that cannot be read.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.audio import Clip, recording_facts
    >>> clip = np.r_[np.zeros(8_000), 0.5 * np.sin(np.arange(8_000) / 3), np.zeros(16_000)]
    >>> facts = recording_facts([Clip(clip, 16_000)])
    >>> facts[["duration", "leading_silence", "trailing_silence"]].round(1).values.tolist()
    [[2.0, 0.4, 0.9]]
    """
    items = check_items(AudioLoader(), X, "paths")
    table = pd.DataFrame([_facts(item) for item in items])
    names = [str(item) for item in items] if all(map(is_path, items)) else None
    table["order"] = np.arange(len(items)) if names is None else np.argsort(np.argsort(names))
    return table


def _facts(item):
    try:
        samples, rate, channels, encoding = _read(item)
    except AudioError:
        return _of_samples(np.empty(0, np.float32), 1) | {"sampling_rate": np.nan}
    file = {"sampling_rate": float(rate), "channels": channels, "encoding": encoding}
    return _of_samples(samples, rate) | file


def _read(item):
    if not is_path(item):
        rate = item.sampling_rate if isinstance(item, Clip) else np.nan
        return np.asarray(item), rate, 1, "waveform"
    samples, rate = decode(item)
    try:
        info = sf.info(str(item))
        encoding = f"{info.format}/{info.subtype}"
    except sf.LibsndfileError:
        encoding = str(item).rpartition(".")[2].lower()
    return samples.mean(axis=1), rate, samples.shape[1], encoding


def _of_samples(samples, rate):
    names = ("duration", "leading_silence", "trailing_silence", "level", "peak", "dc_offset")
    if not len(samples):
        return dict.fromkeys((*names, "noise", "hum", "bandwidth"), np.nan)
    first, end = loud_span(samples, rate, _SILENCE)
    power, peak = np.mean(np.square(samples, dtype=np.float64)), np.abs(samples).max()
    values = (
        len(samples) / rate,
        first / rate,
        (len(samples) - end) / rate,
        10 * np.log10(max(power, 1e-20)),
        20 * np.log10(max(peak, 1e-10)),
        samples.mean(dtype=np.float64),
    )
    centred = samples - values[-1]
    return dict(zip(names, map(float, values), strict=True)) | {
        "noise": _noise(centred, rate),
        **_spectral(centred, rate),
    }


def _spectral(samples, rate):
    length = next_fast_len(len(samples), real=True)
    power = np.abs(rfft(samples * np.hanning(len(samples)), length)) ** 2
    frequencies = rfftfreq(length, 1 / rate)
    return {
        "hum": _hum(power, frequencies),
        "bandwidth": _bandwidth(power, frequencies, rate),
    }


def _noise(samples, rate):
    """Return the level of the quietest frames in dB of full scale."""
    length = max(1, min(len(samples), round(_FRAME * rate)))
    frames = samples[: len(samples) // length * length].reshape(-1, length)
    powers = np.sort(np.mean(frames**2, axis=1))
    quiet = powers[: max(1, round(_QUIET * len(powers)))]
    return float(10 * np.log10(max(quiet.mean(), 1e-12)))


def _hum(power, frequencies):
    """Return by how many dB the power at 50 or 60 Hz exceeds the median of its surroundings."""
    power, frequencies = (values[frequencies < _AROUND[1]] for values in (power, frequencies))
    is_line = np.abs(np.subtract.outer(_MAINS, frequencies)) <= _LINE
    is_around = (frequencies > _AROUND[0]) & ~is_line.any(axis=0)
    if not is_around.any() or not is_line.any(axis=1).all():
        return 0.0
    floor = max(np.median(power[is_around]), 1e-20)
    return float(10 * np.log10(max(power[line].max() for line in is_line) / floor + 1e-20))


def _bandwidth(power, frequencies, rate):
    """Return the frequency in Hz at which the spectrum is cut off; half the rate if it is not."""
    edges = np.arange(_LEAST_CUT, rate / 2 + 1, _BAND)
    if len(edges) < 4:
        return rate / 2
    totals = np.histogram(frequencies, edges, weights=power)[0]
    level = 10 * np.log10(totals + 1e-12 * totals.max() + 1e-30)
    highest_above = np.maximum.accumulate(level[::-1])[::-1]
    cuts = np.flatnonzero(level[:-2] - highest_above[2:] > _FALL)
    return float(edges[cuts[0] + 1]) if len(cuts) else rate / 2
