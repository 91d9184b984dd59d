"""The routes of the service, and their answers."""

from typing import Annotated

from fastapi import File, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from sk_ser._version import __version__
from sk_ser.service._crew import CrashedError, TooSlowError
from sk_ser.service._page import make_page
from sk_ser.service._problems import Problem

_CHUNK = 2**16
#: Pages run no scripts and load nothing; their styles are inline.
_CLOSED = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
_REASONS = {
    408: "The file did not arrive in time.",
    413: "The file is too large.",
    422: "The file is not audio, damaged, too long, too short or silent.",
    503: "Too many files are waiting; see Retry-After.",
    504: "The prediction took too long and was stopped.",
}


class ModelName(BaseModel):
    """The model that answered."""

    sha256: str = Field(description="Of the model's file.")
    created: str | None = Field(description="Time of saving, in UTC.")
    sk_ser: str = Field(description="Version of the service.")


class Prediction(BaseModel):
    """The prediction for one recording."""

    emotion: str = Field(examples=["anger"])
    probabilities: dict[str, float] | None = Field(
        description="In the order of the model's classes; null if the model has none.",
        examples=[{"anger": 0.7, "sadness": 0.3}],
    )
    prediction_set: list[str] | None = Field(
        description="Likely emotions, the most probable first; null if the model has no threshold.",
        examples=[["anger"]],
    )
    duration: float | None = Field(description="Of the recording, in seconds.", examples=[2.5])
    model: ModelName


class Health(BaseModel):
    """State of the service."""

    status: str = Field(examples=["ok"])
    workers: int = Field(description="Live processes with the model.")
    replaced: int = Field(description="Processes replaced since the start.")
    version: str


def add_routes(app, service, limits):
    """Add all routes to an app.

    Parameters
    ----------
    app : FastAPI
    service : Service
        Started before the first request.
    limits : dict
        The arguments of :func:`~sk_ser.service.create_app`.
    """
    _add_predict(app, service, limits)
    _add_state(app, service, limits)
    _add_pages(app, service, limits)


def _add_predict(app, service, limits):
    responses = {
        status: {"model": Problem, "description": reason} for status, reason in _REASONS.items()
    }

    @app.post("/predict", response_model=Prediction, responses=responses)
    async def predict(
        request: Request,
        file: Annotated[UploadFile, File(description="A recording: WAV, FLAC, OGG, MP3, …")],
    ):
        """Predict the emotion of one recording."""
        if file.size is not None and file.size > limits["max_bytes"]:
            raise HTTPException(
                413, f"The file is larger than the allowed {limits['max_bytes']} bytes."
            )
        with service.place_for(file.filename) as (path, copy):
            while chunk := await file.read(_CHUNK):
                copy.write(chunk)
            copy.close()
            await file.close()
            answer = await _ask(service.crew, path)
        if "error" in answer:
            raise HTTPException(422, answer["error"])
        request.state.duration = answer["duration"]
        return Prediction(**answer, model=_name_model(service))


def _add_state(app, service, limits):
    @app.get("/health", response_model=Health, responses={503: {"model": Health}})
    async def health():
        """Tell whether the service can predict."""
        n_ready = service.crew.n_ready
        found = Health(
            status="ok" if n_ready else "no worker",
            workers=n_ready,
            replaced=service.crew.n_replaced,
            version=__version__,
        )
        return JSONResponse(found.model_dump(), 200 if n_ready else 503)

    @app.get("/model")
    async def model() -> dict:
        """Return the model's header and the limits."""
        name = _name_model(service).model_dump()
        return {"header": service.source.header, **name, "limits": limits}


def _add_pages(app, service, limits):
    @app.get("/card", response_class=HTMLResponse)
    async def card(request: Request):
        """Show the model card as HTML, or as Markdown if the client accepts only that."""
        if request.headers.get("accept", "").startswith("text/markdown"):
            return PlainTextResponse(service.card(".md"), media_type="text/markdown")
        return HTMLResponse(service.card(".html"), headers=_CLOSED)

    @app.get("/docs", include_in_schema=False)
    @app.get("/", include_in_schema=False)
    async def docs():
        policy = f"{_CLOSED['Content-Security-Policy']}; form-action 'self'"
        page = make_page(app.openapi(), limits)
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})


def _name_model(service):
    source = service.source
    return ModelName(sha256=source.sha256, created=source.header.get("created"), sk_ser=__version__)


async def _ask(crew, path):
    try:
        return await crew.predict(path)
    except TooSlowError as error:
        if error.was_waiting:
            raise HTTPException(
                503, "No worker was free in time. Try again.", {"Retry-After": "5"}
            ) from error
        raise HTTPException(
            504,
            f"The file took longer than {crew.timeout:g} s and was given up. Send a shorter "
            "recording, or one in an uncompressed format.",
        ) from error
    except CrashedError as error:
        raise HTTPException(
            422,
            "The process that read the file ended without an answer and was replaced. If other "
            "files are answered, this one is damaged.",
        ) from error
