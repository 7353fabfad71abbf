"""What the assistant asks of a language model, whoever runs it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Dialect = Literal["none", "vllm", "llguidance"]
"""How a server takes a grammar: not at all; as vLLM does; or as llama.cpp does when built with LLAMA_LLGUIDANCE."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat prompt, as in the OpenAI chat-completions shape."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What to generate from one prompt.

    Attributes:
        messages: the prompt; the first one is the system message.
        grammar: a Lark grammar in llguidance's dialect that the text must match, or None for free text.
        max_tokens: most tokens to produce.
        adapter: name of a loaded adapter that answers; None: the model as it was opened.
    """

    messages: tuple[Message, ...]
    grammar: str | None = None
    max_tokens: int = 64
    adapter: str | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back. `finished` is False when the deadline or `max_tokens` cut it short."""

    text: str
    finished: bool
    tokens: int = 0


class ChatModel(Protocol):
    """A chat model. Implementations are safe to call from several threads; calls may queue."""

    @property
    def version(self) -> str:
        """Name and hash of the weights (and adapter) that answer, for the reply's `versions`."""
        ...

    def complete(
        self,
        prompts: Sequence[Generation],
        *,
        deadline_s: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Completion]:
        """Answer each prompt, greedily, all of them within `deadline_s` seconds of the call.

        What is not finished by then comes back as far as it got, `finished=False`.

        Raises:
            ModelUnavailableError: nothing could be generated at all.
        """
        ...

    def stream(self, prompt: Generation, *, deadline_s: float) -> Iterator[str]:
        """The completion of one prompt, piece by piece as it is decoded; ends early at the deadline."""
        ...
