"""What can be said of a shown item: points, each with its facts in named slots and the evidence behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from assistant.nouns import Ranked
from index.items import ItemId


@dataclass(frozen=True, slots=True)
class Slot:
    """A fact a sentence may name.

    Attributes:
        name: what stands for it in a sentence: `{price}` for the slot `price`.
        text: what is put in its place, from the records.
        evidence: ids of the evidence it is read from.
    """

    name: str
    text: str
    evidence: tuple[str, ...]


def average(name: str, others: Sequence[Ranked]) -> float:
    """What others got for the contribution of that name, on average; 0 where there are none."""
    values = [one.value for other in others for one in other.contributions if one.name == name]
    return sum(values) / len(others) if others else 0.0


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that speaks for an item, ready to be put into words.

    Attributes:
        topic: which frame of sentences fits it (`frames.FRAMES`).
        slots: the facts it may name, the one it must name first.
        backing: ids of the evidence it rests on as a whole: the contribution, the constraint, the past event.
        weight: the contribution's value; 0 for a fact that was asked for and weighs nothing in the ranking.
        flags: what is true of it and licenses stronger words, e.g. `strict`: the price is below the limit, not at it.
        subject: tells two points of one topic apart, e.g. the attribute or the past item.
        common: what the other items of the shelf got for the same thing, on average.
    """

    item_id: ItemId
    topic: str
    slots: tuple[Slot, ...]
    backing: tuple[str, ...]
    weight: float
    flags: frozenset[str] = field(default_factory=frozenset[str])
    subject: str = ""
    common: float = 0.0

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of all its evidence: the backing, then the slots', each once."""
        return tuple(dict.fromkeys((*self.backing, *(i for slot in self.slots for i in slot.evidence))))

    def slot(self, name: str) -> Slot | None:
        """The slot of that name, or None."""
        return next((slot for slot in self.slots if slot.name == name), None)

    @property
    def family(self) -> str:
        """The sort of thing said: points of one family would read as one reason given twice."""
        return _family(self.topic)

    @property
    def about(self) -> str:
        """What is told, over all items of a shelf: `budget`, or one item of the past."""
        return f"{self.family if self.family == 'history' else self.topic}:{self.subject}"


_FAMILIES = {
    "query": "request",
    "words": "request",
    "kind": "request",
    "floor": "budget",
    "price_habit": "budget",
    "near": "budget",
    "listing": "budget",
    "placed": "budget",
    "priced": "budget",
    "rating_floor": "rating",
    "brand_habit": "history",
    "again": "history",
}


@cache
def _family(topic: str) -> str:
    head = topic.partition(":")[0]
    return _FAMILIES.get(head, head)
