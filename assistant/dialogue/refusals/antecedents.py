"""Which values a refusal means that names none: `so none of that`, `from neither of those`, `in some other colour`.

Stories tell what went wrong first and refuse it afterwards with a small word, so that the value stands in a sentence
that by itself asks for nothing, and read alone would be taken for a wish.
"""

from collections.abc import Collection, Sequence

from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import Meaning
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import STOP

_FILL = frozenset(
    """
    of from by in with made any all more another other anything something a an the having have has contain contains
    containing everything stuff one ones to want buy see wear use include touch show me us give out anyone anybody
    none nothing piece part again
    """.split()
)
_PLURAL = frozenset("them those these em theirs their".split())
_SINGLE = frozenset("that this it".split())
_PAIR = frozenset("both either neither".split())
_AFTER = frozenset(
    """
    two three pair one ones either again please pls though in for color colour shade brand brands make makes maker
    makers material stuff fabric sort kind kinds label name anymore this time me us my out off away aside and so thanks
    """.split()
)
_IMPLIED = frozenset("neither none without ohne sans sin senza isnt arent aint doesnt not".split())
"""What refuses with nothing behind it: `a toner in neither`, `so pans without`."""
_DENIED = frozenset("isnt arent aint doesnt not".split())
_SHORT = frozenset("that it this".split())
_NOT_OF_VERBS = frozenset("dont doesnt didnt cant cannot wont wouldnt isnt arent do did no never".split())
_JOINTS = frozenset("and or , & nor n also of from by in the a".split())
_OTHER = frozenset("other another different".split())
_LEADS = frozenset("any some an a in from by of with the".split())
_GRANTING = frozenset("or and also no not than".split())
_NOUNS = {
    "brand": frozenset("brand brands make makes maker makers manufacturer manufacturers label company mark".split()),
    "color": frozenset("color colour colors colours shade shades hue tone".split()),
    "value": frozenset("material materials fabric fabrics stuff metal wood sort kind".split()),
}
_SORT = {noun: sort for sort, nouns in _NOUNS.items() for noun in nouns}
_PAST = frozenset("had was were used broke broken died faded last old previous before always bought got".split())
_REACH = 45
_FILL_REACH = 6


def referred(
    passage: Passage, mentions: Sequence[Found[Meaning]], span: tuple[int, int], taken: Collection[int]
) -> list[int]:
    """The mentions that a refusal at `span` means by a small word behind it; claims that word.

    Args:
        taken: mentions that are refused already.
    """
    start, at = span
    while at - span[1] < _FILL_REACH and passage.norm(at) in _FILL and not passage.claims[at]:
        at += 1
    word = passage.norm(at)
    last = passage.norm(span[1] - 1)
    again = last == "again" and passage.norm(start) in ("never", "not")
    bare = _ends(passage, span[1]) and passage.norm(span[1]) != "of"
    if (last in _IMPLIED or again) and bare and passage.norm(start - 1) not in ("or", "if", "why", "?"):
        before = passage.norm(start - 1)
        if last in _DENIED and before not in ("that", "which", "thats", "is", "who"):
            return []
        if last == "none" and before not in ("with", "has", "have", "having", "got", "contains", "contain", "of"):
            return []
        return _before(passage, mentions, start, taken, 2 if last == "neither" else 1, "")
    if at >= len(passage) or passage.claims[at] or word not in _PLURAL | _SINGLE | _PAIR:
        return []
    partly = passage.norm(at - 1) == "of" and at > span[1]
    if word in _SHORT and not partly and (last in _NOT_OF_VERBS or (word == "it" and last in ("not", "skip", "lose"))):
        return []
    if word in _SINGLE and last == "without" and passage.norm(at + 1) == "one":
        return []  # an item is left out
    if ":" in (passage.norm(near) for near in range(at, at + 6)):
        return []  # `without this: wool`
    noun = next((passage.norm(near) for near in (at + 1, at + 2) if passage.norm(near) in _SORT), "")
    ends = at + 1
    if word in _PAIR and passage.norm(ends) == "of":
        ends += 2
    told = _AFTER if word in _SINGLE else _AFTER | (STOP - {"are", "is"})
    if not _ends(passage, ends) and passage.norm(ends) not in told:
        return []
    many = 3 if passage.norm(at + 1) == "three" else 2
    several = word in _PAIR or passage.norm(at + 1) in ("two", "three", "pair") or last in ("neither", "both", "either")
    sort = _SORT.get(noun, "")
    sort = sort or ("brand" if word in ("them", "em", "theirs", "their") else "")
    found = _before(passage, mentions, start, taken, many if several else 1, "" if several else sort)
    if found:
        passage.claim(start, at + 1, "refused")
    return found


def others(passage: Passage, mentions: Sequence[Found[Meaning]], taken: Collection[int]) -> list[int]:
    """The mentions in place of which another of their sort is asked for: `black faded, so another colour please`."""
    found: list[int] = []
    for at, token in enumerate(passage.tokens[:-1]):
        if token.norm == "something" and passage.norm(at + 1) in ("different", "else"):
            own = _before(passage, mentions, at, taken, 1, "")
            if own and _is_of_old(passage, mentions[own[0]]):
                found += own
            continue
        sort = _SORT.get(passage.norm(at + 1))
        if token.norm not in _OTHER or sort is None or set(passage.claims[at : at + 2]) - {"", "unread", "pointed"}:
            continue
        before = at - 1
        while before >= 0 and passage.norm(before) in _LEADS:
            before -= 1
        following = {passage.norm(near) for near in range(at + 2, at + 5)}
        denied = any(passage.norm(near) in lexicon.NOT and passage.same_clause(near, at) for near in range(at - 6, at))
        if denied or passage.norm(before) in _GRANTING or following & {"too", "also", "fine", "ok"}:
            continue
        own = _before(passage, mentions, before + 1, taken, 1, sort)
        if own:
            passage.claim(at, at + 2, "refused")
        found += own
    return found


def _ends(passage: Passage, at: int) -> bool:
    """Whether nothing that could be refused stands here."""
    if at >= len(passage):
        return True
    if passage.norm(at) in ("in", "of", "with") and passage.norm(at + 1) in ("it", "them", "both", "those", "that"):
        return True
    return passage.tokens[at].shape == "symbol" and passage.norm(at) not in ('"', "'", "\u20ac", "$", "\u00a3")


def _before(
    passage: Passage, mentions: Sequence[Found[Meaning]], start: int, taken: Collection[int], many: int, sort: str
) -> list[int]:
    """The values named last before a place: `many` of them, or as many as stand in one list with the last."""
    found: list[int] = []
    for number in range(len(mentions) - 1, -1, -1):
        mention = mentions[number]
        if mention.end > start or start - mention.end > _REACH:
            continue
        sorts = {meaning.sort for meaning in mention.meanings}
        if not sorts & {"brand", "color", "value", "flag"} or (sort and not _is_of(mention, sort)):
            continue
        if number in taken:
            break  # it means what is refused already
        if not found and not sort and "limit" in passage.claims[mention.end : start]:
            break  # `anything under 50 is junk, leave that out`
        if found:
            between = [passage.norm(at) for at in range(mention.end, mentions[found[0]].start)]
            if len(found) >= many and (not between or set(between) - _JOINTS or len(between) > 3 or many > 1):
                break
            if len(found) >= many and not _alike(mention, mentions[found[0]]):
                break
        found.insert(0, number)
    return found if len(found) >= min(many, 2) or many == 1 else []


def _is_of_old(passage: Passage, mention: Found[Meaning]) -> bool:
    """Whether the clause of a value tells what was: `the old one was black`."""
    clause = passage.tokens[mention.start].clause
    return any(token.norm in _PAST and token.clause == clause for token in passage.tokens)


def _is_of(mention: Found[Meaning], sort: str) -> bool:
    return any(meaning.sort == sort for meaning in mention.meanings)


def _alike(one: Found[Meaning], other: Found[Meaning]) -> bool:
    return bool({m.sort for m in one.meanings} & {m.sort for m in other.meanings})
