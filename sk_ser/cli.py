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


@app.command()
def audit(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR|ZIP...",
            help="Folders or zips of known corpora; or a folder with a folder for each speaker "
            "and, in it, one for each emotion.",
        ),
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            help="Model that joblib saved, which is run to load it: only one that you trust. It is "
            "fitted anew in every fold.",
            show_default="the svm baseline",
        ),
    ] = None,
    split: Annotated[
        str, typer.Option(help='"speaker-independent" or "random": the folds of the result.')
    ] = "speaker-independent",
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the page and the results.")
    ] = Path("sk-ser-audit"),
    folds: Annotated[int, typer.Option(min=2, help="Number of folds.")] = 5,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes; -1 for all cores.")] = -1,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
):
    """Look for every reason why a result may be better than it would be on a new voice.

    Writes, for each corpus, audit.html, a page to send to a co-author, audit.md and
    audit.json, from which every figure can be computed again. Ends with status 1 if a
    finding is severe, so that it can stand guard in continuous integration, and with 2 if
    there is nothing to audit.
    """
    from sk_ser.leakage import audit as run_audit

    if split not in ("speaker-independent", "random"):
        raise typer.BadParameter(f"{split!r} is neither speaker-independent nor random.")
    with _plain_messages():
        estimator = _load(model) if model else _svm(out / "cache")
        reports = {}
        for corpus in _corpora(sources):
            reports[corpus.name] = run_audit(
                estimator,
                corpus.data,
                corpus.target,
                groups=corpus.groups,
                cv=folds if split == "random" else None,
                metadata=corpus.frame,
                random_state=seed,
                n_jobs=jobs,
                verbose=True,
            )
            _keep(reports[corpus.name], out / corpus.name)
    for name, report in reports.items():
        _print_findings(name, report, out / name)
    raise typer.Exit(int(any(report.is_severe for report in reports.values())))


def _svm(memory):
    from sk_ser.classifiers import make_svm
    from sk_ser.features import make_front_end

    return make_svm(make_front_end(memory=memory))


def _load(path):
    import joblib

    try:
        return joblib.load(path)
    except Exception as error:
        raise ValueError(f"{path}: no model can be loaded from it ({error}).") from error


def _keep(report, folder):
    folder.mkdir(parents=True, exist_ok=True)
    report.to_json(folder / "audit.json")
    report.to_markdown(folder / "audit.md")
    if find_spec("matplotlib") and find_spec("jinja2"):
        report.to_html(folder / "audit.html")
    else:
        typer.echo('No page was made. Install what it needs with: pip install "sk_ser[plot]"')


def _print_findings(name, report, folder):
    colours = {"severe": "red", "warning": "yellow", "note": "dim"}
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(f"\n{name}: {report.verdict}", style="bold", highlight=False)
    for finding in report.findings:
        console.print(f"{finding.severity}: ", style=colours[finding.severity], end="")
        console.print(f"{finding.message} {finding.remedy}", highlight=False, markup=False)
    for check, reason in report.not_checked.items():
        console.print(f"not checked, {check}: {reason}.", style="dim", markup=False)
    console.print(f"The page and the results are in {folder}", highlight=False, markup=False)


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
