"""The rules' reading and a tuned model's made one: what the rules hold items to stays, whatever the model writes."""

import random

import pytest
from dialogue_shops import OUTDOOR, SHELF, entry, said, told

from assistant.dialogue.combine import combined, is_settled
from assistant.dialogue.lines_reader import LinesReader, reading_fields
from assistant.dialogue.reader import CatalogueReader, Reading, ReadingContext
from assistant.dialogue.reading_lines import ALL, INTENTS, SIGNS, Lines, Sign, Wish
from assistant.dialogue.resolve import Resolver
from assistant.dialogue.understand import TunedReading, Understanding
from assistant.llm.chat_model import ChatModel
from assistant.llm.testing import GarbageModel, LyingModel, ScriptedModel, SilentModel
from assistant.nouns import Constraint
from index.filters import Condition, Op
from index.items import Money

READER = CatalogueReader(OUTDOOR, "USD")
RESOLVER = Resolver(OUTDOOR, READER)
SHOWN = ReadingContext(
    ledger=(entry("c1", "color", Op.EQ, "Red"), entry("c2", "price", Op.LE, Money.of(80, "USD"))),
    shown=SHELF,
    turn=2,
)


def both(message: str, lines: Lines, context: ReadingContext | None = None) -> Reading:
    context = context or ReadingContext()
    return combined(READER.read(message, context), lines, message, context, RESOLVER).reading


@pytest.mark.parametrize(
    ("field", "sign", "quote", "wanted"),
    [
        ("price", "<=", "80 bucks", "price <= 80.00 USD"),
        ("price", ">=", "1,200", "price >= 1200.00 USD"),
        ("price", "<=", "50 pounds", "price <= 50.00 GBP"),
        ("rating", ">=", "four stars", "rating >= 4"),
        ("rating", ">=", "4.5", "rating >= 4.5"),
        ("brand", "=", "alba", "brand = Alba"),
        ("brand", "!=", "Alba or Legend", "brand not in Alba|Legend"),
        ("color", "=", "navy blue", "color = Navy Blue"),
        ("color", "=", "rouge", "color = Red"),
        ("color", "=", "in red or blue", "color in Red|Blue"),
        ("size", "=", "42", "size = 42"),
        ("material", "=", "merino wool", "material = Merino Wool"),
        ("capacity", "=", "20 L", "capacity = 20 L"),
    ],
)
def test_a_quote_that_names_a_value_or_an_amount_is_a_condition(
    field: str, sign: Sign, quote: str, wanted: str
) -> None:
    resolved = RESOLVER.resolve(Wish(field, sign, quote))
    assert resolved is not None
    assert resolved.exact
    assert said(entry("", resolved.condition.field, resolved.condition.op, resolved.condition.value)) == wanted


@pytest.mark.parametrize(
    ("field", "sign", "quote"),
    [
        ("price", "<=", "cheap"),
        ("price", ">=", "three"),
        ("brand", "=", "Nobody"),
        ("brand", "=", "42"),  # a size; but a bare number says nothing of its field
        ("color", "=", "red jacket"),
        ("size", "<=", "42"),
    ],
)
def test_a_quote_that_says_anything_else_is_none(field: str, sign: Sign, quote: str) -> None:
    assert RESOLVER.resolve(Wish(field, sign, quote)) is None


def test_what_only_the_model_found_is_hard_where_it_names_a_value() -> None:
    reading = both("Alba for me, it is my favourite", Lines("search", "", (Wish("color", "=", "red"),)))
    assert told(reading) == ["brand = Alba"]  # `red` is not in the message at all
    reading = both("something rusty", Lines("search", "something rusty", (Wish("brand", "=", "rusty"),)))
    assert told(reading) == []


def test_a_preference_of_the_model_stays_one() -> None:
    message = "clothes next in the line of succession"
    assert told(both(message, Lines("search", "", (Wish("brand", "~", "next"),)))) == ["~brand = Next"]


def test_a_refusal_of_the_model_needs_a_no_in_its_sentence() -> None:
    message = "clothes next in the line of succession"
    assert told(both(message, Lines("search", "", (Wish("brand", "!=", "next"),)))) == []


def test_what_is_asked_about_is_not_asked_for() -> None:
    message = "is the second one waterproof?"
    reading = both(message, Lines("ask_item", "", (Wish("waterproof", "=", "waterproof"),)), SHOWN)
    assert (reading.intent, reading.constraints, reading.targets) == ("ask_item", (), ("j2",))


def test_words_are_the_models_without_those_of_conditions() -> None:
    lines = Lines("search", "rain jacket for my commute", ())
    reading = both("so tell me, rain jacket for my commute maybe, it pours here", lines)
    assert told(reading) == ["kind in rain jacket"]
    assert reading.words == "commute"


def test_what_the_rules_could_not_place_is_not_searched_for_either() -> None:
    lines = Lines("search", "jacket", (Wish("power", "=", "watts"), Wish("use", "=", "glamping")))
    read = both("a jacket under 3 watts for glamping", lines)
    assert (read.unread, read.words) == (("under 3 watts",), "glamping")


def test_places_of_the_model_are_targets_of_questions() -> None:
    message = "would numero dos do for a wedding?"
    assert both(message, Lines("ask_item", "a wedding", (), (), (2,)), SHOWN).targets in ((), ("j2",))


def test_the_model_takes_back_what_the_message_speaks_of() -> None:
    message = "honestly any old hue would do"
    assert both(message, Lines("release", "", (), ("color",)), SHOWN).released == ()  # `hue` names nothing here
    message = "the shade was never that essential"
    assert both(message, Lines("release", "", (), ("color",)), SHOWN).released == ("c1",)


def test_what_the_rules_made_nothing_of_is_what_the_model_says_once_there_is_a_shelf() -> None:
    nothing = Reading("other")
    for lines, wanted in (
        (Lines("more"), "more"),
        (Lines("release", "", (), ("price",)), "release"),
        (Lines("release", "", (), ("brand",)), "other"),  # no brand is asked for
        (Lines("search", "moon"), "other"),
        (Lines("ask_policy", "moon"), "other"),
    ):
        message = "spend whatever the moon costs"
        assert combined(nothing, lines, message, SHOWN, RESOLVER).reading.intent == wanted, lines
        first = combined(nothing, lines, message, ReadingContext(), RESOLVER).reading.intent
        assert first == (lines.intent if lines.intent in ("search", "ask_policy") else "other")


def test_two_items_are_compared_where_the_rules_could_not_tell_which_is_asked_about() -> None:
    asked = Reading("ask_item")
    found = combined(asked, Lines("compare", "", (), (), (1, 2)), "numero uno or dos", SHOWN, RESOLVER).reading
    assert (found.intent, found.targets) == ("compare", tuple(item.id for item in SHELF[:2]))
    one = combined(asked, Lines("ask_item", "", (), (), (1,)), "numero uno", SHOWN, RESOLVER).reading
    assert (one.intent, one.targets) == ("ask_item", (SHELF[0].id,))


def test_the_model_says_what_a_message_is_where_the_rules_hold_items_to_nothing() -> None:
    question, wish = "and which would you get in red then", Wish("color", "=", "red")
    asked = Reading("ask_item", targets=tuple(item.id for item in SHELF))
    found = combined(asked, Lines("search", "", (wish,)), question, SHOWN, RESOLVER).reading
    assert (found.intent, told(found)) == ("search", ["color = Red"])
    ruled = READER.read("a red jacket", SHOWN)
    for intent in INTENTS:
        assert combined(ruled, Lines(intent), "a red jacket", SHOWN, RESOLVER).reading.intent == "search"


def test_of_a_first_message_nothing_is_taken_back_compared_or_asked_about() -> None:
    for intent in ("more", "release", "compare", "ask_item"):
        assert combined(Reading("search"), Lines(intent), "hm", ReadingContext(), RESOLVER).reading.intent == "search"
    assert combined(Reading("search"), Lines("thanks"), "ta", ReadingContext(), RESOLVER).reading.intent == "thanks"


def test_a_property_that_the_rules_took_for_one_more_kind_is_heard_and_the_kinds_stay() -> None:
    message = "tent (20 L)"
    kinds = Constraint("", "hard", Condition("kind", Op.IN, ("tent", "bag")), 1, message, "reader")
    ruled = Reading("search", "", ("tent", "bag"), (kinds,))
    wish = Wish("capacity", "=", "20 L")
    heard = combined(ruled, Lines("search", "tent", (wish,)), message, ReadingContext(), RESOLVER).reading
    assert told(heard) == ["kind in tent|bag", "capacity = 20 L"]
    whole = combined(ruled, Lines("search", "tent (20 L)", (wish,)), message, ReadingContext(), RESOLVER).reading
    assert told(whole) == ["kind in tent|bag"]  # a part of the thing's name is no property of it


@pytest.mark.parametrize("message", ["a tent under 60", "show me more", "hello", "is it waterproof?"])
def test_a_model_that_lies_takes_nothing_back(message: str) -> None:
    lie = Lines("release", "", (), (ALL, "price", "color"))
    ruled = READER.read(message, SHOWN)
    assert both(message, lie, SHOWN).released == ruled.released


@pytest.mark.parametrize(
    "message",
    [
        "a red jacket under 80, not Alba, in M",
        "boots, no leather, at least 4 stars",
        "not black or red, size 42, between 20 and 60",
        "preferably blue, max 50 dollars, waterproof",
    ],
)
def test_no_reading_of_a_model_loses_what_the_rules_hold_items_to(message: str) -> None:
    fields = reading_fields(OUTDOOR, 16)
    words = message.split()
    rng = random.Random(message)
    ruled = {said(one) for one in READER.read(message, ReadingContext()).constraints if one.kind == "hard"}
    for _ in range(200):
        start = rng.randrange(len(words))
        quote = " ".join(words[start : rng.randint(start + 1, len(words))])
        wishes = tuple(Wish(rng.choice(fields), rng.choice(SIGNS), quote) for _ in range(rng.randint(0, 4)))
        lines = Lines(rng.choice(INTENTS), quote, wishes, (rng.choice((*fields, ALL)),), (rng.randint(1, 9),))
        found = both(message, lines)
        assert ruled <= {said(one) for one in found.constraints if one.kind == "hard"}
        assert all(one.quote in message for one in found.constraints)


@pytest.mark.parametrize(
    ("message", "settled"),
    [
        ("a red jacket under 80", True),
        ("boots please", True),
        ("hello", True),
        ("is the second one waterproof?", False),
        ("a jacket for my commute", False),
        ("drop everything red", False),
        ("ideally red", False),
    ],
)
def test_a_model_is_not_asked_where_every_word_was_read_as_a_condition(message: str, settled: bool) -> None:
    assert is_settled(READER.read(message, SHOWN), message) == settled
    model = ScriptedModel(lambda _: "search:")
    understanding(model).read(message, SHOWN, (), 1.0)
    assert len(model.prompts) == (not settled)


def test_what_the_rules_could_not_make_out_is_heard_if_the_model_can() -> None:
    message = "cotton is what she goes for"
    unsure = Reading("search", unread=("cotton is what",))
    heard = combined(unsure, Lines("search", "", (Wish("material", "=", "cotton"),)), message, SHOWN, RESOLVER).reading
    assert (told(heard), heard.unread) == (["material = Cotton"], ())


def understanding(model: ChatModel) -> Understanding:
    return Understanding(READER, None, TunedReading(LinesReader(model, OUTDOOR), RESOLVER))


@pytest.mark.parametrize("model", [ScriptedModel([]), SilentModel(), GarbageModel(1), LyingModel()])
def test_a_model_that_cannot_write_readings_changes_nothing(model: ChatModel) -> None:
    message = "a red jacket under 80 for my commute"
    understood = understanding(model).read(message, ReadingContext(), (), 1.0)
    assert told(understood.reading) == told(READER.read(message, ReadingContext()))


def test_a_missed_deadline_is_told() -> None:
    understood = understanding(ScriptedModel([])).read("a jacket for my commute", ReadingContext(), (), 1.0)
    assert understood.degraded == ("llm.reading: deterministic reader alone",)


def test_a_reading_of_the_model_is_traced() -> None:
    model = ScriptedModel(["search: jacket\nbrand = Legend"])
    understood = understanding(model).read("jacket of the Legend breed", ReadingContext(), ("before",), 1.0)
    assert "(before: before)" in model.prompts[0].messages[-1].content
    assert any(line.startswith("model proposes brand =") for line in understood.trace)
    assert understood.degraded == ()


@pytest.mark.parametrize(
    ("message", "wish"),
    [
        ("we already have a black jacket, show me boots", Wish("color", "=", "black")),
        ("my old black jacket ripped, need boots", Wish("color", "=", "black")),
        ("they already have enough cotton at home, boots please", Wish("material", "=", "cotton")),
    ],
)
def test_a_model_makes_no_condition_of_what_the_rules_heard_and_set_aside(message: str, wish: Wish) -> None:
    assert told(both(message, Lines("search", "boots", (wish,)))) == ["kind in boot"]
