"""Emotions of files as tables, one row a file, batch by batch."""

import os

import pandas as pd

from sk_ser._containers import is_path
from sk_ser.recognition._batches import batches_of
from sk_ser.recognition._trained_model import TrainedModel


def predict_files(model, paths, *, batch_size=64, n_jobs=None, progress=False, max_duration=None):
    """Predict the emotion of each file, a batch at a time.

    Memory holds one batch at a time. Interrupting keeps the finished batches. Each file is
    decoded and described once.

    Parameters
    ----------
    model : TrainedModel or classifier
        Fitted, with an :class:`~sk_ser.audio.AudioLoader` in it: a pipeline that takes paths, or
        a search or a vote over such pipelines.
    paths : iterable of str or Path
        Files; a generator is read batch by batch.
    batch_size : int, default=64
        Files in a batch.
    n_jobs : int or None, default=None
        Number of parallel jobs, as joblib counts them.
    progress : bool, default=False
        Whether to show a progress bar on stderr if it takes longer than two seconds.
    max_duration : float or None, default=None
        Seconds; a longer file is not decoded and has an error. None allows any length.

    Yields
    ------
    DataFrame
        One row for each file, in the order given and numbered from 0: ``path``; ``emotion``,
        the class of the highest probability (or what ``predict`` returns, of a model without
        probabilities), None where there is an error; a probability for each class, in the
        order of ``classes_``, if the model has them; ``prediction_set``, a list of emotions,
        if the model's header has a threshold; ``error``, None or what is wrong: the file is
        missing, not a recording, silent (a standard deviation of at most -80 dB of full
        scale), shorter than 0.1 s or too long.

    Raises
    ------
    ValueError
        If the model does not take files, or a parameter is out of range.
    sklearn.exceptions.NotFittedError
        If the model is not fitted.

    Examples
    --------
    >>> import pathlib, tempfile, pandas, soundfile
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.recognition import predict_files
    >>> speech = make_emotional_speech(2, 2, ["anger", "sadness"], random_state=0)
    >>> model = make_svm(make_clip_pipeline(AudioLoader(), MFCC(), Functionals()))
    >>> model = model.fit(speech.data, speech.target)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "angry.wav"
    ...     soundfile.write(path, speech.data[0], 16_000)
    ...     table = pandas.concat(predict_files(model, [path, "nowhere.wav"]))
    >>> table["emotion"].tolist()
    ['anger', None]
    >>> table["error"].tolist()
    [None, 'no such file. Check the path and the folder.']
    """
    if max_duration is not None and not max_duration > 0:
        raise ValueError(f"predict_files: max_duration={max_duration!r} must be None or > 0 s.")
    model = TrainedModel.wrap(model)
    model.check_takes_files()
    batches = batches_of(paths, batch_size, progress, "predict_files")
    return _predict_batches(model, batches, {"n_jobs": n_jobs, "longest": max_duration})


def _predict_batches(model, batches, options):
    done = 0
    for paths in batches:
        table = model.tabulate(model.predict(paths, **options))
        # as objects, because file names need not be valid text
        table.insert(0, "path", pd.Series(map(_name, paths), dtype=object))
        table.index = range(done, done := done + len(paths))
        yield table


def _name(path):
    return os.fspath(path) if is_path(path) else str(path)
