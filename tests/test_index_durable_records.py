"""Items to records and back."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.durable.records import from_record, to_record
from index.items import Item, Money, Picture, Review, Variant

_text = st.text(max_size=12)
_money = st.none() | st.builds(Money, st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
_lists = st.dictionaries(_text, st.lists(_text, max_size=3).map(tuple), max_size=3)
_stock = st.none() | st.integers(0, 5)
_stars = st.none() | st.floats(1, 5)
_items = st.builds(
    Item,
    id=_text,
    title=_text,
    brand=_text,
    description=_text,
    categories=st.lists(_text, max_size=3).map(tuple),
    price=_money,
    list_price=_money,
    attributes=_lists,
    options=_lists,
    variants=st.lists(
        st.builds(Variant, _text, st.dictionaries(_text, _text, max_size=2), _money, _stock), max_size=2
    ).map(tuple),
    stock=_stock,
    rating=_stars,
    rating_count=st.integers(0, 9),
    pictures=st.lists(st.builds(Picture, st.just(Path("a/b.jpg")), _text), max_size=2).map(tuple),
    related=_lists,
    reviews=st.lists(st.builds(Review, _text, _text, _text, _stars, _text, _text), max_size=2).map(tuple),
)


@given(_items)
def test_items_survive_the_round_trip(item: Item) -> None:
    assert from_record(json.loads(json.dumps(to_record(item)))) == item
