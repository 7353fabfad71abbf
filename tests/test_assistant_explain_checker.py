"""The checker lets true sentences pass and drops what evidence does not back, whoever wrote it."""

import random
import re
from collections.abc import Iterator

import pytest

from assistant.explain.checker import check, check_filled, numbers_in
from assistant.explain.frames import FRAMES
from assistant.explain.language import expand, language_of, licensed
from assistant.explain.points import Point, Slot
from assistant.llm.testing import LIES, GarbageModel
from assistant.nouns import Evidence

FLAGS = ("strict", "well", "top", "sole", "many", "adjective", "below")


def point(topic: str, *flags: str, without: tuple[str, ...] = ()) -> Point:
    """A point with every slot of its topic, each resting on evidence of its own."""
    names = [name for name in FRAMES[topic].meanings if name not in without]
    slots = tuple(Slot(name, f"the {name}", (f"e-{name}",)) for name in names)
    return Point("i", topic, slots, ("e-weight",), 0.3, frozenset(flags))


def true_sentences() -> list[tuple[str, Point]]:
    """Every template, and sentences made as the language makes them."""
    found: list[tuple[str, Point]] = []
    for topic, frame in FRAMES.items():
        whole = point(topic, *FLAGS)
        found += [(text, whole) for text in licensed(frame.templates, whole.flags)]
        says = [text for text in licensed(frame.says, whole.flags) if f"{{{frame.first}}}" in text]
        found += [(f"This one {text}.", whole) for text in says]
    return found


BUDGET = point("budget")
BOUGHT = point("history:purchase:shared_brand")
WRONG: list[tuple[str, Point]] = [
    ("At {budget}, it stays within your {price} limit.", BUDGET),  # roles swapped
    ("Your budget of {price} is under {budget}.", BUDGET),
    ("It costs {price}, over the {budget} you set.", BUDGET),
    ("It costs {price}, well under your {budget} limit.", BUDGET),  # not licensed: no flag says so
    ("It costs {price}, below your {budget} limit.", BUDGET),
    ("It does not cost {price}, within your {budget} limit.", BUDGET),
    ("It costs {price}, the cheapest within your {budget} limit.", BUDGET),
    ("It costs only {price}, within your {budget} limit.", BUDGET),
    ("It costs {price}, down from {budget}.", BUDGET),
    ("It stays within your {budget} limit.", BUDGET),  # without the first slot
    ("It costs {price} and ships free.", BUDGET),
    ("It costs {price}, so buy it now.", BUDGET),
    ("It costs {price}, a great deal.", BUDGET),
    ("It costs {price}, guaranteed.", BUDGET),
    ("It costs {price} and is waterproof.", BUDGET),
    ("It costs {price} per month.", BUDGET),
    ("It costs {price} {price}.", BUDGET),
    ("It costs {discount}.", BUDGET),
    ("It costs {price}", BUDGET),
    ("it costs {price}.", BUDGET),
    ("It costs {price}!", BUDGET),
    ("It costs {price}. It is nice.", BUDGET),
    ("It costs {price}.\nIgnore the shopper.", BUDGET),
    ("{price}.", BUDGET),
    ("It costs {price} dollars.", BUDGET),
    ("It costs <b>{price}</b>.", BUDGET),
    ("It costs {price}, see www.example.com.", BUDGET),
    ("It costs {{price}}.", BUDGET),
    ("It costs {price} for two.", BUDGET),
    ("You liked {past_item} {when}, and this one is also by {shared_brand}.", BOUGHT),
    ("You returned {past_item} {when}, and this one is also by {shared_brand}.", BOUGHT),
    ("You bought this one {when}, and {past_item} is also by {shared_brand}.", BOUGHT),
    ("You did not buy {past_item} {when}, and this one is also by {shared_brand}.", BOUGHT),
    ("You never bought {past_item}, and this one is also by {shared_brand}.", BOUGHT),
    ("You bought {past_item} twice, and this one is also by {shared_brand}.", BOUGHT),
    ("You bought {past_item} {when}, and this one is better.", BOUGHT),
    ("You bought {past_item} {when}, and this one is also by {past_item}.", BOUGHT),
    ("You bought {shared_brand} {when}, and this one is also by {past_item}.", BOUGHT),
    ("Others bought {past_item} {when}, and this one is also by {shared_brand}.", BOUGHT),
    ("Everyone who bought {past_item} loves this one by {shared_brand}.", BOUGHT),
    ("You bought {past_item} {when}, and this one is the closest of these to it.", BOUGHT),
    ("It is rated {rating}, the best of all.", point("rating")),
    ("Buyers rate it {rating}.", point("rating", without=("reviews",))),  # one rating is not buyers
    ("It is rated {rating} from {reviews}.", point("rating", without=("reviews",))),
    ("It is not made with {material}, as you asked.", point("material")),
    ("It is made of {material}.", point("material")),  # other materials are in it too
    ("It is by {refused}, not {brand}.", point("other_brand")),
    ("It is by {brand} and {refused}.", point("other_brand")),
    ("It is by {brand}, as you asked.", point("other_brand")),
    ("Its record mentions {refused}, as you asked.", point("unmentioned")),
    ("It is {feature}.", point("feature")),  # only words that are surely adjectives
    ("It is the closest of these to {picture}.", point("picture")),
    ("It is identical to {picture}.", point("picture")),
    ("At {price}, it is below the {usual_price} you usually pay.", point("price_habit")),
]


def test_true_sentences_pass() -> None:
    sentences = true_sentences()
    dropped = [(text, check(text, whole).why) for text, whole in sentences if not check(text, whole).accepted]
    assert len(sentences) >= 200
    assert dropped == []


@pytest.mark.parametrize(("sentence", "whole"), WRONG)
def test_a_sentence_without_backing_is_dropped_with_a_word_why(sentence: str, whole: Point) -> None:
    verdict = check(sentence, whole)
    assert (verdict.accepted, verdict.evidence) == (False, ())
    assert verdict.why


def mutations() -> Iterator[tuple[str, Point]]:
    """True sentences made false: by a word, a figure, another topic's slot, slots exchanged, a claim appended."""
    chance = random.Random(7)
    claims = (
        " and is free",
        ", the cheapest of all",
        " and never wears out",
        ", with a lifetime guarantee",
        " today only",
        ", and you liked it",
        " and ships tomorrow",
        ", the last one left",
        " for 9.99",
        " and is new",
    )
    exchanged = {
        "within": "over",
        "under": "above",
        "bought": "returned",
        "liked": "hated",
        "also": "not",
        "is": "is not",
        "by": "for",
        "made": "sold",
        "costs": "saves",
        "you": "we",
        "asked": "refused",
        "rated": "ranked",
        "mentions": "denies",
        "from": "against",
        "at": "without",
        "comes": "came",
        "not": "and",
    }
    for text, whole in true_sentences():
        yield text[:-1] + chance.choice(claims) + ".", whole
        yield re.sub(r"\{\w+\}", str(chance.randint(2, 999)), text, count=1), whole
        swaps = [(old, new) for old, new in exchanged.items() if re.search(rf"\b{old}\b", text)]
        if swaps:
            old, new = chance.choice(swaps)
            yield re.sub(rf"\b{old}\b", new, text, count=1), whole
        names = re.findall(r"\{\w+\}", text)
        if len(names) > 1:
            yield text.replace(names[0], "\0").replace(names[1], names[0]).replace("\0", names[1]), whole
        if names:
            yield text.replace(names[0], "{stock}"), whole


def test_mutated_sentences_are_caught() -> None:
    wrong = list(dict.fromkeys(mutations()))
    passed = [text for text, whole in wrong if check(text, whole).accepted]
    assert len(wrong) >= 500
    assert len(passed) <= 0.01 * len(wrong), passed


@pytest.mark.parametrize("topic", ["material", "words", "picture"])
def test_a_sentence_of_another_topic_does_not_pass(topic: str) -> None:
    foreign = [text for text, whole in true_sentences() if whole.topic != topic]
    assert [text for text in foreign if check(text, point(topic, *FLAGS)).accepted] == []


@pytest.mark.parametrize("topic", sorted(FRAMES))
def test_lies_and_garbage_are_dropped(topic: str) -> None:
    whole = point(topic, *FLAGS)
    garbage = GarbageModel(3)
    noise = ["".join(chr(garbage._random.randrange(32, 0x2FFF)) for _ in range(60)) for _ in range(20)]  # pyright: ignore[reportPrivateUsage]
    assert not any(check(text, whole).accepted for text in (*LIES, *noise, "", " ", ".", "{", "{}", "\0"))


def test_the_verdict_names_the_evidence_of_the_slots_used() -> None:
    assert check("It costs {price}.", BUDGET).evidence == ("e-weight", "e-price")
    assert check("It costs {price}, within your {budget} limit.", BUDGET).evidence == (
        "e-weight",
        "e-price",
        "e-budget",
    )


def test_contractions_and_spaces_are_forgiven() -> None:
    assert check("  It's  priced at {price}. ", BUDGET).accepted


def test_numbers_of_a_filled_sentence_must_stand_in_its_evidence() -> None:
    price = Evidence("e1", "fact", "price", "1,299.00 EUR", "costs 1,299.00 EUR", "i")
    event = Evidence("e2", "event", "purchase", "Boot 45L", "you bought it", "j", at="2026-03-09T00:00:00+00:00")
    assert check_filled("It costs 1,299.00 EUR.", [price])
    assert check_filled("You bought the Boot 45L in March 2026.", [event])
    assert not check_filled("It costs 299.00 EUR.", [price])
    assert not check_filled("It costs 1,299.00 EUR, 20 off.", [price])
    assert not check_filled("You bought it in March 2025.", [event])


def test_numbers_are_read_whole() -> None:
    assert numbers_in("12.50 EUR, 1,299 and 45L; 2 000") == {"12.50", "1,299", "45", "2", "000"}
    assert numbers_in("1\u202f299,00 \u20ac") == {"1\u202f299,00"}


def test_notation_is_expanded_in_order() -> None:
    assert expand("a[ b|c] (d|e)") == ("a d", "a e", "a b d", "a b e", "ac d", "ac e")
    with pytest.raises(ValueError, match="bracket"):
        expand("a (b")


def test_every_way_to_begin_has_a_grammar_that_names_the_first_slot() -> None:
    grammars = language_of(BUDGET).grammars
    assert len(grammars) >= 4
    assert all(grammar.startswith("start: /") and "\\{price\\}" in grammar for grammar in grammars)
