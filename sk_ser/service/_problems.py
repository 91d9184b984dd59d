"""Answers without a prediction: a code for programs and a sentence for people."""

import errno

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "upload_too_slow",
    413: "too_large",
    421: "unknown_host",
    422: "no_prediction",
    503: "busy",
    504: "timed_out",
    507: "disk_full",
}


class Fault(BaseModel):
    """A code and a sentence."""

    code: str = Field(examples=["too_large"])
    message: str


class Problem(BaseModel):
    """Why there is no prediction."""

    error: Fault


def problem_response(status, message, headers=None):
    """Make the answer.

    Parameters
    ----------
    status : int
        HTTP status.
    message : str
        A sentence without any path of the server.
    headers : mapping or None, default=None
        Further headers.

    Returns
    -------
    JSONResponse
    """
    code = CODES.get(status, "internal" if status >= 500 else "bad_request")
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


async def _known(request, error):
    if _is_disk_full(error):
        return await _unknown(request, error)
    return problem_response(error.status_code, error.detail, error.headers)


async def _no_file(request, error):
    message = 'Send the recording as a form with one field "file": curl -F file=@clip.wav'
    return problem_response(422, message)


async def _unknown(request, error):
    if _is_disk_full(error):
        return problem_response(507, "The service has no room for the file. Try again later.")
    # the error itself is only in the log
    return problem_response(500, "The service failed. Its log has the details.")


def _is_disk_full(error):
    """Check whether a full disk is the cause of an error."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__ or error.__context__
    return False


#: What answers each kind of error.
HANDLERS = {HTTPException: _known, RequestValidationError: _no_file, Exception: _unknown}
