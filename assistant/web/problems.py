"""Every failure as one shape of JSON: what is wrong, what to do, and never what was sent."""

import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from assistant.errors import (
    BadRequestError,
    ConflictError,
    ModelUnavailableError,
    StorageError,
    UnknownConversationError,
)
from assistant.web.requests import BODY_TAGS, TooLargeError
from assistant.web.schema import ErrorOut, ProblemOut
from assistant.web.strict_json import BodyError
from index.errors import PictureError, UnknownItemError, WhybuyError

log = logging.getLogger(__name__)

RETRY_AFTER_S = 2
"""What `Retry-After` asks of callers, in seconds."""


class BusyError(WhybuyError):
    """Too many are being served already."""

    retryable = True


_STATUS: dict[type[WhybuyError], tuple[int, str]] = {
    BadRequestError: (422, "bad_request"),
    PictureError: (422, "bad_picture"),
    TooLargeError: (413, "too_large"),
    UnknownItemError: (404, "unknown_item"),
    UnknownConversationError: (404, "unknown_conversation"),
    ConflictError: (409, "conflict"),
    StorageError: (503, "storage"),
    ModelUnavailableError: (503, "model_unavailable"),
    BusyError: (503, "busy"),
}

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_SHOWN = 8


def problem(
    status: int,
    code: str,
    message: str,
    *,
    hint: str = "",
    retryable: bool = False,
    fields: Sequence[str] = (),
) -> JSONResponse:
    """The answer that says what is wrong."""
    body = ErrorOut(error=ProblemOut(code=code, message=message, hint=hint, retryable=retryable, fields=list(fields)))
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else None
    return JSONResponse(body.model_dump(mode="json"), status_code=status, headers=headers)


def describe(error: Exception) -> JSONResponse:
    """The answer to an error raised while a request was served; unforeseen ones are logged and keep their secrets."""
    if isinstance(error, WhybuyError):
        for kind in type(error).__mro__:
            if kind in _STATUS:
                status, code = _STATUS[kind]
                return problem(
                    status, code, str(error), hint=error.hint, retryable=error.retryable, fields=error.fields
                )
    log.error("unforeseen error", exc_info=error)
    return problem(500, "internal", "something went wrong here", hint="try again; the server's log says more")


def install(app: FastAPI, headers: Callable[[str], dict[str, str]]) -> None:
    """Have every error of `app` answered in our shape.

    `headers` gives the security headers of a path: answers to unforeseen errors are made outside all middleware.
    """

    async def whybuy_error(_request: Request, error: Exception) -> Response:
        return describe(error)

    async def unforeseen(request: Request, error: Exception) -> Response:
        response = describe(error)
        response.headers.update(headers(request.url.path))
        return response

    async def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _invalid(error)

    async def http_error(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if isinstance(error, BodyError):
            code = "malformed_json" if error.status_code == 400 else "bad_request"
            return problem(error.status_code, code, error.detail, hint="send one JSON object")
        response = problem(error.status_code, f"http_{error.status_code}", _HTTP.get(error.status_code, "refused"))
        response.headers.update(error.headers or {})
        return response

    app.add_exception_handler(WhybuyError, whybuy_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, unforeseen)


_HTTP = {404: "there is nothing at this address", 405: "this address does not take that method"}


def _invalid(error: RequestValidationError) -> Response:
    faults: dict[str, str] = {}
    for fault in error.errors():
        faults.setdefault(_place(fault["loc"]), _said(fault))
    shown = "; ".join(f"{place}: {said}" for place, said in list(faults.items())[:_SHOWN])
    hint = "send JSON with Content-Type: application/json; /openapi.json describes every field"
    return problem(422, "bad_request", shown, hint=hint, fields=list(faults)[:_SHOWN])


def _place(location: Sequence[int | str]) -> str:
    """Where the fault is, e.g. `events.2.kind`. Names the caller made up are shown only when they are plain."""
    inner = [part for part in location[1:] if part not in BODY_TAGS]
    if "value" in inner:
        inner = inner[: inner.index("value") + 1]  # below it pydantic names the forms it tried
    parts = [str(part) if _PLAIN_NAME.fullmatch(str(part)) else "(unusual name)" for part in inner[:_SHOWN]]
    return ".".join(parts) or str(location[0])


def _said(fault: dict[str, Any]) -> str:  # Any: pydantic's error details
    if fault["type"] == "extra_forbidden":
        return "there is no such field"
    if "value" in fault["loc"][:-1]:
        return "none of the forms it may have"
    return str(fault["msg"]).removeprefix("Value error, ")
