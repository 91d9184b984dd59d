"""Run clips through stateless steps: in parallel, with a cache, in flat memory."""

import pickle
from contextlib import nullcontext
from functools import partial

import numpy as np
from tqdm.auto import tqdm

from sk_ser._clipwise import run_clip
from sk_ser._parallel import count_workers, run_tasks
from sk_ser.exceptions import AudioError
from sk_ser.features._store import ResultStore

#: Largest number of clips that a worker gets at a time.
_CHUNK = 8


class Results:
    """Results in the order of X; vectors are written straight into the array to be returned.

    Parameters
    ----------
    length : int
        Number of clips.
    keep_list : bool, default=False
        Whether to keep vectors in a list as well.
    """

    def __init__(self, length, keep_list=False):
        self.rows = [None] * length
        self.keep_list = keep_list

    def __setitem__(self, position, result):
        if result.ndim == 1 and not hasattr(result, "stacks_with") and not self.keep_list:
            if isinstance(self.rows, list):
                self.rows = np.empty((len(self.rows), len(result)), dtype=result.dtype)
            self.rows[position] = result
        else:
            # a copy, since the caller may write to it and the cache must not change
            self.rows[position] = result.copy()


def run_clips(steps, items, results, *, memory, n_jobs, verbose, catch=AudioError):
    """Fill in the result of each clip.

    Parameters
    ----------
    steps : list of transformers
        Stateless.
    items : list of str, Path or ndarray
        Paths or clips.
    results : Results
        Is filled in.
    memory, n_jobs, verbose
        As :class:`ClipPipeline` takes them.
    catch : type, default=AudioError
        Errors that do not end the run; others are raised.

    Returns
    -------
    dict of int to Exception
        The error of each clip that failed, by position, in the order of the items.
    """
    problems = {}
    with nullcontext() if memory is None else ResultStore(memory, steps) as store:
        missing = _recall(store, items, results)
        with tqdm(total=len(missing), unit="clip", disable=not verbose) as bar:
            for position, key, result, problem in _compute(steps, store, missing, n_jobs, catch):
                bar.update()
                if problem:
                    problems[position] = problem
                elif key:
                    store.remember(key, result)
                if result is not None:
                    results[position] = result
    return dict(sorted(problems.items()))


def _recall(store, items, results):
    """Fill in cached results; return position, key and item of those to be computed."""
    if store is None:
        return [(position, None, item) for position, item in enumerate(items)]
    missing = []
    for position, item in enumerate(items):
        key = store.key(item)
        known = store.recall(key)
        if known is None:
            missing.append((position, key, item))
        else:
            results[position] = known
    return missing


def _compute(steps, store, missing, n_jobs, catch):
    n_workers = min(count_workers(n_jobs), len(missing))
    if n_workers <= 1:
        yield from _run_each(steps, store, missing, catch)
        return
    size = max(1, min(_CHUNK, len(missing) // (4 * n_workers)))
    chunks = [missing[start : start + size] for start in range(0, len(missing), size)]
    tasks = [(steps, store, chunk, catch) for chunk in chunks]
    for _, outcomes in run_tasks(_run_chunk, tasks, n_jobs=n_workers):
        yield from outcomes


def _run_chunk(steps, store, tasks, catch):
    """Run tasks in a worker, which connects to the cache by itself."""
    with nullcontext() if store is None else store.another() as own:
        outcomes = list(_run_each(steps, own, tasks, catch))
    return [(*outcome, _portable(problem)) for *outcome, problem in outcomes]


def _run_each(steps, store, tasks, catch):
    for position, key, item in tasks:
        compute = None if store is None else partial(store.compute, key)
        result, problem = run_clip(steps, item, position, compute=compute, catch=catch)
        yield position, key, result, problem


def _portable(error):
    """Replace an error that cannot be pickled by one that can."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
