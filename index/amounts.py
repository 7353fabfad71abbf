"""Conditions that compare amounts, settled on the units in which a catalogue's values are given."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.filters import ITEM_FIELDS, ORDERINGS, Condition
from index.items import Money
from index.language.units import measure


class UnclearAmountError(ValueError):
    """An amount cannot be compared with the values of its field; the message names their units."""


def settled(condition: Condition, units: Sequence[str]) -> Condition:
    """The condition, its amount with a unit wherever the values it is compared with have one.

    A bare number is meant in the unit of the values where all have the same. Other conditions are returned as they are.

    Args:
        units: those of the field's values, see `Catalogue.units`.

    Raises:
        UnclearAmountError: it is no amount; a bare number where values have several units, or some have none; or a unit
            of something else than the values measure.
    """
    value = condition.value
    of_items = condition.field == "price" or condition.field in ITEM_FIELDS
    if condition.op not in ORDERINGS or of_items or isinstance(value, tuple | Money):
        return condition
    text = value if isinstance(value, str) else plain_number(value)
    wanted = measure(text)
    if wanted is None:
        raise UnclearAmountError("must be one amount from 0 up, like 300 or 0.3 kg")
    if not units:
        return replace(condition, value=text)
    if not wanted.unit:
        if len(units) > 1:
            raise UnclearAmountError(f"needs a unit: values here are in {_named(units)}")
        return replace(condition, value=f"{text} {units[0]}".rstrip())
    kinds = {one.kind for unit in units if (one := measure(f"1 {unit}")) is not None}
    if wanted.kind not in kinds:
        raise UnclearAmountError(f"is in another unit than any value here: they are in {_named(units)}")
    return replace(condition, value=text)


def plain_number(number: float) -> str:
    """The number as people write it, without an exponent: `300`, `0.3`, `0.00001`."""
    return f"{Decimal(f'{number:.15g}'):f}"


def _named(units: Sequence[str]) -> str:
    named = [unit or "no unit" for unit in units[:6]]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
