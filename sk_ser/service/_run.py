"""Run the app on a port until it is stopped."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress

from sk_ser._optional import import_optional

#: Seconds that current requests may take after the service is stopped.
_GRACE = 30
#: Number of connections at a time; further ones get status 503 before anything is read.
_CONNECTIONS = 1000


def run(
    app: Callable,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    allow_hosts: Sequence[str] = (),
    allow_origins: Sequence[str] = (),
) -> None:
    """Serve an app until SIGTERM or Ctrl-C, then finish the current requests.

    The log, one line of JSON for each request, and the server's messages go to stderr.

    Parameters
    ----------
    app : FastAPI
        From :func:`create_app`.
    host : str, default="127.0.0.1"
        Address to listen on; the default can be reached from this machine only.
    port : int, default=8000
        Port; 0 takes a free one, which the log names.
    allow_hosts : sequence of str, default=()
        Names by which clients may call the service, beside `host`, localhost and any address.
        Others get status 421, so that no stranger's page can reach it by a name of its own.
    allow_origins : sequence of str, default=()
        Origins, such as ``"https://example.org"``, whose pages may read the answers (CORS).

    Raises
    ------
    ImportError
        If the extra ``serve`` is not installed.
    ValueError
        If the model cannot be served, or the port is in use.

    Examples
    --------
    >>> from sk_ser.service import create_app, run
    >>> def serve(path):
    ...     run(create_app(path), port=8000)
    """
    uvicorn = import_optional("uvicorn", extra="serve", purpose="run")
    from starlette.middleware.cors import CORSMiddleware

    from sk_ser.service._connections import HostCheck, TimedConnection

    checked = HostCheck(app, [host, *allow_hosts])
    if allow_origins:
        checked = CORSMiddleware(checked, allow_origins=list(allow_origins), allow_methods=["*"])
    config = uvicorn.Config(
        checked,
        http=TimedConnection,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        limit_concurrency=_CONNECTIONS,
    )
    with _log_on_stderr(), _sigterm_is_no_failure():
        server = uvicorn.Server(config)
        # on failure, newer versions of uvicorn raise SystemExit and older ones return
        with suppress(SystemExit):
            server.run()
    if not server.started:
        failure = app.state.service.failure or f"cannot listen on {host}:{port}."
        raise ValueError(f"The service could not start: {failure}")


@contextmanager
def _sigterm_is_no_failure():
    """Continue the program after SIGTERM has ended the service.

    uvicorn raises the signal again for the earlier handler when it has shut down.
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
    """Write the service's log and the server's messages to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    # `run` reports in a sentence why the service could not start
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
