"""What a `no`, a `not` or a `preferably` reaches: the scope of refusals and hedges in a message."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.dialogue import lexicon
from assistant.dialogue.catalogue_words import Meaning
from assistant.dialogue.comparators import Cues
from assistant.dialogue.passage import Passage
from assistant.dialogue.phrases import Found
from assistant.dialogue.smalltalk import STOP

_VERBAL = frozenset(
    """
    dont doesnt cant cannot wont shouldnt wouldnt didnt isnt arent wasnt never nunca jamais niemals nie do does can will
    should would is are
    """.split()
)
_TALK_AFTER_NO = frozenset(
    """
    i we show it that thats the make give please thanks actually just you lets this these they those dont do not but
    with from
    """.split()
)
NO_OBJECTS = frozenset(
    """
    spend pay run work working exceed afford decide know help understand believe care mind matter expect interested
    happy
    satisfied convinced enough expensive pricey cheap costly longer later today yet often necessarily exactly quite
    worry stand
    more less over under hurry problem issue concern important need only just sure bad much many big deal limit
    preference
    budget maximum minimum idea rush difference particular specific prefer going find buy start begin stop fit fits
    fond keen impressed thrilled design designs style styles looks shape quality price prices size sizes feel picture
    image artstyle model models way condition review reviews
    available stock working required needed fussy picky ship deliver look know think want care matter happen remember
    """.split()
)
_SAID_BY = frozenset("from by of in with made von aus mit in de par con en".split())
_EVERYTHING = frozenset("anything everything something stuff things products items all alles tout todo".split())
_BARE_REFUSALS = frozenset("isnt arent not nicht ok okay".split())
_NOUNS_IN_ING = frozenset(
    "lining ring string stitching piping padding coating earring filling icing topping seasoning clothing".split()
)
_FEATURE_CUES = frozenset("without ohne sans sin minus".split())
_FILL_REACH = 9
_PARTED_REACH = 5


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


def negations(passage: Passage, cues: Cues) -> list[tuple[int, int]]:
    """The spans of words that refuse what follows them; harmless ones (`no problem`) and doubled ones are left out."""
    harmless = [*cues.get("harmless", ()), *cues.get("need_not", ())]
    spans = sorted({*cues.get("not", ()), *cues.get("not_phrase", ())}, key=lambda span: (span[0], -span[1]))
    buts = [
        (at, at + 1)
        for at, token in enumerate(passage.tokens)
        if token.norm == "but" and "release" in passage.claims[max(0, at - 3) : at]
    ]
    spans = sorted({*spans, *buts, *_parted(passage)}, key=lambda span: (span[0], -span[1]))
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if kept and start < kept[-1][1]:
            continue
        if any(begin < end and start < stop for begin, stop in harmless) or any(passage.claims[start:end]):
            continue
        if passage.norm(start) in ("no", "nope", "nein", "non") and end == start + 1 and _is_answer(passage, start):
            continue
        kept.append((start, end))
    return list(_single(passage, kept))


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
    return (following.shape == "symbol" and following.norm not in "\"'") or following.norm in _TALK_AFTER_NO


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
                and all(passage.norm(at) in lexicon.NOT_FILL for at in between)
                and passage.norm(start) not in ("nor", "neither")
            ):
                place += 2 if passage.norm(following[0]) not in ("nor", "neither", "no", "any") else 1
                continue
        yield start, end
        place += 1


def refusals(
    passage: Passage, cues: Cues, mentions: Sequence[Found[Meaning]], spans: Sequence[tuple[int, int]]
) -> list[Refused]:
    """Everything the message refuses, in order."""
    starts = {mention.start: number for number, mention in enumerate(mentions)}
    refused: list[Refused] = []
    for span in spans:
        refused += _Scope(passage, mentions, starts, span).read()
    known = {one.mention for one in refused}
    for start, end in cues.get("refused_after", ()):
        refused += [one for one in _refused_behind(passage, mentions, start, end) if one.mention not in known]
    return refused


def _refused_behind(passage: Passage, mentions: Sequence[Found[Meaning]], start: int, end: int) -> list[Refused]:
    """`black is out`, `leather boots are not for me`, `wool isn't`: what stands right before its refusal."""
    if passage.norm(end - 1) in _BARE_REFUSALS and end < len(passage) and passage.same_clause(start, end):
        return []
    if passage.norm(start - 1) in ("color", "colour", "brand", "one", "ones"):
        start -= 1
    run: list[int] = []
    at = start
    for number in range(len(mentions) - 1, -1, -1):
        mention = mentions[number]
        joined = run and mention.end == at - 1 and passage.norm(mention.end) in ("and", "or", "&")
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


class _Scope:
    """Walks from one negation over what it refuses."""

    def __init__(
        self, passage: Passage, mentions: Sequence[Found[Meaning]], starts: dict[int, int], span: tuple[int, int]
    ) -> None:
        self._passage, self._mentions, self._starts = passage, mentions, starts
        self._begins = list(starts)
        self._cue, self._begin = span
        norms = [passage.norm(at) for at in range(*span)]
        self._feature = norms[0] in _FEATURE_CUES or norms[-1] == "free" or norms == ["free", "of"] or "minus" in norms
        self._allergy = norms[0].startswith(("allerg", "intoleran"))
        self._verbal = norms[-1] in _VERBAL or (len(norms) == 2 and norms[0] in _VERBAL and norms[1] == "not")
        self._found: list[Refused] = []

    def read(self) -> list[Refused]:
        at = self._begin
        while at is not None and at < len(self._passage):
            after = self._object(at)
            if after is None:
                break
            inner = self._said_of(after)
            at = inner if inner is not None else self._joined(after)
        return self._found

    def _said_of(self, at: int) -> int | None:
        """Where the real object begins in `no jackets from Luma`, `no shoes in red`: the thing is not refused."""
        passage, last = self._passage, self._found[-1]
        sorts = set[str]() if last.mention is None else {m.sort for m in self._mentions[last.mention].meanings}
        thing = sorts <= {"kind", "category"}
        if not thing or last.is_head or passage.norm(at) not in _SAID_BY:
            return None
        while (
            at < len(passage)
            and at not in self._starts
            and passage.norm(at) in lexicon.NOT_FILL
            and not passage.claims[at]
        ):
            at += 1
        if at not in self._starts or any(m.sort == "kind" for m in self._mentions[self._starts[at]].meanings):
            return None
        self._found.pop()
        if last.mention is not None:
            self._found.append(replace(last, is_head=True))
        return at

    def _object(self, at: int) -> int | None:
        """Read one refused thing that begins at or after `at`; where it ends, or None if there is none."""
        passage, skipped, linked = self._passage, 0, False
        titled = self._titled(at)
        if titled is not None:
            self._add(at, titled, None)
            return titled
        while at < len(passage) and at not in self._starts:
            norm = passage.norm(at)
            if (
                passage.claims[at]
                or (not passage.same_clause(at, self._begin - 1) and not self._found)
                or norm in lexicon.ENDS_SCOPE - {"want", "need", "looking"}
            ):
                return None
            if norm in lexicon.NOT_FILL or norm in ("-", '"', "'") or (norm in ("either", "of")):
                linked, at, skipped = True, at + 1, skipped + 1
                if skipped > _FILL_REACH:
                    return None
                continue
            return self._unknown(at) if not self._verbal or linked else None
        return self._noun_phrase(at) if at in self._starts else None

    def _titled(self, at: int) -> int | None:
        """Where a name in capitals ends, `no Dotty Kids Mug`: refused whole, not by the catalogue's words in it."""
        passage, start, unknown = self._passage, at, False
        while at < len(passage) and passage.same_clause(at, start) and not passage.claims[at]:
            token = passage.tokens[at]
            if token.shape != "word" or not token.is_capitalised:
                break
            covered = any(m.start <= at < m.end for m in self._mentions[max(0, self._near(at) - 1) :][:2])
            unknown = unknown or (not covered and token.norm not in STOP)
            at += 1
        inside = any(place in self._starts for place in range(start, at))
        return at if at - start >= 2 and unknown and inside and not passage.is_shouted() else None

    def _near(self, at: int) -> int:
        """The number of mentions that begin at or before a place."""
        return bisect_right(self._begins, at)

    def _noun_phrase(self, at: int) -> int:
        """Mentions side by side: modifiers are refused, the kind behind them is only what they are said of."""
        run: list[int] = []
        while at in self._starts:
            number = self._starts[at]
            run.append(number)
            at = self._mentions[number].end
        for place, number in enumerate(run):
            mention = self._mentions[number]
            head = place > 0 and place == len(run) - 1 and any(m.sort == "kind" for m in mention.meanings)
            self._add(mention.start, mention.end, number, is_head=head)
        return at

    def _unknown(self, at: int) -> int | None:
        """Up to three words the catalogue does not know, taken together: `polka dots`."""
        passage, start = self._passage, at
        while at < len(passage) and at - start < 4 and passage.same_clause(at, start) and not passage.claims[at]:
            token = passage.tokens[at]
            if token.norm == "-" and token.glued and at > start:
                at += 1
                continue
            if at in self._starts or token.shape != "word" or token.norm in STOP or token.norm in lexicon.ENDS_SCOPE:
                break
            if (
                token.norm in lexicon.LIST_JOIN
                or token.norm in lexicon.NOT
                or (token.norm in lexicon.VAGUE - {"hood"} and at > start)
            ):
                break
            at += 1
        first = passage.tokens[start]
        if first.norm.endswith("ing") and first.norm not in _NOUNS_IN_ING:
            return None
        if at == start or first.norm in NO_OBJECTS or first.norm.endswith("ly") or len(first.norm) < 3:
            return None
        if at in self._starts and any(m.sort == "kind" for m in self._mentions[self._starts[at]].meanings):
            number = self._starts[at]
            at = self._mentions[number].end
            self._add(start, at, None)
            self._found.append(Refused(self._cue, self._mentions[number].start, at, number, is_head=True))
            return at
        if first.norm in lexicon.VAGUE and at == start + 1 and not self._feature:
            return None
        self._add(start, at, None)
        return at

    def _joined(self, at: int) -> int | None:
        """Where the next thing of the list begins, if the list goes on: `or suede`, `, Alba or Teton`."""
        passage = self._passage
        word = passage.norm(at)
        if word == ",":
            following = at + 1
            if passage.norm(following) in ("or", "nor", "and", "oder", "ni", "ou", "o"):
                return self._after_word(following)
            return following if self._is_listed(following) else None
        if word in lexicon.LIST_JOIN:
            return self._after_word(at)
        return None

    def _after_word(self, at: int) -> int | None:
        """Past `or`, anything goes on the list; past `and`, only what is of the sort refused before.

        `green and anything from Pinnock` goes on as well.
        """
        word, following = self._passage.norm(at), at + 1
        if word in ("or", "nor", "oder", "noch", "ou", "ni", "o", "/"):
            again = self._passage.norm(following)
            return following if again not in ("if", "else", "maybe", "even", "so") else None
        if self._passage.norm(following) in _EVERYTHING and self._passage.norm(following + 1) in _SAID_BY:
            return following + 2
        while self._passage.norm(following) in ("no", "not", "any", "the", "a"):
            if self._passage.norm(following) in ("no", "not"):
                return None
            following += 1
        return following if self._same_sort(following) else None

    def _is_listed(self, at: int) -> bool:
        """Whether a comma is followed by one more of the same sort and then by `or`, `nor` or `and`."""
        while self._same_sort(at):
            at = self._mentions[self._starts[at]].end
            if self._passage.norm(at) in ("or", "nor"):
                return self._passage.norm(at + 1) not in STOP
            if self._passage.norm(at) in ("and", "oder", "et", "y"):
                return self._same_sort(at + 1) or self._passage.norm(at + 1) in _EVERYTHING
            if self._passage.norm(at) != ",":
                return False
            at += 1
            if self._passage.norm(at) in ("or", "nor", "and"):
                return self._same_sort(at + 1) or self._passage.norm(at + 1) in _EVERYTHING
        return False

    def _same_sort(self, at: int) -> bool:
        if at not in self._starts or not self._found or self._found[-1].mention is None:
            return False
        before = {(m.sort, m.field) for m in self._mentions[self._found[-1].mention].meanings}
        return bool(before & {(m.sort, m.field) for m in self._mentions[self._starts[at]].meanings})

    def _add(self, start: int, end: int, mention: int | None, *, is_head: bool = False) -> None:
        self._found.append(Refused(self._cue, start, end, mention, is_head, self._feature, self._allergy))


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
    for begin, _ in cues.get("hedge_after", ()):
        gap = begin - end
        if 0 <= gap <= 3 and not any(end <= other < begin for other in starts):
            between = [passage.norm(at) for at in range(end, begin)]
            if all(
                word in (",", "-", "color", "colour", "one", "ones", "it", "that", "this", "and", "is") or word in STOP
                for word in between
            ):
                return True
    return False
