"""What is measured against gold readings: the rules alone, a language model alone, and both as serving joins them."""

import json
import logging
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.dialogue import ledger as ledgers
from assistant.dialogue import stances
from assistant.dialogue.combine import Combined, combined, is_settled
from assistant.dialogue.language.abroad import ABROAD, MATERIALS_ABROAD
from assistant.dialogue.language.palette import COLOURS
from assistant.dialogue.language.passage import norms_of, words_of
from assistant.dialogue.language.smalltalk import GIVING_UP
from assistant.dialogue.lines_reader import LinesReading, generation, lines_reading
from assistant.dialogue.reader import CatalogueReader, Reading, ReadingContext
from assistant.dialogue.reading_lines import ALL, INTENTS, SIGNS, Lines, Sign, Wish, read_lines, sign_of
from assistant.dialogue.resolve import Resolver
from assistant.dialogue.stances import StanceTeller
from assistant.dialogue.typed import lines_of
from assistant.llm.chat_model import ChatModel, Message
from assistant.nouns import Constraint
from finetune.llm_readings import RELATIVE, Plain, Value, field_of, plain, quoted_value, without_renewed
from index.columns import Columns
from index.feeds.open import read_feed
from index.filters import NEGATIVE, Condition
from index.items import Item, ItemId, Money
from index.language.vocabulary import Vocabulary, vocabulary_of
from index.language.words import stems

log = logging.getLogger(__name__)

SHELF = 6
"""Items on the shelf of a conversation that has one."""

_BEFORE = re.compile(r"\(before: (.*?)\)\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """One message to read, with what was said before, the fields a reading may name, and the reading it should get."""

    message: str
    before: str
    fields: tuple[str, ...]
    gold: Lines
    family: str
    messages: tuple[Message, ...] = field(compare=False)


def read_cases(path: Path) -> list[Case]:
    """The cases of a file that `finetune.dialogues` wrote.

    Raises:
        ValueError: a line is not one of its records, or its reading cannot be read back.
    """
    cases: list[Case] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            record: dict[str, Any] = json.loads(line)  # Any: JSON
            messages = tuple(Message(each["role"], each["content"]) for each in record["messages"])
            fields, message = tuple(record["fields"]), str(record["message"])
            before = _BEFORE.match(messages[-1].content)
            gold = read_lines(record["reply"], message, fields)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name} line {number} is no example of finetune.dialogues") from error
        if gold.intent is None:
            raise ValueError(f"{path.name} line {number}: the reply is no reading")
        cases.append(Case(message, before[1] if before else "", fields, gold, str(record["family"]), messages))
    return cases


class Shop:
    """One catalogue with its deterministic reader, and a shelf for conversations that have one."""

    def __init__(self, items: Sequence[Item], currency: str, teller: StanceTeller | None = None) -> None:
        """`teller`: usually the shipped stance model, as serving has it."""
        self.items = tuple(items)
        self.vocabulary: Vocabulary = vocabulary_of(self.items, Columns(self.items))
        self.reader = CatalogueReader(self.vocabulary, currency, teller or stances.shipped())
        self.resolver = Resolver(self.vocabulary, self.reader)
        self._stems = [frozenset(stems(item.title)) for item in self.items]

    @classmethod
    def open(cls, path: Path, currency: str | None = None) -> "Shop":
        """The shop of a catalogue file; `currency` None: that of most of its prices."""
        items = tuple(read_feed(path, on_bad_row="skip").items)
        if currency is None:
            named = [item.price.currency for item in items if item.price is not None]
            currency = max(sorted(set(named)), key=named.count, default="EUR")
        return cls(items, currency)

    def context(self, before: str) -> ReadingContext:
        """Where a conversation stands after the shopper said `before`: its ledger as the rules read it, and a shelf of
        items that share most words with it. Nothing, where nothing was said."""
        if not before:
            return ReadingContext()
        reading = self.reader.read(before, ReadingContext())
        ledger, _ = ledgers.add((), reading.constraints, 1)
        words = frozenset(stems(before))
        best = sorted(range(len(self.items)), key=lambda row: (-len(words & self._stems[row]), row))
        return ReadingContext(ledger, tuple(self.items[row] for row in best[:SHELF]), None, 2)

    def both(self, case: Case, lines: Lines, context: ReadingContext) -> Reading:
        """What serving makes of a message by the rules and of what a model read in it."""
        return self._joined(case, lines, context).reading

    def typed(self, case: Case, lines: Lines, context: ReadingContext) -> Lines:
        """The same in the shopper's words, with what is said of fields that this shop has not."""
        return self._joined(case, lines, context).typed

    def _joined(self, case: Case, lines: Lines, context: ReadingContext) -> Combined:
        ruled = self.reader.read(case.message, context)
        if is_settled(ruled, case.message):
            return Combined(ruled, (), lines_of(ruled))
        return combined(ruled, lines, case.message, context, self.resolver)


def plain_of(reading: Reading, context: ReadingContext) -> Plain:
    """A typed reading in plain terms: kinds of things are words, entries given up are fields, items are places."""
    kinds = [entry for entry in reading.constraints if entry.condition.field == "kind"]
    wanted = [entry.quote for entry in kinds if entry.condition.op not in NEGATIVE]
    words = " ".join(dict.fromkeys(" ".join([reading.words, *wanted]).split())) or reading.subject
    refused = [name for e in reading.constraints if e.condition.field == "id" for name in values_of(e.condition)]
    places = _places((*reading.targets, *refused), context)
    rest = plain(Lines(reading.intent, words, (), _dropped(reading, context), places))
    atoms = {
        (field_of(entry.condition.field), _sign(entry), _value(entry))
        for entry in reading.constraints
        if entry.condition.field != "id" and (entry not in kinds or entry.condition.op in NEGATIVE)
    }
    return Plain(rest.intent, without_renewed(rest.atoms | atoms), rest.subject)


def values_of(condition: Condition) -> tuple[str, ...]:
    """The values of a condition, each as text."""
    value = condition.value
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _sign(entry: Constraint) -> Sign:
    """`roughly 60` is one preference, though it is kept as two soft bounds."""
    sign = sign_of(entry.condition)
    return "~" if entry.kind == "soft" and sign != "!=" else sign


def _value(entry: Constraint) -> Value:
    """The words of the quote that say the value, in whatever language; all of the quote's, where none is known to."""
    value = entry.condition.value
    said = quoted_value(entry.condition.field, entry.quote)
    if said == RELATIVE or (entry.kind == "soft" and isinstance(value, Money | int | float)):
        return said
    if isinstance(value, Money):
        return frozenset({f"{float(value.amount):g}"})
    if isinstance(value, int | float):
        return frozenset({f"{value:g}"})
    held = frozenset(word for one in values_of(entry.condition) for word in words_of(one))
    pairs = zip(words_of(entry.quote), norms_of(entry.quote), strict=True)
    saying = frozenset(word for word, norm in pairs if (_meant(word) | _meant(norm)) & held)
    return saying & said or saying or said  # the M of `taille M` is a small word, and all that is said


def _meant(word: str) -> frozenset[str]:
    """The word, and what it says in English: `rot` is red."""
    english = f"{ABROAD.get(word, '')} {MATERIALS_ABROAD.get(word, '')}"
    return frozenset({word, *words_of(english)}) | COLOURS.get(word, frozenset())


def _dropped(reading: Reading, context: ReadingContext) -> tuple[str, ...]:
    gone = [entry for entry in context.ledger if entry.id in reading.released]
    if gone and len(gone) == len(context.ledger) and any(entry.condition.field == "kind" for entry in gone):
        return (ALL,)
    return tuple(dict.fromkeys(entry.condition.field for entry in gone if entry.condition.field != "kind"))


def _places(targets: Sequence[ItemId], context: ReadingContext) -> tuple[int, ...]:
    """Places on the shelf from 1; none where all of it is meant, as nothing was pointed at."""
    shown = [item.id for item in context.shown]
    if set(targets) == set(shown):
        return ()
    return tuple(dict.fromkeys(shown.index(target) + 1 for target in targets if target in shown))


@dataclass(frozen=True, slots=True)
class Rules:
    """The deterministic reader alone."""

    shop: Shop

    def read(self, cases: Sequence[Case]) -> list[Reading]:
        """What the rules read in each."""
        return [self.shop.reader.read(case.message, self.shop.context(case.before)) for case in cases]


def generate(
    cases: Sequence[Case], model: ChatModel, *, batch: int = 16, deadline_s: float = 600.0
) -> list[LinesReading]:
    """What a model writes for each case, decoded in batches of cases that share their shop's prompt."""
    order = sorted(range(len(cases)), key=lambda at: (cases[at].messages[0].content, len(cases[at].message)))
    found: list[LinesReading] = [LinesReading()] * len(cases)
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        prompts = [generation(cases[at].messages, cases[at].message, cases[at].fields) for at in chosen]
        for at, completion in zip(chosen, model.complete(prompts, deadline_s=deadline_s), strict=True):
            case = cases[at]
            found[at] = lines_reading(completion.text, case.message, case.fields, finished=completion.finished)
        log.info("%d of %d read", min(start + batch, len(order)), len(order))
    return found


def joined(cases: Sequence[Case], readings: Sequence[LinesReading], shop: Shop) -> list[Reading]:
    """What serving makes of the rules' reading and the model's together."""
    pairs = zip(cases, readings, strict=True)
    return [shop.both(case, written.lines, shop.context(case.before)) for case, written in pairs]


def kept_beside_lies(cases: Sequence[Case], shop: Shop, lies: int, rng: random.Random) -> int:
    """The messages whose hard conditions, as the rules read them, all stand beside each of `lies` made-up readings.

    A lie is well formed: it quotes words of the message for fields, signs and drops drawn by chance.
    """
    kept = 0
    for case in cases:
        context = shop.context(case.before)
        ruled = shop.reader.read(case.message, context)
        hard = _held(ruled)
        joint = (combined(ruled, lie(case, rng), case.message, context, shop.resolver).reading for _ in range(lies))
        untouched = _untouched(case, context) - set(ruled.released)
        kept += all(hard <= _held(one) and not set(one.released) & untouched for one in joint)
    return kept


def lie(case: Case, rng: random.Random) -> Lines:
    """A reading that means to mislead."""
    words = case.message.split()

    def span() -> str:
        start = rng.randrange(len(words)) if words else 0
        quote = " ".join(words[start : rng.randint(start + 1, len(words) + 1)])
        return quote if quote in case.message else ""

    quotes = [quote for quote in (span() for _ in range(rng.randint(0, 5))) if quote]
    wishes = tuple(Wish(rng.choice(case.fields), rng.choice(SIGNS), quote) for quote in quotes)
    dropped = tuple(rng.sample((*case.fields, ALL), rng.randint(0, 3)))
    return Lines(rng.choice(INTENTS), span(), wishes, dropped, (rng.randint(1, 9),))


def _held(reading: Reading) -> set[tuple[str, str, str]]:
    conditions = (entry.condition for entry in reading.constraints if entry.kind == "hard")
    return {(each.field, each.op.value, str(each.value)) for each in conditions}


def _untouched(case: Case, context: ReadingContext) -> set[str]:
    """Ids of conditions in force, where the message has no word of giving anything up."""
    return set() if set(norms_of(case.message)) & GIVING_UP else {entry.id for entry in context.ledger}
