"""Stars asked for: `4 stars and up`, `rated 4.5 or better`, `nothing under 3 stars`, `four stars would be nice`."""

from assistant.dialogue.amounts.asked import is_asked_for
from assistant.dialogue.amounts.comparators import Comparison, Cues, compare_at, said_again
from assistant.dialogue.amounts.limits import Limit
from assistant.dialogue.amounts.numbers import Amount
from assistant.dialogue.amounts.told import is_told_of
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STARS
from assistant.dialogue.refusals.preferences import preferred
from index.filters import Condition, Op

_STARRED = STARS | {"estrellita", "estrellitas", "stelline", "\u2605", "*"}
_RATED = frozenset(
    "rate rates rated rating ratings reviewed gave average score scored scores scoring averaging valorado valorada "
    "bewertet note notee votato".split()
)
_REVIEWED = frozenset(
    "review reviews stars star bewertung bewertungen avis notes note resenas valoracion valoraciones recensioni voto "
    "reviewers customers buyers".split()
)
"""What a score is said of: `reviews of 4 and above`."""
_NO_HEDGES = frozenset("somewhat such kind sort touch bit hint".split())
"""First words of hedges that say nothing of how firm a limit is: `somewhat under 60`, `such as 3 stars or more`."""
_AT_MOST = frozenset("most max maximum to tops less below under lower hochstens maximal bis hasta massimo fino".split())
_DENIED = frozenset("not no never hardly".split())
"""Before a hedge, what makes a refusal of it: `not a fan of paying over 60`."""
_BEST = 5


def read_rating(passage: Passage, cues: Cues, amount: Amount) -> list[Limit]:
    """The stars that a number asks for; none where it is no number of stars, or tells of something else's."""
    if amount.currency or amount.value > _BEST:
        return []
    at, starred, plus = _stars_at(passage, amount)
    rated, said = _is_said_of_reviews(passage, cues, amount, at, plus)
    if not (starred or rated):
        return []
    stop = at + 1 if starred else amount.end
    comparison = compare_at(passage, cues, amount.start, stop)
    inner = compare_at(passage, cues, amount.start, amount.end)
    again = said_again(passage, cues, stop) if comparison is None and inner is None else None
    bare = all(one is None or one.manner == "have" for one in (comparison, inner))
    if bare and again is None and is_told_of(passage, amount.start):
        passage.claim(amount.start, stop, "context")
        return []
    start = amount.start
    if comparison is not None:
        start, stop = comparison.start, comparison.end
    stop = max(stop, amount.end + 1) if plus else stop
    stop = max(stop, inner.end) if inner else stop
    if rated and not starred:
        start = min(start, said)
    if again is not None:
        passage.claim(again.start, again.end, "limit")
    op = _meant(passage, start, comparison, inner)
    soft = is_hedged(passage, cues, start, 4) or is_hedged(passage, cues, amount.start, 4)
    soft = soft or preferred(passage, start, stop, (start,))
    return [Limit(Condition("rating", op, float(amount.value)), soft, start, stop)]


def well_rated(passage: Passage, cues: Cues) -> list[Limit]:
    """`Well reviewed`, as a wish; claims the words."""
    limits: list[Limit] = []
    for start, end in cues.get("well_rated", ()):
        if passage.is_free(start, end):
            passage.claim(start, end, "limit")
            limits.append(Limit(Condition("rating", Op.GE, 4.0), True, start, end))
    return limits


def is_hedged(passage: Passage, cues: Cues, start: int, reach: int) -> bool:
    """`preferably under 25`: whether a hedge within `reach` tokens before a limit makes it a wish."""
    return any(
        start - reach <= end <= start
        and passage.same_clause(end - 1, start)
        and passage.norm(begin) not in _NO_HEDGES
        and not {passage.norm(begin - 1), passage.norm(begin - 2)} & _DENIED
        for begin, end in cues.get("hedge_before", ())
    )


def _stars_at(passage: Passage, amount: Amount) -> tuple[int, bool, bool]:
    """Where the word for stars stands, whether one does, and whether a plus comes before it."""
    end = amount.end
    plus = passage.norm(end) == "+"
    at = end + 1 if plus else end
    outof = False
    if passage.norm(at) in ("-", "/"):
        at += 2 if passage.norm(at) == "/" else 1
    if passage.norm(at) == "out" and passage.norm(at + 1) == "of":
        at += 3
        outof = passage.norm(at - 1) in ("5", "five")
    starred = passage.norm(at) in _STARRED
    if not starred and passage.norm(at) in ("or", "and", "n") and passage.norm(at + 2) in _STARRED:
        return at + 2, True, plus  # `4.5 or more stars`
    halved = passage.norm(at - 2) == "/" and passage.norm(at - 1) == "5"
    if not starred and (outof or halved):
        return at - 1, True, plus
    return at, starred, plus


def _is_said_of_reviews(passage: Passage, cues: Cues, amount: Amount, at: int, plus: bool) -> tuple[bool, int]:
    """Whether reviews are spoken of beside the number, and where they are."""
    end = amount.end
    scored = passage.norm(at) in ("rating", "ratings", "rated", "reviews", "average") and (plus or at == end)
    before = [place for place in range(max(0, amount.start - 5), amount.start)
              if passage.tokens[place].sentence == passage.tokens[amount.start].sentence]  # fmt: skip
    opens = passage.starts_sentence(amount.start)
    if opens:  # `I trust reviews. 4 and above, then.`
        last = passage.tokens[amount.start].sentence - 1
        before = [place for place in range(amount.start) if passage.tokens[place].sentence == last]
    rated = [place for place in before if passage.norm(place) in _RATED]
    reviewed = [place for place in before[-12 if opens else -4 :] if passage.norm(place) in _REVIEWED]
    compared = bool(reviewed) and compare_at(passage, cues, amount.start, end) is not None
    said = amount.start if opens else min([*rated, *reviewed], default=amount.start)
    return bool(rated) or scored or compared, said


def _meant(passage: Passage, start: int, comparison: Comparison | None, inner: Comparison | None) -> Op:
    """At least so many, unless few are asked for outright: nobody looks for what is rated under 4 stars."""
    op = (comparison.op if comparison else None) or (inner.op if inner else None) or Op.GE
    said = (
        {passage.norm(at) for at in range(comparison.start, comparison.end)} if comparison is not None else set[str]()
    )
    if op is Op.LE and comparison is not None and comparison.manner == "up_to" and said & _AT_MOST:
        return op
    few = op is Op.LT and (is_asked_for(passage, start) or is_asked_for(passage, start - 2))
    return op if few or op in (Op.GT, Op.GE) else Op.GE
