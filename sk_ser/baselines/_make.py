"""A baseline as an estimator: front end, model, and the search that tunes it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sk_ser.baselines._registry import get_baseline

if TYPE_CHECKING:  # the command line's help does not wait for scikit-learn
    from sklearn.base import BaseEstimator


def make_baseline(
    baseline: object,
    *,
    memory: object = None,
    random_state: int | np.random.RandomState | None = None,
) -> "BaseEstimator":
    """Build a baseline as an estimator that tunes itself on training speakers.

    Parameters
    ----------
    baseline : str or Baseline
        Name of a registered baseline, or a baseline itself.
    memory : str, Path, joblib.Memory or None, default=None
        Where to keep each clip's features.
    random_state : int, RandomState instance or None, default=None
        Seed of trees, nets and inner folds.

    Returns
    -------
    estimator
        It takes paths or clips. If the baseline has a grid, it is a
        :class:`~sklearn.model_selection.GridSearchCV`, which takes ``groups`` in ``fit``; its
        inner folds are :class:`~sk_ser.model_selection.TuningFolds`, scored by UAR. Otherwise it
        is a :class:`~sklearn.pipeline.Pipeline`.

    Raises
    ------
    ImportError
        If an extra is not installed, which is named.
    ValueError
        If no baseline has this name.

    Examples
    --------
    >>> from sk_ser.baselines import make_baseline
    >>> model = make_baseline("svm", random_state=0)
    >>> type(model).__name__, [name for name, _ in model.estimator.steps]
    ('GridSearchCV', ['clippipeline', 'simpleimputer', 'standardscaler', 'svc'])
    """
    baseline = get_baseline(baseline)
    front_end = baseline.make_front_end(memory=memory)
    model = baseline.make_pipeline(front_end, random_state=random_state)
    if not baseline.grid:
        return model
    from sklearn.model_selection import GridSearchCV

    from sk_ser.model_selection import TuningFolds, uar_scorer

    folds = TuningFolds(random_state=random_state)
    return GridSearchCV(model, dict(baseline.grid), scoring=uar_scorer, cv=folds)


def make_baselines(
    names: Sequence[str] = ("svm", "xgboost"),
    *,
    memory: object = None,
    random_state: int | np.random.RandomState | None = None,
) -> dict:
    """Build several baselines, as :func:`~sk_ser.model_selection.compare_protocols` takes them.

    Parameters
    ----------
    names : sequence of str or Baseline, default=("svm", "xgboost")
        Names of registered baselines, or baselines themselves.
    memory, random_state
        As :func:`make_baseline` takes them.

    Returns
    -------
    dict of str to estimator
        By name.

    Examples
    --------
    >>> from sk_ser.baselines import make_baselines
    >>> list(make_baselines(("svm",)))
    ['svm']
    """
    options = {"memory": memory, "random_state": random_state}
    return {one.name: make_baseline(one, **options) for one in map(get_baseline, names)}
