"""Search spaces for Optuna, and a study that outlives the process it runs in.

The search itself is :class:`optuna_integration.OptunaSearchCV`, as it is: it takes any
estimator, the space of :func:`make_search_space`, folds of speakers, and a study of
:func:`open_study`.
"""

import time
import warnings
from pathlib import Path
from random import Random
from uuid import uuid4

from sk_ser._optional import import_optional

__all__ = ["make_search_space", "open_study"]

#: How often a database is opened that another process is making, and the seconds between.
_ATTEMPTS, _PAUSE = 10, 0.5
# Each parameter: name, kind, and choices or bounds; "log" where orders of magnitude count alike
_TRAINING = [
    ("learning_rate", "float", 3e-4, 1e-2, "log"),
    ("weight_decay", "float", 1e-4, 1e-1, "log"),
    ("batch_size", "int", 16, 64, "log"),
    ("dropout", "float", 0.0, 0.5),
    ("label_smoothing", "float", 0.0, 0.2),
    ("mixup", "float", 0.0, 0.4),
]
_SEQUENCES = [*_TRAINING, ("head_dropout", "float", 0.0, 0.6)]
_RECURRENT = [
    *_SEQUENCES,
    ("hidden_size", "int", 32, 256, "log"),
    ("n_layers", "int", 1, 2),
    ("bidirectional", "choice", False, True),
    ("pooling", "choice", "last", "mean", "max", "attention"),
]
#: What is tuned of a classifier, or of what is around one, by the name of its class: nothing that
#: is not used needs to be installed.
_CLASSIFIERS = {
    "SVC": [("C", "float", 1e-2, 1e2, "log")],
    "XGBoostClassifier": [
        ("n_estimators", "int", 50, 500, "log"),
        ("learning_rate", "float", 0.02, 0.5, "log"),
        ("max_depth", "int", 2, 8),
        ("min_child_weight", "float", 0.5, 10.0, "log"),
        ("subsample", "float", 0.5, 1.0),
        ("colsample_bytree", "float", 0.02, 1.0, "log"),
        ("reg_lambda", "float", 0.1, 30.0, "log"),
    ],
    "CNNClassifier": [
        *_SEQUENCES,
        ("kernel_size", "choice", 3, 5, 7, 9),
        ("pooling", "choice", "mean", "max", "attention"),
    ],
    "LSTMClassifier": _RECURRENT,
    "GRUClassifier": _RECURRENT,
    "DenseClassifier": _TRAINING,
    "AugmentedClassifier": [("n_copies", "int", 0, 4)],
}
#: What is tuned of a front end.
_FRONT_ENDS = {
    "AudioLoader": [("trim", "choice", None, 20.0, 30.0, 40.0)],
    "MFCC": [("n_mfcc", "int", 13, 40)],
    "MelSpectrogram": [("n_mels", "int", 26, 80)],
    "Functionals": [("min_level", "choice", None, 20.0, 30.0, 40.0)],
}


def make_search_space(estimator, *, front_end=False):
    """Lay out which parameters of an estimator are worth tuning, and between which bounds.

    Parameters
    ----------
    estimator : estimator
        Anything that holds an SVC, an :class:`~sk_ser.classifiers.XGBoostClassifier`, a net
        of :mod:`sk_ser.neural` or an :class:`~sk_ser.augmentation.AugmentedClassifier`:
        itself, a Pipeline of any depth, a vote.
    front_end : bool, default=False
        Whether to tune what describes the clips as well: how far they are trimmed, how
        many MFCC and mel bands, and which frames are loud enough.

    Returns
    -------
    dict of str to optuna.distributions.BaseDistribution
        By the parameter's full name, as ``svc__C``; may be changed or added to.

    Raises
    ------
    ValueError
        If there is nothing in the estimator that is known.

    Notes
    -----
    Sizes of layers are tuples, which Optuna's storages do not keep, and are not tuned; nor
    is the ``gamma`` of an SVC, whose ``"scale"`` fits any number of features.

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
    known = _CLASSIFIERS | (_FRONT_ENDS if front_end else {})
    space = {}
    for prefix, part in _parts(estimator).items():
        for name, kind, *values in known.get(type(part).__name__, ()):
            space[prefix + name] = _distribution(kind, *_within(part, name, values))
    if not space:
        raise ValueError(
            f"make_search_space: nothing in {type(estimator).__name__} is known. It knows "
            f"{', '.join(known)}; write a dict of distributions for anything else."
        )
    return space


def _parts(estimator):
    """Find an estimator and all in it, by the prefix that its parameters' names have."""
    inner = estimator.get_params(deep=True).items()
    return {"": estimator} | {f"{name}__": part for name, part in inner if _is_estimator(part)}


def _is_estimator(part):
    return hasattr(part, "get_params") and not isinstance(part, type)


def _within(part, name, values):
    """Keep bounds that hang on another parameter: there are no more MFCC than mel bands."""
    if name == "n_mfcc":
        return values[0], max(values[0], min(values[1], part.n_mels))
    return values


def _distribution(kind, *values):
    distributions = import_optional(
        "optuna.distributions", extra="tune", purpose="make_search_space"
    )
    if kind == "choice":
        return distributions.CategoricalDistribution(values)
    cls = distributions.FloatDistribution if kind == "float" else distributions.IntDistribution
    low, high, *scale = values
    return cls(low, high, log=scale == ["log"])


def open_study(path, *, name="sk_ser", random_state=None, heartbeat=20):
    """Open a study in a file: begun here, joined by others, and there after any crash.

    Parameters
    ----------
    path : str or Path
        SQLite database, made if need be, which any number of processes of one machine may
        have open. For several machines, a file ``*.journal`` in a folder that all see, to
        which trials are appended and which network drives can lock, or the URL of a
        database server, as ``"postgresql://user@host/studies"``.
    name : str, default="sk_ser"
        Which of the studies in the file.
    random_state : int or None, default=None
        Seed of what is tried. Each process that opens the study goes on from a seed of its
        own, so that none repeats another.
    heartbeat : int, default=20
        Seconds after which a running trial shows that it is alive. One that has not for
        three times as long was cut off, and is marked failed when the next one begins. In a
        journal, nothing beats: a trial that was cut off stays there as running.

    Returns
    -------
    optuna.study.Study
        Maximises. It tries by TPE [1]_, and prunes what is below the median of the others.

    Notes
    -----
    Each trial is committed when it ends, so whatever ends the process, no finished trial
    is lost.

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
        # the heartbeat, and trials that are held against their neighbours, may change their names
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
    """Give this process a number that no other one on the study has, from 0 on.

    Two that come at the same moment may choose the same. Each looks again when its choice is
    written, so the later one sees it, and chooses anew.
    """
    me, drawn = f"process {uuid4().hex}", Random()
    numbers = _numbers_of_others(study, me)
    number = max(numbers, default=-1) + 1
    while True:
        study.set_user_attr(me, number)
        numbers = _numbers_of_others(study, me)
        if number not in numbers:
            return number
        # both may see it: no step that both take would part them
        number = max(numbers) + drawn.randrange(1, 1_000)


def _numbers_of_others(study, me):
    attributes = study.user_attrs.items()
    return {value for name, value in attributes if name.startswith("process ") and name != me}


def _open_storage(storages, path, heartbeat):
    """Open a database server, a journal or an SQLite file."""
    beats = {"heartbeat_interval": heartbeat, "grace_period": 3 * heartbeat}
    if "://" in str(path):
        return _open_database(storages, str(path), **beats)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".journal":
        # a file of its own is the lock: what else there is, NFS does not always know
        lock = storages.journal.JournalFileOpenLock(str(path))
        return storages.JournalStorage(storages.journal.JournalFileBackend(str(path), lock))
    patience = {"connect_args": {"timeout": 60}}
    return _open_database(storages, f"sqlite:///{path}", engine_kwargs=patience, **beats)


def _open_database(storages, url, **options):
    """Open a database; where another process makes its tables at this moment, once more."""
    from sqlalchemy.exc import IntegrityError, OperationalError

    for _ in range(_ATTEMPTS - 1):
        try:
            return storages.RDBStorage(url, **options)
        except (IntegrityError, OperationalError):
            time.sleep(_PAUSE)
    return storages.RDBStorage(url, **options)
