"""The hand-written material as data: requests with slots, and words to fill the slots with."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import cast

from assistant.dialogue.reading_lines import INTENTS, SIGNS, Sign
from assistant.nouns import Intent

_WISH = re.compile(r"(\{?[\w ]+?\}?) (<=|>=|!=|=|~) (.+)")
SLOT = re.compile(r"\{(\w+)\}")
LANGUAGES = {"german": "de", "french": "fr", "spanish": "es", "italian": "it"}
"""Families in another language than English."""


@dataclass(frozen=True, slots=True)
class Template:
    """A message with slots and what it asks for, in the terms of `assistant.dialogue.reading_lines`.

    Attributes:
        family: templates of one family say the same sort of thing.
        before: what the shopper said before, or "".
        wishes: field, sign and quote, each perhaps with slots.
    """

    family: str
    before: str
    message: str
    intent: Intent
    words: str
    wishes: tuple[tuple[str, Sign, str], ...]
    dropped: tuple[str, ...]
    items: tuple[str, ...]

    @property
    def language(self) -> str:
        return LANGUAGES.get(self.family, "en")

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of message and context, each once."""
        return tuple(dict.fromkeys(SLOT.findall(f"{self.before} {self.message}")))


@cache
def templates() -> tuple[Template, ...]:
    """All templates of `material/requests.txt`, in its order.

    Raises:
        ValueError: a line cannot be read; says which.
    """
    found: list[Template] = []
    family = ""
    for number, line in enumerate(_text("requests.txt").splitlines(), start=1):
        if line.startswith("## "):
            family = line[3:].strip()
        elif line.strip() and not line.startswith("#"):
            try:
                found.append(_template(family, line))
            except ValueError as error:
                raise ValueError(f"requests.txt line {number}: {error}") from error
    return tuple(found)


@cache
def words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Language -> list name -> words, of `material/words.toml`."""
    raw = tomllib.loads(_text("words.toml"))
    return {
        language: {name: tuple(cast("list[str]", values)) for name, values in lists.items() if name != "attributes"}
        for language, lists in raw.items()
    }


@cache
def attributes() -> Mapping[str, tuple[str, ...]]:
    """Made-up catalogue fields with values, of `material/words.toml`."""
    return {name: tuple(values) for name, values in tomllib.loads(_text("words.toml"))["en"]["attributes"].items()}


def _template(family: str, line: str) -> Template:
    said, arrow, meant = line.partition(" => ")
    parts = [part.strip() for part in meant.split("|")]
    intent: Intent | None = next((each for each in INTENTS if each == parts[0]), None)
    if not arrow or len(parts) != 3 or intent is None:
        raise ValueError("expected `message => intent | words | wishes`")
    before = ""
    if said.startswith("before ") and " | " in said:
        before, _, said = said.removeprefix("before ").partition(" | ")
    wishes: list[tuple[str, Sign, str]] = []
    dropped: list[str] = []
    items: list[str] = []
    for part in filter(None, (each.strip() for each in parts[2].split(";"))):
        if part.startswith("drop "):
            dropped.append(part[5:])
        elif part.startswith("items "):
            items += part[6:].split(",")
        elif wish := _WISH.fullmatch(part):
            wishes.append((wish[1], next(sign for sign in SIGNS if sign == wish[2]), wish[3]))
        else:
            raise ValueError(f"`{part}` is no wish")
    for quote in [parts[1], *(quote for _, _, quote in wishes)]:
        if quote not in said:
            raise ValueError(f"`{quote}` does not stand in the message")
    return Template(family, before, said, intent, parts[1], tuple(wishes), tuple(dropped), tuple(items))


def _text(name: str) -> str:
    return (resources.files("finetune") / "material" / name).read_text(encoding="utf-8")
