"""The tables, one schema for SQLite and PostgreSQL. Moments are whole microseconds since 1970 UTC, exact in both."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, text

SCHEMA_VERSION = 2
"""Raised with every change below; `migration.py` brings older ones here, any other version is refused."""

REFUSES = text("kind IN ('dislike', 'not_interested')")
"""What a shopper does not want to see again. As text: a query with bound values could not use the index below."""

TAKES_BACK = text("kind IN ('cart', 'like', 'purchase', 'rating')")
"""What may be the last word on an item that was refused before."""

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("shopper_id", Text, index=True),  # null: nobody signed in
    Column("begun_us", BigInteger, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("turn", Text, nullable=False),  # JSON as text, not JSONB: that one cannot hold every string a shopper types
    Column("reply", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("shopper_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("value", Float(53)),
    Column("came", BigInteger, nullable=False, server_default="0"),  # rises with every event kept: settles equal times
    Index("events_by_moment", "shopper_id", "at_us", "came"),
    Index("events_by_time", "at_us"),
    # Few events are refusals: a shopper's are found however many others there are, and whether they were taken back.
    Index("events_refusing", "shopper_id", "kind", sqlite_where=REFUSES, postgresql_where=REFUSES),
    Index(
        *("events_taking_back", "shopper_id", "item_id", "at_us"),
        sqlite_where=TAKES_BACK,
        postgresql_where=TAKES_BACK,
    ),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("caller", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False, index=True),
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware moment."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_us(us: int) -> datetime:
    """The aware UTC moment; the inverse of `to_us`."""
    return _EPOCH + timedelta(microseconds=us)
