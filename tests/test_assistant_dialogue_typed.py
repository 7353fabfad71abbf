"""What is asked for field by field: a tuned model's quotes keep their field where the shop has none for them."""

from dialogue_shops import OUTDOOR

from assistant.dialogue.combine import Combined, combined
from assistant.dialogue.reader import CatalogueReader, ReadingContext
from assistant.dialogue.reading_lines import Lines, Wish
from assistant.dialogue.resolve import Resolver
from assistant.dialogue.typed import lines_of

READER = CatalogueReader(OUTDOOR, "USD")
RESOLVER = Resolver(OUTDOOR, READER)


def both(message: str, *wishes: Wish, words: str = "jacket") -> Combined:
    reading = READER.read(message, ReadingContext())
    return combined(reading, Lines("search", words, wishes), message, ReadingContext(), RESOLVER)


def test_what_the_shop_has_no_value_for_keeps_its_field_and_is_searched_for() -> None:
    found = both("a jacket by Zephyrine", Wish("brand", "=", "Zephyrine"))
    assert found.typed.wishes == (Wish("brand", "=", "Zephyrine"),)
    assert found.typed.words == "jacket"
    assert "Zephyrine" in found.reading.words.split()
    assert any("nothing here for brand" in line for line in found.trace)


def test_words_that_the_rules_understood_otherwise_are_not_typed_anew() -> None:
    found = both("a red jacket", Wish("style", "=", "red"))
    assert [(wish.field, wish.quote) for wish in found.typed.wishes] == [("color", "red")]


def test_a_quote_of_the_same_field_is_told_in_the_models_words_and_the_condition_stays() -> None:
    message = "a jacket in faded red"
    found = both(message, Wish("color", "=", "faded red"))
    assert found.typed.wishes == (Wish("color", "=", "faded red"),)
    assert found.reading.constraints == READER.read(message, ReadingContext()).constraints


def test_a_refusal_is_told_only_where_its_sentence_says_no() -> None:
    assert both("a jacket, quilted", Wish("style", "!=", "quilted")).typed.wishes == ()
    told = both("a jacket, nothing quilted", Wish("style", "!=", "quilted")).typed.wishes
    assert [wish.sign for wish in told] == ["!="]


def test_a_quote_that_is_not_in_the_message_is_no_wish() -> None:
    assert both("a jacket", Wish("brand", "=", "Zephyrine")).typed.wishes == ()


def test_without_a_reading_of_the_model_it_is_that_of_the_rules() -> None:
    reading = READER.read("a red jacket", ReadingContext())
    assert combined(reading, Lines(), "a red jacket", ReadingContext(), RESOLVER).typed == lines_of(reading)
