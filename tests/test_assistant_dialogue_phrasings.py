"""Ways of saying things that the rules once missed: in two halves, by a field's name, misspelt, in Italian."""

import pytest
from dialogue_shops import attic, corner, entry, on_shelf, outdoor, told

from assistant.dialogue.reader import ReadingContext
from assistant.nouns import Constraint
from index.filters import Op
from index.items import Money


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("please leave Alba out", ["brand != Alba"]),
        ("swap leather for something else", ["material != Leather"]),
        ("I don't trust Alba any more", ["brand != Alba"]),
        ("que no sea de Alba", ["brand != Alba"]),
        ("senza pelle", ["material != Leather"]),
        ("non di Alba", ["brand != Alba"]),
    ],
)
def test_what_is_refused_in_other_words_is_refused(message: str, wanted: list[str]) -> None:
    assert told(outdoor(message)) == wanted


@pytest.mark.parametrize("message", ["we just moved and still have no tent", "I have no tent yet"])
def test_what_somebody_lacks_is_not_refused(message: str) -> None:
    assert told(outdoor(message)) == ["kind in tent"]


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("a backpack, capacity: 20 L", ["kind in backpack", "capacity = 20 L"]),
        ("the capacity should be 20 L or 35 L", ["capacity in 20 L|35 L"]),
        ("the fit must not be slim", ["fit != Slim"]),
        ("without activity travel", ["activity != Travel"]),
        ("I'd rather have capacity 35 L", ["~capacity = 35 L"]),
        ("capacity 35 L if possible", ["~capacity = 35 L"]),
    ],
)
def test_a_field_called_by_its_name(message: str, wanted: list[str]) -> None:
    assert told(outdoor(message)) == wanted


def test_a_field_named_without_a_value_of_its_own_says_nothing() -> None:
    assert told(outdoor("the capacity should be gigantic")) == []


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("a jacket betewen 40 and 80", ["kind in jacket", "price >= 40.00 USD", "price <= 80.00 USD"]),
        ("a jacket unedr 80", ["kind in jacket", "price < 80.00 USD"]),
        ("antyhing but red", ["color != Red"]),
    ],
)
def test_a_slip_in_a_word_that_turns_the_meaning(message: str, wanted: list[str]) -> None:
    assert sorted(told(outdoor(message))) == sorted(wanted)


def test_a_slip_in_a_place_on_the_shelf() -> None:
    assert on_shelf("is the scond one waterproof?").targets == ("j2",)


def test_a_word_of_the_catalogue_is_no_slip() -> None:
    assert told(corner("black pepper, no milk")) == told(corner("Black pepper, no milk"))


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("50 dollars upwards", ["price >= 50.00 USD"]),
        ("a tent, $50 upwards", ["kind in tent", "price >= 50.00 USD"]),
        ("I'd spend 300 or more on a tent", ["price >= 300.00 USD", "kind in tent"]),
        ("a tent, 50 at the very most", ["kind in tent", "price <= 50.00 USD"]),
        ("al massimo 50", ["price <= 50.00 USD"]),
    ],
)
def test_money_in_other_words(message: str, wanted: list[str]) -> None:
    assert told(outdoor(message)) == wanted


@pytest.mark.parametrize("message", ["boots Black 42", "42 boots black"])
def test_a_bare_number_among_a_few_words_is_a_size_that_the_shop_has(message: str) -> None:
    assert "size = 42" in told(outdoor(message))


def test_a_bare_number_in_a_sentence_is_not() -> None:
    assert not any(line.startswith("size") for line in told(outdoor("I have been thinking about this for 42 days now")))


_LEDGER = (
    entry("c1", "color", Op.EQ, "Red"),
    entry("c2", "price", Op.LE, Money.of(80, "USD")),
    entry("c3", "material", Op.EQ, "Leather"),
)


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("okay, other colours too", ("c1",)),
        ("other materials are ok", ("c3",)),
        ("ignore my limit", ("c2",)),
        ("no limit on the price any more", ("c2",)),
        ("scrap everything I said", ("c1", "c2", "c3")),
        ("il prezzo non importa", ("c2",)),
        ("other colours are ugly", ()),
    ],
)
def test_what_is_taken_back_in_other_words(message: str, wanted: tuple[str, ...]) -> None:
    assert _released(message, _LEDGER) == wanted


def _released(message: str, ledger: tuple[Constraint, ...]) -> tuple[str, ...]:
    return outdoor(message, ReadingContext(ledger=ledger, turn=2)).released


@pytest.mark.parametrize("message", ["which is lighter, 1 or 3?", "put 1 and 3 side by side", "compare 1 and 3"])
def test_two_bare_numbers_set_side_by_side_are_places(message: str) -> None:
    reading = on_shelf(message)
    assert (reading.intent, reading.targets) == ("compare", ("j1", "j3"))


def test_two_bare_numbers_of_money_are_not() -> None:
    assert on_shelf("between 1 and 3 dollars").targets == ()


def test_a_thing_that_is_a_colour_as_well_is_refused_as_one() -> None:
    # `cream` is a kind of thing in that shop, and the conversation is about jackets already.
    context = ReadingContext(ledger=(entry("c1", "kind", Op.IN, ("jacket",)),), turn=2)
    assert told(attic("no rose ones", context)) == ["text != rose"]
