"""Which way a comparison is meant where what it says is scorned, in words that hold no plain no beside it:
`anything under 20 falls apart`, `rules out wool and anything over 60`, `past 400 I can't go`."""

from typing import Literal

from assistant.dialogue.amounts.asked import is_asked_for
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STARS, STOP

Verdict = Literal["turned", "kept"]

_EVERY = frozenset(
    "anything everything whatever any all those ones stuff things items options prices bill bills price something one "
    "alles tout todo tutto paying spending costing going".split()
)
_TO_HEAD = frozenset(
    "that which who costs costing cost priced is are rated reviewed scoring scored scores with sells sell goes for "
    "selling going a the at it its of to come comes coming".split()
)
_PREDICATES = frozenset(
    """
    is are isnt arent falls fall goes go gets looks look feels feel breaks break has have hasnt havent can cant cannot
    should must may lets gives give makes make seems smells hed id shed theyd wed needs neednt doesnt dont wont
    wouldnt couldnt will would does do dies ends stays
    hurts scares bores strikes counts ist sind est sont es son e
    """.split()
)
_GOOD = frozenset(
    """
    fine ok okay good great works work welcome perfect acceptable suits suit lovely ideal alright best better want need
    do enough love like happy glad please right gut bien bene considered interesting even what help helps deal sold
    proper must only yes reasonable realistic fair safe affordable manageable doable cool buy take bite recommend sell
    stock
    """.split()
)
_BAD = frozenset(
    """
    apart back junk suspect rubbish trash tat crap joke insult insults suspicious doubt doubtful flimsy break breaks
    broke broken dies fails fail falls fall burned burnt burns embarrassed embarrassing ashamed waste useless
    worthless pointless avoid skip sniff nonsense nasty fake unreliable disappoint disappoints bin away scam horrid
    awful terrible bad mean stingy miserly down false worse worst wrong hurts stinks sucks tacky pass schrott mull
    camelote basura robaccia
    """.split()
)
"""What is said of things that are too cheap."""
_PAYS = frozenset(
    """
    spend spends spending pay pays paying payin charge charges charging fork forking shell shelling splash splashing
    cough coughing part parting blow blowing ausgeben zahlen depenser payer gastar pagar spendere pagare
    """.split()
)
_MEANS_TO = frozenset(
    """
    want wanted wants looking like plan planning going intend happy ready prepared willing can could afford mind
    allowed must have has need needs should ill will hope may gonna wanna able expect expecting lets budget insist
    """.split()
)
_LIKES = frozenset(
    """
    fancy love like enjoy adore prefer consider accept welcome take allow include happy open fine ok okay choose pick
    please gladly keen interested have has got there want need must insist deserves deserve eats wears uses cost costs
    is are be was it its id ideally only
    preferably prefers
    """.split()
)
_LOOKS = frozenset("look touch buy consider accept take glance wear trust bother click order entertain gift".split())
_SUBJECTS = frozenset("i it its they my he she we you that everything nobody im theyre our youre".split())
_STARTS = frozenset("and but so because since as".split())
_NO_GOOD = frozenset(lexicon.NOT | {"aint", "couldnt", "hardly", "barely"})
_SCORN = frozenset(
    """
    scare scares scared suspicious wary knockout broke uncomfortable uneasy unhappy mortified horrified dread fear
    distrust mistrust suspect hide strike ban banned unwilling reluctant afraid terrified veto vetoes vetoed shun
    misstrauisch mefie desconfio diffido
    """.split()
)
_OUT_VERBS = frozenset("rule rules ruled take leave keep cut weed sort filter throw kick cross knock".split())
_OUT = frozenset("out off away".split())
_THOSE = frozenset("those them it these that all".split())
_NO_VERBS = frozenset(
    """
    cant cannot dont doesnt wont wouldnt isnt arent aint couldnt shouldnt wasnt nicht non ni no pas jamais nunca mai
    """.split()
)
_AUX = frozenset("do does can will would is are could should shall may".split())
_NOT_TO_MIND = frozenset("mind care need matter worry have".split())
_DENIED = frozenset(
    """
    go trust spend pay afford want look bother count buy touch like it that them those to even at all as a an gift
    present riesco spendere scendo drin puedo gastar saques saque me los las lo por de i we im be do stretch get send
    show mehr ausgeben zahlen vado scendere bajo bajar on with anymore any more really in
    """.split()
)
_NO_TROUBLE = frozenset("issue matter object mind problem trouble worry bother".split())
_IFS = frozenset("if wenn si se".split())
_WOULD = frozenset("would will hed shed theyd id wed itd ll d must".split())
_COUPLED = frozenset("or nor oder ou o".split())
_AND = frozenset("and plus und et y e n & also".split())
_BREAKS = frozenset("but aber mais pero ma so then instead".split())
_EXCEPTS = frozenset("except excluding unless minus sans barring bar save than not".split())
_EXCEPTED = frozenset(
    "the ones those anything everything that are which if theyre it its they is priced costing at one things a".split()
)
_GONE = frozenset("go gone hidden out away removed banned excluded skipped dropped".split())
_OFTEN = frozenset("always usually just never often simply really only mostly generally".split())
_WIDE = frozenset("anything everything whatever all stuff things those ones any prices".split())
_PREPOSITIONS = frozenset(
    "for in with by from of please that which and or if to on only made is are but as at than so because max yet less "
    "under below more over beyond apiece each".split()
)
_PRICED = frozenset(
    "priced starting range ranging tier segment bracket category premium luxury gift gifts present presents pricing "
    "costing selling something anything".split()
)
_SIGNS = frozenset({"<", ">", "<=", ">=", "+", "\u2264", "\u2265"})
_REACH = 14


def scorn(passage: Passage, span: tuple[int, int], *, upward: bool, objects: frozenset[int]) -> Verdict | None:
    """Whether the sentence means the other way than the comparison at `span` says; `kept`: surely as it says.

    Args:
        upward: the comparison asks for more than its number.
        objects: tokens of values and of things sold, which a no may be said of instead.
    """
    begin, end = span
    if passage.norm(begin) in _SIGNS:
        return None  # `price < 60`
    excepted = _excepted(passage, begin, end)
    if excepted is not None:
        return excepted
    if any(
        passage.norm(at) == "only"
        and passage.norm(at + 1) in ("if", "its", "it", "rated", "priced")
        and passage.same_clause(at, begin)
        for at in range(max(0, begin - 4), begin)
    ):
        return "kept"
    if passage.norm(begin - 1) in ("nor", "ne", "noch") and begin > 1:
        return "turned"
    while passage.norm(end) in STARS:
        end += 1
    head = _head(passage, begin)
    first = begin if head is None else head
    if is_asked_for(passage, first):
        return None
    if not upward and passage.norm(end) in ("that", "which"):
        return "kept"  # `under 60 that don't break`
    worded = passage.tokens[begin].shape == "word"
    found = (
        _is_needless(passage, begin, upward=upward)
        or _is_condemned(passage, first, end, objects, upward=upward, headed=head is not None)
        or (worded and _is_put_off(passage, first, objects, upward=upward, headed=head is not None))
        or _is_denied(passage, end, objects)
        or _is_listed(passage, first, head is not None)
        or _is_sent_away(passage, end)
        or (upward and _is_dreaded(passage, begin))
    )
    return "turned" if found else None


def _excepted(passage: Passage, begin: int, end: int) -> Verdict | None:
    """`except those over 60`, `unless they're under 20`: turned, but `unless it's below 60, I won't pay` stands."""
    at = begin - 1
    while at >= 0 and passage.norm(at) in _EXCEPTED and passage.same_clause(at, begin):
        at -= 1
    word = passage.norm(at)
    if at < 0 or word not in _EXCEPTS or at == begin - 1:
        return None
    if word == "than" and passage.norm(at - 1) != "other":
        return None
    if word == "not" and passage.norm(at - 1) != "but":
        return None
    opens = at == 0 or passage.norm(at - 1) in (".", "!", "?", "-")
    denied = any(passage.norm(place) in _NO_VERBS for place in range(end, min(len(passage), end + 8)))
    return "kept" if word == "unless" and opens and denied else "turned"


def _head(passage: Passage, begin: int) -> int | None:
    """Where the noun stands that the comparison belongs to: `anything rated under`, `a bill over`."""
    for at in range(begin - 1, max(-1, begin - 6), -1):
        if not passage.same_clause(at, begin):
            return None
        if passage.norm(at) in _EVERY:
            return at - 1 if passage.norm(at - 1) in ("a", "the") else at
        if passage.norm(at) in ("that", "which") and passage.tokens[at - 1].shape == "word" and at > 1:
            return at - 1
        if passage.norm(at) not in _TO_HEAD:
            return at if passage.norm(at + 1) in ("for", "at", "that") else None
    return None


def _is_needless(passage: Passage, begin: int, *, upward: bool) -> bool:
    """`needn't cost more than 900`: no more than that."""
    near = [passage.norm(at) for at in range(max(0, begin - 4), begin) if passage.same_clause(at, begin)]
    if "dare" in near and near[-4:].index("dare") and upward:
        return True  # `don't you dare go beyond 60`
    needless = "neednt" in near or ("not" in near and "need" in near)
    return upward and needless and bool({"cost", "be", "spend", "pay"} & set(near))


def _is_condemned(
    passage: Passage, first: int, end: int, objects: frozenset[int], *, upward: bool, headed: bool
) -> bool:
    """`anything under 20 falls apart on me`, `over 60 my bank calls`: a predicate that is no praise, said of what costs
    so. Of what costs more any other word will do; what costs less must be spoken ill of."""
    opens = first == 0 or passage.tokens[first - 1].shape == "symbol" or passage.norm(first - 1) in _STARTS
    supposed = any(
        passage.norm(at) in _IFS and passage.same_clause(at, first) for at in range(max(0, first - 4), first)
    )
    fronted = opens or (supposed and not upward)
    if upward and opens and passage.norm(end) == "?" and passage.starts_sentence(first):
        return True  # `Over 60? Not on my salary.`
    while passage.norm(end) in _OFTEN:
        end += 1
    word = passage.norm(end)
    wide = headed and passage.norm(first) in _WIDE
    if fronted and upward and word == "and" and passage.norm(end + 1) in _SUBJECTS:
        word, end = passage.norm(end + 1), end + 1
    foreign = (
        wide
        and upward
        and word not in _PREPOSITIONS | STOP
        and passage.tokens[min(end, len(passage) - 1)].shape == "word"
    )
    said = (
        (foreign and end < len(passage))
        or word in _PREDICATES
        or (headed and word in _BAD)
        or (fronted and word in _SUBJECTS)
    )
    if end in objects or not said or not (headed or fronted):
        return False
    words = {passage.norm(at) for at in _rest(passage, end)}
    if words & _GONE and words & {"must", "should", "can", "may", "has", "needs"}:
        return True
    if words & _GOOD and not words & _NO_GOOD:
        return False
    if (words & _NO_GOOD and words & _NO_TROUBLE) or len(words) < 2:
        return False
    numbered = passage.tokens[first].shape != "word"  # `60 or more is`: a word of limit already
    return (upward and not numbered) or (wide and not numbered) or bool(words & (_BAD | _NO_GOOD))


def _is_put_off(passage: Passage, first: int, objects: frozenset[int], *, upward: bool, headed: bool) -> bool:
    """`the day I pay over 60`, `my wife frowns at anything above 60`, `burned by mugs under 20`: what is said before
    of costing so. Paying more is what somebody means to do or else shuns."""
    before = [at for at in range(max(0, first - _REACH), first) if passage.same_clause(at, first)]
    words = [passage.norm(at) for at in before]
    if not upward:
        denied = next((place for place, word in enumerate(words) if word in _NO_VERBS | {"never"}), len(words))
        if set(words[denied:]) & _LOOKS and not any(at in objects and at != first for at in before[denied:]):
            return True
        return bool(set(words) & _BAD) and not set(words) & {"show", "want", "need"}
    if "pass" in words[-5:]:
        return True  # `I'd pass on anything above 60`
    pays = next((place for place, word in enumerate(words) if word in _PAYS), None)
    if pays is not None:
        return not set(words) & _MEANS_TO or "way" in words[:pays] or "without" in words[:pays]
    if "worth" in words[-3:] and set(words) & _NO_GOOD:
        return True
    last = first - 1
    told = not headed and set(words) & {"i", "my", "he", "she", "we", "me"} and last in before and last not in objects
    if told and passage.tokens[last].shape == "word" and passage.norm(last) not in STOP | _LIKES | _TO_HEAD | _PRICED:
        return True  # `I get dizzy above 60`
    strange = [at for at in before if passage.tokens[at].shape == "word" and at not in objects
               and passage.norm(at) not in STOP | _LIKES | _TO_HEAD]  # fmt: skip
    return (
        headed and bool(strange) and not set(words) & _LIKES - {"it", "its", "is", "are", "has", "have", "was", "the"}
    )


def _is_denied(passage: Passage, end: int, objects: frozenset[int]) -> bool:
    """`past 400 I can't go`, `mehr als 60 sind nicht drin`: a no behind it that is said of nothing else."""
    rest = _rest(passage, end)
    for place, at in enumerate(rest[:7]):
        word = passage.norm(at)
        if (
            at in objects
            or word in ("that", "which", "if", "because", "so", "who")
            or passage.tokens[at].shape != "word"
        ):
            return False
        denies = word in _NO_VERBS or (word in ("not", "never") and passage.norm(at - 1) in _AUX | {"i", "we"})
        if denies and not (place == 0 and word in ("no", "non", "nicht", "pas")):
            after = rest[place + 1 :]
            strange = [at for at in after if passage.norm(at) not in _DENIED]
            minded = passage.norm(at + 1) in _NOT_TO_MIND or {passage.norm(at) for at in after} & _NO_TROUBLE
            return bool(after) and not minded and not objects & set(after) and len(strange) < 2
    return False


def _is_listed(passage: Passage, first: int, headed: bool) -> bool:
    """`rules out wool and anything over 60`, `hide wool or beyond 9`: joined to what the sentence is rid of."""
    joint = passage.norm(first - 1)
    joined = joint in _COUPLED or (joint == "for" and passage.norm(first - 2) in _AND)
    joined = joined or (headed and (joint in _AND or joint == ","))
    if joint in ("can", "does", "do", "is") and passage.norm(first - 2) == "so":
        return True
    for at in range(first - 1, max(-1, first - _REACH), -1):
        word = passage.norm(at)
        if passage.tokens[at].sentence != passage.tokens[first - 1].sentence or word in _BREAKS:
            return False
        if is_asked_for(passage, at) or passage.tokens[at].shape == "number":
            return False
        near = first - at <= 3 or (first - at <= 7 and passage.same_clause(at, first))
        spared = word == "spare" and passage.norm(at + 1) in ("me", "us")
        if (spared or word in _SCORN) and (near or joined):
            return True
        if word in _OUT and (passage.norm(at + 1) == ":" or passage.norm(at - 1) in _OUT_VERBS):
            return near or joined or passage.norm(at + 1) == ":"
        if joined and (word in _NO_GOOD or (word in _OUT_VERBS and _is_parted(passage, at, first))):
            return (joint != "," and word not in ("dont", "doesnt")) or passage.norm(at + 1) in _SCORN
        if word in ("never", "not") and passage.norm(at + 1) in ("trust", "happy", "comfortable"):
            return near
    return False


def _is_parted(passage: Passage, verb: int, before: int) -> bool:
    return any(passage.norm(at) in _OUT for at in range(verb + 1, before))


def _is_sent_away(passage: Passage, end: int) -> bool:
    """`..., leave those out`, `spare me those`: what costs so is sent away right after."""
    for at in range(end, min(len(passage), end + _REACH)):
        token = passage.tokens[at]
        if token.shape == "number" or token.norm in _BREAKS - {"so"}:
            return False
        following = [passage.norm(place) for place in range(at + 1, at + 4)]
        if token.norm in _OUT_VERBS and following[0] in _THOSE and set(following[1:]) & _OUT:
            return True
        if token.norm in ("spare", "skip") and following[0] in _THOSE | {"me", "us"} and set(following) & _THOSE:
            return True
    return False


def _is_dreaded(passage: Passage, begin: int) -> bool:
    """`he'd turn in his grave if I went over 25`: what would come of it, told before the if."""
    places = range(max(0, begin - 5), begin)
    place = next((at for at in places if passage.norm(at) in _IFS and passage.same_clause(at, begin)), None)
    if place is None:
        return False
    said = {passage.norm(at) for at in range(max(0, place - 9), place) if passage.same_clause(at, place)}
    return bool(said & _WOULD) and not said & (_GOOD - {"do", "if", "what", "where", "want", "need"}) and len(said) > 2


def _rest(passage: Passage, end: int) -> list[int]:
    """The tokens behind the comparison up to the end of its clause or to an `and`."""
    rest: list[int] = []
    for at in range(end, min(len(passage), end + 2 * _REACH)):
        if (end and not passage.same_clause(at, end - 1)) or passage.norm(at) in _AND | _COUPLED - {"o"}:
            break
        rest.append(at)
    return rest
