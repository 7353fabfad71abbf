"""How recorded values read inside a sentence, and which of them may: shop text is data, and some of it is hostile."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from index.items import Item
from index.language.words import has_phrase, stems, tokens

_LONGEST_TITLE = 80
_LONGEST_TOLD = 60
_LONGEST_VALUE = 40
_MOST_WORDS = 5

_ADDRESS = re.compile(r"https?:|ftp:|javascript:|data:|//|www\.|\S@\S", re.I)
_DOMAIN = re.compile(r"\b[\w-]+\.(?:com|net|org|io|ru|cn|example|test|xyz|info|biz|co)\b", re.I)
_MARKUP = re.compile(r"[<>{}\[\]|\\`*#~^=_]|\bon\w+\(")
_TAGS = re.compile(r"[<>\\`]|\]\(|\bon\w+=")
"""Markup that may not even stand in a title, where `#4`, `[Misc.]`, `*` and `{set of 3}` are plain text."""
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:all|any|previous|prior|above|other|instructions?|rules?)\b|"
    r"\b(?:your|the) (?:responses?|answers?|repl(?:y|ies)|outputs?|results?|messages?|text|prompt)\b|"
    r"\b(?:modify|enhance|include|integrate|insert|add|append|write|summari[sz]e|translate|determine|generate|mention|"
    r"recommend|provide|answer|describe|explain|tell|give|state|use|shift|make)\s+(?:a|an|the|your|in|this|that|all|each|"
    r"any|how|me|with)\b|"
    r"\binstructions?\b|\bsystem (?:prompt|message|override|note)\b|\b(?:system|assistant|user)\s*:|"
    r"\byou (?:must|are now)\b|"
    r"\bas an ai\b|\b(?:recommend|rank|choose|pick|select|suggest) (?:this|it|me|only)\b|"
    r"\b(?:respond|reply|answer) (?:with|only)\b|"
    r"\b(?:say|print|output|repeat|reveal)\b.{0,20}\b(?:that|the|this|your)\b|"
    r"\btell (?:the )?(?:user|customer|shopper)s?\b|\b(?:click|visit|call|buy|act) (?:here|now|our|us)\b",
    re.I,
)
"""What talks to a machine, or hawks; a title that holds it is cut there."""
_QUESTION = re.compile(
    r"\b(?:can|could|would|will|do|does|are|is|have) (?:you|i|we|they)\b|"
    r"\b(?:what|how|why|when|where|who) (?:is|are|do|does|did|can|could|have|has|many|much)\b",
    re.I,
)
"""A sentence of talk; a title may begin with one (books do), but none belongs after its first words."""
_HAWKING = re.compile(
    r"[$\u20ac\u00a3\u00a5]\s?\d|\bfree (?:shipping|delivery|gifts?|returns)\b|\bguarantee(?:d|s)?\b|"
    r"\b(?:discount|coupon|promo) codes?\b|\b(?:today|now) only\b|\blimited (?:time|offer)\b|\bbest .{1,20} ever\b",
    re.I,
)
"""Advertising that a title may begin with (a `$25 Gift Card`) and that is not repeated after its first words."""
_LOOSE_END = re.compile(r"(?:\s+(?:a|an|the|to|in|of|and|or|for|with|by|at|on|from|your|its|that|as))+$", re.I)
_COMMAND = re.compile(
    r"\b(?:ignor\w*|disregard\w*|overrid\w*|system|prompts?|assistants?|chatbot|chatgpt|gpt|llm|ai|bot|admin\w*|"
    r"jailbreak|recommend\w*|rank\w*|must|always|never|output|print|respon\w*|repl(?:y|ies)|answer|encod\w*|pretend|obey|execute|token|password|"
    r"click|visit|subscribe|best|number one|guarantee\w*|free (?:of|gift|shipping)|top (?:pick|choice|result))\b",
    re.I,
)
"""Single words that never need to be said in a value, a brand or a quotation, and give most orders away."""
_OWN_ARTICLE = frozenset({"the", "a", "an", "my", "our", "your", "his", "her"})
_CLAUSE_END = re.compile(r"[.!?:;|]\s|\s[-\u2013\u2014|/]\s|,\s")

_ONES = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

_AUDIENCES = {
    "f": "women", "w": "women", "female": "women", "woman": "women", "women": "women", "ladies": "women",
    "womens": "women", "women's": "women",
    "m": "men", "male": "men", "man": "men", "men": "men", "mens": "men", "men's": "men",
    "unisex": "women and men", "u": "women and men",
    "boy": "boys", "boys": "boys", "girl": "girls", "girls": "girls", "kids": "children", "children": "children",
    "adult": "adults", "adults": "adults",
}  # fmt: skip


@lru_cache(maxsize=16384)
def tidy(text: str) -> str:
    """`text` on one line: compatibility forms folded, control and direction marks gone, white space single."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    folded = unicodedata.normalize("NFC", text)
    kept = "".join(" " if unicodedata.category(ch)[0] in "CZ" else ch for ch in folded)
    return " ".join(kept.split())


def mentions(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text`, whole, adjacent and in order; False for an empty phrase."""
    return has_phrase(stems(text), stems(phrase))


@lru_cache(maxsize=16384)
def is_hostile(text: str) -> bool:
    """Whether shop text holds an address, markup or words that talk to a machine, and so must not be repeated."""
    return any(pattern.search(text) for pattern in (_ADDRESS, _DOMAIN, _MARKUP, _ORDERS, _QUESTION, _HAWKING, _COMMAND))


@lru_cache(maxsize=16384)
def speakable(value: str) -> str:
    """A recorded value as it may stand in a sentence, or "" when it is too long, empty or hostile.

    `Organic Cotton` becomes `organic cotton`; names with marks or inner capitals (`Gore-Tex`, `LumaTech`) stay.
    """
    text = tidy(value).strip(" .,;:!?\"'")
    if not text or len(text) > _LONGEST_VALUE or len(text.split()) > _MOST_WORDS or is_hostile(text):
        return ""
    if re.search(r"[.!?;:]\s|[\"\u201c\u201d]", text):
        return ""
    plain = all(word.isalpha() and (word.islower() or word.istitle()) and len(word) > 1 for word in text.split())
    return text.lower() if plain else text


@lru_cache(maxsize=16384)
def speakable_name(name: str) -> str:
    """A brand or category as written, without what follows it in brackets; "" when it may not be repeated."""
    text = re.sub(r"\s*[(\uff08][^)\uff09]*[)\uff09]\s*$", "", tidy(name)).strip(" ,;:")
    if not text or len(text) > _LONGEST_VALUE or len(text.split()) > _MOST_WORDS or is_hostile(text):
        return ""
    return text


def plain_title(item: Item, longest: int = _LONGEST_TITLE) -> str:
    """What to call an item in running text: its title as recorded, cut short where it grows long or hostile."""
    # A title short enough for all is read once for all.
    return _plain(item.title, longest if len(item.title) > longest else _LONGEST_TITLE) or _unnamed(item)


@lru_cache(maxsize=65536)
def _plain(title: str, longest: int) -> str:
    """The title so cut; "" when nothing is left that names a thing."""
    text = tidy(title)
    faults = [m.start() for p in (_ADDRESS, _TAGS, _ORDERS) if (m := p.search(text))]
    faults += [match.start() for p in (_QUESTION, _HAWKING, _DOMAIN) for match in p.finditer(text) if match.start()]
    fault = min(faults, default=None)
    if fault is None and len(text) <= longest:
        return text
    head = text[: min(longest, len(text) if fault is None else fault)]
    ends = [match.start() for match in _CLAUSE_END.finditer(text) if 0 < match.start() <= len(head)]
    if ends:  # whole clauses: a hostile one goes with its first words, a long title keeps what names the thing
        head = head[: ends[-1]]
    elif " " in head and not (head + text[len(head) :][:1]).endswith(" ") and not head.endswith(" "):
        head = head.rsplit(" ", 1)[0]  # not in the middle of a word
    head = _LOOSE_END.sub("", head.strip(" ,;:.-\u2013\u2014|/(!?\"'"))
    return head if len(head) > 2 and tokens(head) else ""


def told_title(item: Item) -> str:
    """The item as named in a sentence about the past, never longer than sixty letters: `the Alba Trail Boot`."""
    title = plain_title(item, _LONGEST_TOLD)
    first = title.split(" ", 1)[0]
    bare = not first[:1].isalpha() or first.casefold() in _OWN_ARTICLE or first.endswith(("'s", "\u2019s"))
    return title if bare else f"the {title}"


def _unnamed(item: Item) -> str:
    brand = speakable_name(item.brand)
    return f"an item by {brand}" if brand else "an item without a plain title"


def audience(value: str) -> str:
    """`women` for F, `women and men` for Unisex; other values as they are, "" when they may not be repeated."""
    return _AUDIENCES.get(value.strip().casefold(), speakable(value))


def field_label(field: str) -> str:
    """An attribute's name as a noun: `strap_bags` -> `strap bags`; "" when it may not be repeated."""
    return speakable(re.sub(r"[_\-]+", " ", field)).lower()


def number_word(number: int) -> str:
    """A count in letters up to ninety-nine, beyond that `more than a hundred`; digits stay for recorded facts.

    Raises:
        ValueError: `number` is negative.
    """
    if number < 0:
        raise ValueError(f"a count cannot be negative: {number}")
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    many = min(number // size, 19)
    exactly = "" if number == many * size else "more than "
    return f"{exactly}{'a' if many == 1 else _ONES[many]} {name}"


def join_words(parts: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def with_article(noun: str) -> str:
    """`a jacket`, `an umbrella`; plural nouns stay bare: `running shoes`."""
    last = noun.rsplit(" ", 1)[-1].lower()
    if last.endswith("s") and not last.endswith(("ss", "us", "is")):
        return noun
    sounds_open = noun[:1].lower() in "aeiou" and not re.match(r"(?:uni|use|usb|uk\b|eur|one)", noun, re.I)
    spelled = re.match(r"(?:[FHLMNRSX]|[FHLMNRSX][A-Z]{1,2})\b", noun)
    return f"{'an' if sounds_open or spelled or re.match(r'(?:hour|heir|honest)', noun, re.I) else 'a'} {noun}"


def quoted(words: Iterable[str], last: str = "and") -> str:
    """Each word in quotation marks, joined: `\u201cwarm\u201d and \u201clight\u201d`; one in marks already stays so."""
    return join_words([in_marks(word) for word in words], last)


def in_marks(text: str) -> str:
    """The text in quotation marks, once: `\u201cwarm\u201d`."""
    return text if text[:1] == "\u201c" and text[-1:] == "\u201d" else f"\u201c{text}\u201d"
