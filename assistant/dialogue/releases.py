"""Taking back: `forget the budget`, `any colour is fine`, `Luma is ok after all`, `start over`."""

from collections.abc import Sequence

from assistant.dialogue import lexicon
from assistant.dialogue.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.comparators import Cues
from assistant.dialogue.palette import COLOURS
from assistant.dialogue.passage import Passage, words_of
from assistant.dialogue.phrases import Found
from assistant.dialogue.smalltalk import RELEASE_FIELDS
from assistant.nouns import Constraint
from index.filters import NEGATIVE, Condition, Op, field_name
from index.sizes import is_size_field

_FILL = frozenset(
    """
    the my a an any this that its about of is what which all other old previous former last it for on in to as
    filter limit
    das den die mein meine le la les mon ma el mi on regarding regards specific particular exact fixed preferred
    max maximum min minimum lower upper
    """.split()
)
_SIDES = {
    "max": "most", "maximum": "most", "upper": "most", "ceiling": "most", "cap": "most",
    "min": "least", "minimum": "least", "lower": "least", "floor": "least",
}  # fmt: skip
"""Words for one end of a price range."""
_VERBS = frozenset(
    """
    forget ignore remove drop disregard lift cancel clear delete scrap scratch vergiss oublie oubliez olvida never
    nevermind
    """.split()
)
_OTHER = frozenset("other different andere autres otros otras altri altre".split())
_WELCOME = frozenset(
    "too also are is ok okay fine welcome work works would be do will good possible auch aussi tambien anche".split()
)
_NO_NOUN_AFTER = frozenset({"of", "under", "below", "is", "from", "between", ":", "around", "up", "for"})


def read_releases(
    passage: Passage, cues: Cues, words: CatalogueWords, ledger: Sequence[Constraint]
) -> tuple[tuple[str, ...], bool]:
    """Ids of the ledger entries the message takes back, and whether it speaks of taking back at all.

    Claims the words it reads.
    """
    if cues.get("fresh_start"):
        for start, end in cues["fresh_start"]:
            passage.claim(start, end, "release")
        return tuple(entry.id for entry in ledger), True
    fields = _fields(passage, cues)
    spoken = bool(fields)
    ids = [entry.id for entry in ledger if any(_concerns(entry.condition, field) for field in fields)]
    mentions = words.table.scan(passage)
    small = [
        Found(at, at + 1, words.only_refused[token.stem])
        for at, token in enumerate(passage.tokens)
        if token.stem in words.only_refused and not passage.claims[at]
    ]
    for mention in (*mentions, *_loose_colors(passage, words, mentions), *small):
        back = _taken_back(passage, cues, mention, ledger)
        if back is not None:
            spoken = True
            ids += back
            passage.claim(mention.start, mention.end, "release")
    return tuple(dict.fromkeys(ids)), spoken


def _fields(passage: Passage, cues: Cues) -> list[str]:
    """The fields whose nouns are given up; claims cue and noun."""
    found: list[str] = []
    nouns = _field_nouns()
    for start, end in cues.get("release_before", ()):
        cue = passage.norm(start)
        at = end
        if cue == "any" and passage.norm(end) in ("other", "different"):
            continue
        side = ""
        while at < len(passage) and at - end < 5 and passage.norm(at) in _FILL and passage.same_clause(at, start):
            side = _SIDES.get(passage.norm(at), side)
            at += 1
        if passage.norm(at) not in nouns and passage.norm(at - 1) == "limit" and at - 1 >= end:
            at -= 1  # `ignore my limit`: nothing else is limited
        if side and passage.norm(at) not in nouns and cue not in ("any", "all"):
            found.append(side)  # `drop the minimum`
            passage.claim(start, at, "release")
        while at < len(passage) and passage.norm(at) in nouns and passage.same_clause(at, start):
            following = passage.norm(at + 1)
            if cue in ("no", "any", "all", "without") and at > end + 2:
                break
            if cue in ("no", "all") and (
                following in _NO_NOUN_AFTER or (at + 1 < len(passage) and passage.tokens[at + 1].shape == "number")
            ):
                break
            if cue == "all" and passage.norm(at) not in ("colors", "colours", "sizes", "brands", "prices"):
                break
            noun = nouns[passage.norm(at)]
            found.append(side if side and noun == "price" else _SIDES.get(passage.norm(at), noun))
            passage.claim(start, at + 1, "release")
            at += 1
            while at < len(passage) and passage.norm(at) in (
                "and",
                "or",
                "the",
                "filter",
                "limit",
                "constraint",
                "restriction",
                "requirement",
                ",",
            ):
                passage.claim(at, at + 1, "release")
                at += 1
    found += _others_welcome(passage, nouns)
    for start, end in cues.get("release_after", ()):
        at = start - 1
        while at >= 0 and start - at <= 2 and passage.norm(at) in ("really", "also", "just", "range"):
            at -= 1
        if at >= 0 and passage.norm(at) in nouns and passage.same_clause(at, start):
            found.append(nouns[passage.norm(at)])
            passage.claim(at, end, "release")
            if passage.norm(at - 1) in ("and", "or") and passage.norm(at - 2) in nouns:
                found.append(nouns[passage.norm(at - 2)])
    return found


def _others_welcome(passage: Passage, nouns: dict[str, str]) -> list[str]:
    """`other colours too`, `other materials are ok`: the fields that any value will do for; claims the words."""
    found: list[str] = []
    for at, token in enumerate(passage.tokens):
        if token.norm not in _OTHER or passage.norm(at + 1) not in nouns or not passage.is_free(at, at + 2):
            continue
        rest = [passage.norm(place) for place in range(at + 2, min(at + 6, len(passage)))]
        if rest and rest[0] in _WELCOME and all(word in _WELCOME or not word.isalpha() for word in rest[:2]):
            found.append(nouns[passage.norm(at + 1)])
            end = at + 2
            while passage.norm(end) in _WELCOME:
                end += 1
            passage.claim(at, end, "release")
    return found


def _field_nouns() -> dict[str, str]:
    return {noun: field for field, names in RELEASE_FIELDS.items() for noun in names.split()}


def _concerns(condition: Condition, field: str) -> bool:
    held = condition.field
    name = field_name(held)
    if field in _SIDES.values():
        ops = (Op.LT, Op.LE) if field == "most" else (Op.GT, Op.GE)
        return name == "price" and condition.op in ops
    if field == "size":
        return is_size_field(held)
    if field == "color":
        return name in ("color", "colour", "farbe", "couleur") or "color" in name
    if field == "material":
        return name in ("material", "fabric", "composition")
    return name == field


def _taken_back(
    passage: Passage, cues: Cues, mention: Found[Meaning], ledger: Sequence[Constraint]
) -> list[str] | None:
    """Ids given up by what is said of one mention, or None when nothing is."""
    refused = [entry for entry in ledger if entry.condition.op in NEGATIVE and _same(mention, entry)]
    wished = [entry for entry in ledger if entry.condition.op not in NEGATIVE and _same(mention, entry)]
    fine = _near_before(passage, cues, "fine_before", mention.start) is not None or _near_after(
        cues, "fine", mention.end
    )
    if refused and fine:
        return [entry.id for entry in refused]
    verb = _near_before(passage, cues, "release_before", mention.start)
    if (refused or wished) and verb is not None and passage.norm(verb) in _VERBS:
        return [entry.id for entry in (*refused, *wished)]
    if _near_before(passage, cues, "need_not", mention.start) is not None:
        return [entry.id for entry in wished]
    return None


def _near_before(passage: Passage, cues: Cues, label: str, at: int) -> int | None:
    for start, end in cues.get(label, ()):
        if end <= at <= end + 3 and all(
            passage.norm(between) in lexicon.NOT_FILL or passage.norm(between) in _FILL for between in range(end, at)
        ):
            return start
    return None


def _near_after(cues: Cues, label: str, at: int) -> bool:
    return any(at <= start <= at + 1 for start, _ in cues.get(label, ()))


def _same(mention: Found[Meaning], entry: Constraint) -> bool:
    """Whether an entry of the ledger is about the value mentioned."""
    held = entry.condition.value
    values = held if isinstance(held, tuple) else (str(held),)
    entries = {words_of(str(value)) for value in values}
    for meaning in mention.meanings:
        spoken = {words_of(value) for value in meaning.values}
        if meaning.sort == "color":
            spoken |= {
                (name,) for value in meaning.values for word in words_of(value) for name in COLOURS.get(word, ())
            }
        if spoken & entries and (entry.condition.field in (meaning.field, "text") or meaning.sort == "color"):
            return True
    return False


def _loose_colors(passage: Passage, words: CatalogueWords, known: Sequence[Found[Meaning]]) -> list[Found[Meaning]]:
    """Colour words that are no value of this catalogue."""
    covered = {at for mention in known for at in range(mention.start, mention.end)}
    return [
        Found(at, at + 1, (Meaning("color", words.color_field or "text", words.color_words(token.stem)),))
        for at, token in enumerate(passage.tokens)
        if token.stem in COLOURS and at not in covered and not passage.claims[at]
    ]
