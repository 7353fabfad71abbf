"""What sort of thing an item is, told by the head of its title and the end of its category paths.

`Women's Rain Jacket - Navy, M` is a jacket, and a rain jacket; it is not a rain. `Phone Case` is a case.
"""

import re
from functools import lru_cache

from index.items import Item
from index.language.words import FUNCTION_WORDS, has_phrase, normalise, stems, word_set

# A title says what the thing is before it says what comes along, for whom, or in which version.
_CUT = re.compile(
    r"\s[-\u2013\u2014|~]\s|[,;:(\[/]|\s(?:with|for|w/|in|by|from|without|incl\.?|including|featuring|to)\s"
)
_JOIN = re.compile(r"\s*(?:&|\+|,|;|/|\band\b)\s*")
_OF = re.compile(r"^(?:.*\s)?(?:set|pack|pair|box|bag|bottle|jar|can|tin|tube|bunch|roll|sheet|case)s?\s+of\s+", re.I)

# Words that may follow the noun in a title without being it.
_TRAILING = word_set(
    "set pack pair bundle edition series collection model version style size pro plus max mini lite xl xxl xs "
    "s m l ii iii iv v black white gray red blue navy green yellow purple pink brown beige "
    "teal turquoise khaki man woman unisex kid boy girl junior adult small medium large new pcs "
    "pc piece count ct cm mm m kg g mg ml l oz lb in inch ft pk qty gb tb w v mah foot feet"
)
# Segments that group items for other reasons than what they are.
_NO_KIND = word_set(
    "man woman unisex kid boy girl baby junior adult sale promotion collection recommend recommendation "
    "recommends new arrival clearance deal offer bestseller seller featured feature all other misc miscellaneous "
    "general various friendly home product item catalog catalogue department category essential outlet special "
    "discount popular"
)
# `Sleeping Bag Liner` holds the words of a sleeping bag and is none.
_ACCESSORIES = word_set(
    "accessory adapter attachment battery belt blade brush bulb cable cap cartridge case charger cleaner clip "
    "conditioner cord cover dispenser filter handle hanger holder hook insole kit lace lens lid liner mount "
    "organizer pad part patch polish pouch protector rack refill repair replacement rest sack screen seal sleeve "
    "spray stand sticker strap string tray wax wipe wrap"
)
# Two common names of one garment that share no word.
_ALIASES = {"tee": ("t", "shirt"), "tshirt": ("t", "shirt")}
# Written in the singular by shops only; kept out of the names offered, for `short` alone is no kind.
_SAME = {
    **_ALIASES,
    "pant": ("pants",),
    "short": ("shorts",),
    "tight": ("tights",),
    "trouser": ("trousers",),
    "legging": ("leggings",),
}


# Title heads that praise or describe, and activities, are not offered as kinds (`yoga`, `climbing`, `delicious`).
_NOT_OFFERED = word_set(
    "fresh smooth delicious sour sweet essential standard classic natural organic original premium deluxe morning "
    "evening fitness adventure care shine summit companion yoga sport travel outdoor indoor performance comfort "
    "power energy style beauty health wellness safety fun life day night summer winter spring autumn lady person "
    "carbonated non wearable consumable other more best"
)
_THINGS_IN_ING = word_set(
    "ring earring string stocking legging bedding clothing lighting wing sling swing railing awning flooring "
    "pudding dressing topping binding seasoning housing bearing fitting painting drawing lining icing stuffing"
)


@lru_cache(maxsize=65536)
def kind_words(kind: str) -> tuple[str, ...]:
    """A kind as singular words, `T-Shirts` and `tees` alike as `("t", "shirt")`."""
    return tuple(part for word in stems(kind) for part in _SAME.get(word, (word,)))


@lru_cache(maxsize=65536)
def title_phrase(title: str) -> tuple[str, ...]:
    """The words of a title up to its head noun, the head last: `("rain", "jacket")`; empty if nothing is left."""
    of = _OF.match(title)
    whole = title[of.end() :] if of else title
    parts = [part for part in _CUT.split(f" {normalise(whole)} ") if part and part.strip()]
    words = _untrailed(kind_words(parts[0])) if parts else ()
    return words or kind_words(whole)


def _untrailed(words: tuple[str, ...]) -> tuple[str, ...]:
    end = len(words)
    while end > 1 and (words[end - 1] in _TRAILING or any(sign.isdigit() for sign in words[end - 1])):
        end -= 1
    return words[:end]


@lru_cache(maxsize=65536)
def category_phrases(path: str) -> tuple[tuple[str, ...], ...]:
    """The sorts named by the last segment of a category path: `Bras & Tanks` gives `("bra",)` and `("tank",)`."""
    leaf = path.rstrip("/").rpartition("/")[2]
    phrases = [kind_words(part) for part in _JOIN.split(normalise(leaf))]
    return tuple(phrase for phrase in phrases if phrase and phrase[-1] not in _NO_KIND)


def item_phrases(item: Item) -> frozenset[tuple[str, ...]]:
    """Every phrase whose last word says what the item is, from its title and its categories.

    Where a category joins several sorts (`Bras & Tanks`) and the title is one of them, the others do not count.
    """
    return _phrases(item.title, item.categories)


@lru_cache(maxsize=65536)
def _phrases(title: str, categories: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    own = title_phrase(title)
    found = {own} if own else set[tuple[str, ...]]()
    for path in categories:
        sorts = category_phrases(path)
        named = tuple(sort for sort in sorts if own and sort[-1] == own[-1])
        found.update(named or sorts)
    return frozenset(found)


def heads(item: Item) -> frozenset[str]:
    """The single words the item is: `{"jacket"}`."""
    return frozenset(phrase[-1] for phrase in item_phrases(item))


def is_kind(item: Item, kind: str) -> bool:
    """Whether the item is a `kind`, e.g. `jacket` or `sleeping bags`. An empty kind is never met."""
    wanted = kind_words(kind)
    if not wanted:
        return False
    phrases = item_phrases(item)
    if len(wanted) == 1:
        return any(phrase[-1] == wanted[0] for phrase in phrases)
    if any(phrase[-len(wanted) :] == wanted for phrase in phrases):
        return True
    return _mentions_as_thing(kind_words(item.title), wanted, title_phrase(item.title))


def _mentions_as_thing(title: tuple[str, ...], wanted: tuple[str, ...], own: tuple[str, ...]) -> bool:
    """Whether the title has the phrase and its head is not merely something that goes with it."""
    return has_phrase(title, wanted) and not (own and own[-1] in _ACCESSORIES and own[-1] not in wanted)


def kind_names(item: Item) -> frozenset[str]:
    """The kinds a shopper may call the item by: heads, and the phrases of two words that end in one."""
    names: set[str] = set()
    for phrase in item_phrases(item):
        names.add(phrase[-1])
        if len(phrase) > 1:
            names.add(" ".join(phrase[-2:]))
    return frozenset(names)


def category_kind_names(path: str) -> frozenset[str]:
    """The kinds the last segment of a category path names, whole."""
    return frozenset(" ".join(phrase) for phrase in category_phrases(path))


def alias_names(name: str) -> tuple[str, ...]:
    """Other names of a kind: `t shirt` is also `tee`."""
    return tuple(other for other, words in _ALIASES.items() if kind_words(name) == words and other != name)


def is_offered(name: str) -> bool:
    """Whether a kind of that name may be offered: it is made of words and ends in a thing, not in an activity."""
    words = name.split()
    last = words[-1]
    if name in FUNCTION_WORDS:  # a watering can must not make a kind of every `can you`
        return False
    activity = last.endswith("ing") and len(last) > 5 and last not in _THINGS_IN_ING
    return not activity and last not in _NOT_OFFERED and all(_is_word(word) for word in words)


def _is_word(word: str) -> bool:
    """Letters only, and neither a size, a colour, an audience nor a shop's grouping word."""
    return word == "t" or (word.isalpha() and len(word) > 2 and word not in _TRAILING | _NO_KIND)
