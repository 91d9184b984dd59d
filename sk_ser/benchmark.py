"""The main job: baselines under a random and a speaker-independent protocol.

Everything here is put together from the public parts of the package;
``examples/benchmark_in_a_script.py`` does the same in a dozen lines.
"""

import hashlib
import json
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import joblib
import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from sk_ser._containers import is_path
from sk_ser._parallel import persist
from sk_ser._version import __version__
from sk_ser._versions import found_versions
from sk_ser.classifiers import make_svm, make_xgboost
from sk_ser.features import make_front_end, make_sequence_front_end
from sk_ser.inspection import ConfusionComparisonDisplay, GapDisplay, LabelDistributionDisplay
from sk_ser.model_selection import ProtocolComparison, TuningFolds, compare_protocols, uar_scorer


class Baseline(NamedTuple):
    """How a baseline is made, what it reads, and what is tuned within each fold."""

    make: Callable
    front_end: Callable
    grid: dict


def _make_net(name, front_end, **params):
    # only who asks for a net needs PyTorch
    from sk_ser.neural import make_net

    return make_net(name, front_end, **params)


#: Baselines by name. Nets have a fixed recipe: a search over them would take hours.
BASELINES = {
    "svm": Baseline(make_svm, make_front_end, {"svc__C": [0.3, 1.0, 3.0]}),
    "xgboost": Baseline(make_xgboost, make_front_end, {"xgboostclassifier__max_depth": [2, 3]}),
    **{
        name: Baseline(partial(_make_net, name), make_sequence_front_end, {})
        for name in ("cnn", "lstm", "bilstm", "gru")
    },
    "dense": Baseline(partial(_make_net, "dense"), make_front_end, {}),
}


def make_baselines(models=("svm", "xgboost"), *, memory=None, random_state=None):
    """Build the baselines as estimators that tune themselves on training speakers.

    Parameters
    ----------
    models : sequence of str, default=("svm", "xgboost")
        Which of ``"svm"``, ``"xgboost"``, ``"cnn"``, ``"lstm"``, ``"bilstm"``, ``"gru"``
        and ``"dense"``. The last five need the extra ``neural``.
    memory : str, Path, joblib.Memory or None, default=None
        Where to keep each clip's features.
    random_state : int, RandomState instance or None, default=None
        Seed of trees, nets and inner folds.

    Returns
    -------
    dict of str to estimator
        Each takes paths or clips. Those that are tuned are a
        :class:`~sklearn.model_selection.GridSearchCV`, which takes ``groups`` in ``fit``:
        its inner folds are :class:`~sk_ser.model_selection.TuningFolds`, scored by
        UAR. Nets are a :class:`~sklearn.pipeline.Pipeline` with a fixed recipe.

    Raises
    ------
    ValueError
        If a model is not known.

    Examples
    --------
    >>> from sk_ser.benchmark import make_baselines
    >>> list(make_baselines(("svm",)))
    ['svm']
    """
    unknown = sorted(set(models) - set(BASELINES))
    if unknown:
        raise ValueError(f"models: {unknown[0]!r} is not known. Choose from {tuple(BASELINES)}.")
    return {name: _make(BASELINES[name], memory, random_state) for name in models}


def _make(baseline, memory, random_state):
    model = baseline.make(baseline.front_end(memory=memory), random_state=random_state)
    if not baseline.grid:
        return model
    folds = TuningFolds(random_state=random_state)
    return GridSearchCV(model, baseline.grid, scoring=uar_scorer, cv=folds)


def run_benchmark(
    corpora,
    out,
    *,
    models=("svm", "xgboost"),
    protocols=("random", "speaker-independent"),
    n_splits=5,
    random_state=0,
    n_jobs=None,
    verbose=False,
):
    """Evaluate the baselines on corpora, and keep results, plots and tuned models.

    Parameters
    ----------
    corpora : sequence of Bunch
        As the loaders of :mod:`sk_ser.datasets` return them; speakers must be known.
    out : str or Path
        Folder for ``results.json`` and, in a folder for each corpus, plots (PNG and
        PDF; they need the extra ``plot``) and each tuned pipeline, refitted on the
        whole corpus, as ``<model>.joblib``. Features are kept in its folder
        ``cache``, so that a second run is quick.
    models : sequence of str, default=("svm", "xgboost")
        Baselines.
    protocols : sequence of str or dict, default=("random", "speaker-independent")
        As :func:`~sk_ser.model_selection.compare_protocols` takes them.
    n_splits : int, default=5
        Folds of each protocol.
    random_state : int, default=0
        Seed of everything.
    n_jobs : int or None, default=None
        Clips, and then fits, at a time.
    verbose : bool, default=False
        Whether to show progress bars with the time left.

    Returns
    -------
    dict of str to ProtocolComparison
        By the corpus's name.

    Examples
    --------
    >>> import tempfile
    >>> from sk_ser.benchmark import run_benchmark
    >>> from sk_ser.datasets import make_emotional_speech
    >>> speech = make_emotional_speech(4, 2, ("anger", "sadness"), random_state=0)
    >>> with tempfile.TemporaryDirectory() as out:
    ...     results = run_benchmark([speech], out, models=("svm",), n_splits=2)
    >>> results["synthetic"].protocols
    ['random', 'speaker-independent']
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    baselines = make_baselines(models, memory=out / "cache", random_state=random_state)
    comparisons = {}
    for corpus in corpora:
        if verbose:
            print(f"{corpus.name}: features of {len(corpus.data)} clips, then fits")
        fill_cache(baselines, corpus, n_jobs, verbose)
        comparisons[corpus.name] = compare_protocols(
            baselines,
            corpus.data,
            corpus.target,
            groups=corpus.groups,
            protocols=protocols,
            n_splits=n_splits,
            random_state=random_state,
            n_jobs=n_jobs,
            verbose=verbose,
            metadata=corpus.get("frame"),
        )
        folder = out / corpus.name
        folder.mkdir(exist_ok=True)
        tuned = _refit(baselines, corpus, folder, n_jobs)
        save_plots(corpus, comparisons[corpus.name], folder)
        _write(out / "results.json", corpus, comparisons[corpus.name], tuned)
    return comparisons


def save_plots(corpus, comparison, folder):
    """Plot labels, gaps and confusions of one corpus, for the screen and for a paper.

    Parameters
    ----------
    corpus : Bunch
        As the loaders of :mod:`sk_ser.datasets` return it.
    comparison : ProtocolComparison
        What was found on it.
    folder : str or Path
        Where ``labels``, ``gap`` and ``confusion_<model>`` go, as PNG and PDF; it is made
        if need be. Nothing is plotted where matplotlib is not installed.

    Returns
    -------
    list of Path
        The PNG files.
    """
    if find_spec("matplotlib") is None:
        return []
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    displays = {
        "labels": LabelDistributionDisplay.from_labels(corpus.target, corpus.groups),
        "gap": GapDisplay.from_comparison(comparison),
    }
    for name in comparison.estimators:
        display = ConfusionComparisonDisplay.from_comparison(comparison, name)
        displays[f"confusion_{name}"] = display
    for name, display in displays.items():
        model = name.partition("_")[2]
        display.plot(title=f"{corpus.name}, {model}" if model else corpus.name)
        for suffix in (".png", ".pdf"):
            path = folder / f"{name}{suffix}"
            display.figure_.savefig(path, dpi=200, bbox_inches="tight")
    return [folder / f"{name}.png" for name in displays]


def read_results(path):
    """Read the comparisons that :func:`run_benchmark` left in ``results.json``.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    dict of str to ProtocolComparison
        By the corpus's name.
    """
    results = json.loads(Path(path).read_text(encoding="utf-8"))
    return {
        name: ProtocolComparison.from_dict(result["comparison"])
        for name, result in results["corpora"].items()
    }


def fill_cache(baselines, corpus, n_jobs=None, verbose=False):
    """Describe all clips before the fits, so that the time each of them takes is told right.

    Parameters
    ----------
    baselines : dict of str to estimator
        Of :func:`make_baselines`, with a `memory`.
    corpus : Bunch
        As the loaders of :mod:`sk_ser.datasets` return it.
    n_jobs : int or None, default=None
        Clips at a time.
    verbose : bool, default=False
        Whether to show a progress bar.

    Examples
    --------
    >>> import tempfile
    >>> from sk_ser.benchmark import fill_cache, make_baselines
    >>> from sk_ser.datasets import make_emotional_speech
    >>> speech = make_emotional_speech(2, 1, ("anger", "sadness"), random_state=0)
    >>> with tempfile.TemporaryDirectory() as cache:
    ...     fill_cache(make_baselines(("svm",), memory=cache), speech)
    """
    front_ends = {}
    for baseline in baselines.values():
        front_end = clone(getattr(baseline, "estimator", baseline)[0])
        front_ends[repr(front_end.get_params())] = front_end
    for front_end in front_ends.values():
        front_end.set_params(n_jobs=n_jobs, verbose=verbose).transform(corpus.data)


def _refit(baselines, corpus, folder, n_jobs):
    """Fit each baseline on the whole corpus and save it; return what was chosen."""
    chosen = {}
    for name, baseline in baselines.items():
        model, chosen[name] = fit_baseline(clone(baseline), corpus, n_jobs)
        # the model must work on another machine, where this cache is not
        model[0].set_params(memory=None)
        joblib.dump(model, folder / f"{name}.joblib", compress=3)
    return chosen


def fit_baseline(baseline, corpus, n_jobs=None):
    """Tune a baseline on the speakers of a corpus, and fit it on all of it.

    Parameters
    ----------
    baseline : estimator
        Of :func:`make_baselines`.
    corpus : Bunch
        As the loaders of :mod:`sk_ser.datasets` return it.
    n_jobs : int or None, default=None
        Fits at a time.

    Returns
    -------
    pipeline : Pipeline
        What is to be kept.
    chosen : dict
        Parameters that were tuned, and what was chosen for them.

    Examples
    --------
    >>> from sk_ser.benchmark import fit_baseline, make_baselines
    >>> from sk_ser.datasets import make_emotional_speech
    >>> speech = make_emotional_speech(3, 1, ("anger", "sadness"), random_state=0)
    >>> pipeline, chosen = fit_baseline(make_baselines(("svm",))["svm"], speech)
    >>> list(chosen)
    ['svc__C']
    """
    if not isinstance(baseline, GridSearchCV):
        return baseline.fit(corpus.data, corpus.target), {}
    search = baseline.set_params(n_jobs=n_jobs)
    # what is in the cache by now is not computed again
    persist(search.fit, corpus.data, corpus.target, groups=corpus.groups)
    return search.best_estimator_, search.best_params_


def _write(path, corpus, comparison, tuned):
    """Add one corpus to the results; those of the others in the file stay."""
    results = {"corpora": {}}
    if path.exists():
        results = json.loads(path.read_text(encoding="utf-8"))
    results["sk_ser"] = __version__
    results["versions"] = found_versions()
    results["corpora"][corpus.name] = {
        "n_clips": len(corpus.data),
        "n_speakers": len(np.unique(corpus.groups)),
        "sha256": _hash(corpus),
        "tuned": tuned,
        "comparison": comparison.to_dict(),
    }
    beside = path.with_suffix(".json.part")
    beside.write_text(json.dumps(results, indent=1), encoding="utf-8")
    beside.replace(path)


def _hash(corpus):
    """Hash the corpus's labels, speakers and audio, in the order of its rows."""
    digest = hashlib.sha256()
    for item, emotion, speaker in zip(corpus.data, corpus.target, corpus.groups, strict=True):
        digest.update(f"{emotion}\t{speaker}\n".encode())
        digest.update(Path(item).read_bytes() if is_path(item) else np.ascontiguousarray(item))
    return digest.hexdigest()
