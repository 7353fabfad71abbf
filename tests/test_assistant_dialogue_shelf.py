"""What is said of shown items, what a message is for, and what it takes back."""

import pytest
from dialogue_shops import RIDGE, SUMMIT, entry, on_shelf, outdoor, told

from assistant.nouns import Intent
from index.filters import Op
from index.items import Item, Money

COMPARISONS = [
    ("cheaper than the second one", ["price < 60.00 USD"]),
    ("anything cheaper than the third?", ["price < 120.00 USD"]),
    ("less than the first", ["price < 80.00 USD"]),
    ("less expensive than #3", ["price < 120.00 USD"]),
    ("something cheaper than the Ridge Rain Jacket", ["price < 60.00 USD"]),
    ("under the price of the first one", ["price < 80.00 USD"]),
    ("more expensive than the second one", ["price > 60.00 USD"]),
    ("cheaper", ["price < 60.00 USD"]),
    ("something cheaper please", ["price < 60.00 USD"]),
    ("show me cheaper ones", ["price < 60.00 USD"]),
    ("do you have anything less expensive?", ["price < 60.00 USD"]),
    ("is there something more affordable?", ["price < 60.00 USD"]),
    ("too expensive", ["price < 60.00 USD"]),
    ("sorry, these are all too expensive", ["price < 60.00 USD"]),
    ("the third one is too expensive", ["price < 120.00 USD"]),
    ("too cheap", ["price > 120.00 USD"]),
    ("I want something more expensive", ["price > 120.00 USD"]),
    ("something in between", ["price > 60.00 USD", "price < 120.00 USD"]),
    ("something between the first and the third in price", ["price > 80.00 USD", "price < 120.00 USD"]),
    ("better quality than the second one", ["~price > 60.00 USD"]),
    ("cheaper than the second one but in blue", ["price < 60.00 USD", "color = Blue"]),
    ("g\u00fcnstiger als der zweite", ["price < 60.00 USD"]),
    ("moins cher", ["price < 60.00 USD"]),
    ("m\u00e1s barato", ["price < 60.00 USD"]),
    ("similar to the first one but cheaper", ["price < 80.00 USD"]),
    ("not too expensive", []),
    ("which one is cheaper?", []),
    ("the cheaper one", []),
]

POINTED = [
    ("not that brand", ["brand != Alba"]),
    ("no more of this brand", ["brand != Alba"]),
    ("another brand please", ["brand != Alba"]),
    ("do you have a different brand?", ["brand != Alba"]),
    ("I don't like this brand", ["brand != Alba"]),
    ("I don't like the brand of the third one", ["brand != Luma (fictional store)"]),
    ("I don't like these brands", ["brand not in Alba|Teton Works|Luma (fictional store)"]),
    ("more of this brand", ["brand = Alba"]),
    ("not the second one", ["id != j2"]),
    ("not this one", ["id != j1"]),
    ("I don't like the third", ["id != j3"]),
    ("anything but the first one", ["id != j1"]),
    ("hide the first one", ["id != j1"]),
    ("don't show me the second one again", ["id != j2"]),
    ("no red ones", ["color != Red"]),
    ("I like the second one but not in green", ["color != Green"]),
]

TARGETS = [
    ("tell me about the first one", ["j1"]),
    ("is the 2nd one warm?", ["j2"]),
    ("the third", ["j3"]),
    ("what about #2?", ["j2"]),
    ("option 3 looks good", ["j3"]),
    ("number two please", ["j2"]),
    ("the last one", ["j3"]),
    ("compare the first two", ["j1", "j2"]),
    ("the last two", ["j2", "j3"]),
    ("the first and the third", ["j1", "j3"]),
    ("the cheapest one", ["j2"]),
    ("is the most expensive one waterproof?", ["j3"]),
    ("the cheaper one", ["j2"]),
    ("is the blue one waterproof?", ["j1"]),
    ("how heavy is the Alba one?", ["j1"]),
    ("is the Glacier warm?", ["j3"]),
    ("does the Ridge jacket have pockets?", ["j2"]),
    ("I'll take the Alba Storm Jacket", ["j1"]),
    ("how much is it?", ["j1"]),
    ("are these waterproof?", ["j1", "j2", "j3"]),
    ("the seventh one", []),
    ("first aid kit", []),
    ("for the first time", []),
    ("second hand boots", []),
]

INTENTS: list[tuple[str, Intent]] = [
    ("show me blue jackets", "search"),
    ("do you have it under 50?", "search"),
    ("do you have jackets in M?", "search"),
    ("how about under 50?", "search"),
    ("can you make it waterproof and under 40?", "search"),
    ("any in green?", "search"),
    ("jacket with free delivery", "search"),
    ("cheaper than the second one", "search"),
    ("is there anything cheaper than the second one?", "search"),
    ("not that brand", "search"),
    ("show me others", "more"),
    ("something else", "more"),
    ("any other suggestions?", "more"),
    ("more like the second", "more"),
    ("something similar to the third one", "more"),
    ("I don't like them", "more"),
    ("is the second one waterproof?", "ask_item"),
    ("how much is it?", "ask_item"),
    ("what's it made of?", "ask_item"),
    ("does it come in blue?", "ask_item"),
    ("which sizes does the first one come in?", "ask_item"),
    ("which of these are waterproof?", "ask_item"),
    ("is it under 50?", "ask_item"),
    ("tell me more about the third one", "ask_item"),
    ("do you have the second one in blue?", "ask_item"),
    ("what's your return policy?", "ask_policy"),
    ("how long does delivery take?", "ask_policy"),
    ("can I return the second one?", "ask_policy"),
    ("do you ship to Canada?", "ask_policy"),
    ("is there a warranty?", "ask_policy"),
    ("the red jacket I ordered is too small, can I swap it for an L?", "ask_policy"),
    ("I bought a red jacket, can you find me a scarf to replace my old one?", "search"),
    ("woraus ist Nummer 2 gemacht?", "ask_item"),
    ("le num\u00e9ro 2 est fait en quoi ?", "ask_item"),
    ("do you offer gift wrapping?", "ask_policy"),
    ("can I pay by credit card?", "ask_policy"),
    ("compare the first two", "compare"),
    ("what's the difference between the first and the third?", "compare"),
    ("which is better?", "compare"),
    ("the second one or the third, which should I take?", "compare"),
    ("start over", "release"),
    ("hi", "greet"),
    ("Good morning!", "greet"),
    ("how are you?", "greet"),
    ("thanks!", "thanks"),
    ("thank you so much, bye", "thanks"),
    ("who are you?", "other"),
    ("tell me a joke", "other"),
    ("", "other"),
    ("???", "other"),
]


@pytest.mark.parametrize(("message", "expected"), COMPARISONS)
def test_prices_are_compared_with_what_is_shown(message: str, expected: list[str]) -> None:
    assert told(on_shelf(message)) == expected


@pytest.mark.parametrize(("message", "expected"), POINTED)
def test_shown_items_and_their_brands_are_refused(message: str, expected: list[str]) -> None:
    assert told(on_shelf(message)) == expected


@pytest.mark.parametrize(("message", "expected"), TARGETS)
def test_finds_the_items_spoken_of(message: str, expected: list[str]) -> None:
    assert list(on_shelf(message).targets) == expected


@pytest.mark.parametrize(("message", "expected"), INTENTS)
def test_tells_what_a_message_is_for(message: str, expected: Intent) -> None:
    assert on_shelf(message).intent == expected


def test_that_brand_is_the_brand_of_the_item_spoken_of_last() -> None:
    assert told(on_shelf("not that brand", focus=RIDGE)) == ["brand != Teton Works"]
    assert told(on_shelf("that's too expensive", focus=SUMMIT)) == ["price < 120.00 USD"]
    assert on_shelf("is it waterproof?", focus=SUMMIT).targets == ("j3",)


def test_a_brand_that_is_not_recorded_is_said_unread() -> None:
    nameless = Item("n", "Plain Jacket")
    reading = on_shelf("not that brand", focus=nameless)
    assert (told(reading), reading.unread) == ([], ("not that brand",))


def test_a_place_beyond_the_shelf_is_said_unread() -> None:
    assert on_shelf("the seventh one please").unread == ("the seventh one",)


def test_cheaper_than_nothing_shown_is_said_unread() -> None:
    reading = outdoor("something cheaper")
    assert (told(reading), reading.unread) == ([], ("cheaper",))


def test_a_question_adds_no_constraint_but_a_wish_beside_it_does() -> None:
    assert told(on_shelf("Is the second one waterproof?")) == []
    assert told(on_shelf("Does it come in blue?")) == []
    reading = on_shelf("How long does delivery take? I need a red jacket under 60.")
    assert (reading.intent, told(reading)) == ("ask_policy", ["color = Red", "kind in jacket", "price < 60.00 USD"])


def test_what_a_question_is_about() -> None:
    assert on_shelf("is the second one waterproof?").subject == "waterproof"
    assert on_shelf("does it come in blue?").subject == "blue"
    assert on_shelf("how much is it?").subject == "price"


LEDGER = (
    entry("c1", "kind", Op.IN, ("jacket",)),
    entry("c2", "price", Op.LE, Money.of(60, "USD")),
    entry("c3", "color", Op.NE, "Red"),
    entry("c4", "brand", Op.NE, "Luma (fictional store)"),
    entry("c5", "size", Op.EQ, "M"),
    entry("c6", "waterproof", Op.EQ, "Yes"),
)


@pytest.mark.parametrize(
    ("message", "released"),
    [
        ("forget the budget", ["c2"]),
        ("forget about my budget", ["c2"]),
        ("price doesn't matter", ["c2"]),
        ("the price is not important", ["c2"]),
        ("any price is fine", ["c2"]),
        ("I don't care about the price", ["c2"]),
        ("no budget", ["c2"]),
        ("money is no object", ["c2"]),
        ("any colour", ["c3"]),
        ("any color is fine", ["c3"]),
        ("remove the brand filter", ["c4"]),
        ("any brand", ["c4"]),
        ("brand and size don't matter", ["c4", "c5"]),
        ("Luma is ok after all", ["c4"]),
        ("actually red is fine", ["c3"]),
        ("I don't mind Luma", ["c4"]),
        ("whatever size", ["c5"]),
        ("it doesn't need to be waterproof", ["c6"]),
        ("forget waterproof", ["c6"]),
        ("start over", ["c1", "c2", "c3", "c4", "c5", "c6"]),
        ("let's try something completely different", ["c1", "c2", "c3", "c4", "c5", "c6"]),
        ("egal welche Marke", ["c4"]),
        ("peu importe la couleur", ["c3"]),
        ("cualquier marca", ["c4"]),
        ("under 50", []),
        ("no wool", []),
        ("my budget is 50", []),
    ],
)
def test_takes_back_what_was_asked(message: str, released: list[str]) -> None:
    assert list(on_shelf(message, ledger=LEDGER).released) == released


def test_taking_back_adds_nothing() -> None:
    for message in ("forget the budget", "any colour", "actually red is fine", "Luma is ok after all", "no budget"):
        assert told(on_shelf(message, ledger=LEDGER)) == []
        assert on_shelf(message, ledger=LEDGER).intent == "release"


def test_any_colour_but_one_takes_back_and_refuses() -> None:
    reading = on_shelf("any colour but black", ledger=LEDGER)
    assert (list(reading.released), told(reading)) == (["c3"], ["color != Black"])


@pytest.mark.parametrize("message", ["more", "next", "next please", "any others", "ok, more"])
def test_one_word_asks_for_more(message: str) -> None:
    assert on_shelf(message).intent == "more"


@pytest.mark.parametrize("message", ["something similar to the second", "like the second", "more like the second one"])
def test_asks_for_what_is_like_a_shown_item(message: str) -> None:
    reading = on_shelf(message)
    assert (reading.intent, reading.targets, reading.constraints) == ("more", ("j2",), ())


def test_liking_an_item_asks_for_nothing_like_it() -> None:
    assert on_shelf("I like the second one").intent == "other"


@pytest.mark.parametrize(
    "message",
    [
        "why is the second ranked below the first?",
        "is the Ridge Rain Jacket not waterproof?",
        "is the first one cheaper than the second?",
    ],
)
def test_a_question_about_shown_items_sets_no_limit(message: str) -> None:
    reading = on_shelf(message)
    assert (reading.intent, reading.constraints) == ("ask_item", ())


@pytest.mark.parametrize(
    ("message", "released"),
    [
        ("ok drop the minimum", ("c1",)),
        ("drop the maximum", ("c2",)),
        ("remove the upper price limit", ("c2",)),
        ("forget the budget", ("c1", "c2")),
        ("wool is fine after all", ("c3",)),
    ],
)
def test_takes_back_one_end_of_a_range_or_a_refusal(message: str, released: tuple[str, ...]) -> None:
    ledger = (
        entry("c1", "price", Op.GE, Money.of("50", "USD")),
        entry("c2", "price", Op.LE, Money.of("90", "USD")),
        entry("c3", "text", Op.NE, "wool"),
    )
    reading = on_shelf(message, ledger=ledger)
    assert (reading.intent, reading.released, reading.constraints, reading.words) == ("release", released, (), "")
