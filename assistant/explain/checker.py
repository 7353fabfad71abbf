"""Says of any sentence whether evidence backs it: before its slots are filled, and once more after."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.explain.language import SLOT, language_of
from assistant.explain.points import Point
from assistant.nouns import Evidence

_FEWEST_WORDS, _MOST_WORDS = 3, 30
_NUMBER = re.compile(r"\d+(?:[.,]\d+|[\u00a0\u202f'\u2019]\d{3})*")
_NUMBER_WORD = re.compile(
    r"\b(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundreds?|thousands?|million|half|double|twice|dozens?)\b",
    re.I,
)
_FORBIDDEN = (
    ("a digit", re.compile(r"\d")),
    ("a number word", _NUMBER_WORD),
    (
        "a currency or percent sign",
        re.compile(r"[$\u20ac\u00a3\u00a5%\u2030]|\b(?:usd|eur|gbp|dollars?|euros?|percent)\b", re.I),
    ),
    ("an address", re.compile(r"https?:|www\.|://|@|\.(?:com|net|org|io)\b", re.I)),
    ("markup", re.compile(r"[<>\[\]()*_`#|\\~^=]")),
)
_CONTRACTIONS = (("it's", "it is"), ("It's", "It is"), ("you've", "you have"), ("You've", "You have"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """`evidence` are the ids an accepted sentence rests on; `why` says in a few words what was wrong with another."""

    accepted: bool
    evidence: tuple[str, ...] = ()
    why: str = ""


def tidied(sentence: str) -> str:
    """The sentence with white space, quotes and contractions made uniform; nothing is added to or taken from it."""
    text = " ".join(sentence.replace("\u2019", "'").split())
    for short, full in _CONTRACTIONS:
        text = text.replace(short, full)
    return text


def check(sentence: str, point: Point) -> Verdict:
    """Whether the sentence, its slots still open, says nothing but what `point` has evidence for.

    It must be one sentence of 3 to 30 words with a capital and a full stop, name the point's first slot, hold only
    slots that are offered, each once, and belong to the language its topic licenses. Never raises.
    """
    text = tidied(sentence)
    names = SLOT.findall(text)
    bare = SLOT.sub("slot", text)
    why = _fault(text, bare, names, point)
    if why:
        return Verdict(False, why=why)
    if not language_of(point).whole.fullmatch(text):
        return Verdict(False, why="says what the evidence does not")
    told = (slot.evidence for name in names if (slot := point.slot(name)))
    return Verdict(True, tuple(dict.fromkeys((*point.backing, *(one for ids in told for one in ids)))))


def _fault(text: str, bare: str, names: list[str], point: Point) -> str:
    if not text:
        return "is empty"
    if not _FEWEST_WORDS <= len(bare.split()) <= _MOST_WORDS:
        return "is too short or too long"
    if not (text[0].isupper() or text[0] == "{"):
        return "does not begin with a capital"
    if not text.endswith(".") or text.endswith(".."):
        return "does not end in one full stop"
    if "{" in bare or "}" in bare:
        return "holds a broken slot"
    for what, pattern in _FORBIDDEN:
        if pattern.search(bare.replace("this one", "this")):
            return f"holds {what}"
    unknown = [name for name in names if point.slot(name) is None]
    if unknown:
        return f"names {unknown[0]}, which was not offered"
    if len(names) != len(set(names)):
        return "repeats a slot"
    if point.slots and point.slots[0].name not in names:
        return f"does not name {point.slots[0].name}"
    return ""


def check_filled(text: str, evidence: Iterable[Evidence]) -> bool:
    """Whether every number of a filled sentence stands in the evidence it cites, digit for digit."""
    known: set[str] = set()
    for entry in evidence:
        known.update(*(numbers_in(str(part)) for part in (entry.value, entry.text, entry.at[:4])))
    return numbers_in(text) <= known


@lru_cache(maxsize=16384)
def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text as written, `1,299.00` and `45L` (its `45`) among them."""
    return frozenset(number.strip() for number in _NUMBER.findall(text))
