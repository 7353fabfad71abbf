"""The rules' reading set right where the stance model is sure of another: what is wanted, refused, or only told.

Rules know what a catalogue calls things and read amounts exactly; how a sentence means what it names (`brown she
refuses to touch`) has more forms than rules have words for. So each thing that a message names is asked about, and
where the model is surer than a threshold its word stands. It is part of the deterministic reader: the language model
comes later, and takes nothing back of what is found here. The thresholds were settled on two development authors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.amounts.numbers import find_amounts
from assistant.dialogue.language.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.language.meanings import find_mentions
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import PhraseTable
from assistant.dialogue.reading_lines import Sign
from assistant.dialogue.stances import Stance
from assistant.nouns import Constraint
from assistant.spans import Span
from index.filters import Condition, Op
from index.items import Money
from index.language.sizes import is_size_field
from index.language.words import normalise

TURNED = 0.85
"""How sure the model must be to turn a wish into a refusal, a refusal into a wish, or a preference into a condition."""
HEARD = 0.7
"""How sure, to hear a condition where the rules heard none."""
WAIVED = 0.9
"""How sure, to take what the rules hold items to for something that is only told."""
BOUND = 0.9
"""How sure of what a number bounds, and which way."""
MOST_NAMES = 40
"""Names of one message that are asked about; of longer lists of things the rules' reading stands."""

_OR = frozenset("or oder ou o u / nor and".split())
_BEST_RATING = 5
_SINGLE = ("color", "size", "brand")
"""Fields of which an item mostly has one value: two conditions on one of them would leave nothing."""


@dataclass(frozen=True, slots=True)
class Name:
    """A value of the catalogue or an amount, at characters `span` of a message."""

    span: Span
    meanings: tuple[Meaning, ...] = ()
    money: Money | None = None
    number: float | None = None


class Names:
    """Finds what a message names, whether or not it is asked for. Safe to share between threads."""

    def __init__(self, words: CatalogueWords, currency: str) -> None:
        self._words, self._currency = words, currency
        plain = words.plain_values.items()
        sizes = ((key, Meaning("size", words.size_field_of(value), (value,))) for key, value in words.sizes.items())
        self._more = PhraseTable((*plain, *sizes))

    def find(self, passage: Passage) -> list[Name]:
        """Every name in the message, in order, at most `MOST_NAMES`. `passage` is one of which nothing was read yet."""
        mentions = find_mentions(passage, self._words)
        for mention in mentions:
            passage.claim(mention.start, mention.end, "name")
        mentions += self._more.scan(passage)
        passage.claims[:] = [""] * len(passage)
        amounts = find_amounts(passage, self._currency, weighs="lb" in self._words.scales.values())
        found: list[Name] = []
        numbered: dict[tuple[int, int], Name] = {}
        for amount in amounts:
            code = self._currency if amount.currency in ("", "?") else amount.currency
            digits = [at for at in range(amount.start, amount.end) if passage.tokens[at].shape == "number"]
            start, end = (digits[0], digits[-1] + 1) if digits else (amount.start, amount.end)
            same = next((one for one in mentions if one.start < amount.end and amount.start < one.end), None)
            number = Name(_characters(passage, start, end), (), Money.of(amount.value, code), float(amount.value))
            if same is None:
                found.append(number)
            elif (same.start, same.end) not in numbered:  # `12-18m` is one size, and its first number stands for it
                numbered[same.start, same.end] = number
        for one in mentions:
            number = numbered.get((one.start, one.end), Name((0, 0)))
            span = _characters(passage, one.start, one.end)
            found.append(Name(span, one.meanings, number.money, number.number))
        return sorted(found, key=lambda one: one.span)[:MOST_NAMES]


def _characters(passage: Passage, start: int, end: int) -> Span:
    return passage.tokens[start].start, passage.tokens[end - 1].end


def weighed(
    constraints: Sequence[Constraint], message: str, names: Sequence[Name], stances: Sequence[Stance], turn: int
) -> tuple[Constraint, ...]:
    """The constraints with those set right of which the model is sure; an entry it has no word against is the same one.

    Kinds of things are left to the rules, which know what stands in for what.
    """
    made = list(constraints)
    for name, stance in zip(names, stances, strict=True):
        entries = [entry for entry in made if _speaks_of(entry, name, message)]
        if any(entry.condition.field == "kind" for entry in entries):
            continue
        if name.money is not None and stance.field in ("price", "rating", ""):
            changed = _bounded(entries, name, stance, message, turn)
        else:
            changed = _asked(entries, name, stance, message, turn)
        if changed is None:
            continue
        made = [entry for entry in made if entry not in entries]
        made = _with(made, changed, message)
    return tuple(sorted(made, key=lambda entry: message.find(entry.quote)))


def _asked(
    entries: Sequence[Constraint], name: Name, stance: Stance, message: str, turn: int
) -> list[Constraint] | None:
    """What becomes of the entries that speak of a value; None: they stay as they are."""
    told = {_manner(entry) for entry in entries}
    if told == {stance.manner} and not any(entry.condition.field in ("price", "rating") for entry in entries):
        return None
    meaning = _meaning(name, stance.field)
    quote = message[slice(*name.span)]
    if stance.manner in ("told", "words"):
        firm = told and told <= {"=", "!="} and stance.probability >= WAIVED
        return [part for entry in entries for part in _without(entry, name)] if firm else None
    sign: Sign = stance.manner
    if sign not in ("=", "!=") or meaning is None:
        return None
    fresh = Constraint("", "hard", _condition(meaning.field, meaning.values, sign), turn, quote)
    if not entries:
        return [fresh] if stance.probability >= HEARD else None
    if stance.probability < TURNED:
        return None
    kept = [part for entry in entries for part in _without(entry, name)]
    own = [_only(entry, name, sign, quote) for entry in entries if entry.condition.field not in ("price", "rating")]
    return [*kept, *([entry for entry in own if entry is not None] or [fresh])]


def _bounded(
    entries: Sequence[Constraint], name: Name, stance: Stance, message: str, turn: int
) -> list[Constraint] | None:
    """What becomes of the entries that an amount was read into; None: they stay as they are."""
    if stance.probability < BOUND or any(entry.condition.field not in ("price", "rating") for entry in entries):
        return None
    if stance.manner in ("told", "words"):
        return [] if entries and stance.probability >= WAIVED else None
    if stance.manner not in ("<=", ">=") or stance.field == "":
        return None
    if any(entry.kind == "soft" for entry in entries):
        return None  # two soft bounds say `about`, which is nearer to a bound than the rules are to being wrong
    if any(_manner(entry) == stance.manner and entry.condition.field == stance.field for entry in entries):
        return None
    op = Op.LE if stance.manner == "<=" else Op.GE
    value = name.money if stance.field == "price" else name.number
    if value is None or (stance.field == "rating" and (name.number or 0) > _BEST_RATING):
        return None
    return [Constraint("", "hard", Condition(stance.field, op, value), turn, message[slice(*name.span)])]


def _with(made: list[Constraint], changed: Sequence[Constraint], message: str) -> list[Constraint]:
    """The entries and those that changed; of one field, values with an `or` between them are one condition."""
    for fresh in changed:
        field = fresh.condition.field
        rival = next(
            (
                entry
                for entry in made
                if entry.condition.field == field and _manner(entry) == _manner(fresh) == "=" and entry.kind == "hard"
            ),
            None,
        )
        if rival is None:
            made = [*made, fresh]
        elif joined := _joined(rival, fresh, message):
            made = [joined if entry is rival else entry for entry in made]
        elif not (field in _SINGLE or is_size_field(field)):
            made = [*made, fresh]
    return made


def _joined(one: Constraint, other: Constraint, message: str) -> Constraint | None:
    """`red or blue` as one condition; None where no `or` stands between."""
    first, second = sorted((one, other), key=lambda entry: message.find(entry.quote))
    start, end = message.find(first.quote), message.find(second.quote)
    if start < 0 or end < start:
        return None
    between = message[start + len(first.quote) : end].lower().replace(",", " ").split()
    if len(between) > 3 or not _OR & set(between):
        return None
    values = tuple(dict.fromkeys((*_values(first.condition), *_values(second.condition))))
    quote = message[start : end + len(second.quote)]
    return replace(first, condition=_condition(first.condition.field, values, "="), quote=quote)


def _without(entry: Constraint, name: Name) -> Iterator[Constraint]:
    """What is left of an entry once the name is taken out: nothing, where it spoke of nothing else."""
    values = _values(entry.condition)
    left = tuple(value for value in values if normalise(value) not in _meant(name))
    if left and len(left) < len(values):
        yield replace(entry, condition=_condition(entry.condition.field, left, _sign(entry)))


def _only(entry: Constraint, name: Name, sign: Sign, quote: str) -> Constraint | None:
    """The entry for the name alone, held to with another sign."""
    values = tuple(value for value in _values(entry.condition) if normalise(value) in _meant(name))
    if not values:
        return None
    return replace(entry, kind="hard", condition=_condition(entry.condition.field, values, sign), quote=quote)


def _speaks_of(entry: Constraint, name: Name, message: str) -> bool:
    """Whether an entry was read from this name."""
    begin = message.find(entry.quote)
    if not (begin < name.span[1] and name.span[0] < begin + len(entry.quote)):
        return False
    condition = entry.condition
    if condition.field in ("price", "rating"):
        value = condition.value
        if entry.kind == "soft" or not isinstance(value, Money | int | float):
            return name.number is not None
        told = float(value.amount) if isinstance(value, Money) else float(value)
        return name.number is not None and abs(told - name.number) < 0.005
    values = {normalise(value) for value in _values(condition)}
    if condition.field == "text":
        said = set(normalise(message[slice(*name.span)]).split())
        return bool(said & {word for value in values for word in value.split()})
    return bool(values & _meant(name)) or (name.number is not None and not name.meanings)


def _meant(name: Name) -> frozenset[str]:
    return frozenset(normalise(value) for meaning in name.meanings for value in meaning.values)


def _meaning(name: Name, field: str) -> Meaning | None:
    """What a name says of the field that is spoken of; whatever it says, where it has one meaning only."""
    values = [meaning for meaning in name.meanings if meaning.sort not in ("kind", "category")]
    return next(
        (one for one in values if _sort(one) == field), values[0] if len(name.meanings) == 1 == len(values) else None
    )


def _sort(meaning: Meaning) -> str:
    """The name of its field as the stance model knows it."""
    if meaning.sort in _SINGLE:
        return meaning.sort
    return "material" if "material" in meaning.field or "fabric" in meaning.field else "attribute"


def _manner(entry: Constraint) -> Sign:
    sign = _sign(entry)
    return "~" if entry.kind == "soft" and sign != "!=" else sign


def _sign(entry: Constraint) -> Sign:
    op = entry.condition.op
    if op in (Op.NE, Op.NOT_IN):
        return "!="
    return "<=" if op in (Op.LE, Op.LT) else ">=" if op in (Op.GE, Op.GT) else "="


def _values(condition: Condition) -> tuple[str, ...]:
    value = condition.value
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _condition(field: str, values: tuple[str, ...], sign: Sign) -> Condition:
    one, many = (Op.NE, Op.NOT_IN) if sign == "!=" else (Op.EQ, Op.IN)
    return Condition(field, one, values[0]) if len(values) == 1 else Condition(field, many, values)
