"""``sk-ser serve``: predictions over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from sk_ser.cli._messages import plain_messages, say
from sk_ser.cli._sources import PICKLED, check_model, load_model

EXAMPLES = """Examples:

sk-ser serve model.skops

sk-ser serve model.skops --port 8080 --max-duration 30

curl -F file=@clip.wav http://127.0.0.1:8000/predict
"""
_MIB = 2**20


def serve(
    model: Annotated[
        Path,
        typer.Argument(metavar="MODEL", help="Model that sk-ser train made, such as model.skops."),
    ],
    host: Annotated[
        str, typer.Option(help="Address to listen at; 0.0.0.0 for all of this machine's.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any free.")] = 8000,
    max_size: Annotated[float, typer.Option(min=0.001, help="MiB of a file, at most.")] = 10.0,
    max_duration: Annotated[
        float, typer.Option(min=0.1, help="Seconds of a recording, at most.")
    ] = 60.0,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", "-w", min=1, help="Processes that predict.", show_default="one a core"
        ),
    ] = None,
    waiting: Annotated[
        int, typer.Option(min=0, help="Files that may wait; others are told to come back.")
    ] = 64,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that a file may wait, and may take.")
    ] = 10.0,
):
    """Serve predictions over HTTP: POST /predict with a file; GET /docs tells the rest.

    Listens at 127.0.0.1, so that no other machine reaches it. There is neither a password nor
    encryption: before others use it, put a reverse proxy with both in front.

    A line of JSON a request goes to stderr, without names or contents of files. SIGTERM or
    Ctrl-C ends the service when what runs is finished.
    """
    with plain_messages():
        from sk_ser.service import create_app, run

        check_model(model)
        # a file of skops's is loaded by the processes that need it
        source, header = load_model(model) if model.suffix in PICKLED else (model, None)
        app = create_app(
            source,
            header,
            max_bytes=round(max_size * _MIB),
            max_duration=max_duration,
            max_concurrency=workers,
            max_waiting=waiting,
            timeout=timeout,
        )
        if host not in ("127.0.0.1", "::1", "localhost"):
            say(f"Note: whoever reaches {host} can use it; there is no password.", fg="yellow")
        run(app, host, port)
