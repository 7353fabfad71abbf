"""Finding known phrases in a message: one pass, longest phrase first, time linear in the message."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.dialogue.language.passage import Passage, norms_of

T = TypeVar("T")

_SOFT = frozenset("-&/.'\u2019\u2010\u2011\u2013+\u00ae\u2122\"*")
"""Signs that may stand inside a name, whether or not the shopper writes them."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A phrase at tokens [start, end) with everything it may mean."""

    start: int
    end: int
    meanings: tuple[T, ...]


class PhraseTable(Generic[T]):
    """Phrases (tuples of words) and what they mean; a phrase may mean several things."""

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], T]]) -> None:
        meanings: dict[tuple[str, ...], list[T]] = defaultdict(list)
        for phrase, meaning in entries:
            if phrase and meaning not in meanings[phrase]:
                meanings[phrase].append(meaning)
        self._meanings = {phrase: tuple(found) for phrase, found in meanings.items()}
        lengths: dict[str, set[int]] = defaultdict(set)
        for phrase in self._meanings:
            lengths[phrase[0]].add(len(phrase))
        self._lengths = {word: tuple(sorted(sizes, reverse=True)) for word, sizes in lengths.items()}

    def __contains__(self, phrase: tuple[str, ...]) -> bool:
        return phrase in self._meanings

    @property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """Every phrase there is."""
        return tuple(self._meanings)

    def get(self, phrase: tuple[str, ...]) -> tuple[T, ...]:
        return self._meanings.get(phrase, ())

    def longest(self, words: Sequence[str], at: int) -> tuple[int, tuple[T, ...]] | None:
        """The longest phrase that begins at `at`, as (number of words, meanings)."""
        for size in self._lengths.get(words[at], ()):
            meanings = self._meanings.get(tuple(words[at : at + size])) if at + size <= len(words) else None
            if meanings:
                return size, meanings
        return None

    def scan(self, passage: Passage) -> list[Found[T]]:
        """Every phrase in the unread words of the message, longest first, by stems; none overlap."""
        runs = _runs(passage)
        found: list[Found[T]] = []
        for run in runs:
            stems = [passage.tokens[at].stem for at in run]
            place = 0
            while place < len(run):
                hit = self.longest(stems, place) or self._joined(stems, place)
                if hit is None:
                    place += 1
                    continue
                size, meanings = hit
                found.append(Found(run[place], run[place + size - 1] + 1, meanings))
                place += size
        return found

    def _joined(self, stems: Sequence[str], place: int) -> tuple[int, tuple[T, ...]] | None:
        """`back pack` where the catalogue writes `backpack`."""
        if place + 1 < len(stems) and len(stems[place]) > 2:
            meanings = self._meanings.get((stems[place] + stems[place + 1],))
            if meanings:
                return 2, meanings
        return None


class CueTable:
    """Cue phrases by label; finds, at each place, the longest phrase of every label."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self._first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self.words: frozenset[str] = frozenset()
        for label, phrases in labels.items():
            for phrase in phrases:
                words = norms_of(phrase) or tuple(sign for sign in phrase if not sign.isspace())
                self._first[words[0]].append((words, label))
        self.words = frozenset(word for entries in self._first.values() for words, _ in entries for word in words)
        for entries in self._first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def scan(self, passage: Passage) -> dict[str, list[tuple[int, int]]]:
        """Label -> the token spans of its cues, in order; within a label none overlap."""
        norms = [token.norm for token in passage.tokens]
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for at, norm in enumerate(norms):
            seen: set[str] = set()
            for words, label in self._first.get(norm, ()):
                if label in seen or tuple(norms[at : at + len(words)]) != words:
                    continue
                seen.add(label)
                if not found[label] or found[label][-1][1] <= at:
                    found[label].append((at, at + len(words)))
        return found


def _runs(passage: Passage) -> list[list[int]]:
    """Unread words that may belong to one phrase: between them stand only signs that names have."""
    runs: list[list[int]] = []
    current: list[int] = []
    for at, token in enumerate(passage.tokens):
        soft = token.shape == "symbol" and token.raw in _SOFT and (token.glued or token.raw == "&")
        if soft and current and not passage.claims[at]:
            continue
        breaks = token.shape == "symbol" or bool(passage.claims[at])
        if breaks or (current and passage.tokens[current[-1]].clause != token.clause):
            if current:
                runs.append(current)
            current = []
        if not breaks:
            current.append(at)
    if current:
        runs.append(current)
    return runs
