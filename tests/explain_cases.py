"""A small shelf for the tests of `assistant.explain`: four items, a ledger, a history, and scores."""

from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.nouns import Constraint, Contribution, Event, Ranked
from index.filters import Condition, Op
from index.items import Item, ItemId, Money, Review


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


TRAIL = Item(
    "boot-1",
    "Alba Trail Boot",
    brand="Alba",
    description="A light boot with a warm lining for wet paths.",
    categories=("Outdoor/Footwear/Boots",),
    price=eur("42.00"),
    attributes={"material": ("Organic Cotton",), "waterproof": ("yes",), "gender": ("F",)},
    options={"size": ("38", "39"), "color": ("Navy Blue", "Black")},
    rating=4.6,
    rating_count=23,
    reviews=(
        Review("r1", "Good", "The lining kept my feet warm on every walk. I paid 20 EUR.", 5.0),
        Review("r2", "Bad", "The warm lining fell out after two weeks.", 1.0),
    ),
)
RIDGE = Item(
    "boot-2",
    "Borea Ridge Boot",
    brand="Borea (fictional store)",
    description="A stiff boot.",
    categories=("Outdoor/Footwear/Boots",),
    price=eur("59.90"),
    attributes={"material": ("Leather", "Rubber")},
    options={"size": ("39",), "color": ("Brown",)},
    rating=3.1,
    rating_count=4,
)
SANDAL = Item(
    "sandal-1",
    "Cove Sandal",
    brand="",
    description="For warm days.",
    categories=("Outdoor/Footwear/Sandals",),
    price=None,
    attributes={"material": ("Cork",), "waterproof": ("no",)},
    options={"color": ("Blue",)},
)
SOCKS = Item(
    "sock-1",
    "Alba Wool Socks",
    brand="Alba",
    categories=("Outdoor/Socks",),
    price=eur("12.50"),
    attributes={"material": ("Wool",)},
)
PAST_BOOT = Item(
    "boot-0",
    "Alba Summit Boot",
    brand="Alba",
    categories=("Outdoor/Footwear/Boots",),
    price=eur("50.00"),
    attributes={"material": ("Leather",)},
)
PAST_CAP = Item("cap-0", "Dune Cap", brand="Dune", categories=("Outdoor/Caps",), price=eur("20.00"))

PAST = {item.id: item for item in (PAST_BOOT, PAST_CAP)}
HISTORY = (
    Event("v1", "s1", "purchase", "boot-0", datetime(2026, 3, 9, tzinfo=UTC)),
    Event("v2", "s1", "like", "cap-0", datetime(2026, 5, 2, tzinfo=UTC)),
    Event("v3", "s1", "dislike", "cap-0", datetime(2026, 6, 2, tzinfo=UTC)),
)


def constraint(entry_id: str, field: str, op: Op, value: Money | str | float | tuple[str, ...]) -> Constraint:
    """A hard entry of the ledger."""
    return Constraint(entry_id, "hard", Condition(field, op, value), 1, "as quoted")


BUDGET = constraint("c1", "price", Op.LE, eur("60.00"))


def ranked(item_id: ItemId, **contributions: float) -> Ranked:
    """A score; `history__v1` stands for `history:v1`."""
    named = (Contribution(name.replace("__", ":"), value) for name, value in contributions.items())
    return Ranked(item_id, 0.1, tuple(named))


def shelf(*pairs: tuple[Item, Ranked]) -> Sequence[tuple[Item, Ranked]]:
    return pairs
