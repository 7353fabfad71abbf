"""A typed reading in plain terms: what a quote says counts in whatever language it is said."""

from assistant.dialogue.reader import Reading, ReadingContext
from assistant.nouns import Constraint
from finetune.llm_readers import plain_of
from index.filters import Condition, Op


def atoms(value: str, quote: str, field: str = "color") -> set[tuple[str, str, frozenset[str]]]:
    entry = Constraint("", "hard", Condition(field, Op.NE, value), 1, quote, "reader")
    return set(plain_of(Reading("search", constraints=(entry,)), ReadingContext()).atoms)


def test_the_words_that_say_the_value_are_kept_of_a_quote() -> None:
    assert atoms("Red", "anything but red") == {("color", "!=", frozenset({"red"}))}
    assert atoms("Red", "rot kann sie nicht ausstehen") == {("color", "!=", frozenset({"rot"}))}
    assert atoms("M", "taille M", "size") == {("size", "!=", frozenset({"m"}))}
    assert atoms("cotton", "sans coton surtout", "material") == {("material", "!=", frozenset({"coton"}))}


def test_a_quote_that_says_the_value_in_no_known_way_is_kept_whole() -> None:
    assert atoms("Crimson Tide", "hue of the season") == {("color", "!=", frozenset({"hue", "season"}))}
