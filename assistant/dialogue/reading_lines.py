"""A reading as lines of text: what a tuned model writes, the grammar that holds it to that, and how it is read back.

    search: rain jacket
    price <= 80 euros
    color != red
    drop brand
    items 2

Training writes by this module, and a tuned model is read by it, so that what is learnt is what is spoken. Everything a
model may choose freely is a span of whole words of the message; the rest comes from closed lists.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.nouns import Intent
from index.filters import Condition, Op

INTENTS: tuple[Intent, ...] = get_args(Intent)
Sign = Literal["<=", ">=", "=", "!=", "~"]
SIGNS: tuple[Sign, ...] = get_args(Sign)
_INTENTS: dict[str, Intent] = {intent: intent for intent in INTENTS}
_SIGNS: dict[str, Sign] = {sign: sign for sign in SIGNS}
ALL = "all"
"""`drop all`: everything said so far is taken back."""

_CHUNK = re.compile(r"\w+(?:[.,]\w+)*|[^\S\n]+|\n+|.", re.DOTALL)
_WISH = re.compile(r"(.+?) (<=|>=|!=|=|~) (.+)")
_ITEMS = re.compile(r"items (\d{1,2}(?:,\d{1,2})*)")


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing wanted of a field; `sign` `~` is a preference, the others are conditions."""

    field: str
    sign: Sign
    quote: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A reading. `words` and every quote are spans of the message; `items` are places on the shelf, from 1.

    `intent` None: nothing could be read.
    """

    intent: Intent | None = None
    words: str = ""
    wishes: tuple[Wish, ...] = ()
    dropped: tuple[str, ...] = ()
    items: tuple[int, ...] = ()


def written(reading: Lines) -> str:
    """The reading as a model is taught to write it.

    Raises:
        ValueError: it has no intent.
    """
    if reading.intent is None:
        raise ValueError("a reading without an intent cannot be written")
    first = f"{reading.intent}: {reading.words}".rstrip(" ")
    wishes = [f"{wish.field} {wish.sign} {wish.quote}" for wish in reading.wishes]
    dropped = [f"drop {field}" for field in reading.dropped]
    items = [f"items {','.join(map(str, reading.items))}"] if reading.items else []
    return "\n".join([first, *wishes, *dropped, *items])


def lines_grammar(message: str, fields: Sequence[str], *, most_lines: int = 7, shelf: int = 10) -> str:
    """A Lark grammar of the readings of `message`."""
    span = json.dumps({"substring_chunks": _CHUNK.findall(message)}, ensure_ascii=False)
    names = " | ".join(_quoted(name) for name in fields)
    dropped = " | ".join(_quoted(name) for name in (*fields, ALL))
    places = " | ".join(_quoted(str(place)) for place in range(1, shelf + 1))
    return "\n".join(
        (
            f'start: INTENT ":" (" " SPAN)? (NEWLINE line){{0,{most_lines}}}',
            'line: FIELD " " SIGN " " SPAN | "drop " DROPPED | "items " PLACE ("," PLACE){0,3}',
            f"INTENT: {' | '.join(_quoted(intent) for intent in INTENTS)}",
            f"FIELD: {names}",
            f"DROPPED: {dropped}",
            f"PLACE: {places}",
            f"SIGN: {' | '.join(_quoted(sign) for sign in SIGNS)}",
            'NEWLINE: "\\n"',
            # A span may not reach over the end of a line: lines are what a reading is made of.
            f"SPAN: %regex {span} & /\\S|\\S[^\\n]{{0,78}}\\S/",
        )
    )


def read_lines(text: str, message: str, fields: Sequence[str]) -> Lines:
    """The reading in `text`, which may be anything: what is not whole, or not from `message`, is left out."""
    first, *rest = text.split("\n")
    intent, colon, words = first.partition(":")
    known = _INTENTS.get(intent)
    if known is None or not colon:
        return Lines()
    wishes: list[Wish] = []
    dropped: list[str] = []
    items: list[int] = []
    for line in rest:
        if found := _ITEMS.fullmatch(line):
            items += [int(place) for place in found[1].split(",")]
        elif line.startswith("drop ") and line[5:] in (*fields, ALL):
            dropped.append(line[5:])
        elif found := _WISH.fullmatch(line):
            field, sign, quote = found[1], _SIGNS[found[2]], found[3].strip()
            if field in fields and quote and quote in message:
                wishes.append(Wish(field, sign, quote))
    words = words.strip()
    return Lines(
        known,
        words if words in message else "",
        tuple(dict.fromkeys(wishes)),
        tuple(dict.fromkeys(dropped)),
        tuple(dict.fromkeys(items)),
    )


def sign_of(condition: Condition) -> Sign:
    """The sign a tuned model would write for a condition."""
    if condition.op in (Op.NE, Op.NOT_IN):
        return "!="
    return "<=" if condition.op in (Op.LE, Op.LT) else ">=" if condition.op in (Op.GE, Op.GT) else "="


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
