"""`The second one`, `#3`, `the cheapest`, `the Alba one`: which of the shown items a message speaks of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.passage import Passage, words_of
from assistant.dialogue.language.smalltalk import GENERIC_NOUNS, STOP
from index.items import Item, ItemId
from index.language.words import stem

_ORDINALS = {
    word: place
    for place, words in enumerate(
        (
            "first 1st erste ersten erster erstes premier premiere primero primera primer",
            "second 2nd zweite zweiten zweiter zweites deuxieme seconde segundo segunda",
            "third 3rd dritte dritten dritter drittes troisieme tercero tercera tercer",
            "fourth 4th forth vierte vierten vierter quatrieme cuarto cuarta",
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
_NOUNS = frozenset("one ones option item product choice result recommendation suggestion pick article artikel".split())
_AFTER = frozenset(
    """
    one ones option item product choice result pick please is are was looks look seems and or but in with has have
    does do can come comes
    instead though too also looked sounds for vs versus from would could might be to than will because if not more
    as costs cost then
    better cheaper warmer lighter of run runs fit fits made at feel feels work works weigh weighs on when hold holds
    """.split()
)
_LEADS = frozenset("the that this number your der die das den dem le la el les los than about like".split())
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


@dataclass(frozen=True, slots=True)
class Reference:
    """Items spoken of at tokens [start, end). `weak`: a bare pronoun, which may refer to nothing."""

    start: int
    end: int
    items: tuple[ItemId, ...]
    weak: bool = False


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
    names = _Names(shelf if focus is None or focus in shelf else [*shelf, focus], words)
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
            or names.titled(passage, at)
            or _pronoun(passage, at, shelf, focus)
        )
        if reference is None:
            at += 1
            continue
        found.append(reference)
        if not reference.weak:
            passage.claim(reference.start, reference.end, "reference")
        at = reference.end
    return found, tuple(lost)


def _lead(passage: Passage, at: int) -> int:
    """Where the phrase begins: at `the` if it stands right before."""
    return (
        at - 1
        if passage.norm(at - 1) in _LEADS - {"than", "about", "like", "number"} and not passage.claims[at - 1]
        else at
    )


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
    start = _lead(passage, at)
    count = _NUMBERS.get(passage.norm(end), 0) if passage.norm(end) != "one" else 0
    if passage.norm(end) in ("2", "3", "4"):
        count = int(passage.norm(end))
    if count and (start < at or passage.norm(at - 1) in ("compare", "between")):
        items = shelf[-count:] if word in _LAST else shelf[:count]
        end += 1
        if passage.norm(end) in _NOUNS or passage.norm(end) in ("options", "items", "products"):
            end += 1
        return Reference(start, end, tuple(item.id for item in items))
    after = passage.norm(end)
    followed = (
        end >= len(passage)
        or after in _AFTER
        or passage.tokens[end].shape == "symbol"
        or _names_shown(passage, end, shelf)
    )
    led = start < at or passage.norm(at - 1) in (*_LEADS, "and", "or", "vs", "versus", "compare", "not", "no", "-", "/")
    paired = after in _AGAINST and bool({passage.norm(end + 1), passage.norm(end + 2)} & set(_ORDINALS))
    followed = followed or (led and after in _AGAINST | _COMPARED)
    if not (followed or paired) or not (led or paired or after in _NOUNS):
        return None
    if (word in ("second", "last", "first") and after == "of" and passage.norm(end + 1) == "all") or after in ("time",):
        return None
    if after in _NOUNS or _names_shown(passage, end, shelf):
        end += 1
    place = len(shelf) - 1 if word in _LAST else 0 if word == "former" else _ORDINALS[word]
    if place >= len(shelf):
        lost.append(passage.quote(start, end))
        passage.claim(start, end, "lost")
        return None
    return Reference(start, end, (shelf[place].id,))


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
    start = _lead(passage, at)
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
    if passage.norm(end) in _NOUNS - {"ones"}:
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


def _pronoun(passage: Passage, at: int, shelf: Sequence[Item], focus: Item | None) -> Reference | None:
    word, after = passage.norm(at), passage.norm(at + 1)
    spoken = focus or shelf[0]
    if word in ("this", "that") and after in _NOUNS - {"ones"}:
        return Reference(at, at + 2, (spoken.id,))
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


class _Names:
    """The words by which the shown items can be told apart."""

    def __init__(self, items: Sequence[Item], words: CatalogueWords) -> None:
        self._words = words
        self._items = items
        self._titles = [words_of(item.title) for item in items]
        self._told = [
            {word for text in (item.title, item.brand, *_color_values(item)) for word in words_of(text)}
            for item in items
        ]

    def described(self, passage: Passage, at: int) -> Reference | None:
        """`the blue one`, `that Alba one`."""
        if passage.norm(at) not in ("the", "that", "this"):
            return None
        end = at + 1
        asked: list[str] = []
        while (
            end < len(passage)
            and len(asked) < 4
            and passage.norm(end) not in _NOUNS
            and passage.tokens[end].shape != "symbol"
        ):
            asked.append(passage.tokens[end].stem)
            end += 1
        if not asked or passage.norm(end) not in ("one", "item", "option"):
            return None
        meant = [item for item, told in zip(self._items, self._told, strict=True) if set(asked) <= told]
        brand = [item for item in meant if set(asked) <= set(words_of(item.brand))]
        if len(meant) == 1 or brand:
            return Reference(at, end + 1, ((brand or meant)[0].id,))
        return None

    def titled(self, passage: Passage, at: int) -> Reference | None:
        """`the Teton`, `Ridge backpack`: words of one title that say more than what sort of thing it is."""
        token = passage.tokens[at]
        if token.shape == "symbol":
            return None
        best: tuple[int, int] | None = None
        tie = False
        for place, title in enumerate(self._titles):
            for begin, word in enumerate(title):
                if word != token.stem:
                    continue
                size = self._shared(passage, at, title[begin:])
                if best is None or size > best[0]:
                    best, tie = (size, place), False
                elif size == best[0] and best[1] != place:
                    tie = True
        if best is None or tie:
            return None
        size, place = best
        positions = self._positions(passage, at, size)
        stems = [passage.tokens[p].stem for p in positions]
        telling = [p for p in positions if self._is_telling(passage.tokens[p].stem)]
        whole = size == len(self._titles[place]) and size > 1
        if not whole:
            if not telling:
                return None
            named = (
                passage.tokens[telling[0]].is_capitalised
                and not passage.is_shouted()
                and not passage.starts_sentence(telling[0])
            )
            led = passage.norm(at - 1) in ("the", "that", "this", "than", "about", "like", "is", "does", "vs", "versus")
            brand = size > 1 and any(meaning.sort == "brand" for meaning in self._words.table.get(tuple(stems)))
            if (
                not (named or led)
                or (brand and not led)
                or (sum(stems[0] in title for title in self._titles) > 1 and size == 1)
            ):
                return None
        start, end = _lead(passage, at), positions[-1] + 1
        if (
            end < len(passage)
            and not passage.claims[end]
            and passage.tokens[end].stem in self._titles[place]
            and passage.tokens[end].stem not in stems
        ):
            end += 1
        if passage.norm(end) == "one":
            end += 1
        return Reference(start, end, (self._items[place].id,))

    def _is_telling(self, word: str) -> bool:
        return (
            len(word) > 2
            and not self._words.knows(word)
            and word not in STOP
            and word not in GENERIC_NOUNS
            and not word.isdigit()
        )

    @staticmethod
    def _shared(passage: Passage, at: int, title: Sequence[str]) -> int:
        size, place = 0, at
        while place < len(passage) and size < len(title):
            token = passage.tokens[place]
            if token.shape == "symbol" and token.raw in "-'&.":
                place += 1
                continue
            if token.stem != title[size] or passage.claims[place]:
                break
            size, place = size + 1, place + 1
        return size

    @staticmethod
    def _positions(passage: Passage, at: int, size: int) -> list[int]:
        positions: list[int] = []
        place = at
        while len(positions) < size:
            if passage.tokens[place].shape != "symbol":
                positions.append(place)
            place += 1
        return positions


def _color_values(item: Item) -> list[str]:
    sources = (item.options, item.attributes)
    return [
        value
        for source in sources
        for name, values in source.items()
        if stem(name.lower()) == "color"
        for value in values
    ]
