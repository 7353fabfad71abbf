"""What a `preferably` or an `if possible` reaches: the scope of hedges in a message."""

from collections.abc import Sequence

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.refusals.preferences import preferred

_RATHER = frozenset("nicest nicer best better preferable preferred".split())


def _is_one_noun(passage: Passage, start: int, end: int) -> bool:
    return all(token.shape == "word" and token.norm not in STOP for token in passage.tokens[start:end])


def hedged(passage: Passage, cues: Cues, start: int, end: int, starts: Sequence[int]) -> bool:
    """Whether a hedge makes what stands at [start, end) a wish: one before it in its clause, or one right after.

    `starts` are where the message's other mentions begin: a hedge behind concerns the nearest before it.
    """
    not_spans = cues.get("not_phrase", ())
    for begin, stop in cues.get("hedge_before", ()):
        if stop > start or not passage.same_clause(stop - 1, start) or any(a <= begin < b for a, b in not_spans):
            continue
        if passage.norm(begin) in ("kind", "sort") and passage.norm(begin - 1) in (
            "what",
            "any",
            "some",
            "this",
            "that",
            "which",
            "a",
            "the",
        ):
            continue
        if passage.norm(begin) in ("i", "we") and passage.norm(begin - 1) in ("d", "would"):
            continue
        if any(a >= stop and b <= start for a, b in cues.get("not", ())):
            continue
        return True
    opening = {begin for begin, _ in cues.get("hedge_before", ())}
    for begin, stop in cues.get("hedge_after", ()):
        gap = begin - end
        if 1 <= gap <= 3 and passage.norm(stop - 1) in _RATHER and _is_one_noun(passage, end, begin):
            return True  # `steel pans would be nicest`
        if 0 <= gap <= 3 and not any(end <= other < begin for other in starts):
            leads = begin in opening and begin > end and stop < len(passage) and passage.tokens[stop].shape == "word"
            led = passage.norm(stop) not in STOP or stop + 1 in starts  # `blanc, de preference en lin`
            if leads and passage.norm(begin - 1) == "," and led:
                continue  # `must be iron, ideally brown`: said of what follows
            between = [passage.norm(at) for at in range(end, begin)]
            if all(
                word in (",", "(", "-", "color", "colour", "one", "ones", "it", "that", "this", "and", "is")
                or word in STOP
                for word in between
            ):
                return True
    return preferred(passage, start, end, starts)
