"""The HTTP API. Everything it needs is handed in; every answer is rendered by `schema`, every failure by `problems`."""

import hashlib
import logging
import secrets
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import anyio
import anyio.to_thread
from fastapi import APIRouter, FastAPI, Header, Path, Query, Request, Response
from fastapi.routing import APIRoute
from PIL.Image import Image
from starlette.exceptions import HTTPException
from starlette.routing import Match

import assistant
from assistant.errors import BadRequestError
from assistant.exchange import Ask, SceneAsk
from assistant.nouns import Event
from assistant.storage.events import Once
from assistant.web import problems
from assistant.web.limits import BODY_CAPS, CONTENT_POLICIES, BodyCap, SecurityHeaders, security_headers
from assistant.web.long_lived import LongLived
from assistant.web.ports import Assistant, EventStore, Label, Shop
from assistant.web.readiness import Probe, Readiness
from assistant.web.renditions import Renditions
from assistant.web.requests import ChatIn, EventIn, EventsBody, EventsIn, ItemRef, RecommendationsIn
from assistant.web.schema import (
    ErrorOut,
    EventsOut,
    ItemRecordOut,
    ReplyOut,
    ShelfOut,
    plain_label,
    render_reply,
    render_shelf,
)
from assistant.web.strict_json import StrictJsonRoute
from assistant.web.turns import Gate, TurnStream, reply_to
from index.errors import PictureError, UnknownItemError
from index.sight.pictures import read_picture

log = logging.getLogger(__name__)

_AHEAD = timedelta(minutes=5)
"""How far an event's clock may run ahead of ours."""

_ERRORS: dict[int | str, dict[str, Any]] = {  # Any: pieces of OpenAPI
    400: {"model": ErrorOut, "description": "The body is not JSON."},
    413: {"model": ErrorOut, "description": "The body is too large."},
    422: {"model": ErrorOut, "description": "The request cannot be answered; the message names the field."},
    503: {"model": ErrorOut, "description": "Too busy, or a part is down; `Retry-After` says when to try again."},
}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": ErrorOut, "description": "There is no such thing."}}
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": ErrorOut, "description": "Used before for something else."}
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The reply; or with `Accept: text/event-stream`, or `?stream=true`, the events `stage`, "
        "`preview`, `delta` and last `reply` or `error`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def create_api(
    engine: Assistant,
    events: EventStore,
    *,
    catalogue: Shop,
    probes: Mapping[str, Probe],
    label: Label = plain_label,
    gate: Gate | None = None,
    quick: Gate | None = None,
    title: str = "whybuy",
    body_caps: Mapping[str, int] = BODY_CAPS,
    content_policies: Mapping[str, str] = CONTENT_POLICIES,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> FastAPI:
    """The API as an ASGI application; a page may be mounted at `/` afterwards.

    Args:
        probes: part -> a call that passes a real query through it and raises when it cannot. `/readyz` runs them.
        label: says a constraint in plain words.
        gate: bounds the turns at work and waiting.
        quick: the same for recommendations, which take milliseconds: one after another they are all answered sooner
            than side by side, and none waits for a turn. Without it, `gate` where that is given.
        body_caps: path prefix -> most bytes of a body.
        content_policies: path prefix -> Content-Security-Policy.

    `uvicorn` must be started with `server_header=False`: the `Server` header is its own.
    """
    app = FastAPI(
        title=title,
        version=assistant.__version__,
        description="A shopping assistant that can prove its reasons. Everything it says names its evidence.",
        docs_url=None,  # its page fetches scripts from elsewhere; /openapi.json is served
        redoc_url=None,
        lifespan=_lifespan,
    )
    problems.install(app, lambda path: security_headers(path, content_policies))
    app.add_middleware(BodyCap, caps=body_caps)
    app.add_middleware(SecurityHeaders, policies=content_policies)
    quick = quick or gate or Gate(slots=2, waiting=64)  # two, for the database may keep one of them waiting
    gate = gate or Gate()
    router = APIRouter(route_class=StrictJsonRoute, responses=_ERRORS)
    _add_conversation(router, engine, gate, quick, catalogue, label)
    _add_items(router, catalogue)
    _add_events(router, events, catalogue, clock)
    app.include_router(router)
    _add_elsewhere(app, router)
    _add_health(app, Readiness(probes))
    return app


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncGenerator[None]:
    with LongLived().set_aside():
        yield


def _add_conversation(
    router: APIRouter, engine: Assistant, gate: Gate, quick: Gate, catalogue: Shop, label: Label
) -> None:
    @router.post("/v1/chat", response_model=ReplyOut, responses=_NOT_FOUND | _CONFLICT | _STREAM, tags=["assistant"])
    async def chat(
        request: Request,
        body: ChatIn,
        stream: Annotated[bool, Query(description="Answer with server-sent events.")] = False,
    ) -> Response:
        """Say something to the assistant and get its reply: items in order, each with reasons and their evidence."""
        ask = Ask(
            message=body.message,
            conversation_id=body.conversation_id,
            shopper_id=body.user_id,
            picture=None if body.image is None else await anyio.to_thread.run_sync(_picture, body),
            k=body.k,
            remove=tuple(body.ledger_remove),
            personalise=body.personalization,
        )
        if stream or "text/event-stream" in request.headers.get("accept", ""):
            return TurnStream(gate, engine, ask, label)
        reply = await reply_to(gate, engine, ask, request.receive)
        if reply is None:
            return Response(status_code=499)  # the client hung up; nobody reads this
        return Response(render_reply(reply, label), media_type="application/json")

    @router.post("/v1/recommendations", response_model=ShelfOut, responses=_NOT_FOUND, tags=["assistant"])
    async def recommendations(body: RecommendationsIn) -> Response:
        """Items for a scene, each with reasons and their evidence. Scenes not served yet answer 422."""
        ask = SceneAsk(
            scene=body.scene,
            shopper_id=body.user_id,
            query=body.query,
            item_id=body.item_id,
            constraints=tuple(
                constraint.condition(catalogue.currency, f"constraints.{n}")
                for n, constraint in enumerate(body.constraints)
            ),
            k=body.k,
        )
        async with quick.slot():
            shelf = await quick.run(engine.recommend, ask)
        return Response(render_shelf(shelf, label), media_type="application/json")


def _add_items(router: APIRouter, catalogue: Shop) -> None:
    renditions = Renditions()
    painters = anyio.CapacityLimiter(2)  # decoding pictures must not crowd out the rest

    @router.get("/v1/items/{item_id:path}", responses=_NOT_FOUND, tags=["catalogue"])
    async def item(item_id: Annotated[ItemRef, Path()]) -> ItemRecordOut:
        """Everything the catalogue says about an item."""
        return ItemRecordOut.of(catalogue.item(item_id))

    @router.get(
        "/v1/pictures/{item_id:path}",
        response_class=Response,
        responses=_NOT_FOUND | {200: {"content": {"image/webp": {}, "image/jpeg": {}}}},
        tags=["catalogue"],
    )
    async def picture(
        request: Request,
        item_id: Annotated[ItemRef, Path()],
        n: Annotated[int, Query(ge=0, le=1_000, description="Which of its pictures, from 0.")] = 0,
        width: Annotated[int, Query(ge=1, le=4_096, description="Pixels; answered with at most 480.")] = 480,
    ) -> Response:
        """A picture of an item, without metadata, as WebP where the client takes it, else as JPEG."""
        pictures = catalogue.item(item_id).pictures
        form = "webp" if "image/webp" in request.headers.get("accept", "") else "jpeg"
        try:
            path = pictures[n].path
            made = await anyio.to_thread.run_sync(renditions.get, path, width, form, limiter=painters)
        except (IndexError, PictureError) as error:
            if isinstance(error, PictureError):
                log.warning("picture %d of an item cannot be shown: %s", n, error)
            raise UnknownItemError("the item has no such picture") from error
        headers = {"ETag": made.etag, "Cache-Control": "public, max-age=3600", "Vary": "Accept"}
        if made.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(made.data, media_type=made.media_type, headers=headers)


def _add_events(router: APIRouter, store: EventStore, catalogue: Shop, clock: Callable[[], datetime]) -> None:
    @router.post("/v1/events", responses=_NOT_FOUND | _CONFLICT, tags=["events"])
    async def add(
        body: EventsBody,
        idempotency_key: Annotated[
            str | None,
            Header(min_length=1, max_length=255, description="The same key and body: the same answer, acted on once."),
        ] = None,
    ) -> EventsOut:
        """Keep what a shopper did. All events of a batch or none; answered once they are on disk."""
        given = body.events if isinstance(body, EventsIn) else [body]
        arrived = clock()
        for n, event in enumerate(given):
            place = f"events.{n}." if isinstance(body, EventsIn) else ""
            if event.item_id not in catalogue:
                hint, fields = "nothing of the batch was kept", (f"{place}item_id",)
                raise UnknownItemError(f"{place}item_id: no such item", hint=hint, fields=fields)
            if event.at is not None and not _EARLIEST <= event.at <= arrived + _AHEAD:
                raise BadRequestError(f"{place}at: in the future, or before 2000", fields=(f"{place}at",))
        batch = [_event(event, arrived) for event in given]
        once = None
        if idempotency_key is not None:
            fingerprint = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
            once = Once(caller="", key=idempotency_key, fingerprint=fingerprint)
        added = await anyio.to_thread.run_sync(lambda: store.add(batch, once=once, arrived=arrived))
        return EventsOut(stored=added.stored, duplicates=added.duplicates, ids=list(added.ids))


def _add_elsewhere(app: FastAPI, router: APIRouter) -> None:
    """Answers for addresses under /v1 that the API does not have: a page at `/` would answer in a shape of its own."""

    @app.api_route("/v1/{rest:path}", methods=list(_METHODS), include_in_schema=False)
    async def elsewhere(request: Request, rest: str) -> Response:
        del rest
        allowed = {
            method
            for route in router.routes
            if isinstance(route, APIRoute) and route.matches(request.scope)[0] is Match.PARTIAL
            for method in route.methods or ()
        }
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))}) if allowed else HTTPException(404)

    del elsewhere  # kept by FastAPI


def _add_health(app: FastAPI, readiness: Readiness) -> None:
    @app.get("/healthz", tags=["health"])
    async def healthz() -> dict[str, str]:
        """Alive; asks nobody."""
        return {"status": "alive"}

    @app.get("/readyz", tags=["health"], responses={503: {"model": ErrorOut, "description": "Names what is missing."}})
    async def readyz() -> Response:
        """200 when a real query passes through every part, 503 with the parts that fail."""
        missing = await readiness.missing()
        if missing:
            said = "; ".join(f"{part}: {what}" for part, what in missing.items())
            return problems.problem(503, "not_ready", said, retryable=True, fields=list(missing))
        return Response('{"status":"ready"}', media_type="application/json")


_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def _event(event: EventIn, arrived: datetime) -> Event:
    return Event(
        id=event.id or secrets.token_urlsafe(12),
        shopper_id=event.user_id,
        kind=event.kind,
        item_id=event.item_id,
        at=event.at or arrived,
        value=event.value,
    )


def _picture(body: ChatIn) -> Image | None:
    data = body.picture_bytes()
    return None if data is None else read_picture(data)
