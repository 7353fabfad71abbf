"""`under`, `no more than`, `or less`: how a number is meant, read from the words around it."""

from dataclasses import dataclass, replace
from typing import Literal

from assistant.dialogue.amounts.bounds import bound_after, bound_before, is_pointed_back
from assistant.dialogue.amounts.scorn import Verdict, scorn
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.refusals.demands import is_listed_away
from assistant.dialogue.refusals.unwilling import OPENERS, doubled_from, turn
from index.filters import Op

Cues = dict[str, list[tuple[int, int]]]
Manner = Literal["below", "up_to", "above", "from", "about", "budget", "have", "change"]

_OPS: dict[Manner, Op] = {"below": Op.LT, "up_to": Op.LE, "above": Op.GT, "from": Op.GE, "budget": Op.LE, "have": Op.LE}
_FLIPPED = {Op.LT: Op.GE, Op.LE: Op.GT, Op.GT: Op.LE, Op.GE: Op.LT}
_BEFORE: tuple[Manner, ...] = ("below", "up_to", "above", "from", "about", "change", "budget", "have")
_AFTER: tuple[tuple[str, Manner], ...] = (("after_most", "up_to"), ("after_least", "from"), ("after_about", "about"))
_BEFORE_AFTER = frozenset(
    "grand is as the my a in total - / at per each apiece piece pair item wide long tall high deep breit lang "
    "hoch tief".split()
)
_WEAK = frozenset({"about", "change", "budget", "have"})
"""Words before a number that one behind it overrules: `I have 90 at most`, `say 50 or thereabouts`."""
_REACH = 5
_BACK_REACH = 16
_NEGATION_FILL = frozenset(
    """
    want to spend spending pay paying go going anything a an penny cent dollar euro cost costs costing that is
    priced like be it trust believe touch fewer rate rates score scores customers people reviewers buyers users if every
    each all ones those tell looking cant
    have has got afford exceed weigh weighs measure
    any me show items item stuff ones much something i you wanna the of price mehr als ausgeben which do can could will
    results those listings offers with everything anything things products options bother see list that are rated
    payin spendin goin star
    """.split()
)
_DENIES = lexicon.NOT - {"menos"}
"""Words that deny a comparison; Spanish `menos` is `except` elsewhere, and the comparison itself here."""
_NO = _DENIES | {"ni", "aint", "nix", "nowt", "nothin"}
_SHUNS = frozenset("avoid avoiding skip nothing not none exclude hide drop without".split())
_SHORT = frozenset("max min maximum minimum".split())
"""Words that stand before their number as well as behind it."""
_REFUSING = frozenset("refuse hide reject ignore filter exclude strike omit remove delete drop spare".split())
_OUT_VERBS = frozenset("leave rule filter take sort weed cross throw kick screen cut".split())
_RELATIVES = frozenset("with that which cost costs costing rated priced have having are is it rate".split())
"""What turns a limit round without a `not`: `I refuse to pay over 80`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a number is compared. `op` None: about that much, or a change of an earlier limit, as `manner` says.

    `start` and `end` are the tokens the comparison covers, the number itself included. `unclear`: the sentence says no
    to it in a way that leaves its direction open.
    """

    manner: Manner
    op: Op | None
    start: int
    end: int
    hedged: bool = False
    unclear: bool = False


_TOLERANT = frozenset(
    "mind care matter matters problem issue worry object objection refuse refuses averse opposed trouble ok okay fine "
    "necessarily unwilling reluctant".split()
)
"""What makes a no to a limit say nothing of its direction: `I don't mind paying over 60`."""
_EXCEPT = frozenset("except excluding besides ausser sauf excepte excepto salvo tranne eccetto".split())
_EVERY = frozenset("everything anything things items products stuff ones options".split())


def compare_at(passage: Passage, cues: Cues, start: int, end: int) -> Comparison | None:
    """How the number at tokens [start, end) is compared; None when no word says."""
    found = _onwards(passage, _compared(passage, cues, start, end))
    if found is None or found.manner in ("about", "change", "have") or found.op is None:
        return found
    if found.manner == "from" and _is_shunned(passage, found.start):
        return Comparison("below", Op.LT, found.start - 1, found.end)
    plain = found.manner == "budget"
    denied = passage.norm(found.start) in _DENIES or passage.norm(found.start) in _REFUSING
    upward = plain or found.op in (Op.GT, Op.GE)
    doubled = doubled_from(passage, found.start) if denied else None
    if doubled is not None and passage.norm(found.start) in _REFUSING:
        return Comparison(found.manner, None, doubled, found.end, unclear=True)
    verdict = _scorned(passage, cues, found, upward=upward) if not plain and not denied else None
    if verdict == "kept":
        return found
    if verdict == "turned":
        return Comparison("below" if upward else "above", _FLIPPED[found.op], found.start, found.end)
    if _is_only_interjected(passage, cues, found.start):
        return found
    if is_listed_away(passage, start):
        return Comparison("below", _FLIPPED[found.op], found.start, found.end) if upward and not plain else found
    turned = turn(passage, cues, (found.start, found.end), upward=upward, plain=plain, is_denied=denied)
    if turned is None:
        return found
    op = Op.LT if plain else _FLIPPED[found.op]
    start, end = min(found.start, turned.start), max(found.end, turned.end)
    said = {passage.norm(at) for at in range(max(0, start - 2), min(len(passage), end + 3))}
    doubtful = turned.direction == "unclear" and (plain or bool(said & _TOLERANT))
    if turned.direction == "unclear" and not doubtful:
        before = {passage.norm(at) for at in range(start, found.start)}
        if found.manner == "from" and not said & (_NO - {"zero"}):
            return found  # `from 20 is plenty`
        # Nobody says no to what costs more and wants it; of what costs less, the no must stand before.
        doubtful = found.manner != "above" and not (found.manner == "below" and before & _NO)
    manner: Manner = "below" if op in (Op.LT, Op.LE) else "above"
    return Comparison(manner, op, start, end, unclear=doubtful)


def _onwards(passage: Passage, found: Comparison | None) -> Comparison | None:
    """With the word behind its number that says the same again: `from 60 up is out`."""
    again = found is not None and found.manner == "from" and passage.norm(found.end) in ("up", "upwards", "onwards")
    return replace(found, end=found.end + 1) if found is not None and again else found


def _is_shunned(passage: Passage, start: int) -> bool:
    """`avoid 60 and above`, `nothing 60 or more`: a no right before a number that goes on upwards."""
    at = start - 1
    numbered = passage.tokens[start].shape in ("number", "symbol")
    return numbered and passage.norm(at) in _SHUNS and passage.norm(at - 1) not in _NO | _TOLERANT


def _is_only_interjected(passage: Passage, cues: Cues, begin: int) -> bool:
    """`no wait, from 75`: every no before it in the sentence takes back what was said and denies nothing."""
    taken = {
        at
        for start, end in cues.get("harmless", ())
        for at in range(start, end)
        if passage.norm(start) in ("no", "oh") and passage.norm(end - 1) in ("wait", "actually", "on", "no", "sorry")
    }
    noes = [
        at
        for at in range(max(0, begin - 12), begin)
        if passage.norm(at) in _NO and passage.tokens[at].sentence == passage.tokens[begin].sentence
    ]
    return bool(noes) and set(noes) <= taken


def _scorned(passage: Passage, cues: Cues, found: Comparison, *, upward: bool) -> Verdict | None:
    """What is said of the comparison where it begins with no no of its own; only of one with a word that compares."""
    numbered = passage.tokens[found.start].shape == "number" or passage.tokens[found.start].shape == "symbol"
    named = passage.norm(found.end - 1) in ("least", "minimum", "min", "floor")  # `60 is the least I can get away with`
    if found.manner not in ("below", "above") and not (numbered and found.manner == "from" and not named):
        return None
    spans = (*cues.get("named", ()), *cues.get("thing", ()))
    objects = frozenset(at for start, end in spans for at in range(start, end))
    return scorn(passage, (found.start, found.end), upward=upward, objects=objects)


def said_again(passage: Passage, cues: Cues, end: int) -> Comparison | None:
    """How a later word that points back to a number that ends at `end` compares it: `90, I can't go past that`."""
    for at in range(end, min(len(passage), end + _BACK_REACH)):
        if passage.tokens[at].shape == "number" or passage.tokens[at].sentence > passage.tokens[end - 1].sentence + 1:
            return None
        if not is_pointed_back(passage, at):
            continue
        found = compare_at(passage, cues, at, at + 1)
        told = found is not None and found.op is not None and found.manner in ("below", "up_to", "above", "from")
        if found is not None and passage.norm(at) == "it" and found.end > at + 1:
            continue  # `brings it up`
        if found is not None and told and not found.unclear:
            return found
    return None


def _compared(passage: Passage, cues: Cues, start: int, end: int) -> Comparison | None:
    before = _before(passage, cues, start)
    if before is not None and _is_said_of_last(passage, before[1], end):
        before = None
    if before is None or before[0] in _WEAK:
        before = bound_before(passage, start) or before
    after = _after(passage, cues, end)
    if (after is None or after[0] == "about") and (before is None or before[0] in _WEAK):
        after = bound_after(passage, end) or after
    if before and before[0] not in _WEAK:
        manner, begin = before
        op, begin = _negated(passage, cues, _OPS[manner], begin)
        # `not more than 50 max`: the words after say the same again.
        close = after[1] if after and after[0] == manner else end
        return Comparison(manner, op, begin, close)
    if after and (after[0] != "about" or not before or before[0] in ("change", "about")):
        return Comparison(after[0], _OPS.get(after[0]), before[1] if before else start, after[1])
    if before:
        manner, begin = before
        return Comparison(manner, _OPS.get(manner), begin, end)
    return None


def _is_said_of_last(passage: Passage, at: int, end: int) -> bool:
    """`150 max, 4.5 min`: the word at a place stands behind a number, and the next number has its own behind it."""
    last = at - 1 - (passage.tokens[at - 1].shape == "symbol") if at else -1
    own = end + (end < len(passage) and passage.tokens[end].shape == "symbol")
    behind = last >= 0 and passage.tokens[last].shape == "number"
    return behind and passage.norm(at) in _SHORT and passage.norm(own) in _SHORT


def _before(passage: Passage, cues: Cues, at: int) -> tuple[Manner, int] | None:
    """The cue nearest before the number; a limit further off beats `about` (`up to about 50`)."""
    weak: tuple[Manner, int] | None = None
    for stop in range(at, max(-1, at - _REACH - 1), -1):
        found = _ending_at(cues, stop)
        if found:
            manner, begin = found
            if manner in ("about", "change") and stop > 0:
                weak = weak or found
            elif weak and manner in ("budget", "have"):
                return weak[0], begin
            else:
                return (manner, begin)
        if stop == 0 or passage.tokens[stop - 1].sentence != passage.tokens[at].sentence:
            break
        word = passage.norm(stop - 1)
        if word == "." and passage.norm(stop - 2) in ("max", "min", "ca", "approx"):
            continue
        if word not in lexicon.BUDGET_FILL and not found and not (weak and word in ("up", "to")):
            break
        if word in (",", ";"):
            break
    return weak


def _ending_at(cues: Cues, stop: int) -> tuple[Manner, int] | None:
    best: tuple[Manner, int] | None = None
    for manner in _BEFORE:
        for begin, end in cues.get(manner, ()):
            if end == stop and (best is None or begin < best[1]):
                best = (manner, begin)
    return best


def _closing(passage: Passage, cues: Cues, at: int) -> tuple[Manner, int] | None:
    """`60, not more`, `60 (limit)`, `may cost 60. Not more.`: a limit put behind the number and apart from it."""
    sign = passage.norm(at)
    if sign not in (",", "(", ".", "!", ":", "-", "\u2013", ";"):
        return None
    for label, manner in _AFTER[:2]:
        for begin, stop in cues.get(label, ()):
            ends = stop >= len(passage) or (passage.tokens[stop].shape == "symbol" and passage.norm(stop) in ".,;:!?)")
            if begin != at + 1 or not ends:
                continue
            if sign in ("(", ",") or passage.norm(begin) in ("not", "no", "nicht", "pas", "ni", "mehr", "and"):
                return manner, stop
    return None


def _after(passage: Passage, cues: Cues, end: int) -> tuple[Manner, int] | None:
    closing = _closing(passage, cues, end)
    if closing is not None:
        return closing
    for skip in range(3):
        at = end + skip
        if at >= len(passage) or passage.tokens[at].sentence != passage.tokens[end - 1].sentence:
            return None
        best: tuple[Manner, int] | None = None
        for label, manner in _AFTER:
            for begin, stop in cues.get(label, ()):
                onward = stop < len(passage) and (
                    passage.tokens[stop].shape == "number" or passage.norm(stop) in ("$", "\u20ac", "\u00a3")
                )
                if onward and passage.norm(at) in ("and", "or"):
                    continue  # `size 42 and under 60`
                apart = passage.norm(at) == "+" and not passage.tokens[at].glued and stop < len(passage)
                if begin == at and not apart and (best is None or stop > best[1]):
                    best = (manner, stop)
        if best and best[0] == "about":
            firm = _after(passage, cues, best[1]) if best[1] < len(passage) else None
            return firm if firm is not None and passage.same_clause(at, best[1]) else best  # `20ish max`
        if best:
            return best
        if passage.norm(at) not in _BEFORE_AFTER:
            return None
    return None


def _asks_you(passage: Passage, at: int) -> bool:
    """`don't you have anything under 50?`, as against `don't you dare go over 50`."""
    return passage.norm(at + 1) == "you" and passage.norm(at) != "not" and passage.norm(at + 2) != "dare"


def _negated(passage: Passage, cues: Cues, op: Op, begin: int) -> tuple[Op, int]:
    """`not over`, `nothing above`, `can't spend more than`, `no jackets over` turn the comparison round."""
    if passage.norm(begin) in _NO:
        return op, begin  # `not beyond` says it already
    things = {at for start, end in cues.get("thing", ()) for at in range(start, end)}
    near = op in (Op.LT, Op.LE)
    far = begin - 1 in things or passage.norm(begin - 1) in _EVERY | _RELATIVES
    far = far or (passage.norm(begin - 1) in ("and", "or", "nor") and passage.claims[begin - 2] == "limit")
    coined = passage.norm(begin - 1) in ("cent", "penny", "dime", "euro", "dollar", "pound", "buck", "inch", "hair")
    reach = 9 if far else 2 if near and not coined else 7
    for at in range(begin - 1, max(-1, begin - reach) - 1, -1):
        if at < 0 or not passage.same_clause(at, begin):
            break
        word = passage.norm(at)
        if at in things or (passage.claims[at] == "limit" and word not in lexicon.NOT and word not in _REFUSING):
            continue
        if word in ("and", "or", "nor") and passage.claims[at - 1] == "limit":
            continue  # `hide what is under 4 stars and over 60`
        if word in ("out", "off", "away") and passage.norm(at - 1) in _OUT_VERBS:
            return _FLIPPED[op], at - 1
        if word in _EXCEPT and at < begin - 1:
            break  # `anything of theirs except perfume under 40`
        if word in _NO or word in _REFUSING:
            if passage.norm(at - 1) in OPENERS or _asks_you(passage, at):
                break  # `why not over 60?`, `don't you have anything under 50?`
            if word in ("without", "except", "no") and op is Op.GT and at < begin - 1 and at + 1 not in things:
                break
            return _FLIPPED[op], at
        if at + 1 in things and passage.norm(begin - 1) in _RELATIVES:
            continue  # `no greeting cards with fewer than`
        if word not in _NEGATION_FILL:
            break
    return op, begin
