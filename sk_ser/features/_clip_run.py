"""Run clips through stateless steps: in parallel, with a cache, in flat memory."""

from copy import copy

import numpy as np
from tqdm.auto import tqdm

from sk_ser._clipwise import run_clip
from sk_ser._parallel import count_workers, portable_error, run_tasks
from sk_ser.exceptions import AudioError
from sk_ser.features._store import ResultStore

#: Largest number of clips that a worker gets at a time.
_CHUNK = 8


def run_clips(steps, items, *, each, memory, n_jobs, verbose):
    """Compute the result of each clip.

    Parameters
    ----------
    steps : list of transformers
        Stateless.
    items : list of str, Path or ndarray
        Paths or clips.
    each : bool
        Whether results are kept in a list, None for those that failed, and errors of any type
        are reported. Otherwise vectors are written straight into the array to be returned, and
        errors are raised except an AudioError.
    memory, n_jobs, verbose
        As :class:`ClipPipeline` takes them.

    Returns
    -------
    results : list of ndarray, or ndarray of shape (n_clips, n_features)
        In the order of the items.
    problems : dict of int to Exception
        The error of each clip that failed, by position, in the order of the items.
    """
    problems, catch = {}, Exception if each else AudioError
    with ResultStore(memory, steps) as store:
        results, missing = _recall(store, items, each)
        with tqdm(total=len(missing), unit="clip", disable=not verbose) as bar:
            for position, key, result, problem in _compute(store, missing, n_jobs, catch):
                bar.update()
                if problem:
                    problems[position] = problem
                else:
                    store.remember(key, result)
                if result is not None and not (problem and each):
                    results = _put(results, position, result, each)
    return results, dict(sorted(problems.items()))


def _recall(store, items, each):
    """Fill in cached results; return position, key and item of those to be computed as well."""
    results, missing = [None] * len(items), []
    for position, item in enumerate(items):
        key = store.key(item)
        known = store.recall(key)
        if known is None:
            missing.append((position, key, item))
        else:
            results = _put(results, position, known, each)
    return results, missing


def _put(results, position, result, each):
    """Store a result, and return the results: an array as soon as there is a vector."""
    if each or result.ndim != 1 or hasattr(result, "stacks_with"):
        # a copy, since the caller may write to it and the cache must not change
        results[position] = result.copy()
        return results
    if isinstance(results, list):
        results = np.empty((len(results), len(result)), dtype=result.dtype)
    results[position] = result
    return results


def _compute(store, missing, n_jobs, catch):
    n_workers = min(count_workers(n_jobs), len(missing))
    if n_workers <= 1:
        yield from _run_each(store, missing, catch)
        return
    size = max(1, min(_CHUNK, len(missing) // (4 * n_workers)))
    chunks = [missing[start : start + size] for start in range(0, len(missing), size)]
    tasks = [(store, chunk, catch) for chunk in chunks]
    for _, outcomes in run_tasks(_run_chunk, tasks, n_jobs=n_workers):
        yield from outcomes


def _run_chunk(store, tasks, catch):
    """Run tasks in a worker, which connects to the cache by itself."""
    with copy(store) as own:
        outcomes = list(_run_each(own, tasks, catch))
    return [(*outcome, portable_error(problem)) for *outcome, problem in outcomes]


def _run_each(store, tasks, catch):
    for position, key, item in tasks:
        result, problem = run_clip(store.steps, item, position, catch=catch)
        if problem is None:
            store.write(key, result)
        yield position, key, result, problem
