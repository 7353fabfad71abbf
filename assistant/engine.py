"""One turn of conversation: understand, retrieve, rank, explain."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from assistant.dialogue.answers import Answer, Answers
from assistant.dialogue.follow import Followed, follow
from assistant.dialogue.ledger import add, describe
from assistant.dialogue.reader import ReadingContext
from assistant.dialogue.relax import relaxations
from assistant.dialogue.titles import Titles
from assistant.dialogue.understand import Understanding
from assistant.errors import BadRequestError
from assistant.exchange import (
    Ask,
    Conversations,
    Done,
    History,
    Preview,
    SceneAsk,
    Shelf,
    Stage,
    Update,
    Words,
)
from assistant.explain.evidence import EvidenceBook, gather
from assistant.explain.message import Said
from assistant.explain.reasons import PlannedReason, explain, plan_reasons, write_reasons
from assistant.explain.wording import Wording
from assistant.nouns import (
    Constraint,
    Conversation,
    Event,
    Evidence,
    Intent,
    Ranked,
    Reason,
    Recommendation,
    Relaxation,
    Reply,
    Request,
    Turn,
)
from assistant.recommend.recommender import Recommender
from assistant.recommend.scenes import scene_wish
from assistant.recommend.wish import Wish
from assistant.speech import message
from index.catalogue import Catalogue
from index.filters import Condition
from index.items import Item, ItemId, Money

ANSWERS: frozenset[Intent] = frozenset({"ask_item", "ask_policy", "compare"})
"""Turns that answer a question: the shelf stays as it was."""

SOLD_HERE = 0.37
"""Least cosine of the nearest item to words that no record mentions; below it, the shop sells no such thing.
Between what both catalogues sell and what they do not, see docs/log.md."""

NEAR_SHARE = 0.5
"""An item is near to a description from this share of the best cosine or word score in the catalogue."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a turn puts on the shelf. `near` is a department to offer when the shop sells no such thing."""

    ranked: tuple[Ranked, ...]
    wish: Wish
    relaxations: tuple[Relaxation, ...] = ()
    answer: Answer | None = None
    near: str = ""


@dataclass(slots=True)
class _Watch:
    """Milliseconds per stage, and since the turn began."""

    begun: float = field(default_factory=time.perf_counter)
    laps: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = round((now - self._last) * 1000, 1)
        self._last = now

    def mark(self, moment: str) -> None:
        self.laps[moment] = round((time.perf_counter() - self.begun) * 1000, 1)


class Engine:
    """Answers shoppers. Does no I/O of its own: stores, models and clock are handed in.

    The language model stands at the two ends of a turn and may be slow, silent or lying there: items, order, facts and
    constraints are the same without it. Safe to call from several threads.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        understanding: Understanding,
        recommender: Recommender,
        answers: Answers,
        wording: Wording | None,
        conversations: Conversations,
        history: History,
        render: Callable[[Reply], str],
        versions: Mapping[str, str],
        now: Callable[[], datetime],
        reading_deadline_s: float = 0.8,
        wording_deadline_s: float = 6.0,
    ) -> None:
        self._catalogue = catalogue
        self._titles = Titles(catalogue)
        self._departments = _departments(catalogue)
        self._understanding = understanding
        self._recommender = recommender
        self._answers = answers
        self._wording = wording
        self._conversations = conversations
        self._history = history
        self._render = render
        self._versions = dict(versions)
        self._now = now
        self._reading_deadline_s = reading_deadline_s
        self._wording_deadline_s = wording_deadline_s

    def respond(self, ask: Ask) -> Reply:
        """The whole reply to one message, stored. See `stream` for what is raised."""
        for update in self.stream(ask):
            if isinstance(update, Done):
                return update.reply
        raise AssertionError("a turn that is not cancelled ends in Done")

    def stream(self, ask: Ask, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Update]:
        """The turn as it comes about: stages, one preview, words, and last `Done` with the reply, stored by then.

        Closing the iterator, or `cancelled` turning true, stops the work at the next step; such a turn is not kept.

        Raises:
            UnknownConversationError: the conversation is not there, or is not this shopper's.
            ConflictError: another message of the same conversation was answered meanwhile.
            BadRequestError: there is nothing in `ask` to answer.
        """
        if not (ask.message.strip() or ask.picture or ask.remove):
            raise BadRequestError("the message is empty", hint="send words, a picture, or a constraint to take back")
        watch = _Watch()
        conversation = self._conversation(ask)
        past = self._past(ask)

        yield Stage("reading")
        followed, degraded, trace = self._understand(ask, conversation)
        watch.lap("reading")

        yield Stage("searching")
        found = self._find(ask, conversation, followed, past)
        watch.lap("ranking")
        book = self._book(found.ranked, found.wish)
        plans = plan_reasons(self._pairs(found.ranked), book)
        draft = self._draft(conversation, followed, found, book, plans)
        draft = replace(draft, degraded=degraded, trace=trace)
        watch.lap("explaining")
        watch.mark("preview")
        yield Preview(replace(draft, message="", timings_ms=dict(watch.laps)))
        if cancelled():
            return

        lead = self._say(replace(draft, recommendations=_bare(draft.recommendations)), followed, found).text
        watch.mark("first_words")
        yield Words(lead)
        yield Stage("wording")
        draft = self._word(draft, book, plans, cancelled)
        watch.lap("wording")
        said = self._say(draft, followed, found)
        if cancelled():
            return
        yield Words(said.text.removeprefix(lead))
        watch.mark("total")
        reply = replace(draft, message=said.text, message_evidence=said.evidence, timings_ms=dict(watch.laps))
        self._keep(ask, conversation, reply, found)
        yield Done(reply)

    def recommend(self, ask: SceneAsk) -> Shelf:
        """Recommendations for a scene, with template reasons.

        Raises:
            BadRequestError: the scene is not served, lacks what it needs, or a constraint speaks of what no item has.
            UnknownItemError: `ask.item_id` is not in the catalogue.
        """
        watch = _Watch()
        past = tuple(self._history.of(ask.shopper_id)) if ask.shopper_id else ()
        if ask.item_id is not None:
            self._catalogue.item(ask.item_id)
        self._refuse_unknown(ask.constraints)
        words, ledger = self._asked(ask)
        wish = scene_wish(ask.scene, words, ask.item_id, ledger, past, self._history.popularity())
        near = self._near(wish) if ask.scene == "search" else None
        ranked = [] if near is not None and not near else self._recommender.recommend(wish, ask.k)
        watch.lap("ranking")
        book = self._book(ranked, wish)
        shown = self._recommendations(ranked, explain(self._pairs(ranked), book))
        watch.lap("explaining")
        watch.mark("total")
        return Shelf(shown, self._cited(book, shown), dict(self._versions), (), dict(watch.laps), ledger)

    def _asked(self, ask: SceneAsk) -> tuple[str, tuple[Constraint, ...]]:
        """The product words of a scene's query, and its constraints with the caller's."""
        reading = self._understanding.read_alone(ask.query)
        said = [Constraint("", "hard", condition, 0, "", "caller") for condition in ask.constraints]
        ledger, _ = add((), [*reading.constraints, *said], 0)  # of one call, so that none replaces another
        return reading.words, ledger

    # The four steps of a turn, in order.

    def _understand(self, ask: Ask, conversation: Conversation) -> tuple[Followed, tuple[str, ...], tuple[str, ...]]:
        context = ReadingContext(
            ledger=conversation.ledger,
            shown=tuple(self._catalogue.item(item_id) for item_id in conversation.shown if item_id in self._catalogue),
            focus=self._catalogue.item(focus) if (focus := conversation.focus) and focus in self._catalogue else None,
            turn=len(conversation.turns) + 1,
        )
        said_before = [turn.message for turn in conversation.turns[-3:]]
        understood = self._understanding.read(ask.message, context, said_before, self._reading_deadline_s)
        reading = understood.reading
        if (named := self._titles.asked_about(ask.message)) and not reading.targets:
            reading = replace(reading, intent="ask_item", targets=named, constraints=(), words="", unread=())
        if ask.picture is not None or not ask.message.strip():
            reading = replace(reading, intent="release" if ask.remove and ask.picture is None else "search")
        return follow(conversation, reading, ask.remove, self._catalogue), understood.degraded, understood.trace

    def _find(self, ask: Ask, conversation: Conversation, followed: Followed, past: tuple[Event, ...]) -> _Found:
        """Retrieve and rank; or answer, leaving the shelf as it was."""
        request = followed.request
        wish = Wish(
            words=request.words,
            ledger=followed.ledger,
            picture=ask.picture,
            history=past,
            popularity=self._history.popularity(),
        )
        shelf = self._standing(conversation, wish)
        if request.intent in ANSWERS:
            ranked = tuple(self._recommender.rank(wish, shelf))
            answer = self._why(ask, request, ranked, wish) or self._answer(ask, request, shelf)
            return _Found(ranked, wish, answer=answer)
        if request.intent in ("thanks", "other") or (request.intent == "greet" and conversation.turns):
            return _Found(tuple(self._recommender.rank(wish, shelf)), wish)
        if request.intent == "more":
            wish = replace(wish, exclude=frozenset(i for turn in conversation.turns for i in turn.shown))
            if request.targets:
                wish = replace(wish, like=request.targets[0])
        ranked = tuple(self._recommender.recommend(wish, ask.k))
        near = self._near(wish) if ask.picture is None else None
        if near is None:
            fits = bool(ranked)
        elif not near:
            return _Found((), wish, near=self._department(ranked[0].item_id) if ranked else "")
        else:
            fits = not near.isdisjoint(self._catalogue.matching(wish.conditions))
        if fits:
            return _Found(ranked, wish)
        return _Found((), wish, relaxations(self._catalogue, followed.ledger, describe, within=near))

    def _draft(
        self,
        conversation: Conversation,
        followed: Followed,
        found: _Found,
        book: EvidenceBook,
        plans: Mapping[ItemId, Sequence[PlannedReason]],
    ) -> Reply:
        """The reply with template reasons; everything but its wording is final."""
        shown = self._recommendations(
            found.ranked, {item_id: write_reasons(planned, book) for item_id, planned in plans.items()}
        )
        answered = found.answer.evidence if found.answer else ()
        return Reply(
            conversation_id=conversation.id,
            turn=len(conversation.turns) + 1,
            message="",
            request=followed.request,
            recommendations=shown,
            evidence=tuple({each.id: each for each in (*answered, *self._cited(book, shown))}.values()),
            ledger=followed.ledger,
            relaxations=found.relaxations,
            versions=dict(self._versions),
        )

    def _word(
        self,
        draft: Reply,
        book: EvidenceBook,
        plans: Mapping[ItemId, Sequence[PlannedReason]],
        cancelled: Callable[[], bool],
    ) -> Reply:
        """The same reply with the reasons the model worded and the checker passed."""
        if self._wording is None or not draft.recommendations or draft.request.intent in ANSWERS:
            return draft
        worded = self._wording.word(plans, book, deadline_s=self._wording_deadline_s, cancelled=cancelled)
        shown = tuple(replace(each, reasons=worded.reasons[each.item.id]) for each in draft.recommendations)
        return replace(
            draft,
            recommendations=shown,
            evidence=self._cited(book, shown),
            degraded=(*draft.degraded, *([worded.degraded] if worded.degraded else [])),
            trace=(*draft.trace, *worded.trace),
            ai_generated=worded.by_model,
        )

    def _say(self, draft: Reply, followed: Followed, found: _Found) -> Said:
        """The message. Without reasons on the shelf it is the same text up to where the first reason is told."""
        return message(
            draft,
            followed,
            answer=found.answer,
            words=found.wish.words,
            near=found.near,
            fitting=self._fitting(found.wish),
            departments=self._departments,
            currency=self._catalogue.currency,
        )

    # What the steps are made of.

    def _conversation(self, ask: Ask) -> Conversation:
        if ask.conversation_id is None:
            return self._conversations.begin(ask.shopper_id)
        return self._conversations.load(ask.conversation_id, ask.shopper_id)

    def _past(self, ask: Ask) -> tuple[Event, ...]:
        if ask.shopper_id is None or not ask.personalise:
            return ()
        return tuple(self._history.of(ask.shopper_id))

    def _standing(self, conversation: Conversation, wish: Wish) -> list[ItemId]:
        """What of the last shelf still satisfies everything in force."""
        allowed = set(self._catalogue.matching(wish.conditions)) if conversation.shown else set()
        return [item_id for item_id in conversation.shown if item_id in allowed]

    def _answer(self, ask: Ask, request: Request, shelf: Sequence[ItemId]) -> Answer:
        targets = [self._catalogue.item(item_id) for item_id in (*request.targets, *shelf)]
        if request.intent == "ask_policy" or not targets:
            return self._answers.about_policy(ask.message)
        if request.intent == "compare":
            return self._answers.compare(targets[: max(2, len(request.targets))])
        if request.targets:
            return self._answers.about_item(targets[0], ask.message)
        return self._answers.about_shelf(targets, ask.message)

    def _why(self, ask: Ask, request: Request, ranked: Sequence[Ranked], wish: Wish) -> Answer | None:
        """Why a shown item is shown, in the words of its own reasons; None when that was not asked."""
        if request.intent != "ask_item" or not re.search(r"\bwhy\b", ask.message.lower()):
            return None
        asked = [each for each in ranked if each.item_id in request.targets] or list(ranked[:1])
        book = self._book(ranked, wish)
        told = explain(self._pairs(ranked), book)
        parts = [(self._catalogue.item(each.item_id).title, told[each.item_id]) for each in asked if told[each.item_id]]
        if not parts:
            return None
        text = " ".join(f"{title}: {' '.join(reason.text for reason in given)}" for title, given in parts)
        return Answer(text, book.cited(i for _, given in parts for reason in given for i in reason.evidence))

    def _refuse_unknown(self, constraints: Sequence[Condition]) -> None:
        for condition in constraints:
            if not self._catalogue.has_field(condition.field):
                raise BadRequestError("a constraint names a field that no item here has", hint="see GET /v1/items/{id}")
            value = condition.value
            if isinstance(value, Money) and self._catalogue.currency and value.currency != self._catalogue.currency:
                raise BadRequestError(
                    "a constraint names a sum in another currency",
                    hint=f"prices here are in {self._catalogue.currency}",
                )

    def _near(self, wish: Wish) -> frozenset[ItemId] | None:
        """The items near to what was described, whatever the constraints; None when a kind or nothing was described.

        Empty when the shop sells no such thing: no record mentions a word of it and none is close in meaning.
        """
        if not wish.words or any(entry.condition.field == "kind" for entry in wish.ledger):
            return None
        everything = [item.id for item in self._catalogue]
        words = self._catalogue.word_scores(wish.text, everything)
        cosines = self._catalogue.text_similarity(everything, self._catalogue.encode_text(wish.text))
        if not words.any() and cosines.max() < SOLD_HERE:
            return frozenset()
        near = (cosines >= NEAR_SHARE * cosines.max()) | (words >= NEAR_SHARE)
        return frozenset(item_id for item_id, is_near in zip(everything, near, strict=True) if is_near)

    def _fitting(self, wish: Wish) -> int | None:
        """How many items satisfy every hard constraint; None when there is none to satisfy."""
        return len(self._catalogue.matching(wish.conditions)) if wish.conditions else None

    def _pairs(self, ranked: Sequence[Ranked]) -> list[tuple[Item, Ranked]]:
        return [(self._catalogue.item(each.item_id), each) for each in ranked]

    def _department(self, item_id: ItemId) -> str:
        return next((path.split("/")[0] for path in self._catalogue.item(item_id).categories), "")

    def _book(self, ranked: Sequence[Ranked], wish: Wish) -> EvidenceBook:
        past = {event.item_id for event in wish.history if event.item_id in self._catalogue}
        return gather(
            self._pairs(ranked),
            ledger=wish.ledger,
            words=wish.words,
            history=wish.history,
            past={item_id: self._catalogue.item(item_id) for item_id in past},
            describe=describe,
        )

    def _recommendations(
        self, ranked: Sequence[Ranked], worded: Mapping[ItemId, tuple[Reason, ...]]
    ) -> tuple[Recommendation, ...]:
        return tuple(
            Recommendation(self._catalogue.item(each.item_id), rank, each, worded.get(each.item_id, ()))
            for rank, each in enumerate(ranked, start=1)
        )

    def _cited(self, book: EvidenceBook, shown: Sequence[Recommendation]) -> tuple[Evidence, ...]:
        return book.cited(dict.fromkeys(i for each in shown for reason in each.reasons for i in reason.evidence))

    def _keep(self, ask: Ask, conversation: Conversation, reply: Reply, found: _Found) -> None:
        shown = tuple(each.item.id for each in reply.recommendations)
        focus = reply.request.targets[0] if reply.request.targets else None
        if focus is None and found.answer is not None:
            focus = conversation.focus or (shown[0] if shown else None)
        turn = Turn(
            number=reply.turn,
            message=ask.message,
            said=reply.message,
            request=reply.request,
            ledger=reply.ledger,
            shown=shown,
            focus=focus,
            at=self._now(),
        )
        self._conversations.append(conversation.id, turn, self._render(reply))


def _bare(shown: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    return tuple(replace(each, reasons=()) for each in shown)


def _departments(catalogue: Catalogue) -> tuple[str, ...]:
    """The best stocked departments, at most four."""
    stocked = Counter(path.split("/")[0] for item in catalogue if item.in_stock for path in item.categories[:1])
    return tuple(name for name, _ in sorted(stocked.items(), key=lambda pair: (-pair[1], pair[0]))[:4])
