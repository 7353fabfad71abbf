"""What was refused and the item is not: said only where the record leaves no doubt."""

from assistant.explain.notes import Notes
from assistant.explain.plain import field_label, join_words, quoted, speakable, speakable_name
from assistant.explain.points import Slot
from assistant.explain.records import is_yes
from assistant.nouns import Constraint
from index.filters import Condition, field_name, record_text, values_of
from index.items import Item, Money
from index.language.words import normalise, stems

Found = tuple[str, tuple[Slot, ...], frozenset[str]]
"""Topic, slots and flags of a point."""

_CONTRASTED = frozenset(field_name(name) for name in ("color", "material", "pattern"))
"""Attributes of which one value excludes another, so that what the item has instead is worth saying."""
_OTHER_SENSES = frozenset(field_name(name) for name in ("scent", "fragrance", "aroma", "flavor", "flavour", "taste"))
"""What `not rose` may mean of an item that has it, though the word is a color too."""


def refused_slots(item: Item, constraint: Constraint, asked: str, notes: Notes) -> Found | None:
    """Topic, slots and flags for a refusal that holds; None when it is better left unsaid.

    It is left unsaid when the refused word is found within any word of the record (`wool` in `lambswool`).
    """
    condition = constraint.condition
    if any(hints_at(record_text(item), value) for value in as_tuple(condition.value)):
        return None
    match condition.field:
        case "brand":
            return _other_brand(item, condition, asked, notes)
        case "text":
            return _unmentioned(item, condition, asked, notes)
        case "kind" | "category" | "price" | "rating":
            return None
        case _:
            return _other_value(item, condition, asked, notes)


def hints_at(text: str, phrase: str) -> bool:
    """Whether the text has the phrase, in one number or the other, even as part of longer words."""
    plain, wanted = normalise(text), normalise(phrase)
    joined = " ".join(stems(phrase))
    return any(bool(one) and (one in plain or one.replace(" ", "") in plain) for one in (wanted, joined))


def _other_brand(item: Item, condition: Condition, asked: str, notes: Notes) -> Found | None:
    brand = notes.brand(item)
    refused = join_words([name for value in as_tuple(condition.value) if (name := speakable_name(value))], "or")
    if brand is None or not refused or hints_at(refused, brand.text):
        return None
    return "other_brand", (brand, Slot("refused", refused, (asked,))), frozenset()


def _unmentioned(item: Item, condition: Condition, asked: str, notes: Notes) -> Found | None:
    phrases = [phrase for value in as_tuple(condition.value) if (phrase := speakable(value))]
    if not phrases:
        return None
    fact = notes.fact(item, "text", "", f"no mention of {quoted(phrases)}")
    return "unmentioned", (Slot("refused", quoted(phrases, "or"), (asked, fact)),), frozenset()


def _other_value(item: Item, condition: Condition, asked: str, notes: Notes) -> Found | None:
    """What the record has instead, said only where it is one plain value."""
    name, label = field_name(condition.field), field_label(condition.field)
    values = values_of(item, condition.field)
    refused = join_words([told for value in as_tuple(condition.value) if (told := speakable(value))], "or")
    if name not in _CONTRASTED or len(values) != 1 or is_yes(values[0]) or not refused or not label:
        return None
    if any(field_name(field) in _OTHER_SENSES for field in (*item.attributes, *item.options)):
        return None
    told = speakable(values[0])
    if not told or hints_at(refused, told):
        return None
    fact = notes.fact(item, condition.field, values[0], f"{label}: {told}")
    slots = (Slot("value", told, (fact,)), Slot("attribute", label, (fact,)), Slot("refused", refused, (asked,)))
    return "other_value", slots, frozenset()


def as_tuple(value: str | float | Money | tuple[str, ...]) -> tuple[str, ...]:
    """What a condition asks for, as texts: 4.0 as `4`, money as `60.00 EUR`."""
    return value if isinstance(value, tuple) else (f"{value:g}" if isinstance(value, float) else str(value),)
