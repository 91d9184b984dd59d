"""A long recording as a table of emotions."""

import pandas as pd

from sk_ser.audio import decode_chunks
from sk_ser.streaming._predictor import StreamingPredictor

#: Seconds that are read of a file at a time.
_CHUNK = 1.0


def emotion_over_time(model, path, *, window=3.0, hop=0.5, smoothing=1.0):
    """Tabulate the emotions in a recording of any length.

    The file is read and predicted a window at a time, so memory holds one window and
    the table.

    Parameters
    ----------
    model : classifier
        As :class:`StreamingPredictor` takes it.
    path : str or Path
        Recording, of any format and sampling rate.
    window, hop : float, default=3.0 and 0.5
        Seconds that the model hears at a time, and from one row to the next.
    smoothing : float, default=1.0
        Time constant in seconds of the exponential smoothing; 0 does not smooth.

    Returns
    -------
    DataFrame
        A row a window: ``start`` and ``end`` in seconds, ``emotion``, and the smoothed
        probability of each class in a column of its label. The last row ends with the
        recording. What could not be predicted (samples that are not finite) has the
        smoothed probabilities of the window before it, NaN where there is none.

    Raises
    ------
    AudioError
        If the file cannot be read.

    Examples
    --------
    >>> import soundfile, tempfile, pathlib
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.streaming import emotion_over_time
    >>> speech = make_emotional_speech(2, 4, ("anger", "sadness"), random_state=0)
    >>> svm = make_svm(make_clip_pipeline(MFCC(), Functionals()), probability=True)
    >>> svm = svm.fit(speech.data, speech.target)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "call.wav"
    ...     soundfile.write(path, speech.data[0][:32_000], 16_000)
    ...     table = emotion_over_time(svm, path, window=1.0, hop=0.5)
    >>> table[["start", "end", "emotion"]].round(1)
       start  end emotion
    0    0.0  1.0   anger
    1    0.5  1.5   anger
    2    0.7  1.7   anger
    >>> table.columns.tolist()
    ['start', 'end', 'emotion', 'anger', 'sadness']
    """
    chunks, sampling_rate = decode_chunks(path, _CHUNK)
    predictor = StreamingPredictor(
        model, window, hop, sampling_rate=sampling_rate, smoothing=smoothing
    )
    rows = [(one.start, one.end, one.emotion, *one.smoothed) for one in predictor.stream(chunks)]
    return pd.DataFrame(rows, columns=["start", "end", "emotion", *predictor.classes_])
