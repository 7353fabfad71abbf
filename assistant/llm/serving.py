# pyright: basic
# transformers leaves most of its types open.
"""What the engines of this process share: a queue, deadlines, rows from prompts, streaming. They add arithmetic."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue

import llguidance.hf
from transformers import GenerationConfig, PreTrainedTokenizerBase

from assistant.errors import ModelUnavailableError
from assistant.llm.chat_model import Completion, Generation, Message
from assistant.llm.render import END, START, encode
from assistant.llm.rows import Grammar, Row
from index.errors import WeightsError

_LONGEST_STEP_S = 0.1

OnTokens = Callable[[int, list[int]], None]
"""Told a row's position and its new tokens."""


class ServingModel(ABC):
    """A ChatModel that answers in this process, one batch at a time; waiting for one's turn counts as time.

    Args:
        max_prompt_tokens: longer prompts are refused.
        max_waiting: calls that may wait for their turn; one more is refused at once.

    Raises:
        WeightsError: the tokenizer is not of a model that speaks ChatML.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        name: str,
        *,
        max_prompt_tokens: int,
        max_waiting: int,
        clock: Callable[[], float],
    ) -> None:
        _refuse_other_formats(tokenizer, name)
        self._tokenizer = tokenizer
        self._grammar_tokenizer = llguidance.hf.from_tokenizer(tokenizer)  # type: ignore[arg-type]  # it is a fast one
        self._max_prompt_tokens = max_prompt_tokens
        self._places = threading.BoundedSemaphore(max_waiting + 1)
        self._clock = clock
        self._busy = threading.Lock()
        self._encode_prefix = lru_cache(maxsize=16)(self._encode_messages)

    @abstractmethod
    def _run(self, rows: Sequence[Row], adapter: str | None, interrupted: Callable[[], bool], told: OnTokens) -> None:
        """Extend the rows' tokens by that adapter until they are finished, full, or `interrupted`. One call at a time.

        Raises:
            ValueError: no such adapter, or a grammar allows nothing that the vocabulary has.
        """

    @abstractmethod
    def _warm(self, prefix: tuple[int, ...], adapter: str | None) -> None:
        """Remember the state after `prefix` of the adapter, or of the base. One call at a time."""

    @property
    @abstractmethod
    def version(self) -> str:
        """Name and hash of the weights, and of each adapter."""

    @abstractmethod
    def adapters(self) -> dict[str, str]:
        """SHA-256 of each adapter that serves, by name."""

    @abstractmethod
    def load_adapter(self, name: str, folder: Path) -> None:
        """Serve the adapter in `folder` under `name` from the next batch on; one that served so can be rolled back to.

        Raises:
            WeightsError: as `adapters.read_adapter`; what serves now goes on serving.
        """

    @abstractmethod
    def roll_back(self, name: str) -> None:
        """Serve again what served under `name` before the last `load_adapter`.

        Raises:
            ValueError: there was none.
        """

    @abstractmethod
    def drop_adapter(self, name: str) -> None:
        """Serve nothing under `name` any more; prompts that name it are refused."""

    def warm(self, messages: Sequence[Message], *, adapter: str | None = None) -> None:
        """Prepare for prompts of that adapter that begin with these messages; call it at start-up."""
        with self._busy:
            self._warm(self._encode_prefix(tuple(messages)), adapter)

    def complete(
        self,
        prompts: Sequence[Generation],
        *,
        deadline_s: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Completion]:
        """Answer each prompt, as ChatModel says. The prompts of one adapter are decoded together.

        Raises:
            ModelUnavailableError: the deadline struck before the first token, or too many wait already.
            ValueError: a grammar does not compile, no such adapter, or a prompt is too long or has no system message.
        """
        end = self._clock() + deadline_s
        if not prompts:
            return []
        rows = self._decode(prompts, end, cancelled)
        if not any(row.tokens or row.finished for row in rows) and not cancelled():
            raise ModelUnavailableError(f"no token within {deadline_s:.2f} s")
        return [Completion(self._text(row.tokens), row.finished, len(row.tokens)) for row in rows]

    def stream(self, prompt: Generation, *, deadline_s: float) -> Generator[str]:
        """The completion of one prompt, piece by piece; closing the iterator stops the decoding.

        Raises:
            ModelUnavailableError: the deadline struck before the first token, or too many wait already.
            ValueError: as `complete`.
        """
        end = self._clock() + deadline_s
        abandoned = threading.Event()
        pieces: SimpleQueue[list[int] | BaseException | None] = SimpleQueue()

        def decode() -> None:
            try:
                self._decode([prompt], end, abandoned.is_set, lambda _row, tokens: pieces.put(tokens))
                pieces.put(None)
            except BaseException as error:  # handed to the reader of the stream, who raises it
                pieces.put(error)

        threading.Thread(target=decode, name="whybuy-llm-stream", daemon=True).start()
        return self._pieces(pieces, abandoned, deadline_s)

    def _pieces(
        self, pieces: "SimpleQueue[list[int] | BaseException | None]", abandoned: threading.Event, deadline_s: float
    ) -> Generator[str]:
        tokens: list[int] = []
        said = ""
        try:
            while (new := pieces.get()) is not None:
                if isinstance(new, BaseException):
                    raise new
                tokens += new
                text = self._text(tokens)
                # A character may be spread over several tokens; until it is whole it decodes as a replacement mark.
                if not text.endswith("\N{REPLACEMENT CHARACTER}") and len(text) > len(said):
                    yield text[len(said) :]
                    said = text
            if not tokens:
                raise ModelUnavailableError(f"no token within {deadline_s:.2f} s")
            if rest := self._text(tokens)[len(said) :]:
                yield rest
        finally:
            abandoned.set()

    def _decode(
        self,
        prompts: Sequence[Generation],
        end: float,
        cancelled: Callable[[], bool],
        told: OnTokens = lambda _row, _tokens: None,
    ) -> list[Row]:
        if not self._places.acquire(blocking=False):
            raise ModelUnavailableError("the language model is busy: too many requests wait for it")
        try:
            if not self._busy.acquire(timeout=max(0.0, end - self._clock())):
                raise ModelUnavailableError("the language model is busy with other requests")
            try:
                rows = [self._row(prompt) for prompt in prompts]
                interrupted = self._interruption(end, cancelled)
                for adapter in dict.fromkeys(prompt.adapter for prompt in prompts):
                    places = [place for place, prompt in enumerate(prompts) if prompt.adapter == adapter]
                    self._run_some(rows, places, adapter, interrupted, told)
                return rows
            finally:
                self._busy.release()
        finally:
            self._places.release()

    def _run_some(
        self,
        rows: list[Row],
        places: list[int],
        adapter: str | None,
        interrupted: Callable[[], bool],
        told: OnTokens,
    ) -> None:
        self._run([rows[p] for p in places], adapter, interrupted, lambda row, tokens: told(places[row], tokens))

    def _interruption(self, end: float, cancelled: Callable[[], bool]) -> Callable[[], bool]:
        """Asked before every forward pass: whether to stop, since another like the last would end too late."""
        before = self._clock()

        def interrupted() -> bool:
            nonlocal before
            now = self._clock()
            # A prompt's pass takes longer than the next token's will: it is no measure, hence the cap.
            needed, before = min(now - before, _LONGEST_STEP_S), now
            return cancelled() or now + needed >= end

        return interrupted

    def _row(self, prompt: Generation) -> Row:
        prefix = self._encode_prefix(prompt.messages[:-1]) if len(prompt.messages) > 1 else ()
        tokens = encode(prompt.messages, self._tokenizer)  # type: ignore[arg-type]  # its stubs do not know the option
        if len(tokens) > self._max_prompt_tokens:
            raise ValueError(f"the prompt has {len(tokens)} tokens, at most {self._max_prompt_tokens} are read")
        grammar = None if prompt.grammar is None else Grammar(self._grammar_tokenizer, prompt.grammar)
        return Row(list(prefix), tokens[len(prefix) :], prompt.max_tokens, grammar)

    def _encode_messages(self, messages: tuple[Message, ...]) -> tuple[int, ...]:
        return tuple(encode(messages, self._tokenizer, reply=False))  # type: ignore[arg-type]  # see _row

    def _text(self, tokens: list[int]) -> str:
        text = self._tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        assert isinstance(text, str)  # one sequence was given
        return text


def stop_tokens(generation: GenerationConfig | None, tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """Tokens that end a message: the model's and the tokenizer's."""
    stop = None if generation is None else generation.eos_token_id
    tokens = stop if isinstance(stop, list) else [stop]
    return [token for token in (*tokens, tokenizer.eos_token_id) if isinstance(token, int)]


def version_of(name: str, base: str, adapters: Sequence[tuple[str, str]]) -> str:
    """`name@fingerprint+adapter@hash...`, as replies name what answered."""
    return "".join([f"{Path(name).name}@{base}", *(f"+{adapter}@{sha256[:12]}" for adapter, sha256 in adapters)])


def _refuse_other_formats(tokenizer: PreTrainedTokenizerBase, name: str) -> None:
    known = tokenizer.get_vocab()
    if not tokenizer.is_fast or START not in known or END not in known:
        raise WeightsError(
            f"the language model {name!r} does not speak ChatML ({START} ... {END})",
            hint="choose a SmolLM2 or Qwen instruct model, or one tuned on that format",
        )
