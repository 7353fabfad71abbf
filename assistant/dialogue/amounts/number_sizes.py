"""Bare numbers that the catalogue has as sizes: `in 42`, `a 10`, `lamp, 38, black`, `38 is a must`."""

from collections.abc import Collection

from assistant.dialogue.amounts.sizes import is_size_number
from assistant.dialogue.amounts.told import is_anothers_size, is_told_of
from assistant.dialogue.language.catalogue_words import CatalogueWords, Meaning
from assistant.dialogue.language.lexicon import GARMENTS, NOT
from assistant.dialogue.language.palette import SIZE_CUES
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.phrases import Found
from assistant.dialogue.language.smalltalk import STOP
from index.language.sizes import same_size

_TERSE = 12
_WORN = frozenset(
    "wear wears wearing take takes im am measure measures usually normally waist only trage tragt porte porto porta "
    "portano llevo lleva usa uso calza calzo calzan chausse".split()
)
_MEANT = frozenset("not need try tried fit fits want into be".split())
"""What stands before a size as well as before other numbers: what follows the number must tell."""
_ARTICLES = frozenset("a an la una un el die eine einen der du il true proper real".split())
_ADVERBS = frozenset("exactly precisely really though tho definitely strictly please preferably still hence so".split())
_CHILDREN = frozenset(
    "son daughter boy girl child kid nephew niece grandson granddaughter toddler baby sister brother sohn tochter fils "
    "fille hijo hija figlio figlia old age aged".split()
)


def number_sizes(passage: Passage, words: CatalogueWords, held: Collection[str] = ()) -> list[Found[Meaning]]:
    """`in 42`, `in a 10`: numbers the catalogue has as sizes; to be read after budgets have taken theirs.

    `held`: the sizes asked for before. Once there are some, `43 instead` is a size too.
    """
    found: list[Found[Meaning]] = []
    for at, token in enumerate(passage.tokens):
        if token.shape != "number" or passage.claims[at]:
            continue
        if is_told_of(passage, at) or is_anothers_size(passage, words, at):
            continue
        lead = at - 1 if passage.norm(at - 1) not in _ARTICLES else at - 2
        worn = at > 0 and passage.tokens[at - 1].stem in GARMENTS  # `boots 42`
        kinds = words.table.get((passage.tokens[at - 1].stem,)) if at else ()
        worn = worn or (any(meaning.sort == "kind" for meaning in kinds) and _closes(passage, at))
        worn = worn or (passage.norm(at - 1) in _NARROWING and _closes(passage, at))
        joined = at > 1 and passage.norm(at - 1) in ("or", "/", ",") and passage.claims[at - 2] == "size"
        led = passage.norm(lead) in ("in", "en") or passage.norm(lead) in _WORN or _is_terse(passage, at)
        led = led or ((lead < at - 1 or passage.norm(lead) in _MEANT or _is_bare(passage, at)) and _closes(passage, at))
        owned = passage.norm(at - 1) == "is" and any(
            other.sentence == token.sentence
            and (other.norm in SIZE_CUES or other.norm in ("mine", "his", "hers", "fit", "fits"))
            for other in passage.tokens[:at]
        )
        again = held and _closes(passage, at) and not any(same_size(size, token.norm) for size in held)
        owned = (
            owned or bool(again) or _is_told_after(passage, at) or _is_refused(passage, at) or _is_listed(passage, at)
        )
        owned = owned or all(other.shape == "symbol" for other in passage.tokens if other is not token)
        if not (worn or joined or led or owned) or not is_size_number(passage, at):
            continue
        if any(same_size(value, token.norm) for value in words.sizes.values()):
            passage.claim(at, at + 1, "size")
            found.append(Found(at, at + 1, (Meaning("size", words.size_field, (token.norm,), 0),)))
    return found


def _closes(passage: Passage, at: int) -> bool:
    """Whether nothing that is counted follows: `a 37`, `not 44, that is sold out`, as against `a 3 person tent`."""
    if at + 1 >= len(passage):
        return True
    following = passage.tokens[at + 1]
    if following.norm in ("fit", "fits") or following.norm in _ADVERBS:
        return True
    ends = following.shape == "symbol" and following.norm not in "-/%$\u20ac\u00a3+"
    return ends or (following.norm in STOP and following.norm not in ("of", "items", "item", "pieces", "in", "to", "x"))


def _is_refused(passage: Passage, at: int) -> bool:
    """`no 42 ones`."""
    return passage.norm(at - 1) in NOT and passage.norm(at + 1) in ("one", "ones")


def _is_listed(passage: Passage, at: int) -> bool:
    """`sneakers, 42, black`, `oak. 45. no Luma.`: the only number left, in a place of its own; no age of a child."""
    before, after = at - 1, at + 1
    while passage.norm(before) in _ADVERBS:
        before -= 1
    while passage.norm(after) in _ADVERBS:
        after += 1
    lettered = passage.norm(before) == ")" and len(passage.norm(after)) == 1 and passage.norm(after + 1) == ")"
    opens = before < 0 or passage.norm(before) in _PARTING
    closes = after >= len(passage) or passage.norm(after) in _PARTING or lettered
    if not (opens and closes) or passage.norm(before - 1) in _CHILDREN:
        return False
    said = {token.norm for place, token in enumerate(passage.tokens)
            if token.shape == "number" and not passage.claims[place]}  # fmt: skip
    return said == {passage.norm(at)}


def _is_told_after(passage: Passage, at: int) -> bool:
    """`42 is what I wear`, `43 is my size`, `38 is a must`."""
    said = [passage.norm(place) for place in range(at + 1, at + 6)]
    opens = at == 0 or passage.tokens[at - 1].shape == "symbol"
    if opens and (said[0] == "only" or said[:2] in (["or", "nothing"], ["for", "me"], ["for", "him"], ["for", "her"])):
        return True
    return said[0] in ("is", "being") and bool(_NEEDED & set(said))


_NARROWING = frozenset("either ideally preferably only but strictly exactly".split())
_NEEDED = frozenset(
    "negotiable wear size take must essential me mine compulsory required dealbreaker needed fit".split()
)
_PARTING = frozenset(", ; / . : ! ? ( ) - \u2013 \u2014 + * =".split())


def _is_bare(passage: Passage, at: int) -> bool:
    """`44 actually`: nothing else is said."""
    others = [place for place in range(len(passage)) if place != at and passage.tokens[place].shape != "symbol"]
    return bool(others) and len(others) < 4 and all(passage.norm(place) in STOP for place in others)


def _is_terse(passage: Passage, at: int) -> bool:
    """`toaster silver 32`, `38 boots Luma black`: a number first or last among a few words that make no sentence."""
    if len(passage) > _TERSE:
        return False
    spoken = [place for place, token in enumerate(passage.tokens) if token.shape != "symbol"]
    words = [passage.tokens[place] for place in spoken if place != at]
    numbers = len(spoken) - sum(token.shape == "word" for token in words)
    edge = at in (spoken[0], spoken[-1])
    least = 1 if passage.norm(at - 1) in (",", "(", "-", "/") else 2
    return edge and least <= len(words) <= 5 and numbers == 1 and not any(token.norm in _SENTENCE for token in words)


_SENTENCE = STOP - frozenset("color size ok please thanks thank you hi hello need".split())
