"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

#: Number of files from which all cores are used: starting a process takes seconds.
MANY = 200
_JOBS = ("--jobs", "-j")
_PROCESSES = "Number of processes; -1 uses all cores."

Jobs = Annotated[int, typer.Option(*_JOBS, help=_PROCESSES)]
#: None stands for the result of `count_jobs`.
JobsByFiles = Annotated[
    int | None,
    typer.Option(*_JOBS, help=_PROCESSES, show_default=f"all cores from {MANY} files on"),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")]
ModelFile = Annotated[
    Path,
    typer.Argument(metavar="MODEL", help="Model that sk-ser train wrote, such as model.skops."),
]
Trust = Annotated[
    list[str] | None,
    typer.Option(
        "--trust",
        metavar="TYPE",
        help="Full name of a type in the model to load although it belongs neither to sk_ser nor "
        "to scikit-learn, such as mypackage.MyNet; it runs code of its package. Repeat the option "
        "for several types.",
        show_default="none",
    ),
]


def count_jobs(jobs, n_files):
    """Return the number of processes for so many files, unless the user chose one."""
    return jobs or (-1 if n_files >= MANY else None)


def split_names(text):
    """Split names that are separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]
