"""Features of files as tables, one row a file or one row a frame, batch by batch."""

import numpy as np
import pandas as pd
from sklearn.base import clone

from sk_ser._clipwise import message_of
from sk_ser.features import ClipPipeline
from sk_ser.recognition._batches import batches_of


def describe_files(front_end, paths, *, batch_size=64, n_jobs=None, progress=False):
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
    return _describe_batches(front_end, batches_of(paths, batch_size, progress, "describe_files"))


def _describe_batches(front_end, batches):
    for paths in batches:
        results, problems = front_end.transform_each(paths)
        tables = [
            _table(path, result, front_end)
            for path, result in zip(paths, results, strict=True)
            if result is not None
        ]
        problems = {str(paths[n]): message_of(error) for n, error in problems.items()}
        yield (_stack(tables) if tables else pd.DataFrame({"path": []})), problems


def _table(path, result, front_end):
    """Return the path, the times of frames, the names of columns and the values."""
    if result.ndim == 1:
        return str(path), None, front_end.get_feature_names_out(), result[np.newaxis]
    times = np.arange(len(result)) / (result.frame_rate or 1.0)
    return str(path), times, result.names, np.asarray(result)


def _stack(tables):
    _, times, names, _ = tables[0]
    values = np.concatenate([one[3] for one in tables])
    lengths = [len(one[3]) for one in tables]
    paths = np.array([one[0] for one in tables], dtype=object)
    index = {"path": pd.Series(np.repeat(paths, lengths), dtype=object)}
    if times is not None:
        index["time"] = np.concatenate([one[1] for one in tables])
    return pd.concat([pd.DataFrame(index), pd.DataFrame(values, columns=list(names))], axis=1)
