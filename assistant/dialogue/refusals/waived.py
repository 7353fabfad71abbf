"""What a message names without asking for it: what need not be, what may be so, what it merely tells."""

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language.catalogue_words import Meaning
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.language.stories import is_told
from assistant.dialogue.language.things import is_background, is_past
from assistant.dialogue.refusals.negations import is_not_necessarily

_LOOKS_OF_ROOMS = frozenset({"color", "colour", "material", "pattern", "style"})


def is_history(passage: Passage, mention: Found[Meaning]) -> bool:
    """Whether a value tells of what was, or of what somebody has: `my old lamp was black`, `she wore grey`."""
    start, end = mention.start, mention.end
    look = any(meaning.field in _LOOKS_OF_ROOMS for meaning in mention.meanings)
    if is_past(passage, start) or (look and is_background(passage, start)):
        return True
    named = any(meaning.sort in ("kind", "category", "size") for meaning in mention.meanings)
    return not named and is_told(passage, start, end)


def is_doubted(passage: Passage, end: int) -> bool:
    """`orange isn't what I wear`: no wish, though nobody can tell what is refused."""
    denied = passage.norm(end) in ("isnt", "arent", "wasnt") or (
        passage.norm(end) in ("is", "are") and passage.norm(end + 1) == "not"
    )
    return denied and passage.same_clause(end - 1, end)


def is_waived(passage: Passage, cues: Cues, mention: Found[Meaning]) -> bool:
    """`waterproof not needed`, `colour white is optional`: named only to say that it need not be."""
    if all(meaning.sort in ("kind", "category") for meaning in mention.meanings):
        return False
    for begin, stop in cues.get("not", ()):
        near = stop <= mention.start <= stop + 2 and passage.same_clause(begin, mention.start)
        if near and is_not_necessarily(passage, mention.end):
            return True
    for begin, stop in cues.get("indifferent", ()):
        between = range(stop, mention.start)
        near = stop <= mention.start <= stop + 3 and passage.same_clause(begin, mention.start)
        if near and all(passage.norm(at) in STOP for at in between):
            return True
    if passage.norm(mention.start - 1) in ("gegen", "contre", "contra", "contro"):
        ahead = range(mention.end, min(mention.end + 4, len(passage)))
        if any(passage.norm(at) in ("nichts", "rien", "nada", "niente") for at in ahead):
            return True
    behind = (*cues.get("release_after", ()), *cues.get("need_not", ()))
    return any(
        start == mention.end
        and passage.same_clause(mention.end - 1, start)
        and (stop >= len(passage) or not passage.same_clause(start, stop) or passage.norm(stop) in STOP)
        for start, stop in behind
    )


def may_be(passage: Passage, cues: Cues, start: int) -> bool:
    """`it's fine if it is wool`: what may be so is neither asked for nor refused."""
    return any(
        end <= start <= end + 4
        and passage.same_clause(end - 1, start)
        and all(passage.norm(at) in STOP for at in range(end, start))
        for _, end in cues.get("fine_if", ())
    )
