"""A chat model behind an OpenAI-compatible server: vLLM, llama.cpp, Ollama, or one on the net.

What comes back is a stranger's: it is bounded, must be text, and where the prompt has a grammar it is held to that here
too, whatever the server was asked to do.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import aclosing
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from llguidance import LLMatcher, LLTokenizer
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    BadRequestError,
    DefaultAsyncHttpxClient,
    NotFoundError,
    OpenAIError,
    PermissionDeniedError,
    RateLimitError,
)
from openai import AuthenticationError as WrongKeyError

from assistant.errors import ModelUnavailableError
from assistant.llm.chat_model import Completion, Dialect, Generation
from assistant.llm.render import neutral
from index.errors import SetupError

log = logging.getLogger(__name__)

_LOOK_S = 0.02
_CHARS_PER_TOKEN = 128


@dataclass(slots=True)
class _Answer:
    """What has come of one prompt so far."""

    text: str = ""
    pieces: int = 0
    stopped: bool = False
    """The server says that this is the whole answer."""
    fault: ModelUnavailableError | None = None
    told: Callable[[str], None] = field(default=lambda _piece: None)


class RemoteChatModel:
    """A ChatModel that asks a server, many prompts at once. Safe to call from several threads.

    Args:
        model: name of the served model.
        base_url: e.g. `http://127.0.0.1:8000/v1`.
        key: the server's key, "" where it wants none. It is sent to this server only, and never logged.
        adapters: adapter's name -> name of the served model that has it, e.g. of vLLM's `--lora-modules`.
        dialect: how grammars are passed.
        most_at_once: requests under way at once, over all calls; more wait, and waiting counts as time.

    Raises:
        SetupError: the URL is not one of a server, or carries a password.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str,
        key: str = "",
        adapters: Mapping[str, str] | None = None,
        dialect: Dialect = "none",
        most_at_once: int = 8,
    ) -> None:
        self._host = _host(base_url)
        self._model = model
        self._adapters = dict(adapters or {})
        self._dialect: Dialect = dialect
        self._client = AsyncOpenAI(
            base_url=base_url,
            api_key=key or "none",
            max_retries=0,  # tokens may have been paid for: whether to try again is decided here
            http_client=DefaultAsyncHttpxClient(follow_redirects=False),
        )
        self._places = asyncio.Semaphore(most_at_once)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="whybuy-llm-remote", daemon=True)
        self._thread.start()

    @property
    def version(self) -> str:
        """The served model's name, and those of adapters; what weights stand behind them only the server knows."""
        return "".join([f"{self._model}@{self._host}", *(f"+{name}@{self._host}" for name in sorted(self._adapters))])

    def adapters(self) -> dict[str, str]:
        """Served model of each adapter, by the adapter's name."""
        return dict(self._adapters)

    def close(self) -> None:
        """Hang up; nothing can be asked afterwards."""
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _hang_up(self) -> None:
        under_way = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._client.close()
        await self._loop.shutdown_asyncgens()

    def complete(
        self,
        prompts: Sequence[Generation],
        *,
        deadline_s: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Completion]:
        """Answer each prompt, as ChatModel says, all at once. Hangs up on what is late or cancelled.

        An answer that breaks its prompt's grammar comes back empty and unfinished.

        Raises:
            ModelUnavailableError: no prompt got an answer; why, and what to do about it.
            ValueError: a prompt names an adapter that is not configured, or its grammar does not compile.
        """
        for prompt in prompts:
            self._served(prompt)
            if prompt.grammar is not None:
                _matcher(prompt.grammar)
        answers = [_Answer() for _ in prompts]
        asking = asyncio.run_coroutine_threadsafe(self._ask_all(prompts, answers, deadline_s), self._loop)
        self._wait(asking, cancelled)
        completions = [_completion(prompt, answer) for prompt, answer in zip(prompts, answers, strict=True)]
        if completions and not cancelled() and not any(one.text or one.finished for one in completions):
            fault = next((answer.fault for answer in answers if answer.fault), None)
            raise fault or ModelUnavailableError(f"no usable answer from {self._host} within {deadline_s:.2f} s")
        return completions

    def stream(self, prompt: Generation, *, deadline_s: float) -> Generator[str]:
        """The completion of one prompt, piece by piece; closing the iterator hangs up.

        With a grammar it comes in one piece, when it is known to be one of the grammar's texts.

        Raises:
            ModelUnavailableError, ValueError: as `complete`.
        """
        if prompt.grammar is not None:
            [completion] = self.complete([prompt], deadline_s=deadline_s)
            yield completion.text
            return
        self._served(prompt)
        pieces: SimpleQueue[str | None] = SimpleQueue()
        answer = _Answer(told=pieces.put)
        asking = asyncio.run_coroutine_threadsafe(self._ask_all([prompt], [answer], deadline_s), self._loop)
        asking.add_done_callback(lambda _done: pieces.put(None))
        try:
            while (piece := pieces.get()) is not None:
                yield piece
            if not answer.text:
                raise answer.fault or ModelUnavailableError(f"no token from {self._host} within {deadline_s:.2f} s")
        finally:
            asking.cancel()

    def _wait(self, asking: "Future[None]", cancelled: Callable[[], bool]) -> None:
        while True:
            try:
                asking.result(_LOOK_S)
                return
            except NotYet:
                if cancelled():
                    asking.cancel()
                    return

    async def _ask_all(self, prompts: Sequence[Generation], answers: Sequence[_Answer], deadline_s: float) -> None:
        end = time.monotonic() + deadline_s
        try:
            async with asyncio.timeout(deadline_s):
                await asyncio.gather(*(self._ask(*one, end) for one in zip(prompts, answers, strict=True)))
        except TimeoutError:  # what there is stays in the answers
            return

    async def _ask(self, prompt: Generation, answer: _Answer, end: float) -> None:
        """Fill the answer; its fault where the server has none. Asks again only where no server was reached."""
        async with self._places:
            for left in (1, 0):
                try:
                    await self._listen(prompt, answer, max(0.01, end - time.monotonic()))
                except APITimeoutError:
                    return
                except APIConnectionError as error:
                    if left and not answer.pieces:
                        continue
                    answer.fault = self._named(error)
                except (OpenAIError, ValueError, TypeError, AttributeError) as error:  # a hostile answer parses oddly
                    answer.fault = self._named(error)
                return

    async def _listen(self, prompt: Generation, answer: _Answer, timeout_s: float) -> None:
        most = _CHARS_PER_TOKEN * max(1, prompt.max_tokens)
        stream = await self._client.chat.completions.create(
            model=self._served(prompt),
            messages=[{"role": one.role, "content": neutral(one.content)} for one in prompt.messages],  # type: ignore[misc]  # the role is a literal of three
            max_tokens=prompt.max_tokens,
            temperature=0,
            seed=0,
            stream=True,
            timeout=timeout_s,
            extra_body=self._constraint(prompt.grammar),
        )
        async with stream, aclosing(_pieces(stream)) as pieces:
            async for piece, reason in pieces:
                if piece:
                    answer.text += piece
                    answer.pieces += 1
                    if len(answer.text) > most or answer.pieces > 2 * prompt.max_tokens + 8:
                        answer.text = ""
                        raise ValueError("longer than was asked for")
                    answer.told(piece)
                if reason is not None:
                    answer.stopped = reason == "stop"
                    return

    def _served(self, prompt: Generation) -> str:
        if prompt.adapter is None:
            return self._model
        if prompt.adapter not in self._adapters:
            raise ValueError(f"no adapter {prompt.adapter!r} is configured; there are: {sorted(self._adapters)}")
        return self._adapters[prompt.adapter]

    def _constraint(self, grammar: str | None) -> dict[str, object]:
        if grammar is None or self._dialect == "none":
            return {}
        if self._dialect == "vllm":
            return {"structured_outputs": {"grammar": grammar}}
        return {"grammar": "%llguidance {}\n" + grammar}

    def _named(self, error: Exception) -> ModelUnavailableError:
        """What went wrong, without a word of what the server said: it may quote the shopper, or the key."""
        host = self._host
        match error:
            case WrongKeyError() | PermissionDeniedError():
                why, hint = f"{host} refuses the key", "put the server's key into WHYBUY_LLM_KEY"
            case NotFoundError():
                why, hint = (
                    f"{host} serves no model of that name",
                    "compare `llm` and `llm_adapters` with its /v1/models",
                )
            case BadRequestError():
                why, hint = f"{host} does not take the request", "set `llm_dialect` to what the server understands"
            case RateLimitError():
                why, hint = f"{host} is busy", ""
            case APIStatusError():
                why, hint = f"{host} failed with status {error.status_code}", "see the server's log"
            case APIConnectionError():
                why, hint = f"nothing answers at {host}", "start the server, or correct `llm_url`"
            case _:
                why, hint = f"{host} answered with something that is no chat completion", "check `llm_url`"
        log.warning("language model: %s", why)
        return ModelUnavailableError(why, hint=hint)


async def _pieces(stream: AsyncIterator[Any]) -> AsyncGenerator[tuple[str, str | None], None]:
    """Text and finish reason of each chunk. The client does not check what servers send, hence Any.

    Raises:
        TypeError: a chunk is of another shape.
        ValueError: it holds half a character.
    """
    async for chunk in stream:
        choices = getattr(chunk, "choices", None)
        if not isinstance(choices, list):
            raise TypeError("a chunk without choices")
        for choice in choices[:1]:  # type: ignore[misc]  # an empty list is the chunk of the token counts
            content, reason = choice.delta.content if choice.delta else None, choice.finish_reason
            if content is not None and not isinstance(content, str):
                raise TypeError("content that is not text")
            (content or "").encode()  # lone surrogates cannot be sent on
            yield content or "", reason


def _completion(prompt: Generation, answer: _Answer) -> Completion:
    finished = answer.stopped
    if prompt.grammar is not None and answer.text:
        matcher = _matcher(prompt.grammar)
        spelled = list(answer.text.encode())
        if matcher.try_consume_tokens(spelled) < len(spelled):
            log.warning("language model: an answer outside its grammar was dropped")
            return Completion("", finished=False)
        # Whole or not is the grammar's to say: a server that was never told of it may go on, or stop early.
        finished = matcher.is_accepting() and (answer.stopped or matcher.is_stopped())
    return Completion(answer.text, finished, answer.pieces)


def _matcher(lark: str) -> LLMatcher:
    matcher = LLMatcher(LLTokenizer("byte"), LLMatcher.grammar_from_lark(lark), log_level=0)
    if matcher.is_error():
        raise ValueError(f"the grammar does not compile: {matcher.get_error()}")
    return matcher


def _host(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SetupError("`llm_url` is not a server's address", hint="e.g. http://127.0.0.1:8000/v1")
    if parts.username or parts.password:
        raise SetupError("`llm_url` carries a password", hint="put the key into WHYBUY_LLM_KEY instead")
    return f"{parts.hostname}{port}"
