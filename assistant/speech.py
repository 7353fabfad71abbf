"""The message of a reply: what was changed, then the answer, the shelf, or why there is none."""

from collections.abc import Sequence

from assistant.dialogue.answers import Answer
from assistant.dialogue.follow import Followed
from assistant.dialogue.ledger import describe
from assistant.explain.message import (
    Said,
    greeting,
    nothing_message,
    out_of_scope,
    release_line,
    shelf_message,
    welcome_back,
)
from assistant.nouns import Constraint, Reply
from index.items import Money

LONGEST_QUOTE = 60


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
) -> Said:
    """The message of a reply that lacks nothing else.

    Args:
        answer: to a question, said instead of telling the shelf.
        words: the product words searched by.
        near: the department nearest to what the shop does not sell, or "".
        fitting: how many items satisfy every hard constraint; None when there is none.
        departments: the best stocked ones.
        currency: the catalogue's own.
    """
    notes = [
        release_line([describe(entry) for entry in followed.taken_back]),
        _fallen_line([describe(entry) for entry in followed.fallen]),
        _currency_line(followed.added, currency),
        _unread_line(draft.request.unread),
    ]
    said = _told(draft, answer, words, near, fitting, departments)
    return Said(" ".join([*filter(None, notes), said.text]), said.evidence)


def _told(
    draft: Reply, answer: Answer | None, words: str, near: str, fitting: int | None, departments: Sequence[str]
) -> Said:
    intent = draft.request.intent
    if answer is not None:
        return Said(answer.text, tuple(evidence.id for evidence in answer.evidence))
    if intent == "greet":
        return Said(greeting(departments))
    if intent == "thanks":
        return Said(welcome_back())
    if intent == "other":
        return Said(out_of_scope(departments))
    if draft.recommendations:
        more = intent == "more"
        shown, ledger = draft.recommendations, draft.ledger
        return shelf_message(shown, fitting=fitting, ledger=ledger, words=words, more=more, describe=describe)
    if intent == "more":
        return Said("That is all there is that fits.")
    if near:
        return nothing_message((), (), words=words, departments=[near], describe=describe)
    return nothing_message(draft.ledger, draft.relaxations, words=words, describe=describe)


def _fallen_line(fallen: Sequence[str]) -> str:
    return f"I set {_quoted(fallen)} aside: none of these come that way." if fallen else ""


def _unread_line(unread: Sequence[str]) -> str:
    return f"I could not place {_quoted(unread[:2])}, so nothing is filtered by it." if unread else ""


def _currency_line(added: Sequence[Constraint], own: str) -> str:
    """That a sum in another currency cannot be compared: there are no exchange rates here."""
    sums = (entry.condition.value for entry in added)
    if own and any(isinstance(value, Money) and value.currency != own for value in sums):
        return f"Prices here are in {own}, and I cannot convert other currencies; please name a sum in {own}."
    return ""


def _quoted(texts: Sequence[str]) -> str:
    return " and ".join(f"\u201c{text[:LONGEST_QUOTE]}\u201d" for text in texts)
