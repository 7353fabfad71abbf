"""What a turn puts on the shelf: new items, the standing ones with an answer, or nothing and what would help."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assistant.dialogue.answers import Answer, Answers
from assistant.dialogue.follow import Followed
from assistant.dialogue.ledger import describe
from assistant.dialogue.questions.facts import joined
from assistant.dialogue.questions.recalled import answer_of_conversation, asks_of_conversation
from assistant.dialogue.questions.superlatives import find_comparative, find_order
from assistant.dialogue.reader import Reading
from assistant.dialogue.relax import relaxations
from assistant.exchange import Ask, History
from assistant.explain.plain import quoted
from assistant.explain.reasons import explain
from assistant.nouns import Conversation, Event, Intent, Placement, Question, Ranked, Relaxation, Request
from assistant.recommend.recommender import Recommender, Shown
from assistant.recommend.wish import Wish
from assistant.shelf import Shelves
from index.catalogue import Catalogue, Query
from index.filters import Condition, holds
from index.items import Item, ItemId
from index.language.words import has_phrase, stems
from index.offers import priced_as_offered

ANSWERS: frozenset[Intent] = frozenset({"ask_item", "ask_policy", "compare"})
"""Turns that answer a question: the shelf stays as it was."""

SOLD_HERE = 0.37
"""Least cosine of the nearest item to words that no record mentions; below it, the shop sells no such thing.
Between what both catalogues sell and what they do not, see docs/log.md."""

PICTURED_OF = 5
"""Items nearest to a picture of which more than half must be of one department for the picture to be of it."""

NEAR_SHARE = 0.5
"""An item is near to a description from this share of the best cosine or word score in the catalogue."""


_ALIKE = re.compile(
    r"(?<!\bi )(?<!\bwe )(?<!would )\b(?:like|similar|resembling|resembles?|same (?:kind|sort|style|type)|comparable|"
    r"wie|\u00e4hnlich\w*|comme|similaires?|como|parecid[oa]s?|simil[ei])\b",
    re.I,
)
_SINGULAR = re.compile(r"\b(?:it|its|this|that|es|sie|il|elle|lo|la)\b", re.I)
_THAN_ITEM = re.compile(r"\b(?:than|als|que)\s+(?!\D{0,3}\d)", re.I)
_WHY = re.compile(r"\bwhy\b", re.I)


@dataclass(frozen=True, slots=True)
class Found:
    """What a turn puts on the shelf.

    Attributes:
        answer: to the questions of the message.
        near: a department to offer when the shop sells no such thing.
        unsearchable: a picture was sent, and there are none here to compare it with.
        pictured: the department that the picture shows, where nothing else said what is looked for.
    """

    ranked: tuple[Ranked, ...]
    wish: Wish
    relaxations: tuple[Relaxation, ...] = ()
    answer: Answer | None = None
    near: str = ""
    placements: Mapping[ItemId, Placement] = field(default_factory=dict[ItemId, Placement])
    unsearchable: bool = False
    pictured: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """Retrieves and ranks; or answers, leaving the shelf as it was. `read` reads words outside a conversation."""

    catalogue: Catalogue
    recommender: Recommender
    answers: Answers
    history: History
    shelves: Shelves
    read: Callable[[str], Reading]

    def find(
        self, ask: Ask, conversation: Conversation, followed: Followed, past: tuple[Event, ...], picture: str = ""
    ) -> Found:
        """What this turn's request comes to; `picture` is what the catalogue remembers of the one in force."""
        request = followed.request
        wish = Wish(
            words=request.words,
            ledger=followed.ledger,
            picture=picture or None,
            history=past,
            popularity=self.history.popularity(),
            refused=self._refused(ask),
            told=partial(self.history.crowds().told, reader=ask.shopper_id),
        )
        shelf = self._allowed(conversation.shown, wish)  # what of the last one still stands
        unsearchable = ask.picture is not None and not picture
        if unsearchable and not ask.message.strip():
            return Found(tuple(self.recommender.rank(wish, shelf)), wish, unsearchable=True)
        if request.intent in ANSWERS:
            shelf = shelf or self._allowed(request.targets, wish)  # asked about by name
            ranked = tuple(self.recommender.rank(wish, shelf))
            asked = request.questions or (Question(ask.message, request.intent, request.targets),)
            answers = [self._answer(one, shelf, wish, conversation, ranked) for one in asked]
            return Found(ranked, wish, answer=answers[0] if len(answers) == 1 else joined(answers))
        if request.intent in ("thanks", "other") or (request.intent == "greet" and conversation.turns):
            return Found(tuple(self.recommender.rank(wish, shelf)), wish)
        found = replace(self._search(ask, conversation, request, wish), unsearchable=unsearchable)
        if not request.questions:
            return found
        now = [each.item_id for each in found.ranked]
        answers = [
            self._answer(question, shelf if question.targets else now or shelf, found.wish, conversation)
            for question in request.questions
        ]
        return replace(found, answer=joined(answers))

    def _refused(self, ask: Ask) -> frozenset[ItemId]:
        known = ask.shopper_id if ask.personalise else None
        return frozenset(self.history.refused(known)) if known else frozenset()

    def _search(self, ask: Ask, conversation: Conversation, request: Request, wish: Wish) -> Found:
        """Items anew, or why there are none and what would help."""
        shown_before = frozenset(i for turn in conversation.turns for i in turn.shown)
        if request.intent == "more":
            wish = replace(wish, exclude=shown_before)
        if request.targets and (request.intent == "more" or _ALIKE.search(ask.message)):
            wish = replace(wish, like=request.targets[0])
        pictured = self._pictured(wish)
        shown = self.recommender.shelf(replace(wish, words=pictured) if pictured else wish, ask.k)
        ranked = tuple(each.ranked for each in shown)
        near_N = self.near(wish) if wish.picture is None else None
        if near_N is None:
            fits = bool(ranked)
        elif not near_N.any():
            return Found((), wish, near=self._department(ranked[0].item_id) if ranked else "")
        else:
            fits = bool((near_N & self.catalogue.allowed(wish.conditions)).any())
        if fits:
            return Found(ranked, wish, placements=placements(shown), pictured=pictured if ask.picture else "")
        return Found((), wish, relaxations(self.catalogue, wish.ledger, describe, within=self._left(wish, near_N)))

    def _pictured(self, wish: Wish) -> str:
        """The department a picture shows by itself, where most of what looks like it is of one and no words say more.

        Without it, constraints that leave little of that department would fill the shelf with what only shares colours.
        """
        if wish.picture is None or wish.text or wish.like:
            return ""
        hits = self.catalogue.search(Query(picture=wish.picture), PICTURED_OF)
        leaves = Counter(self._leaf(hit.item_id) for hit in hits)
        leaf, count = leaves.most_common(1)[0] if leaves else ("", 0)
        return leaf if 2 * count > PICTURED_OF else ""

    def _leaf(self, item_id: ItemId) -> str:
        return next((path.rsplit("/", 1)[-1] for path in self.catalogue.item(item_id).categories), "")

    def _left(self, wish: Wish, near_N: NDArray[np.bool_] | None) -> frozenset[ItemId] | None:
        """The items that giving something up may show: near to what was described, and not shown before."""
        if near_N is None and not wish.exclude:
            return None
        rows = range(len(self.recommender.table.ids)) if near_N is None else np.flatnonzero(near_N)
        return frozenset(self.recommender.table.ids[row] for row in rows) - wish.exclude - {wish.like or ""}

    def near(self, wish: Wish) -> NDArray[np.bool_] | None:
        """near_N: the rows near to what was described, whatever the constraints; None when a kind or nothing was.

        No row at all when the shop sells no such thing: no record mentions a word of it and none is close in meaning.
        """
        if not _describes(wish):
            return None
        words_N = self.catalogue.word_scores_N(wish.text)
        cosines_N = self.recommender.table.text_NT @ self.catalogue.encode_text(wish.text)
        sold_N = self.catalogue.allowed((), in_stock=False)  # not the rows of items that are gone
        best = float(cosines_N.max(initial=-1.0, where=sold_N))
        if not words_N.any() and best < SOLD_HERE:
            return np.zeros(len(words_N), dtype=np.bool_)
        return sold_N & ((cosines_N >= NEAR_SHARE * best) | (words_N >= NEAR_SHARE))

    def sells(self, wish: Wish) -> bool:
        """Whether `near` finds anything, told without comparing every item: also where it has nothing to say."""
        if not _describes(wish):
            return True
        if self.catalogue.word_scores_N(wish.text).any():
            return True
        sold_N = self.catalogue.allowed((), in_stock=False)  # not the rows of items that are gone
        return self.recommender.closest(self.catalogue.encode_text(wish.text), sold_N) >= SOLD_HERE

    def _allowed(self, item_ids: Sequence[ItemId], wish: Wish) -> list[ItemId]:
        """Those of the items that satisfy everything in force."""
        known = [item_id for item_id in item_ids if item_id in self.catalogue]
        if not known:
            return []
        allowed_N = self.catalogue.allowed(wish.conditions)
        return [i for i, row in zip(known, self.catalogue.rows(known).tolist(), strict=True) if allowed_N[row]]

    def _answer(
        self,
        question: Question,
        shelf: Sequence[ItemId],
        wish: Wish,
        conversation: Conversation,
        ranked: Sequence[Ranked] | None = None,
    ) -> Answer:
        """The answer to a question.

        Args:
            ranked: the standing shelf scored; None beside a request, where `it` is the first of what is shown now.
        """
        if asks_of_conversation(question.text):
            return answer_of_conversation(question.text, wish.ledger, self._asked(question.text))
        if ranked and (why := self._why(question, ranked, wish)):
            return why
        targets = [self._priced(item_id, wish) for item_id in question.targets if item_id in self.catalogue]
        standing = [self._priced(item_id, wish) for item_id in shelf]
        if question.intent == "ask_policy" or not (targets or standing):
            return self.answers.about_policy(question.text)
        gone = set(conversation.shown) - set(shelf)
        if len(targets) > 1:  # `these`: not those that a wish said since has ruled out
            targets = [item for item in targets if item.id not in gone] or targets
        if question.intent == "compare" or _asks_which_is_more(question, targets, conversation):
            sides = self._sides(targets, standing, conversation, wish)
            return self._with_standing(self.answers.compare(sides, question.text), sides, shelf, wish)
        if not targets and len(standing) > 1 and find_order(question.text):
            return self.answers.about_shelf(standing, question.text)
        if ranked is None and not targets and _SINGULAR.search(question.text):
            targets = standing[:1]
        if len(targets) == 1:
            answer = self.answers.about_item(targets[0], question.text, self._asked(question.text, targets[0]))
            return self._with_standing(answer, targets, shelf, wish)
        items = targets or standing
        answer = self.answers.about_shelf(items, question.text, self._asked(question.text, *items))
        return self._with_standing(answer, items, shelf, wish)

    def _priced(self, item_id: ItemId, wish: Wish) -> Item:
        """The item at the price of its card."""
        return priced_as_offered(self.catalogue.item(item_id), wish.conditions, wish.preferences)

    def _sides(
        self, targets: Sequence[Item], standing: Sequence[Item], conversation: Conversation, wish: Wish
    ) -> list[Item]:
        """What is compared: what was named, with what was spoken of last where only one thing was."""
        if len(targets) > 1:
            return list(targets)
        spoken = [self._priced(i, wish) for i in (conversation.focus,) if i and i in self.catalogue]
        others = [item for item in (*spoken, *standing) if item not in targets]
        return [*others[:1], *targets] if targets else others[:2]

    def _asked(self, question: str, *items: Item) -> list[Condition]:
        """What a question says of items, their names left out, read as if it were asked for."""
        words = question
        for item in items:
            words = _without(words, item)
        found = self.read(words).constraints
        return [entry.condition for entry in found if entry.condition.field not in ("kind", "id", "category")]

    def _with_standing(self, answer: Answer, items: Sequence[Item], shelf: Sequence[ItemId], wish: Wish) -> Answer:
        """Said of items of which a constraint in force keeps some off the shelf: that it does."""
        hard = [e for e in wish.ledger if e.kind == "hard" and e.condition.field not in ("kind", "category")]
        for item in (one for one in items if one.id not in shelf):
            broken = [entry for entry in hard if not holds(item, entry.condition)]
            if broken:
                name = "It" if len(items) == 1 else item.title
                told = quoted([describe(entry) for entry in broken[:2]])
                answer = replace(answer, text=f"{answer.text} {name} is not shown, as you asked for {told}.")
        return answer

    def _why(self, question: Question, ranked: Sequence[Ranked], wish: Wish) -> Answer | None:
        """Why a shown item is shown, in the words of its own reasons; None when that was not asked, or none has any."""
        if question.intent != "ask_item" or not _WHY.search(question.text):
            return None
        asked = [each for each in ranked if each.item_id in question.targets] or list(ranked[:1])
        book = self.shelves.book(ranked, wish)
        told = explain(self.shelves.pairs(ranked, wish), book)
        parts = [(self.catalogue.item(each.item_id).title, told[each.item_id]) for each in asked if told[each.item_id]]
        if not parts:
            return None
        text = " ".join(f"{title}: {' '.join(reason.text for reason in given)}" for title, given in parts)
        return Answer(text, book.cited(i for _, given in parts for reason in given for i in reason.evidence))

    def _department(self, item_id: ItemId) -> str:
        return next((path.split("/")[0] for path in self.catalogue.item(item_id).categories), "")


def _describes(wish: Wish) -> bool:
    """Whether words alone say what is looked for: a kind is for the filters to find."""
    return bool(wish.words) and not any(entry.condition.field == "kind" for entry in wish.ledger)


def placements(shown: Sequence[Shown]) -> dict[ItemId, Placement]:
    """Where each item's score alone would have put it, and why it is here."""
    return {each.ranked.item_id: Placement(each.placed.by_score, each.placed.why) for each in shown}


def _asks_which_is_more(question: Question, targets: Sequence[Item], conversation: Conversation) -> bool:
    """`is it cheaper than the first one?`: two items are spoken of, the one spoken of last among them."""
    if not _THAN_ITEM.search(question.text) or find_comparative(question.text) is None:
        return False
    return len(targets) > 1 or (len(targets) == 1 and conversation.focus not in (None, targets[0].id))


def _without(words: str, item: Item) -> str:
    """A question without the longest run of words that stands in the item's title."""
    spans = [(match.start(), match.end(), stems(match.group())) for match in re.finditer(r"\w+", words)]
    title = stems(item.title)
    best = (0, 0)
    for begin in range(len(spans)):
        for end in range(len(spans), begin + (best[1] - best[0]), -1):
            if has_phrase(title, [one for *_, word in spans[begin:end] for one in word]):
                best = (begin, end)
                break
    begin, end = best
    if end - begin < min(2, len(title)):
        return words
    return f"{words[: spans[begin][0]]} {words[spans[end - 1][1] :]}"
