"""A limit read from a message, and what becomes of several of them: said anew, or for different things."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.amounts.several import are_apart, is_said_anew
from assistant.dialogue.language.passage import Passage
from index.filters import Condition, Op
from index.items import Money


@dataclass(frozen=True, slots=True)
class Limit:
    """A condition on a number, with the tokens it was read from."""

    condition: Condition
    soft: bool
    start: int
    end: int


def one_by_one(passage: Passage, cues: Cues, limits: Sequence[Limit], unread: list[str]) -> list[Limit]:
    """The limits without those said anew later, and of those for different things the widest; the others are unread."""
    things = [at for start, end in cues["thing"] for at in range(start, end)]
    kept: list[Limit] = []
    for limit in limits:
        rival = next((one for one in reversed(kept) if _rivals(one, limit)), None)
        if rival is None:
            kept.append(limit)
        elif is_said_anew(passage, (rival.start, rival.end), (limit.start, limit.end)):
            kept[kept.index(rival)] = limit
        elif are_apart(passage, (rival.start, rival.end), (limit.start, limit.end), things):
            wider = _is_wider(limit, rival)
            kept[kept.index(rival)] = limit if wider else rival
            left = rival if wider else limit
            unread.append(passage.quote(left.start, left.end))
        else:
            kept.append(limit)
    return kept


def _rivals(one: Limit, other: Limit) -> bool:
    same = one.condition.field == other.condition.field == "price" and one.soft == other.soft
    up, down = {Op.LT, Op.LE}, {Op.GT, Op.GE}
    return same and any({one.condition.op, other.condition.op} <= way for way in (up, down))


def _is_wider(one: Limit, other: Limit) -> bool:
    first, second = one.condition.value, other.condition.value
    if not isinstance(first, Money) or not isinstance(second, Money):
        return False
    more = first.amount_minor > second.amount_minor
    return more if one.condition.op in (Op.LT, Op.LE) else not more
