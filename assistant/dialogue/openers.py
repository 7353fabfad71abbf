"""Example requests for a first visit, made from the catalogue's own kinds, prices and colours."""

from collections import Counter

from babel.numbers import get_currency_symbol

from index.catalogue import Catalogue
from index.filters import Condition, Op
from index.items import Item

_NICE = (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 800, 1000, 1500, 2000, 5000)


def openers(catalogue: Catalogue, locale: str = "en_GB", count: int = 4) -> tuple[str, ...]:
    """Up to `count` requests a first visitor could send, each of which this catalogue can answer.

    One kind of thing per department, the best stocked departments first; the budget admits most of its items.
    """
    departments = Counter(path.split("/")[0] for item in catalogue for path in item.categories[:1] if item.in_stock)
    kinds = [kind for kind, number in catalogue.vocabulary().kinds.items() if number >= 3]
    requests: list[str] = []
    used: set[str] = set()
    for department, _ in departments.most_common():
        inside = {item.id for item in catalogue if any(p.split("/")[0] == department for p in item.categories[:1])}
        best = max(
            ((len(inside & set(_of_kind(catalogue, kind))), kind) for kind in kinds if kind not in used),
            default=(0, ""),
        )
        if best[0] < 3:
            continue
        used.add(best[1])
        items = [catalogue.item(item_id) for item_id in _of_kind(catalogue, best[1])]
        requests.append(_phrase(best[1], items, len(requests), locale))
        if len(requests) == count:
            break
    return tuple(requests)


def _of_kind(catalogue: Catalogue, kind: str) -> list[str]:
    return catalogue.matching([Condition("kind", Op.IN, (kind,))])


def _phrase(kind: str, items: list[Item], place: int, locale: str) -> str:
    prices = sorted(item.price.amount for item in items if item.price)
    if not prices:
        return f"What do you have in {_plural(kind)}?"
    wanted = prices[int(len(prices) * 0.7)]
    limit = next((nice for nice in _NICE if nice >= wanted), int(wanted))
    currency = next(item.price.currency for item in items if item.price)
    amount = f"{limit} {get_currency_symbol(currency, locale)}".replace("US$", "$")
    things = _plural(kind)
    patterns = (
        f"I'm looking for {things} under {amount}",
        f"Show me {things}, nothing over {amount}",
        f"Which {things} are well reviewed?",
        f"I need {things} as a present, around {amount}",
    )
    return patterns[place % len(patterns)]


def _plural(kind: str) -> str:
    if kind.endswith("s") and not kind.endswith("ss"):  # shorts, pants
        return kind
    if kind.endswith(("ss", "x", "ch", "sh")):
        return f"{kind}es"
    if kind.endswith("y") and kind[-2:-1] not in "aeiou":
        return f"{kind[:-1]}ies"
    return f"{kind}s"
