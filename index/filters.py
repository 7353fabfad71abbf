"""Conditions over item records. One meaning, used before the search, by the ledger and by whoever checks a reply."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from index.items import Item, Money, Variant
from index.language.ages import ages_of, is_age_field, same_ages
from index.language.families import family_of, is_excused, names_member, names_phrase
from index.language.kinds import is_kind
from index.language.sizes import is_size_field, same_size
from index.language.units import measure
from index.language.words import has_phrase, normalise, stems, tokens


class Op(StrEnum):
    """How a condition compares. `IN` and `NOT_IN` take a tuple of strings, the others one value."""

    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "="
    NE = "!="
    IN = "in"
    NOT_IN = "not in"


@dataclass(frozen=True, slots=True)
class Condition:
    """`field op value`, e.g. `price <= 60.00 EUR`, `brand != Alba`, `size = M`, `kind in (jacket,)`.

    Fields:
        id: the item's own id, to the letter.
        price: value is Money; orderings and `=`. An item without a price, or in another currency, never satisfies it.
            Where variants have prices of their own, those in stock are asked, together with the options.
        brand, category: strings compared without case; a category holds for an item under that path or path segment.
        kind: what sort of thing it is (`jacket`): holds when the word heads the title or a category segment.
        rating: value is float stars; an item nobody rated never satisfies it.
        text: a word or phrase; `=` the item's record mentions it, `!=` it does not, nor a compound that ends in it, nor
            anything `families` says it covers (`nuts` refuses almonds).
        anything else: the name of an attribute or option (`color`, `size`, `material`), compared without case and by
            whole words, so that `blue` holds for `Navy Blue`. Options are judged together over variants in stock:
            `color = blue` and `size = M` needs one variant that is both. `!=` fails if any value equals,
            or is covered by what is refused: `lambswool` and `merino` are wool, and so is a `Merino Hat` by its title.
            Ages are compared whole: `3+` is not `3-6`.
            Sizes are compared whole: `M` is `Medium` and not `M/L Tall`. Orderings take an amount (`300 g`) and hold
            for values that are one amount of the same kind, in whatever unit (`0.2 kg`). They also take a bare number,
            compared as it stands: it means something where all values carry one unit, see `Catalogue.units`.
    """

    field: str
    op: Op
    value: str | float | Money | tuple[str, ...]


NEGATIVE = frozenset({Op.NE, Op.NOT_IN})
ORDERINGS = frozenset({Op.LT, Op.LE, Op.GT, Op.GE})
ITEM_FIELDS = frozenset({"id", "brand", "category", "kind", "rating", "text"})
"""Fields judged on the item itself; `price` and options may differ between its variants."""


def of_values(field: str, values: Iterable[str], *, refused: bool = False) -> Condition:
    """`field = value`, or `field in (...)` of several; `refused`: none of them. Kinds of things are always a list."""
    several = tuple(dict.fromkeys(values))
    if len(several) == 1 and field != "kind":
        return Condition(field, Op.NE if refused else Op.EQ, several[0])
    return Condition(field, Op.NOT_IN if refused else Op.IN, several)


def holds(item: Item, condition: Condition) -> bool:
    """Whether the item alone satisfies the condition."""
    return holds_together(item, (condition,))


def holds_together(item: Item, conditions: Iterable[Condition]) -> bool:
    """Whether the item satisfies all conditions, its options and variant prices by one variant in stock."""
    by_variant: list[Condition] = []
    for condition in conditions:
        if is_about_variants(item, condition):
            by_variant.append(condition)
        elif not _holds_on_item(item, condition):
            return False
    return not by_variant or any(meets_all(item, variant, by_variant) for variant in item.variants if variant.in_stock)


def meets_all(item: Item, variant: Variant, conditions: Iterable[Condition]) -> bool:
    """Whether one variant satisfies conditions that must be judged variant by variant."""
    return all(_holds_on_variant(item, variant, condition) for condition in conditions)


def is_about_variants(item: Item, condition: Condition) -> bool:
    """Whether the condition must be judged variant by variant for this item."""
    if not item.variants or condition.field in ITEM_FIELDS:
        return False
    if condition.field == "price":
        return has_own_prices(item)
    if condition.op in NEGATIVE:
        return False
    name = field_name(condition.field)
    return any(field_name(option) == name for variant in item.variants for option in variant.options)


def has_own_prices(item: Item) -> bool:
    """Whether some variant costs something of its own; what such an item costs depends on the variant chosen."""
    return any(variant.price is not None for variant in item.variants)


@lru_cache(maxsize=4096)
def field_name(name: str) -> str:
    """The name of an attribute or option as compared: `Colour`, `colors` and `color` are one."""
    return " ".join(stems(name))


def values_of(item: Item, name: str) -> list[str]:
    """All values the item has under a field name, over attributes, options and variants, without repeats."""
    wanted = field_name(name)
    found = [
        value
        for source in (item.attributes, item.options)
        for key, values in source.items()
        if field_name(key) == wanted
        for value in values
    ]
    found += [value for variant in item.variants for key, value in variant.options.items() if field_name(key) == wanted]
    return list(dict.fromkeys(found))


def record_text(item: Item) -> str:
    """What the shop says of the item, every field on its own line; reviews are not the shop's words."""
    lines = [item.title, item.brand, *item.categories, item.description]
    for source in (item.attributes, item.options):
        lines += [f"{name} {value}" for name, values in source.items() for value in values]
    return "\n".join(line for line in lines if line)


def _holds_on_item(item: Item, condition: Condition) -> bool:
    op, value = condition.op, condition.value
    match condition.field:
        case "price":
            return _money_holds(item.price, condition)
        case "id":
            return string_holds(op, value, lambda wanted: item.id == wanted)
        case "rating":
            return item.rating is not None and number_holds(item.rating, op, value)
        case "brand":
            return string_holds(op, value, lambda wanted: bool(item.brand) and same_text(item.brand, wanted))
        case "category":
            return string_holds(op, value, lambda wanted: any(is_under(path, wanted) for path in item.categories))
        case "kind":
            return string_holds(op, value, lambda wanted: is_kind(item, wanted))
        case "text":
            lines = [stems(line) for line in record_text(item).split("\n")]
            refused = op in NEGATIVE
            return string_holds(op, value, lambda wanted: _record_says(item, lines, stems(wanted), refused))
        case _:
            values = values_of(item, condition.field)
            if op in ORDERINGS:
                return any(value_holds(condition.field, held, op, value) for held in values)
            if op in NEGATIVE:
                return string_holds(
                    op,
                    value,
                    lambda wanted: (
                        any(names_refused(condition.field, v, wanted) for v in values)
                        or _named_elsewhere(item, condition.field, wanted)
                    ),
                )
            return string_holds(op, value, lambda wanted: any(same_value(condition.field, v, wanted) for v in values))


def _holds_on_variant(item: Item, variant: Variant, condition: Condition) -> bool:
    if condition.field == "price":
        return _money_holds(variant.price or item.price, condition)
    name = field_name(condition.field)
    held = [value for option, value in variant.options.items() if field_name(option) == name]
    return any(value_holds(condition.field, value, condition.op, condition.value) for value in held)


def string_holds(op: Op, value: object, equals: Callable[[str], bool]) -> bool:
    """Apply a string operator; `equals` says whether the item has one wanted string."""
    wanted = value if isinstance(value, tuple) else (value,)
    met = any(equals(_as_text(one)) for one in wanted)
    return not met if op in NEGATIVE else met and op not in ORDERINGS


def value_holds(field: str, held: str, op: Op, value: object) -> bool:
    """Whether one value of an attribute or option satisfies the comparison."""
    if op in ORDERINGS:
        return amount_holds(held, op, value)
    return string_holds(op, value, lambda wanted: same_value(field, held, wanted))


def same_text(held: str, wanted: str) -> bool:
    """Equal without regard to case, accents and punctuation."""
    return normalise(held) == normalise(wanted) or (bool(tokens(wanted)) and tokens(held) == tokens(wanted))


def same_value(field: str, held: str, wanted: str) -> bool:
    """Whether a value of this field is what is wanted: sizes whole, everything else by whole words."""
    if is_size_field(field):
        return same_size(held, wanted)
    if is_age_field(field) and ages_of(wanted) is not None:
        return same_ages(held, wanted)
    return has_phrase(stems(held), stems(wanted))


def names_refused(field: str, held: str, wanted: str) -> bool:
    """Whether a value is what is refused, or of its family: `wool` refuses `merino` and `lambswool`.

    What only imitates it is not: `leather` leaves `faux leather`.
    """
    if is_size_field(field) or is_age_field(field):
        return same_value(field, held, wanted)
    return _says(stems(held), stems(wanted), refused=True)


def _named_elsewhere(item: Item, field: str, wanted: str) -> bool:
    """Whether a family that a field shall not be of is named outside it: `Suede Boots`, whose material nobody recorded.

    A material in the title, what is eaten anywhere in the record.
    """
    phrase = stems(wanted)
    family = None if is_size_field(field) else family_of(phrase)
    if family is None:
        return False
    if family.is_eaten:
        return _record_says(item, [stems(line) for line in record_text(item).split("\n")], phrase, refused=True)
    return names_member(stems(item.title), family)


def _record_says(item: Item, lines: Sequence[Sequence[str]], phrase: Sequence[str], refused: bool) -> bool:
    """Whether a line says the phrase; where a family is refused, an item that says to be free of it is not asked on."""
    family = family_of(phrase) if refused else None
    if family is not None and is_excused(lines if family.is_told else _told(item), family):
        return False
    return any(_says(line, phrase, refused) for line in lines)


def _told(item: Item) -> list[tuple[str, ...]]:
    """Title, departments and facts of an item as stems: what it says of itself, as against what is told about it."""
    facts = [f"{name} {value}" for name, values in item.attributes.items() for value in values]
    return [stems(line) for line in (item.title, *item.categories, *facts)]


def may_name(word: str, phrase: Sequence[str]) -> bool:
    """Whether a word may be why an item is refused that shall not have what the phrase covers."""
    family = family_of(phrase)
    named = word in family.members if family is not None else word == phrase[0]
    return named or (len(phrase) == 1 and is_compound(word, phrase[0]))


def is_compound(word: str, last: str) -> bool:
    """Whether `word` is a compound of another word and `last`, as `lambswool` of `wool`; `spring` is none of `ring`."""
    return len(last) >= 4 and len(word) >= len(last) + 4 and word.endswith(last)


def _says(words: Sequence[str], phrase: Sequence[str], refused: bool) -> bool:
    """Whether a line says a phrase; of a refused one also what it covers, and compounds of a single word.

    What is named as absent (`nut-free`, `no added sugar`) is not there to be refused.
    """
    if not refused:
        return has_phrase(words, phrase)
    family = family_of(phrase)
    if names_member(words, family) if family is not None else names_phrase(words, phrase):
        return True
    return len(phrase) == 1 and any(is_compound(word, phrase[0]) for word in words)


def is_under(path: str, wanted: str) -> bool:
    """Whether a category path lies under `wanted`, which is a segment or several consecutive ones."""
    return has_phrase(path_segments(path), path_segments(wanted))


def path_segments(path: str) -> list[str]:
    """The segments of a category path, normalised."""
    return [segment for segment in (normalise(part) for part in path.split("/")) if segment]


def number_holds(held: float, op: Op, value: object) -> bool:
    """Compare two numbers; a value that is no number is never met, not even by `!=`."""
    if isinstance(value, tuple | Money):
        return False
    wanted = leading_number(value) if isinstance(value, str) else value
    if not isinstance(wanted, int | float):
        return False
    return _ordered(held, op, float(wanted))


def amount_holds(held: str, op: Op, value: object) -> bool:
    """Whether a value that is one amount compares so with an amount of the same kind, or with a bare number."""
    amount = measure(held)
    if amount is None:
        return False
    wanted = measure(value) if isinstance(value, str) else None
    if wanted is None or not wanted.unit:
        return number_holds(amount.number, op, value)
    return amount.kind == wanted.kind and _ordered(amount.worth, op, wanted.worth)


def leading_number(text: str) -> float | None:
    """The number of a value that is one number with at most a unit behind it, e.g. 20.0 for `20 L`, else None."""
    amount = measure(text)
    return None if amount is None else amount.number


def _money_holds(price: Money | None, condition: Condition) -> bool:
    limit = condition.value
    if price is None or not isinstance(limit, Money) or price.currency != limit.currency:
        return False
    return _ordered(price.amount_minor, condition.op, limit.amount_minor)


def _ordered(held: float, op: Op, wanted: float) -> bool:
    match op:
        case Op.LT:
            return held < wanted
        case Op.LE:
            return held <= wanted
        case Op.GT:
            return held > wanted
        case Op.GE:
            return held >= wanted
        case Op.EQ:
            return held == wanted
        case Op.NE:
            return held != wanted
        case _:
            return False


def _as_text(value: object) -> str:
    """Numbers as a record writes them: 42.0 is `42`."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def allowed(item: Item, conditions: Sequence[Condition], *, in_stock: bool = True) -> bool:
    """Whether the item may be shown under the conditions, and can be bought if `in_stock`."""
    return (item.in_stock or not in_stock) and holds_together(item, conditions)
