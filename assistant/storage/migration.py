"""Databases of older versions, brought to the schema of this one."""

import logging

from sqlalchemy import Connection, text, update

from assistant.storage.tables import SCHEMA_VERSION, events, schema_version

log = logging.getLogger(__name__)

_NUMBERED = """
UPDATE events SET came = numbered.place FROM
    (SELECT shopper_id, id, row_number() OVER (ORDER BY at_us, id) AS place FROM events) AS numbered
WHERE events.shopper_id = numbered.shopper_id AND events.id = numbered.id
"""
"""Nobody knows in which order events came before: where their times are equal they stay ordered by their ids."""


def migrate_from_1(connection: Connection) -> None:
    """Schema 2 in place of 1, all or nothing with the transaction: events remember in which order they came."""
    connection.execute(text("ALTER TABLE events ADD COLUMN came BIGINT NOT NULL DEFAULT 0"))
    connection.execute(text(_NUMBERED))
    connection.execute(text("DROP INDEX IF EXISTS events_by_shopper"))
    for index in sorted(events.indexes, key=lambda index: str(index.name)):
        index.create(connection, checkfirst=True)
    connection.execute(update(schema_version).values(version=SCHEMA_VERSION))
    log.info("the database was brought to schema version %d", SCHEMA_VERSION)
