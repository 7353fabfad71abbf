"""`Blue is fine too`, `or grey`: values that join those asked for before instead of taking their place."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language.passage import Passage
from assistant.nouns import Constraint
from index.filters import Condition, Op, field_name
from index.language.sizes import is_size_field

_AS_WELL = frozenset("too also auch aussi tambien anche pure ebenfalls either".split())
_OR = frozenset("or oder ou o".split())
_WELCOME = frozenset("fine ok okay good great work works possible gut bien bueno bene".split())
_REACH = 5
_WITHOUT = frozenset("without ohne sans sin senza".split())
_TALK = frozenset("no wait it them that please actually rather sorry hmm lieber doch non mejor meglio one ones".split())
_SHORT = 5
_INSTEAD = frozenset("instead rather actually stattdessen plutot mejor anzi invece".split())


def widened(
    passage: Passage, cues: Cues, constraints: Sequence[Constraint], ledger: Sequence[Constraint]
) -> tuple[tuple[Constraint, ...], tuple[str, ...]]:
    """The constraints with what they are said to be good beside, and ids of the entries they then stand for."""
    found: list[Constraint] = []
    ids: list[str] = []
    for entry in constraints:
        before = [old for old in ledger if _is_beside(old, entry)]
        again = set(_values(entry.condition))
        held = [old for old in before if set(_values(old.condition)) < again]
        if held and entry.condition.op is Op.IN:
            ids += [old.id for old in held]  # `salmon or tuna`, after salmon
        if not before or not _is_added(passage, cues, entry.quote):
            found.append(entry)
            continue
        values = tuple(dict.fromkeys(value for one in (*before, entry) for value in _values(one.condition)))
        found.append(replace(entry, kind=before[-1].kind, condition=Condition(entry.condition.field, Op.IN, values)))
        ids += [old.id for old in before]
    return tuple(found), tuple(ids)


def refused_last(passage: Passage, ledger: Sequence[Constraint], turn: int) -> tuple[Constraint, ...]:
    """`no wait, without`: the refusal of what was asked for last, where nothing else is said."""
    said = [token.norm for token in passage.tokens if token.shape != "symbol"]
    wished = [old for old in ledger if old.condition.op is Op.EQ and isinstance(old.condition.value, str)]
    if not said or not wished or len(said) > _SHORT or set(said) - _WITHOUT - _TALK or not set(said) & _WITHOUT:
        return ()
    condition = replace(wished[-1].condition, op=Op.NE)
    return (Constraint("", "hard", condition, turn, passage.quote(0, len(passage))),)


def _is_beside(old: Constraint, entry: Constraint) -> bool:
    """Whether both ask for values of one field."""
    positive = {old.condition.op, entry.condition.op} <= {Op.EQ, Op.IN}
    sized = is_size_field(old.condition.field) and is_size_field(entry.condition.field)
    same = field_name(old.condition.field) == field_name(entry.condition.field)
    return positive and (same or sized) and entry.condition.field not in ("id", "text", "price", "rating")


def _is_added(passage: Passage, cues: Cues, quote: str) -> bool:
    """Whether what is quoted is said to be welcome as well, or begins the message with an `or`."""
    place = passage.place(quote)
    if place is None or any(token.norm in _INSTEAD for token in passage.tokens):
        return False
    start, end = place
    while passage.norm(start - 1) in ("in", "a", "an", "the", "from", "by", "maybe", "even", "even", ","):
        start -= 1
    if passage.norm(start - 1) in _OR and passage.starts_sentence(start - 1):
        return True
    if passage.norm(start - 1) in _AS_WELL and passage.starts_sentence(start - 1):
        return True
    if passage.norm(end) in _AS_WELL or (passage.norm(end), passage.norm(end + 1)) == ("as", "well"):
        return True
    said = [passage.norm(at) for at in range(end, end + _REACH)]
    if set(said) & _AS_WELL and set(said) & _WELCOME:
        return True  # `green would also be fine`
    fine = any(end <= begun <= end + 2 and passage.same_clause(end - 1, begun) for begun, _ in cues.get("fine", ()))
    clause = passage.tokens[start].clause
    return fine and not any(token.norm in ("only", "but") and token.clause == clause for token in passage.tokens)


def _values(condition: Condition) -> tuple[str, ...]:
    value = condition.value
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
