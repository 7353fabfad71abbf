"""The message of a reply: what was changed, then the answer, the shelf, or why there is none."""

from collections.abc import Sequence

from assistant.dialogue.answers import Answer
from assistant.dialogue.follow import Followed
from assistant.dialogue.ledger import describe
from assistant.dialogue.seen import Seen
from assistant.explain.message import (
    Said,
    greeting,
    nothing_message,
    out_of_scope,
    release_line,
    shelf_message,
    welcome_back,
)
from assistant.explain.plain import speakable_name
from assistant.nouns import Constraint, Reply
from assistant.turn import ANSWERS
from index.filters import NEGATIVE, record_text
from index.items import Money
from index.language.words import stems

LONGEST_QUOTE = 60
_AGES = frozenset("year years yr yrs month months old age aged".split())


def message(
    draft: Reply,
    followed: Followed,
    *,
    answer: Answer | None,
    words: str,
    near: str,
    fitting: int | None,
    departments: Sequence[str],
    currency: str,
    looked: Seen,
    unsearchable: bool,
    pictured: str,
) -> Said:
    """The message of a reply that lacks nothing else.

    Args:
        answer: to a question, said instead of telling the shelf.
        words: the product words searched by.
        near: the department nearest to what the shop does not sell, or "".
        fitting: how many items satisfy every hard constraint; None when there is none.
        departments: the best stocked ones.
        currency: the catalogue's own.
        looked: the picture the request goes by, or why it does so no more.
        unsearchable: a picture was sent that cannot be searched by here.
        pictured: the department that the picture shows, where no words say more.
    """
    notes = [
        release_line([describe(entry) for entry in followed.taken_back]),
        _fallen_line([describe(entry) for entry in followed.fallen]),
        _currency_line(followed.added, currency),
        "" if draft.request.intent in ANSWERS else unread_line(draft.request.unread),
        _picture_line(looked, unsearchable, pictured),
    ]
    if unsearchable and not (words or draft.ledger or answer):
        return Said(" ".join([*filter(None, notes), "Please tell me in words what you are looking for."]))
    said = _told(draft, answer, words, near, fitting, departments)
    return Said(" ".join([*filter(None, notes), said.text]), said.evidence)


def _told(
    draft: Reply, answer: Answer | None, words: str, near: str, fitting: int | None, departments: Sequence[str]
) -> Said:
    intent = draft.request.intent
    if answer is not None:
        replied = Said(answer.text, tuple(evidence.id for evidence in answer.evidence))
        if intent in ANSWERS:
            return replied
        shelf = _told(draft, None, words, near, fitting, departments)
        return Said(f"{replied.text} {shelf.text}", (*replied.evidence, *shelf.evidence))
    if intent == "greet":
        return Said(greeting(departments))
    if intent == "thanks":
        return Said(welcome_back())
    if intent == "other" and draft.request.unread and draft.recommendations:
        shown = [each.item.title for each in draft.recommendations]
        return Said(f"What is shown here: {'; '.join(shown)}. Which of them do you mean?")
    if intent == "other":
        return Said(out_of_scope(departments))
    if draft.recommendations:
        more = intent == "more"
        shown, ledger = draft.recommendations, draft.ledger
        told = _borne_out(words, draft)
        return shelf_message(shown, fitting=fitting, ledger=ledger, words=told, more=more, describe=describe)
    if intent == "more":
        return Said("That is all there is that fits.")
    if near:
        return nothing_message((), (), words=_plainly(words), departments=[near], describe=describe)
    return nothing_message(draft.ledger, draft.relaxations, words=_plainly(words), describe=describe)


def _borne_out(words: str, draft: Reply) -> str:
    """The product words to tell back: once the thing is named, those that a shown record bears out."""
    plain = _plainly(words)
    if not any(entry.condition.field == "kind" and entry.condition.op not in NEGATIVE for entry in draft.ledger):
        return plain
    said = {stem for each in draft.recommendations for stem in stems(record_text(each.item))}
    return " ".join(word for word in plain.split() if set(stems(word)) & said)


def _plainly(words: str) -> str:
    """Without what is left of an age or a count: `years old`, a bare number."""
    return " ".join(word for word in words.split() if word.lower() not in _AGES and not word.isdigit())


def _picture_line(looked: Seen, unsearchable: bool, pictured: str) -> str:
    """What a picture was taken for, or what became of it where it is not searched by."""
    if looked.picture and speakable_name(pictured):
        return f"What looks most like your picture here is from {speakable_name(pictured)}."
    if unsearchable:
        return "I cannot search by your picture: the items of this shop have no pictures to compare it with."
    if looked.left == "other_thing":
        return "I set your picture aside, as this is another sort of thing."
    if looked.left == "taken_back":
        return "I no longer go by your picture."
    return "I cannot see the picture you sent before any more; please send it again." if looked.left == "unseen" else ""


def _fallen_line(fallen: Sequence[str]) -> str:
    return f"I set {_quoted(fallen)} aside: none of these come that way." if fallen else ""


def unread_line(unread: Sequence[str]) -> str:
    """That parts of what was said could not be read, and so change nothing; "" where all was."""
    return f"I could not place {_quoted(unread[:2])}, so nothing is filtered by it." if unread else ""


def _currency_line(added: Sequence[Constraint], own: str) -> str:
    """That a sum in another currency cannot be compared: there are no exchange rates here."""
    sums = (entry.condition.value for entry in added)
    if own and any(isinstance(value, Money) and value.currency != own for value in sums):
        return f"Prices here are in {own}, and I cannot convert other currencies; please name a sum in {own}."
    return ""


def _quoted(texts: Sequence[str]) -> str:
    return " and ".join(f"\u201c{text[:LONGEST_QUOTE]}\u201d" for text in texts)
