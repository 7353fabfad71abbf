"""The hand-written material as data: requests with slots, and words to fill the slots with."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import cast

from assistant.dialogue.reading_lines import INTENTS, SIGNS, Sign
from assistant.nouns import Intent

WishText = tuple[str, Sign, str]
"""Field, sign and quote of a wish, each perhaps with slots."""

_WISH = re.compile(r"(\{?[\w ]+?\}?) (<=|>=|!=|=|~) (.+)")
SLOT = re.compile(r"\{(\w+)\}")
CHOICE = re.compile(r"\[([^\]]*)\]")
"""`[a|b|]`: a, or b, or nothing."""
LANGUAGES = {"german": "de", "french": "fr", "spanish": "es", "italian": "it"}
"""Families in another language than English."""


@dataclass(frozen=True, slots=True)
class Template:
    """A message with slots and what it asks for, in the terms of `assistant.dialogue.reading_lines`.

    Attributes:
        family: templates of one family say the same sort of thing.
        before: what the shopper said before, or "".
        wishes: field, sign and quote, each perhaps with slots.
        fresh: of a later file than requests.txt, whose templates have slots and choices that its have not.
        kept_for: the split that the whole file is kept for, or "".
    """

    family: str
    before: str
    message: str
    intent: Intent
    words: str
    wishes: tuple[WishText, ...]
    dropped: tuple[str, ...]
    items: tuple[str, ...]
    fresh: bool = False
    kept_for: str = ""

    @property
    def language(self) -> str:
        return LANGUAGES.get(self.family, "en")

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of message and context, each once."""
        return tuple(dict.fromkeys(SLOT.findall(f"{self.before} {self.message}")))


@cache
def templates() -> tuple[Template, ...]:
    """All templates of `material/`: requests.txt, phrasings.txt, development.txt and held_out.txt, in their order.

    Raises:
        ValueError: a line cannot be read; says which.
    """
    return (
        *_templates_in("requests.txt"),
        *_templates_in("phrasings.txt", fresh=True),
        *_templates_in("development.txt", fresh=True, kept_for="dev"),
        *_templates_in("held_out.txt", fresh=True, kept_for="test"),
    )


def _templates_in(name: str, *, fresh: bool = False, kept_for: str = "") -> Iterator[Template]:
    for number, family, line in sectioned(text_of(name)):
        try:
            yield replace(_template(family, line), fresh=fresh, kept_for=kept_for)
        except ValueError as error:
            raise ValueError(f"{name} line {number}: {error}") from error


@cache
def words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Language -> list name -> words, of `material/words.toml`."""
    raw = tomllib.loads(text_of("words.toml"))
    return {
        language: {name: tuple(cast("list[str]", values)) for name, values in lists.items() if name != "attributes"}
        for language, lists in raw.items()
    }


@cache
def attributes() -> Mapping[str, tuple[str, ...]]:
    """Made-up catalogue fields with values, of `material/words.toml`."""
    return {name: tuple(values) for name, values in tomllib.loads(text_of("words.toml"))["en"]["attributes"].items()}


def _template(family: str, line: str) -> Template:
    said, arrow, meant = line.partition(" => ")
    parts = [part.strip() for part in meant.split("|")]
    intent: Intent | None = next((each for each in INTENTS if each == parts[0]), None)
    if not arrow or len(parts) != 3 or intent is None:
        raise ValueError("expected `message => intent | words | wishes`")
    before = ""
    if said.startswith("before ") and " | " in said:
        before, _, said = said.removeprefix("before ").partition(" | ")
    wishes: list[WishText] = []
    dropped: list[str] = []
    items: list[str] = []
    for part in filter(None, (each.strip() for each in parts[2].split(";"))):
        if part.startswith("drop "):
            dropped.append(part[5:])
        elif part.startswith("items "):
            items += part[6:].split(",")
        else:
            wishes.append(wish_in(part))
    for quote in [parts[1], *(quote for _, _, quote in wishes)]:
        if quote not in said:
            raise ValueError(f"`{quote}` does not stand in the message")
    return Template(family, before, said, intent, parts[1], tuple(wishes), tuple(dropped), tuple(items))


def variants(text: str) -> Iterator[str]:
    """The text with each `[a|b]` as each of its choices."""
    found = CHOICE.search(text)
    if found is None:
        yield text
        return
    for choice in found[1].split("|"):
        yield from variants(text[: found.start()] + choice + text[found.end() :])


def shape(text: str) -> tuple[str, ...]:
    """The words of a template, slots of one sort alike, without case and punctuation: what makes two phrasings one."""
    plain = SLOT.sub(lambda slot: f"_{slot[1].rstrip('2s')}", text)
    return tuple(re.findall(r"\w+", plain.lower().replace("'", "")))


def wish_in(text: str) -> WishText:
    """The wish that a line of material writes as `field sign quote`.

    Raises:
        ValueError: it is none.
    """
    wish = _WISH.fullmatch(text.strip())
    if wish is None:
        raise ValueError(f"`{text}` is no wish")
    return wish[1], next(sign for sign in SIGNS if sign == wish[2]), wish[3]


def sectioned(text: str) -> Iterator[tuple[int, str, str]]:
    """Number, section and line for every line of a text that says something; `## name` begins a section, # a remark."""
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("## "):
            section = line[3:].strip()
        elif line.strip() and not line.startswith("#"):
            yield number, section, line


def text_of(name: str) -> str:
    """The text of a file of `finetune/material`."""
    return (resources.files("finetune") / "material" / name).read_text(encoding="utf-8")
