"""The pipeline of stateless steps: from a clip to its sequence or vector."""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError
from sklearn.utils import Bunch, get_tags

from sk_ser._clipwise import contain, run_clip, settle_problems
from sk_ser._compat import StepsComposition
from sk_ser._containers import check_items
from sk_ser._estimators import name_steps
from sk_ser.features._clip_run import run_clips


class ClipPipeline(TransformerMixin, StepsComposition):
    """Run stateless steps one clip at a time, in parallel and with a cache.

    The steps lead from the path (or waveform) of a clip to its sequence or vector. No step
    learns, so a clip's result does not depend on the other clips: nothing can leak from one
    fold into another, and a result that was computed once holds for every fold. A step that
    learns is refused; put scalers, selectors and classifiers after it, in an ordinary
    :class:`~sklearn.pipeline.Pipeline`.

    Parameters
    ----------
    steps : list of (str, transformer)
        Such as :class:`~sk_ser.audio.AudioLoader`, descriptors, :class:`Delta`,
        :class:`Functionals`, or scikit-learn transformers that need no fit, such as
        :class:`~sklearn.preprocessing.Normalizer`. ``"passthrough"`` or None leaves a step
        out.
    memory : str, Path, joblib.Memory or None, default=None
        Folder of the cache of each clip's result. A search then computes a clip once for each
        setting of these steps, and a later run not at all. Several processes may share it.
        Files are identified by path, size, inode and times of change. The folder must be one that
        only its user can write to.
    n_jobs : int or None, default=None
        Number of clips to work on at a time, as joblib counts them: None is 1, -1 all cores.
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
    make_clip_pipeline : The same, with generated names.

    Notes
    -----
    It is not a :class:`~sklearn.pipeline.Pipeline`, so imbalanced-learn's takes it as a step.
    ``pipeline["mfcc"]`` and ``pipeline[1]`` are steps, ``pipeline[:2]`` is a ClipPipeline of two.

    In memory are the results, a few clips in progress and, with `memory`, at most 128 MiB of
    recently used results.

    If the first step is an AudioLoader with ``on_error="raise"`` (the default) and some files
    cannot be read, all the others are computed (and kept in `memory`) before one
    :class:`~sk_ser.exceptions.AudioError` names every such file.

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

    def __init__(self, steps, *, memory=None, n_jobs: int | None = None, verbose: bool = False):
        self.steps = steps
        self.memory = memory
        self.n_jobs = n_jobs
        self.verbose = verbose

    @property
    def named_steps(self) -> Bunch:
        """The steps by name."""
        return Bunch(**dict(self.steps))

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, key):
        """Return the step of a name or position, or a ClipPipeline of a slice of the steps."""
        if not isinstance(key, slice):
            return self.named_steps[key] if isinstance(key, str) else self.steps[key][1]
        if key.step not in (1, None):
            raise ValueError("ClipPipeline: a slice of its steps must have a step of 1.")
        return type(self)(**self.get_params(deep=False) | {"steps": self.steps[key]})

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Validate X and the steps. Nothing is learnt.

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
        steps = self._check_steps()
        self._note_rates(steps, check_items(self, X, self.takes, reset=True))
        return self

    @staticmethod
    def _note_rates(steps, items):
        """Let a loader that keeps the rates of its clips warn of others."""
        if steps and hasattr(steps[0], "note_rates"):
            steps[0].note_rates(items)

    def fit_transform(self, X: ArrayLike, y: ArrayLike | None = None) -> ArrayLike:
        """Validate X once and transform it.

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
        return self._transform_items(X, reset=True)

    def transform(self, X: ArrayLike) -> ArrayLike:
        """Run each clip through all steps.

        Parameters
        ----------
        X : array-like of length n_clips
            What the first step takes.

        Returns
        -------
        ndarray of shape (n_clips, n_features), list of ndarray, or DataFrame
            Result of the last step for each clip, in the order of X.
        """
        return self._transform_items(X, reset=False)

    def transform_each(self, X: ArrayLike) -> tuple[list, dict[int, Exception]]:
        """Run each clip through all steps, and report failures per clip instead of raising.

        Parameters
        ----------
        X : array-like of length n_clips
            What the first step takes.

        Returns
        -------
        results : list of ndarray
            Result of the last step for each clip, in the order of X; None where it failed.
        problems : dict of int to Exception
            The error of each clip that failed, by its position in X: an
            :class:`~sk_ser.exceptions.AudioError`, with path, reason and remedy as attributes,
            if it cannot be read; otherwise what a step raised.

        Examples
        --------
        >>> import numpy as np
        >>> from sk_ser.audio import AudioLoader
        >>> from sk_ser.features import RMSEnergy, Functionals, make_clip_pipeline
        >>> front_end = make_clip_pipeline(AudioLoader(), RMSEnergy(), Functionals())
        >>> results, problems = front_end.transform_each([np.sin(np.arange(800)), "nowhere.wav"])
        >>> results[0].round(1).shape, results[1]
        ((2,), None)
        >>> problems[1].path, problems[1].reason
        ('nowhere.wav', 'no such file')
        """
        return self._run(X, each=True)

    def _run(self, X, *, each=False, reset=False):
        steps, items = self._check_steps(), check_items(self, X, self.takes, reset=reset)
        if reset:
            self._note_rates(steps, items)
        settings = {"memory": self.memory, "n_jobs": self.n_jobs, "verbose": self.verbose}
        return run_clips(steps, items, each=each, **settings)

    def _transform_items(self, X, reset):
        results, problems = self._run(X, reset=reset)
        on_error = getattr(next(iter(self._active_steps()), None), "on_error", "raise")
        settle_problems(list(problems.values()), on_error)
        return contain(self, results, X)

    def transform_clip(self, item: ArrayLike | str | Path) -> np.ndarray:
        """Run one item through all steps."""
        result, problem = run_clip(self._check_steps(), item, 0)
        settle_problems([problem] if problem else [], "raise")
        return result

    def _active_steps(self):
        return [step for _, step in self.steps if step not in (None, "passthrough")]

    def _check_steps(self):
        """Validate the steps and their parameters; return the active ones."""
        if not self.steps:
            raise ValueError("ClipPipeline: steps is empty. Give it one step at least.")
        self.check_names()
        for name, step in self.steps:
            if step not in (None, "passthrough"):
                _check_step(name, step)
        return self._active_steps()

    @property
    def takes(self):
        return getattr(next(iter(self._active_steps()), None), "takes", "clips")

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> np.ndarray:
        """Name the columns.

        Parameters
        ----------
        input_features : array-like of str, default=None
            Names of the first step's input.

        Returns
        -------
        ndarray of shape (n_features_out,)
        """
        names = input_features
        for step in self._active_steps():
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
        steps = self._active_steps()
        if steps:
            tags.input_tags = get_tags(steps[0]).input_tags
            tags.transformer_tags = get_tags(steps[-1]).transformer_tags
        return tags


def _check_step(name, step):
    """Raise TypeError unless a step is a stateless transformer; validate its parameters."""
    label = f"ClipPipeline: step {name!r}"
    if isinstance(step, type) or not (hasattr(step, "fit") and hasattr(step, "transform")):
        raise TypeError(
            f"{label} is {step!r}, which is not a transformer. Give an instance with fit and "
            'transform, "passthrough" or None.'
        )
    if get_tags(step).requires_fit:
        raise TypeError(
            f"{label} ({type(step).__name__}) learns from the clips it is fitted on. Put it after "
            "the ClipPipeline, in an ordinary Pipeline."
        )
    if hasattr(step, "check_params"):
        step.check_params()


def make_clip_pipeline(
    *steps: BaseEstimator, memory: object = None, n_jobs: int | None = None, verbose: bool = False
) -> ClipPipeline:
    """Build a :class:`ClipPipeline` whose steps are named after their classes in lower case.

    Parameters
    ----------
    *steps : transformer
        As :class:`ClipPipeline` takes them, without names.
    memory : str, Path, joblib.Memory or None, default=None
        Folder of the cache of each clip's result.
    n_jobs : int or None, default=None
        Number of clips to work on at a time.
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
    pipeline = ClipPipeline(name_steps(steps), memory=memory, n_jobs=n_jobs, verbose=verbose)
    pipeline._check_steps()
    return pipeline
