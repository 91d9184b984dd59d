"""From an uploaded recording to what is shown of it."""

import tempfile
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sk_ser.audio import AUDIO_SUFFIXES, AudioLoader, Clip
from sk_ser.exceptions import AudioError
from sk_ser.prediction import emotion_over_time, predict_files

#: Seconds of a window; a recording of two or more is shown over time.
WINDOW = 3.0
#: Windows of a recording, at most: more than a screen has room for.
_MOST_WINDOWS = 240


class Heard(NamedTuple):
    """What was found in a recording."""

    clip: Clip
    emotion: str
    #: By class, or empty if the model states none.
    proba: dict
    #: The likeliest first; None if the model's file has no threshold.
    prediction_set: list | None
    #: As `emotion_over_time` returns it; None for a short recording.
    over_time: pd.DataFrame | None


def hear(model, header, content, name, max_minutes):
    """Decode a recording, and predict from all of it and from each window.

    Parameters
    ----------
    model : classifier
        As :func:`~sk_ser.prediction.predict_files` takes it.
    header : dict
        Saved with it, or empty.
    content : bytes
        Of the file.
    name : str
        That the file had with whoever sent it.
    max_minutes : float
        A longer recording is not decoded.

    Returns
    -------
    Heard

    Raises
    ------
    AudioError
        If nothing can be predicted from it. The message names no path.
    """
    suffix = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="sk-ser-") as folder:
        path = Path(folder, f"recording{suffix if suffix in AUDIO_SUFFIXES else ''}")
        path.write_bytes(content)
        try:
            return _hear(model, header, path, max_minutes)
        except AudioError as error:
            raise AudioError(str(error).replace(f"{path}: ", "")) from None


def _hear(model, header, path, max_minutes):
    tables = predict_files(model, [path], header=header, max_duration=60 * max_minutes)
    row = next(iter(tables)).iloc[0]
    if row["error"] is not None:
        raise AudioError(row["error"])
    clip = AudioLoader(sampling_rate=None).transform_clip(path)
    over_time = None
    if clip.duration >= 2 * WINDOW:
        hop = min(WINDOW, max(1.0, clip.duration / _MOST_WINDOWS))
        over_time = emotion_over_time(model, path, window=WINDOW, hop=hop, header=header)
    classes = [str(name) for name in model.classes_]
    proba = {name: float(row[name]) for name in classes} if set(classes) <= set(row.index) else {}
    return Heard(clip, str(row["emotion"]), proba, row.get("prediction_set"), over_time)
