"""Limits and sizes taken back by what they say: `forget the 50`, `more expensive is fine`, `it needn't be M`."""

from collections.abc import Sequence

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.amounts.numbers import parse_number
from assistant.dialogue.language.palette import LETTER_SIZES
from assistant.dialogue.language.passage import Passage, Token
from assistant.nouns import Constraint
from index.filters import NEGATIVE, Condition, Op, field_name
from index.items import Money
from index.language.sizes import is_size_field, same_size

FILL = frozenset(
    """
    the my a an any this that its about of is what which all other old previous former last it for on in to as
    filter limit
    das den die mein meine le la les mon ma el mi on regarding regards specific particular exact fixed preferred
    max maximum min minimum lower upper
    """.split()
)
SIDES = {
    "max": "most", "maximum": "most", "upper": "most", "ceiling": "most", "cap": "most",
    "min": "least", "minimum": "least", "lower": "least", "floor": "least",
}  # fmt: skip
"""Words for one end of a price range."""
PARTED = {
    "take": frozenset({"away", "off", "out", "back"}),
    "leave": frozenset({"out", "aside", "off"}),
    "put": frozenset({"aside", "away"}),
    "turn": frozenset({"off"}),
    "switch": frozenset({"off"}),
}
VERBS = frozenset(
    """
    forget ignore remove drop disregard lift cancel clear delete scrap scratch take taking vergiss oublie oubliez
    olvida never nevermind
    """.split()
)
MAY = frozenset("can could may might".split())
_LIMITING = frozenset(
    """
    size in under below up to be over limit cap budget dollars dollar euros euro bucks pounds $ \u20ac \u00a3 hard it
    """.split()
)
_PAST_IT = frozenset("over above beyond than".split())


def concerns(condition: Condition, field: str) -> bool:
    held = condition.field
    name = field_name(held)
    if field in SIDES.values():
        ops = (Op.LT, Op.LE) if field == "most" else (Op.GT, Op.GE)
        return name == "price" and condition.op in ops
    if field == "size":
        return is_size_field(held)
    if field == "color":
        return name in ("color", "colour", "farbe", "couleur") or "color" in name
    if field == "material":
        return name in ("material", "fabric", "composition")
    return name == field


def amounts_lifted(passage: Passage, cues: Cues, ledger: Sequence[Constraint]) -> list[str]:
    """Ids of price limits and sizes taken back by what they say: `forget the 50`, `it needn't be M`; claims."""
    found: list[str] = []
    verbs = [
        (start, end)
        for start, end in cues.get("release_before", ())
        if any(passage.norm(at) in VERBS for at in range(start, end))
    ]
    for at, token in enumerate(passage.tokens):
        entries = [entry for entry in ledger if _is_said(token, entry.condition)]
        if not entries:
            continue
        before = [
            start
            for start, end in (*verbs, *cues.get("need_not", ()))
            if end <= at <= end + 4 and all(passage.norm(place) in FILL | _LIMITING for place in range(end, at))
        ]
        after = [end for start, end in cues.get("release_after", ()) if at < start <= at + 2]
        for verb in range(max(0, at - 4), at):  # `I take the 60 euros back`
            parted = [place for place in (at + 1, at + 2) if passage.norm(place) in PARTED.get(passage.norm(verb), ())]
            if parted and passage.same_clause(verb, parted[0]):
                before, after = [*before, verb], [*after, parted[0] + 1]
        if passage.norm(at - 1) in _PAST_IT:
            after += [end for start, end in cues.get("fine", ()) if at < start <= at + 2]
            before += [at - 2 for place in range(at - 4, at - 1) if passage.norm(place) in MAY and at > 1]
        if before or after:
            found += [entry.id for entry in entries]
            start, end = min([*before, at]), max([*after, at + 1])
            passage.claim(start, end + (passage.norm(end) in _LIMITING), "release")
    return found


def _is_said(token: Token, condition: Condition) -> bool:
    """Whether a word is the amount of a price limit, or the size asked for."""
    if isinstance(condition.value, Money):
        return token.shape == "number" and parse_number(token.norm) == condition.value.amount
    if condition.op in NEGATIVE or not is_size_field(condition.field):
        return False
    values = condition.value if isinstance(condition.value, tuple) else (str(condition.value),)
    sized = token.shape == "number" or token.norm in LETTER_SIZES
    return sized and any(same_size(value, token.norm) for value in values)


def others_priced(passage: Passage, cues: Cues, ledger: Sequence[Constraint]) -> list[str]:
    """Ids of the price limits that `more expensive is fine` and `it may be cheaper` lift; claims the words."""
    higher = [at for at, token in enumerate(passage.tokens) if token.norm in ("expensive", "pricey", "pricier")]
    dearer = [*cues.get("dearer", ()), *((at, at + 1) for at in higher)]
    dearer += [
        (at, at + 2)
        for at, token in enumerate(passage.tokens[:-1])
        if token.norm == "higher" and passage.norm(at + 1) == "prices"
    ]
    for side, spans in (("most", dearer), ("least", cues.get("cheaper", ()))):
        lifted = [entry.id for entry in ledger if concerns(entry.condition, side)]
        for start, end in spans if lifted else ():
            stop = end + (passage.norm(end) in ("ones", "one", "items", "things", "stuff"))
            fine = any(begin == stop for begin, _ in cues.get("fine", ()))
            too = passage.norm(stop) in ("too", "also") or (passage.norm(stop), passage.norm(stop + 1)) == (
                "as",
                "well",
            )
            led = passage.norm(start - 1) in {"also", "include", "even", "allow"} | MAY
            may_be = passage.norm(start - 1) == "be" and passage.norm(start - 2) in MAY
            if fine or too or led or may_be:
                passage.claim(start, stop, "release")
                return lifted
    return []
