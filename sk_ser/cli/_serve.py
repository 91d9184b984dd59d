"""``sk-ser serve``: predictions over HTTP."""

from sk_ser.cli import _options as options
from sk_ser.cli._messages import plain_messages, say
from sk_ser.cli._sources import check_model, load_model

EXAMPLES = [
    "sk-ser serve model.skops",
    "sk-ser serve model.skops --port 8080 --max-duration 30",
    "curl -F file=@clip.wav http://127.0.0.1:8000/predict",
]


def serve(
    model: options.ModelFile,
    host: options.Host = "127.0.0.1",
    port: options.Port = 8000,
    max_size: options.MaxMiB = 10.0,
    max_duration: options.MaxSeconds = 60.0,
    workers: options.Workers = None,
    waiting: options.Waiting = 64,
    timeout: options.Timeout = 10.0,
    allow_host: options.AllowHost = None,
    allow_origin: options.AllowOrigin = None,
    trust: options.Trust = None,
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
            max_bytes=round(max_size * 2**20),
            max_duration=max_duration,
            max_concurrency=workers,
            max_waiting=waiting,
            timeout=timeout,
        )
        if host not in ("127.0.0.1", "::1", "localhost"):
            say(f"Note: anyone who can reach {host} can use it; it has no password.", fg="yellow")
        run(app, host, port, allow_hosts=allow_host or (), allow_origins=allow_origin or ())
