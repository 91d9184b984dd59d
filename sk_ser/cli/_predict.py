"""``sk-ser predict``: emotions of files, a row a file, whatever is wrong with some of them."""

import csv
import io
import json
import sys
from contextlib import nullcontext
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from sk_ser.cli._messages import plain_messages, say
from sk_ser.cli._options import MANY, JobsByFiles, count_jobs
from sk_ser.cli._sources import load_model, name_recordings

EXAMPLES = """Examples:

sk-ser predict model.skops clip.wav

sk-ser predict model.skops recordings/ --csv -o emotions.csv

find . -name "*.mp3" | sk-ser predict model.skops - --json
"""


class Format(StrEnum):
    """What a row looks like."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def predict(
    model: Annotated[
        Path,
        typer.Argument(metavar="MODEL", help="Model that sk-ser train made, such as model.skops."),
    ],
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|DIR...",
            help="Recordings, or folders of them, however nested; - reads paths from stdin, one a "
            "line.",
        ),
    ],
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV, with a column for each emotion.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="File to write to; CSV, or JSON lines if it ends in .json or .jsonl.",
            show_default="stdout",
        ),
    ] = None,
    max_duration: Annotated[
        float, typer.Option(min=0.1, help="Seconds; a longer file is an error.")
    ] = 600.0,
    jobs: JobsByFiles = None,
):
    """Predict the emotion of each recording, with probabilities.

    A file that nothing can be predicted from is named on stderr with the reason, and all
    others are done. Rows are written as they are ready, so an interrupt (Ctrl-C) leaves
    what was finished. A model that joblib saved runs its code: load only one that you trust.

    Ends with status 0 if every file has its emotion, 1 if some have not, 2 if nothing could
    be begun, and 130 if it was interrupted.
    """
    layout = _layout(as_csv, as_json, out)
    failed = total = 0
    with plain_messages(kept="What was finished is written."):
        from sk_ser.prediction import predict_files

        estimator, header = load_model(model)
        paths = name_recordings(files)
        n_files = len(paths) if isinstance(paths, list) else MANY
        tables = predict_files(
            estimator,
            paths,
            header=header,
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
    """Open what is written to; names of files that are no text go through as they are."""
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
    """Name the columns that hold probabilities."""
    return [name for name in table.columns[2:-1] if name != "prediction_set"]


def _csv(table, is_first):
    numbers = _classes(table)
    header = [list(table.columns)] if is_first else []
    for row in chain(header, table.to_dict("records")):
        cells = row if isinstance(row, list) else [_cell(row[c], c in numbers) for c in row]
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(cells)
        yield line.getvalue()


def _cell(value, is_number):
    if is_number:
        return "" if value != value else f"{value:.6g}"
    return "|".join(map(str, value)) if isinstance(value, list) else value


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
    """Lay out rows for the eye: probabilities in %, those of the set starred."""
    names = _classes(table)
    widths = {name: max(4, len(name)) for name in names}
    longest = max([len("emotion"), *map(len, names)])
    if is_first:
        heads = "  ".join(f"{name:>{widths[name]}}" for name in names)
        yield f"{'emotion':<{longest}}  {heads}  file" if names else f"{'emotion':<12}  file"
    for row in table[table["error"].isna()].to_dict("records"):
        likely = set(map(str, row.get("prediction_set") or ()))
        cells = "  ".join(
            f"{f'{100 * row[n]:.0f}' + ('*' if n in likely else ' '):>{widths[n]}}" for n in names
        )
        emotion = f"{row['emotion']!s:<{longest if names else 12}}"
        yield f"{emotion}  {cells}  {row['path']}" if names else f"{emotion}  {row['path']}"
