"""The app: model, workers, limits and routes put together."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sklearn.base import BaseEstimator

from sk_ser._optional import import_optional
from sk_ser._version import __version__
from sk_ser.audio import AUDIO_SUFFIXES
from sk_ser.persistence import read_header
from sk_ser.recognition import TrainedModel
from sk_ser.reports import save_card
from sk_ser.service._crew import Crew
from sk_ser.service._folders import make_folder
from sk_ser.service._source import copy_model

if TYPE_CHECKING:
    from fastapi import FastAPI


def create_app(
    model: str | os.PathLike | TrainedModel | BaseEstimator,
    *,
    trusted: Sequence[str | type] = (),
    max_bytes: int = 10 * 2**20,
    max_duration: float = 60.0,
    max_concurrency: int | None = None,
    max_waiting: int = 64,
    timeout: float = 10.0,
) -> "FastAPI":
    """Make a FastAPI app that predicts emotions of files.

    ``POST /predict`` takes a form with one field ``file``. ``GET /health``, ``/model``, ``/card``,
    ``/docs`` and ``/openapi.json`` describe the service. Its pages load nothing from other servers.

    Parameters
    ----------
    model : str, Path, TrainedModel or classifier
        A file of :func:`~sk_ser.persistence.save` in the format "skops", or a fitted model that
        takes files. It is copied when the app starts. If its header has a ``prediction_set``,
        answers include a set of emotions.
    trusted : sequence of str or type, default=()
        Further types that may be loaded from the file, as of :func:`~sk_ser.persistence.load`.
    max_bytes : int, default=10 MiB
        Largest file in bytes; a larger one gets status 413.
    max_duration : float, default=60.0
        Longest recording in seconds; of a longer one, at most this much is decoded.
    max_concurrency : int or None, default=None
        Number of worker processes, each with the model. None is the number of cores.
    max_waiting : int, default=64
        Number of files that may wait for a worker; further ones get status 503 with Retry-After.
    timeout : float, default=10.0
        Seconds that a file may wait for a worker (then status 503), and that a worker may take
        (then status 504, and the process is replaced).

    Returns
    -------
    FastAPI
        Run it with any ASGI server in one process; it starts its own workers.

    Raises
    ------
    ImportError
        If the extra ``serve`` is not installed.
    ModelFileError
        If the file is not a model.
    ValueError
        If a limit is out of range. A model that does not take files, or cannot be loaded, raises
        when the app starts.

    Notes
    -----
    There is no password and no encryption: put a reverse proxy with both in front if others can
    reach it.

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
    limits = {
        "max_bytes": max_bytes,
        "max_duration": max_duration,
        "max_concurrency": (os.cpu_count() or 1) if max_concurrency is None else max_concurrency,
        "max_waiting": max_waiting,
        "timeout": timeout,
    }
    _check_limits(limits)
    fastapi = import_optional("fastapi", extra="serve", purpose="create_app")
    import_optional("python_multipart", extra="serve", purpose="create_app")
    if isinstance(model, (str, os.PathLike)):
        read_header(model)
    service = Service(model, trusted, limits["max_concurrency"], max_duration, timeout)
    return _put_together(fastapi, service, limits)


def _check_limits(limits):
    for name, value in limits.items():
        least = {"max_bytes": 1, "max_concurrency": 1, "max_waiting": 0}.get(name)
        if least is None and not value > 0:
            raise ValueError(f"create_app: {name}={value!r} must be > 0 s.")
        if least is not None and (not isinstance(value, int) or value < least):
            raise ValueError(f"create_app: {name}={value!r} must be a whole number >= {least}.")


def _put_together(fastapi, service, limits):
    from fastapi.middleware import Middleware

    from sk_ser.service._door import Door
    from sk_ser.service._journal import Journal
    from sk_ser.service._problems import HANDLERS
    from sk_ser.service._routes import router

    @asynccontextmanager
    async def lifespan(app):
        await service.start()
        yield
        await service.stop()

    n_workers = limits["max_concurrency"]
    max_inside = n_workers + limits["max_waiting"]
    door = {"max_bytes": limits["max_bytes"], "max_inside": max_inside, "n_workers": n_workers}
    app = fastapi.FastAPI(
        title="sk_ser",
        description="Predicts the emotion of a speech recording.",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        exception_handlers=HANDLERS,
        middleware=[Middleware(Journal), Middleware(Door, **door)],
    )
    app.state.service, app.state.limits = service, limits
    app.include_router(router)
    return app


class Service:
    """The model's copy and the workers that predict with it, while the app runs."""

    def __init__(self, model, trusted, n_workers, max_duration, timeout):
        self.given = model, trusted
        self.n_workers, self.max_duration, self.timeout = n_workers, max_duration, timeout
        self.folder = self.source = self.crew = self.failure = None

    async def start(self):
        """Copy the model and start the workers; raise ValueError if they cannot use it."""
        self.folder = make_folder()
        try:
            self.source = copy_model(*self.given, self.folder)
            self.crew = Crew(self.n_workers, self.timeout, (self.source, self.max_duration))
            await self.crew.start()
        except BaseException as error:
            self.failure = str(error)
            await self.stop()
            raise

    async def stop(self):
        """Stop the workers and delete the folder."""
        if self.crew is not None:
            await self.crew.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def card(self, suffix):
        """Return the model's card as text."""
        path = save_card(self.source.header, self.folder / f"card{suffix}")
        text = path.read_text(encoding="utf-8")
        path.unlink()
        return text

    @contextmanager
    def place_for(self, name):
        """Yield a path for an upload, in a folder that is deleted afterwards."""
        # of the client's file name, only a known suffix is used
        suffix = Path(name or "").suffix.lower()
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            yield os.path.join(folder, f"upload{suffix if suffix in AUDIO_SUFFIXES else ''}")
