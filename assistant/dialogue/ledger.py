"""The ledger: what a shopper asked for so far, and how a new turn changes it. Pure functions on tuples."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.dialogue.language.palette import AUDIENCE_NAMES, COLOUR_FIELDS
from assistant.nouns import Constraint
from index.filters import NEGATIVE, Condition, Op, field_name
from index.items import Money
from index.language.ages import is_age_field
from index.language.sizes import is_size_field
from index.language.words import normalise, stems

_MOST = frozenset({Op.LT, Op.LE})
_LEAST = frozenset({Op.GT, Op.GE})
_AUDIENCE_WORDS = frozenset(word for names in AUDIENCE_NAMES.values() for word in names)
_ONE_VALUED = frozenset({"brand", "kind", "category", "material", "fabric", "gender", "id"}) | COLOUR_FIELDS
_QUANTITY = re.compile(r"\d+(?:[.,]\d+)?\s*[^\W\d_]{1,10}|\d+(?:[.,]\d+)?\s*[\"%]")
"""`27 inch`: what is measured has one value at a time."""
_ID = re.compile(r"c(\d+)")


def add(
    ledger: tuple[Constraint, ...], new: Sequence[Constraint], turn: int, taken: Collection[str] = ()
) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...]]:
    """The ledger with the new entries, and the old entries they took the place of.

    A new limit replaces the old one of the same direction, and the opposite one if the two cannot both hold. A new
    value replaces the old wish for the same field where an item has one such value (brand, kind, colour, size ...);
    other values accumulate, and so do refusals. Refusing a value ends an earlier wish for it, and the other way round;
    of `red or blue`, refusing red leaves blue. Nothing the model read, and no soft limit, ends a hard entry it could
    live beside. Entries of one call never replace each other; what is in force already is not added twice.

    Args:
        taken: ids given before and not in `ledger` any more; none of them is used again.
    """
    kept = list(ledger)
    replaced: list[Constraint] = []
    number = max((_number(entry_id) for entry_id in (*(entry.id for entry in ledger), *taken)), default=0)
    fresh: list[Constraint] = []
    for entry in new:
        if any(_is_same(entry, other) for other in fresh):
            continue
        kept = [_narrowed(old, entry) for old in kept]
        gone = [old for old in kept if _replaces(entry, old)]
        same = next((old for old in gone if _is_same(entry, old)), None)
        if same is not None and len(gone) == 1:
            continue
        replaced += gone
        kept = [old for old in kept if old not in gone]
        fresh.append(entry)
    for entry in fresh:
        number += 1
        kept.append(replace(entry, id=f"c{number}", turn=turn))
    return tuple(kept), tuple(replaced)


def remove(ledger: tuple[Constraint, ...], ids: Collection[str]) -> tuple[Constraint, ...]:
    """The ledger without the entries of these ids; unknown ids change nothing."""
    return tuple(entry for entry in ledger if entry.id not in ids)


def describe(constraint: Constraint) -> str:
    """A few plain words for a chip, e.g. `up to 60.00 EUR`, `not Luma`, `size M`, `prefers blue`."""
    condition = constraint.condition
    listed = is_age_field(condition.field) and isinstance(condition.value, tuple)
    text = f"age: {constraint.quote}" if listed else _plain(condition)  # as said; the values are too many to name
    if constraint.kind == "hard":
        return text
    return (
        f"ideally {text}" if condition.op in NEGATIVE or condition.field in ("price", "rating") else f"prefers {text}"
    )


def _plain(condition: Condition) -> str:
    value = condition.value
    if condition.field == "id":
        return "not this one" if condition.op in NEGATIVE else "this one"
    if isinstance(value, Money):
        return _limit(condition.op, str(value))
    said = " or ".join(value) if isinstance(value, tuple) else value if isinstance(value, str) else f"{value:g}"
    if condition.field == "rating":
        return f"{_limit(condition.op, said)} stars"
    if condition.op in _MOST | _LEAST:
        return f"{_label(condition.field)} {_limit(condition.op, said)}"
    plain = normalise(said)
    if plain in ("yes", "true", "1", "y"):
        said = _label(condition.field)
    elif is_size_field(condition.field) and "size" not in plain:
        said = f"size {said}"
    elif condition.field == "text" and condition.op not in NEGATIVE:
        said = f"\u201c{said}\u201d"
    return f"not {said}" if condition.op in NEGATIVE else said


def _limit(op: Op, said: str) -> str:
    words = {Op.LT: "under", Op.LE: "up to", Op.GT: "over", Op.GE: "at least", Op.EQ: "exactly", Op.NE: "not"}
    return f"{words[op]} {said}"


def _label(field: str) -> str:
    return field.replace("_", " ")


def _number(entry_id: str) -> int:
    found = _ID.fullmatch(entry_id)
    return int(found[1]) if found else 0


def _is_same(one: Constraint, other: Constraint) -> bool:
    return one.condition == other.condition and one.kind == other.kind


def _replaces(new: Constraint, old: Constraint) -> bool:
    """Whether the new entry leaves no place for the old one."""
    condition, before = new.condition, old.condition
    if new.source == "model" and old.kind == "hard":
        return False
    if condition == before:
        return True
    if _is_thing(condition) and _is_thing(before):
        return True
    if field_name(condition.field) != field_name(before.field):
        return False
    if is_age_field(condition.field):
        return True  # whoever it is for now
    if condition.field == "price" and Op.EQ in (condition.op, before.op):
        return True
    if condition.op in _MOST | _LEAST:
        return _limits_again(condition, before, same_way=new.kind == "hard" or old.kind == "soft")
    if condition.op in NEGATIVE:
        return (
            before.op not in NEGATIVE and before.op not in _MOST | _LEAST and bool(_values(condition) & _values(before))
        )
    if before.op in NEGATIVE:  # `I love black cats` takes nothing back
        return (new.kind == "hard" or old.kind == "soft") and bool(_values(condition) & _values(before))
    if before.op in _MOST | _LEAST:
        return False
    if condition.field == "category" and _is_audience(condition) != _is_audience(before):
        return False
    measured = all(isinstance(one.value, str) and _QUANTITY.fullmatch(one.value) for one in (condition, before))
    return measured or field_name(condition.field) in _ONE_VALUED or is_size_field(condition.field)


def _narrowed(old: Constraint, new: Constraint) -> Constraint:
    """An entry of several values without those the new one says the opposite of, if any are left."""
    condition = old.condition
    opposite = (condition.op, new.condition.op) in {
        (Op.IN, Op.NE),
        (Op.IN, Op.NOT_IN),
        (Op.NOT_IN, Op.EQ),
        (Op.NOT_IN, Op.IN),
    }
    same_field = field_name(condition.field) == field_name(new.condition.field)
    if not opposite or not same_field or not isinstance(condition.value, tuple) or new.source == "model":
        return old
    ended = _values(new.condition)
    left = tuple(value for value in condition.value if normalise(value) not in ended)
    return replace(old, condition=replace(condition, value=left)) if left and left != condition.value else old


def _limits_again(condition: Condition, before: Condition, *, same_way: bool) -> bool:
    """Whether a limit leaves nothing beside an earlier one, or (`same_way`) goes the same direction."""
    if before.op not in _MOST | _LEAST:
        return False
    if (condition.op in _MOST) == (before.op in _MOST):
        return same_way
    value, held = condition.value, before.value
    if isinstance(value, Money) and isinstance(held, Money):
        if value.currency != held.currency:
            return True
        new, old = float(value.amount_minor), float(held.amount_minor)
    elif isinstance(value, int | float) and isinstance(held, int | float):
        new, old = float(value), float(held)
    else:
        return True
    most, least = (new, old) if condition.op in _MOST else (old, new)
    return least > most or (least == most and not {condition.op, before.op} <= {Op.LE, Op.GE})


def _is_thing(condition: Condition) -> bool:
    """Whether the condition says what sort of thing is wanted: a kind, or a department that is not an audience."""
    if condition.op in NEGATIVE:
        return False
    return condition.field == "kind" or (condition.field == "category" and not _is_audience(condition))


def _is_audience(condition: Condition) -> bool:
    return any(set(stems(value)) & _AUDIENCE_WORDS for value in _values(condition))


def _values(condition: Condition) -> frozenset[str]:
    value = condition.value
    return (
        frozenset(normalise(part) for part in value) if isinstance(value, tuple) else frozenset({normalise(str(value))})
    )
