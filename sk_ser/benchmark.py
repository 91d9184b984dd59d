"""The main job: baselines under a random and a speaker-independent protocol.

It uses only the public interface of the package; ``examples/benchmark_in_a_script.py`` does the
same in a dozen lines.
"""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from sklearn.base import clone
from sklearn.utils import Bunch

from sk_ser._content import corpus_sha256
from sk_ser._version import __version__
from sk_ser._versions import found_versions
from sk_ser.baselines import fill_cache, fit_baseline, get_baseline, make_baselines
from sk_ser.datasets import clean_corpora
from sk_ser.inspection import ConfusionComparisonDisplay, GapDisplay, LabelDistributionDisplay
from sk_ser.model_selection import ProtocolComparison, compare_protocols
from sk_ser.persistence import describe_training, save

__all__ = ["read_results", "run_benchmark", "save_plots"]


def run_benchmark(
    corpora: Sequence[Bunch],
    out: str | Path,
    *,
    models: Sequence[str] = ("svm", "xgboost"),
    protocols: Sequence[str] = ("random", "speaker-independent"),
    n_splits: int = 5,
    on_error: str = "skip",
    random_state: int = 0,
    n_jobs: int | None = None,
    verbose: bool = False,
) -> dict[str, ProtocolComparison]:
    """Evaluate baselines on corpora, and save results, plots and tuned models.

    Parameters
    ----------
    corpora : sequence of Bunch
        As the loaders of :mod:`sk_ser.datasets` return them; speakers must be known.
    out : str or Path
        Folder for ``results.json`` and, in a folder for each corpus, plots (PNG and
        PDF; they need the extra ``plot``) and each tuned pipeline, fitted on the
        whole corpus, as ``<model>.skops``, with its scores in the header, see
        :func:`~sk_ser.persistence.read_header`. Features are kept in its folder
        ``cache``, so that a second run is faster.
    models : sequence of str or Baseline, default=("svm", "xgboost")
        Names of baselines, of :func:`~sk_ser.baselines.baseline_names`, or baselines themselves.
    protocols : sequence of str or dict, default=("random", "speaker-independent")
        As :func:`~sk_ser.model_selection.compare_protocols` takes them.
    n_splits : int, default=5
        Folds of each protocol.
    on_error : {"skip", "raise"}, default="skip"
        What to do about unusable recordings, as in :func:`~sk_ser.datasets.clean_corpora`.
        Recordings of two speakers are left out in any case.
    random_state : int, default=0
        Seed of everything random.
    n_jobs : int or None, default=None
        Number of clips, and then of fits, at a time.
    verbose : bool, default=False
        Whether to show progress bars with the remaining time.

    Returns
    -------
    dict of str to ProtocolComparison
        By the name of the corpus.

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
    _read_results(out / "results.json")
    baselines = make_baselines(models, memory=out / "cache", random_state=random_state)
    models = {one.name: one.trusted for one in map(get_baseline, models)}
    options = {"protocols": protocols, "n_splits": n_splits, "random_state": random_state}
    options |= {"n_jobs": n_jobs, "verbose": verbose}
    comparisons = {}
    for given in corpora:
        (corpus,) = clean_corpora([given], on_error=on_error, n_jobs=n_jobs)
        if verbose:
            print(f"{corpus.name}: features of {len(corpus.data)} clips, then fits")
        fill_cache(baselines, corpus, n_jobs, verbose)
        about = {"groups": corpus.groups, "metadata": corpus.get("frame")}
        comparisons[corpus.name] = comparison = compare_protocols(
            baselines, corpus.data, corpus.target, **about, **options
        )
        folder = out / corpus.name
        folder.mkdir(exist_ok=True)
        tuned = {}
        for name, trusted in models.items():
            model, tuned[name] = fit_baseline(clone(baselines[name]), corpus, n_jobs)
            header = describe_training(corpus, comparison, estimator=name) | {"tuned": tuned[name]}
            save(model, folder / f"{name}.skops", header=header, trusted=trusted)
        save_plots(corpus, comparison, folder)
        _write(out / "results.json", corpus, comparison, tuned)
    return comparisons


def save_plots(corpus: Bunch, comparison: ProtocolComparison, folder: str | Path) -> list[Path]:
    """Plot labels, gaps and confusions of one corpus, as PNG and PDF.

    Parameters
    ----------
    corpus : Bunch
        As the loaders of :mod:`sk_ser.datasets` return it.
    comparison : ProtocolComparison
        Results on this corpus.
    folder : str or Path
        Folder for ``labels``, ``gap`` and ``confusion_<model>``, which is created if needed.
        Without matplotlib nothing is plotted.

    Returns
    -------
    list of Path
        The PNG files.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn.dummy import DummyClassifier
    >>> from sk_ser.benchmark import save_plots
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.model_selection import compare_protocols
    >>> speech = make_emotional_speech(4, 2, ("anger", "sadness"), random_state=0)
    >>> comparison = compare_protocols(
    ...     DummyClassifier(), speech.data, speech.target, groups=speech.groups, n_splits=2
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = save_plots(speech, comparison, folder)
    """
    if find_spec("matplotlib") is None:
        return []
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    displays = {
        "labels": LabelDistributionDisplay.from_labels(corpus.target, corpus.groups),
        "gap": GapDisplay.from_comparison(comparison),
    }
    displays |= {
        f"confusion_{name}": ConfusionComparisonDisplay.from_comparison(comparison, name)
        for name in comparison.estimators
    }
    for name, display in displays.items():
        model = name.partition("_")[2]
        display.plot(title=f"{corpus.name}, {model}" if model else corpus.name)
        for suffix in (".png", ".pdf"):
            path = folder / f"{name}{suffix}"
            display.figure_.savefig(path, dpi=200, bbox_inches="tight")
    return [folder / f"{name}.png" for name in displays]


def read_results(path: str | Path) -> dict[str, ProtocolComparison]:
    """Read the comparisons that :func:`run_benchmark` wrote to ``results.json``.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    dict of str to ProtocolComparison
        By the name of the corpus.

    Examples
    --------
    >>> import tempfile
    >>> from sk_ser.benchmark import read_results, run_benchmark
    >>> from sk_ser.datasets import make_emotional_speech
    >>> speech = make_emotional_speech(4, 2, ("anger", "sadness"), random_state=0)
    >>> with tempfile.TemporaryDirectory() as out:
    ...     results = run_benchmark([speech], out, models=("svm",), n_splits=2)
    ...     again = read_results(f"{out}/results.json")
    >>> list(again)
    ['synthetic']
    """
    results = json.loads(Path(path).read_text(encoding="utf-8"))
    return {
        name: ProtocolComparison.from_dict(result["comparison"])
        for name, result in results["corpora"].items()
    }


def _read_results(path):
    """Read results of before, and refuse a file of another kind, which would be lost."""
    if not path.exists():
        return {"corpora": {}}
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(results["corpora"], dict):
            return results
    except (ValueError, KeyError, TypeError):
        pass
    raise ValueError(f"{path}: the file exists and is not of a benchmark. Choose another folder.")


def _write(path, corpus, comparison, tuned):
    """Add one corpus to the results; results of other corpora in the file are kept."""
    results = _read_results(path)
    results["sk_ser"] = __version__
    results["versions"] = found_versions()
    results["corpora"][corpus.name] = {
        "n_clips": len(corpus.data),
        "n_speakers": len(np.unique(corpus.groups)),
        "sha256": corpus_sha256(corpus.data, corpus.target),
        "tuned": tuned,
        "comparison": comparison.to_dict(),
    }
    beside = path.with_suffix(".json.part")
    beside.write_text(json.dumps(results, indent=1), encoding="utf-8")
    beside.replace(path)
