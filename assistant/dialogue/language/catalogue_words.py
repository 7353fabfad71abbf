"""The catalogue's own words, ready to be found in messages: brands, kinds, departments, values, sizes, colours."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.amounts.units import scales
from assistant.dialogue.language.abroad import MATERIALS_ABROAD
from assistant.dialogue.language.lexicon import COMMON_BRAND_WORDS, VAGUE
from assistant.dialogue.language.palette import AUDIENCE_FIELDS, AUDIENCE_NAMES, COLOUR_FIELDS, COLOURS
from assistant.dialogue.language.passage import Passage, words_of
from assistant.dialogue.language.phrases import PhraseTable
from assistant.dialogue.language.smalltalk import STOP
from index.amounts import plain_number
from index.filters import field_name
from index.language.ages import is_age_field
from index.language.kinds import kind_words
from index.language.sizes import is_size_field
from index.language.units import measure
from index.language.vocabulary import Vocabulary
from index.language.words import normalise, stem

Sort = Literal["brand", "kind", "category", "value", "flag", "color", "size"]

_SUFFIX = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
_TRUE = frozenset({"yes", "true", "y", "1", "1.0", "ja", "oui", "si"})
_FALSE = frozenset({"no", "false", "n", "0", "0.0", "nein", "non", "none"})
_ADJECTIVES = {"wood": ("wooden",), "wool": ("woolen", "woollen", "woolly")}
_ABOUT_FLAGS = frozenset("required needed necessary included contains with has".split())
_NAMING_FIELDS = frozenset(
    """
    interest collection category type product subcategory class recommended recommend target series line skill level
    department title description name id sku url link image meta tag tags keyword option options sample format group
    bundle associated short long note code barcode gtin ean upc model affinity position date year slug handle vendor
    brand price special cost weather
    """.split()
)
"""Words of fields that file, name or describe things: their values are no properties one asks for."""
_USE_FIELDS = _NAMING_FIELDS | frozenset(
    "activity use usage occasion sport season climate theme suitable room style purpose event mood".split()
)
"""The same, and words of fields that say what a thing is for or how it looks, often told of few items only."""
_KEPT_SHARE = 0.6
"""Share of the items above which a shop keeps such a field for all it sells, so that it can be asked for."""
_MATERIAL_FIELDS = frozenset(
    {"material", "fabric", "composition", "shell", "lining", "upper", "sole", "ingredient", "finish"}
)
_NO_MATERIAL = frozenset(
    "fabric material blend performance the and with free other mixed synthetic pure percent".split()
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_MOST_VALUES = 1500
_MOST_PLAIN = 500
_NO_VALUE = frozenset({"all", "any", "other", "na"})
_LONGEST_VALUE = 4


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase names in this catalogue: `values` of `field`, as the catalogue writes them."""

    sort: Sort
    field: str
    values: tuple[str, ...]
    weight: int = 0


class CatalogueWords:
    """A vocabulary turned into tables for the reader. Built once per catalogue."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        fields = vocabulary.values
        self._most = max(
            sum(vocabulary.brands.values()), *vocabulary.categories.values(), *vocabulary.kinds.values(), 1
        )
        self.color_field = _heaviest(fields, lambda name: field_name(name) in COLOUR_FIELDS)
        self.size_field = _heaviest(fields, is_size_field)
        self.sizes = _written(fields, is_size_field)
        self.numbered_sizes = _numbered(self.sizes.values())
        self._size_fields = {value: name for name in _by_weight(fields, is_size_field) for value in fields[name]}
        self.colors = _written(fields, lambda name: field_name(name) in COLOUR_FIELDS)
        self._color_stems = frozenset(stem for value in self.colors.values() for stem in words_of(value))
        self.audiences = _audiences(vocabulary)
        measured = scales(fields)
        self.scales, self.mixed = measured.units, measured.mixed
        self._sold: PhraseTable[Meaning] = PhraseTable(self._entries())
        self.table: PhraseTable[Meaning] = PhraseTable((*self._entries(), *self._unsold_materials()))
        self.brand_first_words = self._brand_first_words()
        self.switched_off = _switched_off(fields)
        self.only_refused = self._only_refused()
        self.plain_values = self._plain_values()

    def sayable(self) -> frozenset[str]:
        """The words of brands, values and flags: those a slip of the finger may stand for."""
        return frozenset(
            word
            for phrase in self._sold.phrases
            for word in phrase
            if any(meaning.sort in ("brand", "value", "flag") for meaning in self._sold.get(phrase))
        )

    def _unsold_materials(self) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        """Foreign names of materials that nothing here is made of: `aus Seide` is a condition all the same."""
        field = _heaviest(self._vocabulary.values, lambda name: field_name(name) in _MATERIAL_FIELDS)
        for foreign, english in MATERIALS_ABROAD.items() if field else ():
            key = words_of(foreign)
            if key not in self._sold and words_of(english) not in self._sold and not set(key) & STOP:
                yield key, Meaning("value", field, (english,))

    def _only_refused(self) -> Mapping[str, tuple[Meaning, ...]]:
        """Values that are small words elsewhere (`down`, `slim`) -> what they mean right after a `no` or `without`."""
        found: dict[str, list[Meaning]] = defaultdict(list)
        for name, values in self._vocabulary.values.items():
            words = set(field_name(name).split())
            if is_size_field(name) or words & _USE_FIELDS or field_name(name) in COLOUR_FIELDS | AUDIENCE_FIELDS:
                continue
            for value, count in values.items():
                key = words_of(value)
                parts = key if len(key) == 1 or words & _MATERIAL_FIELDS else ()
                for word in parts:
                    small = word in STOP or (word in VAGUE and len(key) == 1)
                    if not small or (word,) in self.table or len(word) < 3 or word in _TRUE | _FALSE | _NO_MATERIAL:
                        continue
                    found[word].append(Meaning("value", name, (value if len(key) == 1 else word,), count))
        return {word: tuple(meanings) for word, meanings in found.items()}

    def _plain_values(self) -> Mapping[tuple[str, ...], Meaning]:
        """Values of one field that the table leaves out, as they say little alone: `plain`, `winter`, `0-6 months`."""
        found: dict[tuple[str, ...], list[Meaning]] = defaultdict(list)
        for name, counts in self._vocabulary.values.items():
            aged = is_age_field(name)  # ages are compared, not looked up
            if aged or is_size_field(name) or field_name(name) in COLOUR_FIELDS or len(counts) > _MOST_PLAIN:
                continue
            for value, count in counts.items():
                key = words_of(value)
                sayable = any(word.isalpha() for word in key) and normalise(value) not in _TRUE | _FALSE | _NO_VALUE
                if sayable and key not in self.table:
                    found[key].append(Meaning("value", name, (value,), count))
        return {key: meanings[0] for key, meanings in found.items() if len({one.field for one in meanings}) == 1}

    def thing_places(self, passage: Passage) -> list[tuple[int, int]]:
        """Where the message names nothing but sorts of things or departments."""
        found = self.table.scan(passage)
        return [(m.start, m.end) for m in found if all(one.sort in ("kind", "category") for one in m.meanings)]

    def is_ambiguous_brand(self, phrase: tuple[str, ...]) -> bool:
        """Whether a brand's name is also an ordinary word, or so short that it could be anything."""
        joined = "".join(phrase)
        if len(joined) <= 2 or (len(phrase) == 1 and (phrase[0] in COMMON_BRAND_WORDS or phrase[0] in STOP)):
            return True
        return any(meaning.sort != "brand" for meaning in self.table.get(phrase))

    def value_measured(self, field: str, number: float) -> str | None:
        """The value of a measured field that is this number, as the catalogue writes it."""
        wanted = measure(f"{plain_number(number)} {self.scales[field]}")
        for value in self._vocabulary.values.get(field, ()):
            found = measure(value)
            if found is not None and wanted is not None and found.worth == wanted.worth:
                return value
        return None

    def size_field_of(self, value: str) -> str:
        """The field that holds this size as written, the heaviest of several; the heaviest of all where none does."""
        return self._size_fields.get(value) or self.size_field or "size"

    def knows(self, stem_: str) -> bool:
        """Whether the catalogue uses this single word for anything."""
        return (stem_,) in self.table or stem_ in COLOURS

    def color_words(self, word: str) -> tuple[str, ...]:
        """How the catalogue writes a colour: every writing among its colour values, or the word itself."""
        names = COLOURS.get(word) or frozenset({word})
        present = [name for name in sorted(names) if name in self._color_stems]
        if not present:
            return (word,)
        return tuple(self.colors.get((name,), name) for name in present)

    def _brand_first_words(self) -> Mapping[str, tuple[str, ...]]:
        """First word of a longer brand name -> the brand's writings, where only one brand begins with that word."""
        starts: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        writings: dict[str, list[str]] = defaultdict(list)
        for brand in self._vocabulary.brands:
            key = words_of(_SUFFIX.sub("", brand))
            if len(key) > 1 and len(key[0]) > 2:
                starts[key[0]].add(key)
                writings[key[0]].append(brand)
        return {
            word: tuple(writings[word]) for word, keys in starts.items() if len(keys) == 1 and (word,) not in self.table
        }

    def _entries(self) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        yield from self._brands()
        yield from self._kinds()
        for segment, count in self._vocabulary.categories.items():
            if "/" not in segment and segment:
                yield words_of(segment), Meaning("category", "category", (segment,), count)
        for name, values in self._vocabulary.values.items():
            if values:
                yield from self._values(name, values)

    def _brands(self) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        writings: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
        counts: dict[tuple[str, ...], int] = defaultdict(int)
        for brand, count in self._vocabulary.brands.items():
            for key in {words_of(brand), words_of(_SUFFIX.sub("", brand))}:
                if key:
                    writings[key].setdefault(normalise(brand), brand)
                    counts[key] += count
        for key, found in writings.items():
            meaning = Meaning("brand", "brand", tuple(found.values()), counts[key])
            yield key, meaning
            if key[0] == "the" and len(key) > 1:
                yield key[1:], meaning
            if len(key) > 1 and len("".join(key)) > 5:
                yield ("".join(key),), meaning

    def _kinds(self) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        for kind, count in self._vocabulary.kinds.items():
            meaning = Meaning("kind", "kind", (kind,), count)
            keys = {words_of(kind), kind_words(kind)}
            if kind_words(kind) == ("t", "shirt"):
                keys |= {("tee",), ("tshirt",), ("t", "shirt"), ("tee", "shirt")}
            for key in keys:
                if not key or (len(key) == 1 and (key[0] in STOP or key[0] in VAGUE or len(key[0]) < 2)):
                    continue
                yield key, meaning
                if len(key) == 2 and len(key[0]) > 2:
                    yield ("".join(key),), meaning

    def _values(self, name: str, values: Mapping[str, int]) -> Iterator[tuple[tuple[str, ...], Meaning]]:
        plain = field_name(name)
        if plain in COLOUR_FIELDS:
            for value, count in values.items():
                key = words_of(value)
                if 0 < len(key) <= _LONGEST_VALUE and not all(word.isdigit() for word in key):
                    yield key, Meaning("color", name, (value,), count)
            return
        if is_size_field(name):
            for value, count in values.items():
                key = words_of(value)
                if 1 < len(key) <= 5:
                    yield key, Meaning("size", name, (value,), count)
            return
        words = plain.split()
        lowered = {normalise(value) for value in values}
        if lowered <= _TRUE | _FALSE:
            yield from _flag(name, words, values)
            return
        kept = sum(values.values()) >= _KEPT_SHARE * self._most and len(values) > 1
        told = _NAMING_FIELDS if kept else _USE_FIELDS
        if plain in AUDIENCE_FIELDS or set(words) & told or len(values) > _MOST_VALUES:
            return
        material = bool(set(words) & _MATERIAL_FIELDS)
        for value, count in values.items():
            yield from _value(name, words, value, count, material=material)


def _flag(name: str, words: list[str], values: Mapping[str, int]) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    """`waterproof: yes` makes `waterproof` a word of the catalogue."""
    yes = [value for value in values if normalise(value) in _TRUE]
    key = tuple(word for word in words_of(" ".join(words)) if word not in ("is", "has", "have", "can"))
    if yes and key and not (len(key) == 1 and (key[0] in VAGUE or key[0] in STOP)) and "option" not in key:
        meaning = Meaning("flag", name, tuple(yes), sum(values.values()))
        yield key, meaning
        yield ("".join(key),), meaning


def _value(
    name: str, words: list[str], value: str, count: int, *, material: bool
) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    key = words_of(value)
    amount = measure(value)
    sayable = any(word.isalpha() and len(word) > 1 for word in key) or (amount is not None and amount.unit != "")
    if not key or len(key) > _LONGEST_VALUE or not sayable:
        return
    first = "".join(key[:1])
    if len(key) > 1 or (first not in VAGUE and first not in STOP and len(first) > 2):
        yield key, Meaning("value", name, (value,), count)
    elif len(words) == 1:
        # `slim` says little, `slim fit` names the value.
        yield (*key, words[0]), Meaning("value", name, (value,), count)
    if material and first in _ADJECTIVES and len(key) == 1:
        for adjective in _ADJECTIVES[first]:
            yield (stem(adjective),), Meaning("value", name, (value,), count)
    if material and len(key) > 1:
        for word in key:
            if word.isalpha() and len(word) > 2 and word not in _NO_MATERIAL and word not in VAGUE and word not in STOP:
                yield (word,), Meaning("value", name, (word,), count)


def _heaviest(fields: Mapping[str, Mapping[str, int]], wanted: Callable[[str], bool]) -> str:
    """The name of the most used field that `wanted` accepts, or ""."""
    names = [(sum(values.values()), name) for name, values in fields.items() if wanted(name)]
    return max(names)[1] if names else ""


def _by_weight(fields: Mapping[str, Mapping[str, int]], wanted: Callable[[str], bool]) -> list[str]:
    """The accepted fields, the least used first."""
    return sorted((name for name in fields if wanted(name)), key=lambda name: (sum(fields[name].values()), name))


def _numbered(sizes: Iterable[str]) -> dict[tuple[str, ...], str]:
    """The numbers of each size that has several (`140x200`, `W32 L34`) -> the size; none where two sizes share them."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for value in sizes:
        numbers = tuple(number.replace(",", ".") for number in _DIGITS.findall(value))
        if len(numbers) > 1:
            found[numbers].add(value)
    return {numbers: values.pop() for numbers, values in found.items() if len(values) == 1}


def _written(fields: Mapping[str, Mapping[str, int]], wanted: Callable[[str], bool]) -> dict[tuple[str, ...], str]:
    """Words of each value of the accepted fields -> the value as written most often."""
    counted = sorted(
        (count, value) for name, values in fields.items() if wanted(name) for value, count in values.items()
    )
    return {words_of(value): value for _, value in counted}


def _switched_off(fields: Mapping[str, Mapping[str, int]]) -> dict[str, Meaning]:
    """What a yes-or-no field is about -> its `no`: `perfume` for `perfumed: no`."""
    found: dict[str, Meaning] = {}
    for name, values in fields.items():
        no = tuple(value for value in values if normalise(value) in _FALSE)
        words = field_name(name).split()
        own = [word for word in words if word not in _ABOUT_FLAGS]
        if no and len(own) == 1 and {normalise(value) for value in values} <= _TRUE | _FALSE:
            word = own[0]
            for root in {word, word.removesuffix("ed"), word.removesuffix("d"), word.removeprefix("contains")}:
                found.setdefault(stem(root), Meaning("flag", name, no))
    return found


def _audiences(vocabulary: Vocabulary) -> dict[str, Meaning]:
    """Group of wearers -> how this catalogue tells its items: a department, or values of a field such as gender."""
    found: dict[str, Meaning] = {}
    for group, names in AUDIENCE_NAMES.items():
        segments = {
            segment: count
            for segment, count in vocabulary.categories.items()
            if "/" not in segment and set(words_of(segment)) & names and len(normalise(segment)) > 1
        }
        options: list[Meaning] = []
        if segments:
            options.append(Meaning("category", "category", tuple(segments), sum(segments.values())))
        for name, values in vocabulary.values.items():
            if field_name(name) not in AUDIENCE_FIELDS:
                continue
            own = [value for value in values if set(words_of(value)) & names]
            both = [value for value in values if normalise(value) in ("unisex", "all", "everyone")]
            if own:
                weight = sum(values[value] for value in (*own, *both))
                options.append(Meaning("value", name, (*own, *both), weight))
        if options:
            found[group] = max(options, key=lambda meaning: meaning.weight)
    return found
