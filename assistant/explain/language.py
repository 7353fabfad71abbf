"""A topic's frame, made into a language: a pattern that whole sentences match, and the grammar a model is held to."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import product

from assistant.explain.frame import Phrases
from assistant.explain.frames import FRAMES
from assistant.explain.points import Point

SLOT = re.compile(r"\{([a-z_]+)\}")
"""A slot as it stands in a sentence; group 1 is its name."""

_PREPOSITIONS = ("within", "inside", "under", "below", "well", "comfortably", "close", "near", "over")
"""Tails that begin so may follow without a comma."""
_TOKEN = re.compile(r"[(\[|)\]]|[^(\[|)\]]+")


@dataclass(frozen=True, slots=True)
class Language:
    """What may be written for a point.

    Attributes:
        whole: matches the sentences.
        grammars: for a model, one for each way to begin (`it costs`, `at {price}, it`, `you bought`), in llguidance's
            Lark dialect; a shelf that takes them in turn does not read alike. Empty where a template must do.
    """

    whole: re.Pattern[str]
    grammars: tuple[str, ...]


def language_of(point: Point) -> Language:
    """The language of `point`: its topic's frame, cut to the flags and slots the point has."""
    return language_for(point.topic, point.flags, frozenset(slot.name for slot in point.slots))


@cache
def language_for(topic: str, flags: frozenset[str], slots: frozenset[str]) -> Language:
    """The language of every point of that topic with those flags and slots."""
    frame = FRAMES[topic]

    def allowed(phrases: Phrases) -> tuple[str, ...]:
        return tuple(text for text in licensed(phrases, flags) if slots.issuperset(SLOT.findall(text)))

    leads, says, tails = allowed(frame.leads), allowed(frame.says), allowed(frame.tails)
    clauses, replies, statements = allowed(frame.clauses), allowed(frame.replies), allowed(frame.statements)
    naming = tuple(text for text in says if SLOT.search(text))  # joined statements must each add a fact
    with_comma = tuple(f", {tail}" for tail in tails)
    endings = ("", *with_comma, *(f" {tail}" for tail in tails if tail.startswith(_PREPOSITIONS)))
    told = [(clauses, (", and ",), ("this one",), (" ",), (*says, *replies)), (statements, endings)]
    ways: list[list[tuple[tuple[str, ...], ...]]] = [[*told]]
    for subject in ("this one",), ("it",), ("this",):
        plain = (subject, (" ",), says, endings)
        ways.append([plain, (subject, (" ",), naming, (" and ", ", and "), naming)])
        ways.append([(leads, (", ",), subject, (" ",), says, endings)])
    patterns = [[one for form in way for one in _alternatives(form, frame.first)] for way in ways]
    # The same sentences once more, but what may follow any beginning is written once: made in a third of the time.
    subjects = ("this one", "it", "this")
    begun = (*subjects, *(f"{lead}, {subject}" for lead, subject in product(leads, subjects)))
    shared = [*told, (begun, (" ",), says, endings), (subjects, (" ",), naming, (" and ", ", and "), naming)]
    every = [one for form in (*shared, (leads, with_comma)) for one in _alternatives(form, frame.first)]
    grammars = tuple(
        f"start: /({_lark('|'.join(way))})\\./" for way in patterns if way and frame.worded and frame.first
    )
    return Language(re.compile(f"(?:{'|'.join(every)})\\."), grammars)


@cache
def licensed(phrases: Phrases, flags: frozenset[str]) -> tuple[str, ...]:
    """Every plain string the phrases stand for, those of flags the point lacks left out."""
    texts: list[str] = []
    for phrase in phrases:
        flag, _, rest = phrase[1:].partition(" ") if phrase.startswith("@") else ("", "", phrase)
        if not flag or flag in flags:
            texts += [" ".join(text.split()).replace(" ,", ",") for text in expand(rest)]
    return tuple(dict.fromkeys(texts))


def expand(notation: str) -> tuple[str, ...]:
    """All strings that `(a|b)` and `[c]` in `notation` allow, in order.

    Raises:
        ValueError: brackets do not pair.
    """
    tokens = _TOKEN.findall(notation)
    texts, rest = _choices(tokens)
    if rest:
        raise ValueError(f"unpaired bracket in {notation!r}")
    return tuple(texts)


def _choices(tokens: list[str]) -> tuple[list[str], list[str]]:
    """The alternatives up to a closing bracket, and the tokens from that bracket on."""
    done: list[str] = []
    current = [""]
    while tokens and tokens[0] not in ")]":
        sign, tokens = tokens[0], tokens[1:]
        if sign == "|":
            done, current = done + current, [""]
        elif sign in "([":
            inner, tokens = _choices(tokens)
            if not tokens or tokens[0] != {"(": ")", "[": "]"}[sign]:
                raise ValueError("unpaired bracket")
            tokens = tokens[1:]
            inner = inner if sign == "(" else ["", *inner]
            current = [before + text for before in current for text in inner]
        else:
            current = [text + sign for text in current]
    return done + current, tokens


def _alternatives(form: tuple[tuple[str, ...], ...], first: str) -> list[str]:
    """The form as patterns in which no slot occurs twice and `first` does occur. Empty when a part has no phrases."""
    grouped: list[dict[frozenset[str], list[str]]] = []
    for i, part in enumerate(form):
        groups: dict[frozenset[str], list[str]] = {}
        for text in part:
            groups.setdefault(frozenset(SLOT.findall(text)), []).append(text[:1].upper() + text[1:] if i == 0 else text)
        grouped.append(groups)
    found: list[str] = []
    for choice in product(*grouped):
        used = [name for names in choice for name in names]
        if len(used) == len(set(used)) and (not first or first in used):
            found.append("".join(_either(groups[names]) for groups, names in zip(grouped, choice, strict=True)))
    return found


def _either(texts: list[str]) -> str:
    return f"(?:{'|'.join(re.escape(text) for text in sorted(texts, key=len, reverse=True))})"


def _lark(pattern: str) -> str:
    """A Python pattern as llguidance's Lark dialect writes it: no escaped spaces, slashes escaped."""
    return pattern.replace("\\ ", " ").replace("/", "\\/").replace("(?:", "(")
