"""``sk-ser features``: the features of recordings as a table."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sk_ser.cli._messages import plain_messages, say
from sk_ser.cli._options import JobsByFiles, Trust, count_jobs
from sk_ser.cli._sources import load_model, tabulate_recordings

EXAMPLES = """Examples:

sk-ser features emodb/ -o emodb.parquet

sk-ser features recordings/ clip.wav -o features.csv --model model.skops
"""


def features(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|DIR|ZIP...",
            help="Recordings, or folders of them, at any depth. For known corpora and for folders "
            "by emotion, the table also has the emotion and the speaker.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="Table to write: .parquet (needs pyarrow) or .csv."),
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            help="Model whose features to compute; those of a net have one row for each frame.",
            show_default="the 2,220 features of svm and xgboost",
        ),
    ] = None,
    jobs: JobsByFiles = None,
    trust: Trust = None,
):
    """Compute features of recordings, one row for each recording.

    A file that cannot be read is named on stderr with the reason and left out of the table. Rows
    are written batch by batch, so an interrupt (Ctrl-C) keeps the finished ones.

    The exit code is 0 if all files are in the table, 1 if some are not, 2 if nothing could be
    computed, and 130 after an interrupt.
    """
    failed = 0
    with plain_messages(kept=f"The finished rows are in {out}."):
        open_table = _writer_for(out)
        from sk_ser.recognition import describe_files

        front_end = _front_end(model, trust)
        known = tabulate_recordings(sources)
        tables = describe_files(
            front_end,
            known["path"].tolist(),
            n_jobs=count_jobs(jobs, len(known)),
            progress=sys.stderr.isatty(),
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        with open_table(out) as write:
            for table, problems in tables:
                for path, problem in problems.items():
                    say(f"{path}: {problem}", fg="red")
                failed += len(problems)
                if len(table):
                    write(_beside(known, table))
    if failed:
        say(f"{failed} of {len(known)} files are not in the table.", fg="yellow")
        raise typer.Exit(1)


def _beside(known, table):
    """Put the columns of the corpus before the features."""
    import pandas as pd

    place = {path: number for number, path in enumerate(known["path"])}
    rows = known.iloc[[place[path] for path in table["path"]]].reset_index(drop=True)
    return pd.concat([rows, table.drop(columns="path")], axis=1)


def _front_end(model, trust):
    if model is None:
        from sk_ser.features import make_front_end

        return make_front_end()
    front_end = load_model(model, trust).front_end
    if front_end is None:
        raise ValueError(f"{model}: its first step does not describe files one by one.")
    return front_end


def _writer_for(out):
    if out.suffix == ".csv":
        return _open_csv
    if out.suffix == ".parquet":
        from sk_ser._optional import import_optional

        # fails before anything is computed
        import_optional("pyarrow.parquet", extra="parquet", purpose=f"{out}: Parquet")
        return _open_parquet
    raise ValueError(f"{out}: the table must end in .parquet or .csv.")


@contextmanager
def _open_csv(out):
    """Yield a function that appends a table to the file."""
    with open(out, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:

        def write(table):
            table.to_csv(file, index=False, header=file.tell() == 0)
            file.flush()

        yield write


@contextmanager
def _open_parquet(out):
    """Yield a function that appends a table with the columns of the first one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None

    def write(table):
        nonlocal writer
        # Parquet takes valid text only, and file names need not be valid text
        names = [os.fsencode(path).decode(errors="backslashreplace") for path in table["path"]]
        table = table.assign(path=names)
        if writer is None:
            schema = pa.Schema.from_pandas(table, preserve_index=False)
            writer = pq.ParquetWriter(out, schema)
        writer.write_table(pa.Table.from_pandas(table, schema=writer.schema, preserve_index=False))

    try:
        yield write
    finally:
        # a file without its footer cannot be read
        if writer is not None:
            writer.close()
