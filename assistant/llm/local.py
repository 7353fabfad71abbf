# pyright: basic
# torch, transformers and peft leave most of their types open.
"""A chat model in this process: transformers on the CPU, or on a GPU where there is one."""

import logging
import threading
import time
from collections.abc import Callable, Generator, Sequence
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import cast

import llguidance.hf
import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from assistant.errors import ModelUnavailableError
from assistant.llm.chat_model import Completion, Generation, Message
from assistant.llm.decode import Decoder, Grammar, Row
from assistant.llm.gguf import converted
from assistant.llm.render import END, START, encode
from index.errors import WeightsError
from index.weights import CHAT_MODEL, file_sha256, fingerprint, locate

log = logging.getLogger(__name__)

_LONGEST_STEP_S = 0.1


class LocalChatModel:
    """A ChatModel that answers in this process, one batch at a time; waiting for one's turn counts as time.

    Args:
        name: as `index.weights.locate` takes it, of a model that speaks ChatML.
        adapter: a peft LoRA folder, merged into the weights.
        device: None: a GPU when there is one.
        cache: where converted weights are kept; None: the user's cache folder.
        max_prompt_tokens: longer prompts are refused.
        kept_prefixes: how many prompt prefixes (all but the last message) to remember the state of.

    Raises:
        WeightsError: weights or adapter are missing, damaged, or neither safetensors nor GGUF.
    """

    def __init__(
        self,
        name: str = CHAT_MODEL,
        *,
        adapter: Path | None = None,
        device: str | None = None,
        cache: Path | None = None,
        max_prompt_tokens: int = 3072,
        kept_prefixes: int = 4,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        found = locate(name)
        begun = time.monotonic()
        folder = _safetensors(found, cache)
        device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder)
            model = cast(
                PreTrainedModel,
                AutoModelForCausalLM.from_pretrained(
                    folder, dtype=torch.float32 if device == "cpu" else "auto", use_safetensors=True
                ),
            )
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise WeightsError(
                f"cannot load the language model {name!r}: {error}",
                hint="a folder with config.json, tokenizer and *.safetensors is needed",
            ) from error
        _refuse_other_formats(self._tokenizer, name)
        if adapter is not None:
            model = _with_adapter(model, adapter)
        self._model = model.eval()
        torch.nn.Module.to(self._model, device)
        self._grammar_tokenizer = llguidance.hf.from_tokenizer(self._tokenizer)
        self._decoder = Decoder(self._model, _stop_tokens(self._model, self._tokenizer), kept_prefixes=kept_prefixes)
        self._version = _version(name, found, adapter)
        self._max_prompt_tokens = max_prompt_tokens
        self._clock = clock
        self._busy = threading.Lock()
        log.info("language model %s on %s, loaded in %.1f s", self._version, device, time.monotonic() - begun)
        self._encode_prefix = lru_cache(maxsize=16)(self._encode_messages)

    @property
    def version(self) -> str:
        """Name and hash of the weights, and of the adapter when there is one."""
        return self._version

    def warm(self, messages: Sequence[Message]) -> None:
        """Prepare for prompts that begin with these messages; call it at start-up."""
        with self._busy:
            self._decoder.warm(self._encode_prefix(tuple(messages)))

    def complete(
        self,
        prompts: Sequence[Generation],
        *,
        deadline_s: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Completion]:
        """Answer each prompt, as ChatModel says. The prompts are decoded together.

        Raises:
            ModelUnavailableError: the deadline struck before the first token.
            ValueError: a grammar does not compile, or a prompt is too long or has no system message.
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
            ModelUnavailableError: the deadline struck before the first token.
            ValueError: the grammar does not compile, or the prompt is too long or has no system message.
        """
        end = self._clock() + deadline_s
        abandoned = threading.Event()
        pieces: SimpleQueue[list[int] | BaseException | None] = SimpleQueue()

        def decode() -> None:
            try:
                self._decode(
                    [prompt],
                    end,
                    abandoned.is_set,
                    lambda _row, tokens: pieces.put(tokens),
                )
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
        on_tokens: Callable[[int, list[int]], None] = lambda _row, _tokens: None,
    ) -> list[Row]:
        if not self._busy.acquire(timeout=max(0.0, end - self._clock())):
            raise ModelUnavailableError("the language model is busy with other requests")
        try:
            rows = [self._row(prompt) for prompt in prompts]
            self._decoder.run(rows, self._interruption(end, cancelled), on_tokens)
            return rows
        finally:
            self._busy.release()

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
        tokens = encode(prompt.messages, self._tokenizer)
        if len(tokens) > self._max_prompt_tokens:
            raise ValueError(f"the prompt has {len(tokens)} tokens, at most {self._max_prompt_tokens} are read")
        grammar = None if prompt.grammar is None else Grammar(self._grammar_tokenizer, prompt.grammar)
        return Row(list(prefix), tokens[len(prefix) :], prompt.max_tokens, grammar)

    def _encode_messages(self, messages: tuple[Message, ...]) -> tuple[int, ...]:
        return tuple(encode(messages, self._tokenizer, reply=False))

    def _text(self, tokens: list[int]) -> str:
        return self._tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)


def _safetensors(found: Path, cache: Path | None) -> Path:
    if found.suffix == ".gguf":
        return converted(found, cache=cache)
    if any(found.glob("*.safetensors")):
        return found
    match sorted(found.glob("*.gguf")):
        case [gguf]:
            return converted(gguf, cache=cache)
        case files:
            raise WeightsError(f"{found} holds {len(files)} GGUF files", hint="give the path of one of them")


def _refuse_other_formats(tokenizer: PreTrainedTokenizerBase, name: str) -> None:
    known = tokenizer.get_vocab()
    if not tokenizer.is_fast or START not in known or END not in known:
        raise WeightsError(
            f"the language model {name!r} does not speak ChatML ({START} ... {END})",
            hint="choose a SmolLM2 or Qwen instruct model, or one tuned on that format",
        )


def _with_adapter(model: PreTrainedModel, adapter: Path) -> PreTrainedModel:
    from peft import PeftModel

    # peft would fall back to a pickled adapter_model.bin: look before it does.
    if not (adapter / "adapter_model.safetensors").is_file():
        raise WeightsError(f"{adapter} holds no adapter_model.safetensors", hint="only safetensors adapters are loaded")
    try:
        return cast(PreTrainedModel, PeftModel.from_pretrained(model, str(adapter)).merge_and_unload())
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise WeightsError(
            f"cannot apply the adapter {adapter.name}: {error}", hint="it must have been trained on the same base model"
        ) from error


def _stop_tokens(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> list[int]:
    stop = None if model.generation_config is None else model.generation_config.eos_token_id
    tokens = stop if isinstance(stop, list) else [stop]
    return [token for token in (*tokens, tokenizer.eos_token_id) if isinstance(token, int)]


def _version(name: str, found: Path, adapter: Path | None) -> str:
    base = f"{Path(name).name}@{fingerprint(found)}"
    if adapter is None:
        return base
    return f"{base}+{adapter.name}@{file_sha256(adapter / 'adapter_model.safetensors')[:12]}"
