"""Emotions of files: a row a file, whatever is wrong with some of them."""

import os

import pandas as pd

from sk_ser._containers import is_path
from sk_ser.prediction._batches import batches_of
from sk_ser.prediction._predictor import Predictor


def predict_files(
    model,
    paths,
    *,
    header=None,
    batch_size=64,
    n_jobs=None,
    progress=False,
    max_duration=None,
):
    """Predict the emotion of each file, a batch at a time.

    Memory holds one batch, whatever the number of files, and who stops in the middle
    keeps what was done. Each file is read and described once.

    Parameters
    ----------
    model : classifier
        Fitted, and with an :class:`~sk_ser.audio.AudioLoader` in it: a pipeline that takes
        paths, a search or a vote over such.
    paths : iterable of str or Path
        Files; a generator is read as it goes.
    header : dict or None, default=None
        What was saved with the model. With ``{"prediction_set": {"threshold": t}}`` each
        clip gets a set of emotions, of all whose probability is t or more, and of the
        likeliest if there is none [1]_.
    batch_size : int, default=64
        Files of a batch.
    n_jobs : int or None, default=None
        Files to describe at a time, as joblib counts them.
    progress : bool, default=False
        Whether to show a progress bar on stderr from the third second on.
    max_duration : float or None, default=None
        Seconds; a longer file is not decoded, and has an error. None: as long as may be.

    Yields
    ------
    DataFrame
        A row a file, in the order given and numbered from 0 on: ``path``; ``emotion``,
        that of the largest probability (or what ``predict`` says, of a model that has
        none), None where there is an error; a probability for each class, in the order of
        ``classes_``, if the model has them; ``prediction_set``, a list of emotions, if the
        header has a threshold; ``error``, None or what is wrong: the file is missing, no
        recording, silent (below -80 dB of full scale), shorter than 0.1 s or too long.

    Raises
    ------
    ValueError
        If the model does not take files, or a parameter is out of range.
    sklearn.exceptions.NotFittedError
        If the model has not been fitted.

    References
    ----------
    .. [1] M. Sadinle, J. Lei and L. Wasserman, "Least ambiguous set-valued classifiers with bounded
       error levels", Journal of the American Statistical Association 114, 2019.

    Examples
    --------
    >>> import pathlib, tempfile, pandas, soundfile
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.prediction import predict_files
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
    predictor = Predictor(model, header, n_jobs, max_duration)
    return _predict_batches(predictor, batches_of(paths, batch_size, progress, "predict_files"))


def _predict_batches(predictor, batches):
    done = 0
    for paths in batches:
        table = predictor.table(paths)
        # as objects: names of files that are no text would be an error otherwise
        table.insert(0, "path", pd.Series(map(_name, paths), dtype=object))
        table.index = range(done, done := done + len(paths))
        yield table


def _name(path):
    return os.fspath(path) if is_path(path) else str(path)
