"""The one list of baselines, and how others add to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from sk_ser.baselines import _declared

if TYPE_CHECKING:  # the command line's help does not wait for scikit-learn
    from sklearn.base import BaseEstimator
    from sklearn.pipeline import Pipeline


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """A model that is offered by name.

    Parameters
    ----------
    name : str
        Name of the baseline, such as ``"svm"``.
    make : callable or str
        Called as ``make(front_end, random_state=..., **params)``; returns a
        :class:`~sklearn.pipeline.Pipeline` whose first step is the front end. A str names the
        callable as ``"module:name"`` and is imported when the baseline is made.
    front_end : callable or str
        Called as ``front_end(memory=...)``; returns what turns paths into the input of the model,
        such as :func:`~sk_ser.features.make_front_end`. A str as for `make`.
    params : mapping, default={}
        Further arguments of `make`.
    grid : mapping, default={}
        Parameters of the pipeline, and the values that are tried within each training set. Empty:
        nothing is tuned.
    search_space : mapping, default={}
        What :func:`~sk_ser.tuning.make_search_space` tunes: by the name of an estimator's class,
        a mapping from its parameters to Optuna's distributions, or to ``("float", low, high)``,
        ``("int", low, high)``, both with a fourth item ``"log"`` for a logarithmic scale, or
        ``("choice", *values)``.
    extra : str or None, default=None
        The extra of sk_ser that the baseline needs, such as ``"neural"``.
    tasks : tuple of str, default=("classification",)
        What the baseline can predict.
    trusted : tuple of (str, type or function), default=()
        What its models hold that belongs neither to this package nor to scikit-learn, as
        :func:`~sk_ser.persistence.save` takes it. It has to be named again when a model is
        loaded.

    Examples
    --------
    >>> from sk_ser.baselines import get_baseline
    >>> svm = get_baseline("svm")
    >>> svm.grid
    {'svc__C': [0.3, 1.0, 3.0]}
    >>> [name for name, _ in svm.make_pipeline(C=2.0).steps]
    ['simpleimputer', 'standardscaler', 'svc']
    """

    name: str
    make: Callable | str
    front_end: Callable | str
    params: Mapping[str, Any] = field(default_factory=dict)
    grid: Mapping[str, list] = field(default_factory=dict)
    search_space: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    extra: str | None = None
    tasks: tuple[str, ...] = ("classification",)
    trusted: tuple = ()

    def make_front_end(self, *, memory: object = None) -> "BaseEstimator":
        """Make the front end.

        Parameters
        ----------
        memory : str, Path, joblib.Memory or None, default=None
            Where to keep each clip's features.

        Returns
        -------
        transformer
        """
        return _resolve(self.front_end)(memory=memory)

    def make_pipeline(
        self, front_end: "BaseEstimator | None" = None, **params: object
    ) -> "Pipeline":
        """Make the model, without tuning.

        Parameters
        ----------
        front_end : transformer or None, default=None
            First step. None: the pipeline takes what the front end would return.
        **params
            Arguments of `make`; they replace those in `params`.

        Returns
        -------
        Pipeline
        """
        return _resolve(self.make)(front_end, **{**self.params, **params})


def _resolve(function):
    return resolve_name(function) if isinstance(function, str) else function


_BASELINES = {one["name"]: Baseline(**one) for one in _declared.BASELINES}


def register_baseline(baseline: Baseline) -> Baseline:
    """Offer a baseline by its name, in this process.

    Parameters
    ----------
    baseline : Baseline
        Its name must be new.

    Returns
    -------
    Baseline
        The same.

    Raises
    ------
    TypeError
        If it is no Baseline.
    ValueError
        If a baseline has this name.

    See Also
    --------
    make_baseline : Makes it.

    Notes
    -----
    The command line loads the entry points of the group ``sk_ser``: a package whose entry point
    calls this function adds its baselines to ``sk-ser train`` and ``sk-ser benchmark``.

    Examples
    --------
    >>> from sk_ser.baselines import Baseline, baseline_names, register_baseline
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.features import make_front_end
    >>> rbf = Baseline(
    ...     name="rbf-svm", make=make_svm, params={"kernel": "rbf"}, front_end=make_front_end
    ... )
    >>> rbf = register_baseline(rbf)
    >>> "rbf-svm" in baseline_names()
    True
    """
    if not isinstance(baseline, Baseline):
        raise TypeError(
            f"register_baseline: {baseline!r} must be a Baseline, and is a "
            f"{type(baseline).__name__}."
        )
    if baseline.name in _BASELINES:
        raise ValueError(
            f"register_baseline: a baseline has the name {baseline.name!r}. Choose a new name."
        )
    _BASELINES[baseline.name] = baseline
    return baseline


def baseline_names(task: str | None = None) -> list[str]:
    """List the names of the baselines.

    Parameters
    ----------
    task : str or None, default=None
        Only those that can predict this, such as ``"classification"``. None: all.

    Returns
    -------
    list of str
        In the order of their registration.

    Examples
    --------
    >>> from sk_ser.baselines import baseline_names
    >>> baseline_names()[:7]
    ['svm', 'xgboost', 'cnn', 'lstm', 'bilstm', 'gru', 'dense']
    """
    return [name for name, one in _BASELINES.items() if task is None or task in one.tasks]


def get_baseline(name: str) -> Baseline:
    """Look a baseline up.

    Parameters
    ----------
    name : str or Baseline
        One of :func:`baseline_names`. A Baseline is returned as it is.

    Returns
    -------
    Baseline

    Raises
    ------
    ValueError
        If no baseline has this name.

    Examples
    --------
    >>> from sk_ser.baselines import get_baseline
    >>> get_baseline("cnn").extra
    'neural'
    """
    if isinstance(name, Baseline):
        return name
    if name not in _BASELINES:
        raise ValueError(f"the baseline {name!r} is not known. Choose from {baseline_names()}.")
    return _BASELINES[name]
