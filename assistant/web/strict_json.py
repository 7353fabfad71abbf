"""Bodies read as JSON proper: no NaN, no numbers that overflow, no key twice, no lone surrogates, no deep nests."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

MAX_DEPTH = 64
MAX_DIGITS = 18


class BodyError(HTTPException):
    """The body is refused as JSON: 400 when it is no JSON at all, 422 when it is, but beyond our limits.

    An HTTPException, because that is the only error FastAPI lets through while it reads a body.
    """

    def __init__(self, problem: str, *, malformed: bool) -> None:
        super().__init__(status_code=400 if malformed else 422, detail=problem)


def parse(data: bytes) -> Any:  # Any: JSON
    """The value of a JSON text in UTF-8.

    Raises:
        BodyError: it is not JSON, nests deeper than 64, has an integer of more than 18 digits, a number no float
            holds, a key twice in one object, or a string that is not Unicode.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_int=_int,
            parse_float=_float,
            object_pairs_hook=_object,
        )
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        if isinstance(error, _LimitError):
            raise BodyError(str(error), malformed=False) from error
        raise BodyError("the body is not JSON in UTF-8", malformed=True) from error
    _check(value)
    return value


class StrictJsonRequest(Request):
    """A request whose `json()` is `parse`."""

    async def json(self) -> Any:  # Any: JSON
        """The parsed body."""
        return parse(await self.body())


class StrictJsonRoute(APIRoute):
    """A route that reads its body with `parse`; use as `APIRouter(route_class=StrictJsonRoute)`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, given our request."""
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handle(StrictJsonRequest(request.scope, request.receive))

        return strict


class _LimitError(ValueError):
    pass


def _refuse_constant(name: str) -> float:
    raise ValueError(name)  # NaN and the infinities are no JSON


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _LimitError("an object has a key twice")  # which of them was meant, nobody can tell
    return made


def _int(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise _LimitError(f"integers may have at most {MAX_DIGITS} digits")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _LimitError("a number is too large")
    return number


def _check(value: object) -> None:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[object] = []
        for entry in level:
            if isinstance(entry, str):
                _check_text(entry)
            elif isinstance(entry, dict):
                below += entry.keys()
                below += entry.values()
            elif isinstance(entry, list):
                below += entry
        if not below:
            return
        level = below
    raise _too_deep()


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BodyError("a string holds half a character (a lone surrogate)", malformed=False) from error


def _too_deep() -> BodyError:
    return BodyError(f"the body nests deeper than {MAX_DEPTH}", malformed=False)
