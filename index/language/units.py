"""Units of measure: one name for each however it is written, what they are worth, and values that are one amount."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from index.language.words import normalise, stem

_NUMBER = r"\d{1,15}(?:[.,]\d{1,15})?|\d{1,3}(?:,\d{3}){2,4}|\d{1,3}(?:,\d{3}){1,4}\.\d{1,15}"
_AMOUNT = re.compile(rf"({_NUMBER})\s*([^\W\d]{{0,12}}|[%\"])\.?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
"""`1,000` is a thousand and `0,300` is not; a point is a decimal one, as machines write it."""
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
_WORTH: dict[str, dict[str, str]] = {
    "mass": {"mg": "0.001", "g": "1", "kg": "1000", "lb": "453.59237", "oz": "28.349523125"},
    "length": {"mm": "1", "cm": "10", "m": "1000", "km": "1000000", "inch": "25.4", "ft": "304.8", "yd": "914.4"},
    "volume": {"ml": "1", "cl": "10", "dl": "100", "liter": "1000"},
    "time": {"second": "1", "minute": "60", "hour": "3600", "day": "86400", "week": "604800"},
    "data": {"mb": "1", "gb": "1000", "tb": "1000000"},
    "power": {"w": "1", "kw": "1000"},
}
"""What units of one kind are worth in the smallest of them, exactly."""
_KIND = {unit: (kind, Fraction(worth)) for kind, units in _WORTH.items() for unit, worth in units.items()}


@dataclass(frozen=True, slots=True)
class Measure:
    """A value that is one number, with a unit or without.

    Attributes:
        number: as written.
        unit: by its one name; "" without.
        kind: what it measures: units of one kind go into each other. Of a unit we do not know, the unit itself.
        worth: the amount in the smallest unit of its kind, so that `0.3 kg` and `300 g` are equal.
    """

    number: float
    unit: str
    kind: str
    worth: float


@lru_cache(maxsize=65536)
def measure(text: str) -> Measure | None:
    """The value as one number with at most a unit behind it, e.g. of `20 L` or `0,3 kg`; None where it is no such."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    exact = Fraction(found[1].replace(",", "" if _THOUSANDS.fullmatch(found[1]) else "."))
    unit = unit_name(found[2]) if found[2] else ""
    kind, times = _KIND.get(unit, (unit, Fraction(1)))
    return Measure(float(exact), unit, kind, float(exact * times))


@lru_cache(maxsize=4096)
def unit_name(word: str) -> str:
    """One name for a unit however it is written: `l`, `litres` and `liter` are `liter`."""
    plain = normalise(word)
    single = stem(plain)
    return _NAMES.get(single, _NAMES.get(plain, single))


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
    if said not in _KIND or held not in _KIND or _KIND[said][0] != _KIND[held][0]:
        return None
    return float(_KIND[said][1] / _KIND[held][1])
