"""`The cheapest of those`, `the second heaviest`, `which is the warmest?`: an order of items, by their records."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.questions.facts import Answer, IsHostile, clip, fact, listed, numbered, recorded, sentences
from assistant.nouns import Evidence
from index.items import Item
from index.language.words import stem, tokens

Measure = Literal["price", "rating", "reviews", "field", "unmeasured"]

_PLACES = {
    "second": 2, "2nd": 2, "next": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "zweit": 2, "dritt": 3,
}  # fmt: skip
_ORDINALS = ("", "", "second ", "third ", "fourth ", "fifth ")
_WEIGHT, _LENGTH = ("weight", "net weight", "item weight"), ("length", "height", "width", "depth", "diameter")
_ROOM = ("capacity", "volume")
_ADJECTIVES: dict[str, tuple[Measure, bool, tuple[str, ...]]] = {
    "cheap": ("price", False, ()), "affordable": ("price", False, ()), "inexpensive": ("price", False, ()),
    "low priced": ("price", False, ()), "expensive": ("price", True, ()), "pricey": ("price", True, ()),
    "dear": ("price", True, ()), "costly": ("price", True, ()),
    "best rated": ("rating", True, ()), "best reviewed": ("rating", True, ()), "highest rated": ("rating", True, ()),
    "top rated": ("rating", True, ()), "worst rated": ("rating", False, ()), "lowest rated": ("rating", False, ()),
    "reviewed": ("reviews", True, ()),
    "light": ("field", False, _WEIGHT), "heavy": ("field", True, _WEIGHT),
    "long": ("field", True, ("length",)), "short": ("field", False, ("length", "height")),
    "tall": ("field", True, ("height",)), "high": ("field", True, ("height",)), "low": ("field", False, ("height",)),
    "wide": ("field", True, ("width",)), "broad": ("field", True, ("width",)), "narrow": ("field", False, ("width",)),
    "deep": ("field", True, ("depth",)), "thick": ("field", True, ("thickness",)),
    "thin": ("field", False, ("thickness",)), "roomy": ("field", True, _ROOM), "spacious": ("field", True, _ROOM),
    "big": ("field", True, (*_ROOM, *_LENGTH)), "large": ("field", True, (*_ROOM, *_LENGTH)),
    "small": ("field", False, (*_ROOM, *_LENGTH)), "powerful": ("field", True, ("power", "wattage")),
}  # fmt: skip
"""An adjective -> by what items are ordered, whether the most comes first, and the fields that record it."""
_FOREIGN = {
    "gunstigste": "cheap", "gunstigsten": "cheap", "billigste": "cheap", "billigsten": "cheap",
    "teuerste": "expensive", "teuersten": "expensive", "moins cher": "cheap", "moins chere": "cheap",
    "plus cher": "expensive", "plus chere": "expensive", "mas barato": "cheap", "mas barata": "cheap",
    "mas caro": "expensive", "mas cara": "expensive", "leichteste": "light", "leichtesten": "light",
    "schwerste": "heavy", "schwersten": "heavy", "piu economico": "cheap", "piu economica": "cheap",
}  # fmt: skip
_NO_SUPERLATIVE = frozenset(
    """
    west test request interest rest nest vest guest chest forest harvest quest digest honest modest suggest invest
    contest protest arrest crest pest zest jest lest conquest behest tempest attest priest manifest everest latest best
    east feast beast least yeast nearest pretest amethyst bucharest budapest tempest finest
    """.split()
)
_FILL = frozenset(
    """
    the of those these them this that shelf and or which one ones is are was what whats out here shown please tell me
    show item items option options would be do you think in then now so ok okay all from among between all give just i
    want to know now above list listed der die das von denen diesen welche welcher welches ist davon le la les de ceux
    lequel laquelle est el los las cual es ellos und et y a by for price
    """.split()
)
_UNITS: dict[str, tuple[str, float]] = {
    "g": ("weight", 1.0), "gr": ("weight", 1.0), "kg": ("weight", 1000.0), "mg": ("weight", 0.001),
    "lb": ("weight", 453.59), "lbs": ("weight", 453.59), "oz": ("weight", 28.35),
    "mm": ("length", 1.0), "cm": ("length", 10.0), "m": ("length", 1000.0), "in": ("length", 25.4),
    "inch": ("length", 25.4), "inches": ("length", 25.4), "ft": ("length", 304.8),
    "ml": ("volume", 1.0), "cl": ("volume", 10.0), "dl": ("volume", 100.0), "l": ("volume", 1000.0),
    "liter": ("volume", 1000.0), "litre": ("volume", 1000.0), "liters": ("volume", 1000.0),
    "w": ("power", 1.0), "kw": ("power", 1000.0), "mah": ("charge", 1.0), "wh": ("energy", 1.0), "": ("number", 1.0),
}  # fmt: skip
_QUANTITY = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([a-z]*)\.?\s*", re.I)
_MOST_TOLD = 6


@dataclass(frozen=True, slots=True)
class Order:
    """An order spoken of. `place` 1 is the first; `said` the words for it; `rest` what else the message says."""

    measure: Measure
    most_first: bool
    said: str
    adjective: str
    place: int = 1
    fields: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()

    @property
    def is_all_that_is_asked(self) -> bool:
        """Whether the message only asks which item it is, of those that are shown."""
        return set(self.rest) <= _FILL


def find_order(message: str) -> Order | None:
    """The superlative of a message; None without one."""
    words = tokens(message)
    for at, word in enumerate(words):
        two = " ".join(words[at : at + 2])
        if two in _ADJECTIVES and _ADJECTIVES[two][0] == "rating":
            return _order(words, at, 2, two, two)
        if two in _FOREIGN or word in _FOREIGN:
            size = 2 if two in _FOREIGN else 1
            said = _FOREIGN[two if size == 2 else word]
            return _order(words, at, size, _superlative_of(said), said)
        if word in ("most", "least") and at + 1 < len(words) and _is_superlative_here(words, at):
            adjective = words[at + 1]
            flipped = word == "least"
            return _order(words, at, 2, f"{word} {adjective}", adjective, flipped=flipped)
        if word == "best" and at and words[at - 1] in ("the", "second") and set(words[at + 1 :]) <= _FILL:
            return _order(words, at, 1, "best rated", "best rated")
        if len(word) > 5 and word.endswith("est") and word not in _NO_SUPERLATIVE:
            return _order(words, at, 1, word, _base_of(word))
    return None


def _is_superlative_here(words: Sequence[str], at: int) -> bool:
    """`the most durable`, `second most expensive`; not `most people`."""
    before = words[at - 1] if at else ""
    return before in ("the", "is", *_PLACES) or words[at + 1] in _ADJECTIVES


def _superlative_of(adjective: str) -> str:
    return {"cheap": "cheapest", "expensive": "most expensive", "light": "lightest", "heavy": "heaviest"}[adjective]


def _base_of(word: str) -> str:
    """`warm` of `warmest`, `dry` of `driest`, `big` of `biggest`, `large` of `largest`."""
    short = word[:-3]
    if short.endswith("i"):
        return short[:-1] + "y"
    for base in (short, short + "e", short[:-1]):
        if base in _ADJECTIVES:
            return base
    return short[:-1] if len(short) > 3 and short[-1] == short[-2] and short[-1] not in "lsf" else short


def _order(words: Sequence[str], at: int, size: int, said: str, adjective: str, *, flipped: bool = False) -> Order:
    place = _PLACES.get(words[at - 1], 1) if at else 1
    begin = at - 1 if place > 1 else at
    rest = (*words[:begin], *words[at + size :])
    measure, most_first, fields = _ADJECTIVES.get(adjective, ("unmeasured", True, ()))
    return Order(measure, most_first != flipped, said, adjective, place, fields, tuple(rest))


def answer_order(order: Order, items: Sequence[Item], is_hostile: IsHostile) -> Answer:
    """Which of the items it is, by their records; or that the records cannot tell."""
    known = _known(order, items)
    if known is None or (len(known) < 2 and len(items) > 1):
        return _unmeasured(order, items, is_hostile)
    known.sort(key=lambda one: -one.number if order.most_first else one.number)
    if order.place > len(known):
        said = "Only one of these can" if len(known) == 1 else f"Only {len(known)} of these can"
        return Answer(f"{said} be put in that order, so there is no {_ordinal(order)}{order.said}.", (), known=False)
    number = known[order.place - 1].number
    level = [one for one in known if one.number == number]
    facts = tuple(one.fact for one in (*level, *(one for one in known if one not in level)))[:_MOST_TOLD]
    names = listed([one.item.title for one in level[:3]])
    are = "is" if len(level) == 1 else "are"
    text = f"The {_ordinal(order)}{order.said} of these {are} {names}, {level[0].told}."
    silent = [item.title for item in items if item.id not in {one.item.id for one in known}]
    if silent:
        text += f" The record of {listed(silent[:3])} does not say."
    return numbered(Answer(text, facts, about=tuple(one.item.id for one in level)))


def compared(order: Order, one: Item, other: Item) -> Answer | None:
    """Whether one item is more so than another: `is it cheaper than the first?`; None where a record does not say."""
    known = _known(order, (one, other))
    if known is None or len(known) < 2:
        return None
    mine, its = known
    if mine.number == its.number:
        verdict = "No, they are level"
    else:
        verdict = "Yes" if (mine.number > its.number) == order.most_first else "No"
    text = f"{verdict}: {one.title} {mine.says}, {other.title} {its.says}."
    return numbered(Answer(text, (mine.fact, its.fact), about=(one.id,)))


def find_comparative(message: str) -> Order | None:
    """What two items are compared by: `cheaper`, `more expensive`, `lighter`; None for nothing that records hold."""
    words = tokens(message)
    for at, word in enumerate(words):
        if word in ("more", "less") and at + 1 < len(words) and words[at + 1] in _ADJECTIVES:
            return _order(words, at, 2, f"{word} {words[at + 1]}", words[at + 1], flipped=word == "less")
        if word == "better" and words[at + 1 : at + 2] in (["rated"], ["reviewed"]):
            return _order(words, at, 2, "better rated", "best rated")
        if len(word) > 4 and word.endswith("er") and (base := _base_of(word[:-2] + "est")) in _ADJECTIVES:
            return _order(words, at, 1, word, base)
    return None


@dataclass(frozen=True, slots=True)
class _Known:
    item: Item
    number: float
    told: str
    says: str
    fact: Evidence


def _known(order: Order, items: Sequence[Item]) -> list[_Known] | None:
    """The items whose records hold a number of one kind, with it; None where these cannot be compared."""
    reads: dict[str, Callable[[Item], _Known | None]] = {"price": _price, "rating": _rating, "reviews": _reviews}
    if order.measure in reads:
        if order.measure == "price" and len({item.price.currency for item in items if item.price}) > 1:
            return None
        return [one for item in items if (one := reads[order.measure](item))]
    for name in order.fields:
        found = [(item, quantity) for item in items if (quantity := _quantity(item, name))]
        if len(found) > 1 and len({quantity[1] for _, quantity in found}) == 1:
            return [_Known(i, n, f"{name}: {v}", f"has {name}: {v}", fact(i, f, v)) for i, (n, _, f, v) in found]
    return None


def _price(item: Item) -> _Known | None:
    made = recorded(item, "price")
    if made is None or item.price is None:
        return None
    return _Known(item, item.price.amount_minor, f"at {made.value}", f"costs {made.value}", made)


def _rating(item: Item) -> _Known | None:
    made = recorded(item, "rating")
    if made is None or item.rating is None:
        return None
    return _Known(item, item.rating, f"with {made.value}", f"has {made.value}", made)


def _reviews(item: Item) -> _Known | None:
    told = f"{item.rating_count} ratings"
    return _Known(item, item.rating_count, f"with {told}", f"has {told}", fact(item, "rating_count", told))


def _quantity(item: Item, name: str) -> tuple[float, str, str, str] | None:
    """The number in base units, what it measures, the field and the value as recorded."""
    for source in (item.attributes, item.options):
        for field, values in source.items():
            if " ".join(tokens(field)) == name and len(values) == 1 and (found := _QUANTITY.fullmatch(values[0])):
                unit = _UNITS.get(found[2].lower())
                if unit is not None:
                    return float(found[1].replace(",", ".")) * unit[1], unit[0], field, values[0]
    return None


def _unmeasured(order: Order, items: Sequence[Item], is_hostile: IsHostile) -> Answer:
    """That the records hold no such measure, and what they do say of it."""
    said = f"{_ordinal(order)}{order.said}"
    text = f"The records do not measure which of these is the {said}, so I will not put them in that order."
    told: list[tuple[Item, str]] = []
    word = stem(order.adjective)
    for item in items:
        lines = (line for line in sentences(item.description) if not is_hostile(line))
        line = next((line for line in lines if word in {stem(token) for token in tokens(line)}), "")
        if line:
            told.append((item, clip(line)))
    facts = tuple(Evidence("a", "fact", "description", line, line, item_id=item.id) for item, line in told[:3])
    if told:
        quotes = "; ".join(f"of {item.title} \u201c{line}\u201d" for item, line in told[:3])
        text += f" What the shop writes: {quotes}"
    return numbered(Answer(text, facts, known=False))


def _ordinal(order: Order) -> str:
    return _ORDINALS[order.place] if order.place < len(_ORDINALS) else f"{order.place}th "
