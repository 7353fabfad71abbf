"""A second opinion on sentences: does the evidence they cite back them? Shares nothing with the serving checker.

The serving checker knows which phrases each topic licenses. This one knows no topics. It looks at a finished sentence
as a stranger would: which numbers, things by name, properties, comparisons and deeds it speaks of, and whether the
cited entries speak of them, too.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.nouns import Evidence
from index.items import Item, ItemId

Fault = Literal["number", "name", "property", "comparison", "deed", "request", "promise", "opinion"]

_NUMBER = re.compile(r"\d[\d.,\u00a0\u202f]*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_COMPARED = re.compile(
    r"\b(?:cheap(?:er|est)|expensive|dear(?:er|est)|low(?:er|est)|high(?:er|est)|less|fewer|most|best|better|worse|more|"
    r"under|below|above|over|within|light(?:er|est)|heav(?:ier|iest)|warm(?:er|est)|top|closest|nearest|likeliest)\b",
    re.IGNORECASE,
)
_COMPARING_KINDS = ("constraint", "contribution", "fact", "review")
_DEEDS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"\byou(?:'ve| have)? (?:bought|purchased|ordered)\b|\bpurchase\b", re.I), frozenset({"purchase"})),
    (re.compile(r"\byou(?:'ve| have)? (?:viewed|looked at|seen|saw|visited)\b", re.I), frozenset({"view", "click"})),
    (re.compile(r"\byou(?:'ve| have)? (?:liked|loved)\b", re.I), frozenset({"like", "rating"})),
    (re.compile(r"\byou(?:'ve| have)? rated\b", re.I), frozenset({"rating"})),
    (re.compile(r"\b(?:basket|cart)\b", re.I), frozenset({"cart"})),
)
_ASKED = re.compile(
    r"\byou(?:'ve| have)? (?:asked|set|named|wanted|said|requested|specified|mentioned|prefer|ruled|refused)\b"
    r"|\byour (?:budget|limit|request|wish|search)\b",
    re.IGNORECASE,
)
_PROMISES = re.compile(
    r"\b(?:in stock|available|delivery|shipping|ships|returns?|refund|warranty|guarantee\w*|free|discount\w*|sale|"
    r"offer|tomorrow|today only|last chance|selling fast|limited)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile("\u201c[^\u201d]*\u201d")
_TO_BE_HAD = re.compile(r"\bavailable in (?:your )?(?:size )?", re.IGNORECASE)
_OPINIONS = re.compile(
    r"\b(?:perfect\w*|great|amazing|excellent|ideal|stunning|beautiful\w*|lovely|must-have|luxurious|superb|favou?rite|"
    r"popular|best-?sell\w+|trend\w+|everyone|renowned|famous|high-quality|quality|durable|comfort\w*|stylish)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """Something a sentence says that its evidence does not."""

    fault: Fault
    what: str


class Judge:
    """Judges sentences about the items of one catalogue.

    Args:
        items: the whole catalogue: its titles, brands and attribute values are what a sentence can name.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._titles = {item.id: _plain(item.title) for item in items}
        self._long = {item_id: title for item_id, title in self._titles.items() if len(title.split()) > 1}
        self._by_length = tuple(sorted(set(self._long.values()), key=len, reverse=True))
        values = {item.brand for item in items if item.brand}
        for item in items:
            values |= {value for found in (*item.attributes.values(), *item.options.values()) for value in found}
        named = {_plain(value) for value in values}
        self._values = tuple(sorted((v for v in named if len(v) > 3 and v[0].isalpha()), key=len, reverse=True))

    def faults(
        self, sentence: str, about: Item, cited: Sequence[Evidence], offered: Iterable[ItemId], asked: str = ""
    ) -> list[Found]:
        """What the sentence says without evidence; empty for a sentence that is backed.

        Args:
            about: the item it is a reason for.
            cited: the evidence it rests on.
            offered: the items on the shelf; others may be named only where the evidence is about them.
            asked: the shopper's message: what the sentence quotes of it, in quotation marks, is no claim of its own.
        """
        told = _plain(" ".join(f"{entry.name} {entry.value} {entry.text} {entry.at}" for entry in cited))
        found = [Found("number", number) for number in numbers(sentence) - numbers(told)]
        found += self._names(sentence, about, cited, frozenset(offered))
        found += self._properties(without_quotes_of(asked, sentence), told)
        kinds = {entry.kind for entry in cited}
        for hit in _COMPARED.finditer(sentence):
            if not kinds & set(_COMPARING_KINDS) and hit[0].lower() not in told:
                found.append(Found("comparison", hit[0]))
        events = {entry.name for entry in cited if entry.kind == "event"}
        for pattern, names in _DEEDS:
            hit = pattern.search(sentence)
            if hit and not events & names and not _says(told, hit[0]):
                found.append(Found("deed", hit[0]))
        hit = _ASKED.search(sentence)
        if hit and "constraint" not in kinds and not _says(told, "asked") and not _says(told, "search"):
            found.append(Found("request", hit[0]))
        promised = _TO_BE_HAD.sub("" if _is_to_be_had(sentence, about) else r"\g<0>", sentence)
        found += [Found("promise", h[0]) for h in _PROMISES.finditer(promised) if not _says(told, h[0])]
        found += [Found("opinion", h[0]) for h in _OPINIONS.finditer(sentence) if not _says(told, h[0])]
        return found

    def strangers(self, text: str, allowed: Iterable[ItemId]) -> list[ItemId]:
        """Items of the catalogue that a text names by their whole title although they are none of the allowed ones."""
        said = _plain(text)
        kept = {self._titles[item_id] for item_id in allowed if item_id in self._titles}
        for title in sorted(kept, key=len, reverse=True):
            said = said.replace(title, "\n")  # a title may contain another's
        return [
            item_id
            for item_id, title in self._long.items()
            if title not in kept and re.search(rf"\b{re.escape(title)}\b", said)
        ]

    def _names(self, sentence: str, about: Item, cited: Sequence[Evidence], offered: frozenset[ItemId]) -> list[Found]:
        spoken_of = {entry.item_id for entry in cited if entry.item_id is not None}
        said = _plain(" ".join(entry.text for entry in cited))
        backed = {item_id for item_id, title in self._long.items() if title in said}
        return [
            Found("name", item_id) for item_id in self.strangers(sentence, {about.id, *offered, *spoken_of, *backed})
        ]

    def _properties(self, sentence: str, told: str) -> list[Found]:
        """Brands and attribute values that the sentence speaks of and the evidence does not."""
        said = f" {_plain(sentence)} "
        for title in self._by_length:  # a name is judged as a name
            said = said.replace(f" {title} ", "  ") if title in said else said
        found: list[Found] = []
        for value in self._values:
            if f" {value} " in said:
                said = said.replace(f" {value} ", "  ")
                if not _says(told, value):
                    found.append(Found("property", value))
        return found


def without_quotes_of(asked: str, sentence: str) -> str:
    """The sentence without those quotations whose every word the shopper wrote."""
    wrote = set(_words(asked))
    return _QUOTED.sub(lambda quote: " " if set(_words(quote[0])) <= wrote else quote[0], sentence)


def _is_to_be_had(sentence: str, about: Item) -> bool:
    """Whether a piece of the item that is in stock has the colour or size that the sentence calls available."""
    chosen = {name for variant in about.variants for name in variant.options}
    had = [value for variant in about.variants if variant.in_stock for value in variant.options.values()]
    if about.in_stock:  # what no variant is chosen by, all of them have
        told = {**about.attributes, **about.options}
        had += [value for name, values in told.items() if name not in chosen for value in values]
    said = [_plain(sentence[hit.end() :]) for hit in _TO_BE_HAD.finditer(sentence)]
    return all(any(re.match(rf"{re.escape(_plain(value))}(?!\w)", rest) for value in had) for rest in said)


def distinct(texts: Sequence[str], n: int) -> float:
    """The share of different ones among all runs of `n` words (distinct-n); 0 without any."""
    runs = [tuple(words[at : at + n]) for words in map(_words, texts) for at in range(len(words) - n + 1)]
    return len(set(runs)) / len(runs) if runs else 0.0


def opened(sentence: str, cited: Sequence[Evidence], titles: Mapping[ItemId, str]) -> str:
    """The sentence with numbers and the words of its evidence's values left out: what is left is how it is said."""
    text = sentence
    for value in sorted((str(entry.value) for entry in cited), key=len, reverse=True):
        if value and value.lower() not in ("true", "false", "none"):
            text = text.replace(value, "_")
    for entry in cited:
        title = titles.get(entry.item_id or "", "")
        if title:
            text = text.replace(title, "_")
    return _NUMBER.sub("_", text)


def _plain(text: str) -> str:
    low = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return " ".join(re.sub(r"[^\w.,'-]+", " ", low).replace(" - ", " ").split()).strip(".,")


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _says(told: str, what: str) -> bool:
    """Whether the evidence has these words, ends of words aside."""
    known = set(_words(told))
    roots = {_root(word) for word in known}
    return all(word in known or _root(word) in roots for word in _words(what))


def _root(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)]
    return word


def numbers(text: str) -> set[str]:
    """The numbers of a text, written alike: `1,299.00` and `1299` are one."""
    found: set[str] = set()
    for number in _NUMBER.findall(text):
        digits = number.strip(".,\u00a0\u202f").replace("\u00a0", "").replace("\u202f", "")
        digits = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
        try:
            found.add(f"{float(digits):g}")
        except ValueError:
            found.add(digits)  # a date or a version: compared as it stands
    return found
