"""Predictions over HTTP: a small FastAPI app for uploads of untrusted files.

The service counts bytes instead of trusting declared sizes. Decoders run in separate processes,
which are replaced when they crash or hang. Answers never reveal server paths.
"""

from sk_ser.service._app import create_app
from sk_ser.service._run import run as run

__all__ = ["create_app"]
