"""Options that several commands have."""

from typing import Annotated

import typer

#: From how many files on all cores are used: each further process takes seconds to begin.
MANY = 200
_JOBS = ("--jobs", "-j")
_PROCESSES = "Processes; -1 for all cores."

Jobs = Annotated[int, typer.Option(*_JOBS, help=_PROCESSES)]
#: None stands for what `count_jobs` makes of it.
JobsByFiles = Annotated[
    int | None,
    typer.Option(*_JOBS, help=_PROCESSES, show_default=f"all cores from {MANY} files on"),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of everything random.")]


def count_jobs(jobs, n_files):
    """Tell how many processes so many files are worth, unless the user did."""
    return jobs or (-1 if n_files >= MANY else None)
