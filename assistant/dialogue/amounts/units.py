"""Units of measure: one name for each however it is written, and how many of one go into another."""

import re
from collections.abc import Mapping

from index.filters import field_name
from index.language.sizes import is_size_field
from index.language.words import normalise, stem

QUANTITY = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*([^\W\d_]{1,10}|[\"%])\.?\s*$")
BARE = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*$")
_WRITINGS = {
    "liter": "l litro litri litre", "person": "people persona personen personne persone",
    "kg": "kilogram kilo", "g": "gram gr gramm", "inch": '" in zoll pouce pulgada pollici',
    "hour": "h hr stunde stunden heure hora", "minute": "min minuten minut minuto minuti", "m": "meter metre metro",
    "cm": "centimeter centimetre zentimeter", "mm": "millimeter millimetre", "ml": "milliliter millilitre",
    "lb": "pound", "oz": "ounce", "w": "watt", "v": "volt", "gb": "gigabyte gig", "tb": "terabyte", "mp": "megapixel",
    "a": "amp", "year": "jahr jahre", "lm": "lumen", "ft": "foot feet", "yd": "yard",
    "piece": "pcs pc teile teilen stuck pieza pezzi", "seat": "seater sitzer", "hz": "hertz",
}  # fmt: skip
_NAMES = {other: unit for unit, others in _WRITINGS.items() for other in others.split()}
_WORTH = {
    "mass": {"mg": 0.001, "g": 1.0, "kg": 1000.0, "lb": 453.59237, "oz": 28.349523125},
    "length": {"mm": 1.0, "cm": 10.0, "m": 1000.0, "km": 1_000_000.0, "inch": 25.4, "ft": 304.8, "yd": 914.4},
    "volume": {"ml": 1.0, "cl": 10.0, "dl": 100.0, "liter": 1000.0},
    "time": {"second": 1.0, "minute": 60.0, "hour": 3600.0},
    "data": {"mb": 1.0, "gb": 1000.0, "tb": 1_000_000.0},
    "power": {"w": 1.0, "kw": 1000.0},
}
"""What units of one kind are worth in the smallest of them."""
_KIND = {unit: worth for worth in _WORTH.values() for unit in worth}


def unit_name(word: str) -> str:
    """One name for a unit however it is written: `l`, `litres` and `liter` are `liter`."""
    single = stem(normalise(word))
    return _NAMES.get(single, _NAMES.get(normalise(word), single))


def is_unit(word: str) -> bool:
    """Whether a word is a unit that we know."""
    name = unit_name(word)
    return name in _WRITINGS or name in _KIND


def factor(said: str, held: str) -> float | None:
    """How many of the unit `held` one of the unit `said` is; None where they measure different things.

    Both are names that `unit_name` gives.
    """
    if said == held:
        return 1.0
    worth = _KIND.get(said, {})
    return worth[said] / worth[held] if held in worth else None


def scales(fields: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """The fields whose values are all numbers of one unit (`20 L`), or all bare numbers -> that unit, or "".

    The field of garments' and shoes' own sizes is none of them; `screen size: 27 inch` is.
    """
    found: dict[str, str] = {}
    for name, values in fields.items():
        matches = [QUANTITY.match(value) for value in values]
        units = {unit_name(match[2]) for match in matches if match}
        own = is_size_field(name) and len(field_name(name).split()) == 1
        if values and not own and all(matches) and len(units) == 1:
            found[name] = units.pop()
        elif values and not is_size_field(name) and all(BARE.match(value) for value in values):
            found[name] = ""
    return found
