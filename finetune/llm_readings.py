"""How well readings of messages agree with gold ones: what each asks for, slot by slot and as a whole.

A reading is brought to plain terms first, so that readers that quote differently (`under 80 euros`, `80 euros`) are
measured alike: amounts become numbers, values become the stems of their words without those that say nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.dialogue.language.lexicon import NOT
from assistant.dialogue.language.palette import COLOUR_FIELDS
from assistant.dialogue.language.passage import norms_of, words_of
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.reading_lines import ALL, Lines, Wish
from assistant.nouns import Intent
from finetune.examples import OWN_FIELDS
from index.filters import field_name
from index.language.sizes import is_size_field

ANY_FIELD = "text"
"""A condition on the whole record: it holds an item to the word whatever field the word stands in."""

Value = frozenset[str]
Atom = tuple[str, str, Value]
"""Field, sign and value of one thing asked for; `words`, `drop` and `items` are fields here, too."""

RELATIVE: Value = frozenset({"as compared with an item"})

_SEARCHES = ("search", "more", "release")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBERS = {
    name: str(number) for number, name in enumerate("one two three four five six seven eight nine ten".split(), 1)
}
_SMALL = (
    STOP
    | NOT
    | frozenset("and or in by from made of than size color colour please size the und oder et ou y o e".split())
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A reading in plain terms. `subject` is what a question is about."""

    intent: Intent | None
    atoms: frozenset[Atom]
    subject: Value


def plain(reading: Lines) -> Plain:
    """The reading in plain terms.

    A field that is dropped and asked for anew in the same reading is not counted as dropped: the new wish takes the
    place of the old one anyway.
    """
    searches = reading.intent in _SEARCHES
    words = quoted_value("words", reading.words)
    atoms = {atom_of(wish) for wish in reading.wishes}
    if words and searches:
        atoms.add(("words", "=", words))
    dropped = {ALL} if ALL in reading.dropped else {field_of(name) for name in reading.dropped}
    atoms |= {("drop", "=", frozenset({name})) for name in dropped}
    atoms |= {("items", "=", frozenset({str(place)})) for place in reading.items}
    return Plain(reading.intent, without_renewed(atoms), frozenset() if searches else words)


def without_renewed(atoms: Iterable[Atom]) -> frozenset[Atom]:
    """The atoms without drops of fields that are asked for anew: the new wish takes the old one's place anyway."""
    kept = frozenset(atoms)
    renewed = {name for name, sign, _ in kept if sign != "!="}
    return frozenset(atom for atom in kept if atom[0] != "drop" or not atom[2] & renewed)


def without_drops(reading: Plain) -> Plain:
    """The reading without what is taken back: at the start of a conversation there is nothing to take back."""
    return replace(reading, atoms=frozenset(atom for atom in reading.atoms if atom[0] != "drop"))


@dataclass(slots=True)
class Slot:
    """Counts of one slot over all messages."""

    found: int = 0
    wanted: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


@dataclass(slots=True)
class Scores:
    """What a reader is worth on a set of messages.

    Attributes:
        exact: messages whose intent and every atom are right, with nothing beside them.
        intents: messages whose intent is right.
        hard: conditions (no preferences), and how many of them were found as conditions.
        slots: by field; `refused` holds what is refused of any field.
    """

    messages: int = 0
    exact: int = 0
    intents: int = 0
    hard: Slot = field(default_factory=Slot)
    slots: dict[str, Slot] = field(default_factory=dict[str, Slot])

    @property
    def overall(self) -> Slot:
        """All slots as one (micro average)."""
        total = Slot()
        for slot in self.slots.values():
            total.found, total.wanted = total.found + slot.found, total.wanted + slot.wanted
            total.right += slot.right
        return total

    def add(self, found: Plain, gold: Plain) -> bool:
        """Count one message; whether it was read exactly. Where no item was named by its place, none is counted."""
        if not any(atom[0] == "items" for atom in gold.atoms) and gold.intent in ("ask_item", "compare"):
            found = replace(found, atoms=frozenset(atom for atom in found.atoms if atom[0] != "items"))
        pairs = dict(matched(found.atoms, gold.atoms))
        for atom in gold.atoms:
            slot = self.slots.setdefault(slot_of(atom), Slot())
            slot.wanted += 1
            slot.right += atom in pairs
        used = set(pairs.values())
        for atom in gold.atoms:
            self.slots[slot_of(atom)].found += atom in pairs
        for atom in found.atoms - used:
            self.slots.setdefault(slot_of(atom), Slot()).found += 1
        asked = [atom for atom in gold.atoms if is_condition(atom)]
        self.hard.wanted += len(asked)
        self.hard.right += sum(atom in pairs for atom in asked)
        self.hard.found += sum(is_condition(atom) for atom in found.atoms)
        exact = found.intent == gold.intent and len(pairs) == len(gold.atoms) == len(found.atoms)
        self.messages += 1
        self.intents += found.intent == gold.intent
        self.exact += exact
        return exact


def scores(found: Sequence[Plain], gold: Sequence[Plain]) -> Scores:
    """The scores of readings against gold ones.

    Raises:
        ValueError: not as many were found as there are gold ones.
    """
    total = Scores()
    for mine, true in zip(found, gold, strict=True):
        total.add(mine, true)
    return total


def is_condition(atom: Atom) -> bool:
    """Whether an atom holds every item shown to something."""
    return atom[0] not in ("words", "drop", "items") and atom[1] != "~"


def slot_of(atom: Atom) -> str:
    """The slot an atom is counted in: its field, `refused`, or `attribute` for fields that not every shop has."""
    name, sign, _ = atom
    if sign == "!=":
        return "refused"
    return name if name in ("words", "drop", "items", *OWN_FIELDS) else "attribute"


def table(columns: Mapping[str, Scores]) -> str:
    """The readers side by side: precision / recall / F1 of each slot, then what counts for whole messages."""
    names = sorted({name for one in columns.values() for name, slot in one.slots.items() if slot.wanted})
    lines = ["| | wanted | " + " | ".join(columns) + " |", "|---|---|" + "---|" * len(columns)]
    first = next(iter(columns.values()))

    def line(name: str, wanted: int, cells: Sequence[str]) -> None:
        lines.append(f"| {name} | {wanted} | " + " | ".join(cells) + " |")

    for name in names:
        slots = [one.slots.get(name, Slot()) for one in columns.values()]
        line(name, max(slot.wanted for slot in slots), [_three(slot) for slot in slots])
    line("all slots", first.overall.wanted, [_three(one.overall) for one in columns.values()])
    line("hard constraints", first.hard.wanted, [_three(one.hard) for one in columns.values()])
    line("intent", first.messages, [f"{one.intents / max(one.messages, 1):.3f}" for one in columns.values()])
    line("exact request", first.messages, [f"{one.exact / max(one.messages, 1):.3f}" for one in columns.values()])
    return "\n".join(lines)


def _three(slot: Slot) -> str:
    return f"{slot.precision:.3f} / {slot.recall:.3f} / {slot.f1:.3f}"


def matched(found: frozenset[Atom], gold: frozenset[Atom]) -> Iterator[tuple[Atom, Atom]]:
    """Gold atoms with the found ones that say the same, each used once."""
    left = Counter(found)
    for atom in gold:
        if left[atom]:
            left[atom] -= 1
            yield atom, atom
    exact = found & gold
    for atom in gold - exact:
        other = (ANY_FIELD, atom[1], atom[2])
        if is_condition(atom) and left[other]:
            left[other] -= 1
            yield atom, other


def atom_of(wish: Wish) -> Atom:
    """A wish in plain terms."""
    name = field_of(wish.field)
    return name, wish.sign, quoted_value(name, wish.quote)


def field_of(name: str) -> str:
    """One name for a field however a catalogue calls it, where any shop has it."""
    plain_name = field_name(name)
    if plain_name in COLOUR_FIELDS:
        return "color"
    return "size" if is_size_field(name) else plain_name


def quoted_value(name: str, quote: str) -> Value:
    """What a quote says of a field: one number for amounts and stars, `RELATIVE` for `cheaper than the first`, else
    the stems of its words."""
    if name in ("price", "rating"):
        numbers = [f"{_amount(number):g}" for number in _NUMBER.findall(quote)]
        words = norms_of(quote)
        numbers += [_NUMBERS[word] for word in words if word in _NUMBERS and not (word == "one" and "than" in words)]
        if numbers:
            return frozenset(numbers[-1:])
        return RELATIVE
    own = set(words_of(name))
    said = list(zip(norms_of(quote), words_of(quote), strict=True))
    kept = [stem for norm, stem in said if norm not in _SMALL and stem not in own]
    return frozenset(kept or [stem for _, stem in said])


def _amount(number: str) -> float:
    """`1,200` and `1.200` are thousands, `19,90` and `19.90` are not."""
    whole, *rest = re.split(r"[.,]", number)
    if not rest:
        return float(whole)
    if len(rest[-1]) == 3:
        return float(whole + "".join(rest))
    return float(f"{whole}{''.join(rest[:-1])}.{rest[-1]}")
