"""Questions about the conversation itself, `what did I say about nuts?`: answered from the ledger, never a wish."""

import re
from collections.abc import Sequence

from assistant.dialogue.language.smalltalk import RELEASE_FIELDS, STOP
from assistant.dialogue.ledger import describe
from assistant.dialogue.questions.facts import Answer, clip, listed, numbered
from assistant.nouns import Constraint, Evidence
from index.filters import Condition
from index.language.words import stem, tokens
from index.language.words import stems as stems_of

_OPENING = r"\W*(?:(?:and|but|so|wait|hey|hm+|ok|okay|sorry|again|remind me|tell me|can you tell me)\b\W*)*"
_SAID = r"(?:say|said|tell|told|mention|mentioned|ask|asked|request|requested|specify|specified|want|wanted)"
_SPOKE = rf"(?:did|have|had|'ve)\s+(?:i|we)\s+(?:(?:just|already|ever|actually|really|even)\s+)?{_SAID}\b"
_WHETHER = re.compile(rf"{_OPENING}{_SPOKE}(?P<rest>.*)", re.I | re.S)
_WHAT = re.compile(
    rf"{_OPENING}(?:(?:what|which|how)\b[\w\s',-]{{0,40}}?\b{_SPOKE}|"
    rf"(?:remind|tell)\s+me\s+(?:again\s+)?what\s+(?:i|we)(?:'ve|\s+have)?\s+(?:just\s+|already\s+)?{_SAID}\b|"
    r"what(?:'?s|\s+is|\s+was|\s+were|\s+are)\s+my\s+(?:\w+\s+)?"
    r"(?:budget|limits?|maximum|size|criteria|filters?|wishes|constraints|preferences)\b|"
    r"(?:what|which)\s+(?:filters|limits|constraints|criteria)\s+(?:are|have)\b[\w\s]{0,20}?"
    r"\b(?:on|active|applied|set|in force|in place|now)\W*$|"
    r"what\s+are\s+you\s+(?:searching|looking|filtering)\b|do\s+you\s+(?:still\s+)?remember\s+(?:what|which|my)\b|"
    r"was\s+habe?\s+ich\b.*\b(?:gesagt|gewollt)\b|"
    r"qu(?:'|\u2019|\s)?(?:est-ce que j\W?ai|ai-je)\s+(?:dit|demand\u00e9)\b|"
    r"(?:qu\u00e9|que)\s+(?:dije|he dicho|ped\u00ed|he pedido)\b)",
    re.I | re.S,
)
_WHY_ALL = re.compile(
    rf"{_OPENING}why\s+(?:(?:is|are|was|were|do|does)\s+)?(?:everything|nothing|(?:they|these|those|it)\s+all|all|only|"
    r"none|(?:do|are|am|did)?\s*(?:you|i|we)\s+(?:only|just|always|keep))\b",
    re.I,
)
_GOES_ON = re.compile(r"[.!?\n]\s*\w")
_TELLS = re.compile(r"\b(?:i|i'?m|i'?ve|we|he|she|my|our)\b", re.I)
"""`did I tell you I am allergic to nuts?` tells it."""
_ASKING = frozenset(
    stem(word)
    for word in """
    say said tell told mention mentioned ask asked request requested specify specified want wanted remember remind again
    far before earlier filter filters limit limits criteria constraint constraints wish wishes preference preferences
    active applied set why what which everything nothing none searching looking filtering still currently so too such
    was habe hab ich gesagt gewollt zu uber que est ce ai je dit demande dije he dicho pedi pedido sobre a propos
    """.split()
)
_FIELD_OF = {stem(noun): field for field, nouns in RELEASE_FIELDS.items() for noun in nouns.split()} | {
    stem(word): "price" for word in ("expensive", "cheap", "dear", "pricey", "costly")
}
_MOST_TOLD = 6


def asks_of_conversation(message: str) -> bool:
    """Whether a message only asks what was said before, or why the whole shelf is so: it wishes for nothing."""
    if _GOES_ON.search(message):
        return False
    whether = _WHETHER.match(message)
    if whether:
        return not _TELLS.search(whether["rest"])
    return bool(_WHAT.match(message) or _WHY_ALL.match(message))


def answer_of_conversation(question: str, ledger: Sequence[Constraint], asked: Sequence[Condition]) -> Answer:
    """What of the ledger a question is about, in the shopper's words; or that nothing of the kind is in force.

    Args:
        asked: what the question says of items, read as if it were asked for.
    """
    named = [word for word in tokens(question) if stem(word) not in _ASKING]
    words = [word for word in named if word not in STOP or stem(word) in _FIELD_OF]
    fields = {_FIELD_OF[stem(word)] for word in words if stem(word) in _FIELD_OF}
    fields |= {condition.field for condition in asked}
    stems = {stem(word) for word in words}
    meant = [entry for entry in ledger if entry.condition.field in fields or stems & _stems_of(entry)]
    if meant or not (words or fields):
        return _told("You asked for", meant or ledger)
    rest = _told(" What you asked for is", ledger) if ledger else Answer("", ())
    about = f"\u201c{clip(' '.join(words), 60)}\u201d"
    return Answer(f"Nothing that you asked for and that still counts is about {about}.{rest.text}", rest.evidence)


def _told(lead: str, entries: Sequence[Constraint]) -> Answer:
    if not entries:
        return Answer("You have not asked for anything yet that still counts.", ())
    shown = entries[:_MOST_TOLD]
    facts = tuple(_entered(entry) for entry in shown)
    return numbered(Answer(f"{lead} {listed([_in_words(entry) for entry in shown])}.", facts))


def _in_words(entry: Constraint) -> str:
    """The entry as its chip says it, and as the shopper said it where that is otherwise."""
    plain = describe(entry).strip("\u201c\u201d")
    said = entry.quote.strip()
    if not said or plain.casefold().startswith(said.casefold()) or stems_of(said) == stems_of(plain):
        return f"\u201c{plain}\u201d"
    return f"\u201c{plain}\u201d (in your words: \u201c{clip(said, 60)}\u201d)"


def _entered(entry: Constraint) -> Evidence:
    value = entry.condition.value
    plain = ", ".join(value) if isinstance(value, tuple) else str(value)
    return Evidence("a", "constraint", entry.condition.field, plain, f"you asked: {describe(entry)}", ref=entry.id)


def _stems_of(entry: Constraint) -> set[str]:
    value = entry.condition.value
    said = [*map(str, value)] if isinstance(value, tuple) else [str(value)]
    return {stem(token) for text in (*said, entry.quote) for token in tokens(text) if token not in STOP}
