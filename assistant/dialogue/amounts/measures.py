"""Limits on what a catalogue measures: `under 2 kg`, `at least 180 cm tall`, `SPF 30 or higher`, `20 to 35 litres`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.dialogue.amounts.bounds import is_minimum
from assistant.dialogue.amounts.comparators import Comparison, Cues, compare_at
from assistant.dialogue.amounts.limits import Limit
from assistant.dialogue.amounts.numbers import Amount
from assistant.dialogue.amounts.unsettled import opener_at
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.palette import COLOURS
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP, UNITS
from assistant.nouns import Constraint
from index.amounts import plain_number
from index.filters import Condition, Op, field_name
from index.language.units import factor, unit_name

WORDS_AND_UNITS = frozenset("in can a second light set count time page stone points bar size".split())
"""Units that are more often other words: `under 50 in black`."""

DIMENSIONS = {
    word: dimension
    for dimension, words in {
        "length": "long length longer shorter lang lange longueur largo lunghezza lungo",
        "width": "wide width wider narrower breit breite large largeur ancho larghezza largo",
        "height": "tall high height taller higher hoch hohe haut hauteur alto altura altezza",
        "depth": "deep depth deeper tief tiefe profond profondeur profundo profondo",
        "thickness": "thick thicker thin thinner dick dicke epais epaisseur grosor spesso spessore",
        "weight": "weigh weighing weighs weight heavy heavier lighter light schwer wiegt pesant pese peso pesa",
        "load": "load carry carries carrying support supports tragt belastbar",
        "diameter": "diameter across durchmesser diametre diametro",
    }.items()
    for word in words.split()
}
"""How people name what is measured -> how a catalogue calls it."""
_NEAR = 3
"""Tokens before a number or behind its unit within which a word says what is measured."""
_BEFORE_VALUE = frozenset("be have has weigh come in with of a an any exactly sein etre ser essere".split())
_NO_REACH = 4
RATHER = frozenset("rather better instead sorry wait meant lieber plutot mejor meglio".split())
_USUAL = frozenset({"weight", "capacity", "volume"})
"""What kilograms and litres are said of where nothing else is named."""
_FAR = 10
_LINKS = frozenset("is : = of a an the - must be has should to with shall at ist von de".split())


def read_measure(
    passage: Passage, cues: Cues, words: CatalogueWords, amount: Amount, following: Amount | None
) -> list[Limit]:
    """The limits this number and its unit, or this and the next one, put on a field measured so."""
    if amount.currency:
        return []
    ranged = _range(passage, cues, words, amount, following) if following is not None and not following.currency else []
    return ranged or _single(passage, cues, words, amount)


def read_again(passage: Passage, words: CatalogueWords, amount: Amount, ledger: Sequence[Constraint]) -> list[Limit]:
    """`1000 rather`, `make that 32`: another number for what was asked for last, where nothing else is said."""
    if amount.currency or len(passage) > _FAR or any(entry.condition.field == "price" for entry in ledger):
        return []
    others = [token.norm for at, token in enumerate(passage.tokens) if not amount.start <= at < amount.end]
    if any(word.isalnum() and word not in STOP | RATHER for word in others):
        return []
    for entry in reversed(ledger):
        condition = entry.condition
        if condition.op is Op.EQ and condition.field in words.scales:
            value = words.value_measured(condition.field, float(amount.value))
            return [Limit(replace(condition, value=value), False, amount.start, amount.end)] if value else []
    return []


def leave_measure(passage: Passage, cues: Cues, amount: Amount, unread: list[str]) -> None:
    """Claim a limit nobody can check, lest `under 500 g` be read as the value `500 g`."""
    if amount.currency or amount.end >= len(passage) or passage.norm(amount.end) not in UNITS - WORDS_AND_UNITS:
        return
    if is_minimum(passage, amount.end):
        return
    comparison = compare_at(passage, cues, amount.start, amount.end)
    if comparison is not None and comparison.manner in ("below", "up_to", "above", "from"):
        end = max(comparison.end, amount.end + 1)
        unread.append(passage.quote(comparison.start, end))
        passage.claim(comparison.start, end, "unread")


def is_limited(passage: Passage, cues: Cues, start: int, end: int) -> bool:
    """Whether the number at tokens [start, end), its unit included, is a limit or an end of a range, and no value."""
    for begin in (start, start - 1):
        comparison = compare_at(passage, cues, begin, end) if begin >= 0 else None
        if comparison is not None and comparison.manner in ("below", "up_to", "above", "from"):
            return True
    joined = ((start - 1, start - 2), (end, end + 1))
    return any(
        passage.norm(join) in lexicon.RANGE_JOIN - {"and", "und", "et", "y", "a", "e", "an", "n"}
        and 0 <= at < len(passage)
        and passage.tokens[at].shape == "number"
        for join, at in joined
    )


def _is_refused(passage: Passage, start: int) -> bool:
    """`not 400 g`, `must not be 400 g`: a no before the number, over small words."""
    at = start - 1
    while passage.norm(at) in _BEFORE_VALUE and start - at < _NO_REACH and at > 0:
        at -= 1
    return passage.norm(at) in lexicon.NOT and passage.same_clause(at, start)


def _single(passage: Passage, cues: Cues, words: CatalogueWords, amount: Amount) -> list[Limit]:
    if is_minimum(passage, amount.end):
        return []
    unit, stop = _unit_at(passage, cues, words, amount.end)
    comparison = _compared(passage, cues, words, amount, stop)
    start, end = (comparison.start, max(comparison.end, stop)) if comparison else (amount.start, stop)
    chosen = _field(passage, words, unit, start, end)
    if chosen is None:
        return []
    field, times = chosen
    if field in words.mixed and not unit:
        return []  # of which of its units, nobody can say
    number = float(amount.value) * times
    if comparison is None or comparison.op is None:
        counted = amount.spelt and (words.scales[field] != "" or amount.value < 2)
        value = words.value_measured(field, number) if unit and not counted else None
        refused = _is_refused(passage, amount.start)
        op, start = (Op.NE, amount.start - 1) if refused else (Op.EQ, amount.start)
        return [Limit(Condition(field, op, value), False, start, stop)] if value else []
    return [Limit(Condition(field, comparison.op, _limit_of(words, field, number)), False, start, end)]


def _limit_of(words: CatalogueWords, field: str, number: float) -> float | str:
    """What values of the field are compared with: the number, with its unit where they have several."""
    return f"{plain_number(number)} {words.scales[field]}" if field in words.mixed else number


def _compared(passage: Passage, cues: Cues, words: CatalogueWords, amount: Amount, stop: int) -> Comparison | None:
    """How the number is compared, over the name of its field: `16 GB RAM minimum`; None for budgets."""
    ends = [stop, amount.end]
    if stop < len(passage) and any(passage.tokens[stop].stem in field_name(name).split() for name in words.scales):
        ends.insert(0, stop + 1)
    if passage.norm(stop) == "of" and stop + 1 < len(passage):
        ends.insert(0, stop + 2)  # `512 GB of storage at least`
    if passage.norm(stop) in DIMENSIONS:
        ends.insert(0, stop + 1)
    named = passage.tokens[amount.start - 1].stem if amount.start else ""
    starts = [amount.start]
    if named in DIMENSIONS or any(named in field_name(name).split() for name in words.scales):
        starts.append(amount.start - 1)  # `max depth 30 cm`
    for end, start in ((end, start) for end in ends for start in starts):
        found = compare_at(passage, cues, start, end)
        told = found is not None and found.op is not None and found.manner != "budget"
        if found is not None and told and (found.manner != "have" or _is_room(passage, start)):
            return found
    return None


def _is_room(passage: Passage, at: int) -> bool:
    """`we have 90 cm of space`: what there is room for, as against what somebody has."""
    clause = passage.tokens[at].clause
    return any(token.norm in ("space", "room", "platz") for token in passage.tokens if token.clause == clause)


def _range(passage: Passage, cues: Cues, words: CatalogueWords, low: Amount, high: Amount) -> list[Limit]:
    """`between 20 and 35 litres`, `width 60-80 cm`, `2-3 kg`, `800 g to 2 kg`."""
    unit, end = _unit_at(passage, cues, words, high.end)
    between = range(low.end, high.start)
    own = _unit_at(passage, cues, words, low.end)[0] if unit and low.end < high.start else ""
    joined = [passage.norm(at) for at in between if not unit or unit_name(passage.norm(at)) not in (unit, own)]
    if len(joined) != 1 or joined[0] not in lexicon.RANGE_JOIN:
        return []
    opener = opener_at(passage, low.start)
    if joined[0] in ("and", "und", "et", "y", "e") and opener is None:
        return []
    start = opener if opener is not None else low.start
    chosen = _field(passage, words, unit, start, end)
    if chosen is None:
        return []
    field, times = chosen
    if field in words.mixed and not unit:
        return []
    low_times = (factor(own, words.scales[field]) if own else None) or times
    least, most = sorted((float(low.value) * low_times, float(high.value) * times))
    ends = ((Op.GE, _limit_of(words, field, least)), (Op.LE, _limit_of(words, field, most)))
    return [Limit(Condition(field, op, value), False, start, end) for op, value in ends]


def _unit_at(passage: Passage, cues: Cues, words: CatalogueWords, at: int) -> tuple[str, int]:
    """The unit right behind a number, and where it ends, where the catalogue measures anything like it; else ""."""
    begin = at
    if passage.norm(at) == "-" and passage.tokens[at].glued:
        at += 1  # `3-seater`
    if at >= len(passage):
        return "", begin
    token = passage.tokens[at]
    if token.norm in WORDS_AND_UNITS and not token.glued:
        things = {start for start, _ in cues.get("thing", ())}
        closes = at + 1 >= len(passage) or at + 1 in things or passage.norm(at + 1) in DIMENSIONS
        if token.norm != "in" or not closes or (at + 1 < len(passage) and passage.tokens[at + 1].stem in COLOURS):
            return "", begin
    unit = unit_name(token.norm)
    return (unit, at + 1) if _alike(words, unit) else ("", begin)


def _alike(words: CatalogueWords, unit: str) -> dict[str, float]:
    """The fields measured in something like the unit -> how many of theirs one is; `persons: 4` counts persons."""
    found = {name: times for name, held in words.scales.items() if (times := factor(unit, held)) is not None}
    counted = (name for name, held in words.scales.items() if not held and unit in field_name(name).split())
    return found | dict.fromkeys(counted, 1.0) if unit else {}


def _field(passage: Passage, words: CatalogueWords, unit: str, start: int, end: int) -> tuple[str, float] | None:
    """The field a number of this unit is said of, and how many of its unit one of the unit is.

    Whose name stands by; whose dimension is named (`cm tall`); the only one with this unit, or with one like it.
    """
    fits = _alike(words, unit)
    named = _named(passage, fits if unit and fits else words.scales, start, end, is_near=not (unit and fits))
    if named is not None:
        return named, fits.get(named, 1.0)
    if not unit:
        return None
    near = [passage.norm(at) for at in (*range(start - _NEAR, end), *range(end, end + _NEAR))]
    for word in near:
        measured = [name for name in fits if DIMENSIONS.get(word, "-") in field_name(name).split()]
        if len(measured) == 1:
            return measured[0], fits[measured[0]]
    usual = [name for name in fits if field_name(name) in _USUAL]
    for alike in (usual, [name for name in fits if words.scales[name] == unit], list(fits)):
        if len(alike) == 1:
            return alike[0], fits[alike[0]]
    return None


def _named(
    passage: Passage,
    names: Mapping[str, float] | Mapping[str, str],
    start: int,
    end: int,
    *,
    is_near: bool,
) -> str | None:
    """The field called by its name nearest the number in its clause; `is_near`: with but a small word between."""
    found: list[tuple[int, str]] = []
    clause = passage.tokens[start].clause
    for name in names:
        key = field_name(name).split()
        if key in (["time"], ["use"], ["set"], ["item"]):
            continue
        for at in range(max(0, start - _FAR), min(len(passage), end + _FAR) - len(key) + 1):
            tokens = passage.tokens[at : at + len(key)]
            if [token.stem for token in tokens] != key or tokens[0].clause != clause:
                continue
            between = range(at + len(key), start) if at < start else range(end, at)
            small = all(passage.norm(place) in _LINKS or passage.norm(place) in STOP for place in between)
            if small and len(between) <= (1 if is_near else 4):
                found.append((len(between) - len(key), name))
            elif not is_near and len(between) <= 2 * _NEAR:
                found.append((len(between) + 10, name))
    return min(found)[1] if found else None
