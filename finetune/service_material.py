"""Utterances with their service intents: read from csv, read from our own test file, or made from our own material."""

import csv
import random
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MATERIAL = Path(__file__).parent / "material" / "service_intents.toml"
OWN_TEST = MATERIAL.with_name("service_utterances_test.txt")
OWN_DEV = MATERIAL.with_name("service_utterances_dev.txt")
NONE = "none"
"""The label of words that ask nothing of a service desk."""

_TEXT_COLUMNS = ("utterance", "instruction", "text")
_BLANK = re.compile(r"\{\{([^{}]*)\}\}")
_SLOT = re.compile(r"\{(\w+)\}")
_SPACES = re.compile(r"\s+")
_DOUBLED = frozenset("get put swap stop drop begin submit log set shop unsubscribe".split()) - {"unsubscribe"}
_VALUES: Mapping[str, tuple[str, ...]] = {
    "number": ("12345", "00871", "#5521", "113542617735902", "no. 77", "AB-3391", "{digits}"),
    "city": ("Lyon", "Boston", "Oslo", "Leeds", "New York"),
    "country": ("Spain", "Canada", "Ireland", "Japan"),
    "name": ("John Smith", "Maria Lopez", "Mr Brown", "Anna"),
    "amount": ("50", "19.99", "240", "{digits}"),
    "symbol": ("$", "€", "£"),
    "type": ("premium", "gold", "free", "business", "standard"),
    "category": ("premium", "pro", "platinum", "freemium", "silver"),
}


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody wrote, the intent it has, and the intent's category; both empty where the file has none."""

    text: str
    intent: str
    category: str = ""


def read_csv(path: Path) -> list[Utterance]:
    """The rows of a csv with a column `utterance`, `instruction` or `text`, and `intent` and, if any, `category`.

    Raises:
        ValueError: a column is missing, or there is no row.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = {name.strip().lower(): name for name in reader.fieldnames or ()}
        column = next((names[name] for name in _TEXT_COLUMNS if name in names), None)
        if column is None or "intent" not in names:
            raise ValueError(f"{path.name} needs a column 'intent' and one of {', '.join(_TEXT_COLUMNS)}")
        category = names.get("category", "")
        rows = [
            Utterance(
                (row[column] or "").strip(), (row[names["intent"]] or "").strip(), (row.get(category) or "").strip()
            )
            for row in reader
        ]
    rows = [row for row in rows if row.text and row.intent]
    if not rows:
        raise ValueError(f"{path.name} holds no utterance with an intent")
    return rows


def read_own(path: Path) -> list[Utterance]:
    """Our hand-written utterances for measuring; those that are none of the desk's are labelled `NONE`."""
    categories = {intent: told["category"] for intent, told in _material().intents.items()}
    rows = [
        line.split("|", 1) for line in path.read_text(encoding="utf-8").splitlines() if "|" in line and line[0] != "#"
    ]
    return [Utterance(text.strip(), intent.strip(), categories.get(intent.strip(), "")) for intent, text in rows]


def intents() -> dict[str, str]:
    """Each intent of the material and its category, intents in alphabetical order."""
    return {intent: told["category"] for intent, told in sorted(_material().intents.items())}


def compose(per_intent: int, seed: int) -> list[Utterance]:
    """`per_intent` different utterances of each intent, made from our material, in the order of `intents`."""
    found: list[Utterance] = []
    for intent, category in intents().items():
        rng = random.Random(f"{seed}/{intent}")
        texts: dict[str, None] = {}
        for _ in range(per_intent * 20):
            if len(texts) >= per_intent:
                break
            texts.setdefault(_composed(intent, rng))
        found += [Utterance(text, intent, category) for text in texts]
    return found


def compose_none(count: int, seed: int) -> list[Utterance]:
    """Up to `count` different messages that are none of the desk's, labelled `NONE`."""
    rng, told = random.Random(f"{seed}/{NONE}"), _material().none
    slots = {name: value for name, value in told.items() if name != "say"}
    texts = {expand(rng.choice(_lines(told["say"])), rng, slots): None for _ in range(3 * count)}
    return [Utterance(text, NONE) for text in list(texts)[:count]]


def _composed(intent: str, rng: random.Random) -> str:
    told, frames = _material().intents[intent], _material().frames
    kind = rng.choices(("do", "about", "say"), (4, 1, 5))[0]
    text = expand(rng.choice(_lines(told[kind])), rng)
    if kind == "do":
        style = rng.choice(("do", "do", "doing"))
        words = gerund(text) if style == "doing" else text
        text = expand(rng.choice(_lines(frames[style])), rng).replace(f"{{{style}}}", words)
    elif kind == "about":
        text = expand(rng.choice(_lines(frames["about"])), rng).replace("{about}", text)
    if rng.random() < 0.15:
        text = f"{rng.choice(frames['before'].split('|'))}{rng.choice((', ', ' '))}{text}"
    if rng.random() < 0.15:
        text = f"{text.rstrip('.')}{rng.choice((', ', ' ', '. '))}{rng.choice(frames['after'].split('|'))}"
    return _SPACES.sub(" ", text).strip()


def expand(pattern: str, rng: random.Random, slots: Mapping[str, str] | None = None) -> str:
    """One of the texts that a line stands for. Blanks `{{...}}` and names that are no slots stay as they are."""
    slots = _material().slots if slots is None else slots
    kept = _BLANK.sub(lambda match: f"\x00{match[1]}\x01", pattern)
    while True:
        filled = _SLOT.sub(lambda match: f"({slots[match[1]]})" if match[1] in slots else match[0], kept)
        filled = _BLANK.sub(lambda match: f"\x00{match[1]}\x01", filled)
        if filled == kept:
            break
        kept = filled
    while (end := kept.find(")")) >= 0:
        start = kept.rindex("(", 0, end)
        kept = kept[:start] + rng.choice(kept[start + 1 : end].split("|")) + kept[end + 1 :]
    return _SPACES.sub(" ", kept.replace("\x00", "{{").replace("\x01", "}}")).strip()


def gerund(words: str) -> str:
    """The action with its first word in -ing: `cancel my order` -> `cancelling my order`."""
    verb, _, rest = words.partition(" ")
    if verb == "be":
        changed = "being"
    elif verb == "cancel":
        changed = "cancelling"
    elif verb in _DOUBLED:
        changed = verb + verb[-1] + "ing"
    elif verb.endswith("e") and not verb.endswith(("ee", "ye")):
        changed = verb[:-1] + "ing"
    else:
        changed = verb + "ing"
    return f"{changed} {rest}".strip()


_CURSES = ("fucking", "damn", "bloody", "goddamn", "freaking", "stupid")
_SHORT = {
    "you": "u",
    "are": "r",
    "please": "pls",
    "want to": "wanna",
    "my": "mi",
    "for": "4",
    "your": "ur",
    "the": "teh",
}
_KEYS = {a: b for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm") for a, b in zip(row, row[1:] + row[-2], strict=True)}


def roughen(text: str, rng: random.Random) -> str:
    """The text as it may come in: blanks filled, dropped or left, and, one time in two, less careful spelling."""
    text = fill_blanks(text, rng)
    if rng.random() < 0.5:
        return text
    if rng.random() < 0.25:
        text = text.replace("'", rng.choice(("", "\u2019")))
    if rng.random() < 0.3:
        for full, short in _SHORT.items():
            if rng.random() < 0.4:
                text = re.sub(rf"\b{full}\b", short, text)
    if rng.random() < 0.12:
        spots = [match.end() for match in re.finditer(r"\b(my|the|a|your|this)\b", text)]
        if spots:
            at = rng.choice(spots)
            text = f"{text[:at]} {rng.choice(_CURSES)}{text[at:]}"
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        text = _mistyped(text, rng)
    if rng.random() < 0.4:
        text = text.rstrip(" ?.!")
    return text


def fill_blanks(text: str, rng: random.Random) -> str:
    """The text with each `{{Order Number}}` left, dropped, or filled with something of its kind."""

    def filled(match: re.Match[str]) -> str:
        chance = rng.random()
        if chance < 0.35:
            return match[0]
        if chance < 0.55:
            return ""
        values = _VALUES.get(match[1].split()[-1].lower(), ("this",))
        return rng.choice(values).replace("{digits}", str(rng.randrange(10, 10 ** rng.randint(2, 8))))

    return _SPACES.sub(" ", _BLANK.sub(filled, text)).strip()


def _mistyped(text: str, rng: random.Random) -> str:
    if len(text) < 8:
        return text
    at = rng.randrange(1, len(text) - 2)
    if not text[at].isalpha() and rng.random() < 0.7:
        return text
    return rng.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + _KEYS.get(text[at].lower(), "e") + text[at + 1 :],
        )
    )


_FILLERS = re.compile(
    r"\b(please|fucking|an agent|agent|could you|can you|can u|could u|would you|i want to|i wanna|i would like to"
    r"|i'd like to|id like to|i need to|i need|help me|help|ask|tell me|show me|how|what|where|when|do i|have|should i"
    r"|can i|could i|if|to|a|an|the|my|your|their|some|is|are|there|it|i|you|u|me|and|of|for|with|on|in|do|about)\b"
)


def family(text: str) -> str:
    """What is left of a templated utterance without its frame: utterances of one family share these words."""
    bare = re.sub(r"[^a-z' ]+", " ", text.lower()).replace("'", "")
    return _SPACES.sub(" ", _FILLERS.sub(" ", bare)).strip()


def by_intent(rows: Iterable[Utterance]) -> dict[str, list[Utterance]]:
    """The rows of each intent, in their order, intents in alphabetical order."""
    found: dict[str, list[Utterance]] = {}
    for row in rows:
        found.setdefault(row.intent, []).append(row)
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class _Material:
    """The material file: slots, frames, intent -> its lines by kind and its category, and what is not for the desk."""

    slots: Mapping[str, str]
    frames: Mapping[str, str]
    intents: Mapping[str, Mapping[str, str]]
    none: Mapping[str, str]


@cache
def _material() -> _Material:
    return _Material(**tomllib.loads(MATERIAL.read_text(encoding="utf-8")))


@cache
def _lines(block: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in block.splitlines() if line.strip())
