"""``sk-ser app``: a page where whoever has a browser tries a model."""

from pathlib import Path
from typing import Annotated

import typer

from sk_ser._optional import import_optional
from sk_ser.cli._messages import plain_messages

EXAMPLES = """Examples:

sk-ser app model.skops

sk-ser app model.skops --host 0.0.0.0 --port 8080 --max-mb 20 --max-minutes 2
"""


def app(
    model: Annotated[
        Path,
        typer.Argument(metavar="MODEL", help="Model that sk-ser train made, such as model.skops."),
    ],
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on; 0.0.0.0 lets other machines in. Browsers give the "
            "microphone to pages of this machine, and to others only over https."
        ),
    ] = "127.0.0.1",
    max_mb: Annotated[
        int, typer.Option(min=1, max=2000, help="Largest file that is taken, in MB.")
    ] = 50,
    max_minutes: Annotated[
        float, typer.Option(min=0.01, help="Longest recording that is taken, in minutes.")
    ] = 10.0,
):
    """Serve a page that predicts the emotion of recordings, uploaded or spoken.

    It shows what the model was trained on and how well it does on unheard voices, and with each
    answer how sure it is. It needs no internet and sends nothing anywhere. Ctrl-C ends it.
    """
    with plain_messages():
        import_optional("matplotlib", extra="app", purpose="sk-ser app")
        streamlit = import_optional("streamlit.web.cli", extra="app", purpose="sk-ser app")
        if not model.is_file():
            raise ValueError(f"{model}: no such file. sk-ser train makes a model.")
        arguments = _arguments(model, port, host, max_mb, max_minutes)
    # it says where the page is, or that the port is taken
    streamlit.main(arguments, prog_name="streamlit", standalone_mode=False)


def _arguments(model, port, host, max_mb, max_minutes):
    """Spell out what Streamlit is told; what comes after ``--`` is the script's own."""
    options = {
        "server.address": host,
        "server.port": port,
        "server.headless": "true",
        "server.maxUploadSize": max_mb,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
    }
    script = Path(__file__).parents[1] / "app" / "_page.py"
    given = [f"--{name}={value}" for name, value in options.items()]
    return ["run", str(script), *given, "--", str(model.resolve()), str(max_mb), str(max_minutes)]
