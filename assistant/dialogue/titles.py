"""Items named by their whole title in a question, on the shelf or not."""

import re
from collections.abc import Iterable

from index.items import Item, ItemId
from index.words import tokens

_QUESTION = re.compile(r"\s*(is|are|does|do|can|has|have|how|what|which|when|will|why|tell)\b|.*\?\s*$", re.I | re.S)
_LONGEST = 12
"""Words of a title that are looked for; longer titles are found by these."""


class Titles:
    """The catalogue's titles, ready to be found in messages. A title of a single word is too common to count."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._by_words: dict[tuple[str, ...], ItemId] = {}
        for item in items:
            words = tuple(tokens(item.title))[:_LONGEST]
            if len(words) > 1:
                self._by_words.setdefault(words, item.id)

    def asked_about(self, message: str) -> tuple[ItemId, ...]:
        """The items whose titles a question holds, in the order named; empty for what is no question."""
        if not _QUESTION.match(message):
            return ()
        words = tuple(tokens(message))
        found: list[ItemId] = []
        at = 0
        while at < len(words):
            size = next((n for n in range(_LONGEST, 1, -1) if words[at : at + n] in self._by_words), 0)
            if size:
                found.append(self._by_words[words[at : at + size]])
            at += max(size, 1)
        return tuple(dict.fromkeys(found))
