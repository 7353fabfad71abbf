"""What recommendations are made from: the request, the ledger and the shopper's past, in the ranker's terms."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PIL.Image import Image

from assistant.crowd import Act
from assistant.nouns import MIDDLING_STARS, Constraint, Event, EventKind
from index.filters import Condition, Op
from index.items import ItemId

EVENT_WEIGHTS: Mapping[EventKind, float] = {
    "view": 0.2,
    "click": 0.3,
    "cart": 0.6,
    "purchase": 1.0,
    "like": 1.0,
    "rating": 1.0,  # scaled by the stars given, see `weight_of`
    "dislike": -1.0,
    "not_interested": -0.8,
}
"""How much an event says about taste, before age is taken into account."""


def nothing(_item_id: ItemId) -> None:
    """What is told of any item where nobody has done anything."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to recommend for.

    Attributes:
        words: product words; "" asks for anything.
        ledger: hard entries filter, soft ones are weighed.
        picture: one just sent, or what the catalogue remembers of one sent before.
        history: the shopper's events, newest first; empty for a stranger.
        like: an item whose neighbours are wanted, for `similar`.
        exclude: items that must not be shown again, whatever they score.
        popularity: item -> how sought it is, over all shoppers.
        refused: items the shopper refused and has not taken back, also those refused before all of `history`.
        told: item -> what enough other people did with it lately for this shopper to be told.
    """

    words: str = ""
    ledger: tuple[Constraint, ...] = ()
    picture: Image | str | None = None
    history: tuple[Event, ...] = ()
    like: ItemId | None = None
    exclude: frozenset[ItemId] = frozenset()
    popularity: Mapping[ItemId, float] = field(default_factory=dict)
    refused: frozenset[ItemId] = frozenset()
    told: Callable[[ItemId], Act | None] = nothing

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What every candidate must satisfy."""
        return tuple(entry.condition for entry in self.ledger if entry.kind == "hard")

    @property
    def preferences(self) -> tuple[Condition, ...]:
        """What candidates should satisfy."""
        return tuple(entry.condition for entry in self.ledger if entry.kind == "soft")

    @property
    def text(self) -> str:
        """What to search by: the product words and the kinds of thing asked for."""
        kinds = [
            kind
            for entry in self.ledger
            if entry.condition.field == "kind" and entry.condition.op in (Op.IN, Op.EQ)
            for kind in _strings(entry.condition.value)
        ]
        missing = [kind for kind in dict.fromkeys(kinds) if kind not in self.words.lower()]
        return " ".join([self.words, *missing]).strip()


def weight_of(event: Event) -> float:
    """How much an event says about taste, from -1 to 1; a rating from -1 (one star) to 1 (five)."""
    if event.kind == "rating":
        return EVENT_WEIGHTS["rating"] * ((event.value or MIDDLING_STARS) - MIDDLING_STARS) / 2.0
    return EVENT_WEIGHTS[event.kind]


def taste(history: tuple[Event, ...], *, half_life_events: float = 8.0) -> list[tuple[Event, float]]:
    """Each event with its signed weight in the shopper's taste, newest first; the squares of the weights sum to 1.

    So one event counts fully, and of many unlike ones each still counts enough to be felt where it is the like one.
    An event counts half as much as one `half_life_events` later. Without anything that counts the list is empty.
    """
    return list(zip(history, faded([weight_of(event) for event in history], half_life_events), strict=False))


def faded(weights: Sequence[float], half_life_events: float = 8.0) -> list[float]:
    """The same of bare weights, newest first: faded with age, of length 1; empty where all are 0."""
    aged = [weight * 0.5 ** (age / half_life_events) for age, weight in enumerate(weights)]
    length = math.sqrt(sum(weight * weight for weight in aged))
    return [weight / length for weight in aged] if length else []


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(str(part) for part in value)
    return (str(value),)
