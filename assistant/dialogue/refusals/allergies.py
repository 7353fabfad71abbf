"""`Ich bin gegen Nüsse allergisch`, `alergia a las nueces`: what somebody cannot stand, in the words around it."""

from collections.abc import Sequence

from assistant.dialogue.language.passage import Passage

ROOTS = ("allerg", "alerg", "intoleran", "intolleran", "unvertrag", "coeliac", "celiac", "zoliak", "anaphyla")
_LEADS = frozenset(
    "to a au aux alle ai al agli alla allo del della delle dei gegen auf of against contre con los las le la les il i "
    "gli an die den das der all any every kind kinds sort sorts severe bad".split()
)
_REACH = 8
TO = frozenset("to a au aux gegen alla alle ai al agli all allo de of auf".split())
RELIEF = frozenset(
    "relief friendly tested free safe medicine medication tablets tablet pills spray drops symptoms season "
    "test testing treatment nasal eye care defense proof control bedding pillow pillows cover covers "
    "protection filter".split()
)
"""What is made for the allergic: `allergy relief`, `allergy pillow`."""


def is_allergic(word: str) -> bool:
    """Whether a normalised word speaks of an allergy or an intolerance."""
    return word.startswith(ROOTS)


def allergy_spans(passage: Passage) -> list[tuple[int, int]]:
    """The words that refuse what follows for somebody's health: `allergy to`, `gegen` before `allergisch`."""
    found: list[tuple[int, int]] = []
    for at, token in enumerate(passage.tokens):
        if token.norm == "gegen" and _ahead(passage, at):
            found.append((at, at + 1))
        elif is_allergic(token.norm) and passage.norm(at + 1) in TO:
            end = at + 2
            while passage.norm(end) in _LEADS and end - at < 5:
                end += 1
            found.append((at, end))
    return found


def _ahead(passage: Passage, at: int) -> bool:
    return any(
        is_allergic(passage.norm(place)) and passage.same_clause(at, place)
        for place in range(at + 1, min(at + _REACH, len(passage)))
    )


def stands_near(passage: Passage, start: int, end: int, placed: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The word of an allergy in the sentence of a value, where nobody could tell to what: `nuts, I'm allergic`.

    `allergy relief` and `anti-allergy` are no such words.
    """
    sentence = passage.tokens[start].sentence
    for at, token in enumerate(passage.tokens):
        near = token.sentence == sentence and not start <= at < end and is_allergic(token.norm)
        if not near or any(begin <= at < stop for begin, stop in placed) or passage.norm(at - 2) == "anti":
            continue
        following = passage.tokens[at + 1] if at + 1 < len(passage) else None
        if following is None or following.norm not in RELIEF:
            return (min(start, at), max(end, at + 1))
    return None
