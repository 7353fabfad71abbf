"""What was asked for and the item has: one point for each constraint of the ledger that its record bears out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.explain.notes import Notes
from assistant.explain.plain import (
    audience,
    field_label,
    is_hostile,
    join_words,
    mentions,
    quoted,
    speakable,
    speakable_name,
    tidy,
    with_article,
)
from assistant.explain.points import Point, Slot, average
from assistant.explain.records import is_audience, is_yes, matching_value, reads_as_adjective, where_mentioned
from assistant.explain.refused import Found, as_tuple, refused_slots
from assistant.explain.sorts import as_thing, called
from assistant.nouns import Constraint, Ranked
from index.filters import NEGATIVE, Condition, Op, holds, is_under, same_text, values_of
from index.items import Item, Money
from index.language.kinds import is_kind
from index.language.sizes import is_size_field
from index.language.words import normalise, stems, tokens
from index.offers import prices_of

_LONGEST_WISH = 60
_PLAIN_QUOTE = re.compile(r"[\w .,'\u2019\-$\u20ac\u00a3\u00a5]{1,60}")
_WELL = 0.8
"""A price is well within a limit when it is at most this share of it."""


def asked_points(
    item: Item,
    ranked: Ranked,
    others: Sequence[Ranked],
    ledger: Sequence[Constraint],
    notes: Notes,
    describe: Callable[[Constraint], str],
) -> tuple[Point, ...]:
    """The points the ledger makes for an item, in the ledger's order; weight is what the ranker gave for it."""
    weights = {contribution.name: contribution.value for contribution in ranked.contributions}
    points: list[Point] = []
    for constraint in ledger:
        if not _bears_out(item, constraint.condition):
            continue
        told = _as_meant(constraint, describe)
        found = (
            _near(item, constraint, ledger, notes)
            if constraint.kind == "soft" and constraint.condition.field == "price"
            else _slots(item, constraint, notes, told)
        )
        if found is None:
            continue
        topic, slots, flags = found
        name = next((name for name in _contributions_of(constraint) if name in weights), "")
        weight = weights.get(name, 0.0)
        backing = [notes.constraint(constraint, told)]
        if weight > 0:
            backing.insert(0, notes.contribution(item, name, weight))
        common = max(0.0, average(name, others))
        points.append(Point(item.id, topic, slots, tuple(backing), max(weight, 0.0), flags, constraint.id, common))
    return tuple(points)


def _bears_out(item: Item, condition: Condition) -> bool:
    """Whether what is shown of the item meets the condition: of prices the one shown, whatever variants cost."""
    return holds(replace(item, variants=()) if condition.field == "price" else item, condition)


def _contributions_of(constraint: Constraint) -> tuple[str, ...]:
    """The contributions in which a ranker may weigh a constraint, the likeliest first."""
    condition = constraint.condition
    if condition.field == "price" and condition.op in (Op.LE, Op.LT):
        return ("budget",)
    own = f"preference:{constraint.id}"
    return (own, "kind") if condition.field == "kind" else (own, "words") if condition.field == "text" else (own,)


def _as_meant(constraint: Constraint, describe: Callable[[Constraint], str]) -> str:
    """The constraint in plain words; where a number was read into softer words (`best rated`), those words."""
    field, quote = constraint.condition.field, tidy(constraint.quote)
    if constraint.kind != "soft" or field not in ("price", "rating"):
        return describe(constraint)
    return quoted([quote]) if _PLAIN_QUOTE.fullmatch(quote) else f"what you said of its {field}"


def _near(item: Item, constraint: Constraint, ledger: Sequence[Constraint], notes: Notes) -> Found | None:
    """For a sum that was only named roughly: that the price is near it, said once and only if it is within the range.

    `around 150` stands in the ledger as two soft limits that quote the same words; any other soft limit says nothing.
    """
    least, price = constraint.condition.value, notes.price(item)
    most = next(
        (
            other
            for other in ledger
            if other.kind == "soft"
            and other.condition.field == "price"
            and other.condition.op in (Op.LE, Op.LT)
            and (other.turn, other.quote) == (constraint.turn, constraint.quote)
        ),
        None,
    )
    if constraint.condition.op not in (Op.GE, Op.GT) or most is None or price is None:
        return None
    limit = most.condition.value
    if not (isinstance(least, Money) and isinstance(limit, Money) and least.currency == limit.currency):
        return None
    if not _bears_out(item, most.condition):
        return None
    told = notes.money(Money((least.amount_minor + limit.amount_minor) // 2, limit.currency))
    asked = [notes.constraint(one, f"around {told}") for one in (constraint, most)]
    return "near", (price, Slot("around", told, tuple(asked))), frozenset()


def _slots(item: Item, constraint: Constraint, notes: Notes, told: str) -> Found | None:
    """Topic, slots and flags of what the record says to a constraint that holds; None when it cannot be told."""
    condition = constraint.condition
    asked = notes.constraint(constraint, told)
    if condition.op in NEGATIVE:
        return refused_slots(item, constraint, asked, notes)
    match condition.field:
        case "price":
            return _price(item, condition, asked, notes)
        case "rating":
            return _rating(item, constraint, asked, notes)
        case "brand":
            brand = notes.brand(item)
            return ("brand", (brand,), frozenset[str]()) if brand else None
        case "kind":
            return _kind(item, condition, notes)
        case "category":
            return _category(item, condition, notes)
        case "text":
            return _text(item, condition, notes)
        case _:
            return _attribute(item, condition, notes)


def _price(item: Item, condition: Condition, asked: str, notes: Notes) -> Found | None:
    price, limit = notes.price(item), condition.value
    if price is None or item.price is None or not isinstance(limit, Money):
        return None
    if condition.op in (Op.LE, Op.LT):
        most = max(prices_of(item), key=lambda one: one.amount_minor)
        flags = {"strict"} if most < limit else set[str]()
        if most.amount_minor <= _WELL * limit.amount_minor:
            flags.add("well")
        return "budget", (price, Slot("budget", notes.money(limit), (asked,))), frozenset(flags)
    if condition.op in (Op.GE, Op.GT):
        return "floor", (price, Slot("floor", notes.money(limit), (asked,))), frozenset()
    return None


def _rating(item: Item, constraint: Constraint, asked: str, notes: Notes) -> Found | None:
    condition = constraint.condition
    if item.rating is None or not isinstance(condition.value, int | float) or condition.op not in (Op.GE, Op.GT):
        return None
    if constraint.kind == "soft":  # `best rated` names no minimum
        return "rating", rating_slots(item, notes), frozenset({"many"} if item.rating_count > 1 else ())
    return "rating_floor", (rating_slot(item, notes), Slot("asked", f"{condition.value:g}", (asked,))), frozenset()


def rating_slot(item: Item, notes: Notes) -> Slot:
    """The item's mean stars, to one decimal: `4.6 out of 5`."""
    shown = f"{item.rating or 0.0:.1f}"
    return Slot("rating", f"{shown} out of 5", (notes.fact(item, "rating", item.rating, f"rated {shown} out of 5"),))


def rating_slots(item: Item, notes: Notes) -> tuple[Slot, ...]:
    """The item's mean stars and, where it is known, how many ratings they rest on."""
    if item.rating_count <= 0:
        return (rating_slot(item, notes),)
    told = "one rating" if item.rating_count == 1 else f"{item.rating_count} ratings"
    counted = notes.fact(item, "rating_count", item.rating_count, told)
    return rating_slot(item, notes), Slot("reviews", told, (counted,))


def _kind(item: Item, condition: Condition, notes: Notes) -> Found | None:
    kind = next((value for value in as_tuple(condition.value) if is_kind(item, value) and speakable(value)), None)
    told = as_thing(speakable(called(item, speakable(kind)))) if kind else ""
    if not told:
        return None
    return (
        "kind",
        (Slot("kind", told, (notes.fact(item, "title", item.title, f"its title or department says {told}"),)),),
        frozenset(),
    )


def _category(item: Item, condition: Condition, notes: Notes) -> Found | None:
    for value in as_tuple(condition.value):
        path = next((path for path in item.categories if is_under(path, value)), None)
        leaf = value.rstrip("/").rsplit("/", 1)[-1]
        name = speakable_name(next((s for s in (path or "").split("/") if normalise(s) == normalise(leaf)), ""))
        if path is not None and name:
            return (
                "category",
                (Slot("category", name, (notes.fact(item, "categories", path, f"in {name}"),)),),
                frozenset(),
            )
    return None


def _text(item: Item, condition: Condition, notes: Notes) -> Found | None:
    phrases = [phrase for value in as_tuple(condition.value) if (phrase := speakable(value))]
    found = next(((phrase, where) for phrase in phrases if (where := where_mentioned(item, phrase))), None)
    if found is None:
        return None
    phrase, (where, field) = found
    fact = notes.fact(item, field, phrase, f"its {where} mentions {quoted([phrase])}")
    return "words", (Slot("words", quoted([phrase]), (fact,)), Slot("where", where, (fact,))), frozenset()


def _attribute(item: Item, condition: Condition, notes: Notes) -> Found | None:
    label = field_label(condition.field)
    if condition.op not in (Op.EQ, Op.IN):
        values = values_of(item, condition.field)
        value = values[0] if len(values) == 1 else None
    else:
        value = matching_value(item, condition.field, as_tuple(condition.value))
    if value is None or not label:
        return None
    fact = notes.fact(item, condition.field, value, f"{label}: {speakable(value) or 'as recorded'}")
    if is_yes(value):
        return (
            "feature",
            (Slot("feature", label, (fact,)),),
            frozenset({"adjective"} if reads_as_adjective(label) else ()),
        )
    if is_audience(condition.field):
        told = audience(value)
        return ("audience", (Slot("audience", told, (fact,)),), frozenset()) if told else None
    told = value.strip() if is_size_field(condition.field) else speakable(value)
    if not told or not speakable(value) or normalise(value) in {"no", "false", "none"}:
        return None
    if is_size_field(condition.field):
        return "size", (Slot("size", told, (fact,)),), frozenset()
    if label in ("color", "colour", "material"):
        sole = frozenset({"sole"} if len(values_of(item, condition.field)) == 1 else ())
        topic = "material" if label == "material" else "color"
        return topic, (Slot(topic, told, (fact,)),), sole
    if len(values_of(item, condition.field)) > 1 or stems(label)[-1:] != tuple(tokens(label)[-1:]):
        return "listed", (Slot("feature", quoted([told]), (fact,)),), frozenset()  # `its features is` is no English
    return "value", (Slot("value", told, (fact,)), Slot("attribute", label, (fact,))), frozenset()


def request_text(ledger: Sequence[Constraint], words: str) -> str:
    """What was looked for, in the shopper's words and with the sort of thing: `warm jacket`; "" for neither."""
    kinds = [one.condition for one in ledger if one.condition.field == "kind" and one.condition.op not in NEGATIVE]
    named = " or ".join(value for kind in kinds for value in as_tuple(kind.value))
    wish = tidy(words).strip(" .,;:!?")
    whole = (
        wish if not named or any(mentions(wish, name) for name in named.split(" or ")) else f"{wish} {named}".strip()
    )
    return "" if len(whole) > _LONGEST_WISH or is_hostile(whole) else whole


def describe_constraint(constraint: Constraint, money: Callable[[Money], str] = str) -> str:
    """A constraint in plain words, to stand after a noun: `up to 60.00 EUR`, `not by Alba`, `in size M`."""
    condition = constraint.condition
    value, negative = condition.value, condition.op in NEGATIVE
    bounds = {Op.LT: "under", Op.LE: "up to", Op.GT: "over", Op.GE: "from", Op.EQ: "at", Op.NE: "not at"}
    if isinstance(value, Money):
        return f"{bounds.get(condition.op, 'at')} {money(value)}"
    if condition.field == "rating":
        return (
            f"rated {as_tuple(condition.value)[0]} or more"
            if condition.op in (Op.GE, Op.GT)
            else f"rated {bounds.get(condition.op, 'at')} {as_tuple(condition.value)[0]}"
        )
    names = [speakable_name(text) or "something" for text in as_tuple(condition.value)]
    text, label = join_words(names, "or"), field_label(condition.field)
    if condition.field in ("brand", "category", "kind", "text"):
        told = {
            "brand": f"by {text}", "category": f"from {text}", "kind": with_article(text),
            "text": f"mentioning {quoted(names, 'or')}",
        }[condition.field]  # fmt: skip
        return f"not {told}" if negative else told
    if all(is_yes(name) for name in names):
        return f"not {label}" if negative else label
    if is_audience(condition.field):
        told = f"for {join_words([audience(name) or name for name in names], 'or')}"
    elif is_size_field(condition.field):
        told = f"in size {text}"
    elif label in ("color", "colour"):
        told = f"in {text}"
    elif label == "material":
        told = f"made with {text}"
    elif condition.op in (Op.EQ, Op.IN, *NEGATIVE):
        told = f"with {text} as {label or 'an entry'}"
    else:
        return f"with {label} {bounds[condition.op]} {text}"
    return f"not {told}" if negative else told


def same_brand(item: Item, other: Item) -> bool:
    """Whether both records name one brand."""
    return bool(item.brand) and _same_name(item.brand, other.brand)


@lru_cache(maxsize=65536)
def _same_name(name: str, other: str) -> bool:
    return same_text(name, other)
