"""Two words of refusal that make a demand, `no boots that aren't waterproof`, and lists of what is refused."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.palette import COLOUR_FIELDS
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import GENERIC_NOUNS, STOP
from assistant.dialogue.refusals.provisos import IFS, condemned_after, condemned_before
from assistant.nouns import Constraint
from index.filters import Op, of_values

_RELATIVES = frozenset("that which who thats whatever whichever die der das que qui che if unless wenn si se".split())
_COPULAS = frozenset("is are was were be been do does did s it its theyre from by ist sind est sont es son e".split())
_SHOWING = frozenset("showing sending offering giving suggesting selling point use sense send offer accept".split())
_STRIKES = frozenset("strike remove omit delete hide drop scrap refuse".split())
_BREAKS = frozenset("but and or , ; : . ! ? aber und oder mais et ou pero y o ma e".split())
_NOT_SO = frozenset("having getting being coming".split())
"""`not having it in black would be a dealbreaker`."""
_LACKS = frozenset("without ohne sans sin senza lacking".split())
_BETWEEN_REACH = 12
_IF_REACH = 5
_IF_AHEAD = 9
_LIST_NOUNS = frozenset(
    """
    dealbreaker dealbreakers breaker breakers nogo nogos nono nonos gos nos turnoff turnoffs dislikes hates allergies
    avoid exclude excluded unwanted banned forbidden taboo taboos tabu tabus
    nope hasse hasst hassen meide odio odia odiamo odiamos deteste detesto detestons
    hated loathed refused detested disliked rejected vetoed
    """.split()
)
_NOES = frozenset("not no never without nicht ohne sans sin senza".split())
_CANT = frozenset("cant cannot dont wont mustnt shouldnt".split())
_HAVES = frozenset("have want need like stand use accept see tolerate wear".split())
_LIST_REACH = 16
_MOST_LISTED = 8


def undemanding(
    passage: Passage, spans: Sequence[tuple[int, int]], things: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The refusals without those that, taken together, demand what they name: `no boots that aren't red` are red.

    `things`: where nouns for things sold stand. `no jute that is not mint` refuses jute, whatever it says of mint.
    """
    named = {at for start, end in things for at in range(start, end)}
    dropped: set[int] = set()
    for number, (start, _) in enumerate(spans):
        if number in dropped:
            continue
        before = _relative(passage, start)
        if before is None:
            lacking = _is_no_deal(passage, start) or passage.norm(start) in _LACKS or passage.norm(start + 1) in _NOT_SO
            if lacking and condemned_after(passage, start) is not None:
                dropped.add(number)
            continue
        if passage.norm(before) in IFS:
            if condemned_after(passage, start) is not None or condemned_before(passage, before):
                dropped.add(number)
            continue
        opener = _opener(passage, spans, number, before, named)
        if opener is not None:
            dropped |= {number} | ({opener} if opener >= 0 else set())
    return [span for number, span in enumerate(spans) if number not in dropped]


def _is_no_deal(passage: Passage, start: int) -> bool:
    """`no wool, no deal`."""
    ahead = range(start + 2, min(len(passage) - 1, start + 8))
    return passage.norm(start) == "no" and any(
        passage.norm(at) == "no" and passage.norm(at + 1) in ("deal", "sale", "purchase", "buy", "order")
        for at in ahead
    )


def refused_lists(passage: Passage, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The refusals, with one at each joint of a list that is refused whole: `deal breakers: wool, Luma, over 60`."""
    kept = list(spans)
    for begin, colon, end in _lists(passage):
        kept = [span for span in kept if not begin <= span[0] < colon]
        joints = [at for at in range(colon, end) if passage.norm(at) in (":", ",", "and", "und", "et", "y", "or")]
        taken = {start for start, _ in kept}
        for at in joints[:_MOST_LISTED]:
            following = {at + 1, at + 2}
            if not following & taken and passage.norm(at + 1) not in (",", "and", "or"):
                kept.append((at, at + 1))
    return sorted(kept)


def is_listed_away(passage: Passage, at: int) -> bool:
    """Whether the number at a place stands in a list of what is refused: `deal breakers: wool, anything over 60`."""
    sentence = passage.tokens[at].sentence
    for colon in range(at - 1, max(-1, at - 2 * _LIST_REACH), -1):
        if passage.tokens[colon].sentence != sentence:
            return False
        if passage.norm(colon) == ":":
            return _heads_list(passage, colon) is not None
    return False


def otherwise(
    passage: Passage, elsewhere: Sequence[tuple[int, int]], constraints: Sequence[Constraint]
) -> tuple[Constraint, ...]:
    """The constraints with the one maker or colour turned to a refusal that another is asked for in place of:
    `two broken Luma lamps, I want one by somebody else`."""
    made = list(constraints)
    for start, end in elsewhere:
        if _is_denied(passage, start, end):
            continue  # `by Luma and by no other brand`
        fields = COLOUR_FIELDS if _is_of_colour(passage, start, end) else ("brand",)
        own = [n for n, one in enumerate(made) if one.condition.field in fields]
        if len(own) != 1:
            continue
        entry = made[own[0]]
        at = passage.message.find(entry.quote)
        if entry.condition.op is Op.EQ and 0 <= at < passage.tokens[start].start:
            made[own[0]] = replace(entry, kind="hard", condition=replace(entry.condition, op=Op.NE))
    return tuple(made)


def in_place_of(
    passage: Passage, elsewhere: Sequence[tuple[int, int]], words: CatalogueWords, turn: int
) -> tuple[Constraint, ...]:
    """The refusal of the one maker that a story names, where another maker is asked for behind it: `my last one was by
    Luma. Another brand, please`."""
    aside = {token.start for at, token in enumerate(passage.tokens) if passage.claims[at] == "context"}
    for start, end in elsewhere:
        if _is_denied(passage, start, end) or _is_of_colour(passage, start, end):
            continue
        unread = Passage.of(passage.message[: passage.tokens[start].start])
        told = [
            (unread.quote(mention.start, mention.end), meaning.values)
            for mention in words.table.scan(unread)
            for meaning in mention.meanings
            if meaning.sort == "brand" and unread.tokens[mention.start].start in aside
        ]
        if len({values for _, values in told}) == 1:
            quote, values = told[-1]
            return (Constraint("", "hard", of_values("brand", values, refused=True), turn, quote),)
    return ()


def _is_denied(passage: Passage, start: int, end: int) -> bool:
    return any(passage.norm(at) in lexicon.NOT for at in range(start - 2, end))


def _is_of_colour(passage: Passage, start: int, end: int) -> bool:
    said = {passage.norm(at) for at in range(start, end)}
    return bool(said & {"color", "colour", "farbe", "couleur", "colore", "shade"})


def _relative(passage: Passage, start: int) -> int | None:
    """Where the `that` or `if` stands that a refusal belongs to: `that are not`, `if it's not`."""
    ahead = range(start - 1, max(-1, start - _IF_AHEAD), -1)
    for at in ahead:
        if not passage.same_clause(at, start) or passage.norm(at) in _BREAKS:
            break
        if passage.norm(at) in IFS:
            return at
    at = start - 1
    while at >= 0 and start - at <= _IF_REACH and passage.same_clause(at, start):
        word = passage.norm(at)
        if word in _RELATIVES:
            return at
        if word not in _COPULAS and word not in ("the", "they", "a"):
            return None
        at -= 1
    return None


def _opener(
    passage: Passage, spans: Sequence[tuple[int, int]], number: int, before: int, things: Collection[int]
) -> int | None:
    """The refusal whose object the relative clause is part of; -1 where it is a word that only strikes things out."""
    for at in range(before - 1, max(-1, before - _BETWEEN_REACH), -1):
        if passage.norm(at) in _BREAKS or passage.claims[at]:
            return None
        if passage.norm(at) in _STRIKES:
            return next((place for place, span in enumerate(spans[:number]) if span[0] <= at < span[1]), -1)
        for place in range(number - 1, -1, -1):
            if spans[place][1] - 1 == at:
                return place if before > at + 1 else None
            if spans[place][1] - 1 < at:
                break
        if (
            at not in things
            and at + 1 not in things
            and passage.norm(at) not in STOP | _SHOWING
            and passage.tokens[at].stem not in GENERIC_NOUNS
        ):
            return None
    return None


def _lists(passage: Passage) -> Iterator[tuple[int, int, int]]:
    for colon, token in enumerate(passage.tokens):
        if token.norm != ":":
            continue
        begin = _heads_list(passage, colon)
        if begin is None:
            continue
        end = colon
        while end < len(passage) and passage.tokens[end].sentence == token.sentence and end - colon < 2 * _LIST_REACH:
            end += 1
            if passage.norm(end) == ";":
                break  # `dislikes: yellow; likes: blue`
        yield begin, colon, end


def _heads_list(passage: Passage, colon: int) -> int | None:
    """Where the words begin that say that what follows the colon is refused."""
    sentence = passage.tokens[colon].sentence
    begin, found = colon, False
    for at in range(colon - 1, max(-1, colon - _LIST_REACH), -1):
        if passage.tokens[at].sentence != sentence or passage.norm(at) in (",", ";", ":"):
            break
        begin = at
        word = passage.norm(at)
        cant = word in _CANT and any(passage.norm(place) in _HAVES for place in range(at + 1, at + 4))
        gos = word in ("gos", "nos", "go") and passage.norm(at - 1) not in ("no", "-")
        found = found or cant or (word in _LIST_NOUNS and not gos) or (at == colon - 1 and word in _NOES)
    return begin if found else None
