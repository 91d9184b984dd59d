"""``sk-ser audit``: every reason why a result may overestimate the score on new speakers."""

from importlib.util import find_spec
from pathlib import Path

import typer

from sk_ser.cli import _options as options
from sk_ser.cli._messages import console, plain_messages
from sk_ser.cli._outputs import check_folder
from sk_ser.cli._sources import load_corpora, load_model

EXAMPLES = [
    "sk-ser audit tess/ --protocol random",
    "sk-ser audit emodb/ --model model.skops --out audit",
]


def audit(
    sources: options.Corpora,
    model: options.OptionalModel = None,
    protocol: options.Protocol = "speaker-independent",
    checks: options.Checks = None,
    out: options.OutFolder = Path("sk-ser-audit"),
    folds: options.Folds = 5,
    layout: options.Layout = "auto",
    speaker: options.Speaker = None,
    columns: options.Columns = None,
    on_error: options.OnError = "skip",
    jobs: options.Jobs = -1,
    seed: options.Seed = 0,
    trust: options.Trust = None,
):
    """Search for every reason why a result may overestimate the score on new speakers.

    The model is fitted anew in every fold. Without one, the svm baseline is audited. A model file
    of joblib runs code when it is loaded: use one only if you trust it.

    Writes three files for each corpus: audit.html, a page to share, audit.md, and results.json,
    from which every figure can be recomputed. All checks are made unless some are named.

    The exit status is 0 if no finding is severe, 1 if one is severe, which makes a run of
    continuous integration fail, 2 if nothing can be audited, and 130 after an interrupt.
    """
    from sk_ser.datasets import clean_corpora
    from sk_ser.leakage import audit as run_audit

    reports = {}
    with plain_messages(kept=f"The reports of finished corpora are in {out}."):
        check_folder(out, sources or [])
        estimator = load_model(model, trust).estimator if model else _svm(out / "cache")
        corpora = load_corpora(
            sources,
            on_error=on_error,
            layout=None if layout == "auto" else layout,
            speaker=speaker,
            columns=options.split_columns(columns),
        )
        for given in corpora:
            (corpus,) = clean_corpora([given], on_error=on_error, n_jobs=jobs)
            reports[corpus.name] = run_audit(
                estimator,
                corpus.data,
                corpus.target,
                groups=corpus.groups,
                protocol=protocol,
                n_splits=folds,
                metadata=corpus.frame,
                checks=checks and options.split_names(checks),
                random_state=seed,
                n_jobs=jobs,
                verbose=True,
            )
            _write(reports[corpus.name], out / corpus.name)
    _print(reports, out)
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


def _print(reports, out):
    terminal = console()
    for name, report in reports.items():
        terminal.print(f"\n{name}", style="bold", highlight=False, markup=False)
        report.print(terminal)
        terminal.print(f"The report is in {out / name}", highlight=False, markup=False)
