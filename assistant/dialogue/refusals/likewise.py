"""`not yellow, leather too`: a value that is named alone with a word for `likewise` goes the way of the one before."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP
from assistant.nouns import Constraint
from index.filters import NEGATIVE, Op

_TURNED = {Op.EQ: Op.NE, Op.IN: Op.NOT_IN}
_TOO = frozenset({"too", "also", "likewise", "ditto", "either", "neither", "aussi", "auch", "tambien", "anche", "pure"})
_TOO_TOGETHER = (("as", "well"), ("just", "the", "same"), ("the", "same"), ("non", "plus"), ("auch", "nicht"))
_ASKING = frozenset("want need like show have get but instead please or in with for made of".split())


def likewise(passage: Passage, constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """The constraints, with those wishes turned to refusals that only say `too` behind a refusal."""
    made: list[Constraint] = []
    for entry in sorted(constraints, key=lambda one: passage.message.find(one.quote)):
        last = made[-1].condition.op if made else None
        wished = entry.kind == "hard" and entry.condition.op in _TURNED
        if wished and last in NEGATIVE and _is_added(passage, made[-1], entry):
            entry = replace(entry, condition=replace(entry.condition, op=_TURNED[entry.condition.op]))
        made.append(entry)
    return tuple(made)


def _is_added(passage: Passage, before: Constraint, entry: Constraint) -> bool:
    """Whether `too` stands right behind the entry's words, and nothing that asks between them and those before."""
    first, last = passage.place(before.quote), passage.place(entry.quote)
    if first is None or last is None or first[1] > last[0]:
        return False
    between = [passage.norm(at) for at in range(first[1], last[0] + 1)]
    if passage.tokens[first[1] - 1].sentence != passage.tokens[last[0]].sentence or set(between) & _ASKING:
        return False
    end = last[1]
    following = tuple(passage.norm(end + step) for step in range(3))
    length = 1 if following[0] in _TOO else next((len(s) for s in _TOO_TOGETHER if following[: len(s)] == s), 0)
    alike = before.condition.field == entry.condition.field
    polite = alike and passage.norm(end + length) in ("please", "pls", "thanks")  # `no leather, suede too please`
    closes = polite or end + length >= len(passage) or passage.tokens[end + length].shape == "symbol"
    return bool(length) and closes and not _speaks(passage, last[0])


def _speaks(passage: Passage, start: int) -> bool:
    """Whether words of weight stand before the value in its clause: then it is said of something."""
    at = start - 1
    while at >= 0 and passage.same_clause(at, start):
        if passage.tokens[at].shape == "word" and passage.norm(at) not in STOP:
            return True
        at -= 1
    return False
