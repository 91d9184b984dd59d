"""From an uploaded recording to what the page shows of it."""

import tempfile
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sk_ser.app._pictures import picture
from sk_ser.audio import AUDIO_SUFFIXES, AudioLoader
from sk_ser.exceptions import AudioError
from sk_ser.recognition import emotion_over_time

#: Seconds of a window; a recording at least twice as long is also shown over time.
WINDOW = 3.0
#: Seconds of a recording that is drawn at its own sampling rate; a longer one is drawn at 16 kHz,
#: which looks the same and needs less memory.
_FINE = 60.0


class Analysis(NamedTuple):
    """What the page shows of a recording; small, so that it is kept while the page is open."""

    #: In seconds.
    duration: float
    #: Waveform and spectrogram, a PNG.
    picture: bytes
    emotion: str
    #: By class; empty if the model has no probabilities.
    proba: dict
    #: The most probable first; None if the model has no threshold.
    prediction_set: list | None
    #: As `emotion_over_time` returns it; None for a short recording.
    over_time: pd.DataFrame | None


def analyse(model, content, name, *, max_minutes, dark=False, max_windows=240):
    """Decode a recording once, and predict from all of it and from each window.

    Parameters
    ----------
    model : TrainedModel
        It takes files.
    content : bytes
        Of the file.
    name : str
        Name of the uploaded file.
    max_minutes : float
        A longer recording is not decoded.
    dark : bool, default=False
        Whether the picture is for a dark page.
    max_windows : int, default=240
        Largest number of windows, up to rounding: a screen has no room for more.

    Returns
    -------
    Analysis

    Raises
    ------
    AudioError
        If nothing can be predicted from it. The error names no path.
    """
    suffix = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="sk-ser-") as folder:
        path = Path(folder, f"recording{suffix if suffix in AUDIO_SUFFIXES else ''}")
        path.write_bytes(content)
        clip, found = model.read_and_predict(path, longest=60 * max_minutes)
    if found.error is not None:
        raise AudioError(found.public_problem) from found.error
    names = [str(label) for label in model.classes_]
    proba = [] if found.probabilities is None else found.probabilities.tolist()
    over_time = None
    if clip.duration >= 2 * WINDOW:
        hop = min(WINDOW, max(1.0, clip.duration / max_windows))
        over_time = emotion_over_time(model, clip, window=WINDOW, hop=hop)
    drawn = clip if clip.duration < _FINE else AudioLoader(16_000).transform_clip(clip)
    return Analysis(
        duration=clip.duration,
        picture=picture(drawn, dark=dark),
        emotion=str(found.emotion),
        proba=dict(zip(names, proba, strict=bool(proba))),
        prediction_set=found.prediction_set,
        over_time=over_time,
    )
