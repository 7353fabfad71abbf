"""An item as it is shown where its variants have prices of their own: at the price of what meets the conditions."""

from collections.abc import Sequence
from dataclasses import replace

from index.filters import Condition, has_own_prices, is_about_variants, meets_all
from index.items import Item, Money, Variant


def as_offered(item: Item, must: Sequence[Condition] = (), should: Sequence[Condition] = ()) -> Item:
    """The item as it is shown to somebody who asked for so much: at the price of what meets it.

    Where variants have prices of their own, its `variants` are those in stock that meet the conditions, and its `price`
    is that of the cheapest of them; `list_price` stays only where that is the item's own price. Where nothing in stock
    meets them, the choice is among all that is in stock, or else among all there is. Any other item stays as it is.

    Args:
        must: conditions that one variant must meet together.
        should: conditions that narrow the choice further, one after another, where that leaves anything.
    """
    if not has_own_prices(item):
        return item
    asked = [condition for condition in must if is_about_variants(item, condition)]
    there = [variant for variant in item.variants if variant.in_stock] or list(item.variants)
    fit = [variant for variant in there if meets_all(item, variant, asked)] or there
    for condition in should:
        if is_about_variants(item, condition):
            fit = [variant for variant in fit if meets_all(item, variant, [condition])] or fit
    priced = [(price, variant) for variant in fit if (price := variant.price or item.price) is not None]
    if not priced:
        return item
    own = item.price.currency if item.price else priced[0][0].currency
    here = [price for price, _ in priced if price.currency == own] or [price for price, _ in priced]
    least = min(here, key=lambda price: price.amount_minor)
    kept = item.list_price if least == item.price else None
    return replace(item, price=least, list_price=kept, variants=tuple(fit))


def priced_as_offered(item: Item, must: Sequence[Condition] = (), should: Sequence[Condition] = ()) -> Item:
    """The item with all of its variants, at the price that `as_offered` shows."""
    offered = as_offered(item, must, should)
    return item if offered is item else replace(offered, variants=item.variants)


def is_from(item: Item) -> bool:
    """Whether the item's price is the least of several: `from 20.00 EUR`. Ask an item `as_offered`."""
    return len(prices_of(item)) > 1


def prices_of(item: Item) -> list[Money]:
    """The different prices at which an item `as_offered` can be had."""
    if not has_own_prices(item):
        return [item.price] if item.price else []
    prices = (variant.price or item.price for variant in item.variants)
    return list(dict.fromkeys(price for price in prices if price is not None))


def cheapest(item: Item) -> Variant | None:
    """The variant whose own price is the item's price, of an item `as_offered`; None where it has no such variant."""
    if not has_own_prices(item):
        return None
    return next((variant for variant in item.variants if (variant.price or item.price) == item.price), None)
