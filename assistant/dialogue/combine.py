"""Two readings of one message made one: the rules' constraints all stand, the tuned model adds what they missed.

Each part goes by who was right more often on an author's phrasings that neither knew (docs/log.md). A constraint that
only the model found is hard where its quote names an amount of money or values of the catalogue and nothing else;
otherwise it is a wish.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.language.passage import norms_of
from assistant.dialogue.language.smalltalk import GIVING_UP, RELEASE_FIELDS, STOP
from assistant.dialogue.reader import PLAIN, Reading, ReadingContext
from assistant.dialogue.reading_lines import ALL, Lines, Wish, sign_of
from assistant.dialogue.resolve import Resolved, Resolver
from assistant.dialogue.typed import lines_of, overlap, typed
from assistant.dialogue.weighed import HEARD
from assistant.nouns import Constraint, Intent
from index.filters import Condition, field_name
from index.items import ItemId
from index.language.words import stems

_QUESTIONS: tuple[Intent, ...] = ("ask_item", "ask_policy", "compare")
_SEARCHES: tuple[Intent, ...] = ("search", "more", "release")
_LATER: tuple[Intent, ...] = ("more", "release", "compare", "ask_item")
_EVERYTHING = frozenset("everything all over again scratch fresh reset anew alles tout todo tutto capo vorne".split())
_DEEDS = {"price": "spend pay pays cost costs expensive", "material": "made", "size": "big small"}
"""Other words than its own that speak of a field; too loose for rules, enough beside a model that names the field."""


@dataclass(frozen=True, slots=True)
class Combined:
    """The joint reading, and who read what, for the trace.

    Attributes:
        typed: the same in the shopper's words, with what is said of fields or values that this catalogue has not.
    """

    reading: Reading
    trace: tuple[str, ...]
    typed: Lines


def is_settled(reading: Reading, message: str) -> bool:
    """Whether the rules leave a model nothing to add, so that it need not be asked.

    So they do of a greeting or thanks, and where every word of a search was read as a condition and nothing but `a`,
    `with`, `please` stands between: wherever more is said, a model may hear what the rules do not.
    """
    if reading.intent in ("greet", "thanks"):
        return True
    if reading.intent != "search" or not reading.constraints or reading.words or reading.unread or reading.aside:
        return False
    quoted = {norm for entry in reading.constraints for norm in norms_of(entry.quote)}
    return set(norms_of(message)) <= quoted | PLAIN and all(entry.kind == "hard" for entry in reading.constraints)


def combined(reading: Reading, lines: Lines, message: str, context: ReadingContext, resolver: Resolver) -> Combined:
    """The rules' reading with what a tuned model's adds to it. Nothing the rules hold an item to is lost."""
    if lines.intent is None:
        return Combined(reading, ("model read nothing",), lines_of(reading))
    trace = [f"model reads intent {lines.intent}, words \u201c{lines.words}\u201d"]
    released = _released(reading, lines, message, context)
    intent = _intent(reading, lines, context, released)
    added: list[Constraint] = []
    for wish in lines.wishes if intent not in _QUESTIONS else ():  # what is asked about is not asked for
        known = [entry for entry in (*reading.constraints, *added) if not _is_beside(entry, wish, lines, message)]
        agreed = _is_agreed(wish, reading, message)
        open_ = not agreed and _is_left_open(wish, reading, message, resolver)
        entry = None if open_ else _added(wish, message, context, known, resolver, agreed=agreed)
        if entry is not None:
            added.append(entry)
        trace.append(f"model proposes {wish.field} {wish.sign}: {_fate(entry)}")
    kept = [
        entry
        for entry in reading.constraints
        if not any(entry.kind == "soft" and overlap(message, entry.quote, one.quote) for one in added)
    ]
    taken_back = tuple(dict.fromkeys((*reading.released, *(released if intent not in _QUESTIONS else ()))))
    constraints = tuple(sorted((*kept, *added), key=lambda entry: message.find(entry.quote)))
    words = _words(reading, lines, intent, context).split()
    unplaced = _unplaced(lines, message, reading.constraints, resolver) if intent in _SEARCHES else ()
    trace += [f"nothing here for {wish.field} \u201c{wish.quote}\u201d: searched for as words" for wish in unplaced]
    heard = [wish for wish in unplaced if not any(overlap(message, said, wish.quote) for said in reading.unread)]
    sought = [word for wish in heard if wish.sign in ("=", "~") for word in wish.quote.split()]
    changed = replace(
        reading,
        intent=intent,
        words=" ".join(dict.fromkeys((*words, *sought))),
        constraints=constraints,
        released=taken_back,
        targets=_targets(reading, lines, intent, context),
        unread=tuple(part for part in reading.unread if not any(overlap(message, part, one.quote) for one in added)),
        subject=(reading.subject or lines.words) if intent in _QUESTIONS else "",
    )
    return Combined(changed, tuple(trace), typed(changed, lines, unplaced, message))


def _fate(entry: Constraint | None) -> str:
    return "not taken" if entry is None else "taken" if entry.kind == "hard" else "taken as a wish"


def _intent(reading: Reading, lines: Lines, context: ReadingContext, released: Sequence[str]) -> Intent:
    """The model's intent, where the rules found nothing that items are held to, nor anything taken back.

    What speaks of items shown or of what was said before stands only where there is any. Where the rules made nothing
    of a later message, the model's search is not believed: its words would replace a shelf that was asked for.
    """
    if any(entry.kind == "hard" for entry in reading.constraints) or reading.released or lines.intent is None:
        asks = reading.intent in _QUESTIONS and lines.intent == "search"
        return "search" if asks and not reading.released else reading.intent
    later = bool(context.shown or context.ledger)
    if not later:
        return reading.intent if lines.intent in _LATER else lines.intent
    if reading.intent == "other" and not (reading.targets and lines.items):
        return lines.intent if lines.intent in ("more", "greet", "thanks") or released else "other"
    return lines.intent


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


def _unplaced(lines: Lines, message: str, known: Sequence[Constraint], resolver: Resolver) -> tuple[Wish, ...]:
    """Wishes that no field here has a value for: the search may still find what says so of itself."""
    return tuple(
        wish
        for wish in lines.wishes
        if wish.sign in ("=", "~", "!=") and wish.field not in ("price", "rating") and wish.quote in message
        if not _is_placed(resolver.resolve(wish))
        if wish.sign != "!=" or resolver.manner(message, wish.quote).negated
        if not any(overlap(message, entry.quote, wish.quote) for entry in known)
    )


def _is_placed(resolved: Resolved | None) -> bool:
    return resolved is not None and resolved.exact


def _added(
    wish: Wish, message: str, context: ReadingContext, known: Sequence[Constraint], resolver: Resolver, *, agreed: bool
) -> Constraint | None:
    """The wish as a constraint, unless the rules read its words, or something else for its field, already."""
    resolved = resolver.resolve(wish)
    if resolved is None or wish.quote not in message:
        return None
    manner = resolver.manner(message, wish.quote)
    if wish.sign == "!=" and not (resolved.exact and (manner.negated or agreed)):
        return None  # nothing in its sentence says no
    condition = resolved.condition
    for entry in known:
        same = entry.condition.field == condition.field and sign_of(entry.condition) == sign_of(condition)
        if (same and wish.sign != "!=") or (
            overlap(message, entry.quote, wish.quote) and not _gives_way(entry, wish, resolved)
        ):
            return None
    firm = resolved.exact and wish.sign != "~" and not manner.hedged
    return Constraint("", "hard" if firm else "soft", condition, context.turn, wish.quote, "model")


def _is_left_open(wish: Wish, reading: Reading, message: str, resolver: Resolver) -> bool:
    """Whether the wish's words were heard as no request (`laces are a pain`), or a no there was not made out.

    The shopper is told of what stays unclear; a model that asks for what may have been refused would hide it.
    """
    if wish.sign == "!=":
        return False
    unclear = any(overlap(message, part, wish.quote) for part in reading.unread)
    told = [stance for said, stance in reading.stances if overlap(message, said, wish.quote)]
    aside = any(overlap(message, part, wish.quote) for part in reading.aside) or (
        bool(told) and all(one.manner == "told" and one.probability >= HEARD for one in told)
    )
    bounded = wish.field in ("price", "rating")  # an amount of which the rules could not tell which way it is meant
    return aside or (unclear and (bounded or resolver.manner(message, wish.quote).negated))


def _is_agreed(wish: Wish, reading: Reading, message: str) -> bool:
    """Whether the stance model takes the wish's words as the language model does: two readers that learned apart."""
    told = [stance for said, stance in reading.stances if overlap(message, said, wish.quote)]
    return bool(told) and all(stance.manner == wish.sign for stance in told)


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


def _is_beside(entry: Constraint, wish: Wish, lines: Lines, message: str) -> bool:
    """Whether the rules took the wish's words for one more kind of thing, and the model for a property of the thing.

    The rules' kinds stay; that they stand in its words is then no reason not to hear the wish.
    """
    return (
        entry.condition.field == "kind"
        and overlap(message, entry.quote, lines.words)
        and not overlap(message, lines.words, wish.quote)
    )


def _released(reading: Reading, lines: Lines, message: str, context: ReadingContext) -> list[str]:
    """Ids of what the model says is taken back, where the message itself speaks of it in words of giving up.

    So a model that lies takes nothing back that the shopper did not speak of.
    """
    said = set(norms_of(message))
    if not (said & GIVING_UP or reading.intent == "release"):
        return []
    if ALL in lines.dropped:
        all_of_it = said & _EVERYTHING and said & GIVING_UP and not (reading.constraints or reading.released)
        return [entry.id for entry in context.ledger] if all_of_it else []
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
    nouns = {*RELEASE_FIELDS.get(name, "").split(), *_DEEDS.get(name, "").split(), *norms_of(name)}
    return bool(said & (nouns | set(norms_of(str(condition.value)))))


def _targets(reading: Reading, lines: Lines, intent: Intent, context: ReadingContext) -> tuple[ItemId, ...]:
    """The items spoken of: of a question the model's places, else those the rules found; elsewhere the rules' first."""
    shown = [item.id for item in context.shown]
    places = tuple(shown[place - 1] for place in lines.items if 0 < place <= len(shown))
    if intent in ("ask_item", "compare"):
        if places or reading.targets:
            return places or reading.targets
        return (context.focus.id,) if context.focus and intent == "ask_item" else tuple(shown)
    if reading.intent in _QUESTIONS:  # what the rules took to be asked about is not pushed away
        return places
    pointed = reading.targets if set(reading.targets) != set(shown) else ()
    return places if places and not pointed and intent == "more" else reading.targets
