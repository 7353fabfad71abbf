"""One or two reasons for each shown item: which points to make, and the sentences of our templates that make them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from zlib import crc32

from assistant.explain.checker import check, check_filled
from assistant.explain.evidence import EvidenceBook
from assistant.explain.frame import Phrases
from assistant.explain.frames import FRAMES
from assistant.explain.language import SLOT, licensed
from assistant.explain.plain import tidy
from assistant.explain.points import Point
from assistant.nouns import Ranked, Reason
from index.items import Item, ItemId

_MOST = 2
_REPEATED = 0.55
"""What a point keeps of its weight for each earlier item of the shelf that already made it."""
_COMMON = 0.8
"""How much of what the other items get for the same thing is taken off: a reason tells an item from its neighbours."""
_DULL = {"kind": 0.3, "category": 0.6, "popularity": 0.7}
"""What says little of an item, for all the weight it has: that it is a jacket goes without saying."""
_NEAR_HEAVIEST = 0.9
"""The first reason weighs at least this share of the heaviest: without it the item would fall furthest, or nearly.
Between what tells items apart and what counts most, see docs/log.md on deletion."""
_LEAST_SHARE = 0.12
"""A second reason is worth at least this share of the first."""
_UNWEIGHED = {"review": 3, "other_brand": 2, "other_value": 2, "feature": 2, "material": 2, "color": 2, "value": 2}
"""Among points the ranker gave nothing for: which says most. The rest count 1."""

_LAST = {"listing": 0.0, "placed": -1.0, "priced": -2.0, "made_by": -3.0, "recorded": -4.0}
"""What stands alone or not at all: said of an item of which nothing else can be, the best first."""


@dataclass(frozen=True, slots=True)
class PlannedReason:
    """A point chosen for an item, with the template that makes it; wording may change the sentence, never the point."""

    point: Point
    sentence: str


def plan_reasons(shelf: Sequence[tuple[Item, Ranked]], book: EvidenceBook) -> dict[ItemId, tuple[PlannedReason, ...]]:
    """The points each item's reasons make, strongest first, each with a template sentence whose slots are open.

    By contribution, largest first; among those that weigh nearly as much as the largest, what sets an item apart from
    its neighbours goes before what they share, and what an item above has been praised for already counts less. Facts
    that were asked for, but weigh nothing in the ranking, follow. No two reasons of an item are of one sort. The same
    shelf always gets the same plan.
    """
    made: dict[str, int] = {}
    used: dict[str, int] = {}
    plans: dict[ItemId, tuple[PlannedReason, ...]] = {}
    for rank, (item, _) in enumerate(shelf):
        chosen = _choose(book.points.get(item.id, ()), made)
        for point in chosen:
            made[point.about] = made.get(point.about, 0) + 1
        plans[item.id] = tuple(PlannedReason(point, _template(point, rank, used)) for point in chosen)
    return plans


def write_reasons(plans: Sequence[PlannedReason], book: EvidenceBook) -> tuple[Reason, ...]:
    """The planned reasons as template sentences with their facts filled in; one that fails the checker is left out."""
    found = (finish(plan.sentence, plan.point, book) for plan in plans)
    return tuple(reason for reason in found if reason is not None)


def explain(shelf: Sequence[tuple[Item, Ranked]], book: EvidenceBook) -> dict[ItemId, tuple[Reason, ...]]:
    """Template reasons for every item of the shelf: the whole way, without a model."""
    return {item_id: write_reasons(plans, book) for item_id, plans in plan_reasons(shelf, book).items()}


def finish(sentence: str, point: Point, book: EvidenceBook, *, by_model: bool = False) -> Reason | None:
    """The sentence with its facts filled in, as a reason; None when the checker drops it before or after."""
    verdict = check(sentence, point)
    if not verdict.accepted:
        return None
    text = fill(sentence, point)
    told_by = map(book.get, reversed(verdict.evidence))  # from the facts back to the weights
    return Reason(text, verdict.evidence, "model" if by_model else "template") if check_filled(text, told_by) else None


def fill(sentence: str, point: Point) -> str:
    """The sentence with every slot replaced by its fact; begins with a capital and ends in one full stop."""
    facts: Mapping[str, str] = {slot.name: slot.text for slot in point.slots}
    text = tidy(SLOT.sub(lambda match: facts[match[1]], sentence))
    if text.endswith("..") and not text.endswith("..."):
        text = text[:-1]
    return text[:1].upper() + text[1:] if sentence.startswith("{") else text


def _choose(points: Sequence[Point], made: Mapping[str, int]) -> list[Point]:
    """The best points, at most one of a sort. Those with weight first; one without may stand second, or alone.

    That an item stands here by arrangement is always told: no contribution says so.
    """

    def telling(point: Point) -> float:
        apart = max(point.weight - _COMMON * point.common, 0.05 * point.weight)
        return apart * _DULL.get(point.topic, 1.0) * _REPEATED ** made.get(point.about, 0)

    def plain(point: Point) -> tuple[float, ...]:
        worth = _LAST.get(point.topic, _UNWEIGHED.get(point.topic, 1))
        return (
            -worth * (_REPEATED ** made.get(point.about, 0) if worth > 0 else 1.0),
            crc32(f"{point.item_id} {point.about}".encode()),
        )

    weighed = sorted(((telling(p), p) for p in points if p.weight > 0), key=lambda w: (-w[0], w[1].topic, w[1].subject))
    arranged = [p for p in points if p.family == "arranged"]
    unweighed = sorted((p for p in points if p.weight <= 0 and p not in arranged), key=plain)
    heaviest = max((p.weight for _, p in weighed), default=0.0)
    chosen = [p for _, p in weighed if p.weight >= _NEAR_HEAVIEST * heaviest][:1]
    least = _LEAST_SHARE * telling(chosen[0]) if chosen else 0.0
    second = [p for worth, p in weighed if p not in chosen and worth >= least]
    for point in (*arranged, *second, *unweighed):
        if len(chosen) == _MOST:
            break
        if point.topic in _LAST and chosen:
            continue
        if point.family not in {other.family for other in chosen}:
            chosen.append(point)
    return chosen


def _template(point: Point, rank: int, used: dict[str, int]) -> str:
    """The next template for this point: each shelf begins elsewhere, and neighbours never read alike."""
    frame = FRAMES[point.topic]
    fitting = _fitting(frame.templates, point.flags, frozenset(slot.name for slot in point.slots))
    if not fitting:  # the number of ratings may be unknown: any sentence of the language that needs no more will do
        return _least(point)
    turn = used.setdefault(point.family, rank)
    used[point.family] = turn + 1
    return fitting[turn % len(fitting)]


@cache
def _fitting(templates: Phrases, flags: frozenset[str], offered: frozenset[str]) -> tuple[str, ...]:
    return tuple(text for text in licensed(templates, flags) if offered.issuperset(SLOT.findall(text)))


def _least(point: Point) -> str:
    """The plainest sentence of the point's language: `It is rated {rating}.`"""
    offered = {slot.name for slot in point.slots}
    for said in licensed(FRAMES[point.topic].says, point.flags):
        if offered.issuperset(names := SLOT.findall(said)) and point.slots[0].name in names:
            return f"It {said}."
    return ""
