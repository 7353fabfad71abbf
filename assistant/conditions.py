"""Conditions that a caller sends, made ready for a catalogue or refused: fields, currencies and units must be there."""

from collections.abc import Iterator, Sequence

from assistant.errors import BadRequestError
from index.amounts import UnclearAmountError, settled
from index.catalogue import Catalogue
from index.filters import ORDERINGS, Condition
from index.items import Money


def conditions_for(catalogue: Catalogue, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions, each amount in a unit that the catalogue's values can be compared with.

    Raises:
        BadRequestError: one names a field that no item has, a sum in another currency, or an amount that cannot be
            compared with what items record. It says which, by its place.
    """
    return tuple(_each(catalogue, conditions))


def _each(catalogue: Catalogue, conditions: Sequence[Condition]) -> Iterator[Condition]:
    for place, condition in enumerate(conditions):
        value, name = condition.value, f"constraints.{place}"
        if not catalogue.has_field(condition.field):
            told = f"{name}.field: a constraint names a field that no item here has"
            raise BadRequestError(told, hint="see GET /v1/items/{id}", fields=(f"{name}.field",))
        if isinstance(value, Money) and catalogue.currency and value.currency != catalogue.currency:
            told, hint = "a constraint names a sum in another currency", f"prices here are in {catalogue.currency}"
            raise BadRequestError(f"{name}.value: {told}", hint=hint, fields=(f"{name}.value",))
        if condition.op not in ORDERINGS:
            yield condition
            continue
        try:
            yield settled(condition, catalogue.units(condition.field))
        except UnclearAmountError as error:
            hint = 'send a number with its unit, like "300 g"'
            raise BadRequestError(f"{name}.value: {error}", hint=hint, fields=(f"{name}.value",)) from error
