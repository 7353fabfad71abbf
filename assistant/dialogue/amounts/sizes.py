"""Sizes in a message: `in M`, `size 10`, `EU 42`, `x-large`, `medium`."""

from collections.abc import Iterator

from assistant.dialogue.amounts.told import is_anothers_size, is_told_of
from assistant.dialogue.amounts.written_sizes import written_size
from assistant.dialogue.language.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.language.lexicon import GARMENTS
from assistant.dialogue.language.palette import COLOURS, LETTER_SIZES, SIZE_CUES, SIZE_SYSTEMS, WORD_SIZES
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import STOP, UNITS
from index.language.sizes import same_size

_FILL = frozenset({"is", ":", "=", "of", "a", "an", "in", "the", "-", "only", "to", "should", "would", "must", "be"})
_MY_SIZE = frozenset({("is", "my", "size"), ("is", "his", "size"), ("is", "her", "size"), ("fits", "me", "best")})
_LETTER_LEADS = frozenset(
    "in a an or and size need take takes wear wears wearing im am is be get usually only make try want show".split()
)
_NO_LEADS = frozenset("d l c s j t n qu".split())
_BARE_WORDS = frozenset({"small", "medium", "large"})
_LEADS = frozenset(
    {
        "plus",
        "definitely",
        "be",
        "take",
        "wear",
        "is",
        "la",
        "en",
        "make",
        "only",
        "need",
        "in",
        "size",
        "a",
        "an",
        "or",
        "and",
        "/",
        ",",
        "to",
        "im",
        "am",
        "the",
    }
)


def read_sizes(passage: Passage, words: CatalogueWords) -> list[Found[Meaning]]:
    """Every size named, left to right; claims the words. Bare letters and numbers count only where a size can stand."""
    field = words.size_field or "size"
    found: list[Found[Meaning]] = []
    at = 0
    while at < len(passage):
        span = None if passage.claims[at] else written_size(passage, words, at) or _size_at(passage, words, at)
        if span is None:
            at += 1
            continue
        start, end, value = span
        if is_told_of(passage, start) or is_anothers_size(passage, words, start):
            passage.claim(start, end, "context")
            at = end
            continue
        passage.claim(start, end, "size")
        found.append(Found(start, end, (Meaning("size", words.size_field_of(value), (value,), 0),)))
        at = end
        while (further := _further(passage, at, value)) is not None:
            passage.claim(at, at + 2, "size")
            found.append(Found(at + 1, at + 2, (Meaning("size", field, (further,), 0),)))
            at += 2
    return found


def _further(passage: Passage, at: int, size: str) -> str | None:
    """The next size of `42 or 43`, with the system said before the first."""
    number = size.split()[-1]
    if size.lower() in LETTER_SIZES and passage.norm(at) in ("or", "/", "oder", "ou", "o") and at + 1 < len(passage):
        letter = passage.norm(at + 1)
        free = not any(passage.claims[at : at + 2])
        return letter.upper() if letter in LETTER_SIZES and free and letter.upper() != size else None
    listed = passage.norm(at) == "," and passage.norm(at + 2) in ("or", "and", ",", "oder", "ou", "o")
    joined = (listed or passage.norm(at) in ("or", "and", "/", "oder", "ou", "o")) and at + 1 < len(passage)
    if not joined or not number.replace(".", "").isdigit() or any(passage.claims[at : at + 2]):
        return None
    token = passage.tokens[at + 1]
    near = token.shape == "number" and is_size_number(passage, at + 1) and abs(float(number) - _value(token.norm)) <= 6
    return size.removesuffix(number) + token.norm if near else None


def _value(number: str) -> float:
    try:
        return float(number.replace(",", "."))
    except ValueError:
        return float("inf")


def has_letters(words: CatalogueWords) -> bool:
    """Whether the catalogue sells by S, M, L."""
    return any(same_size(value, letter) for value in words.sizes.values() for letter in ("S", "M", "L", "XL"))


def _size_at(passage: Passage, words: CatalogueWords, at: int) -> tuple[int, int, str] | None:
    norm = passage.norm(at)
    for end in range(at + 1, at + 4):
        mine = passage.norm(end) in ("is", "fits") and passage.starts_sentence(at)
        if mine and tuple(passage.norm(near) for near in range(end, end + 3)) in _MY_SIZE:
            return at, end + 3, passage.quote(at, end)
    if norm in SIZE_CUES:
        return _after_cue(passage, words, at)
    if norm in SIZE_SYSTEMS and passage.tokens[at].raw.isupper():
        following = at + 1
        while passage.norm(following) in SIZE_CUES or passage.norm(following) in (":", "-"):
            following += 1
        if (
            following < len(passage)
            and passage.tokens[following].shape == "number"
            and is_size_number(passage, following)
            and (norm != "eur" or _is_worn(passage, at, following))
        ):
            return at, following + 1, f"{passage.tokens[at].raw} {passage.norm(following)}"
        return None
    plain = next(_plain(passage, at), None)
    if plain is None:
        return None
    end, value = plain
    if value == "One Size" and passage.norm(end - 1) in SIZE_CUES:
        further = written_size(passage, words, end - 1) or _after_cue(passage, words, end - 1)
        if further is not None and further[1] > end:
            return further  # `one size 39`
    if passage.norm(end) in SIZE_CUES and passage.norm(at) != "one":
        return at, end + 1, value
    if _stands_as_size(passage, words, at, end, value):
        return at, end, value
    return None


def _is_worn(passage: Passage, at: int, number: int) -> bool:
    """Whether `EUR 42` is a size: a whole number in the range of shoes and clothes, right behind one or behind `in`."""
    text, before = passage.norm(number), passage.norm(at - 1)
    worn = at > 0 and (passage.tokens[at - 1].stem in GARMENTS or before in SIZE_CUES or before in ("in", "en"))
    return worn and text.isdigit() and 14 <= int(text) <= 60


def _after_cue(passage: Passage, words: CatalogueWords, cue: int) -> tuple[int, int, str] | None:
    """`size 10`, `size: M`, `size EU 42`, `sized medium`."""
    at = cue + 1
    while (
        at < len(passage) and at - cue <= 3 and passage.norm(at) in _FILL and (passage.norm(at) != "a" or at - cue < 3)
    ):
        at += 1
    system = ""
    if (passage.norm(at) in SIZE_SYSTEMS and passage.norm(at) not in ("it", "us")) or (
        passage.norm(at) in ("us", "it") and at < len(passage) and passage.tokens[at].raw.isupper()
    ):
        system, at = passage.tokens[at].raw.upper() + " ", at + 1
    if at >= len(passage) or passage.claims[at] or passage.tokens[at].sentence != passage.tokens[cue].sentence:
        return None
    plain = next(_plain(passage, at), None)
    if plain:
        return cue, plain[0], system + plain[1]
    if passage.tokens[at].shape == "number" and is_size_number(passage, at):
        end = at + 1
        fraction = passage.quote(at, at + 3) if passage.norm(end) == "/" and at + 2 < len(passage) else ""
        if fraction and (_is_fraction(fraction) or any(same_size(v, fraction) for v in words.sizes.values())):
            return cue, at + 3, system + fraction
        if (
            end < len(passage)
            and passage.tokens[end].glued
            and passage.tokens[end].shape == "word"
            and len(passage.norm(end)) <= 2
        ):
            return cue, end + 1, system + passage.quote(at, end + 1).upper()
        return cue, end, system + passage.norm(at)
    return None


def _is_fraction(text: str) -> bool:
    """`1/4`, `3/4`: the size of a small violin, as against `42/43`."""
    top, _, bottom = text.partition("/")
    return top.isdigit() and bottom.isdigit() and len(bottom) == 1 and int(top) < int(bottom)


def _plain(passage: Passage, at: int) -> Iterator[tuple[int, str]]:
    """A letter or word size at this place, longest reading first, as (end, size)."""
    stems: list[str] = []
    ends: list[int] = []
    place = at
    while place < len(passage) and len(stems) < 3:
        token = passage.tokens[place]
        if token.norm == "-" and stems:
            place += 1
            continue
        if token.shape == "symbol" or passage.claims[place]:
            break
        stems.append(token.norm)
        ends.append(place + 1)
        place += 1
    if len(stems) > 2 and stems[0] in "23456" and stems[1] == "x" and stems[2] in ("large", "small"):
        yield ends[2], f"{stems[0]}X{'L' if stems[2] == 'large' else 'S'}"
    for size in range(len(stems), 0, -1):
        word = WORD_SIZES.get(tuple(stems[:size]))
        if word:
            yield ends[size - 1], word
        if (
            size == 2
            and stems[0].isdigit()
            and stems[0] + stems[1] in LETTER_SIZES
            and passage.tokens[ends[1] - 1].glued
        ):
            yield ends[1], (stems[0] + stems[1]).upper()
    if stems and stems[0] in LETTER_SIZES:
        yield ends[0], stems[0].upper()


def _stands_as_size(passage: Passage, words: CatalogueWords, at: int, end: int, value: str) -> bool:
    """Whether a letter or word that could be a size is one here."""
    token = passage.tokens[at]
    before, after = passage.norm(at - 1), passage.norm(end)
    if len(token.norm) == 1 and at and passage.tokens[at - 1].shape == "number":
        return False
    initial = before in ("and", "&", "n", "y") and len(passage.norm(at - 2)) == 1
    if token.raw[-1] in "'\u2019" or (initial and passage.norm(at - 2) not in LETTER_SIZES):
        return False  # `S'IL VOUS PLAIT`, `H and M`
    joined = after in ("'", "&", "\u2019") or (before in ("&", "'", "\u2019"))
    if (
        joined
        or (token.glued and before not in ("/", "(", ",", "-"))
        or (end < len(passage) and passage.tokens[end].shape == "number" and passage.tokens[end].glued)
    ):
        return False
    if token.norm in _BARE_WORDS and end == at + 1:
        return has_letters(words) and _bare_word(passage, at, end)
    if len(token.norm) > 1 or end > at + 1:
        return value != "One Size" or bool(words.sizes)
    if not has_letters(words):
        return before == "in" and token.raw.isupper()
    return (token.raw.isupper() and before != ".") or _is_small_letter(passage, words, at)


def _is_small_letter(passage: Passage, words: CatalogueWords, at: int) -> bool:
    """Whether a lower-case `m` or `l` is a size: `hoodie m black`, `i wear l`, as against `i m looking`, `men s`."""
    before, end = passage.norm(at - 1), at + 1
    if before == "i" or (before in "'\u2019" and before):
        return False
    following = passage.tokens[end] if end < len(passage) else None
    closes = following is None or following.norm in STOP or (following.shape == "symbol" and following.norm not in "'-")
    if not closes and following is not None:
        thing = following.stem in GARMENTS or any(
            m.sort in ("kind", "color") for m in words.table.get((following.stem,))
        )
        closes = thing or following.stem in COLOURS
    led = at == 0 or before in _LETTER_LEADS or passage.tokens[at - 1].shape == "symbol"
    return closes and (led or (passage.norm(at) != "s" and before not in _NO_LEADS))


def _bare_word(passage: Passage, at: int, end: int) -> bool:
    """`in a large`, `medium please`, `a large blue shirt`: a size word that qualifies no noun, or one that is worn."""
    before, after = passage.norm(at - 1), passage.norm(end)
    for place in range(end, min(end + 4, len(passage))):
        token = passage.tokens[place]
        if token.stem in GARMENTS or token.norm in GARMENTS:
            return True
        stops = token.shape == "symbol" and token.norm != "-"
        if stops or (token.norm in STOP and len(token.norm) > 1) or token.norm in UNITS - {"t"}:
            break
    ends = (
        end >= len(passage)
        or passage.tokens[end].shape == "symbol"
        or after in ("please", "or", "and", "under", "for", "if", "one", "ones", "in", "thanks", "would")
    )
    if not ends:
        return False
    return before in _LEADS or at == 0 or passage.tokens[at - 1].shape == "symbol"


def is_size_number(passage: Passage, at: int) -> bool:
    """Whether the number can be a size: no unit, currency or other number behind it."""
    following = passage.norm(at + 1)
    if following == "-" and at + 2 < len(passage) and passage.tokens[at + 2].glued and passage.norm(at + 2) in UNITS:
        return False
    if following in ("by", "x", "\u00d7", "*") and at + 2 < len(passage) and passage.tokens[at + 2].shape == "number":
        return False
    if following in ("$", "\u20ac", "\u00a3", "%", "euro", "euros", "dollars", "eur", "usd"):
        return False
    return following not in UNITS or following in ("in", "m", "w", "and", "size", "a", "can", "l", "s", "set", "light")
