"""Running the app on a port until it is told to stop."""

import logging
import signal
import threading
from contextlib import contextmanager, suppress

from sk_ser._optional import import_optional

#: Seconds that requests may take to end once the service is told to stop.
_LAST_ORDERS = 30
#: Connections at a time; further ones are answered with 503 before anything is read.
_CONNECTIONS = 1000


def run(app, host="127.0.0.1", port=8000):
    """Serve an app until SIGTERM or Ctrl-C; what runs then is finished.

    The journal, a line of JSON a request, and the server's own messages go to stderr.

    Parameters
    ----------
    app : FastAPI
        Of :func:`create_app`.
    host : str, default="127.0.0.1"
        Address to listen at; the default can be reached from this machine alone.
    port : int, default=8000
        Port; 0 for any that is free: the log tells which.

    Raises
    ------
    ImportError
        If the extra ``serve`` is not installed.
    ValueError
        If the model cannot be served, or the port is taken.

    Examples
    --------
    >>> from sk_ser.service import create_app, run
    >>> def serve(path):
    ...     run(create_app(path), port=8000)
    """
    uvicorn = import_optional("uvicorn", extra="serve", purpose="run")
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_ORDERS,
        limit_concurrency=_CONNECTIONS,
    )
    with _log_on_stderr(), _sigterm_is_no_failure():
        server = uvicorn.Server(config)
        # of what goes wrong, newer versions end the program, and older ones just return
        with suppress(SystemExit):
            server.run()
    if not server.started:
        failure = app.state.service.failure or f"nothing can listen at {host}:{port}."
        raise ValueError(f"The service could not start: {failure}")


@contextmanager
def _sigterm_is_no_failure():
    """Have the program go on when the service has ended on SIGTERM.

    uvicorn hands the signal on to whoever handled it before, when all is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _log_on_stderr():
    """Send the service's journal, and the server's own messages, to stderr meanwhile."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    # why the service could not start is said by `run`, in a sentence
    handler.addFilter(lambda record: not record.getMessage().startswith("Traceback"))
    logs = [logging.getLogger(name) for name in ("sk_ser.service", "uvicorn")]
    before = [(log.level, log.propagate) for log in logs]
    for log in logs:
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
    try:
        yield
    finally:
        for log, (level, propagate) in zip(logs, before, strict=True):
            log.removeHandler(handler)
            log.setLevel(level)
            log.propagate = propagate
