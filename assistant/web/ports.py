"""What the web needs of the rest of the house, as protocols: the engine, the catalogue and the event store fit them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from assistant.exchange import Ask, SceneAsk, Shelf, Update
from assistant.nouns import Constraint, Event
from assistant.storage.events import Added, Once
from index.items import Item, ItemId


class Assistant(Protocol):
    """Answers shoppers. Safe to call from several threads."""

    def stream(self, ask: Ask, *, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Update]:
        """The turn as it comes about: stages, one preview, words, and last `Done` with the whole reply, stored by then.

        Closing the iterator, or `cancelled` turning true, stops the work at the next step; such a turn is not kept.

        Raises:
            UnknownConversationError: the conversation is not there, or is not this shopper's.
            ConflictError: another message of the same conversation was answered meanwhile.
            BadRequestError: there is nothing in `ask` to answer.
        """
        ...

    def recommend(self, ask: SceneAsk) -> Shelf:
        """Recommendations for a scene.

        Raises:
            BadRequestError: the scene is not served, or lacks what it needs.
            UnknownItemError: `ask.item_id` is not in the catalogue.
        """
        ...


class Shop(Protocol):
    """The catalogue, as far as the web shows it."""

    @property
    def currency(self) -> str:
        """The ISO 4217 code that amounts without one are in."""
        ...

    def __contains__(self, item_id: object) -> bool: ...

    def __len__(self) -> int: ...

    def item(self, item_id: ItemId) -> Item:
        """The record.

        Raises:
            UnknownItemError: there is no such item.
        """
        ...


class EventStore(Protocol):
    """Where what shoppers did is kept."""

    def add(self, events: Sequence[Event], *, once: Once | None = None, arrived: datetime | None = None) -> Added:
        """Keep all events of the batch, or none; see `assistant.storage.events.StoredEvents.add`.

        Raises:
            ConflictError: an event with the same id and other content is there already.
            StorageError: the database failed.
        """
        ...

    def forget(self, shopper_id: str, event_id: str) -> bool:
        """Remove one event of this shopper; whether there was one."""
        ...


Label = Callable[[Constraint], str]
"""A constraint in plain words, as the chips show it."""
