"""`Sugar-free`, `non-alcoholic`, `decaf`, `unlined`: what a thing shall be without, in a word of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.language.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import STOP
from index.filters import Condition, Op
from index.language.words import normalise

_SAID_FREE = {
    "alcoholic": "alcohol", "decaf": "caffeine", "decaffeinated": "caffeine", "entkoffeiniert": "caffeine",
    "entkoffeinierter": "caffeine", "descafeinado": "caffeine", "decaffeinato": "caffeine", "unscented": "fragrance",
}  # fmt: skip
"""`Non-alcoholic`, `decaf`: single words for being without."""
_ALSO_FREE = {
    "caffeine": ("decaf", "decaffeinated", "without caffeine", "no caffeine"),
    "alcohol": ("non alcoholic", "without alcohol", "no alcohol", "0.0"),
    "fragrance": ("unscented", "without fragrance", "no fragrance"),
}
"""Other words in which a record says `caffeine-free`."""
_DIETS = frozenset(
    """
    sugar gluten dairy lactose fat nut peanut soy egg alcohol caffeine cruelty fragrance paraben sulfate sulphate
    bpa latex grain
    oil salt meat wheat pork lead rust scent silicone aluminum chemical plastic toxin phthalate ammonia palm acid
    lint wrinkle
    """.split()
)


@dataclass(frozen=True, slots=True)
class Free:
    """A condition, with the tokens it was read from."""

    condition: Condition
    start: int
    end: int


def read_frees(passage: Passage, words: CatalogueWords) -> list[Free]:
    """`sugar-free` asks for what says so of itself; `leather-free` refuses a value the catalogue records.

    Claims the words it reads.
    """
    made: list[Free] = []
    for at, token in enumerate(passage.tokens):
        off = words.switched_off.get(token.stem.removeprefix("un")) if token.norm.startswith("un") else None
        if off is not None and not passage.claims[at]:
            passage.claim(at, at + 1, "wish")
            made.append(Free(Condition(off.field, Op.EQ, off.values[0]), at, at + 1))
        said_free = _SAID_FREE.get(token.norm) if not passage.claims[at] else None
        if said_free is not None:
            before = at - 1 if passage.norm(at - 1) != "-" else at - 2
            before = before if passage.norm(before) == "non" else at
            if token.norm != "alcoholic" or before < at:
                passage.claim(before, at + 1, "wish")
                ways = (f"{said_free} free", *_ALSO_FREE[said_free])
                made.append(Free(Condition("text", Op.IN, ways), before, at + 1))
            continue
        if token.norm != "free" or passage.claims[at] or at == 0:
            continue
        before = at - 2 if passage.norm(at - 1) == "-" else at - 1
        if before < 0 or passage.claims[before] or passage.tokens[before].shape != "word":
            continue
        word = passage.tokens[before].stem
        hyphen = before == at - 2
        if (word, "free") in words.table or (word + "free",) in words.table:
            continue
        held = [m for m in words.table.get((word,)) if m.sort in ("value", "flag")]
        longest = _value_before(passage, words, before)
        if longest is not None:
            before, held = longest
        gratis = passage.norm(at + 1) in (
            "delivery",
            "shipping",
            "returns",
            "gift",
            "from",
            "of",
            "samples",
            "wrapping",
        )
        known = word in _DIETS or word in words.switched_off
        if not hyphen and not known and (not held or gratis):
            continue
        if word == "oil" and before and passage.tokens[before - 1].shape == "word":
            before -= passage.norm(before - 1) not in STOP and not passage.claims[before - 1]
        if word in ("care", "worry", "hassle", "tax", "duty", "scot", "stress", "risk"):
            continue
        off = words.switched_off.get(word)
        passage.claim(before, at + 1, "wish")
        if off is not None:
            made.append(Free(Condition(off.field, Op.EQ, off.values[0]), before, at + 1))
        elif held:
            conditions = [Condition(m.field, Op.NE, m.values[0]) for m in held]
            made.append(Free(one_of(conditions, held, passage.norm(before)), before, at + 1))
        else:
            said = " ".join(passage.norm(place) for place in range(before, at) if passage.norm(place) != "-") + " free"
            also = _ALSO_FREE.get(word, ())
            condition = Condition("text", Op.IN, (said, *also)) if also else Condition("text", Op.EQ, said)
            made.append(Free(condition, before, at + 1))
    return made


def _value_before(passage: Passage, words: CatalogueWords, at: int) -> tuple[int, list[Meaning]] | None:
    """The value of several words that ends at a place, `kraft paper-free`: where it begins and what it means."""
    for start in range(max(0, at - 3), at):
        phrase = tuple(token.stem for token in passage.tokens[start : at + 1] if token.shape != "symbol")
        held = [meaning for meaning in words.table.get(phrase) if meaning.sort == "value"]
        if held and passage.is_free(start, at + 1):
            return start, held
    return None


def one_of(conditions: Sequence[Condition], meanings: Sequence[Meaning], said: str) -> Condition:
    """One condition that refuses a word in every field that has it.

    A `text` refusal looks at the whole record. It would take the field's own name for the word, too (`waterproof: no`),
    so a word that is a yes-or-no field before all else is refused there.
    """
    if len({(c.field, c.op, normalise(str(c.value))) for c in conditions}) == 1:
        return conditions[0]
    place = max(range(len(meanings)), key=lambda number: meanings[number].weight)
    sized = next((number for number, meaning in enumerate(meanings) if meaning.sort == "size"), None)
    if sized is not None:
        return conditions[sized]
    if meanings[place].sort == "flag" or all(meaning.sort == "kind" for meaning in meanings):
        return conditions[place]
    return Condition("text", Op.NE, said)
