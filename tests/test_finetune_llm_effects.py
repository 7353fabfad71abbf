"""What is kept by effect: a condition from the same words that lets through nothing the gold one would not."""

from assistant.dialogue.reader import Reading
from assistant.dialogue.reading_lines import Lines, Sign, Wish
from assistant.nouns import Constraint
from finetune.llm_effects import kept
from finetune.llm_readers import Case, Shop
from index.filters import Condition, Op
from index.items import Item, Money

SHOP = Shop(
    [
        Item("a", "Ripe Peach", categories=("Food/Peach",), price=Money.of(3, "EUR"), attributes={"sort": ("Peach",)}),
        Item("b", "Sour Plum", categories=("Food/Plum",), price=Money.of(4, "EUR"), attributes={"sort": ("Plum",)}),
        Item("c", "Plum Jam", categories=("Food/Jam",), price=Money.of(5, "EUR"), attributes={"sort": ("Jam",)}),
        Item("d", "Peach Jam", categories=("Food/Jam",), price=Money.of(5, "EUR"), attributes={"sort": ("Jam",)}),
    ],
    "EUR",
)


def found(message: str, sign: Sign, quote: str, condition: Condition, said: str) -> tuple[int, int]:
    case = Case(message, "", ("sort",), Lines("search", "", (Wish("sort", sign, quote),)), "", ())
    slot = kept([case], [Reading("search", constraints=(Constraint("", "hard", condition, 1, said),))], SHOP)
    return slot.right, slot.wanted


def test_another_field_that_lets_the_same_items_through_keeps_a_condition() -> None:
    peaches = Condition("kind", Op.IN, ("peach",))
    assert found("a ripe peach", "=", "peach", peaches, "peach") == (1, 1)
    assert found("a ripe peach", "=", "peach", Condition("sort", Op.EQ, "Peach"), "peach") == (1, 1)  # by words


def test_a_condition_that_lets_others_through_or_nothing_keeps_none() -> None:
    assert found("a ripe plum", "=", "plum", Condition("category", Op.EQ, "Food"), "plum") == (0, 1)
    assert found("a ripe plum", "=", "plum", Condition("kind", Op.IN, ("pear",)), "plum") == (0, 1)
    assert found("not plum", "!=", "plum", Condition("sort", Op.EQ, "Plum"), "plum") == (0, 1)


def test_a_condition_read_from_other_words_keeps_none() -> None:
    assert found("jam, peach", "=", "peach", Condition("kind", Op.IN, ("peach",)), "jam") == (0, 1)
