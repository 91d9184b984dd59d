"""``sk-ser features``: the features of recordings as a table."""

import os
import sys
from contextlib import ExitStack, contextmanager
from functools import partial

from sk_ser._optional import import_optional
from sk_ser.cli import _options as options
from sk_ser.cli._messages import end_with, name_problems, plain_messages
from sk_ser.cli._outputs import check_output, for_spreadsheets, open_output, open_text, refuse_input
from sk_ser.cli._sources import load_model, tabulate_recordings

EXAMPLES = [
    "sk-ser features emodb/ -o emodb.parquet",
    "sk-ser features recordings/ clip.wav -o features.csv --model model.skops",
]


def features(
    sources: options.Recordings,
    out: options.TableOut,
    model: options.OptionalModel = None,
    spreadsheet: options.Spreadsheet = True,
    jobs: options.JobsByFiles = None,
    trust: options.Trust = None,
):
    """Compute features of recordings, one row for each recording.

    The features are those of the model, with one row for each frame if it is a net; without a
    model, the 2,220 features of svm and xgboost. For known corpora, in folders or zips, and for
    folders by emotion, the table also has the emotion and the speaker.

    A file that cannot be read is named on stderr with the reason and left out of the table. Rows
    are written batch by batch, so an interrupt (Ctrl-C) keeps the finished ones.

    The exit status is 0 if all files are in the table, 1 if some are not, 2 if nothing could be
    computed, and 130 after an interrupt.
    """
    failed = 0
    with plain_messages(kept=f"The finished rows are in {out}."):
        open_table = _opener_for(out, spreadsheet)
        kind = "CSV" if out.suffix == ".csv" else "Parquet"
        check_output(out, kind, [*sources, *([model] if model else [])])
        from sk_ser.recognition import describe_files

        front_end = _front_end(model, trust)
        known = tabulate_recordings(sources)
        for path in known["path"]:
            refuse_input(path, out)
        tables = describe_files(
            front_end,
            known["path"].tolist(),
            n_jobs=options.count_jobs(jobs, len(known)),
            progress=sys.stderr.isatty(),
        )
        with open_table(out) as write:
            for table, problems in tables:
                failed += name_problems(problems)
                if len(table):
                    write(_beside(known, table))
    end_with(failed, len(known), "are not in the table")


def _beside(known, table):
    """Put the columns of the corpus before the features."""
    import pandas as pd

    # not by an index of paths, because file names need not be valid text
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


def _opener_for(out, spreadsheet):
    if out.suffix == ".csv":
        return partial(_open_csv, spreadsheet=spreadsheet)
    if out.suffix == ".parquet":
        # fails before anything is computed
        import_optional("pyarrow.parquet", extra="parquet", purpose=f"{out}: Parquet")
        return _open_parquet
    raise ValueError(f"{out}: the table must end in .parquet or .csv.")


@contextmanager
def _open_csv(out, spreadsheet):
    """Yield a function that appends a table to the file."""

    def write(table):
        if spreadsheet:
            table = for_spreadsheets(table, table.select_dtypes(exclude="number").columns)
        file.write(table.to_csv(index=False, header=file.tell() == 0))

    with open_text(out) as file:
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
            writer = stack.enter_context(pq.ParquetWriter(unfinished, schema))
        writer.write_table(pa.Table.from_pandas(table, schema=writer.schema, preserve_index=False))

    # closes the writer: a file without its footer cannot be read
    with open_output(out) as unfinished, ExitStack() as stack:
        yield write
