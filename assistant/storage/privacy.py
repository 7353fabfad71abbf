"""What is kept of one person: shown whole, and forgotten for good."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import delete, select

from assistant.storage.database import Database
from assistant.storage.tables import conversations, events, from_us, turns


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted."""

    events: int
    conversations: int


def exported(database: Database, shopper_id: str) -> Iterator[str]:
    """Everything kept of a shopper, a JSON object a line: events, oldest first, then the turns of each conversation.

    An event has the fields it is sent to the API with; a turn is what was said and read, and the whole reply.

    Raises:
        StorageError: the database failed.
    """
    mine = select(events).where(events.c.shopper_id == shopper_id).order_by(events.c.at_us, events.c.came)
    said = (
        select(conversations.c.begun_us, turns)
        .join(turns)
        .where(conversations.c.shopper_id == shopper_id)
        .order_by(conversations.c.begun_us, turns.c.conversation_id, turns.c.number)
    )
    with database.reading() as connection:
        for row in connection.execute(mine):
            told: dict[str, object] = {"record": "event", "id": row.id, "user_id": row.shopper_id, "kind": row.kind}
            told |= {"item_id": row.item_id, "at": from_us(row.at_us).isoformat(), "value": row.value}
            yield json.dumps(told, ensure_ascii=False)
        for row in connection.execute(said):
            told = {"record": "turn", "user_id": shopper_id, "conversation_id": row.conversation_id}
            told |= {"begun": from_us(row.begun_us).isoformat(), "number": row.number}
            yield json.dumps(told | {"turn": json.loads(row.turn), "reply": json.loads(row.reply)}, ensure_ascii=False)


def forget(database: Database, shopper_id: str) -> Forgotten:
    """Delete a shopper's events and conversations, all or nothing; on return that is on the disk.

    SQLite also overwrites what was deleted, and empties its log of it as soon as no reader needs that any more.

    Raises:
        StorageError: the database failed; nothing was deleted.
    """
    with database.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        acts = connection.execute(delete(events).where(events.c.shopper_id == shopper_id)).rowcount
        mine = select(conversations.c.id).where(conversations.c.shopper_id == shopper_id)
        connection.execute(delete(turns).where(turns.c.conversation_id.in_(mine)))
        talks = connection.execute(delete(conversations).where(conversations.c.shopper_id == shopper_id)).rowcount
    database.empty_log()
    return Forgotten(acts, talks)
