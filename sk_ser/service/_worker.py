"""A worker process: it loads the model once and then predicts file by file."""

import os
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from threading import RLock

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from sk_ser.exceptions import ModelFileWarning
from sk_ser.persistence import load
from sk_ser.recognition import TrainedModel

#: Bytes that a worker may take for a file, beside what the loaded model takes.
_MEMORY = 2 * 2**30


def work(connection, source, max_duration):
    """Predict each file whose path arrives on a connection, until it is closed.

    Parameters
    ----------
    connection : multiprocessing.connection.Connection
        Sends None when the model is loaded, or a sentence if it cannot be used. Then it receives
        paths, and sends an answer for each.
    source : Source
        The model.
    max_duration : float
        Seconds; longer files are refused.
    """
    # the server finishes current requests when it is stopped, and closes the connection then
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # a lock across processes would stay locked after a worker is killed
    tqdm.set_lock(RLock())
    _silence_decoders()
    try:
        model = _load(source)
        model.check_takes_files()
    except Exception as error:
        connection.send(getattr(error, "message", str(error)))
        return
    # workers share the cores, so each one uses a single thread
    threadpool_limits(1)
    _limit_memory(_MEMORY)
    connection.send(None)
    with suppress(EOFError):
        while True:
            path = connection.recv()
            connection.send(answer_of(model, path, max_duration))


def _limit_memory(growth):
    """Let the process fail, and not the machine, if a file takes too much memory.

    Parameters
    ----------
    growth : int
        Bytes of address space beside those in use.
    """
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (used + growth, hard))
    except (ImportError, OSError, ValueError):
        # not on this system
        return


def answer_of(model, path, max_duration):
    """Predict one file and describe the result in types that JSON can represent.

    Parameters
    ----------
    model : TrainedModel
    path : str
    max_duration : float
        Seconds; a longer file is refused.

    Returns
    -------
    dict
        Only ``error``, a sentence without any path; or ``emotion``, ``probabilities``,
        ``prediction_set`` and ``duration``.
    """
    clip, found = model.read_and_predict(path, longest=max_duration)
    if found.error is not None:
        return {"error": found.public_problem}
    proba, labels = found.probabilities, found.prediction_set
    names = [str(name) for name in model.classes_]
    return {
        "emotion": str(found.emotion),
        "probabilities": None if proba is None else dict(zip(names, proba.tolist(), strict=True)),
        "prediction_set": None if labels is None else [str(label) for label in labels],
        "duration": clip.duration,
    }


def _load(source):
    with warnings.catch_warnings():
        # about joblib: the service itself has written this file
        warnings.simplefilter("ignore", ModelFileWarning)
        model = load(source.path, format=source.format, trusted=source.trusted)
    return TrainedModel(model, source.header)


def _silence_decoders():
    """Keep messages of native decoders out of the server's log; tracebacks still go there."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    warnings.simplefilter("ignore")
