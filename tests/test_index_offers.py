"""An item as it is shown where its variants have prices of their own."""

from dataclasses import replace

import pytest

from index.filters import Condition, Op
from index.items import Item, Money, Variant
from index.offers import as_offered, cheapest, is_from, priced_as_offered

SHIRT = Item(
    id="shirt",
    title="Shirt",
    price=Money(3000, "EUR"),
    list_price=Money(3500, "EUR"),
    variants=(
        Variant("s", {"size": "S"}, price=Money(4500, "EUR"), stock=3),
        Variant("m", {"size": "M"}, price=Money(2000, "EUR"), stock=2),
        Variant("l", {"size": "L"}, price=Money(1000, "EUR"), stock=0),
        Variant("xl", {"size": "XL"}, stock=1),
    ),
)
SMALL, LARGE = Condition("size", Op.EQ, "S"), Condition("size", Op.EQ, "L")
DEAR = Condition("price", Op.GE, Money(2500, "EUR"))


@pytest.mark.parametrize(
    ("must", "should", "price", "several", "variant"),
    [
        ((), (), 2000, True, "m"),
        ((SMALL,), (), 4500, False, "s"),
        ((DEAR,), (), 3000, True, "xl"),
        ((DEAR,), (SMALL,), 4500, False, "s"),
        ((LARGE,), (), 2000, True, "m"),  # sold out: what there is instead
        ((), (SMALL, DEAR), 4500, False, "s"),
        ((), (LARGE, SMALL), 4500, False, "s"),
    ],
)
def test_the_price_is_that_of_the_cheapest_variant_that_fits(
    must: tuple[Condition, ...], should: tuple[Condition, ...], price: int, several: bool, variant: str
) -> None:
    shown = as_offered(SHIRT, must, should)
    assert shown.price == Money(price, "EUR")
    assert is_from(shown) is several
    found = cheapest(shown)
    assert found is not None
    assert found.id == variant
    assert as_offered(shown) == shown


def test_the_regular_price_stays_only_beside_the_price_it_belongs_to() -> None:
    assert as_offered(SHIRT, (DEAR,)).list_price == Money(3500, "EUR")
    assert as_offered(SHIRT).list_price is None


def test_items_whose_variants_have_no_price_of_their_own_stay_as_they_are() -> None:
    plain = replace(SHIRT, variants=SHIRT.variants[3:])
    assert as_offered(plain, (SMALL, DEAR)) is plain
    assert (is_from(plain), cheapest(plain)) == (False, None)
    assert not is_from(replace(plain, price=None))


def test_of_several_currencies_the_items_own_counts() -> None:
    mixed = (Variant("a", {}, Money(100, "USD")), Variant("b", {}, Money(900, "EUR")))
    assert as_offered(replace(SHIRT, variants=mixed)).price == Money(900, "EUR")
    assert as_offered(replace(SHIRT, price=None, variants=mixed)).price == Money(100, "USD")


def test_sold_out_items_keep_their_variants_and_the_least_price() -> None:
    gone = replace(SHIRT, variants=tuple(replace(one, stock=0) for one in SHIRT.variants))
    assert (as_offered(gone).price, as_offered(gone).in_stock) == (Money(1000, "EUR"), False)


def test_a_price_can_be_shown_beside_all_variants() -> None:
    shown = priced_as_offered(SHIRT, (SMALL,))
    assert (shown.price, shown.variants) == (Money(4500, "EUR"), SHIRT.variants)
