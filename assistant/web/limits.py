"""What stands before the application: caps on headers and bodies, and the security headers of every answer."""

from collections.abc import Mapping
from typing import TypeVar

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.problems import problem

T = TypeVar("T")

MEGABYTE = 1024 * 1024
MAX_HEADERS = 64

BODY_CAPS: Mapping[str, int] = {"/": MEGABYTE, "/v1/chat": 12 * MEGABYTE, "/gradio_api/upload": 12 * MEGABYTE}
"""Path prefix -> most bytes of a body; the longest prefix counts."""

API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""For a Gradio page: it cannot do without inline script and style; everything still comes from this server alone.

There is no `unsafe-eval`, which `gr.HTML` asks for: put `no_eval.no_eval_script` first into the page's head.
"""

CONTENT_POLICIES: Mapping[str, str] = {
    "/": PAGE_POLICY,
    "/v1/": API_POLICY,
    "/healthz": API_POLICY,
    "/readyz": API_POLICY,
    "/openapi.json": API_POLICY,
}
"""Path prefix -> Content-Security-Policy; the longest prefix counts."""

_LINGER_BYTES = 64 * MEGABYTE
_LINGER_S = 5.0


class BodyCap:
    """Refuses bodies above the cap of their path and requests with too many headers, before anything is parsed.

    A length that is announced is refused at once. One that is not is counted while it is read, and nothing is passed on
    before it is known to fit, so no more than the cap is ever held.
    """

    def __init__(self, app: ASGIApp, caps: Mapping[str, int] = BODY_CAPS, max_headers: int = MAX_HEADERS) -> None:
        self._app = app
        self._caps = caps
        self._max_headers = max_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if len(headers.raw) > self._max_headers:
            await problem(431, "too_many_headers", f"more than {self._max_headers} headers")(scope, receive, send)
            return
        cap = by_prefix(self._caps, scope["path"])
        announced = headers.get("content-length")
        if announced is not None:
            if not (announced.isascii() and announced.isdigit() and len(announced) <= 18):
                await problem(400, "bad_length", "Content-Length is not a number")(scope, receive, send)
            elif int(announced) > cap:
                await _refuse_body(cap, receive, send)
            else:
                await self._app(scope, receive, send)
            return
        if headers.get("transfer-encoding") is None:
            await self._app(scope, receive, send)  # without either header there is no body
            return
        body, complete = await _read(receive, cap)
        if len(body) > cap:
            await _refuse_body(cap, receive, send, complete=complete)
        else:
            await self._app(scope, _replaying(body, receive), send)


class SecurityHeaders:
    """Adds the security headers to every answer; those an answer has already are left."""

    def __init__(self, app: ASGIApp, policies: Mapping[str, str] = CONTENT_POLICIES) -> None:
        self._app = app
        self._policies = policies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = security_headers(scope["path"], self._policies)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def security_headers(path: str, policies: Mapping[str, str] = CONTENT_POLICIES) -> dict[str, str]:
    """The security headers of an answer at `path`. Answers of the API are not to be cached unless they say so."""
    headers = {
        "Content-Security-Policy": by_prefix(policies, path),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    return headers | {"Cache-Control": "no-store"} if path.startswith("/v1/") else headers


def by_prefix(values: Mapping[str, T], path: str) -> T:
    """The value of the longest key that `path` begins with; there is one for `/`."""
    return values[max((prefix for prefix in values if path.startswith(prefix)), key=len, default="/")]


async def _read(receive: Receive, cap: int) -> tuple[bytes, bool]:
    """The body, read no further than it takes to exceed `cap` bytes; and whether that is all of it."""
    chunks: list[bytes] = []
    size = 0
    while size <= cap:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if not message.get("more_body", False):
            return b"".join(chunks), True
    return b"".join(chunks), False


def _replaying(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


async def _refuse_body(cap: int, receive: Receive, send: Send, *, complete: bool = False) -> None:
    """Answer 413 at once, then swallow some of what is still under way.

    A connection closed on a client that is still sending is reset, and the client may never see the answer.
    """
    limit = f"{cap // MEGABYTE} MB" if cap >= MEGABYTE else f"{cap} bytes"
    response = problem(413, "too_large", f"the body may have at most {limit}")
    response.headers["Connection"] = "close"
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    swallowed = 0
    with anyio.move_on_after(_LINGER_S):
        while not complete and swallowed < _LINGER_BYTES:
            message = await receive()
            complete = message["type"] == "http.disconnect" or not message.get("more_body", False)
            swallowed += len(message.get("body", b""))
    await send({"type": "http.response.body", "body": b"", "more_body": False})
