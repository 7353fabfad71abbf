"""Conversations in the database."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.errors import ConflictError, UnknownConversationError
from assistant.nouns import Conversation, Turn
from assistant.storage.database import Database, insert_new
from assistant.storage.tables import conversations, to_us, turns

_TURN: TypeAdapter[Turn] = TypeAdapter(Turn)


class StoredConversations:
    """Keeps conversations; fits `assistant.exchange.Conversations`."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._clock = clock

    def begin(self, shopper_id: str | None) -> Conversation:
        """A new, empty conversation, stored; its id holds 144 random bits.

        Raises:
            StorageError: the database failed.
        """
        conversation = Conversation(secrets.token_urlsafe(18), shopper_id)
        row = {"id": conversation.id, "shopper_id": shopper_id, "begun_us": to_us(self._clock())}
        with self._database.writing() as connection:
            connection.execute(insert(conversations).values(row))
        return conversation

    def load(self, conversation_id: str, shopper_id: str | None) -> Conversation:
        """The conversation with its turns in order.

        Raises:
            UnknownConversationError: there is none with that id that belongs to this shopper.
            StorageError: the database failed.
        """
        with self._database.reading() as connection:
            owned = connection.execute(select(conversations.c.id).where(*_owned(conversation_id, shopper_id))).first()
            kept = connection.execute(
                select(turns.c.turn)
                .join(conversations)
                .where(*_owned(conversation_id, shopper_id))
                .order_by(turns.c.number)
            ).scalars()
            if owned is None:
                raise _unknown()
            return Conversation(conversation_id, shopper_id, tuple(turn_from_json(row) for row in kept))

    def append(self, conversation_id: str, turn: Turn, reply_json: str) -> None:
        """Keep a turn with the reply it got; both or neither.

        Raises:
            ConflictError: a turn with that number is there already.
            UnknownConversationError: there is no such conversation.
            StorageError: the database failed.
        """
        row = {
            "conversation_id": conversation_id,
            "number": turn.number,
            "turn": turn_to_json(turn),
            "reply": reply_json,
        }
        with self._database.writing() as connection:
            try:
                kept = insert_new(connection, turns, [row])
            except IntegrityError as error:  # the foreign key
                raise _unknown() from error
            if not kept:
                raise ConflictError("this turn was answered already", hint="another message came first; send it again")

    def replies(self, conversation_id: str, shopper_id: str | None) -> list[str]:
        """The JSON of every reply, oldest first, to show a conversation again; empty when it is not this shopper's.

        Raises:
            StorageError: the database failed.
        """
        statement = select(turns.c.reply).join(conversations).where(*_owned(conversation_id, shopper_id))
        with self._database.reading() as connection:
            return list(connection.execute(statement.order_by(turns.c.number)).scalars())


def turn_to_json(turn: Turn) -> str:
    """A turn as JSON; `turn_from_json` gives back an equal one."""
    return _TURN.dump_json(turn).decode()


def turn_from_json(kept: str) -> Turn:
    """The turn that `turn_to_json` wrote.

    Raises:
        pydantic.ValidationError: it did not.
    """
    return _TURN.validate_json(kept)


def _owned(conversation_id: str, shopper_id: str | None) -> tuple[ColumnElement[bool], ...]:
    return conversations.c.id == conversation_id, conversations.c.shopper_id.is_not_distinct_from(shopper_id)


def _unknown() -> UnknownConversationError:
    return UnknownConversationError("no such conversation", hint="leave conversation_id out to begin a new one")
