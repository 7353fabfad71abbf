"""Items named by their title in a message, on the shelf or not: `the Canvas Low`, `something like the Cheddar`."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from index.items import Item, ItemId
from index.language.words import tokens

_QUESTION = re.compile(
    r"\s*(is|are|does|do|can|has|have|how|what|which|when|will|who|why|tell|compare)\b|.*\?\s*$", re.I | re.S
)
_ASKS_SHOP = re.compile(r"\b(?:do|have|can|are|is) (?:you|there|they)\b.*|\bany\b|\bgot\b", re.I)
_LONGEST = 12
"""Words of a title that are looked for; longer titles are found by these."""
_PREFIXES = (2, 3)
"""Words from a title's beginning that may stand for all of it."""
_DEFINITE = frozenset("the this that your those these than about like der die das den le la les el los il lo".split())
_LIKENESS = re.compile(
    r"(?<!\bi )(?<!\bwe )(?<!would )\b(?:like|similar to|same as|close to|wie|\u00e4hnlich wie|comme|similaire \u00e0|"
    r"como|parecido a)\s+(?:the|this|that|der|die|das|le|la|el)?\s*$",
    re.I,
)
_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")


@dataclass(frozen=True, slots=True)
class Named:
    """An item named at [start, end) of a message; `loosely`: by a beginning of its title, without an article."""

    item_id: ItemId
    start: int
    end: int
    loosely: bool = False


class Titles:
    """The catalogue's titles, ready to be found in messages.

    A title counts where all of it stands, or a beginning that no other title has and that is not made of common words,
    or comes after `the`. A single word counts only as a name: `the Cheddar`.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self._whole: dict[tuple[str, ...], ItemId] = {}
        self._begun: dict[tuple[str, ...], ItemId] = {}
        often: Counter[tuple[str, ...]] = Counter()
        self._used: Counter[str] = Counter()
        for item in items:
            words = tuple(tokens(item.title))[:_LONGEST]
            if not words:
                continue
            if len(words) > 1:
                self._whole.setdefault(words, item.id)
            for size in (1, *_PREFIXES):
                if size < len(words):
                    often[words[:size]] += 1
                    self._begun.setdefault(words[:size], item.id)
            self._used.update(set(words))
        self._begun = {words: item_id for words, item_id in self._begun.items() if often[words] == 1}

    def asked_about(self, message: str) -> tuple[ItemId, ...]:
        """The items a question names, in the order named, each once; empty for what is no question."""
        if not _QUESTION.match(message):
            return ()
        whole_only = bool(_ASKS_SHOP.search(message))  # `do you have oat milk?` names no item
        return tuple(named.item_id for named in self.named(message) if not (whole_only and named.loosely))

    def likened(self, message: str) -> Named | None:
        """The item that something like is wanted of: `like the Cheddar but cheaper`; None without one."""
        return next((named for named in self.named(message) if _LIKENESS.search(message[: named.start])), None)

    def named(self, message: str) -> tuple[Named, ...]:
        """The items named in a message, in the order named, each once."""
        spans = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(message)]
        pieces = [(start, end, word, token) for start, end, word in spans for token in tokens(word)]
        words = tuple(token for *_, token in pieces)
        found: dict[ItemId, Named] = {}
        at = 0
        while at < len(words):
            size, item_id = self._at(words, at, message, pieces)
            if item_id is not None:
                whole = words[at : at + size] in self._whole
                loosely = not whole and not (at and words[at - 1] in _DEFINITE)
                found.setdefault(item_id, Named(item_id, pieces[at][0], pieces[at + size - 1][1], loosely))
            at += max(size, 1)
        return tuple(found.values())

    def _at(
        self, words: tuple[str, ...], at: int, message: str, pieces: list[tuple[int, int, str, str]]
    ) -> tuple[int, ItemId | None]:
        left = len(words) - at
        for size in range(min(_LONGEST, left), 1, -1):
            if words[at : at + size] in self._whole:
                return size, self._whole[words[at : at + size]]
        definite = at > 0 and words[at - 1] in _DEFINITE
        for size in reversed(_PREFIXES):
            item_id = self._begun.get(words[at : at + size]) if size <= left else None
            if item_id is not None and (definite or any(self._used[word] == 1 for word in words[at : at + size])):
                return size, item_id
        is_name = definite and pieces[at][2][:1].isupper() and message != message.title()
        if is_name and self._used[words[at]] == 1 and (item_id := self._begun.get(words[at : at + 1])):
            return 1, item_id
        return 0, None
