"""Which way a limit points where its sentence says no to it: `I refuse to pay more than 60`, `above 60 is too much`.

A limit read the wrong way round hides everything the shopper can buy. Where a sentence holds a no beside a number and
its direction cannot be told, the number is no condition, and the caller says that it was not understood.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.language import lexicon
from assistant.dialogue.language.passage import Passage, norms_of
from assistant.dialogue.language.smalltalk import STOP

Direction = Literal["turned", "unclear"]

_REFUSE = """
    refuse refuses refusing refused decline declines declining reject rejects unwilling unable reluctant loath averse
    mad insane crazy stupid foolish silly hesitate hesitant avoid avoiding hate impossible ridiculous against
    veto ignore exclude hide filter unmoglich balk balks baulk wary distrust mistrust shudder cringe wince
    weigere weigern refuser refusons impossibile imposible rifiuto rifiutiamo niego rechazo rehuso
"""
_NO = (lexicon.NOT | frozenset(_REFUSE.split()) | frozenset("nobody noone niemand personne nadie nessuno".split())) - {
    "besides",
    "hides",
}
_REFUSED_VERBS = frozenset("weigere weigern refuse refuses refusing unmoglich impossible imposible impossibile".split())
_OF_NOUNS = frozenset(
    "no without kein keine keinen sans sin senza aucun aucune nessun nessuna except ohne nichts".split()
)
"""What refuses the noun behind it, `no frills over 60`, and a verb only where one stands there."""
_NO_OF_VERBS = frozenset({"no", "non"})
_DREADED = frozenset(
    "kill kills murder murders divorce strangle angry mad furious trouble bankrupt broke out pass leave forget skip "
    "scream faint cry shoot upset annoyed worried tot umbringen bose tue mata uccide".split()
)
_ROMANCE_MORE = frozenset("mas piu por superior superiore oltre sopra menos meno".split())
"""Spanish and Italian deny the verb with the same word that refuses a noun: `que no ...en mas de 60`."""
_TWICE = frozenset(_REFUSE.split()) | {"no", "nicht"}
_VERBS = frozenset(
    """
    sein spend spending spent pay paying pays go going afford exceed exceeding cost costs costing invest shell fork lay
    weigh weighs weighing measure measures
    splash stretch part drop dropping throw blow have has got budget be move shoot break
    ausgeben auszugeben zahlen zu bezahlen kosten gehen hinblattern blechen investieren leisten haben habe ausgebe
    depenser payer mettre debourser depasser couter coute coutent coutant aller investir depense permettre
    gastar pagar invertir costar cueste cuesten cuesta cuestan valga valgan permitir permitirme gastarme pasar pase
    superar supere
    spendere pagare costare costi costino costa costano permettere permettermi sborsare superare superi andare spenderei
    """.split()
)
_WANTS = frozenset(
    """
    want like need buy see show consider accept take looking wants buying showing find wish mochte will kaufen veux
    voudrais quiero voglio vorrei deseo zeig zeige
    """.split()
)
_ALLOWED = frozenset(
    "mind minded care matter matters problem issue worry object objection afraid opposed averse".split()
)
"""`I don't mind paying over 60` sets no limit either way."""
_FILL = frozenset(
    """
    mich uns a an penny cent dollar euro euros pound pounds me je ich wir nous io yo mehr ne n d id ill im wanna
    even ever un circumstances circumstance account means concepto
    fall cas caso question keinesfalls ni que qui che di de a for willing ready prepared keen happy comfortable
    able to any get getting really
    """.split()
)
_FILLED = STOP | lexicon.NOT_FILL | _FILL
OPENERS = frozenset("why how warum pourquoi".split())
_COPULAS = frozenset(
    """
    is are be was would seems sounds feels looks is ist sind ware waren c est serait es son seria sarebbe gets isnt
    arent wouldnt cest
    """.split()
) | {"e"}
_DEGREES = frozenset(
    """
    mir dir uns per just simply really way far definitely a an bit little tad rather quite totally completely
    absolutely honestly
    already also still the to for me us simplement vraiment einfach echt ganz leider sorry frankly all of it so
    """.split()
)
_VERDICTS = """
    too much|too expensive|too dear|too pricey|too costly|too high|too steep|too rich|too cheap|too low|too little
    much|steep|excessive|overkill|crazy|insane|ridiculous|absurd|robbery|madness|silly|painful|outrageous|nonsense
    out of the question|out of question|out of reach|out of my league|out of my reach|out of budget|out of my budget
    out of range|out|a no|no|a no go|no go|a nogo|nogo|off limits|off the table|a dealbreaker|a deal breaker
    unacceptable
    impossible|inacceptable|beyond me|beyond my means|beyond my budget|forbidden|junk|rubbish|trash|unaffordable
    unrealistic|excluded|ruled out|a stretch too far|over the top|over my budget|over budget|my pain threshold
    loses me|kills it|hurts|zu viel|zu teuer|zu hoch|zu billig|zu wenig|zuviel|ausgeschlossen|unmoglich|nicht drin
    geht nicht|geht gar nicht|kommt nicht in frage|nein|kommt nicht infrage|trop|trop cher|trop chere|exclu
    hors de question|hors budget|non|demasiado|demasiado caro|mucho|imposible|excesivo|troppo|troppo caro|impossibile
    eccessivo|fuori discussione|fuori budget|fuera de mi presupuesto|ni hablar|im out|i am out|count me out|forget it
    makes no sense|no sense|a lot|puts me off|put me off|turns me off|scares me|scare me|kills me|not happening
    absolutely not|certainly not|definitely not|of course not|no chance|not a chance|hell no|thanks but no
    no deal|i pass|ill pass|i will pass|no thanks|no thank you|no way|not interested|im not interested|skip it|leave it
    drop it|i walk|i walk away|i leave|im gone|nope|never|dont show me|do not show me|dont bother|dont show it|lass es
    vergiss es|oublie|olvidalo|lascia perdere
"""
_VERDICT_TABLE: dict[str, list[tuple[str, ...]]] = {}
for _line in _VERDICTS.splitlines():
    for _part in _line.split("|"):
        if _said := norms_of(_part):
            _VERDICT_TABLE.setdefault(_said[0], []).append(_said)
for _found in _VERDICT_TABLE.values():
    _found.sort(key=len, reverse=True)
_DEAR = frozenset(
    "much expensive dear pricey costly high steep rich viel teuer hoch trop caro troppo demasiado".split()
)
_LOW = frozenset("cheap low little billig wenig junk rubbish trash".split())
_FLOORS = frozenset("what required needed necessary must preferred better best ideal where pflicht muss".split())
_SUBJECTS = frozenset(
    """
    i we he she they ich wir je nous on yo io kann will konnen mochte gebe geben zahle zahlen gehe geht gehen kaufe
    nehme darf puedo quiero posso voglio it that ce
    """.split()
)
_BARE = frozenset("no non nein much out never steep".split())
_DEGREE_WORDS = frozenset({"too", "zu"})
_JOINTS = frozenset("with and or but without plus mit und avec et con y e".split())
_REASONS = frozenset("so because since as for which weil denn car porque perche because".split())
_IFS = frozenset("if unless wenn falls si se when once".split())
_MORE = frozenset("more mehr plus mas piu di higher over beyond above".split())
_LESS = frozenset("less weniger moins menos meno lower under below cheaper".split())
_LEADS = frozenset("ne je n peux peut veux puis ich kann will mich auf en in che que".split())
_TAILS = frozenset("zu zahlen bezahlen ausgeben auszugeben kosten gehen spendere gastar depenser".split())
_CUT = frozenset({".", "!", "\n", ";"})
_BACK, _AHEAD = 12, 8


@dataclass(frozen=True, slots=True)
class Turn:
    """What a no does to a comparison; `start` and `end` are the tokens of no, comparison and verdict together."""

    direction: Direction
    start: int
    end: int


def turn(
    passage: Passage,
    cues: dict[str, list[tuple[int, int]]],
    span: tuple[int, int],
    *,
    upward: bool,
    plain: bool = False,
    is_denied: bool = False,
) -> Turn | None:
    """What a no in the sentence does to the comparison at `span`, number included; None where nothing denies it.

    Args:
        upward: the comparison asks for more than its number.
        plain: the number stands without a word that compares it, `I can't afford 60`.
        is_denied: the comparison begins with a no already, so that one before it only says so again.
    """
    refused = None if is_denied else _refused(passage, cues, span, upward=upward, plain=plain)
    if refused is not None:
        refused = _whole(passage, refused)
    judged = _judged(passage, cues, span, upward=upward)
    if refused is not None and judged is not None:
        return Turn("unclear", refused.start, judged.end)
    return refused or judged


def _refused(
    passage: Passage, cues: dict[str, list[tuple[int, int]]], span: tuple[int, int], *, upward: bool, plain: bool
) -> Turn | None:
    """The no before the comparison: `not willing to spend over 60`, `unable to go beyond 60`."""
    begin, end = span
    things, named = _places(cues.get("thing", ())), _places(cues.get("named", ()))
    between: list[str] = []
    at = begin - 1
    while at >= max(0, begin - _BACK) and passage.claims[at] in ("", "release"):
        if not passage.same_clause(at, begin) and not _is_governing(passage, at):
            return None
        word = passage.norm(at)
        if at in named and word not in _NO:
            return None  # `not black over 60`: something else is refused
        if word == "once" and passage.norm(at - 1) in ("for", "at"):
            return None
        if word in _IFS and upward and not plain and _is_dreaded(passage, at):
            return Turn("turned", at, end)
        if word in _IFS and upward and not plain:
            judged = _judged(passage, cues, span, upward=upward)
            return None if judged is not None else Turn("unclear", at, end)
        if word in _NO or (word in ("away", "clear") and passage.norm(at + 1) in ("from", "of")):
            break
        if at not in things and word != ",":
            between.append(word)
        at -= 1
    else:
        return None
    return _of_no(passage, cues, at, (begin, end), between, upward=upward, plain=plain)


def _is_dreaded(passage: Passage, at: int) -> bool:
    """`my husband will kill me if it is more than 60`: what the condition would lead to is nothing anybody wants."""
    return any(passage.norm(near) in _DREADED and passage.same_clause(near, at) for near in range(max(0, at - 7), at))


def _is_governing(passage: Passage, at: int) -> bool:
    """`ich weigere mich, mehr als 60 zu zahlen`: a verb of refusal right before the comma of its object."""
    near = range(max(0, at - 2), at + 1)
    parted = passage.norm(at + 1) == "," or any(passage.norm(place) in _REFUSED_VERBS for place in range(at, at + 3))
    return parted and any(passage.norm(place) in _REFUSED_VERBS and passage.same_clause(place, at) for place in near)


def _whole(passage: Passage, turned: Turn) -> Turn:
    """With the small words of its verb on either side: `je ne peux pas ...`, `... zu zahlen`."""
    start, end = turned.start, turned.end
    while start and passage.norm(start - 1) in _LEADS and passage.same_clause(start - 1, start):
        start -= 1
    while end < len(passage) and passage.norm(end) in _TAILS and passage.same_clause(end, turned.end - 1):
        end += 1
    return Turn(turned.direction, start, end)


def _of_no(
    passage: Passage,
    cues: dict[str, list[tuple[int, int]]],
    at: int,
    span: tuple[int, int],
    between: Sequence[str],
    *,
    upward: bool,
    plain: bool,
) -> Turn | None:
    begin, end = span
    word, start = passage.norm(at), at
    spends = bool(set(between) & _VERBS) or passage.norm(begin) in _VERBS
    asks = passage.norm(at - 1) in OPENERS or passage.norm(at + 1) == "you" or passage.norm(at - 1) == "you"
    if asks or {"find", "found"} & set(between) or (not between and at == begin - 1 and not plain and not spends):
        return None  # `no more than` is read where it is compared; `why not over 60?` asks
    doubled = doubled_from(passage, at)
    if set(between) & _ALLOWED or passage.norm(at) in _ALLOWED - {"averse"} or doubled:
        return Turn("unclear", min(start, at if doubled is None else doubled), end)
    if spends:
        return Turn("turned", start, end)
    known = all(each in _FILLED or each in _WANTS for each in between)
    harmless = any(begin_ <= at < stop for begin_, stop in (*cues.get("harmless", ()), *cues.get("need_not", ())))
    if harmless and word != "nothing":
        return Turn("unclear", start, end)
    if known and not plain:
        if upward or set(between) & _WANTS:
            return Turn("turned", start, end)
        return None
    romance = word in _NO_OF_VERBS and passage.norm(begin) in _ROMANCE_MORE
    if word in _OF_NOUNS and not known and not romance:
        return None
    return Turn("unclear", start, end)


def doubled_from(passage: Passage, at: int) -> int | None:
    """Where a no stands before a word of refusal: `not unwilling to`, `I won't refuse to`."""
    if passage.norm(at) not in _TWICE:
        return None
    for before in range(at - 1, max(-1, at - 5), -1):
        if not passage.same_clause(before, at):
            return None
        if passage.norm(before) in _NO and passage.norm(before) not in ("no", "nein"):
            return before
    return None


def _judged(
    passage: Passage, cues: dict[str, list[tuple[int, int]]], span: tuple[int, int], *, upward: bool
) -> Turn | None:
    """The verdict behind the comparison: `above 60 is too much`, `if it costs more than 60 I'm out`."""
    begin, end = span
    things = _places(cues.get("thing", ()))
    said_of_price = _places((*cues.get("too_dear", ()), *cues.get("too_cheap", ())))
    at, copula = end, False
    while at < len(passage) and at - end <= _AHEAD:
        word = passage.norm(at)
        if (
            (passage.claims[at] and at not in said_of_price)
            or word in _CUT
            or passage.norm(at) in ("but", "aber", "mais", "pero", "ma")
        ):
            return None
        if word in _REASONS - {"for", "as"} and not copula and at == end:
            return None  # `more than 15 so it doesn't look mean`
        if word in (_LESS if upward else _MORE) and not copula:
            return None  # `20 at most, more is out` says the same twice
        verdict = _verdict_at(passage, at)
        if at > end and passage.norm(at - 1) == "?" and verdict is None:
            return None
        if verdict is not None and (
            _closes(passage, verdict) or (copula and word not in _BARE) or word in _DEGREE_WORDS
        ):
            said = {passage.norm(place) for place in range(at, verdict)}
            crossed = bool(said & (_LOW if upward else _DEAR))
            return Turn("unclear" if crossed else "turned", begin, verdict)
        if word in _COPULAS or (word == "will" and passage.norm(at + 1) in lexicon.NOT):
            copula = True
            if word.endswith("nt"):
                return _denied(passage, cues, begin, at, at + 1)
            at += 1
            continue
        if copula and word in lexicon.NOT:
            return _denied(passage, cues, begin, at, at + 1)
        if word in ("doesnt", "dont", "wont") and not copula and at == end:
            return _denied(passage, cues, begin, at, at + 1)
        if word in _SUBJECTS or (word in ("no", "non") and passage.norm(at + 1) in _VERBS | _SUBJECTS):
            return _unwanted(passage, cues, begin, at, upward=upward)
        skipped = word in _DEGREES or word in (",", "?", "-", "\u2013", ":") or at in things or word in _FILL
        if not skipped:
            unsaid = copula and word not in _FLOORS
            doubtful = passage.same_clause(end - 1, at) and _is_doubtful(passage, cues, end, at)
            return Turn("unclear", begin, at) if upward and (unsaid or doubtful) else None
        at += 1
    return None


def _is_doubtful(passage: Passage, cues: dict[str, list[tuple[int, int]]], end: int, at: int) -> bool:
    """`prices over 60 do me no good`: a no behind the number in its clause that is said of nothing else there."""
    objects = _places((*cues.get("named", ()), *cues.get("thing", ())))
    place = at + 1
    while place < len(passage) and place - end <= _AHEAD and passage.same_clause(at, place):
        word = passage.norm(place)
        if (
            place in objects
            or passage.claims[place]
            or word in _REASONS
            or word in _JOINTS
            or passage.norm(place - 1) in _JOINTS
        ):
            return False
        if word in lexicon.NOT:
            return not any(near in objects for near in range(place, place + 4))
        place += 1
    return False


def _denied(passage: Passage, cues: dict[str, list[tuple[int, int]]], begin: int, at: int, after: int) -> Turn:
    """`above 60 is not ok`, `over 60 won't do`; unclear where it only is no problem."""
    harmless = any(start <= at < stop for start, stop in (*cues.get("harmless", ()), *cues.get("need_not", ())))
    released = any(at - 2 <= start <= at for start, _ in cues.get("release_after", ()))
    end = after
    while end < len(passage) and end - after < 4 and passage.same_clause(at, end) and not passage.claims[end]:
        end += 1
    said = {passage.norm(place) for place in range(after, end)}
    open_ = harmless or released or bool(said & (_ALLOWED | {"important", "required", "needed", "necessary", "bad"}))
    return Turn("unclear" if open_ or "too" in said else "turned", begin, end)


def _unwanted(
    passage: Passage, cues: dict[str, list[tuple[int, int]]], begin: int, at: int, *, upward: bool
) -> Turn | None:
    """`more than 60 I won't pay`, `mehr als 60 kann ich nicht ausgeben`: a denied verb that has no other object.

    `60 at most, I can't pay more` says the same twice.
    """
    objects = _places((*cues.get("named", ()), *cues.get("thing", ())))
    denied, verbs, end, others = False, False, at, 0
    while end < len(passage) and passage.same_clause(at, end) and not passage.claims[end]:
        word = passage.norm(end)
        again = word in (_LESS if upward else _MORE)
        if end in objects or passage.tokens[end].shape == "number" or again:
            return None
        denied = denied or word in lexicon.NOT
        verbs = verbs or word in _VERBS | _WANTS
        others += word not in _VERBS | _WANTS | _FILLED | lexicon.NOT | _SUBJECTS | {"aus", "per", "item"}
        end += 1
    if not denied or others > 1:
        return None
    return Turn("turned" if verbs and not others else "unclear", begin, end)


def _verdict_at(passage: Passage, at: int) -> int | None:
    for words in _VERDICT_TABLE.get(passage.norm(at), ()):
        if tuple(passage.norm(place) for place in range(at, at + len(words))) == words:
            return at + len(words)
    return None


def _closes(passage: Passage, at: int) -> bool:
    """Whether nothing of weight follows: `over 60 no`, as against `over 60 no leather`."""
    return at >= len(passage) or passage.tokens[at].shape == "symbol" or passage.norm(at) in _DEGREES


def _places(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}
