"""Stateless steps run clip by clip: in parallel, cached, in flat memory."""

from contextlib import nullcontext
from functools import partial

import joblib
import numpy as np
from sklearn.base import TransformerMixin
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline, _name_estimators
from sklearn.utils import get_tags
from tqdm.auto import tqdm

from sk_ser._clipwise import KnowsItsParameters, contain, run_clip, settle_problems
from sk_ser._containers import check_items
from sk_ser.exceptions import AudioError
from sk_ser.features._store import ResultStore

#: Clips that are sent to a worker at a time, at most.
_CHUNK = 8


class _NotYet:
    """An attribute that is missing until an instance stores its own."""

    def __get__(self, instance, owner):
        raise AttributeError


class ClipPipeline(KnowsItsParameters, TransformerMixin, Pipeline):
    """Pipeline of steps that learn nothing, run one clip at a time.

    From the path (or waveform) of a clip to its sequence or vector. As no step
    learns, a clip's result does not depend on the clips beside it: nothing can leak
    from one fold into another in here, and a result computed once holds for every
    fold. A step that learns is refused; scalers, selectors and classifiers stand
    after it, in an ordinary :class:`~sklearn.pipeline.Pipeline`.

    Parameters
    ----------
    steps : list of (str, transformer)
        Such as :class:`~sk_ser.audio.AudioLoader`, descriptors,
        :class:`Delta`, :class:`Functionals`, or scikit-learn transformers that need
        no fit, such as :class:`~sklearn.preprocessing.Normalizer`.
    memory : str, Path, joblib.Memory or None, default=None
        Where to keep each clip's result, so that a search computes it once for each
        setting of these steps, and a later run not at all. Several processes may
        share it. Files are told by path, size and time of change.
    n_jobs : int or None, default=None
        Clips to work on at a time, as joblib counts them: None is 1, -1 all cores.
    verbose : bool, default=False
        Whether to show a progress bar with the time left.

    Attributes
    ----------
    named_steps : Bunch
        The steps by name.
    n_features_in_ : int
        Number of samples of each clip, if `fit` saw a 2-D array.

    See Also
    --------
    make_clip_pipeline : The same, with the names made up.

    Notes
    -----
    Memory holds the results, a few clips on their way and, with `memory`, at most
    128 MiB of results used lately.

    If the first step is an AudioLoader with ``on_error="raise"`` (the default) and
    some files cannot be read, all the others are computed (and kept in `memory`)
    before one :class:`~sk_ser.exceptions.AudioError` names every such file.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_ser.features import MFCC, ClipPipeline, Functionals
    >>> pipeline = ClipPipeline([("mfcc", MFCC(2)), ("functionals", Functionals())])
    >>> clips = [np.ones(8_000), np.ones(9_000)]
    >>> pipeline.set_output(transform="pandas").fit_transform(clips).round()
       mfcc_0__mean  mfcc_1__mean  mfcc_0__std  mfcc_1__std
    0        -387.0          32.0        160.0         39.0
    1        -395.0          30.0        155.0         38.0
    """

    # Pipeline has these as properties of its first step, which is left as it is here
    n_features_in_ = _NotYet()
    feature_names_in_ = _NotYet()
    transform_input = None

    def __init__(self, steps, *, memory=None, n_jobs=None, verbose=False):
        self.steps = steps
        self.memory = memory
        self.n_jobs = n_jobs
        self.verbose = verbose

    def fit(self, X, y=None):
        """Check X and the steps; there is nothing to learn.

        Parameters
        ----------
        X : array-like of length n_clips
            What the first step takes: paths, clips, an array of clips.
        y : None
            Ignored.

        Returns
        -------
        self
        """
        self._check_steps()
        check_items(self, X, self._takes, reset=True)
        return self

    def fit_transform(self, X, y=None):
        """Transform X, having checked it.

        Parameters
        ----------
        X : array-like of length n_clips
            What the first step takes.
        y : None
            Ignored.

        Returns
        -------
        ndarray of shape (n_clips, n_features), list of ndarray, or DataFrame
        """
        # X is checked once, and not twice, for a search comes by often
        return self._transform_items(X, reset=True)

    def transform(self, X):
        """Take each clip through all steps.

        Parameters
        ----------
        X : array-like of length n_clips
            What the first step takes.

        Returns
        -------
        ndarray of shape (n_clips, n_features), list of ndarray, or DataFrame
            What the last step makes of each clip, in the order of X.
        """
        return self._transform_items(X, reset=False)

    def transform_each(self, X):
        """Take each clip through all steps, whatever becomes of the others.

        For who must go on: nothing is raised for a clip, nor made up in its place.

        Parameters
        ----------
        X : array-like of length n_clips
            What the first step takes.

        Returns
        -------
        results : list of ndarray
            What the last step makes of each clip, in the order of X; None where it failed.
        problems : dict of int to str
            What was wrong, by the clip's place in X: why it cannot be read, or any other
            error, after the name of its class.

        Examples
        --------
        >>> import numpy as np
        >>> from sk_ser.audio import AudioLoader
        >>> from sk_ser.features import RMSEnergy, Functionals, make_clip_pipeline
        >>> front_end = make_clip_pipeline(AudioLoader(), RMSEnergy(), Functionals())
        >>> results, problems = front_end.transform_each([np.ones(800), "nowhere.wav"])
        >>> results[0].tolist(), results[1]
        ([0.625, 0.0], None)
        >>> problems
        {1: 'nowhere.wav: no such file. Check the path and the folder.'}
        """
        steps, items = self._check_steps(), check_items(self, X, self._takes)
        results = _Results(len(items), keep_list=True)
        problems = self._run(steps, items, results, catch=Exception)
        for position in problems:
            results.rows[position] = None
        return results.rows, problems

    def _transform_items(self, X, reset):
        steps = self._check_steps()
        items = check_items(self, X, self._takes, reset=reset)
        results = _Results(len(items))
        problems = self._run(steps, items, results)
        on_error = getattr(next(iter(steps), None), "on_error", "raise")
        settle_problems(list(problems.values()), on_error)
        return contain(self, results.rows, X)

    def _run(self, steps, items, results, catch=AudioError):
        """Fill in the results; return what went wrong by place, in the order of the items."""
        problems = {}
        with _open_store(self.memory, steps) as store:
            missing = _recall(store, items, results)
            with tqdm(total=len(missing), unit="clip", disable=not self.verbose) as bar:
                for position, key, result, problem in self._compute(steps, store, missing, catch):
                    bar.update()
                    if problem:
                        problems[position] = problem
                    elif key:
                        store.remember(key, result)
                    if result is not None:
                        results[position] = result
        return dict(sorted(problems.items()))

    def _compute(self, steps, store, missing, catch):
        n_workers = min(joblib.effective_n_jobs(self.n_jobs), len(missing))
        if n_workers <= 1:
            yield from _run_tasks(steps, store, missing, catch)
            return
        size = max(1, min(_CHUNK, len(missing) // (4 * n_workers)))
        chunks = [missing[start : start + size] for start in range(0, len(missing), size)]
        run = joblib.Parallel(n_jobs=n_workers, return_as="generator_unordered")
        tasks = (joblib.delayed(_run_chunk)(steps, store, chunk, catch) for chunk in chunks)
        for outcomes in run(tasks):
            yield from outcomes

    def transform_clip(self, item):
        """Take one item through all steps."""
        result, problem = run_clip(self._check_steps(), item, 0)
        settle_problems([problem] if problem else [], "raise")
        return result

    def _check_steps(self):
        """Raise on a step that could learn; return the others without their names."""
        if not self.steps:
            raise ValueError("ClipPipeline: steps is empty. Give it one step at least.")
        self._validate_steps()
        steps = [step for _, _, step in self._iter()]
        for name, step in self.steps:
            if step not in (None, "passthrough") and get_tags(step).requires_fit:
                raise TypeError(
                    f"ClipPipeline: step {name!r} ({type(step).__name__}) learns from the clips it "
                    "is fitted on. Put it after the ClipPipeline, in an ordinary Pipeline."
                )
        for step in steps:
            getattr(step, "check_params", lambda: None)()
        return steps

    @property
    def _takes(self):
        first = next((step for _, _, step in self._iter()), None)
        return getattr(first, "_takes", "clips")

    def get_feature_names_out(self, input_features=None):
        """Name the columns, from the first step's names on.

        Parameters
        ----------
        input_features : array-like of str, default=None
            What the first step's input is called.

        Returns
        -------
        ndarray of shape (n_features_out,)
        """
        names = input_features
        for _, _, step in self._iter():
            try:
                names = step.get_feature_names_out(names)
            except NotFittedError:
                # a stateless step of another package that keeps its columns
                continue
        return names

    def __sklearn_is_fitted__(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        steps = [step for _, _, step in self._iter()]
        if steps:
            tags.input_tags = get_tags(steps[0]).input_tags
            tags.transformer_tags = get_tags(steps[-1]).transformer_tags
        return tags


def make_clip_pipeline(*steps, memory=None, n_jobs=None, verbose=False):
    """Build a :class:`ClipPipeline`, naming its steps after their classes in lower case.

    Parameters
    ----------
    *steps : transformer
        As :class:`ClipPipeline` takes them, without names.
    memory : str, Path, joblib.Memory or None, default=None
        Where to keep each clip's result.
    n_jobs : int or None, default=None
        Clips to work on at a time.
    verbose : bool, default=False
        Whether to show a progress bar with the time left.

    Returns
    -------
    ClipPipeline

    Raises
    ------
    TypeError
        If a step learns.

    Examples
    --------
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> front_end = make_clip_pipeline(AudioLoader(16_000), MFCC(), Functionals())
    >>> [name for name, _ in front_end.steps]
    ['audioloader', 'mfcc', 'functionals']
    """
    pipeline = ClipPipeline(_name_estimators(steps), memory=memory, n_jobs=n_jobs, verbose=verbose)
    pipeline._check_steps()
    return pipeline


class _Results:
    """Results in the order of X; vectors go straight into the array that is returned."""

    def __init__(self, length, keep_list=False):
        self.rows = [None] * length
        self.keep_list = keep_list

    def __setitem__(self, position, result):
        if result.ndim == 1 and not hasattr(result, "stacks_with") and not self.keep_list:
            if isinstance(self.rows, list):
                self.rows = np.empty((len(self.rows), len(result)), dtype=result.dtype)
            self.rows[position] = result
        else:
            # what is kept in memory is not the caller's to write on
            self.rows[position] = result.copy()


def _open_store(memory, steps):
    return nullcontext() if memory is None else ResultStore(memory, steps)


def _recall(store, items, results):
    """Fill in what is kept; return position, key and item of what is to be computed."""
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


def _run_chunk(steps, store, tasks, catch):
    """Run tasks in a worker, which has a connection of its own to what is kept."""
    with nullcontext() if store is None else store.another() as own:
        return list(_run_tasks(steps, own, tasks, catch))


def _run_tasks(steps, store, tasks, catch):
    for position, key, item in tasks:
        compute = None if store is None else partial(store.compute, key)
        result, problem = run_clip(steps, item, position, compute=compute, catch=catch)
        yield position, key, result, problem
