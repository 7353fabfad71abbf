"""One reading of words for everybody: filters, lexical search and whoever reads a shopper's message."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache


def word_set(words: str) -> frozenset[str]:
    """The words of a string, as a set: long lists read better as prose."""
    return frozenset(words.split())


_ACCENTS = re.compile("[\u0300-\u036f]")
_SPACE = re.compile(r"\s+")
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019\u02bc]s\b|(?<=s)['\u2019\u02bc](?!\w)")
# Numbers keep their decimals; scripts written without spaces come one character at a time, so that phrases still match.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")

_SPELLINGS = {
    "grey": "gray",
    "colour": "color",
    "coloured": "colored",
    "multicolour": "multicolor",
    "jewellery": "jewelry",
    "aluminium": "aluminum",
    "pyjamas": "pajamas",
    "fibre": "fiber",
    "litre": "liter",
    "metre": "meter",
    "centre": "center",
    "tyre": "tire",
    "yoghurt": "yogurt",
}
_IRREGULAR = {
    "men": "man",
    "mens": "man",
    "women": "woman",
    "womens": "woman",
    "children": "child",
    "kids": "kid",
    "people": "person",
    "feet": "foot",
    "teeth": "tooth",
    "geese": "goose",
    "mice": "mouse",
    "dice": "die",
    "knives": "knife",
    "wives": "wife",
    "lives": "life",
    "penknives": "penknife",
    "shelves": "shelf",
    "bookshelves": "bookshelf",
    "scarves": "scarf",
    "leaves": "leaf",
    "loaves": "loaf",
    "halves": "half",
    "calves": "calf",
    "wolves": "wolf",
    "elves": "elf",
    "hooves": "hoof",
    "lenses": "lens",
    "buses": "bus",
    "gases": "gas",
    "canvases": "canvas",
    "cactuses": "cactus",
    "bonuses": "bonus",
    "quizzes": "quiz",
    "menus": "menu",
    "headaches": "headache",
    "mustaches": "mustache",
    "quiches": "quiche",
    "brioches": "brioche",
    "shoes": "shoe",
    "snowshoes": "snowshoe",
    "horseshoes": "horseshoe",
    "toes": "toe",
    "canoes": "canoe",
    "hoes": "hoe",
}
FUNCTION_WORDS = word_set(
    "a an and are as at be but by can do for from get give has have i if in into is it its like looking me my "
    "need no not of on or our please show some something that the their them then there these they this those to "
    "under want was we what which will with would you your"
)
"""English words that say nothing about a thing by themselves."""

# Singular in form or never used in the singular: "shorts" are not "short".
_KEPT = word_set(
    "shorts pants jeans trousers tights leggings overalls dungarees pajamas clothes scissors pliers tweezers "
    "binoculars glasses sunglasses eyeglasses chinos joggers knickers briefs boxers dungarees cargos canvas atlas "
    "gas lens christmas texas bias series species news plus swiss always athletics electronics cosmetics ceramics "
    "hydroponics asparagus hummus molasses oats"
)
_ENDS_IN_IE = word_set(
    "hoodie beanie cookie movie smoothie brownie selfie tie pie bootie onesie zombie calorie rookie birdie "
    "necktie veggie foodie newbie goalie pixie collie hippie cutie indie nightie eyrie genie bowtie bralette "
    "lingerie walkie talkie toughie softie sweetie doggie zippie kiltie pinkie townie tootsie magpie"
)
_ENDS_IN_I = word_set(
    "ski bikini kiwi taxi mini maxi midi zucchini martini safari khaki sari broccoli panini tortellini ravioli "
    "cannoli salami chili emoji wifi waterski"
)


def normalise(text: str) -> str:
    """The text in lower case, without accents, its white space single and trimmed."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", composed))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", plain)).strip()


def tokens(text: str) -> list[str]:
    """The words and numbers of the text in order, normalised; `women's` gives `women`, `T-Shirt` gives `t`, `shirt`."""
    return _TOKEN.findall(_POSSESSIVE.sub("", normalise(text)))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The singular of a normalised English word in its American spelling; other words come back as they are."""
    word = _SPELLINGS.get(word, word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _KEPT or len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us")):
        return word
    single = _singular(word)
    return _SPELLINGS.get(single, single)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-1] if word[:-1] in _ENDS_IN_IE or len(word) <= 4 else word[:-3] + "y"
    if word.endswith("is"):
        return word[:-1] if word[:-1] in _ENDS_IN_I else word
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=16384)
def stems(text: str) -> tuple[str, ...]:
    """The stem of every token of the text, in order."""
    return tuple(stem(word) for word in tokens(text))


def has_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether `phrase` occurs in `words` as consecutive whole words. An empty phrase never does."""
    size = len(phrase)
    if not size:
        return False
    wanted = tuple(phrase)
    return any(words[at] == wanted[0] and tuple(words[at : at + size]) == wanted for at in range(len(words) - size + 1))
