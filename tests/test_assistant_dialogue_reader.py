"""Promises of the reader for any text at all, and whole conversations over several turns."""

import time

import pytest
from dialogue_shops import CORNER, OUTDOOR, SHELF, corner, on_shelf, outdoor, said
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.ledger import add, remove
from assistant.dialogue.reader import ReadingContext
from assistant.nouns import Constraint
from index.items import Item

_WORDS = (
    "not no without under below than 50 100 $ \u20ac - to between and or but cheaper the second one it that "
    "brand blue Luma Alba "
    "M size in any forget budget jacket boots for with only , . ? ! don't want like prefer maybe free "
    "sugar 4 stars kg kids XL #2 "
    "first last of is are which how much first two hundred thousand k a an"
).split()


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_every_quote_stands_in_it(message: str) -> None:
    for reading in (outdoor(message), on_shelf(message), corner(message)):
        assert all(entry.quote and entry.quote in message for entry in reading.constraints)
        assert all(lost in message for lost in reading.unread)


@given(st.lists(st.sampled_from(_WORDS), max_size=40).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_any_shopping_talk_is_read_the_same_way_twice(message: str) -> None:
    reading = on_shelf(message)
    assert reading == on_shelf(message)
    assert all(entry.quote in message and entry.turn == 2 and entry.id == "" for entry in reading.constraints)
    assert set(reading.targets) <= {item.id for item in SHELF}


@given(st.lists(st.sampled_from(_WORDS), max_size=25).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_values_come_from_the_catalogue_or_the_message(message: str) -> None:
    brands = {*OUTDOOR.brands, *CORNER.brands}
    for entry in (*outdoor(message).constraints, *corner(message).constraints):
        value = entry.condition.value
        if entry.condition.field == "brand":
            assert set(value if isinstance(value, tuple) else (str(value),)) <= brands


@pytest.mark.parametrize(
    "message",
    [
        "not " * 500,
        "no, " * 500,
        "the " * 500,
        "between 1 and " * 140,
        "$" * 2000,
        "1." * 1000,
        "a hundred and " * 140,
        "not without " * 160,
        "red or " * 280,
        "the first and " * 140,
        "cheaper than the second one " * 70,
        "blue-" * 400,
        "'" * 2000,
        "under 50 " * 220,
        "forget the budget and " * 90,
        "9" * 2000,
        "a couple of " * 160,
        "jacket " * 280,
    ],
)
def test_long_messages_take_no_longer_than_their_length(message: str) -> None:
    best = min(_seconds(message) for _ in range(3))
    assert best < 0.4  # some 20 ms of the processor; a blow-up would take seconds


def _seconds(message: str) -> float:
    began = time.process_time()
    on_shelf(message)
    return time.process_time() - began


def _talk(messages: list[str], shown: tuple[Item, ...] = SHELF) -> list[str]:
    ledger: tuple[Constraint, ...] = ()
    for turn, message in enumerate(messages, start=1):
        reading = outdoor(message, ReadingContext(ledger, shown if turn > 1 else (), None, turn))
        ledger, _ = add(remove(ledger, reading.released), reading.constraints, turn)
    return [said(entry) for entry in ledger]


def test_a_conversation_gathers_what_was_asked() -> None:
    assert _talk(
        [
            "I need something warm for hiking",
            "a jacket",
            "under 100 dollars",
            "not that brand",
            "cheaper than the second one",
        ]
    ) == [
        "kind in jacket",
        "brand != Alba",
        "price < 60.00 USD",
    ]


def test_minds_change() -> None:
    assert _talk(["a blue jacket under 60 in M", "actually red", "make it 80", "size L", "boots instead"]) == [
        "color = Red",
        "price <= 80.00 USD",
        "size = L",
        "kind in boot",
    ]


def test_what_is_taken_back_is_gone() -> None:
    assert _talk(["no Luma, no red, under 60", "Luma is ok after all", "forget the budget"]) == ["color != Red"]


def test_features_add_up() -> None:
    assert _talk(["a waterproof backpack", "with a laptop sleeve", "no leather", "and no wool"]) == [
        "waterproof = Yes",
        "kind in backpack",
        "features = Laptop Sleeve",
        "material != Leather",
        "material != wool",
    ]
