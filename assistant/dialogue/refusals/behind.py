"""Refusals that stand behind what they refuse: `black is out`, `wool gives me a rash`, `a nut allergy`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language.catalogue_words import Meaning
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.refusals.allergies import RELIEF, is_allergic
from assistant.dialogue.refusals.dislikes import condemned
from assistant.dialogue.refusals.doubts import against
from index.language.families import family_of

_SAID_OF = frozenset("tm color colour brand one ones stuff things items products".split())
_BARE_REFUSALS = frozenset("isnt arent not nicht ok okay".split())
_NO_ALLERGEN = frozenset(
    "food skin anti severe bad strong many several dust some slight serious "
    "bin ist sind soy estoy es suis est sono sehr muy tres molto".split()
)
_JOINTS = frozenset("and or & und oder et ou y o e".split())
_LACKING = frozenset("without isnt arent lacking sans ohne".split())


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing refused at tokens [start, end), with the cue that refuses it beginning at `cue`.

    `mention` None: words the catalogue does not know. `is_head`: the kind of the refused thing (`no red jackets`),
    which is not refused itself. `as_feature`: what shall not be on it (`without straps`).
    """

    cue: int
    start: int
    end: int
    mention: int | None
    is_head: bool = False
    as_feature: bool = False
    allergy: bool = False


def behind(
    passage: Passage,
    cues: Cues,
    mentions: Sequence[Found[Meaning]],
    known: Collection[int],
    verdicts: Sequence[tuple[int, int]],
) -> list[Refused]:
    """What is refused by words behind it, but for the mentions `known` to be refused already.

    Args:
        verdicts: the spans that `condemning` finds.
    """
    refused: list[Refused] = []
    for start, end in (*cues.get("refused_after", ()), *against(passage), *verdicts):
        allergy = is_allergic(passage.norm(end - 1))
        if _is_bare(passage, start, end):
            continue
        if allergy and not _is_said_of_somebody(passage, end):
            continue
        found = [one for one in _refused_behind(passage, mentions, start, end) if one.mention not in known]
        if allergy:
            found = [replace(one, allergy=True, is_head=False) for one in found]
        if allergy or family_of((passage.tokens[start - 1].stem,)) is not None:
            found = found or _unknown_behind(passage, start)
        refused += found
    return refused


def condemning(passage: Passage, mentions: Sequence[Found[Meaning]]) -> list[tuple[int, int]]:
    """The verdicts right behind a value, `gives me a rash`; not `without wool it's a no`, which demands it."""
    found: list[tuple[int, int]] = []
    for start, end in condemned(passage):
        near = [passage.norm(at) for at in range(max(0, start - 6), start) if passage.same_clause(at, start)]
        demanded = bool(set(near) & _LACKING) or ("not" in near and "having" in near)
        if not demanded and _refused_behind(passage, mentions, start, end):
            found.append((start, end))
    return found


def _is_said_of_somebody(passage: Passage, end: int) -> bool:
    """`a nut allergy`, `gluten intolerant, so ...`, as against `allergy relief` and `allergy-friendly`."""
    if end >= len(passage):
        return True
    following = passage.tokens[end]
    what = passage.tokens[end - 2 - (passage.norm(end - 2) == "-")].stem if end > 2 else passage.tokens[0].stem
    if family_of((what,)) is not None and following.norm not in RELIEF:
        return True  # `egg allergy pasta`
    return (following.shape == "symbol" and not following.glued) or following.norm in ",.;!?" or following.norm in STOP


def _unknown_behind(passage: Passage, start: int) -> list[Refused]:
    """The words nobody here knows right before an allergy, `lactose and shellfish intolerant`, of lists all of them."""
    words: list[int] = []
    at = start - 1
    while at >= 0 and passage.same_clause(at, start - 1) and not passage.claims[at]:
        token = passage.tokens[at]
        if token.shape == "word" and token.norm not in STOP | _NO_ALLERGEN:
            words.insert(0, at)
            at -= 1
            if passage.norm(at) in ("and", "or", "&"):
                at -= 1
                continue
        break
    return [Refused(words[0], at, at + 1, None, allergy=True) for at in words]


def _refused_behind(passage: Passage, mentions: Sequence[Found[Meaning]], start: int, end: int) -> list[Refused]:
    """`black is out`, `leather boots are not for me`, `wool isn't`: what stands right before its refusal."""
    if passage.norm(start - 1) in _SAID_OF:
        start -= 1
    run: list[int] = []
    at = start
    for number in range(len(mentions) - 1, -1, -1):
        mention = mentions[number]
        joined = bool(run) and _is_listed_before(passage, mentions[run[0]], mention)
        if (mention.end != at and not joined) or any(passage.claims[mention.start : mention.end]):
            if mention.start < at:
                break
            continue
        run.insert(0, number)
        at = mention.start
    found: list[Refused] = []
    for number in run:
        head = number == run[-1] and len(run) > 1 and any(m.sort == "kind" for m in mentions[number].meanings)
        found.append(Refused(at, mentions[number].start, end, number, is_head=head))
    return found


def _is_bare(passage: Passage, start: int, end: int) -> bool:
    """`wood not plastic`: a no that goes on to what follows it."""
    return passage.norm(end - 1) in _BARE_REFUSALS and end < len(passage) and passage.same_clause(start, end)


def _is_listed_before(passage: Passage, first: Found[Meaning], mention: Found[Meaning]) -> bool:
    """Whether a list goes on before what is refused: `Luma, Alba and Volta are out`; `red, black is out` is none."""
    between = [passage.norm(at) for at in range(mention.end, first.start)]
    if between[-1:] and between[-1] in _JOINTS and between[:-1] in ([], [","]):
        return True
    ends_on = passage.norm(first.end) in (*_JOINTS, ",")
    begins = passage.starts_sentence(mention.start) or passage.norm(mention.start - 1) == ","
    fields = {(m.sort, m.field) for m in first.meanings} & {(m.sort, m.field) for m in mention.meanings}
    return between == [","] and ends_on and begins and bool(fields)
