"""What sort of thing an item is, in the shop's own words: `a power bank`, `a pair of trousers`, never just `a bank`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.explain.plain import mentions, plain_title, speakable, tidy, with_article
from assistant.explain.records import leaves_of
from index.items import Item
from index.language.kinds import kind_words, title_phrase
from index.language.words import stem, stems, tokens, word_set

_LONGEST = 3
"""A sort is told in at most so many words."""
_PAIRS = word_set(
    "trousers pants jeans shorts tights leggings joggers chinos cargos overalls dungarees pajamas knickers briefs "
    "boxers sweatpants scissors pliers tweezers binoculars glasses sunglasses eyeglasses shoe boot sock glove "
    "mitten sandal slipper sneaker trainer earring headphone earbud goggle ski snowshoe"
)
"""Plurals that are one thing to a shopper: `a pair of trousers`."""
_MASS = word_set(
    "coffee tea soap yarn rice flour sugar salt honey oil paper furniture luggage underwear footwear clothing bedding "
    "jewelry lighting stationery cookware bakeware tableware glassware drinkware chocolate cheese bread milk wine beer "
    "food water equipment software lingerie swimwear outerwear sportswear knitwear perfume shampoo pasta granola"
)
"""Nouns without an article: `this one is coffee too`."""
_VAGUE = word_set(
    "bag bank bar block board book bottle box can case cover cup kit lamp light machine mat pack pad pan paper piece "
    "pot rack roll set stand stick strip system table tool top tray unit"
)
"""Words that name a thing only together with the word before them."""
_PEOPLE = word_set("man woman boy girl kid child baby adult unisex lady junior")
_JOIN = re.compile(r"\s*(?:&|\+|,|;|/|\band\b)\s*")


@lru_cache(maxsize=16384)
def as_thing(noun: str) -> str:
    """`a jacket`, `a pair of trousers`, `coffee`: what may follow `it is`; "" for plurals that are no single thing."""
    words = tokens(noun)
    if not words:
        return ""
    last = words[-1]
    if last in _MASS:
        return noun
    if stem(last) in _PAIRS and last.endswith("s"):
        return f"a pair of {noun}"
    told = with_article(noun)
    return told if told != noun else ""


def called(item: Item, kind: str) -> str:
    """`kind` as the item's record spells it, in the singular: `t shirt` is a `T-shirt`; as given when it does not."""
    wanted = kind_words(kind)
    for words in (tidy(plain_title(item)).split(), *_named(item).leaves):
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + len(wanted)) + 1):
                if kind_words(" ".join(words[start:end])) == wanted:
                    return _singular(tuple(words[start:end]))
    return kind


def shared_sort(item: Item, other: Item) -> str:
    """The longest name that ends both titles or both narrowest departments: `power bank`; "" when there is none.

    A department may be called after anything (`Performance Fabrics`), so one of the titles must say its last word.
    """
    mine, theirs = _named(item), _named(other)
    if mine.ends.isdisjoint(theirs.ends):
        return ""
    heads = (mine.head, theirs.head)
    found = [_common_end(mine.title, theirs.title)]
    found += [_common_end(leaf, their_leaf) for leaf in mine.leaves for their_leaf in theirs.leaves]
    # The word may head the title of one and the department of the other: `Ash Tank` among `Tanks`.
    found += [_common_end(mine.title, leaf) for leaf in theirs.leaves]
    found += [_common_end(leaf, theirs.title) for leaf in mine.leaves]
    own = frozenset((*stems(item.brand), *stems(other.brand)))
    names: list[tuple[str, ...]] = []
    for words in found:
        name = _without_names(words[-_LONGEST:], own)
        if name and kind_words(name[-1])[-1:] in heads and not _is_vague(name, (item, other)):
            names.append(name)
    for name in sorted(dict.fromkeys(names), key=lambda words: (-len(kind_words(" ".join(words))), words)):
        told = _singular(name)
        if speakable(told) and as_thing(told):
            return told
    return ""


@dataclass(frozen=True, slots=True)
class _Named:
    """By what an item's record calls it.

    Attributes:
        title: the words of the title up to the noun that names the thing, as written; empty where none may be told.
        leaves: the words of each sort the narrowest departments name.
        ends: the last words of all these, by which the item may be called.
        head: that noun of the title.
    """

    title: tuple[str, ...]
    leaves: tuple[tuple[str, ...], ...]
    ends: frozenset[tuple[str, ...]]
    head: tuple[str, ...]


def _named(item: Item) -> _Named:
    return _read(item.title, plain_title(item), item.categories)


@lru_cache(maxsize=65536)
def _read(title: str, plain: str, categories: tuple[str, ...]) -> _Named:
    phrase = title_phrase(title)
    words, leaves = _headed(plain, phrase), _sorts_of(leaves_of(categories))
    ends = frozenset(kind_words(some[-1]) for some in (words, *leaves) if some) - {()}
    return _Named(words, leaves, ends, phrase[-1:])


def _headed(title: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    words = tidy(title).split()
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if kind_words(" ".join(words[start:end])) == wanted:
                return tuple(words[start:end])
    return ()


@lru_cache(maxsize=16384)
def _sorts_of(leaves: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    parts = [part for leaf in leaves for part in _JOIN.split(tidy(leaf))]
    return tuple(tuple(part.split()) for part in parts if part.strip())


def _common_end(mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """The words both end in, as the first has them; none where one goes on with a single letter (`T Shirt`)."""
    size = 0
    while size < min(len(mine), len(theirs)) and _same(mine[-size - 1], theirs[-size - 1]):
        size += 1
    cut = any(len(words) > size and len(words[-size - 1]) == 1 for words in (mine, theirs)) if size else False
    return () if cut else tuple(mine[len(mine) - size :])


@lru_cache(maxsize=65536)
def _same(word: str, other: str) -> bool:
    return bool(kind_words(word)) and kind_words(word) == kind_words(other)


@lru_cache(maxsize=65536)
def _without_names(words: tuple[str, ...], own: frozenset[str]) -> tuple[str, ...]:
    """The words from the first that neither names a brand, a person or a number on."""
    start = 0
    for place, word in enumerate(words):
        if not set(stems(word)).isdisjoint(own | _PEOPLE) or not word.replace("-", "").isalpha():
            start = place + 1
    return tuple(words[start:])


def _is_vague(name: Sequence[str], both: Sequence[Item]) -> bool:
    """Whether the name is one word that alone says too little, or that one of the two only has inside another."""
    if len(name) > 1 or "-" in name[0]:
        return False
    loose = any(not mentions(plain_title(one), name[0]) and not _in_department(one, name[0]) for one in both)
    return loose or stem(tokens(name[0])[-1]) in _VAGUE


def _in_department(item: Item, word: str) -> bool:
    return any(mentions(leaf, word) for leaf in leaves_of(item.categories))


@lru_cache(maxsize=16384)
def _singular(words: tuple[str, ...]) -> str:
    """The words as they stand in a sentence, the last in the singular: `Power Banks` is a `power bank`."""
    *before, last = words
    plain = tokens(last)[-1:]
    if plain and last.lower().endswith(plain[0]) and plain[0].endswith("s") and stem(plain[0]) not in _PAIRS:
        last = last[: len(last) - len(plain[0])] + stem(plain[0])
    told = [_lower(word) for word in (*before, last)]
    return " ".join(told)


def _lower(word: str) -> str:
    """`Bank` is `bank`, `T-Shirt` is `T-shirt`, `USB` stays."""
    first, *rest = word.split("-")
    if len(first) == 1 and rest:
        return "-".join([first, *(part.lower() if part.istitle() else part for part in rest)])
    return word.lower() if all(part.istitle() or part.islower() for part in word.split("-")) else word
