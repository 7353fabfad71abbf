"""Amounts in conditions, settled on the units of a catalogue's values."""

import pytest

from index.amounts import UnclearAmountError, plain_number, settled
from index.columns import Columns
from index.filters import Condition, Op
from index.items import Item
from index.language.units import measure
from index.state import Segments


@pytest.mark.parametrize(
    ("value", "units", "expected"),
    [
        (300.0, ("g",), "300 g"),
        ("300", ("g",), "300 g"),
        ("0.3 kg", ("g", "kg"), "0.3 kg"),
        ("300 g", ("kg", ""), "300 g"),
        (4.0, ("",), "4"),
        (4.0, (), "4"),
        (30.0, ("liter",), "30 liter"),
    ],
)
def test_amounts_get_the_unit_of_their_field(value: str | float, units: tuple[str, ...], expected: str) -> None:
    assert settled(Condition("x", Op.LE, value), units).value == expected


@pytest.mark.parametrize(
    ("value", "units", "told"),
    [
        ("300", ("kg", "g"), "needs a unit: values here are in kg and g"),
        (300.0, ("kg", "g", ""), "needs a unit: values here are in kg, g and no unit"),
        ("3 l", ("kg",), "they are in kg"),
        ("3 l", ("",), "they are in no unit"),
        ("light", ("kg",), "must be one amount"),
        (-1.0, ("kg",), "must be one amount"),
    ],
)
def test_amounts_that_cannot_be_compared_are_refused(value: str | float, units: tuple[str, ...], told: str) -> None:
    with pytest.raises(UnclearAmountError, match=told):
        settled(Condition("x", Op.LE, value), units)


@pytest.mark.parametrize(
    "condition",
    [Condition("rating", Op.GE, 4.0), Condition("x", Op.EQ, "300"), Condition("x", Op.IN, ("a",))],
)
def test_other_conditions_stay_as_they_are(condition: Condition) -> None:
    assert settled(condition, ("kg", "g")) is condition


def test_units_are_those_of_living_rows_the_most_frequent_first() -> None:
    values = ["1 kg", "300 g", "2 kilos", "5", "10 x 10 cm", "2 lb"]
    items = [Item(id=str(n), title="Thing", attributes={"weight": (value,)}) for n, value in enumerate(values)]
    parts = Segments([Columns(items[:3]), Columns(items[3:])], [0, 3], Columns(items).in_stock)
    parts.alive[5] = False
    assert parts.units("Weights") == ("kg", "", "g")
    assert parts.units("length") == ()


@pytest.mark.parametrize(("number", "text"), [(300.0, "300"), (0.3, "0.3"), (1e-5, "0.00001"), (0.1 + 0.2, "0.3")])
def test_plain_numbers(number: float, text: str) -> None:
    assert plain_number(number) == text


def test_amounts_of_one_kind_are_equal_whatever_their_unit() -> None:
    pairs = [("0.29 kg", "290 g"), ("1 m", "100cm"), ("1.5 l", "1500 ML"), ("2 lb", "32 oz"), ("1 in", "2,54 cm")]
    for one, other in pairs:
        a, b = measure(one), measure(other)
        assert a is not None
        assert b is not None
        assert (a.kind, a.worth) == (b.kind, b.worth)


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("1,000 g", 1000.0),
        ("12,500 g", 12500.0),
        ("1,250.5 g", 1250.5),
        ("1,000,000 g", 1e6),
        ("0,300 kg", 300.0),
        ("1,5 kg", 1500.0),
        ("1.000 kg", 1000.0),
        ("2,50 kg", 2500.0),
    ],
)
def test_a_comma_before_three_digits_parts_thousands(text: str, worth: float) -> None:
    found = measure(text)
    assert found is not None
    assert found.worth == worth
