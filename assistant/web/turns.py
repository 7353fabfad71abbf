"""Turns of the synchronous engine beside an asynchronous server: bounded, streamed, stopped when unwanted."""

import json
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

import anyio
import anyio.to_thread
from fastapi.sse import format_sse_event
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant.exchange import Ask, Done, Preview, Stage, Update, Words
from assistant.nouns import Reply
from assistant.web.ports import Assistant, Label
from assistant.web.problems import BusyError, describe
from assistant.web.schema import render_reply

T = TypeVar("T")


class Gate:
    """Lets so many calls of the engine run at a time, so many more wait, and turns the rest away.

    The engine has threads of its own here: however slow it is, the rest of the server goes on.
    """

    def __init__(self, *, slots: int = 4, waiting: int = 32, patience_s: float = 10.0) -> None:
        """`slots` run at once, `waiting` wait, each at most `patience_s` seconds."""
        self._slots = anyio.Semaphore(slots)
        self._threads = anyio.CapacityLimiter(slots)
        self._room = waiting
        self._waiting = 0
        self._patience_s = patience_s

    @property
    def waiting(self) -> int:
        """How many wait for a slot."""
        return self._waiting

    @asynccontextmanager
    async def slot(self) -> AsyncGenerator[None]:
        """The right to use `run`, one call after another.

        Raises:
            BusyError: too many are waiting, or the wait was too long.
        """
        try:
            self._slots.acquire_nowait()  # who finds a slot free does not count as waiting, not even for a moment
        except anyio.WouldBlock:
            await self._wait()
        try:
            yield
        finally:
            self._slots.release()

    async def _wait(self) -> None:
        if self._waiting >= self._room:
            raise _busy()
        self._waiting += 1
        try:
            with anyio.move_on_after(self._patience_s) as wait:
                await self._slots.acquire()
            if wait.cancelled_caught:
                raise _busy()
        finally:
            self._waiting -= 1

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """What `function` returns, run in a thread; the slot must be held."""
        return await anyio.to_thread.run_sync(partial(function, *arguments), limiter=self._threads)


async def run_turn(
    gate: Gate, assistant: Assistant, ask: Ask, receive: Receive, emit: Callable[[Update], Awaitable[None]]
) -> None:
    """Pass every update of the turn to `emit`; when the client hangs up, have the engine stop, and return.

    Raises:
        BusyError: there was no room for it.
        WhybuyError: whatever the engine raises.
    """
    gone = threading.Event()
    failures: list[Exception] = []  # carried by hand: a task group would wrap them into a group
    async with gate.slot(), anyio.create_task_group() as tasks:

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            gone.set()
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        try:
            await _pump(gate, assistant, ask, gone, emit)
        except Exception as error:
            failures.append(error)
        tasks.cancel_scope.cancel()
    if failures:
        raise failures[0]


async def reply_to(gate: Gate, assistant: Assistant, ask: Ask, receive: Receive) -> Reply | None:
    """The whole reply, None when the client hung up before it was there.

    Raises:
        BusyError: there was no room for it.
        WhybuyError: whatever the engine raises.
    """
    replies: list[Reply] = []

    async def keep(update: Update) -> None:
        if isinstance(update, Done):
            replies.append(update.reply)

    await run_turn(gate, assistant, ask, receive, keep)
    return replies[-1] if replies else None


class TurnStream(Response):
    """A turn as server-sent events: `stage`, `preview`, `delta`, and last `reply` or `error`.

    An error before the first update is raised, and so answered with its proper status.
    """

    media_type = "text/event-stream"

    def __init__(self, gate: Gate, assistant: Assistant, ask: Ask, label: Label) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]  # nobody knows it yet
        self._turn = partial(run_turn, gate, assistant, ask)
        self._label = label

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the turn and send it."""
        del scope
        started = False

        async def emit(data: bytes) -> None:
            nonlocal started
            if not started:
                started = True
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": data, "more_body": True})

        try:
            await self._turn(receive, lambda update: emit(_event(update, self._label)))
        except Exception as error:
            if not started:
                raise
            await emit(format_sse_event(event="error", data_str=bytes(describe(error).body).decode()))
        if started:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _pump(
    gate: Gate, assistant: Assistant, ask: Ask, gone: threading.Event, emit: Callable[[Update], Awaitable[None]]
) -> None:
    updates = await gate.run(partial(assistant.stream, ask, cancelled=gone.is_set))
    try:
        while (update := await gate.run(_next, updates)) is not None:
            await emit(update)
    finally:
        # In a thread and shielded: what the engine does on being closed may take a moment, and must not be cut short.
        if (close := getattr(updates, "close", None)) is not None:
            with anyio.CancelScope(shield=True):
                await gate.run(close)


def _next(updates: Iterator[Update]) -> Update | None:
    return next(updates, None)


def _event(update: Update, label: Label) -> bytes:
    match update:
        case Stage(name):
            return _json_event("stage", {"name": name})
        case Words(text):
            return _json_event("delta", {"text": text})
        case Preview(reply):
            return format_sse_event(event="preview", data_str=render_reply(reply, label))
        case Done(reply):
            return format_sse_event(event="reply", data_str=render_reply(reply, label))


def _json_event(name: str, data: dict[str, str]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))


def _busy() -> BusyError:
    return BusyError("too many are being served right now", hint="try again in a moment")
