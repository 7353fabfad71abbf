"""One message taken apart: what it asks for, and the questions beside; names and orders found in words."""

import pytest
from dialogue_shops import SHELF, on_shelf, outdoor

from assistant.dialogue.questions.parts import take_apart
from assistant.dialogue.questions.superlatives import answer_order, find_comparative, find_order
from assistant.dialogue.questions.titles import Titles
from assistant.explain.plain import is_hostile
from index.items import Item

APART = [
    (
        "a rain jacket under 150 and also what is your return policy?",
        "a rain jacket under 150", [("what is your return policy?", "ask_policy")],
    ),
    (
        "what is your return policy? and show me red jackets under 80 dollars",
        "show me red jackets under 80 dollars", [("what is your return policy?", "ask_policy")],
    ),
    (
        "hi. I need a tent under 300, do you deliver to Spain? thanks",
        "I need a tent under 300", [("do you deliver to Spain?", "ask_policy")],
    ),
    ("a backpack, is it waterproof?", "a backpack", [("is it waterproof?", "ask_item")]),
]  # fmt: skip

WHOLE = [
    "a rain jacket under 150",
    "what is your return policy?",
    "is there a warranty on boots?",
    "I bought shoes last month. Can I return them?",
    "a jacket that is warm and is waterproof",
    "do you have jackets and do you have boots?",
    "",
]


@pytest.mark.parametrize(("message", "request_part", "questions"), APART)
def test_a_request_and_its_questions_are_told_apart(
    message: str, request_part: str, questions: list[tuple[str, str]]
) -> None:
    parts = take_apart(message, outdoor, has_shelf=False)
    assert parts.request == request_part
    assert [(one.text, one.intent) for one in parts.questions] == questions
    assert all(one.text in message for one in parts.questions)


@pytest.mark.parametrize("message", WHOLE)
def test_a_message_of_one_piece_stays_whole(message: str) -> None:
    parts = take_apart(message, outdoor, has_shelf=False)
    assert (parts.request, parts.questions) == (message, ())


def test_what_is_asked_of_an_item_pointed_at_is_no_wish() -> None:
    parts = take_apart("I like the second one, does it come in XL?", on_shelf, has_shelf=True)
    assert parts.request == ""
    assert [(one.text, one.targets) for one in parts.questions] == [("does it come in XL?", ("j2",))]


def test_a_question_keeps_the_item_that_was_pointed_at_before_it() -> None:
    message = "I like the second one. does it come in XL? also what is the return policy?"
    parts = take_apart(message, on_shelf, has_shelf=True)
    assert [(one.intent, one.targets) for one in parts.questions] == [("ask_item", ("j2",)), ("ask_policy", ())]


ORDERS = [
    ("the cheapest of those", ("price", False, 1, True)),
    ("and the second cheapest?", ("price", False, 2, True)),
    ("what is the most expensive one?", ("price", True, 1, True)),
    ("the least expensive", ("price", False, 1, True)),
    ("which one is the heaviest?", ("field", True, 1, True)),
    ("which one is the driest?", ("unmeasured", True, 1, True)),
    ("le moins cher", ("price", False, 1, True)),
    ("show me the cheapest jacket", ("price", False, 1, False)),
]


@pytest.mark.parametrize(("message", "order"), ORDERS)
def test_orders_are_found_in_words(message: str, order: tuple[str, bool, int, bool]) -> None:
    found = find_order(message)
    assert found is not None
    assert (found.measure, found.most_first, found.place, found.is_all_that_is_asked) == order


@pytest.mark.parametrize("message", ["a warm vest", "most people like it", "the latest", "a gift for a guest", "best"])
def test_words_that_only_look_like_orders_are_none(message: str) -> None:
    assert find_order(message) is None


def test_comparatives_are_found_in_words() -> None:
    messages = ["is it cheaper?", "is it less expensive?", "is it blue?"]
    assert [one and one.said for one in map(find_comparative, messages)] == ["cheaper", "less expensive", None]


def test_weights_are_compared_across_units_and_silence_is_told() -> None:
    light = Item("a", "Ant Tent", attributes={"weight": ("900 g",)})
    heavy = Item("b", "Bee Tent", attributes={"weight": ("1.2 kg",)})
    silent = Item("c", "Cat Tent")
    order = find_order("the heaviest")
    assert order is not None
    answer = answer_order(order, [light, heavy, silent], is_hostile)
    assert answer.text == "The heaviest of these is Bee Tent, weight: 1.2 kg. The record of Cat Tent does not say."
    assert answer.about == ("b",)
    assert [(entry.id, entry.item_id) for entry in answer.evidence] == [("a1", "b"), ("a2", "a")]


def test_no_order_goes_further_than_the_shelf() -> None:
    order = find_order("the fourth cheapest")
    assert order is not None
    answer = answer_order(order, SHELF, is_hostile)
    assert answer.text == "Only 3 of these can be put in that order, so there is no fourth cheapest."
    assert not answer.known


TITLES = Titles(
    [
        Item("low", "Canvas Low Sneakers"),
        Item("high", "Canvas High Sneakers"),
        Item("cheese", "Cheddar Mature"),
        Item("oat", "Oat Milk Barista"),
        Item("red", "Red Dress Anna"),
        Item("blue", "Blue Dress Bea"),
        Item("green", "Green Dress Red"),
    ]
)
NAMED = [
    ("do the Canvas Low Sneakers come in green?", ("low",)),
    ("is the Canvas Low available in red?", ("low",)),
    ("is the canvas low waterproof?", ("low",)),
    ("is the Cheddar vegan?", ("cheese",)),
    ("is cheddar vegan?", ()),
    ("do you have oat milk?", ()),
    ("do you have a red dress?", ()),
    ("is the red dress machine washable?", ("red",)),
    ("show me the Canvas Low", ()),
    ("what is better, the Canvas Low or the Canvas High?", ("low", "high")),
]


@pytest.mark.parametrize(("message", "items"), NAMED)
def test_questions_name_items_by_their_titles(message: str, items: tuple[str, ...]) -> None:
    assert TITLES.asked_about(message) == items


@pytest.mark.parametrize(
    ("message", "item"),
    [("something like the Cheddar but cheaper", "cheese"), ("I like the Cheddar", None), ("like Canvas Low", "low")],
)
def test_something_like_an_item_names_it(message: str, item: str | None) -> None:
    named = TITLES.likened(message)
    assert (named.item_id if named else None) == item
