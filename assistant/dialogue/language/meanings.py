"""What a word of the catalogue means where it stands: `orange` before `juice`, `Legend` after `by`, `for hiking`."""

from collections.abc import Sequence

from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.language.palette import AUDIENCES, COLOURS, NOT_A_COLOUR_BEFORE, PEOPLE, PLAIN_COLOURS, SHADES
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import GENERIC_NOUNS, STOP
from assistant.dialogue.language.things import ARTICLES, BEFORE_FOR, GOVERNORS, Kinds, is_context
from index.language.words import normalise, stem

_PLUGS = frozenset("connector connectors plug plugs adapter jack socket thread end ends".split())
_MADE = frozenset("filled filling fill lined lining based made padded padding insulated insulation fit".split())
_AFTER_COLOR = frozenset(
    """
    please if under for size would is instead too then rather but though preferably max below not only after works work
    will could again also as both either or perhaps maybe at was
    """.split()
)
_FOREIGN_BEFORE = {
    "soy": frozenset(
        "vegan vegano vegana vegetariano vegetariana celiaco celiaca alergico alergica intolerante de un una".split()
    ),
    "hat": frozenset("die der das ihr er sie es jemand man diese dieser dieses".split()),
    "sea": frozenset("de del un una el la".split()),
}
_SWAPPING = frozenset("swap replace exchange trade switch change".split())
_NOT_THE_COLOUR = frozenset("ice whipped sour double hand face eye shaving sun night day shoe body butter".split())
"""What stands before `cream` and the like where they are no colour."""
_IMITATIONS = frozenset("faux pu vegan synthetic artificial imitation fake mock eco".split())


def find_mentions(passage: Passage, words: CatalogueWords) -> list[Found[Meaning]]:
    """Every catalogue word, colour and audience in the unread part of the message."""
    found = [mention for mention in words.table.scan(passage) if not _is_foreign(passage, mention)]
    covered = {at for mention in found for at in range(mention.start, mention.end)}
    for at, token in enumerate(passage.tokens):
        if at in covered or passage.claims[at] or token.shape != "word":
            continue
        follower = passage.tokens[at + 1].stem if at + 1 < len(passage) else ""
        if token.norm in SHADES and (follower in COLOURS or (at + 1 in covered and follower in PLAIN_COLOURS)):
            continue
        if token.stem in COLOURS or token.norm in COLOURS:
            word = token.stem if token.stem in COLOURS else token.norm
            found.append(_color(passage, words, at, word))
        elif (token.norm in AUDIENCES or token.norm in PEOPLE) and (meaning := _audience(passage, words, at)):
            found.append(Found(at, at + 1, (meaning,)))
    replaced = [_with_audience(passage, words, mention) for mention in found]
    return sorted(replaced, key=lambda mention: mention.start)


def _is_foreign(passage: Passage, mention: Found[Meaning]) -> bool:
    """`soy vegano`, `hat die Jacke`: verbs of other languages that are things in English."""
    return passage.norm(mention.end) in _FOREIGN_BEFORE.get(passage.norm(mention.start), ())


def only_refused(
    passage: Passage,
    words: CatalogueWords,
    known: Sequence[Found[Meaning]],
    spans: Sequence[tuple[int, int]],
    after: Sequence[tuple[int, int]],
) -> list[Found[Meaning]]:
    """Small words that are values of the catalogue where a refusal stands right beside them: `no down`, `not slim`.

    `spans`: refusals of what follows them; `after`: refusals of what stands before them (`down is a no-go`).
    """
    covered = {at for mention in known for at in range(mention.start, mention.end)}
    found: list[Found[Meaning]] = []
    for _, begin in spans:
        at = begin
        while passage.norm(at) in lexicon.NOT_FILL and at - begin < 5:
            at += 1
        if at >= len(passage) or at in covered or passage.claims[at] or not passage.same_clause(begin - 1, at):
            continue
        meanings = words.only_refused.get(passage.tokens[at].stem)
        end = at + 1
        if passage.norm(end) == "-" or passage.norm(end) in _MADE:
            end += passage.norm(end) == "-"
            if passage.norm(end) not in _MADE:
                continue
            end += 1
        following = passage.tokens[end] if end < len(passage) else None
        alone = following is None or following.shape == "symbol" or following.norm in STOP or end in covered
        if meanings and alone and passage.norm(end) not in ("to", "from"):
            found.append(Found(at, end, meanings))
    for _, begin in spans:
        for at in range(begin + 1, min(begin + 8, len(passage))):
            if not passage.same_clause(begin - 1, at):
                break
            meanings = words.only_refused.get(passage.tokens[at].stem)
            ends = at + 1 >= len(passage) or passage.tokens[at + 1].shape == "symbol"
            listed = passage.norm(at - 1) in ("or", "nor", "and", "oder", "ou", "o") and at - 1 > begin
            if meanings and listed and ends and at not in covered and not any(one.start == at for one in found):
                found.append(Found(at, at + 1, meanings))
    for start, _ in after:
        at = start - 1
        meanings = words.only_refused.get(passage.tokens[at].stem) if at >= 0 else None
        taken = at in covered or any(one.start == at for one in found)
        if meanings and not taken and not passage.claims[at] and passage.same_clause(at, start):
            found.append(Found(at, at + 1, meanings))
    return found


def _color(passage: Passage, words: CatalogueWords, at: int, word: str) -> Found[Meaning]:
    field = words.color_field or "text"
    shade = passage.norm(at - 1) if at else ""
    if (
        shade in SHADES
        and not passage.claims[at - 1]
        and any((shade, word) == value[i : i + 2] for value in words.colors for i in range(len(value) - 1))
    ):
        return Found(at - 1, at + 1, (Meaning("color", field, (f"{shade} {word}",)),))
    return Found(at, at + 1, (Meaning("color", field, words.color_words(word)),))


def _audience(passage: Passage, words: CatalogueWords, at: int) -> Meaning | None:
    """Who is to wear it. A relative (`for my husband`) is a wish, marked by a negative weight, unless for clothes."""
    norm = passage.norm(at)
    group = AUDIENCES.get(norm)
    if norm in ("male", "female") and (
        "to" in (passage.norm(at - 1), passage.norm(at + 1)) or passage.norm(at + 1) in _PLUGS
    ):
        return None
    if group is not None:
        return words.audiences.get(group)
    held = words.audiences.get(PEOPLE[norm])
    lead = {passage.norm(at - 1), passage.norm(at - 2)}
    if (
        held is None
        or not lead & {"for", "fuer", "pour", "para"}
        or (norm in ("her", "him") and passage.norm(at - 1) != "for")
    ):
        return None
    if (
        norm == "her"
        and at + 1 < len(passage)
        and passage.tokens[at + 1].shape == "word"
        and passage.norm(at + 1) not in STOP
    ):
        return None
    garments = any(token.stem in lexicon.GARMENTS or token.norm in lexicon.GARMENTS for token in passage.tokens)
    return held if garments else Meaning(held.sort, held.field, held.values, -1)


def _with_audience(passage: Passage, words: CatalogueWords, mention: Found[Meaning]) -> Found[Meaning]:
    """A department that is an audience is read as one, with every department of that audience."""
    if mention.end != mention.start + 1 or mention.meanings[0].sort != "category":
        return mention
    group = AUDIENCES.get(passage.norm(mention.start))
    held = words.audiences.get(group) if group else None
    return Found(mention.start, mention.end, (held,)) if held else mention


def is_audience(words: CatalogueWords, meaning: Meaning) -> bool:
    return any(meaning.field == held.field and meaning.values == held.values for held in words.audiences.values())


def meaning_of(
    passage: Passage, words: CatalogueWords, mentions: Sequence[Found[Meaning]], number: int, kinds: Kinds
) -> Meaning | None:
    """What the mention asks for, or None if it is only a word to search by."""
    mention = mentions[number]
    if number in kinds.wanted:
        return kinds.wanted[number]
    if is_context(passage, mention.start) and passage.norm(mention.start) not in PEOPLE:
        return None
    by_sort = {meaning.sort: meaning for meaning in reversed(mention.meanings)}
    if "brand" in by_sort and _is_brand(passage, words, mentions, number):
        return _softened(passage, mention, by_sort["brand"])
    if "color" in by_sort and _is_color(passage, mentions, number, kinds):
        return by_sort["color"]
    if "size" in by_sort:
        return by_sort["size"]
    if "kind" in by_sort and passage.norm(mention.start - 1) in GOVERNORS and "value" not in by_sort:
        return None
    if "value" in by_sort and passage.norm(mention.start - 1) in _IMITATIONS:
        return None
    for sort in ("flag", "value"):
        if sort in by_sort and (
            is_audience(words, by_sort[sort])
            or not _says_what_for(passage, mention.start)
            or _is_whole_object(passage, mention)
        ):
            return by_sort[sort]
    if "category" in by_sort and _is_department(passage, words, by_sort["category"], mention, kinds):
        return by_sort["category"]
    return None


def _softened(passage: Passage, mention: Found[Meaning], brand: Meaning) -> Meaning:
    """`something like Luma` names an example, not a condition."""
    if passage.norm(mention.start - 1) == "like" and passage.norm(mention.start - 2) in (
        "something",
        "brand",
        "brands",
        "things",
        "quality",
    ):
        return Meaning(brand.sort, brand.field, brand.values, -1)
    return brand


def _says_what_for(passage: Passage, start: int) -> bool:
    """`for hiking`, `for wool socks`: a use, not a property."""
    at = start - 1
    while at >= 0 and passage.norm(at) in ARTICLES:
        at -= 1
    if any(
        passage.norm(place) in _SWAPPING and passage.same_clause(place, start) for place in range(max(0, at - 5), at)
    ):
        return False
    return (
        passage.norm(at) in ("for", "fuer", "pour", "para")
        and passage.norm(at - 1) not in BEFORE_FOR
        and passage.claims[at - 1 if at else 0] != "limit"
    )


def _is_whole_object(passage: Passage, mention: Found[Meaning]) -> bool:
    """`boots for firm ground`: a value of several words, and nothing behind it that it could be said of."""
    following = passage.tokens[mention.end] if mention.end < len(passage) else None
    closes = following is None or following.shape == "symbol" or following.norm in STOP
    return mention.end - mention.start > 1 and closes


def _is_brand(passage: Passage, words: CatalogueWords, mentions: Sequence[Found[Meaning]], number: int) -> bool:
    mention = mentions[number]
    phrase = tuple(
        token.stem
        for token in passage.tokens[mention.start : mention.end]
        if token.shape == "word" or token.shape == "number"
    )
    if not words.is_ambiguous_brand(phrase):
        return True
    before, after = passage.norm(mention.start - 1), passage.norm(mention.end)
    if before in ("by", "from", "brand", "von", "de", "marke", "marque", "marca") or after in ("brand", "brands"):
        return True
    token = passage.tokens[mention.start]
    if not passage.is_shouted() and token.is_capitalised:
        if token.raw.isupper() and len(token.raw) > 1:
            return True
        if not passage.starts_sentence(mention.start):
            return True
    if before in ("or", "nor", "and", "&") or after in ("or", "nor", "and", "&"):
        others = [
            m
            for m in (*mentions[max(0, number - 1) : number], *mentions[number + 1 : number + 2])
            if m.meanings[0].sort == "brand"
        ]
        if any(abs(other.start - mention.end) <= 1 or abs(mention.start - other.end) <= 1 for other in others):
            return True
    if phrase and phrase[0] in lexicon.FUNCTION_BRAND_WORDS:
        return False
    only = all(meaning.sort == "brand" for meaning in mention.meanings)
    following = mentions[number + 1] if number + 1 < len(mentions) else None
    kind_next = (
        following is not None and following.start == mention.end and any(m.sort == "kind" for m in following.meanings)
    )
    return only and len("".join(phrase)) > 2 and (kind_next or _stands_alone(passage, mention))


def _stands_alone(passage: Passage, mention: Found[Meaning]) -> bool:
    """Whether the message is this name and nothing else that carries meaning."""
    return passage.message.rstrip()[-1:] != "!" and all(
        mention.start <= at < mention.end or token.shape == "symbol" or token.norm in STOP
        for at, token in enumerate(passage.tokens)
    )


def _is_color(passage: Passage, mentions: Sequence[Found[Meaning]], number: int, kinds: Kinds) -> bool:
    mention = mentions[number]
    last = passage.tokens[mention.end - 1]
    following = passage.tokens[mention.end] if mention.end < len(passage) else None
    if following is not None and following.norm == "-" and following.glued and mention.end + 1 < len(passage):
        following = passage.tokens[mention.end + 1]
    nexts = mentions[number + 1] if number + 1 < len(mentions) else None
    thing_next = _thing_follows(mentions, number, kinds)
    if _is_named_color(passage, mention.start):
        return True
    if following is not None and following.stem in NOT_A_COLOUR_BEFORE:
        return False
    if passage.norm(mention.start - 1) in _NOT_THE_COLOUR and last.stem not in PLAIN_COLOURS:
        return False
    joined = following is not None and following.norm in ("and", "or", "&")
    if joined and nexts is not None and nexts.start == mention.end + 1 and nexts.end < len(passage):
        behind = passage.tokens[nexts.end].stem
        if (
            behind in NOT_A_COLOUR_BEFORE
            and any(meaning.sort == "color" for meaning in nexts.meanings)
            and number + 2 not in kinds.wanted
        ):
            return False
    if mention.end - mention.start > 1:
        return True
    if last.norm != last.stem and last.norm.endswith("s") and last.stem in COLOURS and last.norm not in COLOURS:
        return False
    if last.stem in PLAIN_COLOURS and not any(meaning.sort == "kind" for meaning in mention.meanings):
        return True
    before = passage.norm(mention.start - 1)
    if (
        thing_next
        or before in ("in", "color", "colour", "colored", "en")
        or (following is not None and following.norm in ("color", "colour", "one", "ones", "colored", "coloured"))
    ):
        return True
    if (
        passage.norm(mention.end) in ("or", "and", ",")
        and nexts is not None
        and nexts.start == mention.end + 1
        and any(m.sort == "color" for m in nexts.meanings)
    ):
        return True
    if before in ("or", "and") and number and any(m.sort == "color" for m in mentions[number - 1].meanings):
        return True
    only = all(meaning.sort == "color" for meaning in mention.meanings)
    closes = following is None or following.shape == "symbol" or following.norm in _AFTER_COLOR | STOP
    return only and closes


def _thing_follows(mentions: Sequence[Found[Meaning]], number: int, kinds: Kinds) -> bool:
    """`silver watch`, `clear glass vase`: what is wanted stands right behind, or behind more that is said of it."""
    at = number
    while at + 1 < len(mentions) and at - number < 6 and mentions[at + 1].start <= mentions[at].end + (at == number):
        at += 1
        if at in kinds.wanted:
            return True
        if not any(meaning.sort in ("value", "color", "flag", "brand") for meaning in mentions[at].meanings):
            return False
    return False


def _is_named_color(passage: Passage, start: int) -> bool:
    """`the color should be rose`, `colour: tan`."""
    for at in range(start - 1, max(-1, start - 6), -1):
        if not passage.same_clause(at, start) and passage.norm(at) != ":":
            return False
        if passage.norm(at) in ("color", "colour", "farbe", "couleur", "colore"):
            return True
        if passage.norm(at) not in STOP and passage.norm(at) != ":":
            return False
    return False


def _is_department(
    passage: Passage, words: CatalogueWords, meaning: Meaning, mention: Found[Meaning], kinds: Kinds
) -> bool:
    """Whether a category is asked for as such: an audience, a `section`, or the only thing the message names."""
    if is_audience(words, meaning):
        return True
    after = passage.norm(mention.end)
    if after in ("section", "department", "category", "aisle", "range", "products", "items", "stuff", "things", "gear"):
        return True
    if kinds.wanted or kinds.is_governed(mention.start):
        return False
    before, first = passage.norm(mention.start - 1), passage.tokens[mention.start]
    if before in ("a", "an") or first.stem in lexicon.VAGUE:
        return False
    adjacent = (
        mention.start
        and passage.tokens[mention.start - 1].shape == "word"
        and passage.same_clause(mention.start - 1, mention.start)
    )
    if (
        adjacent
        and before not in STOP
        and not passage.claims[mention.start - 1]
        and before not in lexicon.VAGUE
        and before not in GENERIC_NOUNS
    ):
        return False
    plural = all(normalise(value) != stem(normalise(value)) for value in meaning.values)
    if plural and mention.end == mention.start + 1 and first.norm == first.stem:
        return False
    following = passage.tokens[mention.end] if mention.end < len(passage) else None
    return (
        following is None or following.shape == "symbol" or bool(passage.claims[mention.end]) or following.norm in STOP
    )
