"""Values said of the thing itself: `it needs to be felt`, `one that's for beginners`, `no 0-6 months ones`.

Many values are words that say little elsewhere (`plain`, `winter`, `light`), so that the catalogue's word tables leave
them out. Where a sentence says that the thing is to be so, they can be nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.lexicon import NOT
from assistant.dialogue.language.palette import COLOURS
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.refusals.hedges import hedged
from index.filters import Condition, Op

_MODALS = frozenset("must should needs need has have ought muss soll doit debe deve".split())
_BE = frozenset("is are be".split())
_RELATIVES = frozenset({"that", "which", "who"})
_BUILD = frozenset("long short wide modern classic plain tall slim thin thick round square flat".split())
"""Plain values that describe what stands behind them."""
_OPEN = frozenset("too so very not no as how".split()) | NOT
_PARTING = frozenset(",;.+*/(")
_LEADS = frozenset("and plus also n just only with in".split())
_POLITE = frozenset("please pls plz thanks thx bitte svp ) !".split())
_TOLD = frozenset("is was are were".split())
_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Predicated:
    """A condition on what the thing shall be or not be, at tokens [start, end)."""

    condition: Condition
    soft: bool
    start: int
    end: int


class Predicates:
    """The values of one catalogue as one can say a thing is so. Built once."""

    def __init__(self, words: CatalogueWords) -> None:
        self._values = words.plain_values
        self._words = words

    def read(self, passage: Passage, cues: Cues) -> list[Predicated]:
        """Every such value the message requires or refuses; claims the words."""
        made: list[Predicated] = []
        for start, at, op in (*_predicates(passage), *self._before_things(passage, cues), *self._alone(passage)):
            end = self._value(passage, at)
            if end is None or not passage.is_free(start, end):
                continue
            meaning = self._values[_key(passage, at, end)]
            closing = end + (op is Op.NE and passage.norm(end) in ("one", "ones"))
            soft = hedged(passage, cues, at, end, (at,))
            passage.claim(at, closing, "wish")
            made.append(
                Predicated(Condition(meaning.field, op, meaning.values[0]), soft, at if op is Op.EQ else start, closing)
            )
        return made

    def _before_things(self, passage: Passage, cues: Cues) -> Iterator[tuple[int, int, Op]]:
        """Where words of shape and build stand before the thing itself: `round dining table`, `slim black jeans`."""
        for begin, end in cues.get("thing", ()):
            if passage.norm(end) in _BUILD and passage.tokens[end].raw.lower() != passage.norm(end):
                yield end, end, Op.EQ  # `une table ronde`
            at = begin - 1
            while at > 0 and passage.tokens[at].stem in COLOURS and not passage.claims[at]:
                at -= 1
            if at >= 0 and passage.norm(at) in _BUILD and passage.norm(at - 1) not in _OPEN:
                yield at, at, Op.EQ

    def _alone(self, passage: Passage) -> Iterator[tuple[int, int, Op]]:
        """Where a value is all that a clause says, `a capo, student, under 30`, or all that is said of the `ones`."""
        if "?" in (token.norm for token in passage.tokens):
            return
        for at, token in enumerate(passage.tokens):
            before = passage.tokens[at - 1] if at else None
            if token.shape != "word" or passage.claims[at]:
                continue
            begins = before is not None and before.shape == "symbol" and before.norm in _PARTING
            begins = begins or (passage.norm(at - 1) in _LEADS and passage.norm(at - 2) in _PARTING)
            end = self._value(passage, at) if begins else None
            if end is None or token.norm in STOP or passage.norm(end) in _TOLD:
                continue
            closed = end >= len(passage) or passage.norm(end) in _PARTING | _POLITE | {"ones"}
            if closed and passage.norm(end) != "?":
                yield at, at, Op.EQ

    def _value(self, passage: Passage, at: int) -> int | None:
        """Where the longest value that begins here ends, with nothing behind it that it could qualify."""
        for end in range(min(len(passage), at + 2 * _LONGEST), at, -1):
            if passage.tokens[end - 1].shape == "symbol" or not passage.same_clause(at, end - 1):
                continue
            following = passage.tokens[end] if end < len(passage) else None
            closes = following is None or following.shape == "symbol" or following.norm in STOP
            closes = closes or passage.norm(at) in _BUILD
            if closes and _key(passage, at, end) in self._values:
                return end
        return None


def _key(passage: Passage, start: int, end: int) -> tuple[str, ...]:
    return tuple(token.stem for token in passage.tokens[start:end] if token.shape != "symbol")


def _predicates(passage: Passage) -> Iterator[tuple[int, int, Op]]:
    """Where a predicate begins, where what it says of the thing begins, and whether that is wanted or refused."""
    for at, token in enumerate(passage.tokens):
        word, following = token.norm, passage.norm(at + 1)
        if word in _RELATIVES and not passage.starts_sentence(at) and following in _BE:
            yield at, at + 2, Op.EQ
        elif word == "that" and token.raw.lower().endswith("s") and not passage.starts_sentence(at):
            yield at, at + 1, Op.EQ
        elif word == "be" and (passage.norm(at - 1) in _MODALS or passage.norm(at - 2) in _MODALS):
            if passage.norm(at - 1) != "not":
                yield at, at + 1, Op.EQ
        elif word in ("was", "were") and passage.norm(at - 1) == "it" and passage.norm(at - 2) == "if":
            yield at, at + 1, Op.EQ
        elif word == "no" and _ones_follow(passage, at):
            yield at, at + 1, Op.NE


def _ones_follow(passage: Passage, at: int) -> bool:
    reach: Sequence[int] = range(at + 2, min(at + 2 + _LONGEST, len(passage)))
    return any(passage.norm(place) in ("one", "ones") and passage.same_clause(at, place) for place in reach)
