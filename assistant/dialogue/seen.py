"""The picture a request goes by: kept from turn to turn until another thing is asked for, or it is taken back."""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.follow import Followed
from assistant.dialogue.language.smalltalk import FRESH_START
from assistant.nouns import Conversation
from index.catalogue import Catalogue
from index.filters import NEGATIVE
from index.language.words import tokens

_TAKEN_BACK = re.compile(
    r"\b(?:forget|ignore|drop|remove|delete|skip|discard|without|never ?mind|not? (?:more )?(?:like|by)|don'?t use|"
    r"vergiss|ohne|oublie[rz]?|sans|olvida|sin|dimentica|senza)\b[^.!?;,]{0,24}?"
    r"\b(?:picture|photo|image|pic|bild|foto|photograph|imagen|immagine)\b",
    re.I,
)
_PICTURE_WORDS = frozenset("picture photo image pic bild foto photograph imagen immagine".split())
_FRESH = tuple(f" {' '.join(tokens(phrase))} " for phrase in FRESH_START)

Left = Literal["", "taken_back", "other_thing", "unseen"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of the picture in force, "" without one, and why the last one is not."""

    picture: str = ""
    left: Left = ""


def seen(conversation: Conversation, followed: Followed, message: str, sent: str, catalogue: Catalogue) -> Seen:
    """The picture this turn goes by: the one `sent`, else the one before while the shopper still means it."""
    if sent:
        return Seen(sent)
    before = conversation.picture
    if not before:
        return Seen()
    if not catalogue.remembers(before):
        return Seen(left="unseen")
    said = f" {' '.join(tokens(message))} "
    if takes_back_picture(message) or any(phrase in said for phrase in _FRESH):
        return Seen(left="taken_back")
    return Seen(left="other_thing") if _is_other_thing(conversation, followed, catalogue) else Seen(before)


def takes_back_picture(message: str) -> bool:
    """Whether a message says not to go by the picture any more: `forget the photo`."""
    return bool(_TAKEN_BACK.search(message))


def without_picture_words(words: str) -> str:
    """Product words without those that speak of a picture."""
    return " ".join(word for word in words.split() if word.lower() not in _PICTURE_WORDS)


def _is_other_thing(conversation: Conversation, followed: Followed, catalogue: Catalogue) -> bool:
    """Whether a kind is asked for that nothing on the shelf is of."""
    kinds = [e.condition for e in followed.added if e.condition.field == "kind" and e.condition.op not in NEGATIVE]
    shown = [item_id for item_id in conversation.shown if item_id in catalogue]
    return bool(kinds and shown) and not any(catalogue.satisfies(i, kind) for i in shown for kind in kinds)
