"""The ages a record says that an item is for: `5+`, `3-6 years`, `from 4 years`, `0-18 months`."""

import re
from functools import lru_cache

from index.language.words import normalise, tokens

_FIELDS = frozenset("age ages agegroup agerange alter altersempfehlung edad eta".split())
_NO_FIELDS = frozenset("max maximum average years warranty product company skin".split())
_UNIT = r"(?P<{0}>months?|mos?|monate?n?|mois|meses|mesi|m|years?|yrs?|y|jahre?n?|ans|anos|anni)?"
_RANGE = re.compile(
    rf"(?P<low>\d{{1,3}})\s*{_UNIT.format('lowunit')}\s*(?:-|\u2013|\u2014|to|bis|a|until)\s*"
    rf"(?P<high>\d{{1,3}})\s*\b{_UNIT.format('highunit')}\b"
)
_ONE = re.compile(rf"(?P<low>\d{{1,3}})\s*{_UNIT.format('lowunit')}(?![a-z])")
_UP_TO = re.compile(r"\b(?:up to|under|below|bis|unter|jusqu|hasta|fino|less than|younger)\b")

Ages = tuple[float, float]
"""The youngest and the oldest it is for, in years; infinite where no oldest is told."""


@lru_cache(maxsize=4096)
def is_age_field(name: str) -> bool:
    """Whether an attribute tells for what age an item is."""
    words = set(tokens(name.replace("_", " ")))
    return bool(words & _FIELDS) and not words & _NO_FIELDS


@lru_cache(maxsize=4096)
def ages_of(value: str) -> Ages | None:
    """The ages a value of such a field tells, both ends included; None where it tells none in numbers.

    A single number is the youngest, as on a box of toys, unless the words before it say `up to`.
    """
    text = normalise(value)
    found = _RANGE.search(text)
    if found:
        high_unit = found["highunit"]
        return _years(found["low"], found["lowunit"] or high_unit), _years(found["high"], high_unit)
    found = _ONE.search(text)
    if found is None:
        return None
    years = _years(found["low"], found["lowunit"])
    return (0.0, years) if _UP_TO.search(text) else (years, float("inf"))


def same_ages(held: str, wanted: str) -> bool:
    """Whether two values of such a field are written the same; `3+` is not `3-6`."""
    return " ".join(held.split()).casefold() == " ".join(wanted.split()).casefold()


def _years(number: str, unit: str | None) -> float:
    return float(number) / 12 if unit and unit.startswith("m") else float(number)
