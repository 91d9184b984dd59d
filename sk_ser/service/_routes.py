"""The routes: what may be asked for, and what is answered."""

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
#: Pages neither run scripts nor load anything; styles are in them.
_CLOSED = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
_REASONS = {
    408: "The file did not arrive in time.",
    413: "The file is too large.",
    422: "Nothing can be predicted from it: no audio, damaged, too long, too short or silent.",
    503: "Too many files wait; Retry-After says when to come back.",
    504: "It took too long, and was given up.",
}


class ModelName(BaseModel):
    """Which model answered."""

    sha256: str = Field(description="Of the model's file.")
    created: str | None = Field(description="When it was saved, in UTC.")
    sk_ser: str = Field(description="Version of the service.")


class Prediction(BaseModel):
    """What is predicted from one recording."""

    emotion: str = Field(examples=["anger"])
    probabilities: dict[str, float] | None = Field(
        description="In the order of the model's classes; null if it has none.",
        examples=[{"anger": 0.7, "sadness": 0.3}],
    )
    prediction_set: list[str] | None = Field(
        description="Emotions that are likely enough, the likeliest first; null if the model "
        "was saved without a threshold.",
        examples=[["anger"]],
    )
    duration: float | None = Field(description="Of the recording, in seconds.", examples=[2.5])
    model: ModelName


class Health(BaseModel):
    """How the service does."""

    status: str = Field(examples=["ok"])
    workers: int = Field(description="Processes that have the model and live.")
    replaced: int = Field(description="Processes that crashed or took too long, since the start.")
    version: str


def add_routes(app, service, limits):
    """Add all routes to an app.

    Parameters
    ----------
    app : FastAPI
    service : Service
        Started before the first request.
    limits : dict
        What :func:`~sk_ser.service.create_app` was given.
    """

    def model_name():
        source = service.source
        return ModelName(
            sha256=source.sha256, created=source.header.get("created"), sk_ser=__version__
        )

    @app.post(
        "/predict",
        response_model=Prediction,
        responses={
            status: {"model": Problem, "description": reason} for status, reason in _REASONS.items()
        },
    )
    async def predict(
        request: Request,
        file: Annotated[UploadFile, File(description="A recording: WAV, FLAC, OGG, MP3, …")],
    ):
        """Predict the emotion of one recording."""
        if file.size is not None and file.size > limits["max_bytes"]:
            raise HTTPException(
                413, f"The file is larger than the {limits['max_bytes']} bytes that are allowed."
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
        return Prediction(**answer, model=model_name())

    @app.get("/health", response_model=Health, responses={503: {"model": Health}})
    async def health():
        """Tell whether files can be predicted."""
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
        """Tell what is known of the model, and what the limits are."""
        return {"header": service.source.header, **model_name().model_dump(), "limits": limits}

    @app.get("/card", response_class=HTMLResponse)
    async def card(request: Request):
        """Show the model's card: HTML, or Markdown for who accepts that alone."""
        if request.headers.get("accept", "").startswith("text/markdown"):
            return PlainTextResponse(service.card(".md"), media_type="text/markdown")
        return HTMLResponse(service.card(".html"), headers=_CLOSED)

    @app.get("/docs", include_in_schema=False)
    @app.get("/", include_in_schema=False)
    async def docs():
        headers = {
            "Content-Security-Policy": f"{_CLOSED['Content-Security-Policy']}; form-action 'self'"
        }
        return HTMLResponse(make_page(app.openapi(), limits), headers=headers)


async def _ask(crew, path):
    try:
        return await crew.predict(path)
    except TooSlowError as error:
        if error.was_waiting:
            raise HTTPException(
                503, "No worker was free in time. Try again.", {"Retry-After": "5"}
            ) from None
        raise HTTPException(
            504,
            f"The file took longer than {crew.timeout:g} s, and was given up. Send a shorter one, "
            "or decode it before you send it.",
        ) from None
    except CrashedError:
        raise HTTPException(
            422,
            "The process that read the file ended without an answer, and was replaced. If other "
            "files are answered, this one is damaged.",
        ) from None
