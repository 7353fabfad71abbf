"""What is said of a value without asking for it: `boots, leather? no thanks`, `Luma jackets are ugly`, `not only red`.

The last guard before a value becomes a condition. Where a no stands beside it that nobody could place, it is none: the
value is left out and said to be not understood, rather than asked for by somebody who refused it.
"""

from collections.abc import Collection, Mapping, Sequence

from assistant.dialogue.language import lexicon
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.refusals.allergies import TO, is_allergic

_NO_ANSWERS = frozenset("no nope nein non never hardly nah ugh yuck pass".split())
_BEFORE_NO = frozenset("thanks thank you but well hmm oh i id d would say rather ehm uh".split())
_POLITE = frozenset("thanks thank you way please merci danke gracias grazie not for me sir".split())
_LOOKS = frozenset(
    """
    is are was were look looks seem seems feel feels sound sounds smell smells ist sind est sont es son e sono sieht
    sehen makes make
    """.split()
)
_DEGREES = frozenset(
    """
    so too very really just simply quite rather pretty way far always all also still totally absolutely utterly
    completely a bit kind of sort aus zu sehr echt trop tres muy demasiado troppo molto
    """.split()
)
_BAD = frozenset(
    """
    ugly awful terrible horrible hideous disgusting boring bad nasty gross tacky itchy scratchy uncomfortable
    unbearable dreadful horrid revolting unpleasant lousy crap crappy rubbish trash garbage tasteless repulsive evil
    unethical cruel overrated overpriced depressing dull hasslich furchtbar schrecklich scheusslich langweilig eklig
    moche moches laid laide affreux horribles feo fea feos feas horrible aburrido brutto brutta brutti brutte orribile
    orribili terribile poison poisonous deadly dangerous unsafe itch
    """.split()
)
_GOOD = frozenset(
    """
    must required requirement needed necessary important essential key crucial mandatory vital good great nice fine ok
    okay best better perfect ideal preferred preferable favorite favourite what wanted lovely cool enough desired
    welcome plus bonus beautiful pretty gorgeous amazing awesome super top acceptable allowed possible alright right
    material fabric key word one only non compulsory obligatory imperative indispensable everything negotiable given law
    first
    color colour style taste choice wichtig pflicht gut schon toll bien bon bonne bueno buena bello bella meglio mejor
    """.split()
)
_MAKES = frozenset("make makes give gives gave made makes".split())
_FAILS = frozenset(
    "disappointed disappoints annoys bores disgusts irritates failed fails upsets repels bothers kill kills "
    "irritate annoy bother depress depresses".split()
)
_MODALS = frozenset("could would can will may might has have had always really just totally".split())
_WHOM = frozenset("me him her us them my his our".split())
_ILL = frozenset(
    "sweat sweaty ache aches hurt hurts sore stink smell fat pale bulky sallow sick ill sneeze itch itchy cough puke "
    "vomit nauseous nausea hives rash rashes headache headaches migraine swell "
    "jittery nervous shaky queasy bloated asthma wheeze reaction eczema stomachache".split()
)
_FINDS = frozenset("find finds found finde findet trouve consider encuentro trovo".split())
_POINTING = frozenset("the this that these those it they a an my first second third one ones der die das le la".split())
_SIZED = frozenset("small big large tight loose long short wide narrow expensive dear pricey steep".split())
_ADVERSE = frozenset(
    "dies dying kill kills killed deadly lethal fatal epipen anaphylaxis anaphylactic hospital sweat stinks stink "
    "stank reek reeks regret regrets regretted scam fraud cheated balk puke".split()
)
_TO_DIE = frozenset("to i id ill we you could would will might may can people nearly almost literally".split())
_ONLY = frozenset("only just necessarily merely nur seulement solo solamente soltanto unbedingt exclusively".split())
_ALSO = frozenset("also sondern auch aussi tambien anche sino".split())
_NAMED = (("name", "is"), ("called",), ("name", "s"), ("heisse",), ("appelle",), ("llamo",), ("chiamo",))
_NAMES = frozenset({"i am", "im", "this is", "ich bin", "je suis", "soy", "sono"})
_SWAPS = frozenset("swap trade switch exchange replace".split())
_REACH, _FILLING = 6, 3
_ADVERSE_REACH = 8


def against(passage: Passage) -> list[tuple[int, int]]:
    """The spans that refuse what stands right before them: `? no thanks`, `are ugly`, `looks so boring`."""
    found: list[tuple[int, int]] = []
    for at, token in enumerate(passage.tokens):
        answer = _past(passage, at + 1, _BEFORE_NO) if token.norm in ("?", "\uff1f", ":", "=") else at
        if answer > at and passage.norm(answer) in _NO_ANSWERS | {"not"}:
            end = answer + 1
            while passage.norm(end) in _POLITE or passage.norm(end) in _NO_ANSWERS:
                end += 1
            if end >= len(passage) or passage.tokens[end].shape == "symbol" or passage.norm(end) in STOP:
                found.append((at, end))
        elif is_allergic(token.norm) and passage.norm(at + 1) not in TO:
            found.append((at - (passage.norm(at - 1) == "-"), at + 1))
        elif token.norm in _FAILS and passage.norm(at + 1) in _WHOM:
            begin = at
            while passage.norm(begin - 1) in _MODALS:
                begin -= 1
            found.append((begin, at + 2))
        elif token.norm in ("no", "nope", "nein", "non") and _closes_clause(passage, _past(passage, at + 1, _POLITE)):
            begin = at - (passage.norm(at - 1) in ("pero", "aber", "however", "mais", "invece", "though"))
            found.append((begin, _past(passage, at + 1, _POLITE)))
        elif token.norm in _MAKES and passage.norm(at + 1) in _WHOM:
            ill = next((place for place in range(at + 2, at + 5) if passage.norm(place) in _ILL), None)
            if ill is not None and passage.same_clause(at, ill):
                found.append((at, ill + 1))
        elif token.norm in _BAD and any(passage.norm(near) in _FINDS for near in range(at - 5, at)):
            found.append((at, at + 1))  # `I find olive depressing`
        elif token.norm in _LOOKS and passage.norm(at + 1) == "too" and _is_too(passage, at):
            found.append((at, at + 3))
        elif token.norm in _LOOKS:
            end = _past_degrees(passage, at + 1)
            if passage.norm(end) not in _BAD and passage.norm(end + 1) in ("and", ",", "und", "et", "y", "e"):
                end = _past_degrees(passage, end + 2)  # `looks cheap and ugly`
            if passage.norm(end) in _BAD and passage.same_clause(at, end):
                found.append((at, end + 1))
    return found


def _is_too(passage: Passage, at: int) -> bool:
    """`oak is too heavy`, as against `it is too` and `size 40 is too small`, which is told to say which fits."""
    said = passage.tokens[at + 2] if at + 2 < len(passage) else None
    pointed = any(passage.norm(near) in _POINTING for near in range(at - 4, at) if near >= 0)
    if pointed or passage.norm(at) not in ("is", "ist", "est", "es", "looks", "feels"):
        return False  # `the boots are too heavy` is said of one thing, and of no sort of things
    counted = at == 0 or any(sign.isdigit() for sign in passage.norm(at - 1))
    return said is not None and said.shape == "word" and said.norm not in STOP | _SIZED and not counted


def _closes_clause(passage: Passage, at: int) -> bool:
    return at >= len(passage) or passage.norm(at) in (",", ".", ";", "!", ")")


def _past_degrees(passage: Passage, at: int) -> int:
    return _past(passage, at, _DEGREES)


def _past(passage: Passage, at: int, words: frozenset[str]) -> int:
    while passage.norm(at) in words:
        at += 1
    return at


def remark(passage: Passage, end: int, things: Mapping[int, int]) -> tuple[int, int] | None:
    """What is told of the value that ends at `end` and says neither yes nor no: `Luma jackets are on my mind`.

    `things`: where the mention of a thing begins -> where it ends.
    """
    at = things.get(end, end)
    if passage.norm(at) not in ("is", "are", "was", "were", "looks", "look") or not _follows(passage, end, at):
        return None
    if passage.norm(at - 1) in ("what", "which", "that", "it") or passage.norm(at + 1) in ("not", "in", "for", "it"):
        return None
    predicate = _past_degrees(passage, at + 1)
    lacking = any(passage.norm(near) in ("without", "no") for near in range(end - 4, end))
    if lacking and passage.norm(predicate) in ("pointless", "useless", "worthless", "no"):
        return None  # `boots without laces are useless`
    if predicate >= len(passage) or passage.tokens[predicate].shape != "word" or passage.claims[predicate]:
        return None
    said = {passage.norm(place) for place in range(at + 1, min(predicate + 4, len(passage)))}
    return None if said & _GOOD else (at, predicate + 1)


def ill_spoken(passage: Passage, start: int, end: int) -> tuple[int, int] | None:
    """A word of harm in the clause of a value, `because of nuts we carry an epipen`: whatever it says, not `please`."""
    for at in range(max(0, start - _ADVERSE_REACH), min(len(passage), end + _ADVERSE_REACH)):
        dying = passage.norm(at) == "die" and passage.norm(at - 1) in _TO_DIE  # else it is a German article
        if start <= at < end or not (dying or passage.norm(at) in _ADVERSE) or passage.norm(at + 1) == "for":
            continue
        if passage.same_clause(at, start) and not passage.claims[at]:
            return min(at, start), max(at + 1, end)
    return None


def _follows(passage: Passage, one: int, other: int) -> bool:
    return 0 < one <= other < len(passage) and passage.same_clause(one - 1, other)


def unplaced_no(
    passage: Passage, spans: Sequence[tuple[int, int]], placed: Collection[int], start: int
) -> tuple[int, int] | None:
    """The no in the clause before a value that found nothing it could refuse: `not some shiny leather`.

    Args:
        spans: the message's words of refusal; `placed`: where those begin of which is known what they refuse.
    """
    for begin, end in reversed(spans):
        if end > start or begin in placed or start - end > _REACH or not passage.same_clause(end - 1, start):
            continue
        between = range(end, start)
        if passage.norm(begin) in _SWAPS or passage.norm(end) in ("point", "use", "sense", "deal"):
            continue  # `swap it for wool`
        if any(passage.claims[at] for at in (*range(begin, end), *between)):
            return None
        words = [passage.norm(at) for at in between]
        if set(words) & (lexicon.ENDS_SCOPE - {"want", "need", "looking", "please"}) or "only" in words:
            return None
        filling = [word for word in words if word not in STOP and word not in lexicon.NOT_FILL]
        return (begin, start) if len(filling) <= _FILLING else None
    return None


def not_only(passage: Passage, start: int) -> bool:
    """`not only white`: white will do, and so will others; `not only white but also red` asks for either."""
    at = start - 1
    while at >= 0 and start - at <= 3 and passage.norm(at) in ("in", "the", "a", "from", "by", "of", "en", "aus", "di"):
        at -= 1
    if passage.norm(at) not in _ONLY or passage.norm(at - 1) not in lexicon.NOT:
        return False
    clause = passage.tokens[start].clause
    return not any(token.norm in _ALSO for token in passage.tokens if clause <= token.clause <= clause + 1)


def introduces(passage: Passage, start: int) -> bool:
    """`my name is Luma`, `I am Luma`: who speaks, not who makes it."""
    before = tuple(passage.norm(at) for at in range(max(0, start - 2), start))
    return any(before[-len(lead) :] == lead for lead in _NAMED) or " ".join(before) in _NAMES or before[-1:] == ("im",)
