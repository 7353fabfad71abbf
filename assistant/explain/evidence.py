"""What stands behind a shelf: every fact a reason may rest on, numbered, and the points they make for each item."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from assistant.crowd import Act
from assistant.explain.arranged import arranged_point
from assistant.explain.asked import asked_points, describe_constraint, request_text
from assistant.explain.checker import numbers_in, numbers_of, stand_in
from assistant.explain.last_resorts import last_resorts
from assistant.explain.notes import Notes
from assistant.explain.points import Point
from assistant.explain.weighed import Weighing, listing, shares_of, weighed_points
from assistant.nouns import Constraint, Event, Evidence, Placement, Ranked
from index.items import Item, ItemId, Money


@dataclass(frozen=True, slots=True)
class EvidenceBook:
    """All evidence of a reply, in the order of its ids, and what speaks for each shown item.

    `entries` are numbered `e1`, `e2` and so on.
    """

    entries: Sequence[Evidence] = ()
    points: Mapping[ItemId, tuple[Point, ...]] = field(default_factory=dict[ItemId, tuple[Point, ...]])

    def get(self, evidence_id: str) -> Evidence:
        """The entry with that id.

        Raises:
            KeyError: there is none.
        """
        number = int(evidence_id[1:]) if evidence_id[:1] == "e" and evidence_id[1:].isdecimal() else 0
        if not 0 < number <= len(self.entries):
            raise KeyError(evidence_id)
        return self.entries[number - 1]

    def cited(self, ids: Iterable[str]) -> tuple[Evidence, ...]:
        """The entries with those ids, in the order of the ids.

        Raises:
            KeyError: there is no entry with one of them.
        """
        return tuple(self.get(one) for one in dict.fromkeys(ids))


def gather(
    shelf: Sequence[tuple[Item, Ranked]],
    *,
    ledger: Sequence[Constraint] = (),
    words: str = "",
    history: Sequence[Event] = (),
    past: Mapping[ItemId, Item] | None = None,
    placements: Mapping[ItemId, Placement] | None = None,
    describe: Callable[[Constraint], str] | None = None,
    money: Callable[[Money], str] = str,
    crowd: Callable[[ItemId], Act | None] = lambda _item_id: None,
) -> EvidenceBook:
    """The evidence behind a ranked shelf, and the points it makes.

    Args:
        shelf: the shown items with their scores, in rank order.
        ledger: the constraints in force; one an item does not satisfy makes no evidence for it.
        words: the product words searched by, or "".
        history: the shopper's events, any order; only those whose item is in `past` are told.
        past: items of the history by id.
        placements: what arranging the shelf did to its items; None: nothing was arranged.
        describe: a constraint in plain words, as on its chip; None: our own words.
        money: how a sum is written; `79.99 USD` unless told otherwise.
        crowd: what enough others did with an item lately; without it, nothing is said of others.
    """
    notes = Notes(money)
    told = describe or partial(describe_constraint, money=money)
    known = {event.id: (event, past[event.item_id]) for event in history if event.item_id in past} if past else {}
    points: dict[ItemId, tuple[Point, ...]] = {}
    given = shares_of([ranked for _, ranked in shelf])
    request = request_text(ledger, words)

    @cache
    def numbers(evidence_id: str) -> frozenset[str]:
        return numbers_of(notes.entries[int(evidence_id[1:]) - 1])  # once entered, it does not change

    for item, ranked in shelf:
        others = tuple(other for other in shelf if other[0].id != item.id)
        whole = sum(abs(one.value) for one in ranked.contributions)
        weighing = Weighing(item, ranked, others, words, request, known, notes, given, whole, crowd(item.id))
        asked = asked_points(item, ranked, [other for _, other in others], ledger, notes, told)
        placed = arranged_point(item, placements[item.id], notes) if placements and item.id in placements else None
        every = (*asked, *weighed_points(weighing), *([placed] if placed else []))
        made = tuple(point for point in every if _can_be_told(point, numbers))
        points[item.id] = made or _else(item, notes, numbers)
    return EvidenceBook(notes.entries, points)


def _else(item: Item, notes: Notes, numbers: Callable[[str], frozenset[str]]) -> tuple[Point, ...]:
    """What is told of an item for which nothing speaks."""
    listed = listing(item, notes)
    return (listed,) if listed is not None and _can_be_told(listed, numbers) else last_resorts(item, notes)


def _can_be_told(point: Point, numbers: Callable[[str], frozenset[str]]) -> bool:
    """Whether the checker lets the point's facts pass, whatever sentence they stand in.

    Args:
        numbers: those that stand in an entry, by its id.
    """
    told = frozenset().union(*(numbers_in(slot.text) for slot in point.slots))  # what the checker asks after
    # From the facts back to the weights, which hold none that is told.
    return not told or stand_in(told, map(numbers, reversed(point.evidence)))
