"""``sk-ser audit``: every reason why a result may be too good."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sk_ser.cli._messages import console, plain_messages
from sk_ser.cli._options import Jobs, Seed
from sk_ser.cli._sources import load_corpora, load_model

EXAMPLES = """Examples:

sk-ser audit tess/ --split random

sk-ser audit emodb/ --model model.skops --out audit
"""


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
            help="Model that sk-ser train made (.skops), or joblib saved, which is run to load it: "
            "only one that you trust. It is fitted anew in every fold.",
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
    jobs: Jobs = -1,
    seed: Seed = 0,
):
    """Look for every reason why a result may be better than it would be on a new voice.

    Writes, for each corpus, audit.html, a page to send to a co-author, audit.md and
    results.json, from which every figure can be computed again. Ends with status 1 if a
    finding is severe, so that it can stand guard in continuous integration, and with 2 if
    there is nothing to audit.
    """
    from sk_ser.leakage import audit as run_audit

    if split not in ("speaker-independent", "random"):
        raise typer.BadParameter(f"{split!r} is neither speaker-independent nor random.")
    with plain_messages(kept=f"Corpora that were finished are in {out}."):
        estimator = load_model(model).estimator if model else _svm(out / "cache")
        reports = {}
        for corpus in load_corpora(sources):
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


def _keep(report, folder):
    folder.mkdir(parents=True, exist_ok=True)
    report.to_json(folder / "results.json")
    report.to_markdown(folder / "audit.md")
    if find_spec("matplotlib") and find_spec("jinja2"):
        report.to_html(folder / "audit.html")
    else:
        typer.echo('No page was made. Install what it needs with: pip install "sk_ser[plot]"')


def _print_findings(name, report, folder):
    colours = {"severe": "red", "warning": "yellow", "note": "dim"}
    terminal = console()
    terminal.print(f"\n{name}: {report.verdict}", style="bold", highlight=False)
    for finding in report.findings:
        terminal.print(f"{finding.severity}: ", style=colours[finding.severity], end="")
        terminal.print(f"{finding.message} {finding.remedy}", highlight=False, markup=False)
    for check, reason in report.not_checked.items():
        terminal.print(f"not checked, {check}: {reason}.", style="dim", markup=False)
    terminal.print(f"The page and the results are in {folder}", highlight=False, markup=False)
