"""``sk-ser predict``: emotions of files, one row a file."""

import json
import sys
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sk_ser.cli._messages import plain_messages, say
from sk_ser.cli._options import MANY, JobsByFiles, ModelFile, Trust, count_jobs
from sk_ser.cli._sources import load_model, name_recordings

EXAMPLES = """Examples:

sk-ser predict model.skops clip.wav

sk-ser predict model.skops recordings/ --csv -o emotions.csv

find . -name "*.mp3" | sk-ser predict model.skops - --json
"""


class Format(StrEnum):
    """Format of a row."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def predict(
    model: ModelFile,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|DIR...",
            help="Recordings, or folders of them, at any depth; - reads paths from stdin, one per "
            "line.",
        ),
    ],
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV with one column for each emotion.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="File to write: CSV, or JSON lines if it ends in .json or .jsonl.",
            show_default="stdout",
        ),
    ] = None,
    max_duration: Annotated[
        float,
        typer.Option(min=0.1, help="Longest recording, in seconds."),
    ] = 600.0,
    jobs: JobsByFiles = None,
    trust: Trust = None,
):
    """Predict the emotion of each recording, with probabilities.

    A file that nothing can be predicted from is named on stderr with the reason; the others are
    predicted. Rows are written batch by batch, so an interrupt (Ctrl-C) keeps the finished ones.
    A model that joblib saved can run code when it is loaded: use one only if you trust it.

    The exit code is 0 if all files have an emotion, 1 if some have none, 2 if nothing could be
    predicted, and 130 after an interrupt.
    """
    layout = _layout(as_csv, as_json, out)
    failed = total = 0
    with plain_messages(kept="The finished rows are written."):
        from sk_ser.recognition import predict_files

        trained = load_model(model, trust)
        paths = name_recordings(files)
        n_files = len(paths) if isinstance(paths, list) else MANY
        tables = predict_files(
            trained,
            paths,
            n_jobs=count_jobs(jobs, n_files),
            progress=sys.stderr.isatty() and not (out is None and sys.stdout.isatty()),
            max_duration=max_duration,
        )
        with _open(out) as file:
            for table in tables:
                _write(file, table, layout, is_first=total == 0)
                total += len(table)
                failed += _name_failures(table)
    if failed:
        say(f"{failed} of {total} files have no emotion.", fg="yellow")
        raise typer.Exit(1)


def _layout(as_csv, as_json, out):
    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude each other.")
    if as_json or (not as_csv and out and out.suffix in (".json", ".jsonl")):
        return Format.JSON
    return Format.CSV if as_csv or out else Format.TABLE


def _open(out):
    """Open the file or stdout; bytes of file names that are not text are kept."""
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        return open(out, "w", encoding="utf-8", errors="surrogateescape", newline="")
    sys.stdout.reconfigure(errors="surrogateescape")
    return nullcontext(sys.stdout)


def _write(file, table, layout, is_first):
    write = {Format.CSV: _csv, Format.JSON: _json, Format.TABLE: _table}[layout]
    file.write("".join(f"{line}\n" for line in write(table, is_first)))
    file.flush()


def _name_failures(table):
    failures = table[table["error"].notna()]
    for row in failures.itertuples():
        say(f"{row.path}: {row.error}", fg="red")
    return len(failures)


def _classes(table):
    """Return the names of the columns of probabilities."""
    return [name for name in table.columns[2:-1] if name != "prediction_set"]


def _csv(table, is_first):
    table = table.copy()
    for name in _classes(table):
        table[name] = table[name].map("{:.6g}".format, na_action="ignore")
    if "prediction_set" in table:
        table["prediction_set"] = table["prediction_set"].map(_joined, na_action="ignore")
    yield table.to_csv(index=False, header=is_first, lineterminator="\n").removesuffix("\n")


def _joined(labels):
    return "|".join(map(str, labels))


def _json(table, _):
    names = _classes(table)
    for row in table.to_dict("records"):
        record = {"path": row["path"], "emotion": row["emotion"]}
        if names:
            known = row["error"] is None
            record["probabilities"] = {n: round(row[n], 6) for n in names} if known else None
        if "prediction_set" in row:
            record["prediction_set"] = row["prediction_set"]
        yield json.dumps(record | {"error": row["error"]})


def _table(table, is_first):
    """Yield aligned rows of the predicted files: emotion, probabilities in %, path.

    A star marks the classes of the prediction set.
    """
    names = _classes(table)
    longest = max(len("emotion"), *map(len, names)) if names else 12

    def line(emotion, cells, path):
        columns = (f"{cell:>{max(4, len(n))}}" for n, cell in zip(names, cells, strict=True))
        return "  ".join([f"{emotion!s:<{longest}}", *columns, path])

    if is_first:
        yield line("emotion", names, "file")
    for row in table[table["error"].isna()].to_dict("records"):
        chosen = set(map(str, row.get("prediction_set") or ()))
        cells = [f"{100 * row[name]:.0f}{'*' if name in chosen else ' '}" for name in names]
        yield line(row["emotion"], cells, row["path"])
