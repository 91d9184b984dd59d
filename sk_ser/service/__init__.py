"""Predictions over HTTP: a small FastAPI app that files may be sent to by anyone who can reach it.

What comes in is not trusted. Sizes are counted, not believed; decoders run in processes of their
own, which are replaced when they crash or hang; and nothing that is answered names a path.
"""

from sk_ser.service._app import create_app
from sk_ser.service._run import run as run

__all__ = ["create_app"]
