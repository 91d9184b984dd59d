"""By how much the best score of a search flatters: the same folds, chosen on or not."""

from collections import Counter
from numbers import Integral

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import PredefinedSplit, check_cv
from sklearn.utils import indexable
from sklearn.utils.validation import _num_samples

from sk_ser.model_selection._checks import (
    check_estimators,
    check_groups,
    check_labels,
    check_metadata,
    warn,
)
from sk_ser.model_selection._evaluate import (
    check_options,
    compile_comparison,
    draw_seed,
    settle_failures,
    tell_few,
)
from sk_ser.model_selection._folds import fit_with_speakers, run_folds, seeded
from sk_ser.model_selection._protocols import Protocol, draw_protocols
from sk_ser.model_selection._scores import check_scoring

#: Of the settings that nested folds chose, how many are told.
_SHOWN = 5


def selection_optimism(
    search,
    X,
    y,
    *,
    groups,
    cv=None,
    n_splits=5,
    scoring=("uar", "accuracy", "f1_macro"),
    n_bootstrap=9999,
    confidence_level=0.95,
    random_state=None,
    n_jobs=None,
    verbose=False,
    on_error="raise",
    metadata=None,
):
    """Measure by how much the best score of a search flatters the model that it chose.

    A flat search tries every setting on the same folds and reports the best mean score,
    ``best_score_``. That setting was chosen because it did well on these very clips, by
    luck as well, so the score is too high, the more so the more settings were tried and
    the fewer the clips [1]_ [2]_. In a nested search, each fold is tested by a model
    whose setting was chosen without it, by the same search on the fold's training clips.

    Here both are done on the same folds, with as many clips to train on, and differ in
    nothing else than who chose: the gap is what choosing on the test folds is worth, and
    what it costs to choose from fewer clips. It is about nothing for a few sound settings,
    and grows with hundreds of them.

    Parameters
    ----------
    search : GridSearchCV, OptunaSearchCV, or any search like them
        With attributes ``cv`` and ``best_estimator_``. Its `cv` makes the inner folds and
        must be a splitter or a number, not indices. Speakers are handed to it. A dict of
        one gives it a name.
    X : array-like of shape (n_clips, ...)
        Anything that scikit-learn can index.
    y : array-like of shape (n_clips,)
        Emotions.
    groups : array-like of shape (n_clips,) or None
        Speaker of each clip.
    cv : object, default=None
        Folds that the flat search chooses on, and that the nested one is tested on:
        anything that stands for a protocol in :func:`compare_protocols`, such as
        ``"speaker-independent"``. None takes the search's own.
    n_splits : int, default=5
        Folds, where `cv` is a name.
    scoring, n_bootstrap, confidence_level, random_state, n_jobs, verbose, on_error, metadata
        As in :func:`compare_protocols`. What chooses is the search's own ``scoring``.

    Returns
    -------
    ProtocolComparison
        Of the protocols ``"flat"`` and ``"nested"``: UAR of each with its interval over
        speakers, and their paired difference in ``gap``. Flat are pooled out-of-fold
        predictions of the setting chosen. Its ``settings`` also hold ``best_score``, as
        the flat search reports it, ``best_params``, and ``chosen``, the setting of each
        nested fold; settings are text.

    Raises
    ------
    ValueError
        If something is wrong with the input, as in :func:`compare_protocols`, or the
        search's `cv` are indices of clips.
    TypeError
        If `search` is no search.
    FoldError
        If a fold failed, and ``on_error="raise"`` or all failed.

    Notes
    -----
    Nested cross-validation alone is ``compare_protocols(search, X, y, groups=speakers)``:
    speakers are handed to the search in each fold, as it is or as a step of a Pipeline,
    with metadata routing or without. With scikit-learn alone it is::

        search = GridSearchCV(model, grid, cv=TuningFolds(random_state=0), scoring="uar")
        cross_validate(
            search, X, y, groups=speakers, params={"groups": speakers},
            cv=StratifiedGroupKFold(5), scoring="uar",
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
    Two hundred ways to guess. The best of them looks good, on the clips it was chosen on:

    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.model_selection import GridSearchCV, GroupKFold
    >>> from sk_ser.model_selection import selection_optimism
    >>> emotions = np.random.default_rng(0).choice(["angry", "calm"], 60)
    >>> speakers = np.repeat(list("abcdefghijkl"), 5)
    >>> guess = DummyClassifier(strategy="uniform")
    >>> grid = {"random_state": range(200)}
    >>> search = GridSearchCV(guess, grid, cv=GroupKFold(4), scoring="uar")
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
    check_options(n_splits, n_bootstrap, confidence_level, on_error)
    ((name, search),) = _check_search(search).items()
    (X,) = indexable(X)
    y = check_labels(y, _num_samples(X))
    groups = check_groups(groups, _num_samples(X))
    metadata = check_metadata(metadata, _num_samples(X))
    scorers = check_scoring(scoring, y)
    seed = draw_seed(random_state)
    nested = _draw(search, cv, X, y, groups, n_splits=n_splits, seed=seed, metadata=metadata)
    warn(faults := nested.faults + tell_few(groups))

    flat = Protocol("flat", nested.folds)
    settled = seeded(clone(search), seed).set_params(cv=nested.folds)
    fit_with_speakers(settled, X, y, groups)
    fits = {"seed": seed, "n_jobs": n_jobs, "verbose": verbose}
    chosen = {name: clone(settled.best_estimator_)}
    results = run_folds(chosen, [flat], X, y, groups, **fits)
    results += run_folds({name: search}, [nested], X, y, groups, **fits)

    settings = {
        "scoring": list(scorers),
        "n_splits": len(nested.folds),
        "n_bootstrap": int(n_bootstrap),
        "confidence_level": float(confidence_level),
        "random_state": seed,
        "best_score": float(settled.best_score_),
        "best_params": _as_text(settled.best_params_),
        "chosen": [_as_text(result.best_params) for result in results[len(flat.folds) :]],
    }
    notes = [*nested.notes, *_tell_choices(settings), *faults]
    comparison = compile_comparison(results, [flat, nested], y, groups, scorers, settings, notes)
    return settle_failures(comparison, results, on_error)


def _check_search(search):
    if getattr(search, "refit", True) is False:
        raise ValueError("search: refit=False leaves nothing to predict with. Pass refit=True.")
    named = check_estimators(search)
    if len(named) > 1:
        raise ValueError(f"search: there are {len(named)}. Pass one at a time.")
    (found,) = named.values()
    params = found.get_params(deep=False)
    if "cv" not in params or "refit" not in params:
        raise TypeError(
            f"search is {found!r}, which chooses nothing. Pass a GridSearchCV, an OptunaSearchCV, "
            "or another search with parameters cv and refit; not a Pipeline that holds one."
        )
    cv = params["cv"]
    splits = hasattr(cv, "split") and not isinstance(cv, PredefinedSplit)
    if not (cv is None or isinstance(cv, Integral) or splits):
        raise ValueError(
            "search: its cv are indices of clips, which point to others within a fold. Pass a "
            "splitter, such as TuningFolds()."
        )
    return named


def _draw(search, cv, X, y, groups, **options):
    if cv is None:
        cv = check_cv(search.cv, y, classifier=True)
    drawn = draw_protocols({"nested": cv}, X, y, groups, **options)
    if len(drawn) > 1:
        raise ValueError(f"cv={cv!r} stands for {len(drawn)} protocols. Pass one of them.")
    return drawn[0]


def _as_text(params):
    """Write settings down, for they may hold whole estimators; None of a fold that failed."""
    if params is None:
        return None
    plain = {k: v.item() if isinstance(v, np.generic) else v for k, v in params.items()}
    return {name: repr(plain[name]) for name in sorted(plain)}


def _tell_choices(settings):
    best, score = _in_words(settings["best_params"]), settings["best_score"]
    counted = Counter(_in_words(params) for params in settings["chosen"] if params is not None)
    chosen = [
        f"{params} ({count} fold{'s' * (count > 1)})"
        for params, count in counted.most_common(_SHOWN)
    ]
    if len(counted) > _SHOWN:
        chosen.append(f"and {len(counted) - _SHOWN} more")
    nested = f"chosen were {'; '.join(chosen)}" if chosen else "no fold came to a choice"
    return [f"flat: the search reports best_score={score:.3f} of {best}.", f"nested: {nested}."]


def _in_words(params):
    return ", ".join(f"{name}={_shorten(value)}" for name, value in params.items())


def _shorten(value):
    try:
        return f"{float(value):.4g}"
    except ValueError:
        return value
