"""``sk-ser audit``: every reason why a result may overestimate the score on new speakers."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sk_ser.cli._messages import console, plain_messages
from sk_ser.cli._options import Jobs, Seed, split_names
from sk_ser.cli._sources import load_corpora, load_model

EXAMPLES = """Examples:

sk-ser audit tess/ --protocol random

sk-ser audit emodb/ --model model.skops --out audit
"""


def audit(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR|ZIP...",
            help="Folders or zips of known corpora; or a folder with one folder for each speaker, "
            "which holds one folder for each emotion.",
        ),
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            help="Model of sk-ser train (.skops), or one saved by joblib, which runs code when it "
            "is loaded: only one that you trust. It is fitted anew in every fold.",
            show_default="the svm baseline",
        ),
    ] = None,
    protocol: Annotated[
        str,
        typer.Option(
            help='How clips are split: "speaker-independent", "random", or another protocol of '
            "compare_protocols."
        ),
    ] = "speaker-independent",
    checks: Annotated[
        str | None,
        typer.Option(help="Names of checks, separated by commas.", show_default="all checks"),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the page and the results.")
    ] = Path("sk-ser-audit"),
    folds: Annotated[int, typer.Option(min=2, help="Folds of the protocol.")] = 5,
    jobs: Jobs = -1,
    seed: Seed = 0,
):
    """Search for every reason why a result may overestimate the score on new speakers.

    Writes three files for each corpus: audit.html, a page to share, audit.md, and results.json,
    from which every figure can be recomputed. The exit status is 1 if a finding is severe, so
    that the command can be used in continuous integration, and 2 if nothing can be audited.
    """
    from sk_ser.leakage import audit as run_audit

    reports = {}
    with plain_messages(kept=f"The reports of finished corpora are in {out}."):
        estimator = load_model(model).estimator if model else _svm(out / "cache")
        for corpus in load_corpora(sources):
            report = run_audit(
                estimator,
                corpus.data,
                corpus.target,
                groups=corpus.groups,
                protocol=protocol,
                n_splits=folds,
                metadata=corpus.frame,
                checks=checks and split_names(checks),
                random_state=seed,
                n_jobs=jobs,
                verbose=True,
            )
            reports[corpus.name] = report
            _write(report, out / corpus.name)
    terminal = console()
    for name, report in reports.items():
        terminal.print(f"\n{name}", style="bold", highlight=False, markup=False)
        report.print(terminal)
        folder = out / name
        terminal.print(f"The report is in {folder}", highlight=False, markup=False)
    raise typer.Exit(int(any(report.is_severe for report in reports.values())))


def _svm(memory):
    from sk_ser.classifiers import make_svm
    from sk_ser.features import make_front_end

    return make_svm(make_front_end(memory=memory))


def _write(report, folder):
    folder.mkdir(parents=True, exist_ok=True)
    report.to_json(folder / "results.json")
    report.to_markdown(folder / "audit.md")
    if find_spec("matplotlib"):
        report.to_html(folder / "audit.html")
    else:
        typer.echo('No page was written. It needs matplotlib: pip install "sk_ser[plot]"')
