"""What the ranker weighed and the records bear out: points from the contributions of a score."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from assistant.crowd import ENOUGH, Act
from assistant.explain.asked import rating_slots, same_brand
from assistant.explain.notes import Notes, stars
from assistant.explain.plain import (
    audience,
    field_label,
    is_hostile,
    quoted,
    speakable,
    speakable_name,
    told_title,
)
from assistant.explain.points import Point, Slot
from assistant.explain.quotes import quotable
from assistant.explain.records import is_audience, leaf_categories, month, shared_value, where_mentioned
from assistant.explain.sorts import as_thing, shared_sort
from assistant.nouns import MIDDLING_STARS, Contribution, Event, Ranked
from index.items import Item, ItemId, Money
from index.language.kinds import category_phrases, is_kind
from index.language.words import stems

_SIZEABLE = 0.02
"""Contributions below this share of all that moved the score are not told."""
_MOST_PAST = 2
"""Past items looked into for an item: no more than one is told, and that the one that weighs most."""
_STRONG = 0.25
"""Likeness to a past item that no record shows is told only when it made this share of the score."""
_NEAR = 0.25
"""A price is near the usual one when it differs by at most this share."""
_LEAST_QUERY = 1.0
"""A request's nearness below this is no likeness: a fifth of what the ranker gives for the very same meaning."""
_GOOD_STARS = 4.0
_OF_WORDS = ("query", "words")
_FILLER = frozenset(
    (
        *("a", "an", "the", "this", "that", "which", "some", "something", "any", "thing", "things", "one", "ones"),
        *("i", "me", "my", "you", "your", "we", "it", "is", "are", "be", "have", "want", "need", "like", "look"),
        *("looking", "please", "show", "find", "get", "buy", "for", "with", "without", "and", "or", "of", "in", "on"),
        *("at", "to", "from", "by", "under", "over", "below", "above", "around", "about", "not", "no"),
        *("good", "nice", "great", "best"),
    )
)


_DID: Mapping[Act, str] = {
    "bought": "bought it",
    "carted": "put it in their carts",
    "liked": "liked it or rated it well",
    "viewed": "looked at it",
}

Shares = Mapping[str, Sequence[tuple[ItemId, float]]]
"""Name of a contribution -> what each item got for it."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """One item's score, with what is needed to say what lies behind it.

    Attributes:
        others: the rest of the shelf.
        words: the product words searched by.
        request: the same with the sort of thing asked for, fit to be repeated; or "".
        known: the shopper's events by id, each with the item it is about.
        given: what every item of the shelf got, see `shares_of`.
        whole: all that moved the score, up or down.
        crowd: what enough others did with it lately to be told, or None.
    """

    item: Item
    ranked: Ranked
    others: tuple[tuple[Item, Ranked], ...]
    words: str
    request: str
    known: Mapping[str, tuple[Event, Item]]
    notes: Notes
    given: Shares
    whole: float
    crowd: Act | None = None

    def common(self, contribution: Contribution) -> float:
        """What the others got for it, on average; never below 0."""
        return max(0.0, sum(self._rivals(contribution)) / len(self.others)) if self.others else 0.0

    def leads_in(self, contribution: Contribution) -> bool:
        """Whether no other item of the shelf got as much for it."""
        return bool(self.others) and all(contribution.value > rival for rival in self._rivals(contribution))

    def _rivals(self, contribution: Contribution) -> list[float]:
        return [value for item_id, value in self.given.get(contribution.name, ()) if item_id != self.item.id]


def shares_of(shelf: Sequence[Ranked]) -> Shares:
    """What each item of a shelf got, by the name of the contribution, in their order."""
    found: dict[str, list[tuple[ItemId, float]]] = {}
    for ranked in shelf:
        for contribution in ranked.contributions:
            found.setdefault(contribution.name, []).append((ranked.item_id, contribution.value))
    return found


def weighed_points(weighing: Weighing) -> tuple[Point, ...]:
    """The points the sizeable positive contributions make; the negative ones become evidence only.

    A contribution without a fact behind it makes no point, nor does one of a name we do not know.
    """
    item, contributions = weighing.item, weighing.ranked.contributions
    points: list[Point] = []
    past = 0
    for contribution in sorted(contributions, key=lambda one: -one.value):
        if abs(contribution.value) < _SIZEABLE * weighing.whole or not contribution.value:
            continue
        entry = weighing.notes.contribution(item, contribution.name, contribution.value)
        of_past = contribution.name.startswith("history:")
        if contribution.value < 0 or (of_past and past == _MOST_PAST):
            continue
        found = _point(weighing, contribution, entry)
        if found is not None:
            points.append(found)
            past += of_past
    return (*points, *_unweighed(weighing))


def _point(weighing: Weighing, contribution: Contribution, entry: str) -> Point | None:
    kind, _, detail = contribution.name.partition(":")
    if kind == "history":  # without an id it is what no single event gives
        return _history(weighing, contribution, detail, entry) if detail else None
    maker = _MAKERS.get(kind)
    return maker(weighing, contribution, entry) if maker else None


def _query(weighing: Weighing, contribution: Contribution, entry: str) -> Point | None:
    """Nearness to a request is a matter of degree: it is told only of the item that is nearest, and near at all."""
    if contribution.value < _LEAST_QUERY:
        return None
    request = weighing.request
    told = re.fullmatch(r"[^\W\d_][\w '\u2019,\-]{2,59}", request)
    if not told or len(request.split()) > 7 or not weighing.leads_in(contribution):
        return None
    slot = Slot("request", f"\u201c{request}\u201d", (entry,))
    return _made(weighing, contribution, "query", (slot,), entry)


def _words(weighing: Weighing, contribution: Contribution, entry: str) -> Point | None:
    item = weighing.item
    by_place: dict[tuple[str, str], list[str]] = {}
    for word in dict.fromkeys(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", weighing.words)):
        place = (
            None if word.casefold() in _FILLER or len(word) > 20 or is_hostile(word) else where_mentioned(item, word)
        )
        if place:
            by_place.setdefault(place, []).append(word)
    if not by_place:
        return None
    telling = {place: sum(1 if is_kind(item, word) else 2 for word in found) for place, found in by_place.items()}
    (place, field), found = max(by_place.items(), key=lambda entry: telling[entry[0]])
    said = quoted(found[:3])
    fact = weighing.notes.fact(item, field, " ".join(found[:3]), f"its {place} mentions {said}")
    slots = (Slot("words", said, (fact,)), Slot("where", place, (fact,)))
    return _made(weighing, contribution, "words", slots, entry, subject=said)


def _picture(weighing: Weighing, contribution: Contribution, entry: str) -> Point:
    slots = (Slot("picture", "the picture you sent", (entry,)),)
    return _made(weighing, contribution, "picture", slots, entry, top=True)


def _similar(weighing: Weighing, contribution: Contribution, entry: str) -> Point:
    slots = (Slot("target", "the one you pointed to", (entry,)),)
    return _made(weighing, contribution, "similar", slots, entry, top=True)


def _rating(weighing: Weighing, contribution: Contribution, entry: str) -> Point | None:
    item = weighing.item
    if item.rating is None or item.rating < _GOOD_STARS:
        return None
    slots = rating_slots(item, weighing.notes)
    flags = frozenset({"many"} if item.rating_count > 1 else ())
    return Point(item.id, "rating", slots, (entry,), contribution.value, flags, "", weighing.common(contribution))


def _popularity(weighing: Weighing, contribution: Contribution, entry: str) -> Point | None:
    """How sought an item is counts every single act; it is told only where enough others did the same thing."""
    act = weighing.crowd
    if act is None:
        return None
    told = f"other shoppers, {ENOUGH} or more, {_DID[act]} lately"
    fact = weighing.notes.fact(weighing.item, "others", act, told)
    item_id, common = weighing.item.id, weighing.common(contribution)
    return Point(item_id, "popularity", (), (entry, fact), contribution.value, frozenset({act}), "", common)


def _price_habit(weighing: Weighing, contribution: Contribution, entry: str) -> Point | None:
    item, price = weighing.item, weighing.notes.price(weighing.item)
    if price is None or item.price is None:
        return None
    bought = {past.id: past for event, past in weighing.known.values() if event.kind == "purchase"}
    paid = [
        past.price.amount_minor for past in bought.values() if past.price and past.price.currency == item.price.currency
    ]
    if len(paid) < 2:
        return None
    usual = Money(median_low(paid), item.price.currency)
    if not usual.amount_minor or abs(item.price.amount_minor - usual.amount_minor) > _NEAR * usual.amount_minor:
        return None
    told = weighing.notes.money(usual)
    fact = weighing.notes.enter("fact", "usual_price", str(usual), f"the middle price of what you bought is {told}")
    slots = (price, Slot("usual_price", told, (fact,)))
    flags = frozenset({"below"} if item.price < usual else ())
    return Point(item.id, "price_habit", slots, (entry,), contribution.value, flags, "", weighing.common(contribution))


def _brand_habit(weighing: Weighing, contribution: Contribution, entry: str) -> Point | None:
    item, notes = weighing.item, weighing.notes
    brand = notes.brand(item)
    bought = [
        (event, past)
        for event, past in weighing.known.values()
        if event.kind == "purchase" and past.id != item.id and same_brand(item, past)
    ]
    if brand is None or not bought:
        return None
    event, past = max(bought, key=lambda pair: pair[0].at)
    told = notes.event(event, past)
    slots = (brand, Slot("past_item", told_title(past), (told,)), Slot("when", month(event), (told,)))
    return _made(weighing, contribution, "brand_habit", slots, entry, subject=past.id)


def _history(weighing: Weighing, contribution: Contribution, event_id: str, entry: str) -> Point | None:
    event, past = weighing.known.get(event_id, (None, None))
    if event is None or past is None:
        return None
    pleased = event.kind in ("purchase", "cart", "like", "view", "click")
    given = (event.value or 0.0) if event.kind == "rating" else 0.0
    if not pleased and given <= MIDDLING_STARS:
        return None
    praised = pleased or given >= _GOOD_STARS
    told = weighing.notes.event(event, past)
    when = Slot("when", month(event), (told,))
    kind = event.kind if praised else "stars"  # how many they were is true of any; that they are praise is not
    rated = () if praised else (Slot("stars", stars(event), (told,)),)
    if past.id == weighing.item.id:
        return _made(weighing, contribution, f"again:{kind}", (when, *rated), entry, subject=past.id)
    shared = _shared_slot(weighing, past)
    strong = contribution.value >= _STRONG * weighing.whole
    if shared is None and not (strong and weighing.leads_in(contribution)):
        return None  # likeness that no record shows
    slots = (Slot("past_item", told_title(past), (told,)), *rated, when)
    slots = (*slots, shared) if shared else slots
    topic = f"history:{kind}:{shared.name if shared else ''}"
    return _made(weighing, contribution, topic, slots, entry, top=strong, subject=past.id)


def _shared_slot(weighing: Weighing, past: Item) -> Slot | None:
    """What the item and the past one have in common on record; what not every item of the shelf shares comes first."""
    first: Slot | None = None
    for common, slot in _shared(weighing, past):
        if not common:
            return slot
        first = first or slot
    return first


def _shared(weighing: Weighing, past: Item) -> Iterator[tuple[bool, Slot]]:
    """What the two share, and whether all of the shelf shares it: the sort of thing, the brand, department, a value."""
    item, notes = weighing.item, weighing.notes
    shelf = [other for other, _ in weighing.others]
    sort = shared_sort(item, past)
    if sort:
        said = f"its title or department says {quoted([sort])}"
        facts = tuple(notes.fact(one, "title", one.title, said) for one in (item, past))
        yield all(is_kind(other, sort) for other in shelf), Slot("shared_kind", as_thing(sort), facts)
    if same_brand(item, past) and speakable_name(item.brand):
        here, there = notes.brand(item, "shared_brand"), notes.brand(past)
        if here and there:
            common = all(same_brand(other, past) for other in shelf)
            yield common, Slot(here.name, here.text, (*here.evidence, *there.evidence))
    theirs = leaf_categories(past)
    for path in item.categories:
        leaf = path.rstrip("/").rsplit("/", 1)[-1].strip()
        if leaf in theirs and category_phrases(path) and speakable_name(leaf):
            facts = tuple(notes.fact(one, "category", leaf, f"in {leaf}") for one in (item, past))
            common = all(leaf in leaf_categories(other) for other in shelf)
            yield common, Slot("shared_category", speakable_name(leaf), facts)
            break
    if pair := shared_value(item, past):
        name, value = pair
        for_whom = is_audience(name)
        label, told = ("audience", audience(value)) if for_whom else (field_label(name), speakable(value))
        facts = tuple(notes.fact(one, name, value, f"{label}: {told}") for one in (item, past))
        common = all(stems(value) in {stems(v) for v in other.attributes.get(name, ())} for other in shelf)
        yield common, Slot("shared_value", f"the same {label}, {told}", facts)


def _made(
    weighing: Weighing,
    contribution: Contribution,
    topic: str,
    slots: tuple[Slot, ...],
    entry: str,
    *,
    top: bool = False,
    subject: str = "",
) -> Point:
    flags = frozenset({"top"} if top and weighing.leads_in(contribution) else ())
    common = weighing.common(contribution)
    weight = contribution.value
    if contribution.name in _OF_WORDS:  # the words searched by give both: without them both would be gone
        given = {one.name: one.value for one in weighing.ranked.contributions}
        weight = sum(max(0.0, given.get(name, 0.0)) for name in _OF_WORDS)
    return Point(weighing.item.id, topic, slots, (entry,), weight, flags, subject, common)


_MAKERS: Mapping[str, Callable[[Weighing, Contribution, str], Point | None]] = {
    "query": _query, "words": _words, "picture": _picture, "similar": _similar, "price_habit": _price_habit,
    "brand_habit": _brand_habit, "rating": _rating, "popularity": _popularity,
}  # fmt: skip
"""Contribution -> what makes its point."""


def _unweighed(weighing: Weighing) -> tuple[Point, ...]:
    """What may be added though the ranker gave little or nothing for it: a buyer's words."""
    item, notes = weighing.item, weighing.notes
    points: list[Point] = []
    quote = quotable(item, weighing.words) if item.reviews else None
    if quote:
        review, text = quote
        entry = notes.enter(
            "review", "review", text, f"a buyer wrote: {text}", item_id=item.id, ref=review.id, at=review.date
        )
        weighed = [one for one in weighing.ranked.contributions if one.name.partition(":")[0] in ("reviews", "review")]
        weight = max(0.0, sum(one.value for one in weighed))
        heard = [notes.contribution(item, one.name, one.value) for one in weighed] if weight else []
        slot = Slot("quote", f"\u201c{text}\u201d", (entry,))
        points.append(Point(item.id, "review", (slot,), (entry, *heard), weight))
    return tuple(points)


def listing(item: Item, notes: Notes) -> Point | None:
    """Its price now; for an item in stock of which there is nothing else to tell."""
    price = notes.price(item)
    if price is None or not item.in_stock:
        return None
    stock = notes.fact(item, "in_stock", True, "in stock")
    return Point(item.id, "listing", (price,), (*price.evidence, stock), 0.0)
