"""The rules' reading set right where the stance model is sure of another: what is wanted, refused, or only told.

Rules know what a catalogue calls things and read amounts exactly; how a sentence means what it names (`brown she
refuses to touch`) has more forms than rules have words for. So each thing that a message names is asked about, and
where the model is surer than a threshold its word stands. It is part of the deterministic reader: the language model
comes later, and takes nothing back of what is found here. The thresholds were settled on three development authors.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.amounts.budgets import is_after_number_noun, is_money
from assistant.dialogue.amounts.numbers import Amount, find_amounts
from assistant.dialogue.language import smalltalk
from assistant.dialogue.language.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.language.meanings import find_mentions
from assistant.dialogue.language.passage import Passage, norms_of, words_of
from assistant.dialogue.language.phrases import PhraseTable
from assistant.dialogue.reading_lines import Sign, sign_of
from assistant.dialogue.stances import Stance
from assistant.nouns import Constraint
from assistant.spans import Span
from index.filters import Condition, Op, of_values
from index.items import Money
from index.language.sizes import is_size_field
from index.language.units import is_unit
from index.language.words import normalise

TURNED = 0.75
"""How sure the model must be to take what the rules take for a wish, or for a price, for a refusal."""
WANTED = 0.97
"""How sure, to take for a condition what the rules take for a refusal, which has a no of some kind."""
FIRM = 0.82
"""How sure, to take a preference of the rules for a condition."""
HEARD = 0.7
"""How sure, to hear a condition where the rules know no such value."""
OVERHEARD = 0.97
"""How sure, to hear a wish in a value that the rules know and passed over: `my navy suit`, `green tea`."""
SHUNNED = 0.8
"""How sure, to hear a refusal there."""
WAIVED = 0.8
"""How sure, to take what the rules want for something that is only told."""
BOUND = 0.8
"""How sure of what a number bounds, and which way."""
COMPARED = 0.95
"""How sure, to take a bound for another than the word of comparison beside it says."""
MOST_NAMES = 40
"""Names of one message that are asked about; of longer lists of things the rules' reading stands."""

_NO_PRICE = frozenset("x \u00d7 / * by % percent prozent kr kc ft lei + # nr".split())
"""Beside a number, what says that it is no price, or one of a currency that is not told."""
_BESIDE = frozenset("x \u00d7 / by".split())
"""Between two numbers, what makes one measure of them."""
_COMPARING = frozenset(
    "under below beneath less over above more least most min max minimum maximum up tops exceed exceeding limit cap "
    "unter uber mindestens hochstens maximal sous moins plus dessous dessus menos mas debajo encima meno piu sotto "
    "sopra almeno massimo".split()
)
_OR = frozenset("or oder ou o u / nor and".split())
_WORD = re.compile(r"\w+")
_BEST_RATING = 5
_LARGEST = 100_000
"""From here on a number without a currency is that of a telephone or an order."""
_OTHERS = ("price", "rating", "kind", "text")
"""Fields of entries that another condition takes the place of where a name turns out to be a value."""
_SINGLE = ("color", "size", "brand")
"""Fields of which an item mostly has one value: two conditions on one of them would leave nothing."""


@dataclass(frozen=True, slots=True)
class Name:
    """A value of the catalogue or an amount, at characters `span` of a message.

    Attributes:
        money: None, where the number can be no price.
        measured: a unit stands behind the number, which is no number of stars then.
        known: the rules have an opinion of it, whether or not they made a condition of it.
    """

    span: Span
    meanings: tuple[Meaning, ...] = ()
    money: Money | None = None
    number: float | None = None
    known: bool = False
    measured: bool = False


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
        known = len(mentions)
        mentions += [one for one in self._more.scan(passage) if not _is_measure(passage, one.start, one.end)]
        passage.claims[:] = [""] * len(passage)
        found: list[Name] = []
        numbered: dict[tuple[int, int], Name] = {}
        for amount in find_amounts(passage, self._currency, weighs="lb" in self._words.scales.values())[:MOST_NAMES]:
            digits = [at for at in range(amount.start, amount.end) if passage.tokens[at].shape == "number"]
            start, end = (digits[0], digits[-1] + 1) if digits else (amount.start, amount.end)
            same = next((one for one in mentions if one.start < amount.end and amount.start < one.end), None)
            span = _characters(passage, start, end)
            money, measured = self._money(passage, amount), _has_unit(passage, amount)
            number = Name(span, (), money, float(amount.value), known=True, measured=measured)
            if same is None:
                found.append(number)
            elif (same.start, same.end) not in numbered:  # `12-18m` is one size, and its first number stands for it
                numbered[same.start, same.end] = number
        for at, one in enumerate(mentions):
            number = numbered.get((one.start, one.end), Name((0, 0)))
            span = _characters(passage, one.start, one.end)
            found.append(Name(span, one.meanings, number.money, number.number, known=at < known))
        return sorted(found, key=lambda one: one.span)[:MOST_NAMES]

    def _money(self, passage: Passage, amount: Amount) -> Money | None:
        """The amount as a price; None where what stands beside it says that it is none."""
        code = self._currency if amount.currency in ("", "?") else amount.currency
        if not amount.currency:
            before, after = passage.norm(amount.start - 1), passage.norm(amount.end)
            timed = (
                before == ":" and amount.start > 1 and passage.tokens[amount.start - 2].shape == "number"
            )  # `at 7:30`
            placed = timed or after in _NO_PRICE or before in _NO_PRICE or is_after_number_noun(passage, amount.start)
            year = 1900 <= amount.value <= 2100 and amount.value == int(amount.value)
            listed = after in (".", ")") and passage.starts_sentence(amount.start)
            if (
                placed
                or year
                or listed
                or amount.value >= _LARGEST
                or not is_money(passage, self._words, amount, priced=False)
            ):
                return None
        return Money.of(amount.value, code)


def _has_unit(passage: Passage, amount: Amount) -> bool:
    """`at least 1.5 m`, `up to 6 years`."""
    unit = passage.norm(amount.end)
    return (unit in smalltalk.UNITS and unit not in smalltalk.STARS) or is_unit(unit)


def _is_measure(passage: Passage, start: int, end: int) -> bool:
    """`28 l backpack`, `1.80 m tall`, `55 x 40`, `62/68`: a number that measures, or its unit's letter."""
    if end != start + 1:
        return False
    if passage.tokens[start].shape == "number":
        return passage.norm(start - 1) in _BESIDE or passage.norm(end) in _BESIDE or is_unit(passage.norm(end))
    return len(passage.norm(start)) == 1 and start > 0 and passage.tokens[start - 1].shape == "number"


def _characters(passage: Passage, start: int, end: int) -> Span:
    return passage.tokens[start].start, passage.tokens[end - 1].end


def weighed(
    constraints: Sequence[Constraint], message: str, names: Sequence[Name], stances: Sequence[Stance], turn: int
) -> tuple[Constraint, ...]:
    """The constraints with those set right of which the model is sure; an entry it has no word against is the same one.

    Kinds of things are left to the rules, which know what stands in for what; but where another thing is searched for,
    a name that is also a value (`a fishing lure, real fleece only`) may be that.
    """
    made = list(constraints)
    for name, stance in zip(names, stances, strict=True):
        entries = [entry for entry in made if _speaks_of(entry, name, message)]
        if any(entry.condition.field == "kind" for entry in entries):
            others = (one for one in zip(names, stances, strict=True) if one[0] is not name)
            sought = any(other.manner == "words" and _is_kind(one) for one, other in others)
            if not (sought and stance.probability >= WANTED and any(_sort(m) == stance.field for m in name.meanings)):
                continue
        if name.number is not None and stance.field in ("price", "rating", ""):
            changed = _bounded(entries, name, stance, message, turn)
        else:
            changed = _asked(entries, name, stance, message, turn)
        if changed is None or (not entries and _is_inside(name, made, message)):
            continue
        made = [entry for entry in made if entry not in entries]
        made = _with(made, changed, message)
    return tuple(made)


def _asked(
    entries: Sequence[Constraint], name: Name, stance: Stance, message: str, turn: int
) -> list[Constraint] | None:
    """What becomes of the entries that speak of a value; None: they stay as they are."""
    told = {_manner(entry) for entry in entries}
    if told == {stance.manner} and not any(entry.condition.field in _OTHERS[:3] for entry in entries):
        return None
    if entries and _asks(message):
        return None
    meaning = _meaning(name, stance.field)
    quote = message[slice(*name.span)]
    if stance.manner in ("told", "words"):
        # What somebody `needs` the model may take for what is searched for; and a no that the rules found was said.
        if told != {"="} or stance.manner == "words" or stance.probability < WAIVED:
            return None
        left = [part for entry in entries for part in _without(entry, name)]
        return left if all(_is_said(value, message) for part in left for value in _values(part.condition)) else None
    sign: Sign = stance.manner
    if sign not in ("=", "!=") or meaning is None:
        return None
    fresh = Constraint("", "hard", of_values(meaning.field, meaning.values, refused=sign == "!="), turn, quote)
    if not entries:
        passed_over = SHUNNED if sign == "!=" else OVERHEARD
        return [fresh] if stance.probability >= (passed_over if name.known else HEARD) else None
    needed = FIRM if told == {"~"} else WANTED if told & {"!=", "~"} else TURNED
    if stance.probability < needed:
        return None
    kept = [part for entry in entries for part in _without(entry, name)]
    own = [_only(entry, name, sign, quote) for entry in entries if entry.condition.field not in _OTHERS]
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
    turned = [entry for entry in entries if _manner(entry) != stance.manner]
    if any(_COMPARING & set(norms_of(entry.quote)) for entry in turned) and stance.probability < COMPARED:
        return None
    op = Op.LE if stance.manner == "<=" else Op.GE
    value = name.money if stance.field == "price" else name.number
    if value is None or (stance.field == "rating" and ((name.number or 0) > _BEST_RATING or name.measured)):
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
    return replace(first, condition=of_values(first.condition.field, values), quote=quote)


def _without(entry: Constraint, name: Name) -> Iterator[Constraint]:
    """What is left of an entry once the name is taken out: nothing, where it spoke of nothing else."""
    values = _values(entry.condition)
    left = tuple(value for value in values if normalise(value) not in _meant(name))
    if left and len(left) < len(values):
        yield replace(entry, condition=of_values(entry.condition.field, left, refused=sign_of(entry.condition) == "!="))


def _only(entry: Constraint, name: Name, sign: Sign, quote: str) -> Constraint | None:
    """The entry for the name alone, held to with another sign."""
    values = tuple(value for value in _values(entry.condition) if normalise(value) in _meant(name))
    if not values:
        return None
    return replace(
        entry, kind="hard", condition=of_values(entry.condition.field, values, refused=sign == "!="), quote=quote
    )


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


def _asks(message: str) -> bool:
    """`is everything wool?`: how it is meant depends on what is shown, which rules that answer questions know."""
    first = next(iter(_WORD.finditer(message)), None)
    asks = first is not None and smalltalk.is_question_start(normalise(first.group()), first.group())
    return asks and message.rstrip().endswith("?")


def _is_said(value: str, message: str) -> bool:
    """Whether a value is of this message; it may have been said before, and be widened now."""
    return bool(set(words_of(value)) & set(words_of(message)))


def _is_inside(name: Name, made: Sequence[Constraint], message: str) -> bool:
    """Whether the name is part of what a condition on another thing was read from: the 5 of `between 4 and 5 stars`."""
    places = ((message.find(entry.quote), entry) for entry in made if entry.condition.field != "kind")
    return any(
        begin >= 0 and begin <= name.span[0] and name.span[1] <= begin + len(entry.quote) for begin, entry in places
    )


def _meant(name: Name) -> frozenset[str]:
    return frozenset(normalise(value) for meaning in name.meanings for value in meaning.values)


def _meaning(name: Name, field: str) -> Meaning | None:
    """What a name says of the field that is spoken of; whatever it says, where it has one meaning only."""
    values = [meaning for meaning in name.meanings if meaning.sort not in ("kind", "category")]
    return next(
        (one for one in values if _sort(one) == field), values[0] if len(name.meanings) == 1 == len(values) else None
    )


def _is_kind(name: Name) -> bool:
    return any(meaning.sort == "kind" for meaning in name.meanings)


def _sort(meaning: Meaning) -> str:
    """The name of its field as the stance model knows it."""
    if meaning.sort in ("kind", "category", *_SINGLE):
        return meaning.sort
    return "material" if "material" in meaning.field or "fabric" in meaning.field else "attribute"


def _manner(entry: Constraint) -> Sign:
    sign = sign_of(entry.condition)
    return "~" if entry.kind == "soft" and sign != "!=" else sign


def _values(condition: Condition) -> tuple[str, ...]:
    value = condition.value
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
