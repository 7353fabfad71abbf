"""What goes into the engine and what comes out of it, and the stores it is handed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL.Image import Image

from assistant.crowd import Crowds
from assistant.nouns import Constraint, Conversation, Event, Evidence, Recommendation, Reply, Scene, Turn
from index.filters import Condition
from index.items import ItemId


@dataclass(frozen=True, slots=True)
class Ask:
    """One message to the assistant.

    Attributes:
        conversation_id: None begins a conversation.
        shopper_id: None: nobody signed in, no history is used and none is kept.
        message: the shopper's words; may be "" when a picture or a removal comes alone.
        picture: already decoded and safe.
        k: most items to show.
        remove: ids of ledger entries to take back.
        personalise: False: the history is neither read nor used.
    """

    message: str
    conversation_id: str | None = None
    shopper_id: str | None = None
    picture: Image | None = None
    k: int = 4
    remove: tuple[str, ...] = ()
    personalise: bool = True


@dataclass(frozen=True, slots=True)
class SceneAsk:
    """A request for recommendations without a conversation.

    `query` is read as a message is: budgets, refusals and the like in it are kept. `constraints` are all hard.
    """

    scene: Scene
    shopper_id: str | None = None
    query: str = ""
    item_id: ItemId | None = None
    constraints: tuple[Condition, ...] = ()
    k: int = 10


@dataclass(frozen=True, slots=True)
class Shelf:
    """Recommendations with the evidence their reasons cite and what they had to satisfy, outside a conversation.

    `unread` are the parts of the query nobody could place: nothing is filtered by them. `note` says so, as chat does.
    """

    recommendations: tuple[Recommendation, ...]
    evidence: tuple[Evidence, ...]
    versions: dict[str, str]
    degraded: tuple[str, ...]
    timings_ms: dict[str, float]
    ledger: tuple[Constraint, ...] = ()
    unread: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Streamed first: what is being done, in the shopper's language (`reading`, `searching`, `wording`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Streamed as soon as the ranking stands: the reply with template reasons and an empty message.

    Items, order, scores and ledger are final; only wording follows.
    """

    reply: Reply


@dataclass(frozen=True, slots=True)
class Words:
    """The next piece of the message; pieces joined are exactly `reply.message`."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole reply, stored."""

    reply: Reply


Update = Stage | Preview | Words | Done


class Conversations(Protocol):
    """Where conversations are kept."""

    def load(self, conversation_id: str, shopper_id: str | None) -> Conversation:
        """The conversation.

        Raises:
            UnknownConversationError: there is none with that id that belongs to this shopper.
        """
        ...

    def begin(self, shopper_id: str | None) -> Conversation:
        """A new, empty conversation with an unguessable id, stored."""
        ...

    def append(self, conversation_id: str, turn: Turn, reply_json: str) -> None:
        """Keep a turn.

        Raises:
            ConflictError: a turn with that number is there already.
        """
        ...


class History(Protocol):
    """What shoppers did."""

    def of(self, shopper_id: str, *, limit: int = 200) -> Sequence[Event]:
        """The shopper's latest events, newest first; empty for somebody unknown."""
        ...

    def popularity(self) -> Mapping[ItemId, float]:
        """Item -> how much it was sought lately over all shoppers, each shopper counted once per item."""
        ...

    def refused(self, shopper_id: str) -> Collection[ItemId]:
        """What the shopper refused, however long ago, and has not taken back; empty for somebody unknown."""
        ...

    def crowds(self) -> Crowds:
        """What enough people did lately to be told of."""
        ...
