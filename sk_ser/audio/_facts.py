"""Properties of recordings other than their content: duration, silence, level, file format."""

import numpy as np
import pandas as pd
import soundfile as sf

from sk_ser._arrays import Clip
from sk_ser._containers import check_items, is_path
from sk_ser.audio._decode import decode
from sk_ser.audio._loader import AudioLoader
from sk_ser.audio._trim import loud_span
from sk_ser.exceptions import AudioError

#: Level below the loudest frame, in dB, at which the ends of a clip count as silence.
_SILENCE = 30


def recording_facts(X) -> pd.DataFrame:
    """Tabulate properties of recordings other than their content.

    Parameters
    ----------
    X : array-like of length n_clips
        Paths, or waveforms, which have no file properties.

    Returns
    -------
    DataFrame of shape (n_clips, 10)
        ``duration``, ``leading_silence`` and ``trailing_silence`` (30 dB below the loudest
        frame) in seconds; ``level`` (RMS) and ``peak`` in dB of full scale; ``dc_offset`` as
        a share of full scale; ``sampling_rate`` in Hz; ``channels``; ``encoding``, such as
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
        return dict.fromkeys(names, np.nan)
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
    return dict(zip(names, map(float, values), strict=True))
