"""How old somebody is, against the ages a record tells."""

import math

import pytest
from dialogue_shops import outdoor, told

from assistant.dialogue.ledger import add, describe
from assistant.dialogue.reader import CatalogueReader, Reading, ReadingContext
from index.columns import Columns
from index.filters import Condition, Op, holds
from index.items import Item
from index.language.ages import ages_of, is_age_field
from index.language.vocabulary import Vocabulary

AGES = {"0-18 months": 2, "3+": 5, "3-6 years": 4, "from 8 years": 3, "12+": 1}
TOYS = CatalogueReader(Vocabulary({"Volta": 15}, {"Toys": 15}, {"game": 9, "train": 6}, {"age": AGES}), "EUR")
MIXED = CatalogueReader(Vocabulary({"Volta": 60}, {"Toys": 15}, {"jacket": 40, "train": 6}, {"age": AGES}), "EUR")


def toys(message: str) -> Reading:
    return TOYS.read(message, ReadingContext())


@pytest.mark.parametrize(
    ("value", "ages"),
    [
        ("5+", (5, math.inf)),
        ("3-6 years", (3, 6)),
        ("0-18 months", (0, 1.5)),
        ("18 months - 3 years", (1.5, 3)),
        ("from 4 years", (4, math.inf)),
        ("ab 4 Jahren", (4, math.inf)),
        ("up to 3 years", (0, 3)),
        ("6", (6, math.inf)),
        ("kids", None),
    ],
)
def test_reads_the_ages_of_a_value(value: str, ages: tuple[float, float] | None) -> None:
    assert ages_of(value) == ages


def test_knows_the_fields_that_tell_ages() -> None:
    names = ("age", "age_range", "Recommended age", "max age", "storage", "color")
    assert [is_age_field(name) for name in names] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("present for my 4 year old nephew", {"3+", "3-6 years"}),
        ("for a four-year-old girl", {"3+", "3-6 years"}),
        ("toys for a 1 year old", {"0-18 months"}),
        ("a 9 month old baby", {"0-18 months"}),
        ("she is 10, a game", {"3+", "from 8 years"}),
        ("game for ages 6 and under", {"0-18 months", "3+", "3-6 years"}),
        ("toys 3+", {"3+", "3-6 years"}),
        ("games for kids under 3", {"0-18 months"}),
        ("for my nephews who are 4 and 9 years old", {"3+"}),
        ("Spielzeug ab 3 Jahren", {"3+", "3-6 years"}),
        ("f\u00fcr meinen 5-j\u00e4hrigen Sohn", {"3+", "3-6 years"}),
        ("pour un gar\u00e7on de 4 ans", {"3+", "3-6 years"}),
        ("para un ni\u00f1o de 4 a\u00f1os", {"3+", "3-6 years"}),
        ("per un bambino di 4 anni", {"3+", "3-6 years"}),
    ],
)
def test_an_age_asks_for_what_suits_it(message: str, values: set[str]) -> None:
    [found] = [one.condition for one in toys(message).constraints if one.condition.field == "age"]
    assert (found.op, set(found.value if isinstance(found.value, tuple) else ())) == (Op.IN, values)


def test_where_few_records_tell_an_age_only_the_wrong_ones_are_refused() -> None:
    reading = MIXED.read("something for a 4 year old", ReadingContext())
    assert told(reading) == ["age not in 0-18 months|from 8 years|12+"]


def test_an_age_is_never_searched_for_as_words() -> None:
    reading = outdoor("a jacket for a 5 year old")
    assert (reading.words, list(reading.unread), told(reading)) == ("", ["5 year old"], ["kind in jacket"])


@pytest.mark.parametrize(
    "message", ["my train is 5 years old", "a game for my 60 year old father", "a game with a 5 year warranty"]
)
def test_the_age_of_things_and_of_the_grown_asks_for_nothing(message: str) -> None:
    assert not [one for one in toys(message).constraints if one.condition.field == "age"]


def test_a_girl_under_thirty_euros_is_money() -> None:
    assert "price < 30.00 EUR" in told(toys("for a 4 year old girl under 30 euros"))


def test_ages_are_compared_whole_by_items_and_columns() -> None:
    items = [Item("a", "A", attributes={"age": ("3+",)}), Item("b", "B", attributes={"age": ("3-6",)}), Item("c", "C")]
    for op, fit in ((Op.IN, [True, False, False]), (Op.NOT_IN, [False, True, True])):
        condition = Condition("age", op, ("3+",))
        assert [holds(item, condition) for item in items] == fit
        assert Columns(items).mask([condition], in_stock=False).tolist() == fit


def test_another_age_takes_the_place_of_the_first_and_is_told_as_said() -> None:
    [first] = toys("for a 4 year old").constraints
    [second] = toys("for a 10 year old").constraints
    held, _ = add((), [first], 1)
    now, before = add(held, [second], 2)
    assert ([describe(one) for one in now], before) == (["age: 10 year old"], held)
