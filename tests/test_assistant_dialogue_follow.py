"""From one turn to the next: what stays, what falls, and what is searched for."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.dialogue.follow import Followed, follow
from assistant.dialogue.ledger import describe
from assistant.dialogue.questions.titles import Titles
from assistant.dialogue.reader import CatalogueReader, ReadingContext
from assistant.dialogue.relax import relaxations
from assistant.nouns import Conversation, Turn
from index.build import build
from index.catalogue import Catalogue
from index.encoders import Encoders
from index.filters import Condition, Op
from index.testing import ColourImageEncoder, HashingTextEncoder

AT = datetime(2026, 5, 1, tzinfo=UTC)
ROWS: list[dict[str, object]] = [
    {"id": "j1", "title": "Fell Rain Jacket", "brand": "Alba", "categories": ["Clothing/Jackets"], "price": 90,
     "description": "A waterproof shell.", "variants": {"size": ["S", "M"], "color": ["Blue"]}},
    {"id": "j2", "title": "Moor Wool Jacket", "brand": "Brisk", "categories": ["Clothing/Jackets"], "price": 120,
     "description": "Warm wool.", "variants": {"size": ["M", "L"], "color": ["Red"]}},
    {"id": "b1", "title": "Tarn Backpack", "brand": "Alba", "categories": ["Bags/Backpacks"], "price": 70,
     "description": "Rolls shut.", "attributes": {"features": ["Waterproof", "Padded"]}},
    {"id": "b2", "title": "Beck Backpack", "brand": "Brisk", "categories": ["Bags/Backpacks"], "price": 40,
     "description": "Simple.", "attributes": {"features": ["Padded"]}},
]  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder: Path = tmp_path_factory.mktemp("shop")
    lines = [json.dumps({"currency": "EUR", "images": [], **row}) for row in ROWS]
    (folder / "shop.jsonl").write_text("\n".join(lines), encoding="utf-8")
    text, picture = HashingTextEncoder(), ColourImageEncoder()
    build(folder / "shop.jsonl", folder / "index", Encoders(text, picture))
    return Catalogue.open(folder / "index", text, picture)


def say(catalogue: Catalogue, *messages: str) -> Followed:
    """What the last of these messages leads to, said one after another."""
    reader = CatalogueReader(catalogue.vocabulary(), catalogue.currency)
    conversation = Conversation("c", None)
    followed: Followed | None = None
    for message in messages:
        turn = len(conversation.turns) + 1
        reading = reader.read(message, ReadingContext(ledger=conversation.ledger, turn=turn))
        followed = follow(conversation, reading, (), catalogue)
        kept = Turn(turn, message, "", followed.request, followed.ledger, (), None, AT)
        conversation = Conversation("c", None, (*conversation.turns, kept))
    assert followed is not None
    return followed


def conditions(followed: Followed) -> set[Condition]:
    return {entry.condition for entry in followed.ledger}


def test_a_property_that_a_kind_only_describes_is_looked_for_in_its_words(catalogue: Catalogue) -> None:
    jackets = say(catalogue, "a waterproof jacket")
    assert Condition("text", Op.EQ, "Waterproof") in conditions(jackets)
    assert catalogue.matching([entry.condition for entry in jackets.ledger]) == ["j1"]
    bags = say(catalogue, "a waterproof backpack")
    assert catalogue.matching([entry.condition for entry in bags.ledger]) == ["b1"]


def test_a_size_falls_with_the_kind_it_was_said_of_and_a_budget_stays(catalogue: Catalogue) -> None:
    followed = say(catalogue, "a jacket in M under 100 euros", "show me backpacks instead")
    assert [entry.condition.field for entry in followed.fallen] == ["size"]
    assert {entry.condition.field for entry in followed.ledger} == {"price", "kind"}


def test_words_gather_while_refining_and_begin_anew_with_another_kind(catalogue: Catalogue) -> None:
    assert say(catalogue, "something warm for hiking", "for the autumn").request.words.split()[0] == "warm"
    assert "hiking" not in say(catalogue, "a jacket for hiking", "show me backpacks").request.words


def test_no_ledger_id_is_given_twice_in_a_conversation(catalogue: Catalogue) -> None:
    first = say(catalogue, "a jacket under 100 euros")
    later = say(catalogue, "a jacket under 100 euros", "forget the budget", "up to 80 euros")
    used = {entry.id for entry in first.ledger}
    assert next(entry.id for entry in later.ledger if entry.condition.field == "price") not in used


@pytest.mark.parametrize(
    "message", ["I'd like something nice for myself", "show me something new", "surprise me", "any gift ideas?"]
)
def test_asking_for_anything_at_all_is_a_search(catalogue: Catalogue, message: str) -> None:
    assert say(catalogue, message).request.intent == "search"


def test_a_place_is_not_the_thing_looked_for(catalogue: Catalogue) -> None:
    assert conditions(say(catalogue, "something to keep dry in a backpack")) == set()
    assert Condition("kind", Op.IN, ("backpack",)) in conditions(say(catalogue, "I'm interested in a backpack"))


def test_a_raised_budget_is_the_nearest_that_shows_something(catalogue: Catalogue) -> None:
    followed = say(catalogue, "a jacket, at most 20 euros")
    found = relaxations(catalogue, followed.ledger, describe)
    assert (found[0].text, found[0].count) == ("up to 90.00 EUR", 1)


def test_a_value_that_is_only_sold_out_is_not_looked_for_in_words(catalogue: Catalogue) -> None:
    assert Condition("color", Op.EQ, "Green") not in conditions(say(catalogue, "a jacket"))
    entry = say(catalogue, "a red jacket under 100 euros").ledger
    assert Condition("color", Op.EQ, "Red") in {each.condition for each in entry}


def test_a_question_that_names_a_whole_title_is_about_that_item(catalogue: Catalogue) -> None:
    titles = Titles(catalogue)
    assert titles.asked_about("Is the Moor Wool Jacket in stock?") == ("j2",)
    assert titles.asked_about("the Beck backpack or the tarn backpack?") == ("b2", "b1")
    assert titles.asked_about("show me the Moor Wool Jacket") == ()
