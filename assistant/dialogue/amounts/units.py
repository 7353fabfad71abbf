"""Which fields of a catalogue are amounts, and in which unit a shopper's number is said of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from index.filters import field_name
from index.language.sizes import is_size_field
from index.language.units import Measure, measure


@dataclass(frozen=True, slots=True)
class Scales:
    """The fields whose values are all amounts of one kind.

    Attributes:
        units: field -> the unit of its values, the most frequent of several; "" for bare numbers.
        mixed: the fields whose values are in several units, as `300 g` and `1.2 kg`.
    """

    units: Mapping[str, str]
    mixed: frozenset[str]


def scales(fields: Mapping[str, Mapping[str, int]]) -> Scales:
    """The scales of a catalogue's fields: attribute -> value -> how many items.

    The field of garments' and shoes' own sizes is none of them; `screen size: 27 inch` is.
    """
    units: dict[str, str] = {}
    mixed: set[str] = set()
    for name, values in fields.items():
        amounts = [(measure(value), count) for value, count in values.items()]
        if not amounts or any(amount is None for amount, _ in amounts):
            continue
        held = Counter[str]()
        kinds: set[str] = set()
        for amount, count in amounts:
            assert isinstance(amount, Measure)
            held[amount.unit] += count
            kinds.add(amount.kind)
        own = is_size_field(name) and (len(field_name(name).split()) == 1 or "" in held)
        if len(kinds) == 1 and not own:
            units[name] = min(held, key=lambda unit: (-held[unit], unit))
            mixed |= {name} if len(held) > 1 else set()
    return Scales(units, frozenset(mixed))
