"""The main job: baselines under a random and a speaker-independent protocol.

Everything here is put together from the public parts of the package;
``examples/benchmark_in_a_script.py`` does the same in a dozen lines.
"""

import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import joblib
import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from sk_ser._containers import is_path
from sk_ser._version import __version__
from sk_ser.classifiers import make_svm, make_xgboost
from sk_ser.features import make_front_end
from sk_ser.inspection import ConfusionComparisonDisplay, GapDisplay, LabelDistributionDisplay
from sk_ser.model_selection import ProtocolComparison, TuningFolds, compare_protocols

#: Baselines by name: how each is made, and what is tuned within each fold.
BASELINES = {
    "svm": (make_svm, {"svc__C": [0.3, 1.0, 3.0]}),
    "xgboost": (make_xgboost, {"xgboostclassifier__max_depth": [2, 3]}),
}
_PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "pandas",
    "joblib",
    "soundfile",
    "soxr",
    "xgboost",
    "matplotlib",
)


def make_baselines(models=("svm", "xgboost"), *, memory=None, random_state=None):
    """Build the baselines as estimators that tune themselves on training speakers.

    Parameters
    ----------
    models : sequence of {"svm", "xgboost"}, default=("svm", "xgboost")
        Which of them.
    memory : str, Path, joblib.Memory or None, default=None
        Where to keep each clip's features.
    random_state : int, RandomState instance or None, default=None
        Seed of the trees and of the inner folds.

    Returns
    -------
    dict of str to GridSearchCV
        Each takes paths or clips, and ``groups`` in ``fit``: its inner folds are
        :class:`~sk_ser.model_selection.TuningFolds`, scored by UAR.

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
    searches = {}
    for name in models:
        make, grid = BASELINES[name]
        searches[name] = GridSearchCV(
            make(make_front_end(memory=memory), random_state=random_state),
            grid,
            scoring="uar",
            cv=TuningFolds(random_state=random_state),
        )
    return searches


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
        _extract(baselines, corpus, n_jobs, verbose)
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
        )
        folder = out / corpus.name
        folder.mkdir(exist_ok=True)
        tuned = _refit(baselines, corpus, folder, n_jobs)
        _plot(corpus, comparisons[corpus.name], folder)
        _write(out / "results.json", corpus, comparisons[corpus.name], tuned)
    return comparisons


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


def _extract(baselines, corpus, n_jobs, verbose):
    """Fill the cache before the fits, so that the time each of them takes is told right."""
    front_end = clone(next(iter(baselines.values())).estimator[0])
    if verbose:
        print(f"{corpus.name}: features of {len(corpus.data)} clips")
    front_end.set_params(n_jobs=n_jobs, verbose=verbose).transform(corpus.data)
    if verbose:
        print(f"{corpus.name}: fits")


def _refit(baselines, corpus, folder, n_jobs):
    """Tune each baseline on the whole corpus and save it; return what was chosen."""
    chosen = {}
    for name, baseline in baselines.items():
        search = clone(baseline).set_params(n_jobs=n_jobs)
        search.fit(corpus.data, corpus.target, groups=corpus.groups)
        # the model must work on another machine, where this cache is not
        model = search.best_estimator_
        model[0].set_params(memory=None)
        joblib.dump(model, folder / f"{name}.joblib", compress=3)
        chosen[name] = search.best_params_
    return chosen


def _plot(corpus, comparison, folder):
    if find_spec("matplotlib") is None:
        return
    labels = LabelDistributionDisplay.from_labels(corpus.target, corpus.groups)
    _save(labels.plot(title=corpus.name), folder / "labels")
    gap = GapDisplay.from_comparison(comparison)
    _save(gap.plot(title=corpus.name), folder / "gap")
    for estimator in comparison.estimators:
        confusion = ConfusionComparisonDisplay.from_comparison(comparison, estimator)
        _save(
            confusion.plot(title=f"{corpus.name}, {estimator}"), folder / f"confusion_{estimator}"
        )


def _save(display, path):
    for suffix in (".png", ".pdf"):
        display.figure_.savefig(path.with_suffix(suffix), dpi=200, bbox_inches="tight")


def _write(path, corpus, comparison, tuned):
    """Add one corpus to the results; those of the others in the file stay."""
    results = {"corpora": {}}
    if path.exists():
        results = json.loads(path.read_text(encoding="utf-8"))
    results["sk_ser"] = __version__
    results["versions"] = {"python": platform.python_version()} | _versions()
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


def _versions():
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    return versions


def _hash(corpus):
    """Hash the corpus's labels, speakers and audio, in the order of its rows."""
    digest = hashlib.sha256()
    for item, emotion, speaker in zip(corpus.data, corpus.target, corpus.groups, strict=True):
        digest.update(f"{emotion}\t{speaker}\n".encode())
        digest.update(Path(item).read_bytes() if is_path(item) else np.ascontiguousarray(item))
    return digest.hexdigest()
