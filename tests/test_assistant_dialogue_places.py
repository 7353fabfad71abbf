"""Ordinals that name a place on the shelf, and those that count something else."""

import pytest
from dialogue_shops import on_shelf, told

PLACED = [
    ("is the second machine washable?", ("j2",)),
    ("was the first assembled in Europe", ("j1",)),
    ("third vs second pls", ("j3", "j2")),
    ("diff btwn first n third??", ("j1", "j3")),
    ("third in blue?", ("j3",)),
    ("weight of third?", ("j3",)),
    ("what does the second have that the first hasn't?", ("j2", "j1")),
    ("ist das zweite warm?", ("j2",)),
    ("il terzo si pu\u00f2 lavare?", ("j3",)),
]
COUNTED = [
    "for our first anniversary, boots",
    "wait a second, boots",
    "it is my second try, boots",
    "for the first time",
]
OF_A_VALUE = ["black shows every stain, so not that", "wool itches, so skip that one"]


@pytest.mark.parametrize(("message", "items"), PLACED)
def test_an_ordinal_names_a_place(message: str, items: tuple[str, ...]) -> None:
    assert on_shelf(message).targets == items


@pytest.mark.parametrize("message", COUNTED)
def test_an_ordinal_of_something_else_names_none(message: str) -> None:
    assert on_shelf(message).targets == ()


@pytest.mark.parametrize("message", OF_A_VALUE)
def test_that_one_may_be_a_value(message: str) -> None:
    assert not [one for one in told(on_shelf(message)) if one.startswith("id")]


def test_a_number_in_a_place_of_its_own_is_a_size_and_an_age_is_none() -> None:
    assert "size = 42" in told(on_shelf("boots. Leather. 42. No Alba."))
    assert "size = 42" in told(on_shelf("boots in leather, and 42 is a must"))
    assert not [one for one in told(on_shelf("boots for my son, 10, in red")) if one.startswith("size")]


def test_a_size_that_is_told_of_is_not_asked_for() -> None:
    assert not [one for one in told(on_shelf("the lady next door got hers in size 42, lovely")) if "size" in one]


@pytest.mark.parametrize(
    "message", ["could they also be blue?", "make it blue?", "I'd lean to blue, won't cry over it?"]
)
def test_a_wish_put_as_a_question_is_a_wish(message: str) -> None:
    assert on_shelf(message).intent == "search"
