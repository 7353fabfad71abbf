"""One meaning of conditions: worked examples, and the mask over a catalogue against the item asked alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.columns import Columns
from index.filters import Condition, Op, allowed, holds, holds_together, leading_number, of_values
from index.items import Item, Money, Variant

ANORAK = Item(
    id="anorak",
    title="Women's Rain Jacket - Navy",
    brand="Älva",
    description="Keeps you dry in the hills.",
    categories=("Women/Tops/Jackets & Coats", "Sale/Last chance"),
    price=Money(5999, "EUR"),
    attributes={"material": ("recycled nylon", "Vegan Leather"), "weight": ("340 g",)},
    options={"colour": ("Navy Blue", "Red"), "size": ("M", "L")},
    variants=(
        Variant("1", {"colour": "Navy Blue", "size": "M"}, stock=0),
        Variant("2", {"colour": "Navy Blue", "size": "L"}, stock=4),
        Variant("3", {"colour": "Red", "size": "M"}, price=Money(6999, "EUR"), stock=1),
    ),
    rating=4.2,
)


def _is(field: str, op: Op, value: str | float | Money | tuple[str, ...]) -> bool:
    return holds(ANORAK, Condition(field, op, value))


@pytest.mark.parametrize(
    ("op", "amount", "expected"),
    [
        (Op.LE, Money(5999, "EUR"), True),
        (Op.LT, Money(5999, "EUR"), False),
        (Op.LE, Money(9999, "USD"), False),
        (Op.GE, Money(1, "EUR"), True),
        (Op.EQ, Money(5999, "EUR"), True),
    ],
)
def test_prices_compare_to_the_minor_unit_in_one_currency(op: Op, amount: Money, expected: bool) -> None:
    assert _is("price", op, amount) is expected


def test_items_without_price_or_rating_meet_no_limit() -> None:
    bare = Item(id="x", title="Thing")
    assert not holds(bare, Condition("price", Op.LE, Money(10**9, "EUR")))
    assert not holds(bare, Condition("rating", Op.GE, 0.0))
    assert not holds(bare, Condition("rating", Op.NE, 3.0))


def test_brands_ignore_case_and_accents() -> None:
    assert _is("brand", Op.EQ, "ALVA")
    assert not _is("brand", Op.NE, "alva")
    assert _is("brand", Op.NOT_IN, ("Other", "Al"))
    assert holds(Item(id="x", title="Thing"), Condition("brand", Op.NE, "Alva"))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("women", True), ("Women/Tops", True), ("tops", True), ("Women/Jackets & Coats", False), ("Men", False)],
)
def test_categories_hold_below_a_path_or_segment(wanted: str, expected: bool) -> None:
    assert _is("category", Op.EQ, wanted) is expected
    assert _is("category", Op.NE, wanted) is not expected


@pytest.mark.parametrize(
    ("title", "categories", "kind", "expected"),
    [
        ("Women's Rain Jacket - Navy", (), "jackets", True),
        ("Women's Rain Jacket - Navy", (), "rain jacket", True),
        ("Women's Rain Jacket - Navy", (), "rain", False),
        ("Phone Case for Pixel 9", (), "phone", False),
        ("Phone Case for Pixel 9", (), "case", True),
        ("Jacket with hood", (), "hood", False),
        ("Trek 45L Backpack 2024", (), "backpack", True),
        ("Set of 4 Mugs", (), "mug", True),
        ("Sleeping Bag Liner", (), "sleeping bag", False),
        ("Sleeping Bag Aurora", (), "sleeping bag", True),
        ("Atlas Tee", (), "t-shirt", True),
        ("Atlas Tee", ("Men/Shorts",), "short", True),
        ("Antonia Racer Tank", ("Women/Bras & Tanks",), "bra", False),
        ("Antonia Racer", ("Women/Bras & Tanks",), "bra", True),
        ("Aurora", ("Outdoor/Sleeping Bags",), "sleeping bags", True),
        ("Aurora", ("Promotions/Women Sale",), "sale", False),
    ],
)
def test_kind_is_the_head_of_title_or_category(
    title: str, categories: tuple[str, ...], kind: str, expected: bool
) -> None:
    item = Item(id="x", title=title, categories=categories)
    assert holds(item, Condition("kind", Op.IN, (kind,))) is expected


def test_any_of_several_kinds_will_do() -> None:
    assert _is("kind", Op.IN, ("tent", "jacket"))
    assert not _is("kind", Op.NOT_IN, ("tent", "jacket"))


def test_values_are_met_by_whole_words() -> None:
    assert _is("material", Op.EQ, "Nylon")
    assert not _is("material", Op.EQ, "leath")
    assert not _is("material", Op.NE, "nylon")
    assert _is("material", Op.NE, "leather")  # `Vegan Leather` is none
    assert _is("material", Op.NE, "wool")


def test_field_names_ignore_spelling_and_number() -> None:
    assert _is("color", Op.EQ, "blue")
    assert _is("Materials", Op.EQ, "nylon")


def test_options_must_meet_in_one_variant_in_stock() -> None:
    blue, red = Condition("color", Op.EQ, "blue"), Condition("color", Op.EQ, "red")
    medium, large = Condition("size", Op.EQ, "M"), Condition("size", Op.EQ, "large")
    assert holds_together(ANORAK, (blue, large))
    assert not holds_together(ANORAK, (blue, medium))
    assert holds_together(ANORAK, (red, medium))
    assert not holds_together(ANORAK, (red, medium, Condition("price", Op.LE, Money(6500, "EUR"))))


SHIRT = Item(
    id="shirt",
    title="Shirt",
    price=Money(3000, "EUR"),
    list_price=Money(3500, "EUR"),
    variants=(
        Variant("s", {"size": "S"}, price=Money(4500, "EUR"), stock=3),
        Variant("m", {"size": "M"}, price=Money(2000, "EUR"), stock=2),
        Variant("l", {"size": "L"}, price=Money(1000, "EUR"), stock=0),
    ),
)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([("price", Op.LE, 1500)], False),  # nothing in stock costs that
        ([("price", Op.LE, 2500)], True),  # M
        ([("price", Op.GE, 4000)], True),  # S
        ([("price", Op.GT, 4500)], False),
        ([("price", Op.EQ, 3000)], False),  # no variant costs what the item is said to cost
        ([("price", Op.GE, 2500), ("price", Op.LE, 4000)], False),  # one below, one above
        ([("price", Op.GE, 4000), ("size", Op.EQ, "S")], True),
        ([("price", Op.LE, 2500), ("size", Op.EQ, "M")], True),
        ([("price", Op.LE, 4000), ("size", Op.EQ, "S")], False),
        ([("price", Op.LE, 2500), ("size", Op.EQ, "L")], False),
    ],
)
def test_where_variants_have_prices_one_in_stock_must_meet_all(
    conditions: list[tuple[str, Op, int | str]], expected: bool
) -> None:
    asked = [Condition(f, op, Money(v, "EUR") if isinstance(v, int) else v) for f, op, v in conditions]
    assert holds_together(SHIRT, asked) is expected
    assert Columns([SHIRT]).mask(asked).tolist() == [expected]


def test_a_dearer_variant_does_not_hide_behind_the_price_of_its_item() -> None:
    item = Item(id="x", title="Mug", price=Money(1000, "EUR"), variants=(Variant("v", {}, Money(3000, "EUR"), 1),))
    assert not holds(item, Condition("price", Op.LE, Money(2000, "EUR")))
    assert holds(replace(item, price=None), Condition("price", Op.LE, Money(3000, "EUR")))


def test_not_equal_fails_if_any_value_equals() -> None:
    assert not _is("colour", Op.NE, "red")
    assert _is("colour", Op.NE, "green")


def test_orderings_read_one_number_and_its_unit() -> None:
    assert _is("weight", Op.LT, 400.0)
    assert not _is("weight", Op.GT, 400.0)
    assert not _is("material", Op.GT, 0.0)


@pytest.mark.parametrize(
    ("held", "op", "wanted", "expected"),
    [
        ("8.9 kg", Op.LE, "300 g", False),
        ("0.3 kg", Op.LE, "300 g", True),
        ("0,3kg", Op.LT, "300 grams", False),
        ("300 g", Op.GE, "0.3 kg", True),
        ("10 oz", Op.LE, "283.5 g", True),  # 283.495
        ('27"', Op.GT, "68 cm", True),  # 68.58
        ("300", Op.LE, "300 g", False),  # of what, nobody says
        ("300 ml", Op.LE, "300 g", False),
        ("300 pages", Op.LE, "300 pages", True),
        ("8.9 kg", Op.LE, 9.0, True),
        ("8.9 kg", Op.LE, "9", True),
        ("8.9 kg", Op.LE, "light", False),
        ("9" * 400 + " g", Op.GT, "1 g", False),  # no amount anybody sells
    ],
)
def test_orderings_compare_amounts_of_one_kind(held: str, op: Op, wanted: str | float, expected: bool) -> None:
    item = Item(id="x", title="Thing", attributes={"weight": (held,)})
    assert holds(item, Condition("weight", op, wanted)) is expected
    assert Columns([item]).mask([Condition("weight", op, wanted)]).tolist() == [expected]


@pytest.mark.parametrize(
    ("text", "number"),
    [("20 L", 20.0), ("1,5kg", 1.5), ("4", 4.0), ("10 x 8 cm", None), ("2-4", None), ("L 20", None), ("", None)],
)
def test_leading_number(text: str, number: float | None) -> None:
    assert leading_number(text) == number


def test_text_is_the_record_without_reviews() -> None:
    assert _is("text", Op.EQ, "hill")
    assert _is("text", Op.EQ, "recycled nylon")
    assert not _is("text", Op.EQ, "dry hills")
    assert _is("text", Op.NE, "wool")
    assert not _is("text", Op.EQ, "")


# Few words, so that conditions and items meet often.
_word = st.sampled_from(
    ["blue", "Navy Blue", "red", "M", "medium", "S/M", "42", "EU 42", "20 L", "2000 ml", "20", "jacket", "rain jackets"]
)
_price = st.none() | st.builds(Money, st.integers(0, 3), st.sampled_from(["EUR", "USD"]))
_stock = st.sampled_from([None, 0, 1])
_fields = st.dictionaries(
    st.sampled_from(["color", "size", "capacity"]), st.lists(_word, min_size=1, max_size=2).map(tuple), max_size=2
)
_variants = st.lists(
    st.builds(Variant, st.just("v"), st.dictionaries(st.sampled_from(["color", "size"]), _word), _price, _stock),
    max_size=3,
).map(tuple)
_items = st.builds(
    Item,
    id=st.just("x"),
    title=st.lists(_word, min_size=1, max_size=3).map(" ".join),
    brand=st.sampled_from(["", "Alba", "ALBA", "Red"]),
    description=_word,
    categories=st.lists(
        st.sampled_from(["Women/Jackets", "Women/Tops/Jackets & Tees", "Men"]), max_size=2, unique=True
    ).map(tuple),
    price=_price,
    attributes=_fields,
    options=_fields,
    variants=_variants,
    stock=_stock,
    rating=st.sampled_from([None, 3.0, 4.5]),
)
_conditions = st.builds(
    Condition,
    st.sampled_from(
        ["price", "rating", "brand", "category", "kind", "text", "color", "colour", "size", "capacity", "x"]
    ),
    st.sampled_from(list(Op)),
    _word
    | st.sampled_from(["Alba", "women", "Women/Tops", "tee", "", "2 l", 3.0, 20.0, Money(1, "EUR"), Money(2, "USD")])
    | st.lists(_word, max_size=2).map(tuple),
)


@given(st.lists(_items, max_size=6), st.lists(_conditions, max_size=3), st.booleans())
def test_the_mask_says_what_each_item_says_alone(
    items: list[Item], conditions: list[Condition], in_stock: bool
) -> None:
    expected = [allowed(item, conditions, in_stock=in_stock) for item in items]
    np.testing.assert_array_equal(Columns(items).mask(conditions, in_stock=in_stock), expected)


@given(st.lists(_items, min_size=1, max_size=4), st.data())
def test_the_mask_follows_other_prices_and_stock(items: list[Item], data: st.DataObject) -> None:
    conditions = data.draw(st.lists(_conditions, min_size=1, max_size=3))
    before = Columns(items)
    before.mask(conditions)
    before.mask([Condition("price", Op.LE, Money(1, "EUR"))])
    row = data.draw(st.integers(0, len(items) - 1))
    variants = tuple(replace(one, price=data.draw(_price), stock=data.draw(_stock)) for one in items[row].variants)
    items[row] = replace(items[row], price=data.draw(_price), variants=variants)
    now = before.with_numbers({row: items[row]})
    np.testing.assert_array_equal(now.mask(conditions), [allowed(item, conditions) for item in items])


@pytest.mark.parametrize(
    ("field", "value", "refused"),
    [("material", "lambswool", True), ("material", "merino wool", True), ("material", "cotton", False)],
)
def test_a_refused_word_refuses_its_compounds(field: str, value: str, refused: bool) -> None:
    item = Item("a", "A", attributes={field: (value,)})
    for condition in (Condition(field, Op.NE, "wool"), Condition("text", Op.NE, "wool")):
        assert holds(item, condition) is not refused
        assert list(Columns([item]).mask([condition])) == [not refused]


def test_an_item_can_be_refused_by_its_id() -> None:
    items = [Item("a", "A"), Item("b", "B")]
    assert list(Columns(items).mask([Condition("id", Op.NE, "a")])) == [False, True]
    assert holds(items[0], Condition("id", Op.IN, ("a", "c")))


def test_a_short_word_is_not_found_inside_others() -> None:
    assert holds(Item("a", "Spring", description="A spring."), Condition("text", Op.NE, "ring"))


def test_values_make_one_condition() -> None:
    assert of_values("color", ["Red"]) == Condition("color", Op.EQ, "Red")
    assert of_values("color", ("Red", "Blue", "Red")) == Condition("color", Op.IN, ("Red", "Blue"))
    assert of_values("brand", ("Alba",), refused=True) == Condition("brand", Op.NE, "Alba")
    assert of_values("kind", ("tent",), refused=True) == Condition("kind", Op.NOT_IN, ("tent",))
