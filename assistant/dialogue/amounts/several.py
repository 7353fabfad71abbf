"""Amounts for more than one thing, and one said anew: `3 for 150 in total`, `a tent under 300 and a bag under 100`."""

from collections.abc import Sequence
from itertools import pairwise

from assistant.dialogue.language.passage import Passage

_TOTALS = (
    ("in", "total"), ("altogether",), ("all", "together"), ("together",), ("combined",), ("for", "both"), ("in", "all"),
    ("for", "all"), ("zusammen",), ("insgesamt",), ("au", "total"), ("en", "tout"), ("en", "total"), ("in", "totale"),
    ("in", "tutto"), ("total",), ("for", "the", "lot"), ("for", "the", "pair"), ("fur", "beide"), ("fuer", "beide"),
)  # fmt: skip
_COUNTS = frozenset(
    "two three four five six seven eight nine ten both couple several pair zwei drei vier funf sechs deux trois quatre "
    "cinq dos tres cuatro cinco due tre quattro cinque".split()
)
_ANEW = frozenset(
    "actually wait rather sorry no mean hmm correction instead make nein doch eigentlich moment non plutot pardon "
    "mejor perdon anzi scusa".split()
)
_CORRECTED = frozenset("actually wait sorry correction eigentlich doch anzi scusa perdon pardon".split())
_BESIDE = frozenset("or and not nor oder und ou et y o e plus also".split())
_AND = frozenset("and plus und et y e also & auch aussi".split())
_MOST_OF_ONE = 12


def of_all_together(passage: Passage, start: int, end: int) -> tuple[int, int] | None:
    """The tokens of an amount that several things shall cost together; no limit on one of them says that."""
    for skip in range(2):
        at = end + skip
        for words in _TOTALS:
            if tuple(passage.norm(place) for place in range(at, at + len(words))) == words and _counts(passage, start):
                return start, at + len(words)
    return None


def _counts(passage: Passage, start: int) -> bool:
    """Whether a number of things stands somewhere before: `two lamps`, `3 backpacks for`."""
    for at in range(start):
        token = passage.tokens[at]
        several = token.norm in _COUNTS or (token.norm.isdigit() and 2 <= int(token.norm) <= _MOST_OF_ONE)
        if several and at + 1 < start and passage.tokens[at + 1].shape == "word":
            return True
    return False


def is_said_anew(passage: Passage, earlier: tuple[int, int], later: tuple[int, int]) -> bool:
    """`under 80. No wait, under 60`: whether the later of two limits takes the place of the earlier."""
    between = {passage.norm(at) for at in range(earlier[1], later[0])}
    return bool(between & _ANEW) and not between & {"not", "nor"}


def are_apart(passage: Passage, earlier: tuple[int, int], later: tuple[int, int], things: Sequence[int]) -> bool:
    """`a tent under 300 and a bag under 100`: whether another thing stands before the later of two limits."""
    between = range(earlier[1], later[0])
    joined = any(passage.norm(at) in _AND or passage.norm(at) == "," for at in between)
    named = any(at in things for at in between)
    article = any(passage.norm(at) in ("a", "an", "the", "ein", "eine", "einen", "un", "une", "una") for at in between)
    return joined and (named or article)


def is_corrected(passage: Passage, earlier_end: int, later_start: int) -> bool:
    """`red shoes. Actually make it blue`: whether a value takes the place of one said before it in the message."""
    between = [passage.norm(at) for at in range(earlier_end, later_start)]
    if set(between) & _BESIDE:
        return False
    return bool(set(between) & _CORRECTED) or ("make", "it") in pairwise(between)
