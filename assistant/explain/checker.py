"""Says of any sentence whether evidence backs it: before its slots are filled, and once more after."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.explain.language import SLOT, language_for
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
    names, why = _read(sentence, point.topic, point.flags, tuple(slot.name for slot in point.slots))
    if why:
        return Verdict(False, why=why)
    told = (slot.evidence for name in names if (slot := point.slot(name)))
    return Verdict(True, tuple(dict.fromkeys((*point.backing, *(one for ids in told for one in ids)))))


@lru_cache(maxsize=4096)
def _read(sentence: str, topic: str, flags: frozenset[str], offered: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The slots a sentence names, and what is wrong with it for points such as these; "" for nothing."""
    text = tidied(sentence)
    names = tuple(SLOT.findall(text))
    why = _fault(text, SLOT.sub("slot", text), names, offered)
    if not why and not language_for(topic, flags, frozenset(offered)).whole.fullmatch(text):
        why = "says what the evidence does not"
    return names, why


def _fault(text: str, bare: str, names: tuple[str, ...], offered: tuple[str, ...]) -> str:
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
    unknown = [name for name in names if name not in offered]
    if unknown:
        return f"names {unknown[0]}, which was not offered"
    if len(names) != len(set(names)):
        return "repeats a slot"
    if offered and offered[0] not in names:
        return f"does not name {offered[0]}"
    return ""


def check_filled(text: str, evidence: Iterable[Evidence]) -> bool:
    """Whether every number of a filled sentence stands in the evidence it cites, digit for digit."""
    return stand_in(numbers_in(text), (numbers_of(entry) for entry in evidence))


def stand_in(numbers: frozenset[str], places: Iterable[frozenset[str]]) -> bool:
    """Whether each number stands in one of the places, which are looked at no further than need be."""
    missing = numbers
    for place in places if missing else ():
        missing -= place
        if not missing:
            break
    return not missing


def numbers_of(entry: Evidence) -> frozenset[str]:
    """The numbers that stand in an entry: in its value, its text, or as the year it is of."""
    return numbers_in(f"{entry.value}\n{entry.text}\n{entry.at[:4]}")  # no number goes on over the end of a line


@lru_cache(maxsize=16384)
def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text as written, `1,299.00` and `45L` (its `45`) among them."""
    return frozenset(number.strip() for number in _NUMBER.findall(text))
