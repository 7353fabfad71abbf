"""What a `no`, a `not` or a `without` reaches: the scope of refusals in a message."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import Meaning
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import STOP
from assistant.dialogue.refusals.allergies import RELIEF, is_allergic
from assistant.dialogue.refusals.doubts import against
from index.language.families import family_of

_VERBAL = frozenset(
    """
    dont doesnt cant cannot wont shouldnt wouldnt didnt isnt arent wasnt never nunca jamais niemals nie do does can will
    should would is are
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
    available stock working required needed fussy picky fussed bothered ship deliver look know think want care matter
    happen remember stingy silly childish add adding poner puedo pasar objection allowed saying penny mas piu tutto
    """.split()
)
_SAID_BY = frozenset("from by of in with made that que von aus mit in de par con en".split())
_BY_THEM, _THEM = frozenset("of from by".split()), frozenset("them those these".split())
_EVERYTHING = frozenset("anything everything something stuff things products items all alles tout todo".split())
_BARE_REFUSALS = frozenset("isnt arent not nicht ok okay".split())
_NOUNS_IN_ING = frozenset(
    "lining ring string stitching piping padding coating earring filling icing topping seasoning clothing".split()
)
_FEATURE_CUES = frozenset("without ohne sans sin minus".split())
_NO_ALLERGEN = frozenset(
    "food skin anti severe bad strong many several dust some slight serious "
    "bin ist sind soy estoy es suis est sono sehr muy tres molto".split()
)
_HEADS = frozenset({"kind", "category"})
_FILL_REACH = 9


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


def refusals(
    passage: Passage, cues: Cues, mentions: Sequence[Found[Meaning]], spans: Sequence[tuple[int, int]]
) -> list[Refused]:
    """Everything the message refuses, in order."""
    starts = {mention.start: number for number, mention in enumerate(mentions)}
    refused: list[Refused] = []
    for span in spans:
        refused += _Scope(passage, mentions, starts, span).read() or _named_before(passage, mentions, span)
    known = {one.mention for one in refused}
    for start, end in (*cues.get("refused_after", ()), *against(passage)):
        allergy = is_allergic(passage.norm(end - 1))
        if _is_bare(passage, start, end):
            continue
        if allergy and not _is_said_of_somebody(passage, end):
            continue
        behind = [one for one in _refused_behind(passage, mentions, start, end) if one.mention not in known]
        if allergy:
            behind = [replace(one, allergy=True, is_head=False) for one in behind]
        if allergy or family_of((passage.tokens[start - 1].stem,)) is not None:
            behind = behind or _unknown_behind(passage, start)
        refused += behind
    return refused


def _named_before(passage: Passage, mentions: Sequence[Found[Meaning]], span: tuple[int, int]) -> list[Refused]:
    """`the last one from Luma broke, please not them`: the makers named last before it, of a list all of them."""
    start, at = span
    while passage.norm(at) in _BY_THEM:
        at += 1
    following = passage.tokens[at + 1] if at + 1 < len(passage) else None
    ends = following is None or following.shape == "symbol" or following.norm in STOP
    if passage.norm(at) not in _THEM or not ends:
        return []
    makers = [
        number
        for number, mention in enumerate(mentions)
        if mention.end <= start and any(meaning.sort == "brand" for meaning in mention.meanings)
    ]
    found: list[Refused] = []
    for number in reversed(makers):
        mention = mentions[number]
        between = [passage.norm(place) for place in range(mention.end, found[-1].start)] if found else []
        if found and between not in (["and"], ["or"], [","], ["&"]):
            break
        found.append(Refused(mention.start, mention.start, mention.end, number))
    if found:
        passage.claim(start, at + 1, "refused")
    return found[::-1]


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
    if passage.norm(start - 1) in ("color", "colour", "brand", "one", "ones", "stuff", "things", "items", "products"):
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


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and word not in ("assembly", "jelly", "family", "supply", "fly", "belly", "lily")


def _is_bare(passage: Passage, start: int, end: int) -> bool:
    """`wood not plastic`: a no that goes on to what follows it."""
    return passage.norm(end - 1) in _BARE_REFUSALS and end < len(passage) and passage.same_clause(start, end)


def _is_listed_before(passage: Passage, first: Found[Meaning], mention: Found[Meaning]) -> bool:
    """Whether a list goes on before what is refused: `Luma, Alba and Volta are out`; `red, black is out` is none."""
    between = [passage.norm(at) for at in range(mention.end, first.start)]
    if between in (["and"], ["or"], ["&"], [",", "and"], [",", "or"]):
        return True
    ends_on = passage.norm(first.end) in ("and", "or", "&", ",")
    begins = passage.starts_sentence(mention.start) or passage.norm(mention.start - 1) == ","
    fields = {(m.sort, m.field) for m in first.meanings} & {(m.sort, m.field) for m in mention.meanings}
    return between == [","] and ends_on and begins and bool(fields)


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
                or (not passage.same_clause(at, self._begin - 1) and not self._found)
                or norm in lexicon.ENDS_SCOPE - {"want", "need", "looking"}
            ):
                return None
            if norm in lexicon.NOT_FILL or norm in ("-", '"', "'", ".", "either"):
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
        if first.norm.endswith("ing") and first.norm not in _NOUNS_IN_ING:
            return None
        if at == start or first.norm in NO_OBJECTS or _is_adverb(first.norm) or len(first.norm) < 3:
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
        if self._same_sort(following):
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
