"""The routes of the service, and their answers."""

from typing import Annotated

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from sk_ser._version import __version__
from sk_ser.service._crew import WorkerError
from sk_ser.service._page import make_page
from sk_ser.service._problems import Problem

_CHUNK = 2**16
#: Pages run no scripts and load nothing; their styles are inline.
_CLOSED = "default-src 'none'; style-src 'unsafe-inline'"
_REASONS = {
    408: "The file did not arrive in time.",
    413: "The file is too large.",
    422: "The file is not audio, damaged, too long, too short or silent.",
    421: "The service has another name than that in the header Host.",
    503: "Too many files are waiting, or a process ended; see Retry-After.",
    504: "The prediction took too long and was stopped.",
    507: "The disk of the service is full.",
}


#: The routes of an app whose state has `service` and `limits`.
router = APIRouter()


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


@router.post(
    "/predict",
    response_model=Prediction,
    responses={code: {"model": Problem, "description": text} for code, text in _REASONS.items()},
)
async def predict(
    request: Request,
    file: Annotated[UploadFile, File(description="A recording: WAV, FLAC, OGG, MP3, …")],
):
    """Predict the emotion of one recording."""
    if len((await request.form()).getlist("file")) > 1:
        raise HTTPException(422, 'The form has several fields "file". Send one file at a time.')
    service, max_bytes = request.app.state.service, request.app.state.limits["max_bytes"]
    if file.size is not None and file.size > max_bytes:
        raise HTTPException(413, f"The file is larger than the allowed {max_bytes} bytes.")
    with service.place_for(file.filename) as path:
        try:
            with open(path, "wb") as copy:
                while chunk := await file.read(_CHUNK):
                    copy.write(chunk)
        except OSError as error:
            raise HTTPException(500, "The service cannot store the file.") from error
        await file.close()
        try:
            answer = await service.crew.predict(path)
        except WorkerError as error:
            message = error.answer.format(timeout=service.crew.timeout)
            headers = {"Retry-After": "5"} if error.status == 503 else None
            raise HTTPException(error.status, message, headers) from error
    if "error" in answer:
        raise HTTPException(422, answer["error"])
    request.state.duration = answer["duration"]
    return Prediction(**answer, model=_name_model(service))


@router.get("/health", response_model=Health, responses={503: {"model": Health}})
async def health(request: Request, response: Response):
    """Report whether the service can predict."""
    crew = request.app.state.service.crew
    workers = len(crew.pids)
    response.status_code = 200 if workers else 503
    status = "ok" if workers else "no worker"
    return Health(status=status, workers=workers, replaced=crew.n_replaced, version=__version__)


@router.get("/model")
async def model(request: Request) -> dict:
    """Return the model's header and the limits."""
    state = request.app.state
    name = _name_model(state.service).model_dump()
    return {"header": state.service.source.header, **name, "limits": state.limits}


@router.get("/card", response_class=HTMLResponse)
async def card(request: Request):
    """Show the model card as HTML, or as Markdown if the client accepts only that."""
    service = request.app.state.service
    if request.headers.get("accept", "").startswith("text/markdown"):
        return PlainTextResponse(service.card(".md"), media_type="text/markdown")
    return HTMLResponse(service.card(".html"), headers={"Content-Security-Policy": _CLOSED})


@router.get("/docs", include_in_schema=False)
@router.get("/", include_in_schema=False)
async def docs(request: Request):
    """Show the schema and a form."""
    page = make_page(request.app.openapi(), request.app.state.limits)
    policy = f"{_CLOSED}; form-action 'self'"
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


def _name_model(service):
    source = service.source
    return ModelName(sha256=source.sha256, created=source.header.get("created"), sk_ser=__version__)
