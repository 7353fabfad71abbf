"""What is said of shown items: `cheaper than the second one`, `not that brand`, `not this one`, `too expensive`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.references import Reference
from assistant.nouns import Constraint
from index.filters import NEGATIVE, Condition, Op, field_name, of_values
from index.items import Item, ItemId, Money

_BRAND_NOUNS = frozenset("brand brands make maker manufacturer label marke marken marque marques marca marcas".split())
_COLOR_NOUNS = frozenset("color colour colors colours shade farbe couleur".split())
_OTHERS = frozenset("another different other else andere anderen autre otra otro".split())
_POINTERS = frozenset(
    "this that the these those its their same such of a diese dieser diesen cette cet esta esa".split()
)
_TAKE_AWAY = frozenset("hide remove drop delete skip discard".split())
_CHOICES = frozenset("pick picking picked choose choosing prefer take taking worth better go going".split())
CHOOSING = frozenset(
    "forth wavering waver toss choose choosing chose torn decide deciding undecided difference differences hesitate "
    "diff".split()
)
_ANYTHING = frozenset("something anything get find possible one ones there".split())
_THAN_FILL = frozenset("the price of cost what than is for as".split())


@dataclass(frozen=True, slots=True)
class Pointed:
    """A condition taken from a shown item, with the tokens it was read from."""

    condition: Condition
    start: int
    end: int
    soft: bool = False


@dataclass(slots=True)
class Shelf:
    """The items shown, to be compared with."""

    passage: Passage
    cues: Cues
    references: Sequence[Reference]
    shown: Sequence[Item]
    focus: Item | None
    unread: list[str] = field(default_factory=list[str])

    def items(self, ids: Sequence[ItemId]) -> list[Item]:
        known = {item.id: item for item in (*self.shown, *((self.focus,) if self.focus else ()))}
        return [known[item_id] for item_id in ids if item_id in known]

    def prices(self, items: Sequence[Item]) -> list[Money]:
        """Their prices, lowest first; empty when they are in several currencies."""
        found = sorted(item.price for item in items if item.price is not None)
        return found if len({price.currency for price in found}) == 1 else []


def read_comparisons(shelf: Shelf) -> list[Pointed]:
    """Limits set by the prices of shown items; claims the words."""
    found = [*_against_references(shelf)]
    if not found:
        found = _between_references(shelf) or _alone(shelf)
    for pointed in found:
        shelf.passage.claim(pointed.start, pointed.end, "limit")
    return found


def _against_references(shelf: Shelf) -> list[Pointed]:
    passage = shelf.passage
    found: list[Pointed] = []
    for reference in shelf.references:
        if _asks_why(passage, reference.start) or _asks_whether(shelf, reference):
            continue
        if reference.weak and any(token.shape == "number" for token in passage.tokens[: reference.start]):
            continue  # `I have 90, can't go past that`
        at = reference.start
        while at > 0 and passage.norm(at - 1) in _THAN_FILL and not _cue_ending(shelf.cues, at):
            at -= 1
        cue = _cue_ending(shelf.cues, at)
        if cue is None or not passage.same_clause(cue[1], reference.start):
            continue
        if passage.norm(cue[1]) == "over" and {passage.norm(near) for near in range(cue[1] - 4, cue[1])} & _CHOICES:
            continue  # `worth picking over the fourth`
        below, start, soft = cue
        prices = shelf.prices(shelf.items(reference.items))
        if not prices:
            shelf.unread.append(passage.quote(start, reference.end))
            continue
        op, price = (Op.LT, prices[0]) if below else (Op.GT, prices[-1])
        if passage.norm(start - 1) in ("not", "no", "nothing"):
            op, start = (Op.GE if below else Op.LE), start - 1
        found.append(Pointed(Condition("price", op, price), start, reference.end, soft))
    return found


def _asks_why(passage: Passage, at: int) -> bool:
    """`why is the second ranked below the first?` asks about an order and sets none."""
    sentence = passage.tokens[at].sentence
    words = [token.norm for token in passage.tokens if token.sentence == sentence and token.shape == "word"]
    return (
        bool({"why", "warum", "wieso", "weshalb", "pourquoi"} & set(words[:3]))
        or {"rank", "ranked"} & set(words) != set()
    )


def _asks_whether(shelf: Shelf, reference: Reference) -> bool:
    """`is it cheaper than the first one?`: both are spoken of, nothing is asked for."""
    opens = [token.norm for token in shelf.passage.tokens[:3]]
    if not {"is", "are", "was", "does"} & set(opens) or "there" in opens:
        return False
    for other in shelf.references:
        between = {shelf.passage.norm(at) for at in range(other.end, reference.start)}
        if other.end <= reference.start and not (other.weak and between & _ANYTHING):
            return True
    return False


def _cue_ending(cues: Cues, at: int) -> tuple[bool, int, bool] | None:
    """Whether a comparison ends at a place: (goes below, where it begins, is a wish)."""
    for label, below, soft in (("below", True, False), ("above", False, False), ("finer_than", False, True)):
        for start, end in cues.get(label, ()):
            if end == at:
                return below, start, soft
    return None


def _between_references(shelf: Shelf) -> list[Pointed]:
    """`something in between`, `between the first and the third in price`."""
    passage = shelf.passage
    strong = [reference for reference in shelf.references if not reference.weak]
    betweens = [at for at in range(len(passage)) if passage.norm(at) == "between" and not passage.claims[at]]
    if any(token.norm in CHOOSING for token in passage.tokens):
        betweens = []  # `help me choose between the first and the third`
    priced = any(token.norm in ("price", "priced", "cost", "costs", "preis", "prix") for token in passage.tokens)
    if betweens and len(strong) == 2 and (priced or not shelf.cues.get("compare")):
        items, start, end = shelf.items([*strong[0].items, *strong[1].items]), betweens[0], strong[1].end
    elif shelf.cues.get("in_between") and (len(shelf.shown) > 1 or strong):
        items = (
            shelf.items([item for reference in strong for item in reference.items])
            if len(strong) > 1
            else list(shelf.shown)
        )
        start, end = shelf.cues["in_between"][0]
    else:
        return []
    prices = shelf.prices(items)
    if len(prices) < 2 or prices[0] == prices[-1]:
        shelf.unread.append(passage.quote(start, end))
        return []
    return [
        Pointed(Condition("price", Op.GT, prices[0]), start, end),
        Pointed(Condition("price", Op.LT, prices[-1]), start, end),
    ]


def _alone(shelf: Shelf) -> list[Pointed]:
    """`cheaper`, `too expensive`, `more expensive` with nothing said to compare with."""
    for label in ("too_dear", "too_cheap", "cheaper", "dearer"):
        for start, end in shelf.cues.get(label, ()):
            if shelf.passage.is_free(start, end) and not _is_denied(shelf.passage, label, start, end):
                return _than_shown(shelf, label, start, end)
    return []


def _than_shown(shelf: Shelf, label: str, start: int, end: int) -> list[Pointed]:
    passage = shelf.passage
    below = label in ("too_dear", "cheaper")
    items = list(shelf.shown) or ([shelf.focus] if shelf.focus else [])
    strong = [reference for reference in shelf.references if not reference.weak]
    if not label.startswith("too") and len(strong) == 1:
        items = shelf.items(strong[0].items)  # `like the first one but cheaper`
    if label.startswith("too"):
        subjects = [
            r
            for r in shelf.references
            if r.end <= start and passage.tokens[r.start].sentence == passage.tokens[start].sentence
        ]
        told = [r for r in subjects if not r.weak or (shelf.focus is not None and len(r.items) == 1)]
        if told:
            items, start = shelf.items(told[-1].items), told[-1].start
    prices = shelf.prices(items)
    if not prices:
        shelf.unread.append(passage.quote(start, end))
        return []
    condition = Condition("price", Op.LT, prices[0]) if below else Condition("price", Op.GT, prices[-1])
    return [Pointed(condition, start, end)]


def _is_denied(passage: Passage, label: str, start: int, end: int) -> bool:
    """Whether it sets no limit: `not too expensive`, `the cheaper one`, `which is cheaper`, `if it is cheaper`."""
    before = [passage.norm(at) for at in range(max(0, start - 4), start) if passage.same_clause(at, start)]
    if any(word in lexicon.NOT or word in ("if", "nothing") for word in before):
        return True
    beside = [*range(start - 3, start), *range(end, end + 3)]
    if any(0 <= at < len(passage) and passage.tokens[at].shape == "number" for at in beside):
        return True  # `50 or cheaper`, `costs less from 60`
    if label == "cheaper" or label == "dearer":
        if passage.norm(end) in ("than", "als", "que") or (
            passage.norm(start) == "for" and "cheaper" not in passage.norm(start)
        ):
            return (
                passage.norm(end) in ("than", "als", "que")
                or passage.tokens[start].sentence != passage.tokens[-1].sentence
            )
        if before and before[-1] == "the":
            return True
        return bool({"which", "why", "is", "are"} & set(before)) and not {"there", "something", "anything"} & set(
            before
        )
    return False


def read_pointed_values(
    shelf: Shelf, negations: Sequence[tuple[int, int]], ledger: Sequence[Constraint], words: CatalogueWords
) -> list[Pointed]:
    """`not that brand`, `another brand`, `more of this brand`, `a different colour`; claims the words."""
    passage = shelf.passage
    found: list[Pointed] = []
    for at, token in enumerate(passage.tokens):
        if passage.claims[at] or token.norm not in _BRAND_NOUNS | _COLOR_NOUNS:
            continue
        about_brand = token.norm in _BRAND_NOUNS
        following = passage.tokens[at + 1] if at + 1 < len(passage) else None
        if following is not None and (words.knows(following.stem) or following.is_capitalised):
            continue  # `the brand Luma` names it
        start, refuses = _attitude(passage, negations, at)
        if start is None:
            continue
        end = at + 1
        of = next(
            (
                r
                for r in shelf.references
                if r.start in (at + 1, at + 2) and passage.norm(at + 1) in ("of", "on", "for") and not r.weak
            ),
            None,
        )
        end = of.end if of else end
        read: Callable[[Shelf, Reference | None, str], tuple[str, ...]] = _brands if about_brand else _colors(ledger)
        values = read(shelf, of, token.norm)
        if not values:
            shelf.unread.append(passage.quote(start, end))
            passage.claim(start, end, "pointed")
            continue
        name = (
            "brand"
            if about_brand
            else next((e.condition.field for e in ledger if field_name(e.condition.field) == "color"), "color")
        )
        found.append(Pointed(of_values(name, values, refused=refuses), start, end))
        passage.claim(start, end, "pointed")
    return found


def _attitude(passage: Passage, negations: Sequence[tuple[int, int]], at: int) -> tuple[int | None, bool]:
    """Where the phrase about `brand` at a place begins, and whether it refuses; None when it points at nothing."""
    if passage.norm(at - 1) in _OTHERS or (passage.norm(at - 1) in ("new",) and passage.norm(at - 2) in ("a", "some")):
        return at - 1, True
    begin = at
    while begin > 0 and passage.norm(begin - 1) in _POINTERS and not passage.claims[begin - 1]:
        begin -= 1
    if begin == at:
        return None, False
    for start, end in negations:
        between = [passage.norm(position) for position in range(end, begin)]
        if (
            end <= begin
            and passage.same_clause(end - 1, at)
            and all(word in lexicon.NOT_FILL or word in _POINTERS for word in between)
        ):
            return start, True
    pointer = [passage.norm(position) for position in range(begin, at)]
    keeps = any(
        passage.norm(p) in ("more", "only", "like", "love", "stick", "keep", "prefer")
        for p in range(max(0, begin - 4), begin)
    )
    if "same" in pointer or (keeps and pointer[-1] in ("this", "that")):
        return begin, False
    return None, False


def _brands(shelf: Shelf, of: Reference | None, noun: str) -> tuple[str, ...]:
    if of is not None:
        items = shelf.items(of.items)
    elif noun in ("brands", "marken", "marques", "marcas"):
        items = list(shelf.shown)
    else:
        strong = [reference for reference in shelf.references if not reference.weak]
        pointed = shelf.items(strong[-1].items) if strong else []
        items = pointed or ([shelf.focus] if shelf.focus else list(shelf.shown[:1]))
    return tuple(dict.fromkeys(item.brand for item in items if item.brand))


def _colors(ledger: Sequence[Constraint]) -> Callable[[Shelf, Reference | None, str], tuple[str, ...]]:
    def read(shelf: Shelf, of: Reference | None, noun: str) -> tuple[str, ...]:
        """The colour asked for before; else the only colour of the item spoken of."""
        del noun
        wished = [
            entry.condition.value
            for entry in ledger
            if field_name(entry.condition.field) == "color" and entry.condition.op not in NEGATIVE
        ]
        if wished and of is None:
            value = wished[-1]
            return value if isinstance(value, tuple) else (str(value),)
        items = shelf.items(of.items) if of else [shelf.focus] if shelf.focus else list(shelf.shown[:1])
        values = [
            v
            for item in items
            for s in (item.options, item.attributes)
            for n, vs in s.items()
            if field_name(n) == "color"
            for v in vs
        ]
        return tuple(dict.fromkeys(values)) if len(set(values)) == 1 else ()

    return read


def read_refused_items(shelf: Shelf, negations: Sequence[tuple[int, int]]) -> list[Pointed]:
    """`not the second one`, `I don't like it`: the items refused; claims the words."""
    passage = shelf.passage
    found: list[Pointed] = []
    free = [at for at in range(len(passage)) if not passage.claims[at]]
    verbs = [(at, at + 1) for at in free if passage.norm(at) in _TAKE_AWAY]
    values = [stop for _, stop in shelf.cues.get("named", ())]
    for start, end in (*negations, *verbs):
        for reference in shelf.references:
            if reference.weak and any(stop <= reference.start for stop in values):
                continue  # `nylon makes me itch, so not that`: the value is meant
            gap = reference.start - end
            if not 0 <= gap <= 6 or not passage.same_clause(end - 1, reference.start) or any(passage.claims[start:end]):
                continue
            between = [passage.norm(at) for at in range(end, reference.start)]
            if not all(word in lexicon.NOT_FILL for word in between):
                continue
            after = reference.end
            closed = (
                after >= len(passage)
                or not passage.same_clause(after, reference.start)
                or passage.tokens[after].shape == "symbol"
            )
            if reference.weak and (
                len(reference.items) > 1
                or not (closed or passage.norm(after) in ("either", "at", "and", "because", "much"))
            ):
                continue
            found += [Pointed(Condition("id", Op.NE, item_id), start, reference.end) for item_id in reference.items]
            passage.claim(start, reference.end, "pointed")
            break
    return found
