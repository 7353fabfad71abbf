"""When nothing fits: which constraint is to blame, and what giving it up would show."""

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from itertools import combinations

from assistant.nouns import Constraint, Relaxation
from index.catalogue import Catalogue
from index.filters import Condition, Op
from index.items import Item, ItemId, Money
from index.offers import as_offered

WORTH_SHOWING = 3
NEAR = Decimal("1.25")
"""A raised budget is the least that shows something, or up to `WORTH_SHOWING` items if they cost hardly more."""


def relaxations(
    catalogue: Catalogue,
    ledger: Sequence[Constraint],
    describe: Callable[[Constraint], str],
    *,
    within: Collection[ItemId] | None = None,
    most: int = 3,
) -> tuple[Relaxation, ...]:
    """The smallest steps that would show something, the latest wish first; empty when none does.

    What sort of thing was asked for is given up last: other things are no answer. With `within`, only these items
    count, the ones near to what was described.
    """

    def fitting(conditions: Sequence[Condition]) -> list[Item]:
        found = catalogue.matching(conditions)
        return [catalogue.item(item_id) for item_id in found if within is None or item_id in within]

    hard = [entry for entry in ledger if entry.kind == "hard"]
    found = [step for entry in hard if (step := _without(fitting, hard, (entry,), describe))]
    if not found:
        found = [step for pair in combinations(hard, 2) if (step := _without(fitting, hard, pair, describe))]
    by_id = {entry.id: entry for entry in hard}

    def order(step: Relaxation) -> tuple[bool, int]:
        entry = by_id[step.constraint_id]
        return entry.condition.field == "kind", -entry.turn

    return tuple(sorted(found, key=order)[:most])


def _without(
    fitting: Callable[[Sequence[Condition]], list[Item]],
    hard: Sequence[Constraint],
    given_up: tuple[Constraint, ...],
    describe: Callable[[Constraint], str],
) -> Relaxation | None:
    kept = [entry.condition for entry in hard if entry not in given_up]
    items = [as_offered(item, kept) for item in fitting(kept)]
    if not items:
        return None
    first = given_up[0]
    limit = first.condition.value
    if len(given_up) == 1 and first.condition.op in (Op.LE, Op.LT) and isinstance(limit, Money):
        prices = sorted(item.price for item in items if item.price and item.price.currency == limit.currency)
        if not prices:
            return None
        reach = max(price for price in prices[:WORTH_SHOWING] if price.amount <= prices[0].amount * NEAR)
        if reach < limit or (reach == limit and first.condition.op is Op.LE):
            return None  # what fits is left out for another reason: a tighter limit shows nothing more
        count = sum(price <= reach for price in prices)
        return Relaxation(first.id, f"up to {reach}", count)
    told = [describe(entry).strip("\u201c\u201d") for entry in given_up]
    names = " and ".join(f"\u201c{name}\u201d" for name in told)
    return Relaxation(first.id, f"without {names}", len(items))
