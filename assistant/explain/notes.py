"""Evidence being gathered: each fact is entered once, in plain words filled in from records, and keeps its id."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, cast, overload

from assistant.explain.plain import speakable_name, tidy, told_title
from assistant.explain.points import Slot
from assistant.explain.records import month
from assistant.nouns import Constraint, Event, Evidence, Scalar
from index.items import Item, ItemId, Money
from index.offers import cheapest, is_from

EvidenceKind = Literal["constraint", "fact", "event", "contribution", "review", "policy"]

_TOLD = {
    "purchase": "you bought {}",
    "cart": "you put {} in your cart",
    "like": "you liked {}",
    "dislike": "you disliked {}",
    "not_interested": "you were not interested in {}",
    "rating": "you rated {}",
    "view": "you looked at {}",
    "click": "you looked at {}",
}


def stars(event: Event) -> str:
    """The stars of a rating, `3.1 stars`; "" of other events."""
    if event.kind != "rating" or event.value is None:
        return ""
    return "1 star" if event.value == 1 else f"{round(event.value, 2):g} stars"


def _told(event: Event, title: str) -> str:
    given = stars(event)
    return f"you gave {title} {given}" if given else _TOLD[event.kind].format(title)


_Entered = tuple[str, EvidenceKind, str, Scalar, str | None, ItemId | None, str, str]
"""What evidence is made of; the text of a contribution, which few ask after, is None."""


class Entries(Sequence[Evidence]):
    """Evidence by number, made where somebody asks for it: of what is weighed on a shelf, little is cited."""

    def __init__(self, entered: Sequence[_Entered]) -> None:
        self._entered = entered
        self._made: dict[int, Evidence] = {}

    def __len__(self) -> int:
        return len(self._entered)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(cast(Sequence[object], other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    @overload
    def __getitem__(self, index: int) -> Evidence: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Evidence]: ...
    def __getitem__(self, index: int | slice) -> Evidence | Sequence[Evidence]:
        if isinstance(index, slice):
            return Entries(self._entered[index])
        made = self._made.get(index)
        if made is None:
            self._made[index] = made = _evidence(*self._entered[index])
        return made


def _evidence(known: str, kind: EvidenceKind, name: str, value: Scalar, text: str | None, *rest: Any) -> Evidence:
    # Any: item_id, ref and at, as they were entered
    if text is None:
        assert isinstance(value, float)
        feature = name.partition(":")[0].replace("_", " ")
        text = f"{feature} {'adds' if value >= 0 else 'takes'} {abs(value):.3f}"
    return Evidence(known, kind, name, value, text, *rest)


class Notes:
    """Evidence being gathered: each fact is entered once and keeps its id."""

    def __init__(self, money: Callable[[Money], str]) -> None:
        self.money = money
        self._ids: dict[tuple[str, str, Scalar, str | None, str], str] = {}
        self._entered: list[_Entered] = []
        self.entries = Entries(self._entered)
        """All of it, in the order of its ids, which are numbered as they come."""

    def enter(
        self,
        kind: EvidenceKind,
        name: str,
        value: Scalar,
        text: str | None,
        *,
        item_id: ItemId | None = None,
        ref: str = "",
        at: str = "",
    ) -> str:
        """The id of that evidence, entered now if it was not there."""
        key = (kind, name, value, item_id, ref)
        known = self._ids.get(key)
        if known is None:
            self._ids[key] = known = f"e{len(self._entered) + 1}"
            self._entered.append((known, kind, name, value, text, item_id, ref, at))
        return known

    def constraint(self, constraint: Constraint, text: str) -> str:
        """What was asked, with the shopper's own words."""
        value = constraint.condition.value
        plain: Scalar = (
            ", ".join(value) if isinstance(value, tuple) else str(value) if isinstance(value, Money) else value
        )
        return self.enter("constraint", constraint.condition.field, plain, f"you asked: {text}", ref=constraint.id)

    def fact(self, item: Item, name: str, value: Scalar, text: str) -> str:
        """Something the item's record says."""
        return self.enter("fact", name, value, text, item_id=item.id)

    def price(self, item: Item) -> Slot | None:
        """What the item costs, and that it is the least of several; None when the catalogue names no price.

        Where variants have prices of their own, the evidence names the variant.
        """
        if item.price is None:
            return None
        told, variant = self.money(item.price), cheapest(item)
        if is_from(item):
            told = f"{told} and up"
        ref = "" if variant is None else variant.id
        fact = self.enter("fact", "price", str(item.price), f"costs {told}", item_id=item.id, ref=ref)
        return Slot("price", told, (fact,))

    def brand(self, item: Item, name: str = "brand") -> Slot | None:
        """Who makes it; None when the record does not say, or says something that may not be repeated."""
        brand = speakable_name(item.brand)
        return Slot(name, brand, (self.fact(item, "brand", item.brand, f"by {brand}"),)) if brand else None

    def event(self, event: Event, item: Item) -> str:
        """Something of the shopper's own past, with its date and the item's title."""
        title = tidy(item.title)
        if known := self._ids.get(("event", event.kind, title, item.id, event.id)):
            return known
        told = f"{_told(event, told_title(item))} {month(event)}"
        return self.enter("event", event.kind, title, told, item_id=item.id, ref=event.id, at=event.at.isoformat())

    def contribution(self, item: Item, name: str, value: float) -> str:
        """What the ranker weighed."""
        return self.enter("contribution", name, value, None, item_id=item.id)
