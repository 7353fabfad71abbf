"""Whether an item is as a question has it: `in red in size 43?`, `under 50?`. Judged as the filters judge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.language.palette import COLOURS
from assistant.dialogue.questions.facts import Answer, IsHostile, fact, listed, recorded
from assistant.nouns import Evidence
from index.filters import NEGATIVE, Condition, Op, field_name, holds, holds_together, values_of
from index.items import Item, Money
from index.language.sizes import is_size_field
from index.language.words import stem, tokens

_PASSED_OVER = frozenset({"kind", "category", "id", "text"})
_EXCLUSIVE = frozenset(field_name(name) for name in ("color", "material", "fabric", "size", "gender"))
"""Fields that leave nothing out: what is not named there, the item has not."""
_PLAIN = {
    "price": ("costs", "what it costs"), "rating": ("has", "how it is rated"), "brand": ("is made by", "who makes it"),
}  # fmt: skip
"""Fields that every record has -> how their value is told, and what a record without one does not say."""
_IN_WHAT = re.compile(r"\b(?:in|size|in size|in a size|a size)\s+([\w/.]+)", re.I)
_SIZE = re.compile(r"\d{1,3}(?:[.,/]\d{1,2})?|[x]{0,4}[sml]|\d?x[sl]", re.I)
_OPEN = re.compile(r"\W*(?:and\s+|so\s+|but\s+)*(?:what|which|how|why|who|whose|when|where)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """One condition judged. `holds` None: the record does not say."""

    holds: bool | None
    text: str
    facts: tuple[Evidence, ...] = ()


def verdict(item: Item, question: str, asked: Sequence[Condition], is_hostile: IsHostile) -> Answer | None:
    """Yes or no, with what the record says; None where the question names no value that can be judged.

    Args:
        asked: what the question says of an item, read as if it were asked for.
    """
    if _OPEN.match(question):
        return None
    conditions = [each for each in asked if each.field not in _PASSED_OVER and each.op not in NEGATIVE]
    conditions += _unheard_of(item, question, conditions)
    if not conditions:
        return None
    judged = [(_judged(item, each, is_hostile), each) for each in conditions]
    against = [one for one, _ in judged if one.holds is False]
    unknown = [one for one, _ in judged if one.holds is None]
    facts = tuple({each.text: each for one, _ in judged for each in one.facts}.values())
    if against:
        return Answer(f"No: {item.title} {_listed(against)}.", facts, about=(item.id,))
    if unknown:
        told = f"The record of {item.title} does not say {_listed(unknown, 'or')}."
        known = [one for one, _ in judged if one.holds]
        return Answer(f"{told} It {_listed(known)}." if known else told, facts, bool(known), (item.id,))
    if not holds_together(item, conditions):
        return _apart(item, conditions, facts)
    return Answer(f"Yes: {item.title} {_listed([one for one, _ in judged])}.", facts, about=(item.id,))


def buyable(item: Item, name: str) -> tuple[str, ...]:
    """The values of an option or attribute that can be bought now."""
    values = values_of(item, name)
    wanted = field_name(name)
    if not any(field_name(option) == wanted for variant in item.variants for option in variant.options):
        return tuple(values) if item.in_stock else ()
    there = {
        value
        for variant in item.variants
        if variant.in_stock
        for option, value in variant.options.items()
        if field_name(option) == wanted
    }
    return tuple(value for value in values if value in there)


def is_option(item: Item, name: str) -> bool:
    """Whether a buyer chooses among the values of a field."""
    wanted = field_name(name)
    chosen = [*item.options, *(option for variant in item.variants for option in variant.options)]
    return any(field_name(option) == wanted for option in chosen)


def _judged(item: Item, condition: Condition, is_hostile: IsHostile) -> _Verdict:
    if condition.field not in _PLAIN:
        return _of_values(item, condition, is_hostile)
    verb, silent = _PLAIN[condition.field]
    made = recorded(item, condition.field)
    if made is None or is_hostile(item.brand if condition.field == "brand" else ""):
        return _Verdict(None, silent)
    sum_asked = condition.value if isinstance(condition.value, Money) else None
    if sum_asked and item.price and item.price.currency != sum_asked.currency:
        return _Verdict(None, f"what it costs in {sum_asked.currency}")
    return _Verdict(holds(item, condition), f"{verb} {made.value}", (made,))


def _of_values(item: Item, condition: Condition, is_hostile: IsHostile) -> _Verdict:
    name = condition.field.replace("_", " ")
    values = [value for value in values_of(item, condition.field) if not is_hostile(value)]
    if not values:
        return _Verdict(None, f"anything about {name}")
    there = [value for value in buyable(item, condition.field) if value in values]
    wanted = condition.value if isinstance(condition.value, tuple) else (str(condition.value),)
    is_met = holds(item, condition)
    sized = "sizes " if is_size_field(condition.field) else ""
    if not is_option(item, condition.field):
        told = f"{name}: {', '.join(values)}"
        facts = (fact(item, condition.field, ", ".join(values)),)
        if not is_met and len(values) > 1 and field_name(condition.field) not in _EXCLUSIVE:
            return _Verdict(None, f"anything of {' or '.join(wanted)}, only {told}", facts)
        return _Verdict(is_met, f"has on record {told}", facts)
    facts = (fact(item, condition.field, ", ".join(there) or "none in stock"),)
    if is_met:
        met = [v for v in there if holds_value(item, condition, v)] or list(wanted)
        return _Verdict(True, f"comes in {'size ' if sized else ''}{' and '.join(met)}", facts)
    if not there:
        return _Verdict(False, f"is sold out in every {name}", facts)
    gone = [value for value in values if value not in there and holds_value(item, condition, value)]
    refused = f"{'size ' if sized else ''}{' or '.join(gone or wanted)}"
    said = f"{refused} is sold out" if gone else f"not in {refused}"
    comes = f"comes in {sized if len(there) > 1 else 'size ' if sized else ''}{listed(there)}"
    return _Verdict(False, f"{comes}; {said}" if gone else f"{comes}, {said}", facts)


def holds_value(item: Item, condition: Condition, value: str) -> bool:
    """Whether one value alone would satisfy a condition."""
    alone = Item(item.id, item.title, attributes={condition.field: (value,)})
    return holds(alone, condition)


def _apart(item: Item, conditions: Sequence[Condition], facts: tuple[Evidence, ...]) -> Answer:
    """Each is met, but by no version that is in stock."""
    wanted = [str(c.value[0] if isinstance(c.value, tuple) else c.value) for c in conditions]
    text = f"No: {item.title} has no version in stock that is all of that at once: {listed(wanted)}."
    return Answer(text, facts, about=(item.id,))


def _unheard_of(item: Item, question: str, conditions: Sequence[Condition]) -> list[Condition]:
    """Sizes and colours named in the question that nothing in this shop has, and so were not read."""
    fields = {field_name(each.field) for each in conditions}
    sizes = [name for name in (*item.options, *item.attributes) if is_size_field(name)]
    colours = [name for name in (*item.options, *item.attributes) if field_name(name) == "color"]
    found: list[Condition] = []
    for match in _IN_WHAT.finditer(question):
        word = match[1].rstrip(".")
        if sizes and _SIZE.fullmatch(word) and not fields & {field_name(name) for name in sizes}:
            found.append(Condition(sizes[0], Op.EQ, word.upper()))
        elif colours and any(stem(token) in COLOURS for token in tokens(word)) and "color" not in fields:
            found.append(Condition(colours[0], Op.EQ, word))
    return found[:2]


def _listed(verdicts: Sequence[_Verdict], last: str = "and") -> str:
    """`comes in Red in size 43 and costs 39.00 EUR`."""
    told: list[str] = []
    for one in verdicts:
        again = told and told[-1].startswith("comes in ") and one.text.startswith("comes in ") and ";" not in told[-1]
        if again and "not in" not in told[-1]:
            told[-1] += one.text.removeprefix("comes")
        elif one.text not in told:
            told.append(one.text)
    return listed(told, last)
