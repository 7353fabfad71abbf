"""A small shop asked in its own engine: requests with questions beside them, orders of a shelf, facts, pictures."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from assistant.assembly import House, assemble
from assistant.exchange import Ask
from assistant.nouns import Reply
from assistant.settings import load_settings
from index.encoders import Encoders
from index.testing import ColourImageEncoder, HashingTextEncoder

ROWS = [
    {"id": "peak", "title": "Peak Rain Jacket", "brand": "Alba", "price": 120, "images": ["red.png"],
     "attributes": {"material": ["nylon"], "weight": ["0.6 kg"]},
     "description": "A warm jacket for wet days.",
     "variants": [{"id": "p1", "options": {"color": "Red", "size": "M"}, "stock": 3},
                  {"id": "p2", "options": {"color": "Blue", "size": "L"}, "stock": 3},
                  {"id": "p3", "options": {"color": "Red", "size": "L"}, "stock": 0}],
     "reviews": [{"rating": 5, "text": "Kept me dry all week."}, {"rating": 2, "text": "The zip broke in a month."}]},
    {"id": "dell", "title": "Dell Rain Jacket", "brand": "Borea", "price": 80, "special_price": 60,
     "images": ["red.png"],
     "attributes": {"material": ["cotton"], "weight": ["900 g"], "color": ["Green"]}},
    {"id": "fell", "title": "Fell Rain Jacket", "brand": "Borea", "price": 200, "images": ["blue.png"],
     "attributes": {"material": ["wool"], "weight": ["1.2 kg"], "color": ["Black"]}},
    {"id": "pack", "title": "Tor Backpack", "brand": "Alba", "price": 90, "images": ["green.png"]},
    {"id": "pack2", "title": "Kar {set of 2} Backpack", "brand": "Alba", "price": 12.99, "images": ["green.png"]},
    {"id": "mug", "title": "Camp Mug", "brand": "Alba", "price": 0, "images": ["blue.png"]},
]  # fmt: skip
KINDS = {"peak": "Clothing/Jackets", "dell": "Clothing/Jackets", "fell": "Clothing/Jackets"}
POLICIES = [
    {"id": "p1", "topic": "returns", "title": "Returns", "text": "You may return anything within 21 days."},
    {"id": "p2", "topic": "delivery", "title": "Delivery", "text": "Delivery takes three days."},
]


def open_shop(folder: Path, *, pictures: bool) -> House:
    for colour in ("red", "blue", "green"):
        Image.new("RGB", (8, 8), colour).save(folder / f"{colour}.png")
    rows = [
        {"currency": "EUR", "categories": [KINDS.get(str(row["id"]), "Outdoor/Bags")]}
        | {name: value for name, value in row.items() if pictures or name != "images"}
        for row in ROWS
    ]
    (folder / "shop.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "policies.json").write_text(json.dumps(POLICIES))
    settings = load_settings(catalogue=folder / "shop.jsonl", data_dir=folder / "data", llm="none", refit_s=0.0)
    return assemble(settings, encoders=Encoders(HashingTextEncoder(), ColourImageEncoder()))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = open_shop(tmp_path_factory.mktemp("shop"), pictures=True)
    yield house
    house.close()


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = open_shop(tmp_path_factory.mktemp("blind"), pictures=False)
    yield house
    house.close()


def talk(house: House, *messages: str | Ask) -> list[Reply]:
    replies: list[Reply] = []
    for message in messages:
        ask = Ask(message) if isinstance(message, str) else message
        conversation = replies[-1].conversation_id if replies else None
        ask = Ask(ask.message, conversation, picture=ask.picture)
        replies.append(house.engine.respond(ask))
    return replies


def shelf(reply: Reply) -> list[str]:
    return [each.item.id for each in reply.recommendations]


def limits(reply: Reply) -> list[str]:
    return [f"{e.condition.field} {e.condition.op.value} {e.condition.value}" for e in reply.ledger]


def photo(colour: str) -> Image.Image:
    return Image.new("RGB", (8, 8), colour)


@pytest.mark.parametrize(
    "message",
    [
        "a rain jacket under 150 and also what is your return policy?",
        "what is your return policy? and show me a rain jacket under 150 euros",
        "I need a rain jacket under 150, what is your return policy?",
    ],
)
def test_a_request_and_a_question_in_one_message_are_both_served(shop: House, message: str) -> None:
    first, later = talk(shop, message, "show me the jackets")
    assert "You may return anything within 21 days." in first.message
    assert set(shelf(first)) == {"peak", "dell"}
    assert set(shelf(later)) == {"peak", "dell"}
    for reply in (first, later):
        assert "price < 150.00 EUR" in limits(reply)
    assert set(first.message_evidence) <= {entry.id for entry in first.evidence}
    assert [entry.kind for entry in first.evidence if entry.id == first.message_evidence[0]] == ["policy"]


def test_a_question_about_what_the_same_message_asks_for_is_answered_of_what_is_shown(shop: House) -> None:
    (reply,) = talk(shop, "Dell rain jacket, is it on sale?")
    assert shelf(reply)[0] == "dell"
    assert reply.message.startswith("Yes: Dell Rain Jacket costs 60.00 EUR, reduced from 80.00 EUR.")


def test_a_story_before_a_question_asks_for_nothing(shop: House) -> None:
    (reply,) = talk(shop, "I bought a jacket here last month. Can I return it?")
    assert reply.request.intent == "ask_policy"
    assert not reply.recommendations


def test_several_questions_are_all_answered(shop: House) -> None:
    _, reply = talk(shop, "rain jackets", "how much is the Dell Rain Jacket? and what is your return policy?")
    assert "Dell Rain Jacket costs 60.00 EUR, reduced from 80.00 EUR." in reply.message
    assert "You may return anything within 21 days." in reply.message


def test_what_comes_first_in_an_order_is_told_of_the_shelf(shop: House) -> None:
    shown, first, second, lightest, warmest = talk(
        shop, "rain jackets", "the cheapest of those", "and the second cheapest?", "which one is the lightest?",
        "which one is the warmest?",
    )  # fmt: skip
    assert set(shelf(shown)) == {"peak", "dell", "fell"}
    assert first.message == "The cheapest of these is Dell Rain Jacket, at 60.00 EUR."
    assert second.message == "The second cheapest of these is Peak Rain Jacket, at 120.00 EUR."
    assert lightest.message == "The lightest of these is Peak Rain Jacket, weight: 0.6 kg."
    assert warmest.message == (
        "The records do not measure which of these is the warmest, so I will not put them in that order. "
        "What the shop writes: of Peak Rain Jacket \u201cA warm jacket for wet days.\u201d"
    )
    for reply in (first, second, lightest, warmest):
        assert shelf(reply) == shelf(shown)
        assert limits(reply) == limits(shown)


def test_an_order_is_told_only_of_what_a_limit_leaves(shop: House) -> None:
    *_, dearest = talk(shop, "rain jackets", "under 150", "which one is the most expensive?")
    assert dearest.message == "The most expensive of these is Peak Rain Jacket, at 120.00 EUR."


def test_more_of_one_item_but_cheaper_is_anchored_on_it(shop: House) -> None:
    (reply,) = talk(shop, "something like the Fell Rain Jacket but cheaper")
    assert "price < 200.00 EUR" in limits(reply)
    assert "fell" not in shelf(reply)
    assert shelf(reply)[0] in ("peak", "dell")


def test_whether_one_is_cheaper_than_another_sets_no_limit(shop: House) -> None:
    shown, reply = talk(shop, "rain jackets", "is the Dell Rain Jacket cheaper than the Fell Rain Jacket?")
    assert reply.message == "Yes: Dell Rain Jacket costs 60.00 EUR, Fell Rain Jacket costs 200.00 EUR."
    assert limits(reply) == limits(shown)


@pytest.mark.parametrize(
    ("before", "question", "answer"),
    [
        ("rain jackets without nuts", "what did I say about nuts?",
         "You asked for \u201cnot nuts\u201d (in your words: \u201cwithout nuts\u201d)."),
        ("rain jackets", "what did I say about nuts?",
         "Nothing that you asked for and that still counts is about \u201cnuts\u201d. "
         "What you asked for is \u201crain jacket\u201d."),
        ("rain jackets, not black", "did I say anything about black?", "You asked for \u201cnot Black\u201d."),
        ("rain jackets under 150", "what was my budget again?", "You asked for \u201cunder 150.00 EUR\u201d."),
        ("rain jackets under 150", "remind me what I asked for",
         "You asked for \u201crain jacket\u201d and \u201cunder 150.00 EUR\u201d."),
        ("black rain jackets", "why is everything black?", "You asked for \u201cBlack\u201d."),
        ("rain jackets", "why is everything black?",
         "Nothing that you asked for and that still counts is about \u201cblack\u201d. "
         "What you asked for is \u201crain jacket\u201d."),
    ],
)  # fmt: skip
def test_a_question_about_the_conversation_is_answered_from_the_ledger_and_is_no_wish(
    shop: House, before: str, question: str, answer: str
) -> None:
    shown, reply = talk(shop, before, question)
    assert reply.message == answer
    assert limits(reply) == limits(shown)
    assert set(shelf(reply)) == set(shelf(shown))
    cited = {entry.id: entry.ref for entry in reply.evidence}
    assert {cited[one] for one in reply.message_evidence} <= {entry.id for entry in reply.ledger}
    assert reply.message_evidence


def test_what_is_asked_of_the_whole_shelf_is_no_wish(shop: House) -> None:
    shown, reply = talk(shop, "rain jackets", "is everything wool?")
    assert reply.message == "By their records: Fell Rain Jacket."
    assert limits(reply) == limits(shown)


def test_an_allergy_told_as_a_question_is_still_a_wish(shop: House) -> None:
    _, reply = talk(shop, "rain jackets", "did I tell you I want no wool?")
    assert "material != wool" in limits(reply)
    assert "fell" not in shelf(reply)


def test_what_is_asked_back_beside_a_wish_does_not_take_the_wish_away(shop: House) -> None:
    _, reply = talk(shop, "rain jackets", "under 150, and what did I say about wool?")
    assert "price < 150.00 EUR" in limits(reply)
    assert "material" not in " ".join(limits(reply))


def test_items_named_off_the_shelf_are_compared_with_why_they_are_not_shown(shop: House) -> None:
    _, reply = talk(shop, "rain jackets under 150", "compare the Dell Rain Jacket and the Fell Rain Jacket")
    assert reply.message == (
        "Dell Rain Jacket: price: 60.00 EUR; material: cotton; weight: 900 g. "
        "Fell Rain Jacket: price: 200.00 EUR; material: wool; weight: 1.2 kg. "
        "If price decides, take Dell Rain Jacket. "
        "Fell Rain Jacket is not shown, as you asked for \u201cunder 150.00 EUR\u201d."
    )
    assert set(shelf(reply)) == {"peak", "dell"}


def test_an_item_pointed_at_is_compared_with_one_named(shop: House) -> None:
    shown, reply = talk(shop, "rain jackets", "how does the first one compare to the Tor Backpack?")
    assert reply.request.intent == "compare"
    assert reply.request.targets == (shelf(shown)[0], "pack")
    assert "Tor Backpack: price: 90.00 EUR." in reply.message


def test_an_exact_sum_in_another_currency_is_not_taken_for_one_in_ours(shop: House) -> None:
    (reply,) = talk(shop, "what costs exactly 12.99 USD?")
    assert limits(reply) == ["price = 12.99 USD"]
    assert not reply.recommendations
    assert "cannot convert other currencies" in reply.message


FACTS = [
    ("does the Peak Rain Jacket come in green?", "No: Peak Rain Jacket comes in Red and Blue, not in Green."),
    ("is the Peak Rain Jacket available in red in size M?", "Yes: Peak Rain Jacket comes in Red in size M."),
    ("is the Peak Rain Jacket available in XXL?", "No: Peak Rain Jacket comes in sizes M and L, not in size XXL."),
    ("is the Dell Rain Jacket made of cotton?", "Yes: Dell Rain Jacket has on record material: cotton."),
    ("is the Dell Rain Jacket under 50 euros?", "No: Dell Rain Jacket costs 60.00 EUR."),
    ("who makes the Dell Rain Jacket?", "Dell Rain Jacket is made by Borea."),
    ("is the Dell Rain Jacket free?", "No: Dell Rain Jacket costs 60.00 EUR, reduced from 80.00 EUR."),
    ("is the Camp Mug free?", "Yes: Camp Mug costs 0.00 EUR."),
    ("is the Fell Rain Jacket on sale?", "Fell Rain Jacket costs 200.00 EUR; its record names no reduced price."),
    (
        "what do reviews say about the Peak Rain Jacket?",
        "Peak Rain Jacket has 3.5 of 5 stars from 2 ratings. A buyer who gave 5 stars writes: "
        "\u201cKept me dry all week.\u201d A buyer who gave 2 stars writes: \u201cThe zip broke in a month.\u201d",
    ),
]


@pytest.mark.parametrize(("question", "answer"), FACTS)
def test_a_question_of_a_named_item_is_answered_from_its_record(shop: House, question: str, answer: str) -> None:
    (reply,) = talk(shop, question)
    assert reply.message == answer
    assert not reply.ledger


def test_versions_that_exist_only_apart_are_told_apart(shop: House) -> None:
    (reply,) = talk(shop, "is the Peak Rain Jacket available in red in size L?")
    assert reply.message.startswith("No: Peak Rain Jacket has no version in stock that is all of that at once")


@pytest.mark.parametrize("message", ["the second one", "tell me more about the second one"])
def test_an_item_pointed_at_is_told_of(shop: House, message: str) -> None:
    shown, reply = talk(shop, "rain jackets", message)
    item = shown.recommendations[1].item
    assert reply.message.startswith(f"{item.title}: price: {item.price}")
    assert f"brand: {item.brand}" in reply.message
    assert shelf(reply) == shelf(shown)


def test_what_costs_exactly_so_much_is_found(shop: House) -> None:
    (reply,) = talk(shop, "what costs exactly 12.99?")
    assert shelf(reply) == ["pack2"]
    assert limits(reply) == ["price = 12.99 EUR"]


def test_a_title_with_braces_is_plain_text(shop: House) -> None:
    (reply,) = talk(shop, "what costs exactly 12.99?")
    assert "Kar {set of 2} Backpack" in reply.message
    assert reply.recommendations[0].item.title == "Kar {set of 2} Backpack"


def test_no_relaxation_is_tighter_than_the_limit_in_force(shop: House) -> None:
    _, more = talk(shop, "rain jackets under 150", "More like the first one")
    assert not more.recommendations
    offered = [one.text for one in more.relaxations]
    assert "up to 200.00 EUR" in offered
    assert not [text for text in offered if text in ("up to 60.00 EUR", "up to 120.00 EUR")]


def test_a_picture_stays_with_the_request_until_another_thing_is_asked_for(shop: House) -> None:
    first, narrower, other = talk(shop, Ask("", picture=photo("green")), "under 50", "rain jackets")
    assert set(shelf(first)[:2]) == {"pack", "pack2"}
    assert shelf(narrower)[0] == "pack2"
    assert "picture" in {part.name for part in narrower.recommendations[0].ranked.contributions}
    assert other.message.startswith("I set your picture aside")
    assert "picture" not in {part.name for each in other.recommendations for part in each.ranked.contributions}


def test_a_picture_is_taken_back_in_words(shop: House) -> None:
    _, forgotten, later = talk(shop, Ask("", picture=photo("green")), "forget the picture", "under 100")
    assert forgotten.message.startswith("I no longer go by your picture.")
    for reply in (forgotten, later):
        assert "picture" not in {part.name for each in reply.recommendations for part in each.ranked.contributions}


def test_what_is_kept_of_a_picture_is_no_picture(shop: House) -> None:
    (reply,) = talk(shop, Ask("", picture=photo("red")))
    kept = shop.conversations.load(reply.conversation_id, None).turns[0].picture
    assert kept.startswith(f"{ColourImageEncoder().name}:")
    assert shop.catalogue.remembers(kept)
    assert not shop.catalogue.remembers(f"another:{kept.rpartition(':')[2]}")


def test_a_shop_without_pictures_says_that_it_cannot_search_by_one(blind: House) -> None:
    alone, worded = talk(blind, Ask("", picture=photo("red")), Ask("a rain jacket", picture=photo("red")))
    assert alone.message == (
        "I cannot search by your picture: the items of this shop have no pictures to compare it with. "
        "Please tell me in words what you are looking for."
    )
    assert not alone.recommendations
    assert alone.degraded == ("search.picture: words alone",)
    assert worded.message.startswith("I cannot search by your picture")
    assert set(shelf(worded)) == {"peak", "dell", "fell"}


def test_words_quoted_back_are_quoted_once(shop: House) -> None:
    (reply,) = talk(shop, "rain jacket that is dairy free")
    assert "\u201c\u201c" not in reply.message + "".join(one.text for one in reply.relaxations)


def test_what_is_said_to_be_dropped_is_dropped(shop: House) -> None:
    before, after = talk(shop, "rain jackets, not black", "no black? black is fine")
    assert "color != Black" in limits(before)
    assert "color != Black" not in limits(after)
    assert after.message.startswith("I dropped \u201cnot Black\u201d.")
    assert "fell" in shelf(after)


def test_turns_kept_before_pictures_were_still_load(shop: House) -> None:
    (reply,) = talk(shop, "rain jackets")
    turn = shop.conversations.load(reply.conversation_id, None).turns[0]
    assert turn.picture == ""
    assert turn.at < datetime.now(UTC)
