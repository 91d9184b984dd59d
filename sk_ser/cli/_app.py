"""``sk-ser app``: a web page to try a model."""

import runpy
import sys
from pathlib import Path

from sk_ser._optional import import_optional
from sk_ser.cli import _options as options
from sk_ser.cli._messages import plain_messages
from sk_ser.cli._sources import check_model

EXAMPLES = [
    "sk-ser app model.skops",
    "sk-ser app model.skops --host 0.0.0.0 --port 8080 --max-mb 20 --max-minutes 2",
]


def app(
    model: options.ModelFile,
    port: options.PagePort = 8501,
    host: options.Host = "127.0.0.1",
    max_mb: options.MaxMB = 50,
    max_minutes: options.MaxMinutes = 10.0,
    trust: options.Trust = None,
):
    """Serve a web page that predicts the emotion of recordings, uploaded or spoken.

    The page shows the training data, the scores on unseen speakers, and the confidence of each
    prediction. It needs no internet and sends nothing to other machines. Ctrl-C ends it.

    Browsers allow the microphone on pages of this machine, and on other pages only over https.
    """
    with plain_messages():
        for package in ("matplotlib", "streamlit"):
            import_optional(package, extra="app", purpose="sk-ser app")
        check_model(model)
    own = [str(model.resolve()), str(max_mb), str(max_minutes), *(trust or ())]
    # as `python -m streamlit`: it prints the address of the page, or that the port is in use
    sys.argv = ["streamlit", "run", *_arguments(port, host, max_mb), "--", *own]
    runpy.run_module("streamlit", run_name="__main__")


def _arguments(port, host, max_mb):
    """Return the script and Streamlit's options."""
    options = {
        "server.address": host,
        "server.port": port,
        "server.headless": "true",
        # only pages of this server may connect, whatever name points at it
        "server.enableCORS": "true",
        "server.enableXsrfProtection": "true",
        "server.maxUploadSize": max_mb,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
    }
    script = Path(__file__).parents[1] / "app" / "_page.py"
    return [str(script), *(f"--{name}={value}" for name, value in options.items())]
