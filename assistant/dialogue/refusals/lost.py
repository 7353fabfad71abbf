"""What a message refuses or plays down without the reader being able to act on it: never lost without a word."""

from collections.abc import Sequence

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.refusals.behind import Refused
from assistant.dialogue.refusals.objects import NO_OBJECTS

_TELLING_CUES = frozenset("without avoid avoiding no except excluding exclude ohne sans sin kein keine keinen".split())
_DEGREES = frozenset("too overly very so super particularly zu trop demasiado".split())
_MOST_WORDS = 4


def lost_refusals(
    passage: Passage, cues: Cues, spans: Sequence[tuple[int, int]], refused: Sequence[Refused]
) -> list[tuple[int, int]]:
    """The tokens of every plain `no X`, `without X` and `not too X` that was understood by nobody; claims them."""
    placed = {one.cue for one in refused}
    lost: list[tuple[int, int]] = []
    for start, end in spans:
        if start not in placed and passage.norm(end - 1) in _TELLING_CUES and not any(passage.claims[start:end]):
            lost += _object(passage, start, end, NO_OBJECTS - lexicon.VAGUE)
    for start, end in cues.get("harmless", ()):
        if passage.norm(end - 1) in _DEGREES and passage.norm(end) in lexicon.VAGUE:
            lost += _object(passage, start, end, frozenset())
    for start, stop in lost:
        passage.claim(start, stop, "unread")
    return lost


def _object(passage: Passage, start: int, end: int, nothing: frozenset[str]) -> list[tuple[int, int]]:
    stop = end
    while (
        stop < len(passage)
        and stop - end < _MOST_WORDS
        and passage.same_clause(stop, max(start, end - 1))
        and passage.tokens[stop].shape == "word"
        and not passage.claims[stop]
        and passage.norm(stop) not in lexicon.ENDS_SCOPE
    ):
        stop += 1
    said = [passage.norm(at) for at in range(end, stop) if passage.norm(at) not in STOP]
    return [(start, stop)] if said and not said[0].endswith("ing") and not set(said) & nothing else []
