"""What a worker does: it loads the model once, and then predicts file by file."""

import os
import re
import signal
import sys
import warnings
from threading import RLock

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from sk_ser.audio import decode
from sk_ser.exceptions import ModelFileWarning
from sk_ser.persistence import load
from sk_ser.prediction import predict_files

READY, FAILED, DONE = "ready", "failed", "done"

#: What looks like a path of the server: two names or more after a slash, or a drive.
_PATH = re.compile(r"""(?<!\w)(?:[A-Za-z]:)?[\\/][^\s'"\\/:]+(?:[\\/][^\s'"\\/:]+)+[\\/]?""")


def work(connection, source, max_duration):
    """Predict each file that is named on a connection, until it is closed.

    Parameters
    ----------
    connection : multiprocessing.connection.Connection
        Brings paths, and takes pairs of a state and what there is to say: once
        ``("ready", None)`` or ``("failed", reason)``, then ``("done", answer)`` for each path.
    source : Source
        The model.
    max_duration : float
        Seconds; longer files are refused.
    """
    # whoever stops the server lets it finish what runs; it closes the connection then
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # a bar's lock across processes would be left behind by a worker that is killed
    tqdm.set_lock(RLock())
    _silence_decoders()
    try:
        with warnings.catch_warnings():
            # of joblib: what it loads, the service wrote a moment ago
            warnings.simplefilter("ignore", ModelFileWarning)
            model = load(source.path, format=source.format)
        options = {"header": source.header, "batch_size": 1, "max_duration": max_duration}
        tables = predict_files(model, _paths(connection), **options)
    except Exception as error:
        connection.send((FAILED, without_paths(str(error), source.path, "the model")))
        return
    # of what is loaded now: the cores are shared out among the workers
    threadpool_limits(1)
    connection.send((READY, None))
    for table in tables:
        connection.send((DONE, answer_of(table, model.classes_)))


def answer_of(table, classes):
    """Tell what is predicted from one file, in types that JSON has.

    Parameters
    ----------
    table : DataFrame of one row
        Of :func:`~sk_ser.prediction.predict_files`.
    classes : sequence
        The model's, in its order.

    Returns
    -------
    dict
        ``error`` alone, without any path; or ``emotion``, ``probabilities``,
        ``prediction_set`` and ``duration``.
    """
    row = table.iloc[0].to_dict()
    if row["error"] is not None:
        return {"error": without_paths(row["error"], row["path"], "the file")}
    names = [str(name) for name in classes]
    has_proba = all(name in row for name in names)
    labels = row.get("prediction_set")
    return {
        "emotion": str(row["emotion"]),
        "probabilities": {name: float(row[name]) for name in names} if has_proba else None,
        "prediction_set": None if labels is None else [str(label) for label in labels],
        "duration": _duration_of(row["path"]),
    }


def _duration_of(path):
    """Measure a recording that was predicted from: headers guess, and lie."""
    samples, sampling_rate = decode(path, mono=0)
    return len(samples) / sampling_rate


def without_paths(text, path, name):
    """Name a thing by what it is, and leave out whatever else looks like a path."""
    return _PATH.sub("…", text.replace(str(path), name))


def _paths(connection):
    while True:
        try:
            yield connection.recv()
        except EOFError:
            return


def _silence_decoders():
    """Keep what native code has to say of a damaged file out of the server's log.

    Python's own tracebacks still go there.
    """
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    warnings.simplefilter("ignore")
