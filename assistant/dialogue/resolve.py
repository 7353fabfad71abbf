"""From a quote to a condition: what the shopper's words for a field say in this catalogue, if they say it exactly."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.palette import COLOURS
from assistant.dialogue.language.passage import norms_of, words_of
from assistant.dialogue.reader import CatalogueReader, Manner, ReadingContext
from assistant.dialogue.reading_lines import Wish
from index.filters import Condition, Op, field_name, of_values
from index.items import Money
from index.language.sizes import same_size
from index.language.vocabulary import Vocabulary

_JOINS = re.compile(r"\s*,\s*|\s*/\s*|\s+(?:or|and|oder|und|ou|et|e|o|y)\s+", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_POUNDS = re.compile(r"\bpounds?\b|\bquid\b", re.IGNORECASE)  # of a price, they are no weight
_LEADS = frozenset("in by from of a an the size en de von aus di da".split())
_MATERIALS = ("material", "fabric", "composition", "upper", "shell")
_LIMITS: Mapping[str, tuple[str, frozenset[Op]]] = {
    "<=": ("at most", frozenset({Op.LE, Op.LT})),
    ">=": ("at least", frozenset({Op.GE, Op.GT})),
    "=": ("exactly", frozenset({Op.EQ, Op.LE})),
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a wish comes to. `exact`: the quote names an amount, or values of the catalogue, and nothing else."""

    condition: Condition
    exact: bool


class Resolver:
    """Looks up quotes in the words of one catalogue. Safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary, reader: CatalogueReader) -> None:
        self._words: CatalogueWords = reader.words
        self._reader = reader
        self._values: dict[str, dict[tuple[str, ...], list[str]]] = {"brand": _by_words(vocabulary.brands)}
        for name, values in vocabulary.values.items():
            self._values[name] = _by_words(values)
        material = (name for wanted in _MATERIALS for name in vocabulary.values if field_name(name) == wanted)
        self._fields = {
            "color": self._words.color_field,
            "size": self._words.size_field,
            "material": next(material, ""),
        }

    def resolve(self, wish: Wish) -> Resolved | None:
        """What the wish says here; None where nothing can be made of it.

        A refusal of words that the catalogue does not have as values is a refusal of the words themselves.
        """
        if wish.field in ("price", "rating"):
            return self._limit(wish)
        if wish.sign in ("<=", ">="):
            return None
        field = self._fields.get(wish.field, wish.field)
        values = self._named(field, wish.quote) if field else None
        named = any(character.isalpha() for character in wish.quote)  # `15` alone is a value of far too much
        if values is None and named and len(others := self._fields_with(wish.quote)) == 1:
            [(field, values)] = others.items()
        if values is None:
            said = " ".join(_plain(wish.quote))
            return Resolved(Condition("text", Op.NE, said), exact=False) if wish.sign == "!=" and said else None
        if wish.sign == "!=":
            return Resolved(of_values(field, values, refused=True), exact=True)
        return Resolved(of_values(field, values), exact=True)

    def manner(self, message: str, quote: str) -> Manner:
        """How the message says what it says in `quote`."""
        return self._reader.manner(message, quote)

    def _limit(self, wish: Wish) -> Resolved | None:
        if wish.sign not in _LIMITS or (wish.field == "price" and not _DIGIT.search(wish.quote)):
            return None  # `three` is stars more often than money
        lead, operators = _LIMITS[wish.sign]
        quote = _POUNDS.sub("GBP", wish.quote) if wish.field == "price" else wish.quote
        stars = " stars" if wish.field == "rating" and "star" not in quote.lower() else ""
        said = f"{lead} {quote}{stars}"
        for entry in self._reader.read(said, ReadingContext()).constraints:
            condition = entry.condition
            right = condition.field == wish.field and condition.op in operators
            if right and (wish.field == "rating" or isinstance(condition.value, Money)):
                return Resolved(condition, exact=True)
        return None

    def _fields_with(self, quote: str) -> dict[str, tuple[str, ...]]:
        """The fields that have the quote for a value: a model may know a word and not what the shop files it under."""
        found = {field: self._written(field, quote) for field in self._values if field != self._fields["size"]}
        return {field: values for field, values in found.items() if values}

    def _named(self, field: str, quote: str) -> tuple[str, ...] | None:
        """The catalogue's writings of the values that the quote joins; None unless each of them is one."""
        whole = self._written(field, quote)
        if whole:
            return whole
        found: list[str] = []
        for part in _JOINS.split(quote):
            values = self._written(field, part)
            if not values:
                return None
            found += values
        return tuple(dict.fromkeys(found)) or None

    def _written(self, field: str, quote: str) -> tuple[str, ...]:
        known = self._values.get(field, {})
        words = words_of(quote)
        for cut in (words, tuple(word for word in words if word not in _LEADS)):
            if cut in known:
                return tuple(known[cut])
        if field == self._fields["size"]:
            return tuple(value for value in self._words.sizes.values() if same_size(value, " ".join(words)))[:1]
        if field == self._fields["color"] and len(words) == 1 and words[0] in COLOURS:
            return self._words.color_words(words[0])
        return ()


def _by_words(values: Mapping[str, int]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for value in values:
        found[words_of(value)].append(value)
    found.pop((), None)
    return dict(found)


def _plain(quote: str) -> list[str]:
    words = norms_of(quote)
    while words and words[0] in _LEADS:
        words = words[1:]
    return list(words)
