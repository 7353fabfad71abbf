"""What an `if` or an `unless` makes of the value in it: `if it's wool I'm out`, `any pan unless it's black`."""

from collections.abc import Sequence

from assistant.dialogue.language import lexicon
from assistant.dialogue.language.passage import Passage

IFS = frozenset("if unless wenn falls si se".split())
_UNLESS = frozenset({"unless"})
_FILL = frozenset(
    """
    it its is are was were be says say said reads theres there they theyre he she the a an any label comes come came in
    from by made of has have had contains contain with anything something some to turns out happens thats that this
    """.split()
)
_VERDICTS = tuple(
    tuple(line.split())
    for line in """
    useless|pointless|worthless|no use|no good|not interested|no deal|forget it|i pass|ill pass|dont bother|dont show
    skip it|leave it|im out|i am out|wont buy|wont take|dont want|of no|nutzlos|sinnlos|inutile|inutil|no thanks
    not worth|no point|out of|i walk|ill walk|walk away|im walking
    sending it back|send it back|goes back|going back
    count me out|no sale|not for me|im off|im gone|wont look|wont touch|wont have|wont pay|wont click|dont click
    dont wake|not buying
    im not buying|im leaving|i leave|ill leave|bin it|in the bin|deal breaker|dealbreaker|not having it
    no go|im not having|i cant|ill scream|ill cry|ill return|will be returned|hard pass|keep it|no chance|not touching
    never mind|thats a no|its a no|wont do|i wont|doesnt count|bin ich raus|dann nicht|alors non|entonces no|allora no
    """.replace("\n", "|").split("|")
    if line.strip()
)
_BY_FIRST = {verdict[0]: [one for one in _VERDICTS if one[0] == verdict[0]] for verdict in _VERDICTS}
_AHEAD = tuple(
    tuple(line.split())
    for line in (
        "dealbreaker|deal breaker|no deal|im out|no use|no good|pointless|useless|no point|not interested|dont want it|"
        "count me out|no thanks|forget it|skip it|dont bother|dont show me|i walk|ill walk|a no|a no go|upset|wont do|"
        "wont buy it|wont take it|wont have it|dont want it"
    ).split("|")
)
_REACH = 14
_BACK = 8


def condemned_after(passage: Passage, start: int) -> int | None:
    """Where a verdict begins that says no to what the sentence tells before: `... I'm out`; None where none does."""
    sentence = passage.tokens[start].sentence
    for at in range(start + 1, min(len(passage), start + _REACH)):
        if passage.tokens[at].sentence != sentence:
            return None
        for verdict in _BY_FIRST.get(passage.norm(at), ()):
            if tuple(passage.norm(place) for place in range(at, at + len(verdict))) != verdict:
                continue
            if verdict != ("of", "no") or passage.norm(at + 2) in ("use", "interest", "value"):
                return at
    return None


def condemned_before(passage: Passage, at: int) -> bool:
    """Whether the word right before an `if` closes a verdict: `it's a dealbreaker if`, `no deal unless`."""
    begin = max(0, at - _BACK)
    said = [passage.norm(place) for place in range(begin, at)]
    while said and said[-1] in (",", "for", "me", "to", "us", "-"):
        said.pop()
    return any(tuple(said[-len(one) :]) == one for one in _AHEAD)


def provisos(passage: Passage, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of `if it's` and `unless it's` that refuse what follows them, given the message's other refusals."""
    found: list[tuple[int, int]] = []
    for at, token in enumerate(passage.tokens):
        if token.norm not in IFS or passage.claims[at]:
            continue
        end = at + 1
        while end < len(passage) and passage.norm(end) in _FILL and not passage.claims[end]:
            end += 1
        sentence = [place for place in range(len(passage)) if passage.tokens[place].sentence == token.sentence]
        if token.norm in _UNLESS:
            others = [place for place in sentence if not at <= place < end]
            denied = any(passage.norm(place) in lexicon.NOT | {"wont", "dont"} for place in others)
            if not denied and not condemned_before(passage, at) and condemned_after(passage, at) is None:
                found.append((at, end))
            continue
        verdict = condemned_after(passage, end - 1)
        until = sentence[-1] + 1 if verdict is None else verdict
        inside = any(at < start < until for start, _ in spans)
        if not inside and end > at + 1 and (verdict is not None or condemned_before(passage, at)):
            found.append((at, end))
    return found
