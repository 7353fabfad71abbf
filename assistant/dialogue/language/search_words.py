"""The words of a message that remain to search by, and those that say what a question is about."""

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language import lexicon, smalltalk
from assistant.dialogue.language.asides import ASIDES, STORY
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.wishes import hedge_words

_TALK = (
    "harmless",
    "need_not",
    "more",
    "shop_asks",
    "greet",
    "thanks",
    "fine",
    "release_after",
    "change",
    "indifferent",
    "elsewhere",
)
_NOT_SEARCHED = (
    hedge_words()
    | smalltalk.STOP
    | lexicon.BUDGET_FILL
    | frozenset(
        "cheap cheaper expensive pricey budget prefer brand ish max maximum stay spend either owns already".split()
    )
    | smalltalk.TELLING
    | ASIDES
)
_TELLERS = frozenset(
    "i im ive id ill we weve were he hes she shes they theyre my our his their me us it its thats ich wir er sie mir "
    "mich je nous il elle mon ma yo me mi nos io mia mio sono soy suis estoy".split()
)
"""Who a story is told of."""
_WISHING = frozenset(
    "should must need needs needed want wants with for prefer ideally soll sollte muss mit pour avec debe con deve "
    "per para fur brauche made needing has have like love suitable".split()
)
_CONDITIONS = frozenset({"limit", "refused", "release", "context", "unread"})
_OWNERS = frozenset({"my", "our", "his", "her", "their"})
_SUBJECT_VERBS = frozenset("needs wants wears takes likes loves turns says asked told has is".split())
_LONGEST_SUBJECT = 5
_PRESENTS = frozenset("gift gifts present presents idea ideas".split())
"""What a thing is bought as, once the thing is named."""
_GERMAN_SUBJECTS = frozenset("die der das ihr er sie es jemand man diese dieser dieses".split())
"""What stands behind `hat` where it is the German verb."""
_ASKED = frozenset(
    "price cost costs color colors colour colours size sizes brand stock available rating cuesta kostet".split()
)


def _told_about(passage: Passage) -> set[int]:
    """The places of who wants it, told before the wish: `my girlfriend` (wants), `my old` (tent broke)."""
    told: set[int] = set()
    for at, token in enumerate(passage.tokens):
        if token.norm == "old" and passage.norm(at - 1) in _OWNERS:
            told.add(at)
        if token.norm not in _SUBJECT_VERBS:
            continue
        begin = at
        while begin > 0 and at - begin < _LONGEST_SUBJECT and passage.same_clause(begin - 1, at):
            begin -= 1
        subject = range(begin, at)
        if passage.norm(begin) in _OWNERS | {"a", "an", "the"} and passage.is_free(begin, at):
            told.update(subject)
    return told


def _told_beside(passage: Passage, cues: Cues) -> set[int]:
    """The places of clauses that tell a story or state a condition, and name nothing sold: `since it fell to bits`."""
    things = {at for start, end in cues.get("thing", ()) for at in range(start, end)}
    clauses: dict[int, list[int]] = {}
    for at, token in enumerate(passage.tokens):
        clauses.setdefault(token.clause, []).append(at)
    told: set[int] = set()
    for places in clauses.values():
        if any(passage.norm(at) in _WISHING for at in places):
            continue  # `it should be breathable`
        spoken = any(passage.norm(at) in _TELLERS or passage.claims[at] in _CONDITIONS for at in places)
        if spoken and not things & set(places):
            told.update(places)
    return told


def _is_phrasing(passage: Passage, at: int) -> bool:
    """`we're after boots`, `as long as it is blue`: words that mean something elsewhere."""
    before, after = passage.norm(at - 1), passage.norm(at + 1)
    if passage.norm(at) == "after":
        return before in ("were", "im", "are", "am", "is")
    return passage.norm(at) == "long" and before == "as" and after == "as"


def search_words(passage: Passage, cues: Cues, *, has_kind: bool) -> str:
    """What is left to search by once all that was read, talk and stop words are taken out, in the shopper's order."""
    talk = {at for label in _TALK for start, end in cues.get(label, ()) for at in range(start, end)}
    talk |= {
        at
        for start, end in cues.get("refused_after", ())
        if start and passage.claims[start - 1] == "refused"
        for at in range(start, end)
    }
    talk |= _told_about(passage)
    if has_kind:
        talk |= _told_beside(passage, cues)
    kept: list[str] = []
    last = -2
    for at, token in enumerate(passage.tokens):
        if passage.claims[at] or at in talk or token.shape == "symbol" or token.norm in _NOT_SEARCHED:
            continue
        if token.shape == "number" and last != at - 1 and not (at + 1 < len(passage) and passage.tokens[at + 1].glued):
            continue
        if token.shape == "word" and len(token.raw) == 1:
            continue
        named = has_kind or "age" in passage.claims
        if has_kind and token.norm in STORY and not any(start <= at < end for start, end in cues.get("thing", ())):
            continue
        if (named and token.norm in _PRESENTS) or _is_phrasing(passage, at):
            continue
        if token.norm == "hat" and passage.norm(at + 1) in _GERMAN_SUBJECTS:
            continue
        if token.shape == "number" and passage.norm(at + 1) == "%":
            continue
        kept.append(token.raw)
        last = at
    return " ".join(kept)


def subject_of(passage: Passage) -> str:
    """The words of a question that say what is asked about."""
    norms = [token.norm for token in passage.tokens]
    words = [
        token.raw
        for at, token in enumerate(passage.tokens)
        if passage.claims[at] not in ("reference", "lost")
        and token.shape != "symbol"
        and (token.norm not in smalltalk.STOP or token.norm in _ASKED)
    ]
    if "much" in norms and "how" in norms and not words:
        return "price"
    return " ".join(words)
