"""The words of a message that refuse something: `no`, `leave ... out`, `menos`; not `no problem`, `not without`."""

from collections.abc import Iterator, Sequence

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.refusals.allergies import allergy_spans
from assistant.dialogue.refusals.demands import refused_lists, undemanding
from assistant.dialogue.refusals.dislikes import disliked
from assistant.dialogue.refusals.preferences import litotes
from assistant.dialogue.refusals.provisos import provisos

_TALK_AFTER_NO = frozenset(
    """
    i we show it that thats the make give please thanks actually just you lets this these they those dont do not but
    with from
    """.split()
)
_NECESSARILY = frozenset("necessarily unbedingt zwingend necesariamente necessariamente forcement".split())
_GOES_ON = frozenset(
    "keep stay still stick please only make it the i we under below up over max not no with in within at leave that's "
    "should must show let price budget size".split()
)
"""What follows a `but` that goes on talking: `any colour, but keep the price`."""
_BUTS = frozenset({"but", "bar", "barring", "save"})
_OTHERS = frozenset("other else others otra otro otras otros andere anderen anderes autre autres altra altro".split())
"""`Luma and no other maker` asks for Luma."""
_ACCEPTING = frozenset("accept take consider wear buy use settle do touch eat show look own drink for at".split())
_PARTED_REACH = 5


def negations(passage: Passage, cues: Cues) -> list[tuple[int, int]]:
    """The spans of words that refuse what follows them; harmless ones (`no problem`) and doubled ones are left out."""
    harmless = [*cues.get("harmless", ()), *cues.get("need_not", ()), *cues.get("indifferent", ())]
    harmless += litotes(passage)
    spans = sorted({*cues.get("not", ()), *cues.get("not_phrase", ())}, key=lambda span: (span[0], -span[1]))
    buts = [
        (at, at + 1)
        for at, token in enumerate(passage.tokens)
        if token.norm in _BUTS
        and ("release" in passage.claims[max(0, at - 3) : at] or (token.norm == "bar" and _is_any(passage, at)))
        and passage.norm(at + 1) not in _GOES_ON
    ]
    neither = [(at, at + 1) for at, token in enumerate(passage.tokens) if token.raw.lower() == "n\u00e9"]
    spans = sorted(
        {*spans, *buts, *neither, *_parted(passage), *allergy_spans(passage), *disliked(passage)},
        key=lambda span: (span[0], -span[1]),
    )
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if kept and start < kept[-1][1]:
            continue
        if any(begin < end and start < stop for begin, stop in harmless) or any(passage.claims[start:end]):
            continue
        if is_not_necessarily(passage, end) or passage.norm(end) in _OTHERS:
            continue
        if passage.norm(start - 1) == "to" and passage.norm(start - 2) == "used":
            continue  # `I used to hate red`
        if passage.norm(start) == "recommend" and passage.norm(start - 1) == "you":
            continue  # `what would you recommend against wrinkles`
        if passage.norm(start) == "menos" and not _is_except(passage, start):
            continue
        if passage.norm(start) in ("no", "nope", "nein", "non") and end == start + 1 and _is_answer(passage, start):
            continue
        kept.append((start, end))
    kept = sorted({*kept, *provisos(passage, kept)})
    return refused_lists(passage, list(_single(passage, undemanding(passage, kept, cues.get("thing", ())))))


def _is_any(passage: Passage, at: int) -> bool:
    """`any maker bar Luma`, `whatever brand bar`: all but what follows."""
    return any(passage.norm(near) in ("any", "every", "whatever", "whichever") for near in range(max(0, at - 2), at))


def is_not_necessarily(passage: Passage, end: int) -> bool:
    """`not vegan necessarily`: need not be, rather than must not."""
    reach = range(end, min(end + _PARTED_REACH, len(passage)))
    return any(passage.norm(at) in _NECESSARILY and passage.same_clause(end - 1, at) for at in reach)


def _is_except(passage: Passage, at: int) -> bool:
    """Spanish `menos azul`, all but blue, as against `menos de 50` and `mas o menos`."""
    following = passage.tokens[at + 1] if at + 1 < len(passage) else None
    counted = following is None or following.shape != "word" or following.norm in ("de", "que", "caro", "cara")
    return not counted and passage.norm(at - 1) not in ("o", "al", "por", "lo")


def _parted(passage: Passage) -> list[tuple[int, int]]:
    """The verbs of `leave Luma out`, `keep wool away`: what they refuse stands between them and their second half."""
    return [
        (at, at + 1)
        for at, token in enumerate(passage.tokens)
        if token.norm in lexicon.PARTED
        and any(
            passage.norm(end) in lexicon.PARTED[token.norm] and passage.same_clause(at, end)
            for end in range(at + 2, min(at + 2 + _PARTED_REACH, len(passage)))
        )
    ]


def _is_answer(passage: Passage, at: int) -> bool:
    """Whether `no` says no to what was said before: `no, in blue`, `no I want boots`."""
    if at + 1 >= len(passage):
        return True
    following = passage.tokens[at + 1]
    parted = (
        following.shape == "symbol" and following.norm not in "\"'" and not (following.norm == "-" and following.glued)
    )
    return parted or following.norm in _TALK_AFTER_NO


def _single(passage: Passage, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Negations that are not taken back by another one: `not without a hood` asks for a hood."""
    place = 0
    while place < len(spans):
        start, end = spans[place]
        if place + 1 < len(spans):
            following = spans[place + 1]
            between = range(end, following[0])
            doubled = following[0] - end <= 4 and passage.same_clause(start, following[0])
            if (
                doubled
                and all(passage.norm(at) in lexicon.NOT_FILL | _ACCEPTING for at in between)
                and passage.norm(start) not in ("nor", "neither")
            ):
                place += 2 if passage.norm(following[0]) not in ("nor", "neither", "no", "any") else 1
                continue
        yield start, end
        place += 1
