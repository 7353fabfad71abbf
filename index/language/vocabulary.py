"""The words a catalogue itself uses for what it sells, with the number of items behind each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.columns import Masks
from index.filters import Condition, Op
from index.items import Item
from index.language.kinds import alias_names, category_kind_names, is_offered, kind_names
from index.language.words import stem, stems, tokens, word_set

_LONGEST_VALUE = 40
_ID_WORDS = word_set("id sku ean gtin upc url uri uuid guid asin barcode isbn mpn code hash slug price link")
_FLAGS = frozenset({"0", "1", "0.0", "1.0"})


@dataclass(frozen=True)
class Vocabulary:
    """What can be asked for here.

    Attributes:
        brands: as written -> number of items.
        categories: every path and every path segment as written -> number of items.
        kinds: what sorts of things are sold, singular and lower case (`jacket`, `running shoe`) -> number of items
            that satisfy `Condition("kind", Op.IN, (kind,))`.
        values: attribute or option name -> value as written -> number of items.
    """

    brands: Mapping[str, int]
    categories: Mapping[str, int]
    kinds: Mapping[str, int]
    values: Mapping[str, Mapping[str, int]]


def vocabulary_of(items: Sequence[Item], columns: Masks) -> Vocabulary:
    """Gather the vocabulary of the items; `columns` were made of the same items."""
    brands = Counter(item.brand for item in items if item.brand)
    categories = Counter(name for item in items for name in sorted(_category_names(item)))
    values = _values(items)
    return Vocabulary(dict(brands), dict(categories), _kinds(items, columns, brands, values), values)


def _category_names(item: Item) -> set[str]:
    paths = set(item.categories)
    return paths | {part for path in paths for part in path.split("/") if part}


def _values(items: Sequence[Item]) -> dict[str, dict[str, int]]:
    """Values by field, without what only machines read: ids, links, prices, 0/1 flags and long texts."""
    found: dict[str, Counter[str]] = {}
    for item in items:
        pairs = {
            (name, value)
            for source in (item.attributes, item.options)
            for name, values in source.items()
            for value in values
        }
        for name, value in sorted(pairs):  # a set has another order in every process
            found.setdefault(name, Counter())[value] += 1
    kept: dict[str, dict[str, int]] = {}
    for name, counts in found.items():
        short = {value: count for value, count in counts.items() if _is_sayable(value)}
        if short and 2 * len(short) >= len(counts) and not set(counts) <= _FLAGS and not _ID_WORDS & set(stems(name)):
            kept[name] = short
    return kept


def _is_sayable(value: str) -> bool:
    return len(value) <= _LONGEST_VALUE and "://" not in value and "|" not in value and bool(tokens(value))


def _kinds(
    items: Sequence[Item], columns: Masks, brands: Mapping[str, int], values: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    """Kinds with their counts. Two words of a title make a kind if several titles have them and neither is a value."""
    named = Counter(name for item in items for name in kind_names(item))
    whole = {name for item in items for path in item.categories for name in category_kind_names(path)}
    taken = {word for value in _qualifiers(values) for word in stems(value)}
    taken |= {word for brand in brands for word in stems(brand)}
    kinds = {name for name, count in named.items() if _is_kind_name(name, count, taken)} | whole
    kinds = {name for name in kinds if is_offered(name)}
    kinds |= {other for name in kinds for other in alias_names(name)}
    counted = {name: int(columns.mask([Condition("kind", Op.IN, (name,))], in_stock=False).sum()) for name in kinds}
    return {name: counted[name] for name in sorted(counted) if counted[name]}


def _qualifiers(values: Mapping[str, Mapping[str, int]]) -> set[str]:
    """Values that qualify things rather than name them: colours, sizes, materials. `style = Backpack` names one."""
    names = {stem(word) for word in ("color", "size", "material", "pattern", "gender", "fabric", "finish", "fit")}
    return {value for name, counts in values.items() if names & set(stems(name)) for value in counts}


def _is_kind_name(name: str, count: int, taken: set[str]) -> bool:
    words = name.split()
    return len(words) == 1 or (count > 1 and words[0] not in taken)
