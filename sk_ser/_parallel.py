"""Run tasks on several cores or machines; repeat those of workers that died."""

import pickle
import sys
import warnings
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import nullcontext

from joblib import effective_n_jobs, parallel_config
from joblib.parallel import get_active_backend
from sklearn.utils.parallel import Parallel, delayed

#: Number of attempts at tasks whose worker died.
_ATTEMPTS = 5
#: Errors of other packages' backends when a worker died, by name, since importing them is slow.
_DEATHS = {"KilledWorker", "CommClosedError", "ActorDiedError", "RayActorError"}
#: Module of joblib's own backends, which share this machine's cores.
_OWN_BACKENDS = "joblib._parallel_backends"


def count_workers(n_jobs):
    """Return the number of tasks that run at a time.

    Within a task of a Dask worker it is 1. Distributing parts of each fit of a search over the
    cluster takes several times as long as computing them.
    """
    return 1 if _is_within_dask() else effective_n_jobs(n_jobs)


def run_tasks(function, tasks, *, n_jobs):
    """Run tasks on the backend of :func:`joblib.parallel_config`; repeat lost ones.

    If a worker dies (out of memory, killed, a machine switched off), joblib ends with an error.
    Here, finished results are kept and the other tasks are run again.

    Parameters
    ----------
    function : callable
        Called on each task. Its errors end the run, except for the death of a worker.
    tasks : iterable of tuple
        Arguments of each call.
    n_jobs : int or None
        As joblib counts them.

    Yields
    ------
    number : int
        Number of the task, from 0.
    result : object
        Its result. Results come in order of completion, or in the order of the tasks if the
        backend returns all at once, as Ray's does.

    Warns
    -----
    RuntimeWarning
        If a worker died.
    """
    left = dict(enumerate(tasks))
    if count_workers(n_jobs) == 1:
        yield from ((number, function(*task)) for number, task in left.items())
        return
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            for number, result in _distribute(function, left, n_jobs):
                del left[number]
                yield number, result
            return
        except Exception as error:
            if not _is_death(error) or attempt == _ATTEMPTS:
                raise
            _warn(error, f"{len(left)} tasks")


def run_in_order(function, tasks, *, n_jobs):
    """Run tasks as :func:`run_tasks` does; return the results in the tasks' order."""
    results = sorted(run_tasks(function, tasks, n_jobs=n_jobs), key=lambda pair: pair[0])
    return [result for _, result in results]


def persist(function, *args, **kwargs):
    """Call a function that runs tasks itself; call it again if one of its workers died."""
    for _ in range(1, _ATTEMPTS):
        try:
            return function(*args, **kwargs)
        except Exception as error:
            if not _is_death(error):
                raise
            _warn(error, "all of it")
    return function(*args, **kwargs)


def _distribute(function, tasks, n_jobs):
    # A task stays a tuple. joblib would store a separate array on one Dask worker, where it is lost
    # if the worker dies; Dask resends what is part of the task.
    backend, _ = get_active_backend()
    # other packages' backends would distribute nested parallelism over all machines again
    is_alone = type(backend).__module__ != _OWN_BACKENDS
    order = "generator_unordered" if backend.supports_return_generator else "list"
    calls = (
        delayed(_call)(function, number, task, is_alone) for number, task in list(tasks.items())
    )
    return Parallel(n_jobs=n_jobs, return_as=order)(calls)


def _call(function, number, task, is_alone):
    with parallel_config(backend="sequential") if is_alone else nullcontext():
        return number, function(*task)


def _is_within_dask():
    try:
        sys.modules["distributed"].get_worker()
    except (AttributeError, KeyError, ValueError):
        return False
    return True


def _is_death(error):
    return isinstance(error, (BrokenExecutor, CancelledError)) or type(error).__name__ in _DEATHS


def _warn(error, what):
    warnings.warn(
        f"A worker died ({type(error).__name__}): {what} will be run again.",
        RuntimeWarning,
        stacklevel=3,
    )


def portable_error(error):
    """Return an error, or its text if it cannot be sent to another process.

    Parameters
    ----------
    error : Exception or None

    Returns
    -------
    Exception or None
        A RuntimeError that names the class, if the error cannot be pickled and unpickled.
    """
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made by this process
    # pickling runs the error's own code, which may raise anything
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
