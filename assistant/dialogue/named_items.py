"""Shown items called by words of their own: `the blue one`, `the Teton`, `that Alba one`."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.passage import Passage, words_of
from assistant.dialogue.language.smalltalk import GENERIC_NOUNS, STOP
from index.items import Item, ItemId
from index.language.words import stem

NOUNS = frozenset("one ones option item product choice result recommendation suggestion pick article artikel".split())
"""What an item is called that has no name: `the second one`."""
LEADS = frozenset(
    "the that this number your der die das den dem le la el les los il lo del dal al sul nel du au than about "
    "like".split()
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Items spoken of at tokens [start, end). `weak`: a bare pronoun, which may refer to nothing."""

    start: int
    end: int
    items: tuple[ItemId, ...]
    weak: bool = False


def lead_of(passage: Passage, at: int) -> int:
    """Where the phrase begins: at `the` if it stands right before."""
    return (
        at - 1
        if passage.norm(at - 1) in LEADS - {"than", "about", "like", "number"} and not passage.claims[at - 1]
        else at
    )


class NamedItems:
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
            and passage.norm(end) not in NOUNS
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
        start, end = lead_of(passage, at), positions[-1] + 1
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
