"""Search spaces for Optuna, and studies in files.

The search itself is :class:`optuna_integration.OptunaSearchCV`: it takes any estimator, the space
of :func:`make_search_space`, folds by speaker, and a study of :func:`open_study`.
"""

import time
import warnings
from pathlib import Path
from secrets import randbelow
from uuid import uuid4

import numpy as np
from sklearn.base import BaseEstimator

from sk_ser._estimators import parts_of
from sk_ser._optional import import_optional
from sk_ser.baselines import baseline_names, get_baseline

__all__ = ["make_search_space", "open_study"]

#: How often a database is opened while another process creates it, and the seconds in between.
_ATTEMPTS, _PAUSE = 10, 0.5
#: What is tuned beside the search spaces of the baselines.
_AUGMENTATION = {"AugmentedClassifier": {"n_copies": ("int", 0, 4)}}
_FRONT_ENDS = {
    "AudioLoader": {"trim": ("choice", None, 20.0, 30.0, 40.0)},
    "MFCC": {"n_mfcc": ("int", 13, 40)},
    "MelSpectrogram": {"n_mels": ("int", 26, 80)},
    "Functionals": {"min_level": ("choice", None, 20.0, 30.0, 40.0)},
}


def make_search_space(estimator: BaseEstimator, *, front_end: bool = False) -> dict:
    """Make the search space of an estimator for Optuna: parameters and their bounds.

    Parameters
    ----------
    estimator : estimator
        An estimator that has a search space, such as an SVC, an
        :class:`~sk_ser.classifiers.XGBoostClassifier`, a net of :mod:`sk_ser.neural`, an
        :class:`~sk_ser.augmentation.AugmentedClassifier` or what a registered
        :class:`~sk_ser.baselines.Baseline` declares; or a pipeline, vote or other estimator
        that contains one.
    front_end : bool, default=False
        Whether to tune the front end as well: trimming, numbers of MFCC and mel bands, and the
        level below which frames are left out.

    Returns
    -------
    dict of str to optuna.distributions.BaseDistribution
        By the full name of the parameter, such as ``svc__C``. It may be changed.

    Raises
    ------
    ValueError
        If no part of the estimator has a search space.

    Notes
    -----
    A subclass has the search space of its base class. Sizes of layers are not tuned, because they
    are tuples, which the storages of Optuna cannot keep; nor is the ``gamma`` of an SVC, whose
    default ``"scale"`` suits any number of features.

    Examples
    --------
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.features import make_front_end
    >>> from sk_ser.tuning import make_search_space
    >>> make_search_space(make_svm())
    {'svc__C': FloatDistribution(high=100.0, log=True, low=0.01, step=None)}
    >>> space = make_search_space(make_svm(make_front_end()), front_end=True)
    >>> sorted(space)[:2]
    ['clippipeline__audioloader__trim', 'clippipeline__frameunion__melspectrogram__n_mels']
    """
    known, space = _AUGMENTATION | (_FRONT_ENDS if front_end else {}), {}
    for baseline in baseline_names():
        known |= get_baseline(baseline).search_space
    for prefix, part in parts_of(estimator).items():
        names = (cls.__name__ for cls in type(part).__mro__)
        own = next((known[name] for name in names if name in known), {})
        if "n_mfcc" in own:
            # no more than the mel bands
            kind, low, high = own["n_mfcc"]
            own = {**own, "n_mfcc": (kind, low, max(low, min(high, part.n_mels)))}
        for name, spec in own.items():
            space[f"{prefix}__{name}".removeprefix("__")] = _distribution(spec)
    if not space:
        raise ValueError(
            f"make_search_space: no part of {type(estimator).__name__} has a search space. Known "
            f"are {', '.join(known)}. Write a dict of distributions for other estimators."
        )
    return space


def _distribution(spec):
    if not isinstance(spec, (tuple, list)):
        return spec
    distributions = import_optional(
        "optuna.distributions", extra="tune", purpose="make_search_space"
    )
    kind, *values = spec
    if kind == "choice":
        return distributions.CategoricalDistribution(values)
    cls = distributions.FloatDistribution if kind == "float" else distributions.IntDistribution
    low, high, *scale = values
    return cls(low, high, log=scale == ["log"])


def open_study(
    path: str | Path,
    *,
    name: str = "sk_ser",
    random_state: int | np.random.RandomState | None = None,
    heartbeat: int = 20,
) -> object:
    """Open a study in a file, which several processes can share and which survives a crash.

    Parameters
    ----------
    path : str or Path
        SQLite database, which is created if it does not exist, and which any number of
        processes on one machine can open. For several machines: a file ``*.journal`` in a shared
        folder, which network drives can lock, or the URL of a database server, such as
        ``"postgresql://user@host/studies"``. ``"sqlite://"`` keeps the study in memory.
    name : str, default="sk_ser"
        Name of the study in the file.
    random_state : int or None, default=None
        Seed of the sampler. Each process that opens the study derives a different seed from
        it, so that processes do not try the same values.
    heartbeat : int, default=20
        Interval in seconds in which a running trial updates its heartbeat. A trial without a
        heartbeat for three intervals is marked as failed when the next trial begins. A journal
        has no heartbeat: an interrupted trial stays in it as running.

    Returns
    -------
    optuna.study.Study
        It maximises, samples by TPE [1]_, and prunes trials below the median of the others.

    Notes
    -----
    Each trial is committed when it ends, so no finished trial is lost when a process ends. No
    connection to the database stays open between queries.

    References
    ----------
    .. [1] J. Bergstra et al., "Algorithms for hyper-parameter optimization", NIPS 2011.

    Examples
    --------
    >>> import tempfile
    >>> from sk_ser.tuning import open_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     study = open_study(f"{folder}/study.db", random_state=0)
    ...     study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    ...     again = open_study(f"{folder}/study.db", random_state=0)
    ...     len(again.trials)
    2
    """
    optuna = import_optional("optuna", extra="tune", purpose="open_study")
    with warnings.catch_warnings():
        # heartbeat and constant_liar are experimental in Optuna
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        storage = _open_storage(optuna.storages, path, heartbeat)
        study = optuna.create_study(
            study_name=name, storage=storage, direction="maximize", load_if_exists=True
        )
        seed = None if random_state is None else random_state + _number_process(study)
        study.sampler = optuna.samplers.TPESampler(seed=seed, constant_liar=True)
        study.pruner = optuna.pruners.MedianPruner(n_startup_trials=5)
    return study


def _number_process(study):
    """Choose a number, from 0, that no other process on the study has.

    Two processes may choose the same number at the same time. Each reads the numbers again
    after it has written its own, and chooses another one if the number is taken.
    """
    me = f"process {uuid4().hex}"
    numbers = _numbers_of_others(study, me)
    number = max(numbers, default=-1) + 1
    while True:
        study.set_user_attr(me, number)
        numbers = _numbers_of_others(study, me)
        if number not in numbers:
            return number
        # by a random step, because the other process may choose again, too
        number = max(numbers) + 1 + randbelow(999)


def _numbers_of_others(study, me):
    attributes = study.user_attrs.items()
    return {value for name, value in attributes if name.startswith("process ") and name != me}


def _open_storage(storages, path, heartbeat):
    """Open a database server, a journal, an SQLite file, or a study in memory."""
    if str(path) in ("sqlite://", "sqlite:///:memory:"):
        return storages.InMemoryStorage()
    options = {"heartbeat_interval": heartbeat, "grace_period": 3 * heartbeat}
    if "://" in str(path):
        return _open_database(storages, str(path), {}, options)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".journal":
        # a lock file, because NFS does not support all other locks
        lock = storages.journal.JournalFileOpenLock(str(path))
        return storages.JournalStorage(storages.journal.JournalFileBackend(str(path), lock))
    return _open_database(storages, f"sqlite:///{path}", {"timeout": 60}, options)


def _open_database(storages, url, connect_args, options):
    """Open a database; try again while another process creates its tables."""
    from sqlalchemy.exc import IntegrityError, OperationalError
    from sqlalchemy.pool import NullPool

    # a pool would keep connections open for as long as the study exists
    engine = {"poolclass": NullPool, "connect_args": connect_args}
    for _ in range(_ATTEMPTS - 1):
        try:
            return storages.RDBStorage(url, engine_kwargs=engine, **options)
        except (IntegrityError, OperationalError):
            time.sleep(_PAUSE)
    return storages.RDBStorage(url, engine_kwargs=engine, **options)
