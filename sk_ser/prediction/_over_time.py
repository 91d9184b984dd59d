"""Emotions along a long recording, a window at a time."""

from itertools import chain, islice
from numbers import Real

import numpy as np
import pandas as pd

from sk_ser.audio import Clip, decode_chunks
from sk_ser.prediction._predictor import Predictor

#: Windows that are in memory at a time.
_WINDOWS = 32


def emotion_over_time(model, path, *, window=3.0, hop=1.0, header=None, n_jobs=None):
    """Predict the emotion of each window of a long recording.

    Windows are read as it goes, so memory does not grow with the recording's length.

    Parameters
    ----------
    model : classifier
        As :func:`predict_files` takes it.
    path : str or Path
        The recording.
    window : float, default=3.0
        Seconds of each window; the clips that the model learnt from are a good measure.
    hop : float, default=1.0
        Seconds from window to window, at most `window`.
    header : dict or None, default=None
        As in :func:`predict_files`.
    n_jobs : int or None, default=None
        Windows to describe at a time.

    Returns
    -------
    DataFrame
        A row a window: ``start`` and ``end`` in seconds, and the columns of
        :func:`predict_files` from ``emotion`` on. A silent window has an error. What is left
        at the end counts as a window if it is half as long as one, or all there is.

    Raises
    ------
    AudioError
        If the recording cannot be decoded.
    ValueError
        If the model does not take files, or a parameter is out of range.

    Examples
    --------
    >>> import pathlib, tempfile, numpy, soundfile
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.prediction import emotion_over_time
    >>> speech = make_emotional_speech(2, 2, ["anger", "sadness"], random_state=0)
    >>> model = make_svm(make_clip_pipeline(AudioLoader(), MFCC(), Functionals()))
    >>> model = model.fit(speech.data, speech.target)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "long.wav"
    ...     angry, sad = (numpy.tile(speech.data[n], 9)[:64_000] for n in (0, 2))
    ...     soundfile.write(path, numpy.concatenate([angry, sad]), 16_000)
    ...     table = emotion_over_time(model, path, window=2, hop=2)
    >>> table[["start", "end", "emotion"]].values.tolist()[::3]
    [[0.0, 2.0, 'anger'], [6.0, 8.0, 'sadness']]
    """
    for name, value in {"window": window, "hop": hop}.items():
        if not isinstance(value, Real) or not 0 < value < float("inf"):
            raise ValueError(
                f"emotion_over_time: {name}={value!r} must be a number of seconds > 0."
            )
    if hop > window:
        raise ValueError(f"emotion_over_time: hop={hop} s must be at most window={window} s.")
    predictor = Predictor(model, header, n_jobs)
    chunks, rate = decode_chunks(path, hop, mono=predictor.mono)
    windows = _windows(chunks, max(1, round(window * rate)), max(1, round(hop * rate)))
    tables = []
    while batch := list(islice(windows, _WINDOWS)):
        clips = [Clip(samples[:, 0], rate) for _, samples in batch]
        table = predictor.table(clips)
        starts = np.array([start for start, _ in batch]) / rate
        table.insert(0, "start", starts)
        table.insert(1, "end", starts + [clip.duration for clip in clips])
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _windows(chunks, size, step):
    """Put chunks, each a step long, together to windows that overlap; tell where each begins."""
    first = next(chunks)
    start, held = 0, first[:0]
    for chunk in chain([first], chunks):
        held = np.concatenate([held, chunk])
        while len(held) >= size:
            yield start, held[:size]
            start, held = start + step, held[step:]
    # what was in the last window already is none of its own
    if start == 0 or (len(held) > size - step and len(held) >= size / 2):
        yield start, held
