"""Fakes that do something real and small: six items, an engine that searches them by words, stores in memory.

For tests, documentation and trying out the page and the API without a model.
"""

import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageDraw

from assistant.crowd import ACTS, Act, Crowds
from assistant.errors import BadRequestError, ConflictError, UnknownConversationError
from assistant.exchange import Ask, Done, Preview, SceneAsk, Shelf, Stage, Update, Words
from assistant.nouns import (
    Constraint,
    Contribution,
    Conversation,
    Event,
    Evidence,
    Ranked,
    Reason,
    Recommendation,
    Relaxation,
    Reply,
    Request,
    Turn,
)
from assistant.storage.events import Added, Once
from index.errors import UnknownItemError
from index.filters import Condition, Op
from index.items import Item, ItemId, Money, Picture, Review

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
"""The moment at which everything in this module happens."""


def sample_items(pictures: Path | None = None) -> tuple[Item, ...]:
    """Six items with everything that is awkward: no price, sold out, markup in a title, a slash in an id.

    With `pictures`, an existing folder, every item but the last gets a small drawn picture in it.
    """
    items = (
        Item(
            id="jacket-1",
            title="Alba Rain Jacket",
            brand="Alba",
            description="A light jacket that keeps rain out.",
            categories=("Outdoor/Clothing/Jackets",),
            price=Money(7999, "EUR"),
            list_price=Money(9999, "EUR"),
            attributes={"material": ("nylon",), "waterproof": ("yes",)},
            options={"size": ("S", "M", "L"), "color": ("Navy Blue", "Red")},
            stock=12,
            rating=4.5,
            rating_count=28,
            reviews=(Review(id="r1", title="Dry", text="Stayed dry in a storm.", rating=5.0, author="Kim"),),
        ),
        Item(
            id="jacket-2",
            title="Borea Down Jacket",
            brand="Borea",
            categories=("Outdoor/Clothing/Jackets",),
            price=Money(14900, "EUR"),
            attributes={"material": ("down",)},
            options={"size": ("M", "L")},
            stock=3,
            rating=4.0,
            rating_count=5,
        ),
        Item(
            id="jacket/3 é",
            title='Corvo <b onmouseover="alert(1)">Wind</b> Jacket & Hood',
            brand="Corvo & Co",
            categories=("Outdoor/Clothing/Jackets",),
            price=Money(4950, "EUR"),
            attributes={"material": ("polyester",)},
        ),
        Item(
            id="lamp-1",
            title="Dune Desk Lamp",
            brand="Dune",
            categories=("Home/Lighting/Lamps",),
            price=Money(3900, "EUR"),
            stock=40,
            rating=3.8,
            rating_count=11,
        ),
        Item(id="lamp-2", title="Ember Floor Lamp", brand="Ember", categories=("Home/Lighting/Lamps",), stock=2),
        Item(
            id="boot-1",
            title="Alba Hiking Boot",
            brand="Alba",
            categories=("Outdoor/Shoes/Boots",),
            price=Money(11900, "EUR"),
            options={"size": ("40", "41")},
            stock=0,
        ),
    )
    if pictures is None:
        return items
    drawn = (
        replace(item, pictures=(Picture(_draw(pictures / f"{n}.png", item.title[0], n), alt=item.title),))
        for n, item in enumerate(items[:-1])
    )
    return (*drawn, items[-1])


class ListedCatalogue:
    """A catalogue that is a list: finds items by the words they share with a query."""

    version = "listed-1"
    currency = "EUR"

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = {item.id: item for item in items}

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._items

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def item(self, item_id: ItemId) -> Item:
        """The record.

        Raises:
            UnknownItemError: there is no such item.
        """
        if item_id not in self._items:
            raise UnknownItemError("no such item", hint="ids are those of the catalogue this server was started with")
        return self._items[item_id]

    def search(self, words: str, ceiling: Money | None, brands: frozenset[str]) -> list[Ranked]:
        """Items in stock up to `ceiling`, scored by the share of `words` they hold and by 0.25 for a brand known."""
        asked = _tokens(words)
        found: list[Ranked] = []
        for item in self:
            shared = len(asked & _tokens(f"{item.title} {item.description} {' '.join(item.categories)}"))
            affordable = ceiling is None or (item.price is not None and item.price.amount_minor <= ceiling.amount_minor)
            if not (item.in_stock and affordable and (shared or not asked)):
                continue
            parts = [Contribution("words", shared / len(asked))] if asked else []
            if item.brand in brands:
                parts.append(Contribution("history", 0.25))
            found.append(Ranked(item.id, 0.5, tuple(parts)))
        return sorted(found, key=lambda ranked: (-ranked.score, ranked.item_id))


class MemoryConversations:
    """Conversations in a dictionary."""

    def __init__(self) -> None:
        self._kept: dict[str, Conversation] = {}

    def load(self, conversation_id: str, shopper_id: str | None) -> Conversation:
        """The conversation, or UnknownConversationError when it is not this shopper's."""
        kept = self._kept.get(conversation_id)
        if kept is None or kept.shopper_id != shopper_id:
            raise UnknownConversationError("no such conversation", hint="leave conversation_id out to begin a new one")
        return kept

    def begin(self, shopper_id: str | None) -> Conversation:
        """A new conversation."""
        conversation = Conversation(secrets.token_urlsafe(16), shopper_id)
        self._kept[conversation.id] = conversation
        return conversation

    def append(self, conversation_id: str, turn: Turn, reply_json: str) -> None:
        """Keep a turn, or ConflictError when its number is taken."""
        del reply_json  # nobody reads it back here
        kept = self._kept[conversation_id]
        if turn.number != len(kept.turns) + 1:
            raise ConflictError("this turn was answered already", hint="another message came first; send it again")
        self._kept[conversation_id] = replace(kept, turns=(*kept.turns, turn))


class MemoryEvents:
    """Events in a list; also a history."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._kept: dict[tuple[str, str], Event] = {}
        self._answers: dict[tuple[str, str], tuple[str, Added]] = {}
        self.add(tuple(events))

    def add(self, events: Sequence[Event], *, once: Once | None = None, arrived: datetime | None = None) -> Added:
        """Keep all events, or none and ConflictError when an id, or the key of `once`, stands for something else."""
        if once is not None and (known := self._answers.get((once.caller, once.key))) is not None:
            if known[0] != once.fingerprint:
                raise ConflictError("this idempotency key was used for something else", hint="use a new key")
            return known[1]
        fresh = {(event.shopper_id, event.id): event for event in events}
        for key, event in fresh.items():
            kept = self._kept.get(key, event)
            if event != (replace(kept, at=event.at) if event.at == arrived else kept):
                raise ConflictError("an event with this id says something else", hint="give every event its own id")
        stored = len(fresh.keys() - self._kept.keys())
        self._kept = self._kept | {key: event for key, event in fresh.items() if key not in self._kept}
        added = Added(stored, len(events) - stored, tuple(event.id for event in events))
        if once is not None:
            self._answers[once.caller, once.key] = once.fingerprint, added
        return added

    def forget(self, shopper_id: str, event_id: str) -> bool:
        """Remove one event; whether there was one."""
        return self._kept.pop((shopper_id, event_id), None) is not None

    def of(self, shopper_id: str, *, limit: int = 200) -> Sequence[Event]:
        """The shopper's events, newest first; of equal times the one that came last."""
        mine = sorted((e for e in self._kept.values() if e.shopper_id == shopper_id), key=lambda event: event.at)
        return mine[::-1][:limit]

    def refused(self, shopper_id: str) -> frozenset[ItemId]:
        """What the shopper refused and has not taken back."""
        said: dict[ItemId, bool] = {}
        for event in self.of(shopper_id, limit=len(self._kept)):
            if event.refuses or event.welcomes:
                said.setdefault(event.item_id, event.refuses)
        return frozenset(item_id for item_id, refused in said.items() if refused)

    def popularity(self) -> dict[ItemId, float]:
        """Item -> number of distinct shoppers."""
        return dict(Counter(item_id for item_id, _ in {(e.item_id, e.shopper_id) for e in self._kept.values()}))

    def crowds(self) -> Crowds:
        """What enough people did, whenever that was."""
        people: dict[ItemId, dict[Act, set[str]]] = {}
        for event in self._kept.values():
            if act := ACTS.get(event.kind):
                people.setdefault(event.item_id, {}).setdefault(act, set()).add(event.shopper_id)
        return Crowds.of(people)


class FakeEngine:
    """Answers by searching a `ListedCatalogue`; understands `under 60` as a budget and nothing else.

    `pause_s` is slept before each piece of the message, to see streaming and stopping at work.
    """

    def __init__(
        self,
        catalogue: ListedCatalogue | None = None,
        *,
        conversations: MemoryConversations | None = None,
        history: MemoryEvents | None = None,
        pause_s: float = 0.0,
    ) -> None:
        self.catalogue = catalogue or ListedCatalogue(sample_items())
        self.conversations = conversations or MemoryConversations()
        self.history = history or MemoryEvents()
        self._pause_s = pause_s

    def respond(self, ask: Ask) -> Reply:
        """The whole reply."""
        *_, done = self.stream(ask)
        assert isinstance(done, Done)
        return done.reply

    def stream(self, ask: Ask, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Update]:
        """Stages, a preview, the message word by word, and the whole reply."""
        if not (ask.message or ask.remove or ask.picture):
            raise BadRequestError("nothing was asked", hint="send a message, a picture, or ledger entries to remove")
        if ask.conversation_id is None:
            conversation = self.conversations.begin(ask.shopper_id)
        else:
            conversation = self.conversations.load(ask.conversation_id, ask.shopper_id)
        yield Stage("reading")
        reply = self._reply(ask, conversation)
        yield Stage("searching")
        yield Preview(replace(reply, message="", message_evidence=()))
        yield Stage("wording")
        for piece in re.findall(r"\S+\s*", reply.message):
            time.sleep(self._pause_s)
            if cancelled():
                return
            yield Words(piece)
        shown = tuple(recommendation.item.id for recommendation in reply.recommendations)
        turn = Turn(
            number=reply.turn,
            message=ask.message,
            said=reply.message,
            request=reply.request,
            ledger=reply.ledger,
            shown=shown,
            focus=shown[0] if shown else None,
            at=NOON,
        )
        self.conversations.append(conversation.id, turn, "{}")
        yield Done(reply)

    def recommend(self, ask: SceneAsk) -> Shelf:
        """Items for the scenes `home`, `search` and `similar`."""
        if ask.scene not in ("home", "search", "similar"):
            raise BadRequestError("this scene is not served", hint="scenes served: home, search, similar")
        words = ask.query if ask.item_id is None else self.catalogue.item(ask.item_id).title
        ceiling = next((c.value for c in ask.constraints if isinstance(c.value, Money)), None)
        ranked = self.catalogue.search(words, ceiling, self._brands(ask.shopper_id))
        shown, evidence = self._explain([r for r in ranked if r.item_id != ask.item_id][: ask.k], ())
        return Shelf(shown, evidence, {"index": self.catalogue.version}, (), {"total": 1.0})

    def _reply(self, ask: Ask, conversation: Conversation) -> Reply:
        number = len(conversation.turns) + 1
        ledger = [entry for entry in conversation.ledger if entry.id not in ask.remove]
        if match := re.search(r"under (\d{1,9})", ask.message):
            condition = Condition("price", Op.LE, Money.of(match[1], self.catalogue.currency))
            ledger = [entry for entry in ledger if entry.condition.field != "price"]
            ledger.append(Constraint(f"c{number}", "hard", condition, number, match[0]))
        before = conversation.turns[-1].request.words if conversation.turns else ""
        words = re.sub(r"under \d+", "", ask.message).strip() or before
        ceiling = next((e.condition.value for e in ledger if isinstance(e.condition.value, Money)), None)
        brands = self._brands(ask.shopper_id if ask.personalise else None)
        shown, evidence = self._explain(self.catalogue.search(words, ceiling, brands)[: ask.k], ledger)
        titles = ", then ".join(recommendation.item.title for recommendation in shown)
        offers = tuple(Relaxation(e.id, "any price", len(self.catalogue.search(words, None, brands))) for e in ledger)
        return Reply(
            conversation_id=conversation.id,
            turn=number,
            message=f"I would look at {titles}." if shown else "Nothing here fits that.",
            request=Request("search" if ask.message else "release", words=words),
            recommendations=shown,
            evidence=evidence,
            message_evidence=tuple(entry.id for entry in evidence if entry.kind == "fact"),
            ledger=tuple(ledger),
            relaxations=() if shown else offers,
            suggestions=("under 60", "desk lamp"),
            versions={"index": self.catalogue.version, "ranker": "words-1", "llm": "none"},
            timings_ms={"search": 1.0, "total": 1.0},
            trace=("fake engine",),
        )

    def _brands(self, shopper_id: str | None) -> frozenset[str]:
        events = self.history.of(shopper_id) if shopper_id else ()
        return frozenset(self.catalogue.item(e.item_id).brand for e in events if e.item_id in self.catalogue)

    def _explain(
        self, ranked: Sequence[Ranked], ledger: Sequence[Constraint]
    ) -> tuple[tuple[Recommendation, ...], tuple[Evidence, ...]]:
        evidence = [
            Evidence(f"e-{e.id}", "constraint", e.condition.field, str(e.condition.value), e.quote, ref=e.id)
            for e in ledger
        ]
        shown: list[Recommendation] = []
        for rank, entry in enumerate(ranked, start=1):
            item = self.catalogue.item(entry.item_id)
            price = str(item.price) if item.price else "no price"
            fact = Evidence(f"e{rank}", "fact", "price", price, f"It costs {price}.", item_id=item.id)
            parts = [
                Evidence(f"e{rank}.{n}", "contribution", p.name, p.value, f"{p.name} {p.value:+.2f}", item_id=item.id)
                for n, p in enumerate(entry.contributions, start=1)
            ]
            evidence += [fact, *parts]
            reasons = [Reason(fact.text, (fact.id,))]
            reasons += [Reason(f"You chose {item.brand} before.", (p.id,)) for p in parts if p.name == "history"]
            shown.append(Recommendation(item, rank, entry, tuple(reasons)))
        return tuple(shown), tuple(evidence)


def sample_events(shopper_id: str = "kim") -> tuple[Event, ...]:
    """Two things a shopper did: looked at a jacket, bought a lamp."""
    return (
        Event("ev-1", shopper_id, "view", "jacket-1", NOON),
        Event("ev-2", shopper_id, "purchase", "lamp-1", NOON, value=1.0),
    )


def sample_reply(pictures: Path | None = None) -> Reply:
    """The reply to `jacket under 100` of a shopper who looked at the first jacket before."""
    engine = FakeEngine(ListedCatalogue(sample_items(pictures)), history=MemoryEvents(sample_events()))
    return engine.respond(Ask("jacket under 100", shopper_id="kim"))


def _tokens(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"\w+", text.lower())}


def _draw(path: Path, letter: str, n: int) -> Path:
    picture = Image.new("RGB", (320, 240), ((40 + 60 * n) % 256, (90 + 35 * n) % 256, 160))
    ImageDraw.Draw(picture).text((150, 110), letter, fill="white")
    picture.save(path)
    return path
