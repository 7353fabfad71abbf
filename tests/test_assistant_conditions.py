"""What callers ask of amounts and of variants, from the API's point of view, over a small shop with real encoders."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.assembly import House, assemble
from assistant.errors import BadRequestError
from assistant.exchange import Ask, SceneAsk, Shelf
from assistant.settings import load_settings
from assistant.web.schema import render_shelf
from index.filters import Condition, Op
from index.items import Money

ROWS: list[dict[str, Any]] = [
    {"id": "mixer", "title": "Stand Mixer", "price": 300, "attributes": {"weight": "8.9 kg", "length": "40 cm"}},
    {"id": "whisk", "title": "Balloon Whisk", "price": 12, "attributes": {"weight": "120 g", "length": "25 cm"}},
    {"id": "spoon", "title": "Wooden Spoon", "price": 5, "attributes": {"weight": "0.3 kg", "length": "30 cm"}},
    {"id": "pan", "title": "Frying Pan", "price": 40, "attributes": {"weight": "1.1 kg", "servings": "4"}},
    {"id": "pizza", "title": "\U0001f355", "price": 3},
    {"id": "braces", "title": "{price}", "price": 2},
    {
        "id": "shirt",
        "title": "Variant Shirt",
        "price": 30,
        "categories": ["Clothing/Shirts"],
        "variants": [
            {"id": "s", "options": {"size": "S"}, "price": 45, "stock": 3},
            {"id": "m", "options": {"size": "M"}, "price": 20, "stock": 2},
        ],
    },
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("shop")
    path = folder / "shop.jsonl"
    path.write_text("".join(json.dumps({**row, "currency": "EUR"}) + "\n" for row in ROWS), encoding="utf-8")
    made = assemble(load_settings(catalogue=path, data_dir=folder / "data", llm="none"), llm=None, demo=False)
    yield made
    made.close()


def shelf(house: House, *conditions: Condition, query: str = "") -> Shelf:
    return house.engine.recommend(SceneAsk("search" if query else "home", query=query, constraints=conditions))


def ids(found: Shelf) -> set[str]:
    return {each.item.id for each in found.recommendations}


def test_amounts_in_another_unit_are_converted_and_told_only_where_they_fit(house: House) -> None:
    found = shelf(house, Condition("weight", Op.LE, "300 g"))
    assert ids(found) == {"whisk", "spoon"}
    assert ids(shelf(house, Condition("weight", Op.LT, "0.3 kg"))) == {"whisk"}
    assert ids(shelf(house, Condition("weight", Op.GT, "2 lb"))) == {"mixer", "pan"}  # 907 g
    assert found.ledger[0].condition.value == "300 g"


def test_a_bare_number_among_several_units_is_refused_and_the_units_are_named(house: House) -> None:
    with pytest.raises(BadRequestError, match="needs a unit: values here are in kg and g") as caught:
        shelf(house, Condition("price", Op.LE, Money(10**6, "EUR")), Condition("weight", Op.LE, "300"))
    assert caught.value.fields == ("constraints.1.value",)


def test_a_bare_number_is_in_the_one_unit_of_its_field(house: House) -> None:
    found = shelf(house, Condition("length", Op.LE, "30"))
    assert ids(found) == {"whisk", "spoon"}
    assert found.ledger[0].condition.value == "30 cm"
    assert ids(shelf(house, Condition("servings", Op.GE, "4"))) == {"pan"}


@pytest.mark.parametrize(("value", "told"), [("3 l", "are in cm"), ("long", "one amount"), ("-3", "one amount")])
def test_an_amount_that_nothing_can_be_compared_with_is_refused(house: House, value: str, told: str) -> None:
    with pytest.raises(BadRequestError, match=told):
        shelf(house, Condition("length", Op.LE, value))


def shirt(house: House, query: str, *conditions: Condition) -> tuple[dict[str, Any], list[str], dict[str, Any]]:
    """The card, the reasons and the price evidence of the shirt as the API sends them."""
    found = json.loads(render_shelf(shelf(house, *conditions, query=query)))
    shown = next(each for each in found["recommendations"] if each["item"]["id"] == "shirt")
    facts = [e for e in found["evidence"] if (e["item_id"], e["kind"], e["name"]) == ("shirt", "fact", "price")]
    return shown["item"], [reason["text"] for reason in shown["reasons"]], facts[0]


def euros(amount: int) -> dict[str, Any]:
    return {"amount_minor": 100 * amount, "currency": "EUR"}


def test_a_variant_that_was_asked_for_is_shown_at_its_own_price(house: House) -> None:
    card, reasons, fact = shirt(house, "shirt size S under 50")
    assert (card["price"], card["price_from"]) == (euros(45), False)
    assert any("45.00 EUR" in told and "50.00 EUR" in told for told in reasons)
    assert not any("30.00" in told for told in reasons)
    assert (fact["value"], fact["ref"]) == ("45.00 EUR", "s")


def test_without_an_option_the_least_price_is_shown_as_such(house: House) -> None:
    card, reasons, fact = shirt(house, "shirt under 50")
    assert (card["price"], card["price_from"]) == (euros(20), True)
    assert any("20.00 EUR and up" in told for told in reasons)
    assert (fact["value"], fact["ref"], fact["text"]) == ("20.00 EUR", "m", "costs 20.00 EUR and up")


@pytest.mark.parametrize(
    ("query", "price", "is_from"),
    [("shirt size M under 25", 20, False), ("shirt under 25", 20, False), ("shirt from 40 euros", 45, False)],
)
def test_a_limit_leaves_the_variants_within_it(house: House, query: str, price: int, is_from: bool) -> None:
    card, _, _ = shirt(house, query)
    assert (card["price"], card["price_from"]) == (euros(price), is_from)


def test_what_no_variant_costs_is_not_found(house: House) -> None:
    for low, high in ((25, 40), (0, 19), (46, 99)):
        bounds = [Condition("price", op, Money(100 * n, "EUR")) for op, n in ((Op.GE, low), (Op.LE, high))]
        assert "shirt" not in ids(shelf(house, *bounds))


def test_chat_text_and_card_name_one_price(house: House) -> None:
    first = house.engine.respond(Ask("a shirt in size S under 50 euros"))
    assert first.recommendations[0].item.price == Money(4500, "EUR")
    assert "30.00" not in first.message + " ".join(r.text for r in first.recommendations[0].reasons)
    asked = house.engine.respond(Ask("how much does it cost?", first.conversation_id))
    assert "45.00 EUR" in asked.message


def test_what_a_query_says_and_nobody_can_read_is_told(house: House) -> None:
    found = json.loads(render_shelf(shelf(house, query="frying pan under 2 litres")))
    chat = house.engine.respond(Ask("frying pan under 2 litres"))
    assert found["recommendations"]
    assert found["unread"] == list(chat.request.unread) == ["under 2 litres"]
    assert found["note"] == "I could not place \u201cunder 2 litres\u201d, so nothing is filtered by it."
    assert found["note"] in chat.message
    assert json.loads(render_shelf(shelf(house, query="frying pan")))["unread"] == []


@pytest.mark.parametrize(("query", "told"), [("under 2 litres", "under 2 litres"), ("only in stock", "only in stock")])
def test_a_query_that_names_nothing_is_refused_with_its_words(house: House, query: str, told: str) -> None:
    with pytest.raises(BadRequestError, match=f"could not place \u201c{told}\u201d") as caught:
        shelf(house, query=query)
    assert caught.value.fields == ("query",)


@pytest.mark.parametrize(("query", "found"), [("\U0001f355", "pizza"), (" {PRICE} ", "braces")])
def test_a_title_of_symbols_is_found(house: House, query: str, found: str) -> None:
    assert ids(shelf(house, query=query)) == {found}
    with pytest.raises(BadRequestError, match="could not place"):
        shelf(house, query="\U0001f34d")
