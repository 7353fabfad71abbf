"""Variants of a whole catalogue: the masks, and that the vector search and the record agree with them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import build
from index.catalogue import Catalogue, Query
from index.columns import Columns
from index.encoders import Encoders
from index.filters import Condition, Op, holds, holds_together
from index.items import Item, Money, Variant
from index.offers import as_offered
from index.testing import ColourImageEncoder, HashingTextEncoder

_SIZES = ("S", "M", "L")


def _variant(size: str, price: Money | None, stock: int | None) -> Variant:
    return Variant(size, {"size": size}, price, stock)


def _limit(op: Op, amount: int) -> Condition:
    return Condition("price", op, Money(amount, "EUR"))


def _sized(size: str) -> Condition:
    return Condition("size", Op.EQ, size)


_prices = st.none() | st.builds(Money, st.integers(1, 6), st.just("EUR"))
_variants = st.lists(
    st.builds(_variant, st.sampled_from(_SIZES), _prices, st.sampled_from([None, 0, 2])),
    max_size=3,
    unique_by=lambda variant: variant.id,
).map(tuple)
_items = st.builds(Item, id=st.just("x"), title=st.just("Shirt"), price=_prices, variants=_variants)
_comparing = st.sampled_from([Op.LE, Op.LT, Op.GE, Op.GT, Op.EQ])
_limits = st.lists(
    st.builds(_limit, _comparing, st.integers(1, 6)) | st.builds(_sized, st.sampled_from(_SIZES)), max_size=3
)


@given(_items, _limits)
@settings(max_examples=400)
def test_the_price_shown_meets_every_limit_on_it_and_is_a_price_there_is(item: Item, asked: list[Condition]) -> None:
    if not (item.in_stock and holds_together(item, asked)):
        return
    shown = as_offered(item, asked)
    assert all(holds(replace(shown, variants=()), one) for one in asked if one.field == "price")
    there = [variant for variant in item.variants if variant.in_stock]
    sold = {variant.price or item.price for variant in there} if item.variants else {item.price}
    assert shown.price in sold or all(variant.price is None for variant in item.variants)
    assert [one for one in shown.variants if one not in item.variants] == []


@given(st.lists(_items, max_size=6), _limits)
def test_the_search_finds_what_the_record_meets(items: list[Item], asked: list[Condition]) -> None:
    listed = [replace(item, id=str(n)) for n, item in enumerate(items)]
    expected = [item.id for item in listed if item.in_stock and holds_together(item, asked)]
    mask = Columns(listed).mask(asked)
    assert [listed[row].id for row in np.flatnonzero(mask)] == expected


def test_a_search_judges_variants_before_it_looks_for_what_is_near(tmp_path: Path) -> None:
    variants = [
        {"id": "s", "options": {"size": "S"}, "price": 45, "stock": 3},
        {"id": "m", "options": {"size": "M"}, "price": 20, "stock": 2},
    ]
    shirt = {"id": "shirt", "title": "Shirt", "price": 30, "currency": "EUR", "variants": variants}
    mug = {"id": "mug", "title": "Mug", "price": 10, "currency": "EUR"}
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in (shirt, mug)), encoding="utf-8")
    encoders = Encoders(HashingTextEncoder(), ColourImageEncoder())
    build(feed, tmp_path / "index", encoders)
    shop = Catalogue.open(tmp_path / "index", encoders.text, encoders.picture)

    def found(op: Op, euros: int, size: str = "") -> set[str]:
        asked = [_limit(op, 100 * euros), *([_sized(size)] if size else [])]
        return {hit.item_id for hit in shop.search(Query("shirt"), 5, asked)}

    assert found(Op.LE, 25) == {"shirt", "mug"}
    assert found(Op.LE, 25, "M") == found(Op.GE, 40, "S") == {"shirt"}
    assert found(Op.GE, 40) == {"shirt"}
    assert found(Op.LE, 44, "S") == found(Op.EQ, 30) == set()
