"""How old somebody is whom something is sought for, against what records say: `for my 4 year old`, `ab 3 Jahren`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.passage import Passage
from index.filters import Condition, Op
from index.language.ages import Ages, ages_of, is_age_field
from index.language.vocabulary import Vocabulary

_GROWN = 18
_KEPT_SHARE = 0.6
"""Share of the items above which a shop tells the age of all it sells, so that one without is none."""
_SPELT = {
    word: number
    for number, words in enumerate(
        (
            "", "one", "two zwei deux dos due", "three drei trois tres tre", "four vier quatre cuatro quattro",
            "five funf cinq cinco cinque", "six sechs seis sei", "seven sieben sept siete sette",
            "eight acht huit ocho otto", "nine neun neuf nueve nove", "ten zehn dix diez dieci", "eleven elf onze",
            "twelve zwolf douze doce dodici",
        )
    )
    for word in words.split()
}  # fmt: skip
_N = rf"(?P<low>\d{{1,2}}|{'|'.join(sorted(_SPELT, key=len, reverse=True))})"
_TO = r"(?:\s*(?:-|\u2013|/|to|or|and|bis|oder|a|o|ou|et|y)\s*(?P<high>\d{1,2}))?"
_UNIT = r"(?P<unit>years?|yrs?|y|months?|mos?|monate?n?|mois|meses|mesi|jahre?n?|ans?|anos?|anni)"
_CHILD = (
    r"(?:sons|daughters|nephews|nieces|son|daughter|nephew|niece|grandson|granddaughter|grandchild|kid|kids|child|children|boy|boys|girl|girls|"
    r"toddlers?|baby|babies|infants?|godson|goddaughter|brother|sister|cousin|sohn|tochter|neffe|nichte|enkel|enkelin|"
    r"kind|kinder|junge|madchen|fils|fille|neveu|enfants?|garcon|hijo|hija|sobrino|sobrina|nino|nina|ninos|figlio|"
    r"figlia|nipote|bambino|bambina|bambini)"
)
_UP = r"(?P<up>\+|\s*(?:and|or|und|oder|et|ou|y|o|e)\s+(?:up|over|older|above|mehr|alter|plus|mas|piu)\b|\s*plus\b)?"
_DOWN = r"(?P<down>\s*(?:and|or|und|oder|et|ou|y|o)\s+(?:under|below|younger|down|junger|moins|menos|meno)\b)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"\b{_N}{_TO}[\s-]*{_UNIT}[\s-]*olds?\b",
        rf"\b{_N}\s*y\s*/?\s*o\b",
        rf"\b{_N}{_TO}\s*{_UNIT}\s+alt\w{{0,2}}\b",
        rf"\b{_N}\s*-?\s*jahrig\w{{0,2}}\b",
        rf"\b(?:aged?|ages|im alter von|im alter ab|edad|eta)\s*(?:of|is|:|from|between|von|de|range)?\s*"
        rf"{_N}{_TO}(?:\s*{_UNIT}\b)?{_UP}{_DOWN}",
        rf"\b{_CHILD}\s+(?:(?:aged|age|von|mit|de|di|ages|between|zwischen)\s+)?(?P<bound>under|below|over|above|unter|"
        rf"uber|ab|from|de moins de|de plus de)\s+(?:the age of\s+)?{_N}(?:\s*{_UNIT}\b)?",
        rf"\b(?:she|he)\s+(?:is\s+|turns\s+|just turned\s+|will be\s+|turned\s+)?{_N}(?=\s*(?:[,.!?;)]|and\b|but\b|$))",
        rf"\b(?:toys?|games?|puzzles?|books?|for)\s+{_N}(?P<up>\s?\+)",
        rf"\b{_CHILD}\s+{_N}{_TO}\s*{_UNIT}\b",
        rf"\b{_CHILD}\s*(?:,|\(|who is|is|are|of|s|turns|turning|will be|ist|wird|hat|a|tiene|ha|de|von|di|mit|"
        rf"aged?)\s*(?:turning\s+)?{_N}{_TO}(?:\s*{_UNIT}\b)?(?!\s*(?:cm|kg|euro|eur|usd|dollar|"
        rf"pound|%|\$|\u20ac|\u00a3|inch|m\b|l\b))",
        rf"\b(?:fur|fuer|pour|para|per|de|di|von|mit|tiene|ha|from|for)\s+{_N}{_TO}\s*"
        rf"(?P<unit>jahren?|ans|anos|anni|monate?n?|mois|meses|mesi)\b",
        rf"\b(?P<bound>ab|a partir de|des|desde|dai|da|from)\s+(?:los\s+)?{_N}\s*"
        rf"(?P<unit>jahren?|ans|anos|anni|years?|monate?n?|mois|meses|mesi)\b",
    )
)  # fmt: skip
_PEOPLE = frozenset("he she who they son daughter kid child boy girl baby nephew niece".split())
_MONEY = frozenset(
    "euro euros eur dollar dollars usd pound pounds gbp quid bucks $ \u20ac \u00a3 yen jpy dinar dinars kwd".split()
)
_WHO = re.compile(_CHILD)
_EACH = re.compile(r"\d\s*(?:and|und|et|y|e)\s*\d")
_LEAST = frozenset("over above uber ab from desde dai da des".split()) | {"a partir de", "de plus de"}


@dataclass(frozen=True, slots=True)
class Age:
    """What an age comes to, with its tokens; `condition` None where the shop does not say for what age things are."""

    condition: Condition | None
    start: int
    end: int


class AgeFields:
    """What the catalogue's records say of ages."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        fields = {name: values for name, values in vocabulary.values.items() if is_age_field(name)}
        told = {name: {v: a for v in values if (a := ages_of(v)) is not None} for name, values in fields.items()}
        self._field = max(
            (name for name in told if told[name]), key=lambda name: sum(fields[name].values()), default=""
        )
        self._ages: Mapping[str, Ages] = told.get(self._field, {})
        most = max(sum(vocabulary.brands.values()), *vocabulary.categories.values(), *vocabulary.kinds.values(), 1)
        held = sum(count for value, count in fields.get(self._field, {}).items() if value in self._ages)
        self._is_told_of_all = held >= _KEPT_SHARE * most

    def admitting(self, youngest: float, oldest: float, *, everybody: bool) -> Condition | None:
        """What suits the youngest, and the oldest too for `everybody`; from 0 on, what suits somebody up to `oldest`.

        The values that do; where few records tell an age, a refusal of those that do not. None where no record tells.
        """
        if not self._ages:
            return None
        latest = youngest if youngest else oldest
        fit = tuple(
            value
            for value, (low, high) in self._ages.items()
            if low <= latest and (oldest if everybody else youngest) <= high
        )
        if self._is_told_of_all and fit:
            return Condition(self._field, Op.IN, fit)
        unfit = tuple(value for value in self._ages if value not in fit)
        return Condition(self._field, Op.NOT_IN, unfit) if unfit else None


def read_ages(passage: Passage, words: CatalogueWords, fields: AgeFields) -> list[Age]:
    """Every age of somebody in the message; claims the words, so that `year old` is never searched for."""
    text, places = _plain(passage)
    found: list[Age] = []
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if any(match.start() < end and begin < match.end() for begin, end in taken):
                continue
            start, end = places[match.start()], places[match.end() - 1] + 1
            if (
                not passage.is_free(start, end)
                or _is_of_a_thing(passage, words, start, end)
                or _is_money(passage, match, end)
            ):
                continue
            taken.append(match.span())
            span = _span(match)
            of_whom = end < len(passage) and passage.is_free(end, end + 1) and _WHO.fullmatch(passage.norm(end))
            passage.claim(start, end + 1 if of_whom else end, "age")
            if span[0] < _GROWN:
                everybody = bool(_EACH.search(match.group()))
                found.append(Age(fields.admitting(*span, everybody=everybody), start, end))
    return found


def _plain(passage: Passage) -> tuple[str, list[int]]:
    """The message in plain words, one space between them, and for each sign the token it belongs to."""
    text, places = "", list[int]()
    for at, token in enumerate(passage.tokens):
        gap = "" if token.glued or not at else " "
        text += gap + token.norm
        places += [at] * (len(gap) + len(token.norm))
    return text, places


def _is_of_a_thing(passage: Passage, words: CatalogueWords, start: int, at: int) -> bool:
    """`12 year old whisky`: it is the thing that is old."""
    following = passage.tokens[at].stem if at < len(passage) else ""
    if start > 1 and passage.norm(start - 1) in ("is", "was", "are") and passage.norm(start - 2) not in _PEOPLE:
        owned = passage.tokens[start - 2].stem
        if words.table.get((owned,)):
            return True  # `my laptop is 5 years old`
    return any(meaning.sort in ("kind", "category") for meaning in words.table.get((following,)))


def _is_money(passage: Passage, match: re.Match[str], at: int) -> bool:
    """`toys for a girl under 30 euros`: no word of years, and a currency or a number too high behind it."""
    groups = match.groupdict()
    if groups.get("unit") or "bound" not in groups:
        return False
    return _number(match["low"]) >= _GROWN or (at < len(passage) and passage.norm(at) in _MONEY)


def _span(match: re.Match[str]) -> Ages:
    groups = match.groupdict()
    unit = groups.get("unit") or ""
    share = 1 / 12 if unit.startswith("m") else 1.0
    low = _number(match["low"]) * share
    high = _number(groups["high"]) * share if groups.get("high") else low
    bound = groups.get("bound")
    if groups.get("up") or (bound and bound in _LEAST):
        return low, float("inf")
    if groups.get("down") or bound:
        return 0.0, high if groups.get("down") else high - 1 / 12
    return min(low, high), max(low, high)


def _number(said: str) -> float:
    return float(said) if said.isdigit() else float(_SPELT[said])
