"""``sk-ser app``: a web page to try a model."""

import runpy
import sys
from pathlib import Path
from typing import Annotated

import typer

from sk_ser._optional import import_optional
from sk_ser.cli._messages import plain_messages
from sk_ser.cli._options import ModelFile, Trust
from sk_ser.cli._sources import check_model

EXAMPLES = """Examples:

sk-ser app model.skops

sk-ser app model.skops --host 0.0.0.0 --port 8080 --max-mb 20 --max-minutes 2
"""


def app(
    model: ModelFile,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on; 0.0.0.0 admits other machines. Browsers allow the "
            "microphone on pages of this machine, and on others only over https."
        ),
    ] = "127.0.0.1",
    max_mb: Annotated[int, typer.Option(min=1, max=2000, help="Largest file, in MB.")] = 50,
    max_minutes: Annotated[
        float, typer.Option(min=0.01, help="Longest recording, in minutes.")
    ] = 10.0,
    trust: Trust = None,
):
    """Serve a web page that predicts the emotion of recordings, uploaded or spoken.

    The page shows the training data, the scores on unseen speakers, and the confidence of each
    prediction. It needs no internet and sends nothing to other machines. Ctrl-C ends it.
    """
    with plain_messages():
        import_optional("matplotlib", extra="app", purpose="sk-ser app")
        import_optional("streamlit", extra="app", purpose="sk-ser app")
        check_model(model)
        arguments = _arguments(model, port, host, max_mb, max_minutes, trust)
    # as `python -m streamlit`: it prints the address of the page, or that the port is in use
    sys.argv = ["streamlit", *arguments]
    runpy.run_module("streamlit", run_name="__main__")


def _arguments(model, port, host, max_mb, max_minutes, trust=None):
    """Return Streamlit's arguments; those after ``--`` are for the script."""
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
    own = [str(model.resolve()), str(max_mb), str(max_minutes), *(trust or ())]
    return ["run", str(script), *given, "--", *own]
