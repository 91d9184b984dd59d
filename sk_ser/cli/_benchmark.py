"""``sk-ser benchmark``: baselines on corpora, under a random and a speaker-independent split."""

from importlib.util import find_spec
from pathlib import Path

import typer

from sk_ser.cli import _options as options
from sk_ser.cli._messages import console, plain_messages
from sk_ser.cli._outputs import check_folder
from sk_ser.cli._sources import load_corpora

EXAMPLES = [
    "sk-ser benchmark",
    "sk-ser benchmark ravdess.zip tess/ --models svm,cnn --out results",
]


def benchmark(
    sources: options.Corpora = None,
    out: options.OutFolder = Path("sk-ser-results"),
    models: options.Baselines = None,
    protocols: options.Protocols = "random,speaker-independent",
    folds: options.Folds = 5,
    layout: options.Layout = "auto",
    speaker: options.Speaker = None,
    columns: options.Columns = None,
    on_error: options.OnError = "skip",
    jobs: options.Jobs = -1,
    seed: options.Seed = 0,
):
    """Score baselines under a random and a speaker-independent split.

    Each baseline is tuned and scored under a random split, where the speakers of the test clips
    are also in training, and under a speaker-independent split. The gap shows by how much the
    random split overestimates the score on unseen speakers. Results, plots and tuned models are
    written. Without a corpus, synthetic speech is used.

    Known corpora, such as RAVDESS and EMO-DB, are recognised by their file names, in folders or
    zips of any structure.
    """
    from sk_ser.benchmark import run_benchmark
    from sk_ser.reports import print_leaderboard

    with plain_messages(kept=f"Finished results are in {out}."):
        check_folder(out, sources or [])
        corpora = load_corpora(
            sources,
            on_error=on_error,
            layout=None if layout == "auto" else layout,
            speaker=speaker,
            columns=options.split_columns(columns),
        )
        comparisons = run_benchmark(
            corpora,
            out,
            models=_models(models),
            protocols=options.split_names(protocols),
            n_splits=folds,
            on_error=on_error,
            random_state=seed,
            n_jobs=jobs,
            verbose=True,
        )
    print_leaderboard(comparisons, console())
    if find_spec("matplotlib") is None:
        typer.echo('There are no plots. Install matplotlib with: pip install "sk_ser[plot]"')
    typer.echo(f"Results, plots and tuned models are in {out}{'' if out.is_absolute() else '/'}")


def _models(models):
    if models is not None:
        return options.split_names(models)
    if find_spec("xgboost") is None:
        typer.echo('xgboost is left out. Install it with: pip install "sk_ser[boost]"')
        return ["svm"]
    return ["svm", "xgboost"]
