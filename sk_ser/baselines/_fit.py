"""Fitting a baseline on a whole corpus, with features that are computed once."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line's help does not wait for scikit-learn
    from sklearn.utils import Bunch


def fill_cache(
    baselines: dict, corpus: "Bunch", n_jobs: int | None = None, verbose: bool = False
) -> None:
    """Compute the features of all clips, so that the time of the fits is estimated correctly.

    Parameters
    ----------
    baselines : dict of str to estimator
        Of :func:`make_baselines`, with a `memory`.
    corpus : Bunch
        As the loaders of :mod:`sk_ser.datasets` return it.
    n_jobs : int or None, default=None
        Number of clips at a time.
    verbose : bool, default=False
        Whether to show a progress bar.

    Returns
    -------
    None

    Examples
    --------
    >>> import tempfile
    >>> from sk_ser.baselines import fill_cache, make_baselines
    >>> from sk_ser.datasets import make_emotional_speech
    >>> speech = make_emotional_speech(2, 1, ("anger", "sadness"), random_state=0)
    >>> with tempfile.TemporaryDirectory() as cache:
    ...     fill_cache(make_baselines(("svm",), memory=cache), speech)
    """
    from sklearn.base import clone

    front_ends = {}
    for baseline in baselines.values():
        front_end = clone(getattr(baseline, "estimator", baseline)[0])
        front_ends[repr(front_end.get_params())] = front_end
    for front_end in front_ends.values():
        front_end.set_params(n_jobs=n_jobs, verbose=verbose).transform(corpus.data)


def fit_baseline(baseline: object, corpus: "Bunch", n_jobs: int | None = None) -> tuple:
    """Tune a baseline on the speakers of a corpus, and fit it on all clips.

    Parameters
    ----------
    baseline : estimator
        Of :func:`make_baseline`; it is fitted.
    corpus : Bunch
        As the loaders of :mod:`sk_ser.datasets` return it.
    n_jobs : int or None, default=None
        Number of fits at a time.

    Returns
    -------
    pipeline : Pipeline
        Fitted, without the search. Its first step keeps no cache, so that it works on other
        machines.
    chosen : dict
        Values that were chosen for the tuned parameters.

    Examples
    --------
    >>> from sk_ser.baselines import fit_baseline, make_baseline
    >>> from sk_ser.datasets import make_emotional_speech
    >>> speech = make_emotional_speech(3, 1, ("anger", "sadness"), random_state=0)
    >>> pipeline, chosen = fit_baseline(make_baseline("svm"), speech)
    >>> list(chosen)
    ['svc__C']
    """
    from sk_ser._estimators import is_search
    from sk_ser._parallel import persist

    if is_search(baseline):
        baseline.set_params(n_jobs=n_jobs)
        # features that are in the cache by now are not computed again
        persist(baseline.fit, corpus.data, corpus.target, groups=corpus.groups)
        pipeline, chosen = baseline.best_estimator_, baseline.best_params_
    else:
        pipeline, chosen = baseline.fit(corpus.data, corpus.target), {}
    pipeline[0].set_params(memory=None, n_jobs=None, verbose=False)
    return pipeline, chosen
