"""Bias of a search's best score: the same folds, used for the choice or not."""

from collections import Counter
from numbers import Integral

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import PredefinedSplit, check_cv

from sk_ser._random import draw_seed, seeded
from sk_ser._routing import fit_with_groups
from sk_ser.model_selection._check_estimators import check_one_estimator
from sk_ser.model_selection._checks import check_clips, warn
from sk_ser.model_selection._comparison import ProtocolComparison
from sk_ser.model_selection._compile import check_settings, compile_comparison
from sk_ser.model_selection._engine import run_folds, settle_failures
from sk_ser.model_selection._fold_facts import few_speakers
from sk_ser.model_selection._protocols import Protocol, draw_protocol
from sk_ser.model_selection._scores import check_scoring

#: How many of the settings that nested folds chose are shown.
_SHOWN = 5


def selection_optimism(
    search: BaseEstimator | dict[str, BaseEstimator],
    X: ArrayLike,
    y: ArrayLike,
    *,
    groups: ArrayLike | None,
    cv: object = None,
    n_splits: int = 5,
    scoring: str = ("uar", "accuracy", "f1_macro"),
    confidence_level: float = 0.95,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
    verbose: bool = False,
    on_error: str = "raise",
    metadata: pd.DataFrame | None = None,
) -> ProtocolComparison:
    """Measure how far the best score of a search is biased upwards.

    A flat search tries every setting on the same folds and reports the best mean score,
    ``best_score_``. The setting was chosen because it scored well on these clips, partly by
    chance, so its score is biased upwards, the more so the more settings were tried and the
    fewer the clips [1]_ [2]_. In a nested search, each fold is tested by a model whose setting
    was chosen without it, by the same search on the fold's training clips.

    Here both are done on the same folds with the same training clips, and differ only in the
    clips that the setting was chosen on. The gap is the bias, and the cost of choosing from
    fewer clips. It is about zero for a few reasonable settings, and grows with their number.

    Parameters
    ----------
    search : GridSearchCV, OptunaSearchCV, or any search like them
        With attributes ``cv`` and ``best_estimator_``. Its `cv` makes the inner folds, gets the
        speakers as groups, and must be a splitter or a number, not indices. A dict of one
        search gives it a name.
    X : array-like of shape (n_clips, ...)
        Anything that scikit-learn can index.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip.
    cv : object, default=None
        Folds that the flat search chooses on, and that the nested one is tested on: a protocol
        as in :func:`compare_protocols`, such as ``"speaker-independent"``. By default the
        search's own.
    n_splits : int, default=5
        Folds, where `cv` is a name.
    scoring, confidence_level, random_state, n_jobs, verbose, on_error, metadata
        As in :func:`compare_protocols`. Settings are chosen by the search's own ``scoring``.

    Returns
    -------
    ProtocolComparison
        Of the protocols ``"flat"`` and ``"nested"``: UAR of each with its interval over
        speakers, and their paired difference in ``gap``. The flat predictions are the
        out-of-fold predictions of the setting chosen. Its ``settings`` also hold ``best_score``, as
        the flat search reports it, ``best_params``, and ``chosen``, the setting of each
        nested fold; these settings are text.

    Raises
    ------
    ValueError
        If something is wrong with the input, as in :func:`compare_protocols`, or the
        search's `cv` are indices of clips.
    TypeError
        If `search` is not a search.
    FoldError
        If a fold failed and ``on_error="raise"``, or if all failed.

    Notes
    -----
    Nested cross-validation alone is ``compare_protocols(search, X, y, groups=speakers)``:
    the search gets the speakers in each fold, by itself or as a step of a Pipeline, with
    metadata routing or without. With scikit-learn alone it is::

        search = GridSearchCV(model, grid, cv=TuningFolds(random_state=0), scoring=uar_scorer)
        cross_validate(
            search, X, y, groups=speakers, params={"groups": speakers},
            cv=StratifiedGroupKFold(5), scoring=uar_scorer,
        )

    where the first `groups` splits outside and the second inside. With metadata routing,
    ``params={"groups": speakers}`` alone does both.

    References
    ----------
    .. [1] G. C. Cawley, N. L. C. Talbot, "On Over-fitting in Model Selection and
       Subsequent Selection Bias in Performance Evaluation", JMLR 11, 2010, pp. 2079-2107.
    .. [2] S. Varma, R. Simon, "Bias in error estimation when using cross-validation for
       model selection", BMC Bioinformatics 7:91, 2006.

    Examples
    --------
    Of two hundred ways to guess, the best scores well on the clips that it was chosen on:

    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.model_selection import GridSearchCV, GroupKFold
    >>> from sk_ser.model_selection import selection_optimism, uar_scorer
    >>> emotions = np.random.default_rng(0).choice(["angry", "calm"], 60)
    >>> speakers = np.repeat(list("abcdefghijkl"), 5)
    >>> guess = DummyClassifier(strategy="uniform")
    >>> grid = {"random_state": range(200)}
    >>> search = GridSearchCV(guess, grid, cv=GroupKFold(4), scoring=uar_scorer)
    >>> found = selection_optimism(
    ...     search, np.zeros((60, 1)), emotions, groups=speakers, random_state=0
    ... )
    >>> found.table[["protocol", "uar"]].round(2)
      protocol   uar
    0     flat  0.61
    1   nested  0.50
    >>> round(found.settings["best_score"], 2)
    0.62
    """
    ((name, search),) = _check_search(search).items()
    clips, seed = check_clips(X, y, groups, metadata), draw_seed(random_state)
    scores = check_scoring(scoring, clips.y)
    settings = check_settings(scores, n_splits, confidence_level, seed, on_error)
    cv = check_cv(search.cv, clips.y, classifier=True) if cv is None else cv
    nested = draw_protocol(cv, clips, n_splits=n_splits, seed=seed, name="nested")
    warn(faults := nested.faults + few_speakers(clips.groups))

    flat = Protocol("flat", nested.folds)
    chosen = seeded(clone(search), seed).set_params(cv=nested.folds)
    fit_with_groups(chosen, *clips[:3])
    fits = {"seed": seed, "n_jobs": n_jobs, "verbose": verbose}
    results = run_folds({name: clone(chosen.best_estimator_)}, [flat], clips, **fits)
    results += run_folds({name: search}, [nested], clips, **fits)

    settings |= {"n_splits": len(nested.folds), "best_score": float(chosen.best_score_)}
    settings["best_params"] = _as_text(chosen.best_params_)
    settings["chosen"] = [_as_text(one.best_params) for one in results[len(flat.folds) :]]
    notes = [*nested.notes, *_note_choices(settings), *faults]
    comparison = compile_comparison(results, clips, scores, settings, notes)
    return settle_failures(comparison, results, on_error)


def _check_search(search):
    if getattr(search, "refit", True) is False:
        raise ValueError("search: refit=False leaves no model to predict with. Pass refit=True.")
    named = check_one_estimator(search, argument="search")
    (found,) = named.values()
    params = found.get_params(deep=False)
    if "cv" not in params or "refit" not in params:
        raise TypeError(
            f"search is {found!r}, which is not a search. Pass a GridSearchCV, an OptunaSearchCV, "
            "or another search with parameters cv and refit; not a Pipeline that holds one."
        )
    cv = params["cv"]
    splits = hasattr(cv, "split") and not isinstance(cv, PredefinedSplit)
    if not (cv is None or isinstance(cv, Integral) or splits):
        raise ValueError(
            "search: its cv are indices of clips, which are other clips within a fold. Pass a "
            "splitter, such as TuningFolds()."
        )
    return named


def _as_text(params):
    """Convert settings, which may hold estimators, to text; None for a fold that failed."""
    if params is None:
        return None
    plain = {k: v.item() if isinstance(v, np.generic) else v for k, v in params.items()}
    return {name: repr(plain[name]) for name in sorted(plain)}


def _note_choices(settings):
    best, score = _in_words(settings["best_params"]), settings["best_score"]
    counted = Counter(_in_words(params) for params in settings["chosen"] if params is not None)
    chosen = [
        f"{params} ({count} fold{'s' * (count > 1)})"
        for params, count in counted.most_common(_SHOWN)
    ]
    if len(counted) > _SHOWN:
        chosen.append(f"and {len(counted) - _SHOWN} more")
    nested = f"chosen were {'; '.join(chosen)}" if chosen else "all folds failed"
    return [f"flat: the search reports best_score={score:.3f} of {best}.", f"nested: {nested}."]


def _in_words(params):
    return ", ".join(f"{name}={_shorten(value)}" for name, value in params.items())


def _shorten(value):
    try:
        return f"{float(value):.4g}"
    except ValueError:
        return value
