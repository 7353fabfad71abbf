"""The second opinion on sentences: what is backed passes, what is not is named."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.nouns import Evidence
from finetune.llm_statements import Found, Judge, distinct, opened
from index.items import Item, Money, Variant

JACKET = Item("j", "Storm Rain Jacket", "Alba", price=Money.of("79.99", "EUR"), options={"color": ("Green",)})
TENT = Item("t", "Teton Dome Tent", "Teton", attributes={"material": ("Polyester",)})
HAT = Item("h", "Wool Bobble Hat", "Alba", attributes={"material": ("Merino Wool",)})
JUDGE = Judge([JACKET, TENT, HAT])

PRICE = Evidence("e1", "fact", "price", "79.99 EUR", "costs 79.99 EUR", "j")
BUDGET = Evidence("e2", "constraint", "price", "100.00 EUR", "up to 100.00 EUR")
BOUGHT = Evidence("e3", "event", "purchase", "Wool Bobble Hat", "you bought Wool Bobble Hat in May 2026", "h")
COLOR = Evidence("e4", "fact", "color", "Green", "its color is Green", "j")


def faults(sentence: str, *cited: Evidence, offered: Sequence[str] = ("j",)) -> list[Found]:
    return JUDGE.faults(sentence, JACKET, cited, offered)


@pytest.mark.parametrize(
    ("sentence", "cited"),
    [
        ("At 79.99 EUR, it stays within the 100.00 EUR you set.", (PRICE, BUDGET)),
        ("It is green.", (COLOR,)),
        ("You bought Wool Bobble Hat in May 2026, and this is green.", (BOUGHT, COLOR)),
        ("It costs 80.00 EUR.", (Evidence("e", "fact", "price", "80 EUR", "80 EUR", "j"),)),
    ],
)
def test_what_the_evidence_says_passes(sentence: str, cited: tuple[Evidence, ...]) -> None:
    assert faults(sentence, *cited) == []


def test_quoted_words_of_the_shopper_are_no_claim() -> None:
    sentence = "Of these, it is the closest to \u201cmerino wool hat\u201d."
    asked = Evidence("e7", "contribution", "query", "1.2", "query adds 1.2", "j")
    for message, wanted in (("a hat of wool, merino", []), ("a wool hat", ["merino wool"]), ("", ["merino wool"])):
        found = JUDGE.faults(sentence, JACKET, (asked,), ("j",), message)
        assert [one.what for one in found] == wanted


@pytest.mark.parametrize(
    ("sentence", "stock", "wanted"),
    [
        ("It is available in green.", 2, []),
        ("Available in size M, as you asked.", 2, []),
        ("It is available in green.", 0, ["available"]),  # there is one, but it is sold out
        ("Available in size L, as you asked.", 2, ["Available"]),
        ("It is available, in green.", 2, ["available"]),
    ],
)
def test_available_is_what_a_piece_in_stock_has(sentence: str, stock: int, wanted: list[str]) -> None:
    sold = (
        Variant("green", {"color": "Green", "size": "M"}, stock=stock),
        Variant("red", {"color": "Red", "size": "M"} if stock else {"color": "Red", "size": "S"}, stock=1),
        Variant("gone", {"color": "Blue", "size": "L"}, stock=0),
    )
    jacket = replace(JACKET, variants=sold)
    size = Evidence("e5", "fact", "size", "M", "size: M L", "j")
    asked = Evidence("e6", "constraint", "size", "M", "size M")
    found = JUDGE.faults(sentence, jacket, (COLOR, size, asked), ("j",))
    assert [one.what for one in found if one.fault == "promise"] == wanted


@pytest.mark.parametrize(
    ("sentence", "cited", "wanted"),
    [
        ("At 69.99 EUR it is yours.", (PRICE,), ("number", "69.99")),
        ("It goes with Teton Dome Tent.", (COLOR,), ("name", "t")),
        ("It is made of merino wool.", (COLOR,), ("property", "merino wool")),
        ("It is cheaper than the others.", (BOUGHT,), ("comparison", "cheaper")),
        ("You bought one before.", (COLOR,), ("deed", "You bought")),
        ("Just as you asked.", (COLOR,), ("request", "you asked")),
        ("It is green and in stock.", (COLOR,), ("promise", "in stock")),
        ("It is green and perfect.", (COLOR,), ("opinion", "perfect")),
    ],
)
def test_what_it_does_not_say_is_found(sentence: str, cited: tuple[Evidence, ...], wanted: tuple[str, str]) -> None:
    assert [(one.fault, one.what) for one in faults(sentence, *cited)] == [wanted]


def test_an_item_of_the_shelf_may_be_named() -> None:
    assert faults("It is green, unlike Teton Dome Tent.", COLOR, offered=("j", "t")) == []


def test_items_that_were_not_offered_are_found_in_a_message() -> None:
    assert JUDGE.strangers("Storm Rain Jacket beats Teton Dome Tent.", ["j"]) == ["t"]
    assert JUDGE.strangers("Storm Rain Jacket beats Teton Dome Tent.", ["j", "t"]) == []


def test_distinct_runs_by_hand() -> None:
    assert distinct(["it is green", "it is red"], 1) == 4 / 6
    assert distinct(["it is green", "it is red"], 2) == 3 / 4
    assert distinct([], 2) == 0.0


def test_two_sentences_that_differ_in_values_only_are_said_alike() -> None:
    one = opened("It costs 79.99 EUR.", (PRICE,), {})
    other = opened("It costs 5.00 EUR.", (Evidence("e", "fact", "price", "5.00 EUR", "costs 5.00 EUR", "t"),), {})
    assert one == other == "It costs _."
