"""Two readings of one message made one: the rules' constraints all stand, the tuned model adds what they missed.

Each part goes by who was right more often on held-out phrasings (docs/log.md). A constraint that only the model found
is hard where its quote names an amount of money or values of the catalogue and nothing else; otherwise it is a wish.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.passage import norms_of
from assistant.dialogue.reader import Reading, ReadingContext
from assistant.dialogue.reading_lines import ALL, Lines, Wish
from assistant.dialogue.resolve import Resolved, Resolver, sign_of
from assistant.dialogue.smalltalk import GIVING_UP, RELEASE_FIELDS, STOP
from assistant.nouns import Constraint, Intent
from index.filters import Condition, field_name
from index.items import ItemId
from index.words import stems

_QUESTIONS: tuple[Intent, ...] = ("ask_item", "ask_policy", "compare")
_SEARCHES: tuple[Intent, ...] = ("search", "more", "release")
_EVERYTHING = frozenset("everything all over again scratch fresh reset anew alles tout todo tutto capo vorne".split())
_INSTEAD: tuple[Intent, ...] = ("release", "ask_policy", "greet", "thanks", "other")


@dataclass(frozen=True, slots=True)
class Combined:
    """The joint reading, and who read what, for the trace."""

    reading: Reading
    trace: tuple[str, ...]


def is_settled(reading: Reading) -> bool:
    """Whether the rules leave a model nothing to add, so that it need not be asked.

    So they do where every word of a search was read, as a condition and not for a guess, and where it is no search.
    """
    if reading.intent == "ask_item":
        return len(reading.targets) == 1
    if reading.intent not in ("search", "release"):
        return True
    read = bool(reading.constraints or reading.released) and not reading.words and not reading.unread
    return read and all(entry.kind == "hard" for entry in reading.constraints)


def combined(reading: Reading, lines: Lines, message: str, context: ReadingContext, resolver: Resolver) -> Combined:
    """The rules' reading with what a tuned model's adds to it. Nothing the rules hold an item to is lost."""
    if lines.intent is None:
        return Combined(reading, ("model read nothing",))
    trace = [f"model reads intent {lines.intent}, words \u201c{lines.words}\u201d"]
    intent = _intent(reading, lines)
    added: list[Constraint] = []
    for wish in lines.wishes if intent not in _QUESTIONS else ():  # what is asked about is not asked for
        entry = _added(wish, message, context, (*reading.constraints, *added), resolver)
        if entry is not None:
            added.append(entry)
        trace.append(f"model proposes {wish.field} {wish.sign}: {_fate(entry)}")
    kept = [
        entry
        for entry in reading.constraints
        if not any(entry.kind == "soft" and _overlap(message, entry.quote, one.quote) for one in added)
    ]
    released = tuple(dict.fromkeys((*reading.released, *_released(reading, lines, intent, message, context))))
    constraints = tuple(sorted((*kept, *added), key=lambda entry: message.find(entry.quote)))
    words = _words(reading, lines, intent, context)
    changed = replace(
        reading,
        intent=intent,
        words=" ".join(
            dict.fromkeys((*words.split(), *_unplaced(lines, intent, message, reading.constraints, resolver)))
        ),
        constraints=constraints,
        released=released,
        targets=_targets(reading, lines, intent, context),
        subject=(reading.subject or lines.words) if intent in _QUESTIONS else "",
    )
    return Combined(changed, tuple(trace))


def _fate(entry: Constraint | None) -> str:
    return "not taken" if entry is None else "taken" if entry.kind == "hard" else "taken as a wish"


def _intent(reading: Reading, lines: Lines) -> Intent:
    """The rules' intent; the model's where theirs is a search only for want of anything else to make of the message."""
    unsure = reading.intent == "search" and not (reading.constraints or reading.kind or reading.released)
    return lines.intent if unsure and lines.intent in _INSTEAD else reading.intent


def _words(reading: Reading, lines: Lines, intent: Intent, context: ReadingContext) -> str:
    """Words to search by: the model's, but for those of kinds that the rules made conditions of.

    Where it found none, none are searched by if the conversation has a thing already; else the rules' leftovers are.
    """
    if intent not in _SEARCHES:
        return ""
    if lines.intent not in _SEARCHES:
        return reading.words
    if not lines.words:
        refines = bool(context.shown or context.ledger) and bool(lines.wishes or lines.dropped)
        return "" if refines or intent != "search" else reading.words
    known = {stem for entry in reading.constraints for stem in stems(entry.quote)}
    said = [word for word in lines.words.split() if not set(stems(word)) <= known or not stems(word)]
    return " ".join(word for word in said if word.lower() not in STOP)  # as the rules' words are


def _unplaced(lines: Lines, intent: Intent, message: str, known: Sequence[Constraint], resolver: Resolver) -> list[str]:
    """Words of wishes that no field here has a value for: the search may still find what says so of itself."""
    if intent not in _SEARCHES:
        return []
    return [
        word
        for wish in lines.wishes
        if wish.sign in ("=", "~") and wish.field not in ("price", "rating", "size") and resolver.resolve(wish) is None
        if not any(_overlap(message, entry.quote, wish.quote) for entry in known)
        for word in wish.quote.split()
    ]


def _added(
    wish: Wish, message: str, context: ReadingContext, known: Sequence[Constraint], resolver: Resolver
) -> Constraint | None:
    """The wish as a constraint, unless the rules read its words, or something else for its field, already."""
    resolved = resolver.resolve(wish)
    if resolved is None or wish.quote not in message:
        return None
    manner = resolver.manner(message, wish.quote)
    if wish.sign == "!=" and not (resolved.exact and manner.negated):
        return None  # nothing in its sentence says no
    condition = resolved.condition
    for entry in known:
        same = entry.condition.field == condition.field and sign_of(entry.condition) == sign_of(condition)
        if (same and wish.sign != "!=") or (
            _overlap(message, entry.quote, wish.quote) and not _gives_way(entry, wish, resolved)
        ):
            return None
    firm = resolved.exact and wish.sign != "~" and not manner.hedged
    return Constraint("", "hard" if firm else "soft", condition, context.turn, wish.quote, "model")


def _gives_way(entry: Constraint, wish: Wish, resolved: Resolved) -> bool:
    """Whether a preference of the rules is better taken for one of another field: `walnut` as a colour, not a wood."""
    return (
        entry.kind == "soft"
        and entry.source == "reader"
        and resolved.exact
        and wish.sign in ("=", "~")
        and sign_of(entry.condition) == "="
        and entry.condition.field != resolved.condition.field
    )


def _released(reading: Reading, lines: Lines, intent: Intent, message: str, context: ReadingContext) -> list[str]:
    """Ids of what the model says is taken back, where the message itself speaks of it in words of giving up.

    So a model that lies takes nothing back that the shopper did not speak of.
    """
    said = set(norms_of(message))
    if intent in _QUESTIONS or not said & GIVING_UP:
        return []
    if ALL in lines.dropped:
        return [entry.id for entry in context.ledger] if said & _EVERYTHING and not reading.constraints else []
    anew = {entry.condition.field for entry in reading.constraints}
    return [
        entry.id
        for entry in context.ledger
        if entry.condition.field not in anew
        and any(_is_of(entry.condition, name) and _names(said, entry.condition, name) for name in lines.dropped)
    ]


def _is_of(condition: Condition, name: str) -> bool:
    held = field_name(condition.field)
    return held == name or held in RELEASE_FIELDS.get(name, "").split()


def _names(said: set[str], condition: Condition, name: str) -> bool:
    nouns = {*RELEASE_FIELDS.get(name, "").split(), *norms_of(name)}
    return bool(said & (nouns | set(norms_of(str(condition.value)))))


def _targets(reading: Reading, lines: Lines, intent: Intent, context: ReadingContext) -> tuple[ItemId, ...]:
    shown = [item.id for item in context.shown]
    places = tuple(shown[place - 1] for place in lines.items if 0 < place <= len(shown))
    pointed = reading.targets if set(reading.targets) != set(shown) else ()
    if pointed or not places:
        if intent in ("ask_item", "compare") and not reading.targets:
            return (context.focus.id,) if context.focus and intent == "ask_item" else tuple(shown)
        return reading.targets
    return places if intent in ("ask_item", "compare", "more") else reading.targets


def _overlap(message: str, one: str, other: str) -> bool:
    """Whether two quotes share a character of the message."""
    start, begin = message.find(one), message.find(other)
    return start >= 0 and begin >= 0 and start < begin + len(other) and begin < start + len(one)
