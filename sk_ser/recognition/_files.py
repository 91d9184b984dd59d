"""Emotions and features of files as tables, batch by batch, with an optional progress bar."""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from tqdm.auto import tqdm

from sk_ser._clipwise import message_of
from sk_ser._containers import is_path
from sk_ser.features import ClipPipeline
from sk_ser.recognition._trained_model import TrainedModel

#: Seconds before a progress bar is shown.
_PATIENCE = 2


def predict_files(
    model: object,
    paths: Sequence[str | Path],
    *,
    batch_size: int = 64,
    n_jobs: int | None = None,
    progress: bool = False,
    max_duration: float | None = None,
) -> Iterator[pd.DataFrame]:
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

    def predict(batch, start):
        table = model.tabulate(model.predict(batch, n_jobs=n_jobs, longest=max_duration))
        # as objects, because file names need not be valid text
        names = [os.fspath(path) if is_path(path) else str(path) for path in batch]
        table.insert(0, "path", pd.Series(names, dtype=object))
        return table.set_index(pd.RangeIndex(start, start + len(batch)))

    return _in_batches(predict, paths, batch_size, progress, "predict_files")


def describe_files(
    front_end: BaseEstimator,
    paths: Sequence[str | Path],
    *,
    batch_size: int = 64,
    n_jobs: int | None = None,
    progress: bool = False,
) -> Iterator[tuple[pd.DataFrame, dict]]:
    """Describe files by a front end, a batch at a time.

    Memory holds one batch at a time. Interrupting keeps the finished batches.

    Parameters
    ----------
    front_end : ClipPipeline
        From paths to vectors or sequences, such as
        :func:`~sk_ser.features.make_front_end` returns.
    paths : iterable of str or Path
        Files; a generator is read batch by batch.
    batch_size : int, default=64
        Files in a batch.
    n_jobs : int or None, default=None
        Number of parallel jobs, as joblib counts them.
    progress : bool, default=False
        Whether to show a progress bar on stderr if it takes longer than two seconds.

    Yields
    ------
    table : DataFrame
        ``path`` and one float32 column for each feature, in the order of the paths. A front
        end that returns sequences has one row for each frame, and a column ``time`` in seconds
        after the path. Files with a problem have no row.
    problems : dict of str to str
        The problem of each file that has one, by path.

    Raises
    ------
    TypeError
        If the front end is not a ClipPipeline.

    Examples
    --------
    >>> import pathlib, tempfile, soundfile
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.recognition import describe_files
    >>> front_end = make_clip_pipeline(AudioLoader(), MFCC(2), Functionals(["mean"]))
    >>> clip = make_emotional_speech(1, 1, "anger", random_state=0).data[0]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "angry.wav"
    ...     soundfile.write(path, clip, 16_000)
    ...     ((table, problems),) = describe_files(front_end, [path, "nowhere.wav"])
    >>> table.columns.tolist(), len(table)
    (['path', 'mfcc_0__mean', 'mfcc_1__mean'], 1)
    >>> problems
    {'nowhere.wav': 'no such file. Check the path and the folder.'}
    """
    if not isinstance(front_end, ClipPipeline):
        raise TypeError(
            f"describe_files: front_end is a {type(front_end).__name__}. Pass a ClipPipeline, such "
            "as make_front_end() returns."
        )
    front_end = clone(front_end).set_params(n_jobs=n_jobs, verbose=False)

    def describe(batch, start):
        results, problems = front_end.transform_each(batch)
        done = [n for n, result in enumerate(results) if result is not None]
        names, results = [str(batch[n]) for n in done], [results[n] for n in done]
        table = _stack(names, results, front_end) if done else pd.DataFrame({"path": []})
        return table, {str(batch[n]): message_of(error) for n, error in problems.items()}

    return _in_batches(describe, paths, batch_size, progress, "describe_files")


def _in_batches(compute, paths, batch_size, progress, caller):
    """Check the parameters, then compute batch by batch, as far as results are asked for.

    Parameters
    ----------
    compute : callable
        Takes a list of paths, and the number of paths before it.
    paths : iterable of str or Path
    batch_size : int
        Paths in a batch.
    progress : bool
        Whether to show a bar on stderr.
    caller : str
        Name of the public function, for error messages.

    Returns
    -------
    generator
    """
    if is_path(paths):
        raise ValueError(f"{caller}: paths is one path, {str(paths)!r}; give a list.")
    if batch_size < 1:
        raise ValueError(f"{caller}: batch_size={batch_size!r} must be 1 or more.")
    return _each_batch(compute, paths, batch_size, progress)


def _each_batch(compute, paths, batch_size, progress):
    total = len(paths) if hasattr(paths, "__len__") else None
    paths, start = iter(paths), 0
    with tqdm(total=total, unit="file", delay=_PATIENCE, disable=not progress) as bar:
        while batch := list(islice(paths, batch_size)):
            yield compute(batch, start)
            start += len(batch)
            bar.update(len(batch))


def _stack(paths, results, front_end):
    """Make a table of results: a row for each file, or a row for each frame of it."""
    is_vector = results[0].ndim == 1
    lengths = [1 if is_vector else len(one) for one in results]
    repeated = np.repeat(np.array(paths, dtype=object), lengths)
    columns = {"path": pd.Series(repeated, dtype=object)}
    if not is_vector:
        times = [np.arange(len(one)) / (one.frame_rate or 1.0) for one in results]
        columns["time"] = np.concatenate(times)
    names = front_end.get_feature_names_out() if is_vector else results[0].names
    values = pd.DataFrame(np.vstack([np.asarray(one) for one in results]), columns=list(names))
    return pd.concat([pd.DataFrame(columns), values], axis=1)
