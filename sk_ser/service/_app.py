"""The app: what may be asked, and what is answered."""

import os
import shutil
import tempfile
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sk_ser._optional import import_optional
from sk_ser._version import __version__
from sk_ser.audio import AUDIO_SUFFIXES
from sk_ser.persistence import read_header, save_card
from sk_ser.service._crew import Crew
from sk_ser.service._source import copy_model

_ABOUT = "Emotions of recordings, by a model of sk_ser."


def create_app(
    model,
    header=None,
    *,
    max_bytes=10 * 2**20,
    max_duration=60.0,
    max_concurrency=None,
    max_waiting=64,
    timeout=10.0,
):
    """Make a FastAPI app that predicts emotions of files.

    ``POST /predict`` takes a form with one field ``file``; ``GET /health``, ``/model``, ``/card``,
    ``/docs`` and ``/openapi.json`` tell of the service. The app needs no network: its pages load
    nothing from elsewhere.

    Parameters
    ----------
    model : str, Path or classifier
        File of :func:`~sk_ser.persistence.save` in the format "skops", or a fitted model that
        takes files. It is copied when the app starts.
    header : dict or None, default=None
        What is said about a model that is given itself, or in place of what its file says; with a
        ``prediction_set``, as :func:`~sk_ser.prediction.predict_files` takes it, answers hold a
        set of emotions.
    max_bytes : int, default=10 MiB
        Bytes of a file; a larger one is answered with status 413.
    max_duration : float, default=60.0
        Seconds of a recording; of a longer one, no more than this is decoded.
    max_concurrency : int or None, default=None
        Files that are worked on at a time, each by a process with the model. None: as many as
        there are cores.
    max_waiting : int, default=64
        Files that may wait for these; further ones are answered with status 503, and when to
        try again.
    timeout : float, default=10.0
        Seconds that a file may wait, and that it may take. After that, the answer is
        status 503, or 504; the process is replaced.

    Returns
    -------
    FastAPI
        To be run by any ASGI server, in one process: it starts its own.

    Raises
    ------
    ImportError
        If the extra ``serve`` is not installed.
    ModelFileError
        If the file is no model's.
    ValueError
        If a limit is out of range. A model that does not take files, or cannot be loaded, is
        found out when the app starts.

    Notes
    -----
    There is neither a password nor encryption: put a reverse proxy with both before it if others
    than you can reach it.

    Examples
    --------
    >>> from sk_ser.audio import AudioLoader
    >>> from sk_ser.classifiers import make_svm
    >>> from sk_ser.datasets import make_emotional_speech
    >>> from sk_ser.features import MFCC, Functionals, make_clip_pipeline
    >>> from sk_ser.service import create_app
    >>> speech = make_emotional_speech(2, 2, ["anger", "sadness"], random_state=0)
    >>> model = make_svm(make_clip_pipeline(AudioLoader(), MFCC(), Functionals()))
    >>> app = create_app(model.fit(speech.data, speech.target), max_concurrency=1)
    >>> sorted(app.openapi()["paths"])
    ['/card', '/health', '/model', '/predict']
    """
    for name, value, least in (
        ("max_bytes", max_bytes, 1),
        ("max_concurrency", 1 if max_concurrency is None else max_concurrency, 1),
        ("max_waiting", max_waiting, 0),
    ):
        if not isinstance(value, int) or value < least:
            raise ValueError(f"create_app: {name}={value!r} must be a whole number >= {least}.")
    for name, value in (("max_duration", max_duration), ("timeout", timeout)):
        if not value > 0:
            raise ValueError(f"create_app: {name}={value!r} must be > 0 s.")
    fastapi = import_optional("fastapi", extra="serve", purpose="create_app")
    import_optional("python_multipart", extra="serve", purpose="create_app")
    if isinstance(model, (str, os.PathLike)):
        read_header(model)
    n_workers = max_concurrency or os.cpu_count() or 1
    service = _Service(model, header, n_workers, max_duration, timeout)
    limits = {
        "max_bytes": max_bytes,
        "max_duration": max_duration,
        "max_concurrency": n_workers,
        "max_waiting": max_waiting,
        "timeout": timeout,
    }
    return _put_together(fastapi, service, limits)


def _put_together(fastapi, service, limits):
    from sk_ser.service._door import Door
    from sk_ser.service._journal import Journal
    from sk_ser.service._problems import answer_problems_in
    from sk_ser.service._routes import add_routes

    @asynccontextmanager
    async def lifespan(app):
        await service.start()
        yield
        await service.stop()

    app = fastapi.FastAPI(
        title="sk_ser",
        description=_ABOUT,
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    add_routes(app, service, limits)
    answer_problems_in(app)
    n_workers = limits["max_concurrency"]
    max_inside = n_workers + limits["max_waiting"]
    app.add_middleware(
        Door, max_bytes=limits["max_bytes"], max_inside=max_inside, n_workers=n_workers
    )
    app.add_middleware(Journal)
    return app


class _Service:
    """The model in its folder, and the crew that predicts with it, while the app runs."""

    def __init__(self, model, header, n_workers, max_duration, timeout):
        self.given = model, header
        self.n_workers, self.max_duration, self.timeout = n_workers, max_duration, timeout
        self.folder = self.source = self.crew = self.failure = None

    async def start(self):
        """Copy the model, and start the crew; raise ValueError if it is of no use to them."""
        self.folder = Path(tempfile.mkdtemp(prefix="sk-ser-"))
        try:
            self.source = copy_model(*self.given, self.folder)
            self.crew = Crew(self.n_workers, self.timeout, (self.source, self.max_duration))
            await self.crew.start()
        except BaseException as error:
            self.failure = str(error)
            await self.stop()
            raise

    async def stop(self):
        """End the crew, and leave nothing on the disk."""
        if self.crew is not None:
            await self.crew.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def card(self, suffix):
        """Write the model's card, as a text."""
        path = save_card(self.source.header, self.folder / f"card{suffix}")
        text = path.read_text(encoding="utf-8")
        path.unlink()
        return text

    @contextmanager
    def place_for(self, name):
        """Give a path for an upload, of which nothing stays."""
        # of the client's name, no more than a known suffix is used
        suffix = Path(name or "").suffix.lower()
        handle, path = tempfile.mkstemp(suffix if suffix in AUDIO_SUFFIXES else "", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                yield path, file
        finally:
            os.unlink(path)
