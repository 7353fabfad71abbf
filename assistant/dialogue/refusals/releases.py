"""Taking back: `forget the budget`, `any colour is fine`, `Luma is ok after all`, `start over`."""

from collections.abc import Mapping, Sequence

from assistant.dialogue.amounts.comparators import Cues
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.language.palette import COLOURS
from assistant.dialogue.language.passage import Passage, words_of
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import RELEASE_FIELDS
from assistant.dialogue.refusals.clearing import cleared, neither
from assistant.dialogue.refusals.letting_go import let_go
from assistant.dialogue.refusals.lifted import FILL, MAY, PARTED, SIDES, VERBS, amounts_lifted, concerns, others_priced
from assistant.nouns import Constraint
from index.filters import NEGATIVE, field_name
from index.language.sizes import is_size_field

_MORE_OF_IT = frozenset("and or the filter limit constraint restriction requirement ,".split())
_FLAG_VERBS = frozenset("skip lose ditch leave without".split())
"""What gives up a yes-or-no wish; of any other value they refuse it."""
_GENERIC = frozenset("type kind level number source main max min the of and for".split())
_OTHER = frozenset("other different andere autres otros otras altri altre".split())
_NOT_ALL = frozenset("about regarding on the my that".split())
_BUT_FOR = frozenset("but bar except save excluding ausser sauf menos tranne excepto salvo".split())
_AS_WELL = frozenset("too also auch aussi tambien anche pure ebenfalls".split())
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
    nouns = _field_nouns(ledger)
    left = cleared(passage, ledger, lambda start, end: _spoken_of(passage, words, ledger, nouns, (start, end)))
    if left is not None:
        return tuple(left), True
    fresh = [span for span in cues.get("fresh_start", ()) if passage.norm(span[1]) not in _NOT_ALL]
    if fresh:
        for start, end in fresh:
            passage.claim(start, end, "release")
        return tuple(entry.id for entry in ledger), True
    fields = _fields(passage, cues, nouns)
    spoken = bool(fields)
    ids = [entry.id for entry in ledger if any(concerns(entry.condition, field) for field in fields)]
    amounts = amounts_lifted(passage, cues, ledger) + others_priced(passage, cues, ledger)
    spoken, ids = spoken or bool(amounts), ids + amounts
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
    gone, loosely = let_go(
        passage,
        ledger,
        nouns,
        lambda entry, field: concerns(entry.condition, field),
        lambda start, end: _spoken_of(passage, words, ledger, {}, (start, end)),
    )
    return tuple(dict.fromkeys([*ids, *gone])), spoken or loosely


def _spoken_of(
    passage: Passage,
    words: CatalogueWords,
    ledger: Sequence[Constraint],
    nouns: Mapping[str, str],
    span: tuple[int, int],
) -> list[str]:
    """Ids of the entries whose value or field is named in the span."""
    mentions = words.table.scan(passage)
    near = [one for one in (*mentions, *_loose_colors(passage, words, mentions)) if span[0] <= one.start < span[1]]
    fields = [nouns[passage.norm(at)] for at in range(*span) if passage.norm(at) in nouns]
    return [
        entry.id
        for entry in ledger
        if any(_same(mention, entry) for mention in near) or any(concerns(entry.condition, field) for field in fields)
    ]


def _fields(passage: Passage, cues: Cues, nouns: Mapping[str, str]) -> list[str]:
    """The fields whose nouns are given up; claims cue and noun."""
    found: list[str] = []
    for start, end in cues.get("release_before", ()):
        cue = passage.norm(start)
        at = end
        if passage.norm(start - 1) in ("dont", "never", "cant", "cannot", "mustnt") and cue not in ("dont", "never"):
            continue  # `don't drop the brand`
        if cue in ("any", "no") and passage.norm(end) in ("other", "different"):
            continue
        side = ""
        while at < len(passage) and at - end < 5 and passage.norm(at) in FILL and passage.same_clause(at, start):
            side = SIDES.get(passage.norm(at), side)
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
            found.append(side if side and noun == "price" else SIDES.get(passage.norm(at), noun))
            passage.claim(start, at + 1, "release")
            at += 1
            while at < len(passage) and passage.norm(at) in _MORE_OF_IT:
                passage.claim(at, at + 1, "release")
                at += 1
    found += _others_welcome(passage, cues, nouns) + neither(passage, nouns) + _parted(passage, nouns)
    for label, field in (("whoever", "brand"), ("whatever_stuff", "material")):
        for start, end in cues.get(label, ()):
            passage.claim(start, end, "release")
            found.append(field)
    for start, end in cues.get("more_money", ()):
        if passage.norm(end) not in ("than", "als", "que", "di") and passage.is_free(start, end):
            passage.claim(start, end, "release")
            found.append("most")
    for start, end in cues.get("release_after", ()):
        at = start - 1
        while at >= 0 and start - at <= 2 and passage.norm(at) in ("really", "also", "just", "range", "tag"):
            at -= 1
        if at >= 0 and passage.norm(at) in nouns and passage.same_clause(at, start):
            found.append(nouns[passage.norm(at)])
            # `can be anything but red`: the last word belongs to the refusal.
            passage.claim(at, end - (passage.norm(end) in _BUT_FOR), "release")
            if passage.norm(at - 1) in ("and", "or") and passage.norm(at - 2) in nouns:
                found.append(nouns[passage.norm(at - 2)])
    return found


def _parted(passage: Passage, nouns: Mapping[str, str]) -> list[str]:
    """`leave the price out`, `take the size away`: the field stands between verb and particle; claims the words."""
    found: list[str] = []
    for at, token in enumerate(passage.tokens):
        if token.norm not in PARTED:
            continue
        reach = range(at + 1, min(at + 6, len(passage)))
        noun = next((place for place in reach if passage.norm(place) in nouns), None)
        end = next((place for place in reach if passage.norm(place) in PARTED[token.norm]), None)
        if noun is not None and end is not None and noun < end and passage.same_clause(at, end):
            found.append(nouns[passage.norm(noun)])
            passage.claim(at, end + 1, "release")
    return found


def _others_welcome(passage: Passage, cues: Cues, nouns: Mapping[str, str]) -> list[str]:
    """`other colours too`, `open to other makers`, `it can be another colour`: fields any value will do for; claims."""
    found: list[str] = []
    for at, token in enumerate(passage.tokens):
        if (
            token.norm not in _OTHER | {"another"}
            or passage.norm(at + 1) not in nouns
            or not passage.is_free(at, at + 2)
        ):
            continue
        also = "also" in (passage.norm(at - 1), passage.norm(at - 2))
        also = also or (passage.norm(at + 2), passage.norm(at + 3)) == ("as", "well")
        may_be = passage.norm(at - 1) in ("be", "a", "have") and {passage.norm(at - 2), passage.norm(at - 3)} & MAY
        if also or may_be or any(end == at for _, end in cues.get("fine_before", ())):
            found.append(nouns[passage.norm(at + 1)])
            passage.claim(at, at + 2, "release")
            continue
        rest = [passage.norm(place) for place in range(at + 2, min(at + 6, len(passage)))]
        if rest and rest[0] in _WELCOME and all(word in _WELCOME or not word.isalpha() for word in rest[:2]):
            found.append(nouns[passage.norm(at + 1)])
            end = at + 2
            while passage.norm(end) in _WELCOME:
                end += 1
            passage.claim(at, end, "release")
    return found


def _field_nouns(ledger: Sequence[Constraint]) -> dict[str, str]:
    """A noun -> the field it names; those of the ledger's own fields (`weight`, `skin type`) before the common ones."""
    nouns = {noun: field for field, names in RELEASE_FIELDS.items() for noun in names.split()}
    for entry in ledger:
        name = field_name(entry.condition.field)
        if name in ("text", "kind", "id", "category") or is_size_field(name):
            continue
        nouns |= {word: name for word in name.split() if len(word) > 2 and word not in _GENERIC}
    return nouns


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
    if wished and any(end == mention.start and passage.norm(start) == "not" for start, end in cues.get("harmless", ())):
        return [entry.id for entry in wished]  # `not only red`
    if wished and fine and passage.norm(mention.start - 1) in ("than", "but"):
        return [entry.id for entry in wished]  # `anything but blue is fine too`
    if refused and cues.get("fine") and passage.norm(mention.end) in _AS_WELL:
        return [entry.id for entry in refused]  # `pink is fine after all, and leather too`
    if _is_granted(passage, mention.end):
        return [entry.id for entry in refused] if refused else None
    if _is_unimportant(passage, cues, mention.end):
        return [entry.id for entry in wished]
    verb = _near_before(passage, cues, "release_before", mention.start)
    flags = [entry.id for entry in wished if any(m.sort == "flag" for m in mention.meanings)]
    if flags and verb is not None and passage.norm(verb) in _FLAG_VERBS:
        return flags
    if (refused or wished) and verb is not None and passage.norm(verb) in VERBS:
        return [entry.id for entry in (*refused, *wished)]
    if _near_before(passage, cues, "need_not", mention.start) is not None:
        return [entry.id for entry in wished]
    return None


def _is_granted(passage: Passage, at: int) -> bool:
    """`Alba's fine too`: the `is` went into the word before."""
    raw = passage.tokens[at - 1].raw.lower()
    shortened = raw.endswith(("'s", "\u2019s")) and passage.norm(at) in _WELCOME
    return shortened and passage.norm(at) not in ("too", "also", "will", "would", "be", "do", "are", "is")


def _is_unimportant(passage: Passage, cues: Cues, at: int) -> bool:
    """`waterproof isn't necessary`, `the hood is not important`, `waterproof or not`."""
    if passage.norm(at) == "or" and passage.norm(at + 1) == "not":
        return True
    return any(start == at and passage.same_clause(at - 1, at) for start, _ in cues.get("release_after", ()))


def _near_before(passage: Passage, cues: Cues, label: str, at: int) -> int | None:
    for start, end in cues.get(label, ()):
        if end <= at <= end + 3 and all(
            passage.norm(between) in lexicon.NOT_FILL or passage.norm(between) in FILL for between in range(end, at)
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
