"""What conditions ask of variants, answered for a whole catalogue at once: prices, stock, options taken together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.filters import Condition, Op, field_name, has_own_prices, value_holds
from index.items import Item, Money

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
Compare = Callable[[Floats, float], Mask]


@dataclass(frozen=True, slots=True)
class Prices:
    """Amounts in minor units, NaN where there is none, and their currencies."""

    amounts: Floats
    currencies: NDArray[np.str_]

    @classmethod
    def of(cls, prices: Iterable[Money | None]) -> "Prices":
        """The columns of prices."""
        listed = list(prices)
        return cls(
            np.array([price.amount_minor if price else np.nan for price in listed], dtype=np.float64),
            np.array([price.currency if price else "" for price in listed], dtype="<U3"),
        )

    def met(self, compare: Compare, limit: Money) -> Mask:
        """Which of them are in the limit's currency and compare so with it."""
        return compare(self.amounts, limit.amount_minor) & (self.currencies == limit.currency)

    def put(self, places: NDArray[np.int64], others: "Prices") -> "Prices":
        """The same with others in some places."""
        amounts, currencies = self.amounts.copy(), self.currencies.copy()
        amounts[places], currencies[places] = others.amounts, others.currencies
        return Prices(amounts, currencies)


@dataclass(frozen=True, slots=True)
class VariantColumns:
    """The prices of N items, and what is known of their V variants, those of an item side by side.

    Attributes:
        plain: of the items. One whose variants have prices of their own has none here: which it is depends on these.
        starts_N: the place of an item's first variant.
        rows_V: the item of each variant.
        paid: what a variant costs.
        in_stock_V: whether it can be bought.
        own_V: whether the variants of its item have prices of their own.
        has_own: whether any has.
        options: field name -> value as written -> places of the variants that have it.
    """

    plain: Prices
    starts_N: NDArray[np.int64]
    rows_V: NDArray[np.int64]
    paid: Prices
    in_stock_V: Mask
    own_V: Mask
    has_own: bool
    options: Mapping[str, Mapping[str, NDArray[np.int64]]]

    @classmethod
    def of(cls, items: Sequence[Item]) -> "VariantColumns":
        """The columns of items, whose rows are their positions."""
        counts = np.array([len(item.variants) for item in items], dtype=np.int64)
        with_variants = [item for item in items if item.variants]
        paid, in_stock_V, own_V = _variants(with_variants)
        return cls(
            plain=_plain(items),
            starts_N=np.cumsum(counts) - counts,
            rows_V=np.repeat(np.arange(len(items)), counts),
            paid=paid,
            in_stock_V=in_stock_V,
            own_V=own_V,
            has_own=bool(own_V.any()),
            options=_options(with_variants),
        )

    def after(self, changed: Mapping[int, Item]) -> "VariantColumns":
        """The columns once items have other prices or stock, but the same variants."""
        rows, items = np.array(list(changed), dtype=np.int64), list(changed.values())
        paid, in_stock, own = _variants(items)
        runs = [np.arange(self.starts_N[row], self.starts_N[row] + len(item.variants)) for row, item in changed.items()]
        places = np.concatenate([np.empty(0, dtype=np.int64), *runs])
        in_stock_V, own_V = self.in_stock_V.copy(), self.own_V.copy()
        in_stock_V[places], own_V[places] = in_stock, own
        return replace(
            self,
            plain=self.plain.put(rows, _plain(items)),
            paid=self.paid.put(places, paid),
            in_stock_V=in_stock_V,
            own_V=own_V,
            has_own=self.has_own or bool(own.any()),
        )

    def priced(self, compare: Compare, limit: Money) -> Mask:
        """mask_N: which items have a price that compares so with the limit; of variants, those in stock are asked."""
        allowed = self.plain.met(compare, limit)
        if self.has_own:
            allowed[self.rows_V[self.own_V & self.in_stock_V & self.paid.met(compare, limit)]] = True
        return allowed

    def together(self, conditions: Sequence[Condition], compare: Mapping[Op, Compare]) -> Mask:
        """mask_N: which items have one variant in stock that meets all of the conditions their variants speak to.

        True also where they speak to none of them: those are for the item to meet.
        """
        fit_V = self.in_stock_V.copy()
        asked_N = np.zeros(len(self.starts_N), dtype=np.bool_)
        for condition in conditions:
            about_V, met_V = self._one(condition, compare)
            fit_V &= met_V | ~about_V
            asked_N[self.rows_V[about_V]] = True
        found_N = ~asked_N
        found_N[self.rows_V[fit_V]] = True
        return found_N

    def _one(self, condition: Condition, compare: Mapping[Op, Compare]) -> tuple[Mask, Mask]:
        """Which variants belong to items whose variants speak to the condition, and which meet it."""
        met_V = np.zeros(len(self.rows_V), dtype=np.bool_)
        if condition.field == "price":
            if isinstance(condition.value, Money) and condition.op in compare:
                met_V = self.paid.met(compare[condition.op], condition.value)
            return self.own_V, met_V
        told_N = np.zeros(len(self.starts_N), dtype=np.bool_)
        for value, places in self.options.get(field_name(condition.field), {}).items():
            told_N[self.rows_V[places]] = True
            if value_holds(condition.field, value, condition.op, condition.value):
                met_V[places] = True
        return told_N[self.rows_V], met_V


def _plain(items: Iterable[Item]) -> Prices:
    return Prices.of(None if item.variants and has_own_prices(item) else item.price for item in items)


def _variants(items: Sequence[Item]) -> tuple[Prices, Mask, Mask]:
    """What the variants of items cost, whether each is in stock, and whether its item's have prices of their own."""
    pairs = [(item, variant) for item in items for variant in item.variants]
    paid = Prices.of(variant.price or item.price for item, variant in pairs)
    in_stock = np.array([variant.in_stock for _, variant in pairs], dtype=np.bool_)
    counts = [len(item.variants) for item in items]
    own = np.repeat(np.array([has_own_prices(item) for item in items], dtype=np.bool_), counts)
    return paid, in_stock, own


def _options(items: Iterable[Item]) -> dict[str, dict[str, NDArray[np.int64]]]:
    found: dict[str, dict[str, list[int]]] = {}
    names: dict[str, dict[str, list[int]]] = {}  # by the name as written, which there are few of
    for place, variant in enumerate(variant for item in items for variant in item.variants):
        for key, value in variant.options.items():
            named = names.get(key)
            if named is None:
                named = names[key] = found.setdefault(field_name(key), {})
            named.setdefault(value, []).append(place)
    return {name: {v: np.array(at, dtype=np.int64) for v, at in values.items()} for name, values in found.items()}
