"""What a turn puts on the shelf: new items, the standing ones with an answer, or nothing and what would help."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assistant.dialogue.answers import Answer, Answers
from assistant.dialogue.follow import Followed
from assistant.dialogue.ledger import describe
from assistant.dialogue.relax import relaxations
from assistant.exchange import Ask, History
from assistant.explain.reasons import explain
from assistant.nouns import Conversation, Event, Intent, Placement, Ranked, Relaxation, Request
from assistant.recommend.recommender import Recommender, Shown
from assistant.recommend.wish import Wish
from assistant.shelf import Shelves
from index.catalogue import Catalogue
from index.items import ItemId

ANSWERS: frozenset[Intent] = frozenset({"ask_item", "ask_policy", "compare"})
"""Turns that answer a question: the shelf stays as it was."""

SOLD_HERE = 0.37
"""Least cosine of the nearest item to words that no record mentions; below it, the shop sells no such thing.
Between what both catalogues sell and what they do not, see docs/log.md."""

NEAR_SHARE = 0.5
"""An item is near to a description from this share of the best cosine or word score in the catalogue."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a turn puts on the shelf. `near` is a department to offer when the shop sells no such thing."""

    ranked: tuple[Ranked, ...]
    wish: Wish
    relaxations: tuple[Relaxation, ...] = ()
    answer: Answer | None = None
    near: str = ""
    placements: Mapping[ItemId, Placement] = field(default_factory=dict[ItemId, Placement])


@dataclass(frozen=True, slots=True)
class Finder:
    """Retrieves and ranks; or answers, leaving the shelf as it was."""

    catalogue: Catalogue
    recommender: Recommender
    answers: Answers
    history: History
    shelves: Shelves

    def find(self, ask: Ask, conversation: Conversation, followed: Followed, past: tuple[Event, ...]) -> Found:
        """What this turn's request comes to."""
        request = followed.request
        wish = Wish(
            words=request.words,
            ledger=followed.ledger,
            picture=ask.picture,
            history=past,
            popularity=self.history.popularity(),
        )
        shelf = self._standing(conversation, wish)
        if request.intent in ANSWERS:
            ranked = tuple(self.recommender.rank(wish, shelf))
            answer = self._why(ask, request, ranked, wish) or self._answer(ask, request, shelf)
            return Found(ranked, wish, answer=answer)
        if request.intent in ("thanks", "other") or (request.intent == "greet" and conversation.turns):
            return Found(tuple(self.recommender.rank(wish, shelf)), wish)
        if request.intent == "more":
            wish = replace(wish, exclude=frozenset(i for turn in conversation.turns for i in turn.shown))
            if request.targets:
                wish = replace(wish, like=request.targets[0])
        shown = self.recommender.shelf(wish, ask.k)
        ranked = tuple(each.ranked for each in shown)
        near_N = self.near(wish) if ask.picture is None else None
        if near_N is None:
            fits = bool(ranked)
        elif not near_N.any():
            return Found((), wish, near=self._department(ranked[0].item_id) if ranked else "")
        else:
            fits = bool((near_N & self.catalogue.allowed(wish.conditions)).any())
        if fits:
            return Found(ranked, wish, placements=placements(shown))
        near = None if near_N is None else frozenset(self.recommender.table.ids[row] for row in np.flatnonzero(near_N))
        return Found((), wish, relaxations(self.catalogue, followed.ledger, describe, within=near))

    def near(self, wish: Wish) -> NDArray[np.bool_] | None:
        """near_N: the rows near to what was described, whatever the constraints; None when a kind or nothing was.

        No row at all when the shop sells no such thing: no record mentions a word of it and none is close in meaning.
        """
        if not wish.words or any(entry.condition.field == "kind" for entry in wish.ledger):
            return None
        words_N = self.catalogue.word_scores_N(wish.text)
        cosines_N = self.recommender.table.text_NT @ self.catalogue.encode_text(wish.text)
        sold_N = self.catalogue.allowed((), in_stock=False)  # not the rows of items that are gone
        best = float(cosines_N.max(initial=-1.0, where=sold_N))
        if not words_N.any() and best < SOLD_HERE:
            return np.zeros(len(words_N), dtype=np.bool_)
        return sold_N & ((cosines_N >= NEAR_SHARE * best) | (words_N >= NEAR_SHARE))

    def _standing(self, conversation: Conversation, wish: Wish) -> list[ItemId]:
        """What of the last shelf still satisfies everything in force."""
        known = [item_id for item_id in conversation.shown if item_id in self.catalogue]
        if not known:
            return []
        allowed_N = self.catalogue.allowed(wish.conditions)
        return [i for i, row in zip(known, self.catalogue.rows(known).tolist(), strict=True) if allowed_N[row]]

    def _answer(self, ask: Ask, request: Request, shelf: Sequence[ItemId]) -> Answer:
        targets = [self.catalogue.item(item_id) for item_id in (*request.targets, *shelf)]
        if request.intent == "ask_policy" or not targets:
            return self.answers.about_policy(ask.message)
        if request.intent == "compare":
            return self.answers.compare(targets[: max(2, len(request.targets))])
        if request.targets:
            return self.answers.about_item(targets[0], ask.message)
        return self.answers.about_shelf(targets, ask.message)

    def _why(self, ask: Ask, request: Request, ranked: Sequence[Ranked], wish: Wish) -> Answer | None:
        """Why a shown item is shown, in the words of its own reasons; None when that was not asked."""
        if request.intent != "ask_item" or not re.search(r"\bwhy\b", ask.message.lower()):
            return None
        asked = [each for each in ranked if each.item_id in request.targets] or list(ranked[:1])
        book = self.shelves.book(ranked, wish)
        told = explain(self.shelves.pairs(ranked), book)
        parts = [(self.catalogue.item(each.item_id).title, told[each.item_id]) for each in asked if told[each.item_id]]
        if not parts:
            return None
        text = " ".join(f"{title}: {' '.join(reason.text for reason in given)}" for title, given in parts)
        return Answer(text, book.cited(i for _, given in parts for reason in given for i in reason.evidence))

    def _department(self, item_id: ItemId) -> str:
        return next((path.split("/")[0] for path in self.catalogue.item(item_id).categories), "")


def placements(shown: Sequence[Shown]) -> dict[ItemId, Placement]:
    """Where each item's score alone would have put it, and why it is here."""
    return {each.ranked.item_id: Placement(each.placed.by_score, each.placed.why) for each in shown}
