"""From one turn to the next: what stays in force, what goes, and what is searched for now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dialogue import ledger as ledgers
from assistant.dialogue.reader import Reading
from assistant.nouns import Constraint, Conversation, Question, Request
from index.catalogue import Catalogue
from index.filters import Condition, Op, values_of
from index.language.sizes import is_size_field
from index.language.words import normalise

MOST_WORDS = 16
"""Product words kept over a conversation; the latest win."""

STANDING_FIELDS = frozenset({"price", "brand", "kind", "id", "text", "rating", "category"})
"""Constraints on these concern any sort of thing; the others fall with the kind they were said of."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What this turn asks for, with everything still in force.

    Attributes:
        taken_back: entries the shopper gave up, by words or by their chip.
        fallen: entries that no item of the newly asked kind could satisfy.
        replaced: entries a new one of this turn took the place of.
    """

    request: Request
    ledger: tuple[Constraint, ...]
    added: tuple[Constraint, ...] = ()
    taken_back: tuple[Constraint, ...] = ()
    fallen: tuple[Constraint, ...] = ()
    replaced: tuple[Constraint, ...] = ()


def follow(
    conversation: Conversation,
    reading: Reading,
    remove: Sequence[str],
    catalogue: Catalogue,
    questions: tuple[Question, ...] = (),
) -> Followed:
    """The request and ledger after a turn that said `reading`, put `questions` beside it and clicked `remove` away."""
    before = conversation.ledger
    turn = len(conversation.turns) + 1
    gone = {*remove, *reading.released}
    ledger = ledgers.remove(before, tuple(gone))
    ledger, replaced = ledgers.add(ledger, reading.constraints, turn, taken=_taken(conversation))
    kept = {entry.id for entry in before}
    ledger = tuple(entry if entry.id in kept else _as_recorded(entry, ledger, catalogue) for entry in ledger)
    added = tuple(entry for entry in ledger if entry.id not in kept)
    again = {(entry.kind, entry.condition) for entry in ledger}
    taken_back = tuple(e for e in before if e.id in gone and (e.kind, e.condition) not in again)
    switched = any(entry.condition.field == "kind" for entry in added) and any(
        entry.condition.field == "kind" for entry in before
    )
    fallen = _fallen(ledger, catalogue) if switched else ()
    ledger = ledgers.remove(ledger, tuple(entry.id for entry in fallen))
    request = Request(
        intent=reading.intent,
        words=_words(conversation, reading, switched),
        targets=reading.targets,
        subject=reading.subject,
        unread=reading.unread,
        questions=questions,
    )
    return Followed(request, ledger, added, taken_back, fallen, replaced)


def _taken(conversation: Conversation) -> frozenset[str]:
    """Every ledger id of the conversation so far: none is ever given twice."""
    return frozenset(entry.id for turn in conversation.turns for entry in turn.ledger)


def _fallen(ledger: Sequence[Constraint], catalogue: Catalogue) -> tuple[Constraint, ...]:
    """What was said of the former kind and no item of the new one has at all, such as a size for a kettle."""
    kinds = [entry.condition for entry in ledger if entry.condition.field == "kind"]
    return tuple(
        entry
        for entry in ledger
        if entry.condition.field not in STANDING_FIELDS
        and not catalogue.matching([*kinds, entry.condition], in_stock=False)
    )


def _as_recorded(entry: Constraint, ledger: Sequence[Constraint], catalogue: Catalogue) -> Constraint:
    """A property that this kind of thing records in its words, not in the field where others have it.

    `waterproof` is a field of the bags and a word in the jackets' descriptions: asked of jackets, the word decides.
    """
    condition = entry.condition
    if condition.field in STANDING_FIELDS or condition.op not in (Op.EQ, Op.IN) or is_size_field(condition.field):
        return entry
    kinds = [other.condition for other in ledger if other.condition.field == "kind" and other.kind == "hard"]
    if not kinds or any(
        values_of(catalogue.item(item_id), condition.field) for item_id in catalogue.matching(kinds, in_stock=False)
    ):
        return entry
    values = condition.value if isinstance(condition.value, tuple) else (str(condition.value),)
    said = entry.quote if {normalise(value) for value in values} & {"yes", "true"} else values[0]
    mentioned = Condition("text", Op.EQ, said)
    return replace(entry, condition=mentioned) if catalogue.matching([*kinds, mentioned], in_stock=False) else entry


def _words(conversation: Conversation, reading: Reading, switched: bool) -> str:
    """Words gather while the shopper refines; another sort of thing, or a fresh start, begins anew."""
    if reading.intent not in ("search", "more", "release"):
        return conversation.turns[-1].request.words if conversation.turns else ""
    fresh = (
        switched
        or not conversation.turns
        or (bool(conversation.ledger) and set(_ids(conversation)) <= set(reading.released))
    )
    earlier = "" if fresh else conversation.turns[-1].request.words
    words = [*earlier.split(), *reading.words.split()]
    last = {word.lower(): place for place, word in enumerate(words)}
    unique = [word for place, word in enumerate(words) if last[word.lower()] == place]
    return " ".join(unique[-MOST_WORDS:])


def _ids(conversation: Conversation) -> tuple[str, ...]:
    return tuple(entry.id for entry in conversation.ledger)
