"""``sk-ser serve``: predictions over HTTP."""

from typing import Annotated

import typer

from sk_ser.cli._messages import plain_messages, say
from sk_ser.cli._options import ModelFile, Trust
from sk_ser.cli._sources import check_model, load_model

EXAMPLES = """Examples:

sk-ser serve model.skops

sk-ser serve model.skops --port 8080 --max-duration 30

curl -F file=@clip.wav http://127.0.0.1:8000/predict
"""
_MIB = 2**20


def serve(
    model: ModelFile,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 admits other machines.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for a free one.")] = 8000,
    max_size: Annotated[float, typer.Option(min=0.001, help="Largest file, in MiB.")] = 10.0,
    max_duration: Annotated[
        float, typer.Option(min=0.1, help="Longest recording, in seconds.")
    ] = 60.0,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            "-w",
            min=1,
            help="Number of processes that predict.",
            show_default="one for each core",
        ),
    ] = None,
    waiting: Annotated[
        int, typer.Option(min=0, help="Number of files that may wait; further ones get status 503.")
    ] = 64,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that a file may wait, and that it may take.")
    ] = 10.0,
    trust: Trust = None,
):
    """Serve predictions over HTTP: POST /predict with a file; see GET /docs.

    By default the service listens on 127.0.0.1, where no other machine can reach it. It has no
    password and no encryption: put a reverse proxy with both in front before others use it.

    Each request is logged to stderr as one line of JSON, without names or contents of files.
    SIGTERM or Ctrl-C ends the service after the current requests.
    """
    with plain_messages():
        from sk_ser.persistence import format_of
        from sk_ser.service import create_app, run

        check_model(model)
        app = create_app(
            # the processes load a skops file themselves
            load_model(model) if format_of(model) == "joblib" else model,
            trusted=trust or (),
            max_bytes=round(max_size * _MIB),
            max_duration=max_duration,
            max_concurrency=workers,
            max_waiting=waiting,
            timeout=timeout,
        )
        if host not in ("127.0.0.1", "::1", "localhost"):
            say(f"Note: anyone who can reach {host} can use it; it has no password.", fg="yellow")
        run(app, host, port)
