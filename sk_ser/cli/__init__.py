"""The command line, ``sk-ser``, with one file for each command.

A command imports what it needs when it runs, so help and completion are fast.
"""

from typing import Annotated

import typer

from sk_ser._version import __version__
from sk_ser.cli import _app, _audit, _benchmark, _features, _predict, _serve, _train

app = typer.Typer(
    name="sk-ser",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    help="Speech emotion recognition, evaluated on unseen speakers.",
)


def _print_version(wanted: bool):
    if wanted:
        typer.echo(f"sk_ser {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print version."),
    ] = False,
):
    """Speech emotion recognition, evaluated on unseen speakers."""


for module in (_train, _predict, _app, _serve, _features, _benchmark, _audit):
    name = module.__name__.rpartition("._")[2]
    app.command(name, epilog="\n\n".join(["Examples:", *module.EXAMPLES]))(getattr(module, name))
