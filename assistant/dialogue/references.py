"""`The second one`, `#3`, `the cheapest`, `the Alba one`: which of the shown items a message speaks of."""

from collections.abc import Callable, Sequence

from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.passage import Passage, words_of
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.named_items import LEADS, NOUNS, NamedItems, Reference, lead_of
from assistant.dialogue.places import is_place
from index.items import Item

_ORDINALS = {
    word: place
    for place, words in enumerate(
        (
            "first 1st erste ersten erster erstes premier premiere primero primera primer primo prima",
            "second 2nd zweite zweiten zweiter zweites deuxieme seconde segundo segunda secondo seconda",
            "third 3rd dritte dritten dritter drittes troisieme tercero tercera tercer terzo terza",
            "fourth 4th forth vierte vierten vierter quatrieme cuarto cuarta quarto quarta",
            "fifth 5th funfte funften cinquieme quinto quinta",
            "sixth 6th sechste sechsten sixieme sexto sexta",
            "seventh 7th siebte siebten septieme septimo", "eighth 8th achte achten huitieme octavo",
            "ninth 9th neunte neunten neuvieme noveno", "tenth 10th zehnte zehnten dixieme decimo",
        )
    )
    for word in words.split()
}  # fmt: skip
ORDINALS = frozenset(_ORDINALS)
"""Words for places."""
_LAST = frozenset("last letzte letzten letzter derniere dernier ultimo ultima latter".split())
_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_NUMBER_CUES = frozenset("# number no nr option item product result choice nummer numero num".split())
_AFTER = frozenset(
    """
    one ones option item product choice result pick please is are was looks look seems and or but in with has have
    does do can come comes
    instead though too also looked sounds for vs versus from would could might be to than will because if not more
    as costs cost then
    better cheaper warmer lighter of run runs fit fits made at feel feels work works weigh weighs on when hold holds
    """.split()
)
_PAIRED = frozenset("or and vs versus oder und ou et o y & /".split())
_COMPARING = frozenset(
    "which compare difference differences differ better versus vs side put welche cual lequel".split()
)
_MONEY_BEFORE = frozenset("under below over above from size than max most least".split())
_AGAINST = frozenset("or vs versus and against".split())
_COMPARED = frozenset(
    "compare compares compared beat beats differ differs different got next from like has have".split()
)
_CHEAPEST = frozenset("cheapest cheaper gunstigste gunstigsten billigste billigsten".split())
_DEAREST = frozenset("priciest dearest pricier dearer teuerste teuersten costliest".split())


def find_references(
    passage: Passage, shown: Sequence[Item], focus: Item | None, words: CatalogueWords
) -> tuple[list[Reference], tuple[str, ...]]:
    """What the message refers to, in the order spoken of, and the phrases that refer to nothing shown.

    Claims the words of what it resolves, except weak pronouns.
    """
    if not shown and focus is None:
        return [], ()
    shelf = list(shown) or ([focus] if focus else [])
    found: list[Reference] = []
    lost: list[str] = []
    named = [(found.start, found.end) for found in words.table.scan(passage)
             if any(meaning.sort not in ("kind", "category") for meaning in found.meanings)]  # fmt: skip
    brands = {place for found in words.table.scan(passage) if any(meaning.sort == "brand" for meaning in found.meanings)
              and found.end > found.start + 1 and passage.norm(found.start - 1) not in ("the", "that", "this", "than")
              for place in range(found.start, found.end)}  # fmt: skip
    names = NamedItems(shelf if focus is None or focus in shelf else [*shelf, focus], words)
    at = 0
    while at < len(passage):
        if passage.claims[at]:
            at += 1
            continue
        reference = (
            _ordinal(passage, at, shelf, lost)
            or _numbered(passage, at, shelf, lost)
            or _pair(passage, at, shelf)
            or _superlative(passage, at, shelf)
            or names.described(passage, at)
            or (None if at in brands else names.titled(passage, at))
            or _pronoun(passage, at, shelf, focus, is_of_value=any(end <= at for _, end in named))
        )
        if reference is None:
            at += 1
            continue
        found.append(reference)
        if not reference.weak:
            passage.claim(reference.start, reference.end, "reference")
        at = reference.end
    return found, tuple(lost)


def _ordinal(passage: Passage, at: int, shelf: Sequence[Item], lost: list[str]) -> Reference | None:
    word = passage.norm(at)
    end = at + 1
    if (
        passage.tokens[at].shape == "number"
        and passage.norm(at + 1) in ("st", "nd", "rd", "th", ".")
        and end < len(passage)
        and passage.tokens[end].glued
    ):
        joined = word + passage.norm(at + 1)
        word, end = joined if joined in _ORDINALS else word, end + 1
    if word not in _ORDINALS and word not in _LAST and word != "former":
        return None
    start = lead_of(passage, at)
    count = _NUMBERS.get(passage.norm(end), 0) if passage.norm(end) != "one" else 0
    if passage.norm(end) in ("2", "3", "4"):
        count = int(passage.norm(end))
    if count and (start < at or passage.norm(at - 1) in ("compare", "between")):
        items = shelf[-count:] if word in _LAST else shelf[:count]
        end += 1
        if passage.norm(end) in NOUNS or passage.norm(end) in ("options", "items", "products"):
            end += 1
        return Reference(start, end, tuple(item.id for item in items))
    after = passage.norm(end)
    named = _names_shown(passage, end, shelf)
    if word in _LAST or word == "former":
        led = start < at or passage.norm(at - 1) in (
            *LEADS,
            "and",
            "or",
            "vs",
            "versus",
            "compare",
            "not",
            "no",
            "-",
            "/",
        )
        followed = end >= len(passage) or after in _AFTER or passage.tokens[end].shape == "symbol" or named
        if not followed or not (led or after in NOUNS) or after == "time":
            return None
    elif not is_place(passage, start, at, end, paired=_is_paired(passage, at, end), named=named):
        return None
    if after in NOUNS or after == "1" or named:
        end += 1
    place = len(shelf) - 1 if word in _LAST else 0 if word == "former" else _ORDINALS[word]
    if place >= len(shelf):
        lost.append(passage.quote(start, end))
        passage.claim(start, end, "lost")
        return None
    return Reference(start, end, (shelf[place].id,))


def _is_paired(passage: Passage, at: int, end: int) -> bool:
    """`third vs second`, `first / third`, `put first next to third`: another ordinal close by."""
    near = [*range(max(0, at - 4), at), *range(end, min(len(passage), end + 4))]
    joins = any(passage.norm(place) in _AGAINST | _PAIRED | {"n", "btwn", "next", "over", "beside"} for place in near)
    return joins and any(passage.norm(place) in _ORDINALS for place in near)


def _names_shown(passage: Passage, at: int, shelf: Sequence[Item]) -> bool:
    """Whether the word is in the title of a shown item: `the second jacket`."""
    return at < len(passage) and any(passage.tokens[at].stem in words_of(item.title) for item in shelf)


def _numbered(passage: Passage, at: int, shelf: Sequence[Item], lost: list[str]) -> Reference | None:
    if passage.norm(at) not in _NUMBER_CUES:
        return None
    place = at + 1
    if passage.norm(place) in (".", ":", "#"):
        place += 1
    text = passage.norm(place)
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else _NUMBERS.get(text, 0)
    if not number or (passage.norm(at) == "no" and place == at + 1) or passage.norm(place + 1) in ("+",):
        return None
    start = lead_of(passage, at)
    if number > len(shelf):
        lost.append(passage.quote(start, place + 1))
        passage.claim(start, place + 1, "lost")
        return None
    return Reference(start, place + 1, (shelf[number - 1].id,))


def _pair(passage: Passage, at: int, shelf: Sequence[Item]) -> Reference | None:
    """`which is lighter, 1 or 3?`, `put 2 and 4 side by side`: two bare numbers that are set side by side."""
    if passage.norm(at + 1) not in _PAIRED:
        return None
    places = [int(word) for word in (passage.norm(at), passage.norm(at + 2)) if word.isascii() and word.isdigit()]
    ends = (
        at + 3 >= len(passage)
        or passage.tokens[at + 3].shape == "symbol"
        or passage.norm(at + 3) in _AFTER | STOP | {"side"}
    )
    if len(set(places)) < 2 or not ends or not all(0 < place <= len(shelf) for place in places):
        return None
    if any(len(word) > 2 for word in (passage.norm(at), passage.norm(at + 2))) or passage.norm(at - 1) in _MONEY_BEFORE:
        return None
    if not any(token.norm in _COMPARING for token in passage.tokens):
        return None
    return Reference(at, at + 3, tuple(shelf[place - 1].id for place in places))


def _superlative(passage: Passage, at: int, shelf: Sequence[Item]) -> Reference | None:
    word, end = passage.norm(at), at + 1
    key: Callable[[Item], int] | None = None
    if word in _CHEAPEST or (word in ("least", "less") and passage.norm(end) == "expensive"):
        end += word in ("least", "less")
        key = _price
    elif word in _DEAREST or (word in ("most", "more") and passage.norm(end) == "expensive"):
        end += word in ("most", "more")
        key = _minus_price
    if key is None or passage.norm(at - 1) not in ("the", "that", "this", "your", "der", "die", "das"):
        return None
    comparative = word in ("cheaper", "pricier", "dearer", "less", "more")
    if passage.norm(end) in NOUNS - {"ones"}:
        end += 1
    elif comparative or (
        end < len(passage) and passage.norm(end) not in _AFTER and passage.tokens[end].shape != "symbol"
    ):
        return None
    priced = [item for item in shelf if item.price is not None]
    if not priced or len({item.price.currency for item in priced if item.price}) > 1:
        return None
    return Reference(at - 1, end, (min(priced, key=key).id,))


def _price(item: Item) -> int:
    return item.price.amount_minor if item.price else 0


def _minus_price(item: Item) -> int:
    return -_price(item)


def _pronoun(
    passage: Passage, at: int, shelf: Sequence[Item], focus: Item | None, *, is_of_value: bool
) -> Reference | None:
    """`it`, `that one`, `both`; `is_of_value`: a value is named before, which `that one` may point back to."""
    word, after = passage.norm(at), passage.norm(at + 1)
    spoken = focus or shelf[0]
    if word == "that" and passage.norm(at - 1) in ("one", "ones", "something", "anything", "those", "thing", "things"):
        return None
    if word in ("this", "that") and after in NOUNS - {"ones"}:
        return Reference(at, at + 2, (spoken.id,), weak=is_of_value)
    if word == "both" and len(shelf) >= 2:
        return Reference(at, at + 1, tuple(item.id for item in shelf[:2]), weak=True)
    if word in ("these", "those", "them") or (word == "they" and len(shelf) > 1):
        end = at + 1
        if after in ("two", "2"):
            return Reference(at, at + 2, tuple(item.id for item in shelf[:2]), weak=True)
        return Reference(at, end, tuple(item.id for item in shelf), weak=True)
    if word in ("it", "this", "that"):
        return Reference(at, at + 1, (spoken.id,), weak=True)
    return None
