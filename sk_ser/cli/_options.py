"""Arguments and options of the commands."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from sk_ser.baselines import baseline_names

#: Number of files from which all cores are used: starting a process takes seconds.
MANY = 200
_BASELINES = ", ".join(baseline_names())
_OUT, _JOBS = ("--out", "-o"), ("--jobs", "-j")
_PROCESSES = "Number of processes; -1 uses all cores."


def _complete_baseline(incomplete: str):
    return [name for name in baseline_names() if name.startswith(incomplete)]


# inputs
Corpora = Annotated[
    list[Path] | None,
    Argument(
        metavar="DIR|ZIP...",
        help="Folders or zips of known corpora; or a folder with one folder for each speaker, "
        "which holds one folder for each emotion.",
    ),
]
Recordings = Annotated[
    list[str],
    Argument(
        metavar="FILE|DIR...",
        help="Recordings, or folders of them, at any depth; - reads paths from stdin.",
    ),
]
ModelFile = Annotated[Path, Argument(metavar="MODEL", help="Model file that sk-ser train wrote.")]
OptionalModel = Annotated[Path | None, Option(help="Model file that sk-ser train wrote.")]
Trust = Annotated[
    list[str] | None,
    Option(
        metavar="TYPE",
        help="Full name of a type in the model file that belongs neither to sk_ser nor to "
        "scikit-learn, such as mypackage.MyNet. Loading it runs code of its package. Repeat the "
        "option for several types.",
        show_default="none",
    ),
]

OnError = Annotated[
    str,
    Option(
        metavar="skip|raise",
        help="What to do about recordings that cannot be used: leave them out with a note, or end.",
    ),
]
Layout = Annotated[
    str,
    Option(
        metavar="LAYOUT",
        help="Folders of a corpus of your own: emotion, speaker/emotion or emotion/speaker.",
    ),
]
Speaker = Annotated[
    str | None,
    Option(
        metavar="REGEX",
        help="Regular expression that finds the speaker in the path of a recording of a corpus of "
        "your own, such as '/(s[0-9]+)_'.",
    ),
]
Columns = Annotated[
    str | None,
    Option(
        metavar="NAMES",
        help="Columns of a manifest of your own, such as path=file,emotion=label,speaker=actor.",
    ),
]

# outputs
OutFolder = Annotated[Path, Option(*_OUT, help="Folder for the results.")]
ModelOut = Annotated[Path, Option(*_OUT, help="Model file to write, with its card beside it.")]
TableOut = Annotated[Path, Option(*_OUT, help="Table to write: .parquet (needs pyarrow) or .csv.")]
RowsOut = Annotated[
    Path | None,
    Option(*_OUT, help="File to write instead of stdout: CSV, or JSON lines if .json or .jsonl."),
]
AsCSV = Annotated[bool, Option("--csv", help="Write CSV with one column for each emotion.")]
Spreadsheet = Annotated[
    bool,
    Option(
        "--spreadsheet/--no-spreadsheet",
        help="In CSV, put a single quote before text that a spreadsheet takes for a formula.",
    ),
]
AsJSON = Annotated[bool, Option("--json", help="Write JSON lines.")]

# models, protocols and checks
Baseline = Annotated[
    str,
    Option(
        metavar="NAME",
        autocompletion=_complete_baseline,
        help=f"Baseline: {_BASELINES}, or one of a plugin. svm is fast; nets take long.",
    ),
]
Baselines = Annotated[
    str | None,
    Option(
        metavar="NAMES",
        help=f"Baselines, separated by commas: {_BASELINES}, or those of a plugin.",
        show_default="svm,xgboost",
    ),
]
Protocol = Annotated[
    str, Option(help="How clips are split: speaker-independent, random, or one of a plugin.")
]
Protocols = Annotated[
    str,
    Option(
        metavar="NAMES",
        help="Protocols, separated by commas, also of a plugin. Each gap is to the first one.",
    ),
]
Checks = Annotated[str | None, Option(help="Names of checks, separated by commas.")]
Folds = Annotated[int, Option(min=2, help="Number of folds.")]
Evaluate = Annotated[bool, Option(help="Score the model, which takes most of the time.")]
SharedEmotions = Annotated[
    bool, Option("--shared-emotions", help="Keep only emotions that all corpora have.")
]
Coverage = Annotated[
    float,
    Option(min=0.5, max=0.99, help="Share of prediction sets that contain the correct emotion."),
]

# computation
Cache = Annotated[Path | None, Option(help="Folder to keep features in for later runs.")]
Jobs = Annotated[int, Option(*_JOBS, help=_PROCESSES)]
#: None stands for the result of `count_jobs`.
JobsByFiles = Annotated[
    int | None, Option(*_JOBS, help=_PROCESSES, show_default=f"all cores from {MANY} files on")
]
Seed = Annotated[int, Option(min=0, help="Seed of all random numbers.")]

# servers and their limits
Host = Annotated[str, Option(help="Address to listen on; 0.0.0.0 admits other machines.")]
AllowHost = Annotated[
    list[str] | None,
    Option(
        metavar="NAME",
        help="Name by which clients may call it, beside --host, localhost and any address. Repeat "
        "the option for several names.",
        show_default="none",
    ),
]
AllowOrigin = Annotated[
    list[str] | None,
    Option(
        metavar="ORIGIN",
        help="Origin whose pages may read the answers, such as https://example.org. Repeat the "
        "option for several origins.",
        show_default="none",
    ),
]
Port = Annotated[int, Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]
PagePort = Annotated[int, Option(min=1, max=65535, help="Port to listen on.")]
MaxMiB = Annotated[float, Option(min=0.001, help="Largest file, in MiB.")]
MaxMB = Annotated[int, Option(min=1, max=2000, help="Largest file, in MB.")]
MaxSeconds = Annotated[float, Option(min=0.1, help="Longest recording, in seconds.")]
MaxMinutes = Annotated[float, Option(min=0.01, help="Longest recording, in minutes.")]
Workers = Annotated[
    int | None,
    Option("--workers", "-w", min=1, help="Number of processes.", show_default="one for each core"),
]
Waiting = Annotated[int, Option(min=0, help="Files that may wait; further ones get status 503.")]
Timeout = Annotated[float, Option(min=0.1, help="Seconds for waiting, and for a prediction.")]


def split_columns(text):
    """Split ``path=file,emotion=label`` into a dict."""
    pairs = [pair.partition("=") for pair in split_names(text or "")]
    if not all(theirs for _, _, theirs in pairs):
        raise ValueError(f"--columns {text}: give pairs such as path=file,emotion=label.")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}


def count_jobs(jobs, n_files):
    """Return the number of processes for so many files, unless the user chose one."""
    return jobs or (-1 if n_files >= MANY else None)


def split_names(text):
    """Split names that are separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]
