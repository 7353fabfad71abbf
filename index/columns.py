"""The conditions of `filters`, answered for a whole catalogue at once.

Every distinct value is compared once, then its rows are taken together; the meaning stays in `filters`.
"""

import copy
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.filters import (
    ITEM_FIELDS,
    NEGATIVE,
    Condition,
    Op,
    field_name,
    holds,
    is_under,
    may_name,
    names_refused,
    record_text,
    same_text,
    string_holds,
    value_holds,
)
from index.items import Item, Money, Variant
from index.language.families import family_of
from index.language.kinds import is_kind, item_phrases, kind_words
from index.language.units import measure
from index.language.words import stems
from index.variants import VariantColumns

Mask = NDArray[np.bool_]
Postings = dict[str, NDArray[np.int64]]

_MOST_KEPT = 1024
"""Refusals whose rows are kept; shoppers word them freely, so that there is no end to them."""

_COMPARE: dict[Op, Callable[[NDArray[np.float64], float], Mask]] = {
    Op.LT: np.less,
    Op.LE: np.less_equal,
    Op.GT: np.greater,
    Op.GE: np.greater_equal,
    Op.EQ: np.equal,
    Op.NE: np.not_equal,
}


class Masks(Protocol):
    """Whatever can say which rows satisfy conditions."""

    def mask(self, conditions: Sequence[Condition], *, in_stock: bool = True) -> Mask:
        """Which rows satisfy all conditions, and can be bought if `in_stock`."""
        ...


class Columns:
    """The items' fields by column; `mask` says which rows satisfy conditions. Rows are positions in `items`."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = tuple(items)
        self.in_stock: Mask = np.array([item.in_stock for item in self._items], dtype=np.bool_)
        self._by_refusal: dict[Condition, NDArray[np.int64]] = {}

    def mask(self, conditions: Sequence[Condition], *, in_stock: bool = True) -> Mask:
        """Which rows satisfy all conditions, and can be bought if `in_stock`: True exactly where `filters` says so."""
        allowed = self.in_stock.copy() if in_stock else np.ones(len(self._items), dtype=np.bool_)
        for condition in conditions:
            allowed &= self._one(condition)
        together = [condition for condition in conditions if _may_need_a_variant(condition)]
        if len(together) > 1:
            # What one variant satisfies and another one too, no single variant need satisfy together.
            allowed &= self._variants.together(together, _COMPARE)
        return allowed

    def has(self, name: str) -> bool:
        """Whether any item records an attribute or option of this name."""
        return field_name(name) in self._any_values

    def units(self, name: str) -> Postings:
        """The units in which amounts of an attribute or option are given, "" for none -> the rows that do so."""
        found: dict[str, set[int]] = {}
        for value, rows in self._any_values.get(field_name(name), {}).items():
            amount = measure(value)
            if amount is not None:
                found.setdefault(amount.unit, set()).update(rows.tolist())
        return _sorted(found)

    def with_numbers(self, changed: Mapping[int, Item]) -> "Columns":
        """The columns with other items in some rows: of equal words, but perhaps another price, stock or rating.

        Everything that does not depend on these is shared. Cost: a copy of three arrays, not a new reading.
        """
        new = copy.copy(self)
        items = list(self._items)
        for row, item in changed.items():
            items[row] = item
        new._items = tuple(items)
        new.in_stock = self.in_stock.copy()
        for row, item in changed.items():
            new.in_stock[row] = item.in_stock
        held = vars(new)
        if "_variants" in held:
            if all(_same_options(self._items[row], item) for row, item in changed.items()):
                held["_variants"] = self._variants.after(changed)
            else:
                del held["_variants"]
        if "_ratings" in held:
            held["_ratings"] = ratings = self._ratings.copy()
            for row, item in changed.items():
                ratings[row] = np.nan if item.rating is None else item.rating
        if "_buyable_values" in held and any(item.variants for item in changed.values()):
            held["_buyable_values"] = _restocked(self._buyable_values, self._items, changed)
        return new

    def _one(self, condition: Condition) -> Mask:
        match condition.field:
            case "id":
                return self._strings(condition, self._ids, operator.eq)
            case "price":
                return self._price(condition)
            case "rating":
                return self._rating(condition)
            case "brand":
                return self._strings(condition, self._brands, same_text)
            case "category":
                return self._strings(condition, self._categories, is_under)
            case "kind":
                return self._words(condition, self._heads, kind_words, is_kind)
            case "text":
                return self._words(condition, self._text, stems, _mentions)
            case _:
                return self._values(condition)

    def _price(self, condition: Condition) -> Mask:
        limit = condition.value
        if not isinstance(limit, Money) or condition.op not in _COMPARE:
            return self._none()
        return self._variants.priced(_COMPARE[condition.op], limit)

    def _rating(self, condition: Condition) -> Mask:
        if not isinstance(condition.value, int | float) or condition.op not in _COMPARE:
            return np.array([holds(item, condition) for item in self._items], dtype=np.bool_)
        return _COMPARE[condition.op](self._ratings, float(condition.value)) & ~np.isnan(self._ratings)

    def _strings(self, condition: Condition, rows: Postings, equals: Callable[[str, str], bool]) -> Mask:
        """Rows of the distinct values that equal a wanted one; the rest for a negative operator."""
        met = self._none()
        positive = _positive(condition)
        for held, held_rows in rows.items():
            if string_holds(positive.op, positive.value, lambda wanted, held=held: equals(held, wanted)):
                met[held_rows] = True
        return ~met if condition.op in NEGATIVE else met

    def _words(
        self,
        condition: Condition,
        rows: Postings,
        read: Callable[[str], tuple[str, ...]],
        satisfies: Callable[[Item, str], bool],
    ) -> Mask:
        """Rows that have every word of a wanted phrase, each then asked in full."""
        met = self._none()
        positive = _positive(condition)
        if positive.op not in (Op.EQ, Op.IN):
            return met
        for wanted in positive.value if isinstance(positive.value, tuple) else (positive.value,):
            text = f"{wanted:g}" if isinstance(wanted, float) else str(wanted)
            words = read(text)
            if satisfies is _mentions and condition.op in NEGATIVE:
                met[self._refused(Condition("text", Op.NE, text))] = True
                continue
            found = _intersection(rows, words)
            if satisfies is _mentions and len(words) == 1:  # having the word is all there is to it
                met[found] = True
                continue
            for row in found:
                met[row] = met[row] or satisfies(self._items[row], text)
        return ~met if condition.op in NEGATIVE else met

    def _values(self, condition: Condition) -> Mask:
        met = self._none()
        positive = _positive(condition)
        negative = condition.op in NEGATIVE
        named = (self._any_values if negative else self._buyable_values).get(field_name(condition.field), {})
        for held, held_rows in named.items():
            if negative:
                same = string_holds(
                    positive.op, positive.value, lambda wanted, held=held: names_refused(condition.field, held, wanted)
                )
            else:
                same = value_holds(condition.field, held, positive.op, positive.value)
            if same:
                met[held_rows] = True
        for wanted in _strings_of(condition) if negative else ():
            if family_of(stems(wanted)) is not None:
                met[self._refused(Condition(condition.field, Op.NE, wanted))] = True
        return ~met if negative else met

    def _refused(self, condition: Condition) -> NDArray[np.int64]:
        """The rows refused for a word their record has; kept, as each of these is asked in full."""
        known = self._by_refusal.get(condition)
        if known is None:
            phrase = stems(str(condition.value))
            naming = {
                int(row) for word, rows in self._text.items() if phrase and may_name(word, phrase) for row in rows
            }
            refused = [row for row in sorted(naming) if not holds(self._items[row], condition)]
            if len(self._by_refusal) >= _MOST_KEPT:
                self._by_refusal.clear()
            known = self._by_refusal[condition] = np.array(refused, dtype=np.int64)
        return known

    def _none(self) -> Mask:
        return np.zeros(len(self._items), dtype=np.bool_)

    @cached_property
    def _variants(self) -> VariantColumns:
        return VariantColumns.of(self._items)

    @cached_property
    def _ratings(self) -> NDArray[np.float64]:
        return np.array([np.nan if item.rating is None else item.rating for item in self._items], dtype=np.float64)

    @cached_property
    def _ids(self) -> Postings:
        return {item.id: np.array([row], dtype=np.int64) for row, item in enumerate(self._items)}

    @cached_property
    def _brands(self) -> Postings:
        return _postings((item.brand,) if item.brand else () for item in self._items)

    @cached_property
    def _categories(self) -> Postings:
        return _postings(item.categories for item in self._items)

    @cached_property
    def _heads(self) -> Postings:
        """Words of titles and kinds: whatever a kind may be made of."""
        return _postings(
            {*kind_words(item.title), *(word for phrase in item_phrases(item) for word in phrase)}
            for item in self._items
        )

    @cached_property
    def _text(self) -> Postings:
        return _postings(set(stems(record_text(item))) for item in self._items)

    @cached_property
    def _any_values(self) -> dict[str, Postings]:
        """Field name -> value as written -> rows, over attributes, options and all variants."""
        return _fields([*_item_values(item), *_variant_values(item.variants)] for item in self._items)

    @cached_property
    def _buyable_values(self) -> dict[str, Postings]:
        """The same, but where variants have a field, only its values of variants in stock."""
        return _fields(_buyable(item) for item in self._items)


Pairs = list[tuple[str, str]]


def _same_options(before: Item, now: Item) -> bool:
    """Whether the two have the same variants but for prices and stock."""
    return [variant.options for variant in before.variants] == [variant.options for variant in now.variants]


def _restocked(fields: dict[str, Postings], before: Sequence[Item], changed: Mapping[int, Item]) -> dict[str, Postings]:
    """`_buyable_values` after other stock in some rows; only the lists that change are made anew."""
    gone: dict[tuple[str, str], list[int]] = {}
    come: dict[tuple[str, str], list[int]] = {}
    for row, item in changed.items():
        old, new = set(_buyable(before[row])), set(_buyable(item))
        for pair in old - new:
            gone.setdefault(pair, []).append(row)
        for pair in new - old:
            come.setdefault(pair, []).append(row)
    made = dict(fields)
    for name in {name for name, _ in (*gone, *come)}:
        made[name] = dict(made.get(name, {}))
    for (name, value), rows in gone.items():
        made[name][value] = np.setdiff1d(made[name][value], rows)
    for (name, value), rows in come.items():
        made[name][value] = np.union1d(made[name].get(value, np.empty(0, dtype=np.int64)), rows).astype(np.int64)
    return made


def _item_values(item: Item) -> Pairs:
    """Field names and values of attributes and options."""
    sources = (item.attributes, item.options)
    return [(field_name(key), value) for source in sources for key, values in source.items() for value in values]


def _variant_values(variants: Iterable[Variant]) -> Pairs:
    return [(field_name(key), value) for variant in variants for key, value in variant.options.items()]


def _buyable(item: Item) -> Pairs:
    listed = {name for name, _ in _variant_values(item.variants)}
    own = [(name, value) for name, value in _item_values(item) if name not in listed]
    return own + _variant_values(variant for variant in item.variants if variant.in_stock)


def _fields(pairs_by_row: Iterable[Pairs]) -> dict[str, Postings]:
    found: dict[str, dict[str, set[int]]] = {}
    for row, pairs in enumerate(pairs_by_row):
        for name, value in pairs:
            found.setdefault(name, {}).setdefault(value, set()).add(row)
    return {name: _sorted(values) for name, values in found.items()}


def _may_need_a_variant(condition: Condition) -> bool:
    return condition.field == "price" or (condition.field not in ITEM_FIELDS and condition.op not in NEGATIVE)


def _strings_of(condition: Condition) -> tuple[str, ...]:
    value = condition.value
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _positive(condition: Condition) -> Condition:
    turned = {Op.NE: Op.EQ, Op.NOT_IN: Op.IN}
    return Condition(condition.field, turned.get(condition.op, condition.op), condition.value)


def _mentions(item: Item, phrase: str) -> bool:
    return holds(item, Condition("text", Op.EQ, phrase))


def _intersection(rows: Postings, words: Iterable[str]) -> list[int]:
    lists = [rows.get(word, np.empty(0, dtype=np.int64)) for word in set(words)]
    if not lists:
        return []
    common = min(lists, key=len)
    for other in lists:
        common = np.intersect1d(common, other, assume_unique=True)
    return [int(row) for row in common]


def _postings(values_by_row: Iterable[Iterable[str]]) -> Postings:
    found: dict[str, set[int]] = {}
    for row, values in enumerate(values_by_row):
        for value in values:
            found.setdefault(value, set()).add(row)
    return _sorted(found)


def _sorted(found: dict[str, set[int]]) -> Postings:
    return {value: np.array(sorted(rows), dtype=np.int64) for value, rows in found.items()}
