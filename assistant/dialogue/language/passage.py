"""A message cut into words that remember where they stood, so that every reading can quote the shopper exactly."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from index.language.words import normalise, stem

_LETTERS = r"(?:[^\W\d_][\u0300-\u036f]*)+"
"""Letters, their accents in one with them or behind them."""
_PIECE = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)"
    rf"|(?P<word>[wW]/(?:[oO]ut|[oO])?(?![^\W_])|{_LETTERS}(?:['\u2019\u02bc](?=[^\W\d_]){_LETTERS})*(?:\d\w{{0,20}})?)"
    r"|(?P<symbol>[^\w\s]|_)"
)
_ELIDED = re.compile(r"^([ldjnsmtc]|qu)['\u2019\u02bc](?=[aeiouh\u00e0-\u00fc])", re.IGNORECASE)
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_MISTYPED = {
    "nto": "not", "nt": "not", "dnt": "dont", "donot": "dont", "dosnt": "doesnt", "dosent": "doesnt", "cnat": "cant",
    "wihtout": "without", "wthout": "without", "witout": "without", "withot": "without", "withuot": "without",
    "whitout": "without", "withou": "without", "exept": "except", "excpet": "except", "ecxept": "except",
    "excep": "except", "aviod": "avoid", "avoide": "avoid", "exlude": "exclude", "exlcude": "exclude",
    "nohting": "nothing", "nothign": "nothing", "neihter": "neither", "niether": "neither",
    "w/o": "without", "w/out": "without", "w/": "with", "uner": "under", "uder": "under", "undr": "under",
    "udner": "under", "belwo": "below", "bleow": "below", "beloww": "below", "ovre": "over",
    "blk": "black", "blak": "black", "balck": "black", "grenn": "green",
    "wht": "white", "gry": "gray", "brn": "brown",
    "wd": "would", "wld": "would", "wud": "would", "cud": "could", "shud": "should", "mayb": "maybe", "maby": "maybe",
    "mabye": "maybe", "poss": "possible", "prob": "probably", "probs": "probably", "gr8": "great", "bttr": "better",
    "enuf": "enough", "b4": "before", "aint": "isnt", "nothin": "nothing", "anythin": "anything", "def": "definitely",
    "defo": "definitely", "deffo": "definitely", "luv": "love", "btwn": "between", "arnd": "around", "u": "you",
    "cannae": "cannot", "dinnae": "dont",
}  # fmt: skip
"""Short words as fingers slip on them: a refusal or a limit read as a wish is the worst of misreadings."""
_ENDS_SENTENCE = frozenset(".!?\n")
_ABBREVIATED = frozenset({"dr", "st", "mr", "mrs", "no", "nr", "ca", "max", "min", "approx", "excl", "incl"})
_ENDS_CLAUSE = frozenset(",;:.!?()[]\n\u2014\u2026")
_TURNS = frozenset({"but", "however", "although", "though", "aber", "sondern", "mais", "pero", "sino"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign. `glued`: nothing stands between it and the token before."""

    raw: str
    norm: str
    stem: str
    start: int
    end: int
    shape: Literal["word", "number", "symbol"]
    glued: bool
    clause: int
    sentence: int

    @property
    def is_capitalised(self) -> bool:
        return self.raw[0].isupper()


@dataclass(slots=True)
class Passage:
    """A message as tokens, with what each has been read as so far: `claims[i]` is "" while token i is unread."""

    message: str
    tokens: tuple[Token, ...]
    claims: list[str] = field(default_factory=list[str])

    @classmethod
    def of(cls, message: str) -> "Passage":
        tokens = tuple(_cut(message))
        return cls(message, tokens, [""] * len(tokens))

    def __len__(self) -> int:
        return len(self.tokens)

    def quote(self, start: int, end: int) -> str:
        """The shopper's own words from token `start` up to, not including, token `end`."""
        return self.message[self.tokens[start].start : self.tokens[end - 1].end]

    def place(self, quote: str) -> tuple[int, int] | None:
        """The tokens [start, end) that begin within the quote where it first stands; None where none do."""
        begin = self.message.find(quote)
        inside = [at for at, token in enumerate(self.tokens) if begin <= token.start < begin + len(quote)]
        return (inside[0], inside[-1] + 1) if begin >= 0 and inside else None

    def norm(self, at: int) -> str:
        """The normalised word at a position; "" outside the message."""
        return self.tokens[at].norm if 0 <= at < len(self.tokens) else ""

    def same_clause(self, one: int, other: int) -> bool:
        return self.tokens[one].clause == self.tokens[other].clause

    def is_free(self, start: int, end: int) -> bool:
        return not any(self.claims[start:end])

    def claim(self, start: int, end: int, reading: str) -> None:
        for at in range(start, end):
            self.claims[at] = reading

    def claim_all(self, positions: Iterable[int], reading: str) -> None:
        for at in positions:
            self.claims[at] = reading

    def claimed(self, reading: str) -> tuple[str, ...]:
        """The parts that were read as this, each as long as it goes, in the shopper's words."""
        runs: list[list[int]] = []
        for at in (at for at, claim in enumerate(self.claims) if claim == reading):
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        return tuple(self.quote(run[0], run[-1] + 1) for run in runs)

    def starts_sentence(self, at: int) -> bool:
        """Whether no word of the sentence stands before this token."""
        before = at - 1
        while before >= 0 and self.tokens[before].shape == "symbol":
            before -= 1
        return before < 0 or self.tokens[before].sentence != self.tokens[at].sentence

    def is_shouted(self) -> bool:
        """Whether capitals mean nothing here: the message is in capitals, or every word begins with one."""
        words = [token for token in self.tokens if token.shape == "word" and len(token.raw) > 1]
        return len(words) > 2 and all(token.is_capitalised for token in words)


def words_of(text: str) -> tuple[str, ...]:
    """The stems of a phrase, cut as messages are; signs are left out."""
    return tuple(token.stem for token in _cut(text) if token.shape != "symbol")


def norms_of(text: str) -> tuple[str, ...]:
    """The normalised words of a phrase, cut as messages are; signs are left out."""
    return tuple(token.norm for token in _cut(text) if token.shape != "symbol")


_NO_SIGNS = frozenset("\U0001f6ab \u274c \u26d4 \U0001f645".split())
"""Pictures that people put for a no."""


def _cut(message: str) -> Iterator[Token]:
    clause = sentence = 0
    last_end = -1
    # Markup carries no wish, and its signs would be read as comparators; the places of all else stay the same.
    message = _MARKUP.sub(lambda tag: " " * len(tag.group()), message)
    for piece in _PIECE.finditer(message):
        gap = message[last_end : piece.start()] if last_end >= 0 else ""
        if "\n" in gap:
            clause, sentence = clause + 1, sentence + 1
        shape = piece.lastgroup
        raw, start = piece.group(), piece.start()
        if shape == "word":
            elided = _ELIDED.match(raw)
            parts = (
                [(raw[: elided.end()], start), (raw[elided.end() :], start + elided.end())]
                if elided
                else [(raw, start)]
            )
            for part, begin in parts:
                norm = _normal(part)
                if norm in _TURNS:
                    clause += 1
                yield Token(
                    part, norm, stem(norm), begin, begin + len(part), "word", begin == last_end, clause, sentence
                )
                last_end = begin + len(part)
            continue
        norm = normalise(raw) or raw
        if raw in _NO_SIGNS:
            yield Token(raw, "no", "no", start, piece.end(), "word", start == last_end, clause, sentence)
            last_end = piece.end()
            continue
        if shape == "symbol" and raw in _ENDS_CLAUSE and not _is_inside(message, start, raw):
            clause += 1
            sentence += raw in _ENDS_SENTENCE
        kind: Literal["number", "symbol"] = "number" if shape == "number" else "symbol"
        yield Token(raw, norm, norm, start, piece.end(), kind, start == last_end, clause, sentence)
        last_end = piece.end()


def _is_inside(message: str, at: int, sign: str) -> bool:
    """Whether a stop ends nothing because it stands within a name: `Dr. Martens`, `St.John`, `no. 2`."""
    if sign != ".":
        return False
    before = re.search(r"[^\W\d_]{1,6}$", message[max(0, at - 7) : at])
    after = message[at + 1 : at + 3]
    if after[:1].isalnum():
        return True
    return bool(before) and before.group().casefold() in _ABBREVIATED


def _normal(raw: str) -> str:
    low = normalise(raw)
    if raw == "n":
        return "and"  # as phones write it; `n'` is French
    if low == "fur" and raw.casefold() != low:
        return "fuer"  # the German preposition, which without its accent would be a pelt
    for ending in ("'s", "\u2019s", "\u02bcs"):
        if low.endswith(ending):
            low = low[: -len(ending)]
    plain = low.translate(_APOSTROPHES) or low
    return _MISTYPED.get(plain, plain)
