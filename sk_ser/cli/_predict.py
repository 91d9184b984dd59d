"""``sk-ser predict``: emotions of files, one row for each file."""

import json
import sys
from functools import partial

import typer

from sk_ser._text import printable
from sk_ser.cli import _options as options
from sk_ser.cli._messages import end_with, name_problems, plain_messages
from sk_ser.cli._outputs import check_output, for_spreadsheets, open_text, refuse_input
from sk_ser.cli._sources import load_model, name_recordings

EXAMPLES = [
    "sk-ser predict model.skops clip.wav",
    "sk-ser predict model.skops recordings/ --csv -o emotions.csv",
    'find . -name "*.mp3" | sk-ser predict model.skops - --json',
]


def predict(
    model: options.ModelFile,
    files: options.Recordings,
    as_csv: options.AsCSV = False,
    as_json: options.AsJSON = False,
    spreadsheet: options.Spreadsheet = True,
    out: options.RowsOut = None,
    max_duration: options.MaxSeconds = 600.0,
    jobs: options.JobsByFiles = None,
    trust: options.Trust = None,
):
    """Predict the emotion of each recording, with probabilities.

    A file without a prediction is named on stderr with the reason; the others are predicted. Rows
    are written batch by batch, so an interrupt (Ctrl-C) keeps the finished ones. A model file of
    joblib runs code when it is loaded: use one only if you trust it.

    The exit status is 0 if all files have an emotion, 1 if some have none, 2 if nothing could be
    predicted, and 130 after an interrupt.
    """
    text_of = _layout(as_csv, as_json, out, spreadsheet)
    failed = total = 0
    with plain_messages(kept="The finished rows are written."):
        from sk_ser.recognition import predict_files

        if out is not None:
            check_output(out, "JSON lines" if text_of is _json else "CSV", [model, *files])
        trained = load_model(model, trust)
        paths = name_recordings(files)
        n_files = len(paths) if isinstance(paths, list) else options.MANY
        if out is not None:
            paths = _except(paths, out)
        tables = predict_files(
            trained,
            paths,
            n_jobs=options.count_jobs(jobs, n_files),
            progress=sys.stderr.isatty() and not (out is None and sys.stdout.isatty()),
            max_duration=max_duration,
        )
        with open_text(out) as file:
            for table in tables:
                file.write(text_of(table, is_first=total == 0))
                total += len(table)
                failed += name_problems(table.set_index("path")["error"].dropna())
    end_with(failed, total, "have no emotion")


def _except(paths, out):
    """Yield paths, and refuse the one of the output."""
    for path in paths:
        refuse_input(path, out)
        yield path


def _layout(as_csv, as_json, out, spreadsheet):
    """Return the function that writes a table as text."""
    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude each other.")
    if as_json or (not as_csv and out and out.suffix in (".json", ".jsonl")):
        return _json
    return partial(_csv, spreadsheet=spreadsheet) if as_csv or out else _table


def _classes(table):
    """Return the names of the columns of probabilities."""
    return [name for name in table.columns[2:-1] if name != "prediction_set"]


def _csv(table, is_first, spreadsheet):
    if "prediction_set" in table:
        sets = table["prediction_set"].map(_joined, na_action="ignore")
        table = table.assign(prediction_set=sets)
    if spreadsheet:
        table = for_spreadsheets(table, table.columns[~table.columns.isin(_classes(table))])
    return table.to_csv(index=False, header=is_first, float_format="%.6g", lineterminator="\n")


def _joined(labels):
    return "|".join(map(str, labels))


def _json(table, is_first):
    names = _classes(table)
    lines = []
    for row in table.to_dict("records"):
        record = {"path": row["path"], "emotion": row["emotion"]}
        if names:
            known = row["error"] is None
            record["probabilities"] = {n: round(row[n], 6) for n in names} if known else None
        if "prediction_set" in row:
            record["prediction_set"] = row["prediction_set"]
        lines.append(f"{json.dumps(record | {'error': row['error']})}\n")
    return "".join(lines)


def _table(table, is_first):
    """Align the predicted files: emotion, probabilities in %, path.

    A star marks the classes of the prediction set.
    """
    names = _classes(table)
    longest = max(len("emotion"), *map(len, names)) if names else 12
    rows = [("emotion", names, "file")] if is_first else []
    for row in table[table["error"].isna()].to_dict("records"):
        chosen = set(map(str, row.get("prediction_set") or ()))
        cells = [f"{100 * row[name]:.0f}{'*' if name in chosen else ' '}" for name in names]
        rows.append((row["emotion"], cells, printable(row["path"])))
    text = ""
    for emotion, cells, path in rows:
        columns = (f"{cell:>{max(4, len(n))}}" for n, cell in zip(names, cells, strict=True))
        text += "  ".join([f"{emotion!s:<{longest}}", *columns, path]) + "\n"
    return text
