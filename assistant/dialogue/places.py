"""Whether a word like `second` names a place on the shelf: `is the second dry`, `third vs first`, no `first time`."""

from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP

_OCCASIONS = frozenset(
    """
    time times day days week weeks month months year years birthday birthdays date dates anniversary half floor grade
    class aid hand thought thoughts person attempt try step child born trip job home car baby school love name
    impression impressions degree language edition generation gear prize season order purchase thing things all
    minute moment night line world rate row semester term house flat apartment marriage wedding christmas glance sight
    fiddle item round part half-marathon marathon mal tag jahr fois jour annee vez dia ano volta giorno anno
    """.split()
)
"""What is counted in life and not on a shelf."""
_ONE = frozenset("one ones 1 option item product choice result pick suggestion recommendation artikel article".split())
_ASKS = frozenset(
    """
    is are was were does do did can could would will has have should may might isnt doesnt wont ist sind hat kann
    est sont peut es son puede e sono ha puo was makes what
    """.split()
)
_GOVERNS = frozenset(
    """
    than between against over with beside alongside put like not neither nor strike drop sets of for compare skip hide
    remove and or about vs versus n btwn to on from nix ditch bin lose swap zwischen entre tra fra als que di del than
    """.split()
)
_BEFORE_BARE = frozenset(
    "of on btwn between vs versus than is does nor n over about like compare with / - = & for".split()
)
_OPENS = frozenset("in is has does looks worth pls please for any one 1 = : / vs versus n".split())
_SECONDS = frozenset("a one per every few split just any".split())
_SHORT = 10


def is_place(passage: Passage, start: int, at: int, end: int, *, paired: bool, named: bool) -> bool:
    """Whether the ordinal at tokens [at, end), its article from `start`, names a place on the shelf.

    Args:
        paired: another ordinal stands beside it, `third vs second`.
        named: the word behind it is in the title of an item shown.
    """
    word, after = passage.norm(at), passage.norm(end)
    sign = end >= len(passage) or passage.tokens[end].shape == "symbol"
    if after in _OCCASIONS - {"item"} or (word in ("second", "seconds") and passage.norm(at - 1) in _SECONDS):
        return False
    if after in _ONE:
        return start < at or after != "item"
    if start < at:
        if sign or after in STOP or named or passage.norm(start - 1) in _ASKS | _GOVERNS:
            return True
        asked = any(token.norm == "?" for token in passage.tokens)
        return asked or (after.endswith("s") and not after.endswith("ss"))
    if paired:
        return True
    if passage.norm(at - 1) in _BEFORE_BARE and (sign or after in STOP):
        return not (word == "first" and passage.norm(at - 1) in ("is", "for", "-"))
    if word in ("first", "last") or len(passage) > _SHORT:
        return False
    ends = all(token.shape == "symbol" or token.norm in STOP for token in passage.tokens[end:])
    return (at == 0 and after in _OPENS) or (ends and at > 0 and (passage.tokens[at - 1].shape == "word"))
