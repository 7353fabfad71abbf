"""Sizes as one catalogue writes them: `140 x 200`, `W32 L34`, `queen`, `A5`, each found however it is typed."""

import re
from collections.abc import Sequence

from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.lexicon import ENDS_SCOPE, VAGUE
from assistant.dialogue.language.palette import COLOURS, LETTER_SIZES, SIZE_CUES, WORD_SIZES
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP

Span = tuple[int, int, str]
"""Tokens [start, end) and the size as the catalogue writes it."""

_FILL = frozenset({"is", ":", "=", "of", "a", "an", "in", "the", "-", "only"})
_NUMBERED = re.compile(r"[xwl]?(\d+(?:[.,]\d+)?)")
_BETWEEN = frozenset({"x", "\u00d7", "*", "/", "by", "w", "l", "cm", "mm", "in", "inch", '"'})
_UNITS = frozenset({"cm", "mm", "in", "inch", "inches", '"'})
_LEADS = frozenset("in a an need take takes wear wears try im am get it want into be or and".split())
_FIRMLY = frozenset("precisely strictly definitely only exactly preferably compulsorily must has".split())
_MOST_TOKENS = 14
_MOST_WORDS = 3


def written_size(passage: Passage, words: CatalogueWords, at: int) -> Span | None:
    """The size of this catalogue that begins here, with the cue before it: several numbers, or a word of its own."""
    start = at
    while passage.norm(at) in SIZE_CUES or (at > start and passage.norm(at) in _FILL):
        at += 1
    cued = at > start
    if at >= len(passage) or passage.claims[at]:
        return None
    if cued and passage.tokens[at].sentence != passage.tokens[start].sentence:
        return None
    return _of_numbers(passage, words, start, at) or _of_words(passage, words, start, at, cued=cued)


def _of_numbers(passage: Passage, words: CatalogueWords, start: int, at: int) -> Span | None:
    said: list[str] = []
    best: Span | None = None
    for place in range(at, min(len(passage), at + _MOST_TOKENS)):
        token = passage.tokens[place]
        number = _NUMBERED.fullmatch(token.norm)
        if passage.claims[place] or not (number or (said and token.norm in _BETWEEN)):
            break
        if number:
            said.append(number[1].replace(",", "."))
            value = words.numbered_sizes.get(tuple(said))
            best = (start, place + 1, value) if value is not None else None
    if best is not None and passage.norm(best[1]) in _UNITS:
        return best[0], best[1] + 1, best[2]
    return best


def _of_words(passage: Passage, words: CatalogueWords, start: int, at: int, *, cued: bool) -> Span | None:
    said: list[str] = []
    best: Span | None = None
    for place in range(at, min(len(passage), at + _MOST_WORDS)):
        token = passage.tokens[place]
        if token.shape == "symbol" or passage.claims[place]:
            break
        said.append(token.stem)
        value = words.sizes.get(tuple(said))
        if value is not None and any(letter.isalpha() for letter in value):
            best = (start, place + 1, value)
    if best is None or cued:
        return best
    _, end, _ = best
    if passage.norm(end) in SIZE_CUES:
        return at, end + 1, best[2]
    return best if _stands_alone(passage, words, at, end) else None


def _stands_alone(passage: Passage, words: CatalogueWords, at: int, end: int) -> bool:
    """Whether a size without `size` beside it is one: a word that means nothing else, where a size can stand."""
    stems = tuple(token.stem for token in passage.tokens[at:end])
    norms = tuple(token.norm for token in passage.tokens[at:end])
    if (
        norms in WORD_SIZES
        or set(norms) & LETTER_SIZES
        or any(meaning.sort != "size" for meaning in words.table.get(stems))
    ):
        return False
    if len(norms) == 1 and (norms[0] in VAGUE | STOP | ENDS_SCOPE or stems[0] in COLOURS or len(norms[0]) < 2):
        return False
    if _kind_follows(passage, words, end) or _is_all(passage, at, end):
        return True
    closes = end >= len(passage) or passage.tokens[end].shape == "symbol" or passage.norm(end) in STOP
    parted = end >= len(passage) or passage.tokens[end].shape == "symbol"
    opens = at == 0 or passage.tokens[at - 1].shape == "symbol" or passage.norm(at - 1) in _FIRMLY
    glued = at > 0 and passage.tokens[at].glued and passage.norm(at - 1) in ("'", "-", "&", "\u2019")
    return (passage.norm(at - 1) in _LEADS and closes) or (opens and parted and not glued)


def _kind_follows(passage: Passage, words: CatalogueWords, at: int) -> bool:
    return at < len(passage) and any(
        meaning.sort == "kind"
        for size in (2, 1)
        for meaning in words.table.get(tuple(token.stem for token in passage.tokens[at : at + size]))
    )


def _is_all(passage: Passage, at: int, end: int) -> bool:
    """Whether the message is this size and small words."""
    others: Sequence[int] = [*range(at), *range(end, len(passage))]
    return all(passage.tokens[place].shape == "symbol" or passage.norm(place) in STOP for place in others)
