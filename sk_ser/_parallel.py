"""Tasks on several cores or machines, any of which may die."""

import sys
import warnings
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import nullcontext

from joblib import effective_n_jobs, parallel_config
from joblib.parallel import get_active_backend
from sklearn.utils.parallel import Parallel, delayed

#: How often tasks are tried, where it is their worker that died, and not they that failed.
_ATTEMPTS = 5
#: What backends of other packages raise of a worker that died, by name: importing them takes long.
_DEATHS = {"KilledWorker", "CommClosedError", "ActorDiedError", "RayActorError"}
#: Where joblib keeps its own backends, which know how to share this machine's cores.
_OWN_BACKENDS = "joblib._parallel_backends"


def count_workers(n_jobs):
    """Count the tasks that run at a time.

    Within a task of a Dask worker it is one: it could give out parts of it to the whole
    cluster, and that of each fit of a search takes several times as long as doing it.
    """
    return 1 if _is_within_dask() else effective_n_jobs(n_jobs)


def run_tasks(function, tasks, *, n_jobs):
    """Run tasks wherever :func:`joblib.parallel_config` says, and lose none.

    A worker that dies (out of memory, killed, a machine switched off) takes with it what it
    was given, and joblib then ends with an error. What was done by then is kept here, and
    the rest is given out again.

    Parameters
    ----------
    function : callable
        Called on each task; what it raises ends everything, unless it is a worker's death.
    tasks : iterable of tuple
        Arguments of each call.
    n_jobs : int or None
        As joblib counts them.

    Yields
    ------
    number : int
        Of the task, from 0.
    result : object
        Its result, in the order in which they come; in the tasks' own where the backend
        gives results all at once, as Ray's.

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
            for number, result in _give_out(function, left, n_jobs):
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
    """Call what is parallel within, and call it again where a worker of it died."""
    for _ in range(1, _ATTEMPTS):
        try:
            return function(*args, **kwargs)
        except Exception as error:
            if not _is_death(error):
                raise
            _warn(error, "all of it")
    return function(*args, **kwargs)


def _give_out(function, tasks, n_jobs):
    # a task stays a tuple: an array of its own joblib would put on one Dask worker, to be lost
    # with it, whereas Dask gives out again what came with the task
    backend, _ = get_active_backend()
    # another package's would give out what is parallel within a task to all machines once more
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
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return False
    try:
        distributed.get_worker()
    except ValueError:
        return False
    return True


def _is_death(error):
    is_known = isinstance(error, (BrokenExecutor, CancelledError))
    return is_known or type(error).__name__ in _DEATHS


def _warn(error, what):
    warnings.warn(
        f"A worker died ({type(error).__name__}): {what} will be run again.",
        RuntimeWarning,
        stacklevel=3,
    )
