"""``sk-ser benchmark``: baselines on corpora, under a random and a speaker-independent split."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sk_ser.baselines import baseline_names
from sk_ser.cli._messages import console, plain_messages
from sk_ser.cli._options import Jobs, Seed
from sk_ser.cli._sources import load_corpora

EXAMPLES = """Examples:

sk-ser benchmark

sk-ser benchmark ravdess.zip tess/ --models svm,cnn --out results
"""


def benchmark(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DIR|ZIP]...",
            help="Folders or zips of known corpora; or a folder with a folder for each speaker "
            "and, in it, one for each emotion. Without any, synthetic speech.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for results, plots and tuned models.")
    ] = Path("sk-ser-results"),
    models: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help=f"Baselines, separated by commas: {', '.join(baseline_names())}, or those of a "
            "plugin.",
            show_default="svm,xgboost",
        ),
    ] = None,
    folds: Annotated[int, typer.Option(min=2, help="Folds of each protocol.")] = 5,
    jobs: Jobs = -1,
    seed: Seed = 0,
):
    """Score baselines under a random and a speaker-independent split.

    Each baseline is tuned and scored under a random split, where the speakers of the test clips
    are also in training, and under a speaker-independent split. The gap shows by how much the
    random split overestimates the score on unseen speakers.

    RAVDESS, TESS, SAVEE, CREMA-D, EMO-DB and URDU are recognised by their file names, in folders
    or zips of any structure.
    """
    from sk_ser.benchmark import run_benchmark
    from sk_ser.reports import print_leaderboard

    with plain_messages(kept=f"Finished results are in {out}."):
        comparisons = run_benchmark(
            load_corpora(sources),
            out,
            models=_models(models),
            n_splits=folds,
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
        return [name.strip() for name in models.split(",") if name.strip()]
    if find_spec("xgboost") is None:
        typer.echo('xgboost is left out. Install it with: pip install "sk_ser[boost]"')
        return ["svm"]
    return ["svm", "xgboost"]
