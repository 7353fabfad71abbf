"""What a `no`, a `not` or a `without` reaches: the scope of refusals in a message."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import Meaning
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.refusals.allergies import is_allergic
from assistant.dialogue.refusals.antecedents import others, referred
from assistant.dialogue.refusals.behind import Refused, behind, condemning
from assistant.dialogue.refusals.dislikes import detested
from assistant.dialogue.refusals.objects import may_be_refused
from index.language.families import family_of

_VERBAL = frozenset(
    """
    dont doesnt cant cannot wont shouldnt wouldnt didnt isnt arent wasnt never nunca jamais niemals nie do does can will
    should would is are
    """.split()
)
_SAID_BY = frozenset("from by of in with made that que von aus mit in de par con en".split())
_EVERYTHING = frozenset("anything everything something stuff things products items all alles tout todo".split())
_FEATURE_CUES = frozenset("without ohne sans sin minus".split())
_HEADS = frozenset({"kind", "category"})
_PASSED = frozenset("- \" ' . either both all every each your their more single".split())
_STRIKES = frozenset(
    "skip exclude excluding avoid hide remove delete strike omit ditch lose leave take rule filter cut ban forget "
    "ignore scrap bin drop boycott reject keep weed".split()
)
"""Verbs that take away all that their list names."""
_SWAPS = frozenset("swap trade switch exchange replace".split())
_OBJECT_VERBS = frozenset(
    """
    send give offer bring sell consider accept allow permit permits allows touch own take stand bear abide stomach
    tolerate suffer handle entertain fancy trust rate do dig approve support order stock put drink hold speak
    celebrate permit feature involve carry mention
    """.split()
)
"""Verbs that, denied, refuse their object: `don't send me wool`."""
_FILL_REACH = 9


def refusals(
    passage: Passage, cues: Cues, mentions: Sequence[Found[Meaning]], spans: Sequence[tuple[int, int]]
) -> list[Refused]:
    """Everything the message refuses, in order."""
    starts = {mention.start: number for number, mention in enumerate(mentions)}
    refused: list[Refused] = []
    closed = set(detested(passage))
    verdicts = condemning(passage, mentions)
    for span in spans:
        if any(start < span[0] < end for start, end in verdicts):
            continue  # `leather I won't have in the house`
        found = _Scope(passage, mentions, starts, span).read()
        if span in closed:
            found = [one for one in found if one.mention is not None]  # `she rejects the idea` refuses nothing sold
        taken = {one.mention for one in refused if one.mention is not None}
        refused += found or [_again(mentions, number) for number in referred(passage, mentions, span, taken)]
    known = {one.mention for one in refused}
    refused += [_again(mentions, number) for number in others(passage, mentions, {n for n in known if n is not None})]
    known = {one.mention for one in refused}
    refused += behind(passage, cues, mentions, {n for n in known if n is not None}, verdicts)
    return refused


def _again(mentions: Sequence[Found[Meaning]], number: int) -> Refused:
    """`the last one from Luma broke, please not them`: a value named before what refuses it."""
    mention = mentions[number]
    return Refused(mention.start, mention.start, mention.end, number)


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
        self._allergy = is_allergic(norms[0]) or norms == ["gegen"]
        self._verbal = norms[-1] in _VERBAL or (len(norms) == 2 and norms[0] in _VERBAL and norms[1] == "not")
        self._verbal = self._verbal and not self._is_relative(norms[0])
        self._non = norms == ["non"]
        self._strikes = norms[0] in _STRIKES
        self._stop = self._until(norms[0])
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

    def _until(self, verb: str) -> int:
        """`swap the wool for silk`: where what shall be there instead begins."""
        ahead = range(self._begin, len(self._passage))
        if verb not in _SWAPS:
            return len(self._passage)
        return next((at for at in ahead if self._passage.norm(at) in lexicon.PARTED.get(verb, ())), len(self._passage))

    def _is_relative(self, verb: str) -> bool:
        """`monitors that are not curved`: a property is refused, as against `that is not funny`."""
        at = self._cue - 1
        told = verb in ("is", "are", "isnt", "arent") and self._passage.norm(at) in ("that", "which", "who")
        return told and not self._passage.starts_sentence(at)

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
                or at >= self._stop
                or (not passage.same_clause(at, self._begin - 1) and not self._found)
                or norm in lexicon.ENDS_SCOPE - {"want", "need", "looking"}
            ):
                return None
            passed = norm in _PASSED or (self._verbal and norm in _OBJECT_VERBS)
            if norm in lexicon.NOT_FILL or passed:
                linked, at, skipped = True, at + 1, skipped + 1
                if skipped > _FILL_REACH:
                    return None
                continue
            return self._unknown(at) if not self._non and (not self._verbal or linked) else None
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
            head = place > 0 and place == len(run) - 1 and any(m.sort in _HEADS for m in mention.meanings)
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
        if at == start or not may_be_refused(passage, (self._cue, self._begin), start, at):
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
        if self._passage.norm(following) in _EVERYTHING:
            said_by = self._passage.norm(following + 1) in _SAID_BY
            return following + 1 + said_by if said_by or following + 1 in self._starts else None
        while self._passage.norm(following) in ("no", "not", "any", "the", "a"):
            if self._passage.norm(following) in ("no", "not"):
                return None
            following += 1
        if self._same_sort(following) or (self._strikes and following in self._starts):
            return following
        return following if (self._feature or self._allergy) and self._is_substance(following) else None

    def _is_substance(self, at: int) -> bool:
        """`without soy and gluten`, `no hood and pockets`: one more of the list, which nobody here need know."""
        passage = self._passage
        if (
            at >= len(passage)
            or at in self._starts
            or passage.claims[at]
            or not passage.same_clause(at, self._begin - 1)
        ):
            return False
        token = passage.tokens[at]
        closes = at + 1 >= len(passage) or passage.tokens[at + 1].shape == "symbol" or passage.norm(at + 1) in STOP
        several = token.norm != token.stem and token.norm not in STOP
        return token.shape == "word" and closes and (several or family_of((token.stem,)) is not None)

    def _is_listed(self, at: int) -> bool:
        """Whether a comma is followed by one more of the list and at its end by `or`, `nor` or `and`.

        By `and` only what is of the sort refused before goes on it, unless the verb asks to take things away.
        """
        alike = True
        while at in self._starts and (self._same_sort(at) or not self._is_thing(at)):
            alike = alike and self._same_sort(at)
            at = self._mentions[self._starts[at]].end
            joint = at + (self._passage.norm(at) == ",")
            if self._passage.norm(joint) in ("or", "nor"):
                return self._passage.norm(joint + 1) not in STOP
            if self._passage.norm(joint) in ("and", "oder", "et", "y"):
                goes_on = self._passage.norm(joint + 1) in _EVERYTHING or self._same_sort(joint + 1)
                return (alike and goes_on) or (self._strikes and joint + 1 in self._starts)
            if joint == at:
                return False
            at = joint
        return False

    def _is_thing(self, at: int) -> bool:
        return all(m.sort in ("kind", "category", "size") for m in self._mentions[self._starts[at]].meanings)

    def _same_sort(self, at: int) -> bool:
        if at not in self._starts or not self._found or self._found[-1].mention is None:
            return False
        before = {(m.sort, m.field) for m in self._mentions[self._found[-1].mention].meanings}
        return bool(before & {(m.sort, m.field) for m in self._mentions[self._starts[at]].meanings})

    def _add(self, start: int, end: int, mention: int | None, *, is_head: bool = False) -> None:
        self._found.append(Refused(self._cue, start, end, mention, is_head, self._feature, self._allergy))
