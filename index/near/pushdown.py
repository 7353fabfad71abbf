"""Conditions as Milvus expressions, where Milvus can mean exactly what `filters` means; values as escaped literals.

Prices, ratings, brands, ids and stock are plain columns. Categories, kinds, words, sizes and options are judged by
readings that no engine shares (stems, compounds, one variant that is everything at once); they stay with the mask.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from index.filters import NEGATIVE, ORDERINGS, Condition, Op, has_own_prices
from index.items import Item, Money
from index.language.words import normalise, tokens

FIELDS = {
    "item_id": "VARCHAR",
    "brand": "VARCHAR",
    "price_minor": "INT64",
    "currency": "VARCHAR",
    "rating": "DOUBLE",
    "in_stock": "BOOL",
}
"""Column -> Milvus type."""

_UNRATED = -1.0
_OWN_PRICES = "*"
"""In the place of a currency: what the item costs depends on the variant, which only the mask can judge."""
_LARGEST = 2**62
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_OPERATORS = {Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">=", Op.EQ: "==", Op.NE: "!="}


@dataclass(frozen=True, slots=True)
class Pushed:
    """An expression, "" where everything is allowed, and the conditions left, which must be judged by a mask."""

    expression: str
    rest: tuple[Condition, ...] = ()


def pushed_down(conditions: Sequence[Condition], *, in_stock: bool = True) -> Pushed:
    """What Milvus judges of the conditions, and what is left. A price is judged by both, since variants may set it."""
    parts: list[str] = ["in_stock == true"] if in_stock else []
    rest: list[Condition] = []
    for condition in conditions:
        part = _compiled(condition)
        if part:
            parts.append(part)
        if not part or condition.field == "price":
            rest.append(condition)
    return Pushed(" and ".join(parts), tuple(rest))


def literal(value: str | int | float) -> str | None:
    """The value as Milvus reads it back, quoted and escaped; None for what its grammar cannot say."""
    if not isinstance(value, str):
        return repr(value) if math.isfinite(value) and abs(value) < _LARGEST else None
    if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in value):
        return None
    return '"' + value.translate(_ESCAPES) + '"'


def _compiled(condition: Condition) -> str:
    match condition.field:
        case "price":
            return _price(condition)
        case "rating":
            return _rating(condition)
        case "id":
            return _strings(condition, "item_id", str)
        case "brand":
            return _strings(condition, "brand", brand_key)
        case _:
            return ""


def _price(condition: Condition) -> str:
    limit, sign = condition.value, _OPERATORS.get(condition.op)
    if not isinstance(limit, Money) or sign is None:
        return ""
    amount, currency = literal(limit.amount_minor), literal(limit.currency)
    if not (amount and currency):
        return ""
    return f'(currency == "{_OWN_PRICES}" or (currency == {currency} and price_minor {sign} {amount}))'


def _rating(condition: Condition) -> str:
    value, sign = condition.value, _OPERATORS.get(condition.op)
    stars = literal(float(value)) if isinstance(value, int | float) and sign else None
    return f"(rating >= 0.0 and rating {sign} {stars})" if stars else ""


def _strings(condition: Condition, column: str, key: Callable[[str], str]) -> str:
    wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    keys = [literal(key(one)) if isinstance(one, str) and key(one) else None for one in wanted]
    said = [one for one in keys if one is not None]
    if condition.op in ORDERINGS or not said or len(said) < len(keys):
        return ""  # also for "": a brand that is missing equals nothing, not even another missing one
    return f"{column} {'not in' if condition.op in NEGATIVE else 'in'} [{', '.join(said)}]"


def scalars(item: Item | None) -> dict[str, Any]:
    """The columns of an item; of None, those of nothing known."""
    if item is None:
        item = Item(id="", title="")
    return {
        "item_id": item.id,
        "brand": brand_key(item.brand),
        "price_minor": item.price.amount_minor if item.price else 0,
        "currency": _OWN_PRICES if has_own_prices(item) else item.price.currency if item.price else "",
        "rating": _UNRATED if item.rating is None else float(item.rating),
        "in_stock": item.in_stock,
    }


def brand_key(brand: str) -> str:
    """Equal for brands that `filters.same_text` takes for equal."""
    return " ".join(tokens(brand)) or normalise(brand)
