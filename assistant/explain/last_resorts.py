"""What any record says of its item, for one of which nothing better can be told: no item is shown without a reason."""

from assistant.explain.notes import Notes
from assistant.explain.plain import field_label, speakable, speakable_name
from assistant.explain.points import Point, Slot
from assistant.explain.records import is_no, is_yes, leaf_categories
from index.items import Item

_Made = tuple[str, tuple[Slot, ...]]


def last_resorts(item: Item, notes: Notes) -> tuple[Point, ...]:
    """Where it is and its price, or who makes it, or else the first plain entry of its record; the best first."""
    made = [*_placed(item, notes)]
    brand = notes.brand(item)
    if brand:
        made.append(("made_by", (brand,)))
    if not made:
        made += _recorded(item, notes)
    return tuple(
        Point(item.id, topic, slots, tuple(i for slot in slots for i in slot.evidence), 0.0) for topic, slots in made
    )


def _placed(item: Item, notes: Notes) -> list[_Made]:
    price = notes.price(item)
    leaf, told = next(((leaf, told) for leaf in leaf_categories(item) if (told := speakable_name(leaf))), ("", ""))
    made: list[_Made] = []
    if told:
        place = Slot("category", told, (notes.fact(item, "category", leaf, f"in {told}"),))
        made.append(("placed", (place, price) if price else (place,)))
    if price:
        made.append(("priced", (price,)))
    return made


def _recorded(item: Item, notes: Notes) -> list[_Made]:
    for name, values in (*item.attributes.items(), *item.options.items()):
        label, told = field_label(name), speakable(values[0]) if values else ""
        if label and told and not is_yes(told) and not is_no(told):
            fact = notes.fact(item, name, values[0], f"{label}: {told}")
            return [("recorded", (Slot("value", told, (fact,)), Slot("attribute", label, (fact,))))]
    return []
