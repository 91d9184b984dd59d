"""Emotions along a long recording, one row a window."""

from itertools import chain, islice

import pandas as pd

from sk_ser._containers import is_path
from sk_ser.audio import Clip, decode_chunks
from sk_ser.recognition._trained_model import TrainedModel
from sk_ser.recognition._windows import WindowCutter

#: Windows that are in memory at a time.
_WINDOWS = 32
#: Seconds of a recording that are decoded at a time.
_CHUNK = 1.0


def emotion_over_time(
    model: object,
    recording: object,
    *,
    window: float = 3.0,
    hop: float = 1.0,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Predict the emotion of each window of a long recording.

    A file is decoded while it is predicted, so memory does not grow with its length.

    Parameters
    ----------
    model : TrainedModel or classifier
        As :func:`predict_files` takes it.
    recording : str, Path or Clip
        A file, or samples that are decoded already.
    window : float, default=3.0
        Seconds of each window; about as long as the clips that the model was trained on.
    hop : float, default=1.0
        Seconds from one window to the next, at most `window`.
    n_jobs : int or None, default=None
        Number of parallel jobs, as joblib counts them.

    Returns
    -------
    DataFrame
        One row for each window: ``start`` and ``end`` in seconds, and the columns of
        :func:`predict_files` from ``emotion`` on. A window that is silent, too short or holds
        samples that are not finite has an error.

    Raises
    ------
    AudioError
        If the recording cannot be decoded.
    ValueError
        If the model does not take files, or a parameter is out of range.

    See Also
    --------
    StreamingPredictor : The same windows of a stream.

    Notes
    -----
    Window number k (from 0) starts at ``k * hop`` seconds, rounded to a sample. What is left at
    the end is a window of its own if it is at least half as long as one, or if there is no other
    window.

    Examples
    --------
    >>> import pathlib, tempfile, numpy, soundfile
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.recognition import emotion_over_time
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
    model = TrainedModel.wrap(model)
    model.check_takes_files()
    if is_path(recording):
        chunks, rate = decode_chunks(recording, _CHUNK, mono=model.channel)
        chunks = (chunk[:, 0] for chunk in chunks)
    else:
        chunks, rate = [recording], recording.sampling_rate
    cutter = WindowCutter(window, hop, rate, "emotion_over_time")
    if hop > window:
        raise ValueError(f"emotion_over_time: hop={hop} s must be at most window={window} s.")
    windows = chain(chain.from_iterable(map(cutter.feed, chunks)), cutter.rest())
    tables = []
    while batch := list(islice(windows, _WINDOWS)):
        clips = [Clip(samples, rate) for _, samples in batch]
        table = model.tabulate(model.predict(clips, n_jobs=n_jobs))
        starts = pd.Series([start / rate for start, _ in batch])
        table.insert(0, "start", starts)
        table.insert(1, "end", starts + [clip.duration for clip in clips])
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
