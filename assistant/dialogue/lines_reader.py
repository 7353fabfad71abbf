"""The tuned language model's reading of a turn: lines held to a grammar, quoting nothing but the message."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.dialogue.reading_lines import Lines, lines_grammar, read_lines
from assistant.llm.chat_model import ChatModel, Generation, Message
from assistant.llm.prompts import load

OWN_FIELDS = ("price", "rating", "brand", "color", "size", "material")
"""Fields that any shop has, as the adapter learned them."""
PROMPT = "reading_lines"
MOST_TOKENS = 160

_NAME = re.compile(r"[^\W_][\w ]{0,23}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_BEFORE = 100


class Vocabulary(Protocol):
    """The part of a catalogue's vocabulary used here: attribute name -> value -> number of items."""

    @property
    def values(self) -> Mapping[str, Mapping[str, int]]: ...


@dataclass(frozen=True, slots=True)
class LinesReading:
    """What the model wrote, read back. `finished` False: cut short; what is here is whole in itself."""

    lines: Lines = field(default_factory=Lines)
    finished: bool = False


class LinesReader:
    """Reads messages with a chat model that was tuned to write readings as lines.

    Args:
        adapter: name under which the model serves what it was tuned to; None: it is merged in.
        vocabulary: of the catalogue; its most used attribute names become fields the model may name.
        max_fields: most fields, those any shop has included.
        max_chars: a longer message is read up to here; the deterministic reader reads all of it.
    """

    def __init__(
        self,
        model: ChatModel,
        vocabulary: Vocabulary,
        *,
        adapter: str | None = None,
        max_fields: int = 16,
        max_chars: int = 600,
    ) -> None:
        self._model = model
        self._adapter = adapter
        self._max_chars = max_chars
        self.fields = reading_fields(vocabulary, max_fields)

    @property
    def prefix(self) -> tuple[Message, ...]:
        """The messages every reading's prompt begins with, for the model to prepare at start-up."""
        return prompt_of("", "", self.fields)[:-1]

    def read(self, message: str, said_before: Sequence[str] = (), *, deadline_s: float) -> LinesReading:
        """What the message asks for, as far as it could be read within `deadline_s` seconds.

        Args:
            said_before: earlier messages of the shopper, oldest first.

        Raises:
            ModelUnavailableError: the model gave nothing at all.
        """
        text = _SURROGATE.sub("?", message[: self._max_chars])
        if not text.strip():
            return LinesReading(finished=True)
        before = " ".join(said_before[-1].split())[:_MAX_BEFORE] if said_before else ""
        prompt = generation(prompt_of(text, before, self.fields), text, self.fields, self._adapter)
        [completion] = self._model.complete([prompt], deadline_s=deadline_s)
        return lines_reading(completion.text, message, self.fields, finished=completion.finished)


def prompt_of(message: str, before: str, fields: Sequence[str]) -> tuple[Message, ...]:
    """The prompt of one reading; `before` is what the shopper said last, or ""."""
    return load(PROMPT).fill(
        fields=", ".join(fields), before=f"(before: {before})\n" if before else "", message=message
    )


def generation(
    prompt: tuple[Message, ...], message: str, fields: Sequence[str], adapter: str | None = None
) -> Generation:
    """What to ask of a model for the reading of `message`."""
    return Generation(prompt, grammar=lines_grammar(message, fields), max_tokens=MOST_TOKENS, adapter=adapter)


def lines_reading(text: str, message: str, fields: Sequence[str], *, finished: bool) -> LinesReading:
    """What a model wrote, read back. Where it was cut short its last line may be broken, and is left out."""
    whole = text if finished else text.rpartition("\n")[0]
    return LinesReading(read_lines(whole, message, fields), finished)


def reading_fields(vocabulary: Vocabulary, most: int) -> tuple[str, ...]:
    """The fields a reading may name: those of any shop, then the catalogue's most used."""
    used = {name: sum(counts.values()) for name, counts in vocabulary.values.items() if _NAME.fullmatch(name)}
    others = sorted((name for name in used if name not in OWN_FIELDS), key=lambda name: (-used[name], name))
    return (*OWN_FIELDS, *others[: max(0, most - len(OWN_FIELDS))])
