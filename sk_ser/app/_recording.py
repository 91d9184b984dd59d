"""From an uploaded recording to what is shown of it."""

import tempfile
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sk_ser.app._pictures import picture
from sk_ser.audio import AUDIO_SUFFIXES, AudioLoader, duration_of
from sk_ser.exceptions import AudioError
from sk_ser.prediction import emotion_over_time, predict_files

#: Seconds of a window; a recording of two or more is shown over time.
WINDOW = 3.0
#: Seconds of a recording whose picture is drawn at the rate it was recorded at; of a longer one
#: higher rates would cost memory, and show nothing more.
_FINE = 60.0
#: Windows of a recording, at most: more than a screen has room for.
_MOST_WINDOWS = 240


class Heard(NamedTuple):
    """What was found in a recording; small, so that it can be kept while its page is open."""

    #: In seconds.
    duration: float
    #: Waveform and spectrogram, a PNG.
    picture: bytes
    emotion: str
    #: By class, or empty if the model states none.
    proba: dict
    #: The likeliest first; None if the model's file has no threshold.
    prediction_set: list | None
    #: As `emotion_over_time` returns it; None for a short recording.
    over_time: pd.DataFrame | None


def hear(model, header, content, name, *, max_minutes, dark=False):
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
    dark : bool, default=False
        Whether its picture is to be seen on a dark page.

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
            return _hear(model, header, path, max_minutes, dark)
        except AudioError as error:
            raise AudioError(str(error).replace(f"{path}: ", "")) from None


def _hear(model, header, path, max_minutes, dark):
    tables = predict_files(model, [path], header=header, max_duration=60 * max_minutes)
    row = next(iter(tables)).iloc[0]
    if row["error"] is not None:
        raise AudioError(row["error"])
    clip = AudioLoader(None if (duration_of(path) or 0) < _FINE else 16_000).transform_clip(path)
    over_time = None
    if clip.duration >= 2 * WINDOW:
        hop = min(WINDOW, max(1.0, clip.duration / _MOST_WINDOWS))
        over_time = emotion_over_time(model, path, window=WINDOW, hop=hop, header=header)
    classes = [str(name) for name in model.classes_]
    return Heard(
        duration=clip.duration,
        picture=picture(clip, dark=dark),
        emotion=str(row["emotion"]),
        proba={name: float(row[name]) for name in classes if name in row},
        prediction_set=row.get("prediction_set"),
        over_time=over_time,
    )
