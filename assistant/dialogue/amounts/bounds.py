"""Limits a noun gives a number, or words that point back to it: `300 is my ceiling`, `90, I can't go past that`."""

from typing import Literal

from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP

Bound = Literal["up_to", "from"]

_HIGH = frozenset(
    "ceiling ceilling cap limit max maximum threshold most roof tops tope tetto plafond obergrenze grenze limite "
    "massimo maximo cutoff stop".split()
)
_LOW = frozenset("floor minimum min least untergrenze minimo".split())
_HIGH_SIDE = frozenset("upper top higher high outer far upmost".split())
_LOW_SIDE = frozenset("lower bottom low lowest near".split())
_ENDS = frozenset("end bound limit edge line side figure mark boundary threshold".split())
_TOPS, _BOTTOMS = frozenset({"top", "tops", "ceiling", "max"}), frozenset({"bottom", "base", "floor", "min"})
"""Words that are garments and parts of things as well: only both of them, or `at the`, make limits of them."""
_SIGNS = frozenset("( - \u2013 = : ,".split())
_LINKS = frozenset(
    """
    is be being are as at the a an my our his her their its it s new absolute hard strict very really real extreme final
    would should must will shall that price spending budget pain personal about own total so upper lower thats and for
    now to set raised lowered moved put becomes of just only no please thanks kept stands sits remains
    """.split()
)
_AFTER_COMMA = frozenset("my our as being that thats absolute is so the".split())
_NO_LINK_BEFORE = frozenset("and for so as no please thanks it upper lower".split())
_LIMITED = frozenset("limited capped restricted maxed topped".split())
_MOST_LINKS = 5
_JOINTS = frozenset("or and an n & + nor und oder ou et o u y e resp".split())
_UP = frozenset(
    "plus up upwards upward upper over above more higher better greater beyond onward onwards pricier dearer "
    "davantage aufwarts mehr mas piu oltre daruber dessus".split()
)
_DOWN = frozenset(
    "under below beneath underneath less lower cheaper fewer down downwards smaller weniger moins menos meno darunter "
    "giu sotto".split()
)
_NO = frozenset("not no nor ni nicht keinen kein pas non".split())
_COINS = frozenset(
    "cent cents penny pennies pence dime euro euros dollar dollars pound pounds buck bucks quid step inch bit coin "
    "sou centimo centime duro".split()
)
_ONE = frozenset("a one an another single any un einen".split())
_FURTHER = frozenset("more over above beyond past extra higher further dearer farther mehr plus mas piu".split())
_UTMOST = frozenset("most highest max maximum furthest utmost".split())
_LOWEST = frozenset("least lowest min minimum".split())
_NOT_OF_MONEY = frozenset(
    "wear size measure measures weigh take fit fits cost costs paid asked wanted need it they mind".split()
)
_PRICES = frozenset("price prices dollar whack outlay spend spending amount cost budget rate".split())
_MODALS = frozenset("should ought must will would has to is be being have".split())
_SUFFICES = frozenset("cover do suffice pushing generous plenty enough stretch stretching much far high".split())
"""What is said of a sum that is all there is: `60 should do it`, `60 is as far as I go`."""
_BEGINS = frozenset("start starts begin begins".split())
_STOPS = frozenset("stop stops end ends bow draw leave walk quit ends finish get".split())
_CLOSERS = tuple(
    tuple(said.split())
    for said in """
    im out|i am out|im done|im gone|that is it|that it|thats it|that all|thats all|that that|thats that|that my lot
    thats my lot|that the lot|that final|thats final|that generous|thats generous|that being generous
    full stop|period|end of story|end of|finito|punkt|basta
    point final|punto|at a push|at a stretch|if pushed|at a pinch|and done|take it or leave it|no haggling|fertig|aus
    """.replace("\n", "|").split("|")
    if said.strip()
)
_THAT = frozenset("that this it".split())


def bound_after(passage: Passage, end: int) -> tuple[Bound, int] | None:
    """What the words behind a number that ends at `end` make of it, and where they end: `as the ceiling`, `n up`."""
    closed = _closed(passage, end)
    if closed is not None:
        return "up_to", closed
    return (
        _joined(passage, end) or _no_further(passage, end) or _where_it_ends(passage, end) or _noun_after(passage, end)
    )


def bound_before(passage: Passage, start: int) -> tuple[Bound, int] | None:
    """What a noun before a number makes of it, and where it begins: `limit raised to 900`, `lower end 20`."""
    clause = _named_by_clause(passage, start)
    if clause is not None:
        return clause
    at = start - 1
    while at >= 0 and start - at <= _MOST_LINKS and not passage.claims[at]:
        word = passage.norm(at)
        if word in ("at", "from", "with", "by", "off", "around", "about") and _is_start(passage, at):
            return "from", at
        found = _named_before(passage, at, start)
        if found is not None:
            return found
        sign = word in _SIGNS - {","} or word in ("$", "\u20ac", "\u00a3")
        if not (sign or word in _LINKS - _NO_LINK_BEFORE) or (not passage.same_clause(at, start - 1) and not sign):
            return None
        at -= 1
    return None


def _is_start(passage: Passage, at: int) -> bool:
    """`start me at`, `begin them from`."""
    before = at - 1 - (passage.norm(at - 1) in ("me", "us", "it", "them", "things", "off", "you"))
    return passage.norm(before) in ("start", "begin", "starting", "beginning", "starts", "begins", "kick", "open")


def _named_by_clause(passage: Passage, start: int) -> tuple[Bound, int] | None:
    """`the most I have is 60`, `lowest I'd go would be 20`: a superlative whose clause ends right before the number."""
    if passage.norm(start - 1) not in ("is", "be", "was"):
        return None
    for at in range(start - 2, max(-1, start - 9), -1):
        if not passage.same_clause(at, start - 1):
            return None
        if passage.norm(at) in _UTMOST | _LOWEST:
            return ("up_to" if passage.norm(at) in _UTMOST else "from"), at
    return None


def is_minimum(passage: Passage, at: int) -> bool:
    """`max 100 min 20`: whether `min` stands there and says `at least`, not minutes."""
    return passage.norm(at) == "min" and _has_both_ends(passage)


def _has_both_ends(passage: Passage) -> bool:
    """`300 at the top, bottom 120`: both ends are named, each beside a number."""
    said = {token.norm for token in passage.tokens}
    numbers = sum(token.shape == "number" for token in passage.tokens)
    return numbers > 1 and bool(said & _TOPS) and bool(said & _BOTTOMS)


def is_pointed_back(passage: Passage, at: int) -> bool:
    """Whether the word at a place points back to a number: `past that`, `for that or less`."""
    following = passage.norm(at + 1)
    if passage.norm(at) not in _THAT:
        return False
    ends = at + 1 >= len(passage) or passage.tokens[at + 1].shape == "symbol"
    return ends or following in STOP or following in _DOWN | _UP | {"much", "for", "amount", "sum", "price"}


def _joined(passage: Passage, end: int) -> tuple[Bound, int] | None:
    """`n up`, `or beneath`, `and upper`: a joint and a word for one direction."""
    at = end
    if passage.norm(at) == "(":
        at += 1
    jointed = passage.norm(at) in _JOINTS
    at += jointed
    word = passage.norm(at)
    if word == "au" and passage.norm(at + 1) == "-" and passage.norm(at + 2) in ("dela", "dessus"):
        return "from", at + 3
    if word in ("in", "im") and passage.norm(at + 1) in ("su", "giu"):
        return ("from" if passage.norm(at + 1) == "su" else "up_to"), at + 2
    plus = word == "plus" and (at + 1 >= len(passage) or passage.tokens[at + 1].shape == "symbol")
    alone = (
        plus
        or word in ("upward", "upwards", "onward", "onwards", "aufwarts", "downwards")
        or (word == "up" and passage.norm(at + 1) != "to")
    )
    if not (jointed or alone) or (at + 1 < len(passage) and passage.tokens[at + 1].shape == "number"):
        return None
    loose = not jointed and not passage.norm(at).endswith("s") and at + 1 < len(passage)
    if loose and passage.tokens[at + 1].shape == "word" and passage.norm(at + 1) not in STOP - {"top"}:
        return None  # `a 10 up top`
    follows = at + 1 < len(passage) and passage.norm(at + 1) in ("$", "\u20ac", "\u00a3", "to", "than", "eur", "usd")
    if follows or word not in _UP | _DOWN:
        return None
    return ("from" if word in _UP else "up_to"), at + 1


def _no_further(passage: Passage, end: int) -> tuple[Bound, int] | None:
    """`and not a step further`, `n not a penny more`: nothing beyond the number."""
    at = end
    while passage.norm(at) in _JOINTS | {",", "-", "\u2013"} and at - end < 2:
        at += 1
    if passage.norm(at) not in _NO:
        return None
    at += 1
    coined = False
    while passage.norm(at) in _ONE | _COINS:
        coined = coined or passage.norm(at) in _COINS
        at += 1
    if passage.norm(at) == "de":
        at += 1
    closes = at + 1 >= len(passage) or passage.tokens[at + 1].shape == "symbol" or passage.norm(at + 1) in STOP
    return ("up_to", at + 1) if passage.norm(at) in _FURTHER and (coined or closes) else None


def _closed(passage: Passage, end: int) -> int | None:
    """Where the words end that close a bargain at a number: `45 and I'm out`, `40 at a push`, `60, full stop`."""
    at = end
    while passage.norm(at) in _JOINTS | {",", "-", "\u2013", ".", ";"} and at - end < 2:
        at += 1
    for said in _CLOSERS:
        if tuple(passage.norm(at + step) for step in range(len(said))) == said:
            return at + len(said)
    return None


def _where_it_ends(passage: Passage, end: int) -> tuple[Bound, int] | None:
    """`60 is where decent ones start`, `60 is where I stop`, `at 60 I bow out`."""
    if passage.norm(end) in _MODALS:
        for at in range(end + 1, end + 5):
            if passage.norm(at) in _SUFFICES:
                return "up_to", at + 1
            if passage.norm(at) not in _MODALS | {"it", "to", "as", "more", "than", "a", "really", "already", "just"}:
                break
    if passage.norm(end) != "is" or passage.norm(end + 1) not in ("where", "what"):
        return None
    if passage.norm(end + 1) == "what":
        said = {passage.norm(at) for at in range(end + 2, end + 8)}
        return None if said & _NOT_OF_MONEY else ("up_to", end + 2)
    for at in range(end + 2, min(len(passage), end + 9)):
        if not passage.same_clause(at, end):
            return None
        if passage.norm(at) in _BEGINS | _STOPS:
            return ("from" if passage.norm(at) in _BEGINS else "up_to"), at + 1
    return None


def _noun_after(passage: Passage, end: int) -> tuple[Bound, int] | None:
    at = end
    linked: set[str] = set()
    if passage.norm(at) == ",":
        if passage.norm(at + 1) not in _AFTER_COMMA:
            return None
        at += 1
    for _ in range(_MOST_LINKS + 1):
        found = _noun_at(passage, at, linked)
        if found is not None:
            return found
        word = passage.norm(at)
        if word not in _LINKS and not (word in _SIGNS - {","} and at == end):
            return None
        linked.add(word)
        at += 1
    return None


def _noun_at(passage: Passage, at: int, linked: set[str]) -> tuple[Bound, int] | None:
    word, following = passage.norm(at), passage.norm(at + 1)
    if word == "end" and following == "of" and linked & {"the", "is", ","}:
        return "up_to", at + 3
    if following in _ENDS and word in _HIGH_SIDE | _LOW_SIDE:
        return ("up_to" if word in _HIGH_SIDE else "from"), at + 2
    closes = at + 1 >= len(passage) or passage.tokens[at + 1].shape == "symbol" or following in STOP | {"tho", "pls"}
    if not closes:
        return None
    if word in ("top", "bottom", "base"):
        at_the = "at" in linked or bool(linked & {"my", "our"}) or _has_both_ends(passage)
        return (("up_to" if word == "top" else "from"), at + 1) if linked and at_the else None
    if word in _HIGH or (word in ("outside", "utmost") and "at" in linked):
        return "up_to", at + 1
    if word == "min" and not linked and not is_minimum(passage, at):
        return None  # `25 min` is a time as well
    return ("from", at + 1) if word in _LOW else None


def _named_before(passage: Passage, at: int, start: int) -> tuple[Bound, int] | None:
    word, before = passage.norm(at), passage.norm(at - 1)
    if word in _ENDS and before in _HIGH_SIDE | _LOW_SIDE:
        return ("up_to" if before in _HIGH_SIDE else "from"), at - 1
    if word in _PRICES and before in _HIGH_SIDE | _HIGH | _LOW_SIDE | _LOW and passage.same_clause(at - 1, at):
        return ("up_to" if before in _HIGH_SIDE | _HIGH else "from"), at - 1
    if word in ("top", "tops", "bottom", "base") and not _has_both_ends(passage):
        return None
    if word in _LIMITED and passage.norm(at + 1) in ("to", "at"):
        return "up_to", at
    direct = at == start - 1 or (passage.norm(at + 1) not in ("of", "for") and word not in ("most", "least"))
    if word in _HIGH | {"top"} and direct and word not in ("most", "roof", "threshold"):
        return "up_to", at
    return ("from", at) if word in (_LOW | {"bottom", "base"}) - {"least"} and direct else None
