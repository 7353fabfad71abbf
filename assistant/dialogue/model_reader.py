"""The language model's reading of a turn: intent, product words, and wishes with the shopper's own words for each.

The model picks, it does not write: the grammar it decodes under lets it choose an intent, fields and operators from
closed lists, and copy spans of the message. No value comes from it; values are parsed from the quotes elsewhere.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast, get_args

from assistant.llm.chat_model import ChatModel, Generation, Message
from assistant.llm.prompts import load
from assistant.nouns import Intent
from index.filters import Op

INTENTS: tuple[Intent, ...] = get_args(Intent)
FIELDS = ("price", "brand", "color", "size", "category", "rating")
"""Fields any shop has; the catalogue's own attribute names join them."""

_WANTS: dict[str, tuple[Literal["hard", "soft"], Op]] = {
    "at_most": ("hard", Op.LE),
    "at_least": ("hard", Op.GE),
    "is": ("hard", Op.EQ),
    "is_not": ("hard", Op.NE),
    "prefer": ("soft", Op.EQ),
}
_MAX_EARLIER, _MAX_EARLIER_CHARS = 2, 100
_NAME = re.compile(r"[^\W_][\w -]{0,23}")
_CHUNK = re.compile(r"\w+(?:[.,'’-]\w+)*|\s+|.", re.DOTALL)  # noqa: RUF001  (the typographic apostrophe is meant)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Vocabulary(Protocol):
    """The part of `index.catalogue.Vocabulary` used here: attribute name -> value -> number of items."""

    @property
    def values(self) -> Mapping[str, Mapping[str, int]]: ...


@dataclass(frozen=True, slots=True)
class ProposedConstraint:
    """A wish as the model read it. `quote` is a substring of the message; the value is still to be parsed from it."""

    kind: Literal["hard", "soft"]
    field: str
    op: Op
    quote: str


@dataclass(frozen=True, slots=True)
class ModelReading:
    """What the model made of a message. `intent` None: it did not get that far.

    Attributes:
        words: the product words, a substring of the message, or "".
        finished: False when the deadline cut the reading short; what is here is complete in itself.
    """

    intent: Intent | None = None
    words: str = ""
    constraints: tuple[ProposedConstraint, ...] = ()
    finished: bool = False


class ModelReader:
    """Reads messages with a chat model.

    Args:
        vocabulary: of the catalogue; its most used attribute names become fields the model may name.
        max_fields: most fields, ours included.
        max_chars: a longer message is read up to here; the deterministic reader reads all of it.
        max_constraints: most wishes read from one message.
    """

    def __init__(
        self,
        model: ChatModel,
        vocabulary: Vocabulary,
        *,
        max_fields: int = 20,
        max_chars: int = 600,
        max_constraints: int = 4,
    ) -> None:
        self._model = model
        self._prompt = load("reading")
        self._max_chars = max_chars
        self._max_constraints = max_constraints
        self.fields = _fields(vocabulary, max_fields)

    @property
    def prefix(self) -> tuple[Message, ...]:
        """The messages every reading's prompt begins with, for the model to prepare at start-up."""
        return self._prompt.fill(message="", before="")[:-1]

    def read(self, message: str, transcript: Sequence[str] = (), *, deadline_s: float) -> ModelReading:
        """What the message asks for, as far as it could be read within `deadline_s` seconds.

        Args:
            transcript: earlier messages of the shopper, oldest first; the last few help to tell the intent.

        Raises:
            ModelUnavailableError: the model gave nothing at all.
        """
        text = _SURROGATE.sub("?", message[: self._max_chars])
        if not text.strip():
            return ModelReading(finished=True)
        prompt = Generation(
            self._prompt.fill(message=text, before=_before(transcript)),
            grammar=reading_grammar(text, self.fields, self._max_constraints),
            max_tokens=320,
        )
        [completion] = self._model.complete([prompt], deadline_s=deadline_s)
        return parsed(completion.text, message, self.fields, finished=completion.finished)


def reading_grammar(message: str, fields: Sequence[str], max_constraints: int = 4) -> str:
    """A Lark grammar of the readings of `message`: JSON whose free strings are spans of whole words of it."""
    # The pieces are escaped as JSON first: their concatenations then parse back to the message's exact words.
    pieces = [json.dumps(piece, ensure_ascii=False)[1:-1] for piece in _CHUNK.findall(message)]
    span = json.dumps({"substring_chunks": pieces}, ensure_ascii=False)
    return "\n".join(
        (
            f"start: {_literal('{')} {_literal(_key('intent'))} INTENT {_literal(',' + _key('words'))} WORDS "
            f"{_literal(',')} {_literal(_key('constraints') + '[')} wishes? {_literal(']}')}",
            f"wishes: wish ({_literal(',')} wish){{0,{max_constraints - 1}}}",
            f"wish: {_literal('{' + _key('quote'))} QUOTE {_literal(',' + _key('field'))} FIELD "
            f"{_literal(',' + _key('want'))} WANT {_literal('}')}",
            f"INTENT: {_choice(INTENTS)}",
            f"FIELD: {_choice(fields)}",
            f"WANT: {_choice(tuple(_WANTS))}",
            'WORDS: "\\"" SPAN? "\\""',
            'QUOTE: "\\"" SPAN "\\""',
            f"SPAN: %regex {span} & /\\S|\\S(?s:.{{0,62}})\\S/",
        )
    )


def parsed(text: str, message: str, fields: Sequence[str], *, finished: bool) -> ModelReading:
    """The reading in `text`, which may break off anywhere; what is not whole, or not from `message`, is left out."""
    intent, position = _string_after(text, "{" + _key("intent"), 0)
    words, position = _string_after(text, "," + _key("words"), position)
    start = "," + _key("constraints") + "["
    found: list[ProposedConstraint] = []
    if position >= 0 and text.startswith(start, position):
        for entry in _objects(text, position + len(start)):
            wish = _proposed(entry, message, fields)
            if wish is not None and wish not in found:
                found.append(wish)
    return ModelReading(
        intent=intent if intent in INTENTS else None,
        words=words.strip() if words in message else "",
        constraints=tuple(found),
        finished=finished and intent in INTENTS,
    )


def _proposed(entry: object, message: str, fields: Sequence[str]) -> ProposedConstraint | None:
    if not isinstance(entry, dict):
        return None
    quote, field, want = (cast("dict[str, object]", entry).get(name) for name in ("quote", "field", "want"))
    if not isinstance(quote, str) or not isinstance(want, str) or want not in _WANTS or field not in fields:
        return None
    if not quote.strip() or quote not in message:
        return None
    kind, op = _WANTS[want]
    return ProposedConstraint(kind, str(field), op, quote.strip())


def _string_after(text: str, lead: str, position: int) -> tuple[str, int]:
    """The JSON string that follows `lead` at `position`, and where it ends; "" and -1 when it is not there, whole."""
    if position < 0 or not text.startswith(lead, position):
        return "", -1
    try:
        value, end = json.JSONDecoder().raw_decode(text, position + len(lead))
    except (ValueError, RecursionError):
        return "", -1
    return (value, end) if isinstance(value, str) else ("", -1)


def _objects(text: str, position: int) -> list[object]:
    """The whole JSON values of a list whose first one begins at `position`."""
    values: list[object] = []
    while position < len(text):
        try:
            value, position = json.JSONDecoder().raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
        if not text.startswith(",", position):
            break
        position += 1
    return values


def _before(transcript: Sequence[str]) -> str:
    """The last messages, shortened, as a line to stand above the present one."""
    earlier = [" ".join(message.split())[:_MAX_EARLIER_CHARS] for message in transcript[-_MAX_EARLIER:]]
    return f"(before: {' / '.join(earlier)})\n" if any(earlier) else ""


def _fields(vocabulary: Vocabulary, most: int) -> tuple[str, ...]:
    used = {name: sum(counts.values()) for name, counts in vocabulary.values.items() if _NAME.fullmatch(name)}
    own = sorted((name for name in used if name not in FIELDS), key=lambda name: (-used[name], name))
    return (*FIELDS, *own[: max(0, most - len(FIELDS))])


def _key(name: str) -> str:
    return f'"{name}":'


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _choice(names: Sequence[str]) -> str:
    return " | ".join(_literal(f'"{name}"') for name in names)
