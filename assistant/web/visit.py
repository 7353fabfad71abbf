"""One browser's visit: who shops, what was said and shown, and what each button does. No Gradio, no HTML."""

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from PIL.Image import Image

from assistant.errors import BadRequestError, UnknownConversationError
from assistant.exchange import Ask, Done, Preview, SceneAsk, Shelf, Stage, Update, Words
from assistant.nouns import Constraint, Event, Recommendation, Reply
from assistant.web.ports import Assistant, EventStore, Shop
from assistant.web.talk import Remembered, Shopper
from index.errors import WhybuyError
from index.items import Item, ItemId

log = logging.getLogger(__name__)

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MOST_COMPARED = 3
_BETWEEN_WORDS_S = 0.06
_WAIT_FOR_LAST_TURN_S = 60.0
_HISTORY_READ = 400

ShelfState = Literal["none", "waiting", "items", "empty"]


class HistoryStore(EventStore, Protocol):
    """An event store that can also be read."""

    def of(self, shopper_id: str, *, limit: int = 200) -> Sequence[Event]:
        """The shopper's latest events, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What every visit shares. `now` gives the aware time events are dated with."""

    assistant: Assistant
    events: HistoryStore
    shop: Shop
    shoppers: tuple[Shopper, ...]
    examples: tuple[str, ...]
    k: int = 4
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(slots=True)
class Exchange:
    """One turn as shown: what was said, and the answer as far as it has come.

    Attributes:
        number: grows with every turn of the visit.
        picture_uri: the shopper's picture, small, as a `data:` address, or "".
        stage: what is being done while working, "" once done.
        pieces: the message as streamed so far.
        reply: from the preview on; None before, and after a stop.
        problem: what went wrong, in words for the shopper, or "".
        again: whether asking once more may help.
    """

    number: int
    said: str
    picture: Image | None = None
    picture_uri: str = ""
    remove: tuple[str, ...] = ()
    stage: str = "reading"
    pieces: list[str] = field(default_factory=list[str])
    reply: Reply | None = None
    problem: str = ""
    again: bool = True

    @property
    def shelf(self) -> ShelfState:
        """What this exchange puts on the shelf; `none` leaves the former one standing."""
        if self.reply is None:
            return "waiting" if self.stage else "none"
        if self.reply.recommendations:
            return "items"
        searched = self.reply.request.intent in ("search", "release")
        return "empty" if self.reply.relaxations or searched else "none"


class Visit:
    """The state of one browser tab, and what can be done in it. One thread at a time changes it, several may try."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.exchanges: list[Exchange] = []
        self.home: Shelf | None = None
        self.history: tuple[Event, ...] = ()
        self.personalise = True
        self.compared: list[ItemId] = []
        self.note = ""
        self.inbox: deque[tuple[str, list[Path]]] = deque()  # messages sent and not yet read, with their pictures
        self._guest_id = f"guest-{secrets.token_urlsafe(12)}"
        self._shopper: Shopper | None = None
        self._conversation_id: str | None = None
        self._turn = 0
        self._talking = threading.Lock()

    @property
    def chosen(self) -> str:
        """The demo shopper's id, "" for somebody new."""
        return self._shopper.id if self._shopper else ""

    @property
    def about(self) -> str:
        return self._shopper.about if self._shopper else ""

    @property
    def shopper_id(self) -> str:
        """Whose history is read and written: the demo shopper's, or one made for this visit alone."""
        return self.chosen or self._guest_id

    @property
    def ledger(self) -> tuple[Constraint, ...]:
        """The constraints in force."""
        return next((exchange.reply.ledger for exchange in reversed(self.exchanges) if exchange.reply), ())

    @property
    def live(self) -> int | None:
        """Place of the exchange whose shelf is the one in force; None while there is none."""
        places = range(len(self.exchanges) - 1, -1, -1)
        return next((place for place in places if self.exchanges[place].shelf != "none"), None)

    @property
    def shown(self) -> tuple[Recommendation, ...]:
        """The items on the shelf in force, in rank order; those of the home shelf before the first turn."""
        if self.live is None:
            return self.home.recommendations if self.home and not self.exchanges else ()
        reply = self.exchanges[self.live].reply
        return reply.recommendations if reply else ()

    @property
    def marks(self) -> dict[ItemId, str]:
        """Item -> `like` or `dislike`, as the shopper last said."""
        return {item_id: event.kind for item_id, event in self._marked().items()}

    def _marked(self) -> dict[ItemId, Event]:
        said: dict[ItemId, Event] = {}
        for event in self.history:
            if event.kind in ("like", "dislike"):
                said.setdefault(event.item_id, event)
        return said

    def remembered(self) -> list[Remembered]:
        """The history in words, newest first; items the shop no longer has are named as such."""
        return [
            Remembered(event.id, event.kind, self._title(event.item_id), event.at, event.value)
            for event in self.history
        ]

    def _title(self, item_id: ItemId) -> str:
        return self.desk.shop.item(item_id).title if item_id in self.desk.shop else "an item no longer sold here"

    def items(self, item_ids: Sequence[ItemId]) -> list[Item]:
        """The records of those ids the shop has."""
        return [self.desk.shop.item(item_id) for item_id in item_ids if item_id in self.desk.shop]

    # What the shopper does ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start afresh: no words said, the history read, the home shelf filled when the engine can."""
        self._turn += 1
        self.exchanges, self.compared, self.note, self._conversation_id = [], [], "", None
        self._read_history()
        self._fill_home()

    def _fill_home(self) -> None:
        shopper_id = self.shopper_id if self.personalise else None
        try:
            self.home = self.desk.assistant.recommend(SceneAsk("home", shopper_id=shopper_id, k=self.desk.k))
        except WhybuyError as error:
            log.warning("no home shelf: %s", error)
            self.home = None

    def _read_history(self) -> None:
        self.history = tuple(self.desk.events.of(self.shopper_id, limit=_HISTORY_READ))

    def choose(self, shopper_id: str) -> None:
        """Become another shopper; the conversation begins anew. An id that is not on offer means somebody new."""
        self._shopper = next((shopper for shopper in self.desk.shoppers if shopper.id == shopper_id), None)
        self.begin()

    def switch_personalisation(self) -> None:
        """Turn the use of the history off, or on again."""
        self.personalise = not self.personalise
        self.note = "Your history counts again." if self.personalise else "From now on I leave your history out."
        if not self.exchanges:
            self._fill_home()

    def forget(self, event_id: str) -> None:
        """Remove one event of this shopper for good."""
        self.desk.events.forget(self.shopper_id, event_id)
        self._read_history()
        if not self.exchanges:
            self._fill_home()

    def mark(self, item_id: ItemId, kind: Literal["like", "dislike"]) -> None:
        """Like or refuse an item; saying the same again takes it back. Counts from the next answer on."""
        if item_id not in self.desk.shop:
            return
        before = self._marked().get(item_id)
        if before is not None:
            self.desk.events.forget(self.shopper_id, before.id)
        if before is None or before.kind != kind:
            event = Event(secrets.token_hex(8), self.shopper_id, kind, item_id, self.desk.now())
            self.desk.events.add([event])
            self.note = "Noted: more like this from my next answer on." if kind == "like" else "Noted: not for you."
        else:
            self.note = "Taken back."
        self._read_history()

    def pick(self, item_id: ItemId) -> None:
        """Pick an item of the shelf for comparison, or put it back; the oldest of four is put back by itself."""
        if item_id in self.compared:
            self.compared.remove(item_id)
        elif item_id in {shown.item.id for shown in self.shown}:
            self.compared = [*self.compared, item_id][-_MOST_COMPARED:]

    def words_to_compare(self) -> str:
        """The request that compares the picked items, as the shopper would say it; "" for fewer than two."""
        names = [self._ordinal(shown) for shown in self.shown if shown.item.id in self.compared]
        return f"Compare {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else ""

    def words_for_similar(self, item_id: ItemId) -> str:
        """The request for items like that one; "" when it is not on the shelf."""
        return next((f"More like {self._ordinal(shown)}" for shown in self.shown if shown.item.id == item_id), "")

    def words_to_ask(self, item_id: ItemId) -> str:
        """The beginning of a question about an item on the shelf; "" when it is not there."""
        return next((f"About {self._ordinal(shown)}: " for shown in self.shown if shown.item.id == item_id), "")

    @staticmethod
    def _ordinal(shown: Recommendation) -> str:
        return f"the {_ORDINALS[shown.rank - 1]} one" if shown.rank <= len(_ORDINALS) else f"number {shown.rank}"

    def suggested(self, number: str) -> str:
        """The suggestion of that place in the last reply, "" when there is none."""
        offers = self.exchanges[-1].reply.suggestions if self.exchanges and self.exchanges[-1].reply else ()
        return offers[int(number)] if number.isdecimal() and int(number) < len(offers) else ""

    def example(self, number: str) -> str:
        """The example request of that place, "" when there is none."""
        return self.desk.examples[int(number)] if number.isdecimal() and int(number) < len(self.desk.examples) else ""

    def stop(self) -> None:
        """Stop what is being answered; the turn leaves no trace in the conversation."""
        self._turn += 1
        self._halt("Stopped.")

    def _halt(self, words: str) -> None:
        if self.exchanges and self.exchanges[-1].stage:
            exchange = self.exchanges[-1]
            exchange.stage, exchange.reply, exchange.problem = "", None, words

    def refuse(self, said: str, problem: str) -> None:
        """Answer at once, without the engine, that something cannot be used, and why."""
        self._turn += 1
        self._halt("Stopped.")
        self.exchanges.append(Exchange(self._turn, said, stage="", problem=problem, again=False))

    def ask(
        self, said: str, *, picture: Image | None = None, picture_uri: str = "", remove: tuple[str, ...] = ()
    ) -> Iterator[None]:
        """Answer; each step of the iterator means that something to be seen has changed.

        A newer `ask`, `stop` or change of shopper ends it at its next step. For a removal `said` only labels the turn.
        """
        self._turn += 1
        mine = self._turn
        self._halt("Stopped.")
        exchange = Exchange(mine, said, picture, picture_uri, remove)
        self.exchanges.append(exchange)
        self.note, self.compared = "", []
        yield
        if not self._talking.acquire(timeout=_WAIT_FOR_LAST_TURN_S):
            exchange.stage, exchange.problem = "", "I am still busy with your last request. Please try again."
            yield
            return
        try:
            if self._turn == mine:
                yield from self._answer(exchange, mine)
        finally:
            self._talking.release()
            if self._turn == mine and exchange.stage:  # closed from outside: the browser's stream broke off
                exchange.stage, exchange.reply = "", None
                exchange.problem = "I was interrupted there. Please try again."

    def _answer(self, exchange: Exchange, mine: int) -> Iterator[None]:
        try:
            for update in self._updates(exchange, mine):
                if self._turn != mine:
                    return
                if self._take(exchange, update):
                    yield
        except BadRequestError:
            exchange.problem = "I could not use that. Send me words or a picture."
        except WhybuyError:
            log.exception("turn failed")
            exchange.problem = "I could not finish that just now. Please try again."
        except Exception:  # the edge: whatever broke, the shopper reads words, the operator the log
            log.exception("turn failed unexpectedly")
            exchange.problem = "Something went wrong on our side. Please try again."
        if self._turn == mine:
            exchange.stage = ""
            if exchange.problem:
                exchange.reply = None
            yield

    def _updates(self, exchange: Exchange, mine: int) -> Iterator[Update]:
        ask = Ask(
            message="" if exchange.remove else exchange.said,
            conversation_id=self._conversation_id,
            shopper_id=self.shopper_id,
            picture=exchange.picture,
            k=self.desk.k,
            remove=exchange.remove,
            personalise=self.personalise,
        )
        try:
            yield from self.desk.assistant.stream(ask, cancelled=lambda: self._turn != mine)
        except UnknownConversationError:
            if self._conversation_id is None:
                raise
            log.info("the conversation is gone; beginning a new one")
            self._conversation_id = None
            yield from self._updates(exchange, mine)

    def _take(self, exchange: Exchange, update: Update) -> bool:
        """Whether it should be shown at once: words are gathered for a moment, so that the page is not flooded."""
        if isinstance(update, Stage):
            exchange.stage = update.name
        elif isinstance(update, Preview):
            exchange.reply = update.reply
            self._conversation_id = update.reply.conversation_id
        elif isinstance(update, Words):
            exchange.pieces.append(update.text)
            return self._is_time()
        else:
            assert isinstance(update, Done)
            exchange.reply = update.reply
            exchange.stage = ""
            self._conversation_id = update.reply.conversation_id
            if "".join(exchange.pieces) != update.reply.message:
                exchange.pieces = [update.reply.message]
        return True

    _last_shown = 0.0

    def _is_time(self) -> bool:
        now = time.monotonic()
        if now - self._last_shown < _BETWEEN_WORDS_S:
            return False
        self._last_shown = now
        return True

    def again(self) -> Exchange | None:
        """Take the last turn back when it failed or was stopped, to be asked once more; None when it did neither."""
        if self.exchanges and self.exchanges[-1].problem and self.exchanges[-1].again:
            return self.exchanges.pop()
        return None
