"""One message, several things: what it asks for, and the questions it puts beside that."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.dialogue.questions.recalled import asks_of_conversation
from assistant.dialogue.reader import Reading
from assistant.nouns import Question
from index.items import ItemId

_ASKING = (
    "what whats what's how when where who which whose why is are isn't do does did don't can could may will would "
    "should has have am wie was wann wo wer welche welcher welches kann k\u00f6nnen koennen ist sind gibt liefert "
    "quel quelle quels quelles comment quand o\u00f9 combien est-ce puis-je livrez cu\u00e1l cual c\u00f3mo como "
    "cu\u00e1ndo cuando d\u00f3nde donde puedo come quando dove quanto posso"
).split()
_WANTING = (
    "show|find|give me|get me|recommend|suggest|i need|i want|i would like|i'd like|i am looking|i'm looking|"
    "im looking|we need|we want|looking for|search for|zeig|zeigt|ich suche|ich brauche|ich m\u00f6chte|"
    "montre|montrez|je cherche|je voudrais|mu\u00e9strame|busco|quiero|necesito|cerco|vorrei|mostrami|"
    "please show|please find"
).split("|")
_OPENERS = "|".join(re.escape(word) for word in sorted([*_ASKING, *_WANTING], key=len, reverse=True))
_LINKS = r"and|but|also|plus|oh|und|aber|et|mais|y|pero|e|ma|anche"
_EXTRAS = r"also|then|by the way|btw|one more thing|a question|quick question|auch|noch|aussi|tambi\u00e9n|anche"
_CUT = re.compile(
    rf"(?<=[.!?;\uff1f])\s+|\n+|(?:\s*,\s*|\s+)(?:(?:{_LINKS})\b[\s,:]+)(?:(?:{_EXTRAS})\b[\s,:]+)*(?=(?:{_OPENERS})\b)|"
    rf"\s*,\s*(?:(?:{_EXTRAS})\b[\s,:]+)*(?=(?:{_OPENERS})\b)",
    re.I,
)
_LINKED = re.compile(rf"^(?:(?:{_LINKS}|{_EXTRAS})\b[\s,:]+)+(?=(?:{_OPENERS})\b)", re.I)
_WANTS = re.compile(rf"\b(?:{'|'.join(_WANTING)})\b", re.I)
_TOLD = re.compile(r"\W*(?:i|i'm|i've|we|my|our|it|he|she|they|that|this|ich|wir|je|nous|yo)\b", re.I)
"""What a sentence begins with that tells of somebody: `I travel a lot` asks for nothing."""
_ASKS = re.compile(rf"\W*(?:{'|'.join(re.escape(word) for word in _ASKING)})\b", re.I)
_OF_IT = re.compile(
    r"\W*(?:(?:and|so|also)\s+)*(?:(?:what|which|how|when|where|who|why|in what|in which)\b[\w\s'-]{0,30}?)?"
    r"\b(?:is|are|isn'?t|aren'?t|was|were|does|do|did|doesn'?t|can|could|has|have|will|would|should|makes?|made|"
    r"manufactures|produces|ist|sind|est-ce que|es|son|\u00e8)\s+(?:it|they|these|those|them|this|that|es|sie|c'est)\b",
    re.I,
)
"""A question put of something: `is it on sale?`, `who makes it?`; not `has faux leather`, `can I have ten of them`."""
_PLACED = re.compile(r"\b(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th)\b|#\s*\d|\bnumber \d", re.I)
_PRONOUN = re.compile(r"\b(?:it|its|that|this|es|sie|il|elle|lo|la)\b", re.I)
_POINTS = re.compile(r"\b(?:it|its|this|that|they|them|these|those)\b", re.I)
_STORY = re.compile(
    r"\b(?:i|we|my \w+)(?:'ve| have|'d| had)?(?: just| already| recently)? "
    r"(?:bought|ordered|purchased|received|returned|got)\b|"
    r"\bmy (?:last )?order\b",
    re.I,
)
"""What happened, told before a question about it: nothing that is looked for."""
_TALK = ("greet", "thanks", "other")
_QUESTIONS = ("ask_policy", "ask_item", "compare")


@dataclass(frozen=True, slots=True)
class Parts:
    """A message taken apart. `request` is the whole message, and `questions` empty, where it is of one piece.

    `request` is "" where there are only questions: several, or one of what was pointed at before it.
    """

    request: str
    questions: tuple[Question, ...] = ()


def take_apart(message: str, read: Callable[[str], Reading], *, has_shelf: bool) -> Parts:
    """What is asked for, and what is asked beside it: `a jacket under 150, and what is your return policy?`.

    Taken apart only where one piece alone is a question and another alone a request; what is told in other pieces goes
    with the request. Every piece is a substring of the message.

    Args:
        read: what a piece says by the rules.
        has_shelf: whether items are on the shelf, that a question could be about.
    """
    pieces = _pieces(message)
    if len(pieces) < 2:
        return Parts(message)
    questions: list[Question] = []
    request: list[str] = []
    asked_for = False
    spoken: tuple[ItemId, ...] = ()
    for piece in pieces:
        reading = read(piece)
        wants = _is_request(piece, reading)
        if asked_for and reading.intent != "ask_policy" and _is_about_what_was_named(piece, reading):
            questions.append(Question(piece, "ask_item"))
        elif _is_question(piece, reading):
            targets = spoken if spoken and not _PLACED.search(piece) and _PRONOUN.search(piece) else reading.targets
            questions.append(Question(piece, reading.intent, targets if has_shelf else ()))
        elif reading.intent not in _TALK or wants:
            request.append(piece)
            asked_for = asked_for or wants
        if reading.targets and _PLACED.search(piece):
            spoken = reading.targets  # `I like the second one, does it come in blue?`
    if not request and (len(questions) > 1 or (questions and spoken)):
        return Parts("", tuple(questions))
    if not questions or not asked_for or any(_STORY.search(piece) for piece in request):
        return Parts(message)
    return Parts(". ".join(piece.rstrip(".!; ") for piece in request), tuple(questions))


def _pieces(message: str) -> list[str]:
    return [piece for part in _CUT.split(message) if (piece := _LINKED.sub("", part.strip(" ,;")))]


def _is_question(piece: str, reading: Reading) -> bool:
    if reading.intent not in _QUESTIONS or not ("?" in piece or "\uff1f" in piece or _ASKS.match(piece)):
        return False
    if reading.intent == "ask_policy" or asks_of_conversation(piece):
        return True
    names_one = len(reading.targets) == 1 and not _POINTS.search(piece)  # by its title
    return not _WANTS.match(piece) and bool(_OF_IT.match(piece) or _PLACED.search(piece) or names_one)


def _is_about_what_was_named(piece: str, reading: Reading) -> bool:
    """`is it on sale?` after `a chess set`: a question about what is to be shown."""
    named = any(entry.condition.field == "kind" for entry in reading.constraints) or _PLACED.search(piece)
    return not named and bool(_OF_IT.match(piece))


def _is_request(piece: str, reading: Reading) -> bool:
    if reading.intent not in ("search", "more", "release"):
        return False
    if reading.constraints or reading.released:
        return True
    return bool(reading.words) and not (_TOLD.match(piece) and not _WANTS.search(piece))
