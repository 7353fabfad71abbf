"""Wishes let go of in whatever words, against a ledger that holds them."""

import pytest
from dialogue_shops import entry, outdoor

from assistant.dialogue.reader import ReadingContext
from index.filters import Op
from index.items import Money

LEDGER = (
    entry("c", "color", Op.EQ, "Red"),
    entry("b", "brand", Op.EQ, "Alba"),
    entry("p", "price", Op.LE, Money.of("60", "USD")),
    entry("m", "material", Op.NE, "Leather"),
)
GONE = [
    ("chuck out the brand", ["b"]),
    ("the colour was a silly idea, unset it", ["c"]),
    ("keep the price, the colour can go", ["c"]),
    ("all of that still stands bar the brand", ["b"]),
    ("what it's made of makes no odds", ["m"]),
    ("colour and brand are both open now", ["b", "c"]),
    ("I'm not wedded to Alba", ["b"]),
    ("hang the expense", ["p"]),
    ("I don't care how much it is", ["p"]),
    ("who makes it is all the same to me", ["b"]),
    ("I could live with another maker", ["b"]),
    ("the brand, I couldn't care less", ["b"]),
    ("lift the ban on leather", ["m"]),
    ("you may show leather again", ["m"]),
    ("die Marke ist mir schnuppe", ["b"]),
    ("oubliez aussi la couleur", ["c"]),
    ("borra el color", ["c"]),
    ("il colore \u00e8 indifferente", ["c"]),
]
HELD = [
    "don't drop the brand",
    "whatever you do keep it red",
    "the price is what matters most",
    "don't show me leather again",
    "I do care about the colour",
    "can I drop by and see the brand?",
]


def released(message: str) -> list[str]:
    return sorted(outdoor(message, ReadingContext(LEDGER, turn=2)).released)


@pytest.mark.parametrize(("message", "expected"), GONE)
def test_a_wish_is_let_go_in_whatever_words(message: str, expected: list[str]) -> None:
    assert released(message) == expected


@pytest.mark.parametrize("message", HELD)
def test_a_wish_spoken_of_stays(message: str) -> None:
    assert released(message) == []


def test_nothing_is_let_go_where_nothing_is_held() -> None:
    assert outdoor("chuck out the brand").released == ()
