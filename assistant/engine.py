"""One turn of conversation: understand, retrieve, rank, explain."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from assistant.conditions import conditions_for
from assistant.dialogue.answers import Answers
from assistant.dialogue.follow import Followed, follow
from assistant.dialogue.questions.parts import take_apart
from assistant.dialogue.questions.spoken_of import placed
from assistant.dialogue.questions.titles import Titles
from assistant.dialogue.reader import Reading, ReadingContext
from assistant.dialogue.seen import Seen, seen, takes_back_picture, without_picture_words
from assistant.dialogue.understand import Understanding, Understood
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
from assistant.explain.evidence import EvidenceBook
from assistant.explain.message import Said
from assistant.explain.reasons import PlannedReason, explain, plan_reasons, write_reasons
from assistant.explain.wording import Wording
from assistant.nouns import (
    Conversation,
    Event,
    Evidence,
    Recommendation,
    Reply,
    Turn,
)
from assistant.recommend.history import REACH
from assistant.recommend.recommender import Recommender
from assistant.recommend.scenes import scene_wish
from assistant.recommend.wish import Wish
from assistant.scene_query import Asked, read_query
from assistant.shelf import Shelves, cited
from assistant.speech import message, unread_line
from assistant.turn import ANSWERS, Finder, Found, placements
from index.catalogue import Catalogue
from index.items import Item, ItemId
from index.offers import priced_as_offered

_MOST_READ = 4_000
"""So far back events of items that are still sold are looked for: beyond, a request would take too long."""


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
        reading_deadline_s: float = 1.5,
        wording_deadline_s: float = 6.0,
    ) -> None:
        self._catalogue = catalogue
        self._titles = Titles(catalogue)
        self._departments = _departments(catalogue)
        self._understanding = understanding
        self._recommender = recommender
        self._shelves = Shelves(catalogue)
        self._finder = Finder(catalogue, recommender, answers, history, self._shelves, understanding.read_alone)
        self._wording = wording
        self._conversations = conversations
        self._history = history
        self._render = render
        self._versions = dict(versions)
        self._now = now
        self._reading_deadline_s = reading_deadline_s
        self._wording_deadline_s = wording_deadline_s

    def respond(self, ask: Ask) -> Reply:
        """The whole reply to one message, stored.

        Raises:
            UnknownConversationError, ConflictError, BadRequestError: as `stream`.
        """
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
        looked = self._look(ask, conversation, followed)
        watch.lap("reading")

        yield Stage("searching")
        found = self._finder.find(ask, conversation, followed, past, looked.picture)
        degraded = (*degraded, *(["search.picture: words alone"] if found.unsearchable else []))
        watch.lap("ranking")
        book = self._shelves.book(found.ranked, found.wish, found.placements)
        plans = plan_reasons(self._shelves.pairs(found.ranked, found.wish), book)
        draft = self._draft(conversation, followed, found, book, plans)
        draft = replace(draft, degraded=degraded, trace=trace)
        watch.lap("explaining")
        watch.mark("preview")
        yield Preview(replace(draft, message="", timings_ms=dict(watch.laps)))
        if cancelled():
            return

        lead = self._say(replace(draft, recommendations=_bare(draft.recommendations)), followed, found, looked).text
        watch.mark("first_words")
        yield Words(lead)
        yield Stage("wording")
        draft = self._word(draft, book, plans, found, cancelled)
        watch.lap("wording")
        said = self._say(draft, followed, found, looked)
        if cancelled():
            return
        yield Words(said.text.removeprefix(lead))
        watch.mark("total")
        reply = replace(draft, message=said.text, message_evidence=said.evidence, timings_ms=dict(watch.laps))
        self._keep(ask, conversation, reply, found, looked.picture)
        yield Done(reply)

    def recommend(self, ask: SceneAsk) -> Shelf:
        """Recommendations for a scene, with template reasons.

        Raises:
            BadRequestError: the scene is not served, lacks what it needs, or a constraint speaks of what no item has.
            UnknownItemError: `ask.item_id` is not in the catalogue.
        """
        watch = _Watch()
        asked = self._asked(ask)
        wish = self._wished(ask, asked)
        found = self._recommender.shelf(wish, ask.k) if ask.scene != "search" or self._finder.sells(wish) else []
        ranked = [each.ranked for each in found]
        watch.lap("ranking")
        placed = placements(found)
        book = self._shelves.book(ranked, wish, placed)
        worded = explain(self._shelves.pairs(ranked, wish), book)
        shown = self._shelves.recommendations(ranked, wish, worded, placed)
        watch.lap("explaining")
        watch.mark("total")
        note = unread_line(asked.unread)
        return Shelf(
            shown, cited(book, shown), self._versions_now(), (), dict(watch.laps), wish.ledger, asked.unread, note
        )

    def wish(self, ask: SceneAsk) -> Wish:
        """What a scene asks for, its query read, with the shopper's past.

        Raises:
            BadRequestError, UnknownItemError: as `recommend`.
        """
        return self._wished(ask, self._asked(ask))

    def _wished(self, ask: SceneAsk, asked: Asked) -> Wish:
        if ask.item_id is not None:
            self._catalogue.item(ask.item_id)
        shopper = ask.shopper_id
        return scene_wish(
            ask.scene,
            asked.words,
            ask.item_id,
            asked.ledger,
            self._read(shopper) if shopper else (),
            self._history.popularity(),
            frozenset(self._history.refused(shopper)) if shopper else frozenset(),
            partial(self._history.crowds().told, reader=shopper),
        )

    def _asked(self, ask: SceneAsk) -> Asked:
        """A scene's query, read, with the caller's constraints."""
        constraints = conditions_for(self._catalogue, ask.constraints)
        return read_query(ask.scene, ask.query, constraints, self._understanding.read_alone, self._catalogue)

    # The four steps of a turn, in order.

    def _understand(self, ask: Ask, conversation: Conversation) -> tuple[Followed, tuple[str, ...], tuple[str, ...]]:
        must = [entry.condition for entry in conversation.ledger if entry.kind == "hard"]
        should = [entry.condition for entry in conversation.ledger if entry.kind == "soft"]

        def as_shown(item_id: ItemId) -> Item:
            return priced_as_offered(self._catalogue.item(item_id), must, should)

        context = ReadingContext(
            ledger=conversation.ledger,
            shown=tuple(as_shown(item_id) for item_id in conversation.shown if item_id in self._catalogue),
            focus=as_shown(focus) if (focus := conversation.focus) and focus in self._catalogue else None,
            turn=len(conversation.turns) + 1,
        )
        said_before = [turn.message for turn in conversation.turns[-3:]]
        parts = take_apart(ask.message, lambda piece: self._read_rules(piece, context), has_shelf=bool(context.shown))
        if parts.request or not parts.questions:
            understood = self._understanding.read(parts.request, context, said_before, self._reading_deadline_s)
        else:
            asked = Reading(parts.questions[0].intent, targets=parts.questions[0].targets)
            understood = Understood(asked, trace=("questions alone, read by the rules",))
        reading = placed(understood.reading, parts.request, context, self._titles, self._catalogue)
        if conversation.picture and takes_back_picture(ask.message):
            reading = replace(reading, words=without_picture_words(reading.words))
            if not (reading.words or reading.constraints):
                reading = replace(reading, intent="release")
        if ask.picture is not None or not ask.message.strip():
            reading = replace(reading, intent="release" if ask.remove and ask.picture is None else "search")
        followed = follow(conversation, reading, ask.remove, self._catalogue, parts.questions)
        return followed, understood.degraded, understood.trace

    def _read_rules(self, piece: str, context: ReadingContext) -> Reading:
        """What a piece of a message says by the rules, and by the titles it names."""
        return placed(self._understanding.read_rules(piece, context), piece, context, self._titles, self._catalogue)

    def _look(self, ask: Ask, conversation: Conversation, followed: Followed) -> Seen:
        """The picture this turn goes by."""
        sent = ""
        if ask.picture is not None and self._catalogue.has_pictures:
            sent = self._catalogue.remember_picture(ask.picture)
        return seen(conversation, followed, ask.message, sent, self._catalogue)

    def _draft(
        self,
        conversation: Conversation,
        followed: Followed,
        found: Found,
        book: EvidenceBook,
        plans: Mapping[ItemId, Sequence[PlannedReason]],
    ) -> Reply:
        """The reply with template reasons; everything but its wording is final."""
        worded = {item_id: write_reasons(planned, book) for item_id, planned in plans.items()}
        shown = self._shelves.recommendations(found.ranked, found.wish, worded, found.placements)
        return Reply(
            conversation_id=conversation.id,
            turn=len(conversation.turns) + 1,
            message="",
            request=followed.request,
            recommendations=shown,
            evidence=_evidence(book, shown, found),
            ledger=followed.ledger,
            relaxations=found.relaxations,
            versions=self._versions_now(),
        )

    def _word(
        self,
        draft: Reply,
        book: EvidenceBook,
        plans: Mapping[ItemId, Sequence[PlannedReason]],
        found: Found,
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
            evidence=_evidence(book, shown, found),
            degraded=(*draft.degraded, *([worded.degraded] if worded.degraded else [])),
            trace=(*draft.trace, *worded.trace),
            ai_generated=worded.by_model,
        )

    def _say(self, draft: Reply, followed: Followed, found: Found, looked: Seen) -> Said:
        """The message. Without reasons on the shelf it is the same text up to where the first reason is told."""
        return message(
            draft,
            followed,
            answer=found.answer,
            words=found.wish.words,
            near=found.near,
            looked=looked,
            unsearchable=found.unsearchable,
            pictured=found.pictured,
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
        return self._read(ask.shopper_id)

    def _read(self, shopper_id: str) -> tuple[Event, ...]:
        """The latest events that are weighed. Those of items no longer sold do not take the place of others."""
        most = REACH
        while True:
            events = self._history.of(shopper_id, limit=most)
            known = [event for event in events if event.item_id in self._catalogue]
            if len(known) >= REACH or len(events) < most or most >= _MOST_READ:
                return tuple(known[:REACH])
            most *= 8

    def _fitting(self, wish: Wish) -> int | None:
        """How many items satisfy every hard constraint; None when there is none to satisfy."""
        return int(self._catalogue.allowed(wish.conditions).sum()) if wish.conditions else None

    def _versions_now(self) -> dict[str, str]:
        """The versions that answer; the index may have had increments since the engine was made."""
        return {**self._versions, "index": self._catalogue.version}

    def _keep(self, ask: Ask, conversation: Conversation, reply: Reply, found: Found, picture: str) -> None:
        shown = tuple(each.item.id for each in reply.recommendations)
        spoken = (found.answer.about if found.answer else ()) or reply.request.targets
        if reply.request.intent not in ANSWERS:
            spoken = tuple(item_id for item_id in spoken if item_id in shown)  # `cheaper than this` shows others
        focus = spoken[0] if spoken else None
        if focus is None and reply.request.intent in ANSWERS:
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
            picture=picture,
        )
        self._conversations.append(conversation.id, turn, self._render(reply))


def _evidence(book: EvidenceBook, shown: Sequence[Recommendation], found: Found) -> tuple[Evidence, ...]:
    """What the answer and the reasons on the shelf rest on, each entry once."""
    answered = found.answer.evidence if found.answer else ()
    return tuple({each.id: each for each in (*answered, *cited(book, shown))}.values())


def _bare(shown: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    return tuple(replace(each, reasons=()) for each in shown)


def _departments(catalogue: Catalogue) -> tuple[str, ...]:
    """The best stocked departments, at most four."""
    stocked = Counter(path.split("/")[0] for item in catalogue if item.in_stock for path in item.categories[:1])
    return tuple(name for name, _ in sorted(stocked.items(), key=lambda pair: (-pair[1], pair[0]))[:4])
