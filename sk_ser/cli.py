"""The command line: ``sk-ser benchmark``."""

import sys
import warnings
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sk_ser._version import __version__
from sk_ser.exceptions import AudioError, CorpusError
from sk_ser.model_selection import EvaluationWarning

app = typer.Typer(
    name="sk-ser",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="Speech emotion recognition, evaluated on voices never heard.",
)


def _print_version(wanted: bool):
    if wanted:
        typer.echo(f"sk_ser {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print version."),
    ] = False,
):
    """Speech emotion recognition, evaluated on voices never heard."""


@app.command()
def benchmark(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DIR|ZIP]...",
            help="Folders or zips of known corpora; or a folder with a folder for each speaker "
            "and, in it, one for each emotion. Without any, embedded synthetic speech.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for results, plots and tuned models.")
    ] = Path("sk-ser-results"),
    models: Annotated[
        str | None,
        typer.Option(
            help="With commas between: svm, xgboost, and the nets cnn, lstm, bilstm, gru, dense.",
            show_default="svm,xgboost",
        ),
    ] = None,
    folds: Annotated[int, typer.Option(min=2, help="Folds of each protocol.")] = 5,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes; -1 for all cores.")] = -1,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
):
    """Tell how well baselines do with a random split, and how well on voices never heard.

    Each baseline is tuned and scored under a random split, in which every voice of the test
    clips was heard in training, and under a speaker-independent one. The difference is what
    the random split flatters.

    RAVDESS, TESS, SAVEE, CREMA-D, EMO-DB and URDU are told by their file names, in folders or
    zips, however nested.
    """
    from sk_ser.benchmark import run_benchmark

    with _plain_messages():
        comparisons = run_benchmark(
            _corpora(sources),
            out,
            models=_models(models),
            n_splits=folds,
            random_state=seed,
            n_jobs=jobs,
            verbose=True,
        )
    print_leaderboard(comparisons)
    if find_spec("matplotlib") is None:
        typer.echo('No plots were made. Install matplotlib with: pip install "sk_ser[plot]"')
    typer.echo(f"Results, plots and tuned models are in {out}{'' if out.is_absolute() else '/'}")


@contextmanager
def _plain_messages():
    """Print warnings as notes; end on a known error with a message and status 2."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        # these come back under the leaderboard
        warnings.simplefilter("ignore", EvaluationWarning)
        warnings.showwarning = lambda message, *_: typer.secho(
            f"Note: {message}", fg="yellow", err=True
        )
        try:
            yield
        except (CorpusError, AudioError, ValueError, ImportError) as error:
            typer.secho(f"Error: {error}", fg="red", err=True)
            raise typer.Exit(2) from None


def _models(models):
    if models is not None:
        return [name.strip() for name in models.split(",") if name.strip()]
    if find_spec("xgboost") is None:
        typer.echo('Without xgboost. Install it with: pip install "sk_ser[boost]"')
        return ["svm"]
    return ["svm", "xgboost"]


def _corpora(sources):
    """Load what is in the folders and zips, each corpus under a name of its own."""
    from sk_ser.datasets import find_corpora, load_corpus, make_emotional_speech

    if not sources:
        return [make_emotional_speech(n_speakers=8, n_sentences=6, random_state=0)]
    corpora = []
    for source in sources:
        try:
            corpora += find_corpora(source)
        except CorpusError as error:
            corpora.append(_labelled_folder(load_corpus, source, error))
    names = [corpus.name for corpus in corpora]
    for number, corpus in enumerate(corpora):
        earlier = names[:number].count(corpus.name)
        if earlier:
            corpus.name = f"{corpus.name}-{earlier + 1}"
    return corpora


def _labelled_folder(load_corpus, source, not_known):
    try:
        corpus = load_corpus(source)
    except CorpusError:
        raise not_known from None
    if corpus.groups is None:
        raise CorpusError(
            f"{source}: its speakers are not known, and without them nobody can tell how a model "
            "does on new ones. Put each speaker's clips into a folder of their own, above "
            "those of the emotions."
        )
    return corpus


def print_leaderboard(comparisons):
    """Print one table of all corpora and models, unheard voices first."""
    table = Table(title="Unweighted average recall (UAR) in %, with 95 % intervals over speakers")
    for name in ("corpus", "model"):
        table.add_column(name)
    for name in ("unheard voices", "random split", "gap (points)", "chance"):
        table.add_column(name, justify="right")
    for corpus, comparison in comparisons.items():
        for gap in comparison.gap.itertuples():
            table.add_row(
                corpus,
                gap.estimator,
                _interval(comparison.row(gap.estimator, gap.protocol)),
                _interval(comparison.row(gap.estimator, gap.reference)),
                f"{gap.gap:+.1f} [{gap.gap_low:.1f}, {gap.gap_high:.1f}]",
                f"{100 * comparison.chance:.0f}",
            )
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    for corpus, comparison in comparisons.items():
        for note in comparison.notes:
            console.print(f"{corpus}: {note}", style="dim")


def _interval(row):
    return f"{100 * row.uar:.1f} [{100 * row.uar_low:.1f}, {100 * row.uar_high:.1f}]"
