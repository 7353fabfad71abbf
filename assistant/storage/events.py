"""What shoppers did, in the database: kept exactly once, read per shopper, counted over all."""

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Integer, Row, and_, bindparam, delete, exists, func, or_, select, tuple_, update

from assistant.crowd import ACTS, Act, Crowds
from assistant.errors import ConflictError
from assistant.nouns import MIDDLING_STARS, Event, EventKind
from assistant.storage.database import Database, insert_new
from assistant.storage.tables import REFUSES, TAKES_BACK, from_us, idempotency_keys, to_us
from assistant.storage.tables import events as table
from index.items import ItemId

_ROWS = 500
"""Rows per statement, well below SQLite's limit of variables."""

_LATEST = (
    select(table.c.id, table.c.shopper_id, table.c.kind, table.c.item_id, table.c.at_us, table.c.value)
    .where(table.c.shopper_id == bindparam("shopper"))
    .order_by(table.c.at_us.desc(), table.c.came.desc())
    .limit(bindparam("most", type_=Integer))
)
"""A shopper's latest events: every recommendation asks for them."""

_MOST_REFUSED = 2_000
"""So many of a shopper's latest refusals are heeded, however far back they lie: hours of saying no, and under 1 ms."""

_earlier, _later = table.alias("earlier").c, table.alias("later").c

REFUSED = (
    select(_earlier.item_id)
    .where(
        _earlier.shopper_id == bindparam("shopper"),
        REFUSES,
        ~exists(_later.id).where(
            _later.shopper_id == _earlier.shopper_id,
            _later.item_id == _earlier.item_id,
            TAKES_BACK,
            or_(_later.kind != "rating", _later.value > MIDDLING_STARS),
            tuple_(_later.at_us, _later.came) > tuple_(_earlier.at_us, _earlier.came),
        ),
    )
    .order_by((_earlier.at_us + 0).desc())  # a sum, or SQLite would walk all events in order to find these few
    .limit(_MOST_REFUSED)
)
"""What a shopper refused and has not taken back since."""

_KEYS_KEPT = timedelta(days=3)

_SOUGHT: Mapping[EventKind, float] = {
    "view": 0.1,
    "click": 0.15,
    "cart": 0.4,
    "like": 0.6,
    "rating": 0.6,
    "purchase": 1.0,
}
"""How much each kind of event says that an item is sought; refusals say nothing here."""

_GOOD_STARS = 3.5
_HALF_LIFE = timedelta(days=30)
_WINDOW = timedelta(days=180)
_LATELY = timedelta(days=30)
"""What is told as done lately was done within so much of now; what is older has lost half its weight."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a batch: how many events were new, how many known word for word; their ids as sent."""

    stored: int
    duplicates: int
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Once:
    """A promise to act once: the same `key` of the same `caller` gives the same answer, for at least a day.

    `fingerprint` stands for the content; the same key with another one is a conflict.
    """

    caller: str
    key: str
    fingerprint: str


class StoredEvents:
    """Keeps events; fits `assistant.exchange.History`."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        popularity_age_s: float = 5.0,
    ) -> None:
        """`popularity_age_s`: how old the answer of `popularity` may be, in seconds."""
        self._database = database
        self._latest = database.prepared(_LATEST)
        self._refused = database.prepared(REFUSED)
        self._clock = clock
        self._popularity_age = timedelta(seconds=popularity_age_s)
        self._counted: _Counted | None = None
        self._counting = threading.Lock()
        self._numbering = threading.Lock()
        self._came = 0

    def add(self, events: Sequence[Event], *, once: Once | None = None, arrived: datetime | None = None) -> Added:
        """Keep all events of the batch, or none; on return they are on disk. Known ones are left as they are.

        Of equal times those sent first count as earlier, and so do those of a batch that was kept before.
        Events dated `arrived` have no date of their own, only that of their coming: sent again later they are the same.

        Raises:
            ConflictError: an event of the same shopper with the same id, or the key of `once`, is there already with
                other content.
            StorageError: the database failed; the batch may be sent again.
        """
        fresh = {(event.shopper_id, event.id): event for event in events}
        if any(fresh[event.shopper_id, event.id] != event for event in events):
            raise _event_conflict()
        with self._database.writing() as connection:
            if once is not None and (known := self._claim(connection, once)) is not None:
                return known
            stored = self._insert(connection, fresh, arrived)
            added = Added(stored, len(events) - stored, tuple(event.id for event in events))
            if once is not None:
                connection.execute(
                    update(idempotency_keys)
                    .where(idempotency_keys.c.caller == once.caller, idempotency_keys.c.key == once.key)
                    .values(answer=json.dumps(asdict(added)))
                )
        return added

    def forget(self, shopper_id: str, event_id: str) -> bool:
        """Remove one event of this shopper; whether there was one.

        Raises:
            StorageError: the database failed.
        """
        statement = delete(table).where(table.c.shopper_id == shopper_id, table.c.id == event_id)
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount > 0

    def of(self, shopper_id: str, *, limit: int = 200) -> list[Event]:
        """The shopper's latest events, newest first; empty for somebody unknown.

        Raises:
            StorageError: the database failed.
        """
        rows = self._latest({"shopper": shopper_id, "most": limit})
        return [Event(id, shopper, kind, item, from_us(us), value) for id, shopper, kind, item, us, value in rows]

    def refused(self, shopper_id: str) -> frozenset[ItemId]:
        """What the shopper refused, however long ago, and has not taken back by a like, cart, purchase or good stars.

        Raises:
            StorageError: the database failed.
        """
        return frozenset(item_id for (item_id,) in self._refused({"shopper": shopper_id}))

    def kept(self, events: Sequence[Event]) -> dict[tuple[str, str], Event]:
        """Of the ids of these events those that are taken: (shopper, id) -> what it stands for.

        Raises:
            StorageError: the database failed.
        """
        keys = sorted({(event.shopper_id, event.id) for event in events})
        found: dict[tuple[str, str], Event] = {}
        with self._database.reading() as connection:
            for start in range(0, len(keys), _ROWS):
                some = tuple_(table.c.shopper_id, table.c.id).in_(keys[start : start + _ROWS])
                rows = connection.execute(select(table).where(some))
                found |= {(row.shopper_id, row.id): _event(row) for row in rows}
        return found

    def everything(self) -> Iterator[Event]:
        """Every event of every shopper, by shopper; memory stays small however many there are.

        Raises:
            StorageError: the database failed.
        """
        statement = select(table).order_by(table.c.shopper_id, table.c.at_us, table.c.came)
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=5_000).execute(statement):
                yield _event(row)

    def popularity(self) -> Mapping[ItemId, float]:
        """Item -> how much it was sought in the last 180 days; the same object until it is counted anew.

        Each shopper counts once per item, by the event that says most: its kind's weight, halved every 30 days.
        At most `popularity_age_s` old, and what counting takes; only the first caller then waits for it.

        Raises:
            StorageError: the database failed.
        """
        return self._recent().popularity

    def crowds(self) -> Crowds:
        """What people did with items in the last 30 days; counted together with `popularity`.

        Raises:
            StorageError: the database failed.
        """
        return self._recent().crowds

    def count(self) -> None:
        """Count anew now, so that no caller of `popularity` or `crowds` has to.

        Raises:
            StorageError: the database failed.
        """
        self._counted = self._count(self._clock())

    def _recent(self) -> "_Counted":
        kept = self._counted
        if kept is not None and not self._is_old(kept.at):
            return kept
        if not self._counting.acquire(blocking=kept is None):
            assert kept is not None
            return kept  # somebody is counting; until they have, the last count serves
        try:
            if self._counted is None or self._is_old(self._counted.at):
                self._counted = self._count(self._clock())
            return self._counted
        finally:
            self._counting.release()

    def _is_old(self, counted: datetime) -> bool:
        return not timedelta() <= self._clock() - counted <= self._popularity_age

    def _claim(self, connection: Connection, once: Once) -> Added | None:
        """None when the key is now ours; else what it was answered with."""
        now_us = to_us(self._clock())
        keys = idempotency_keys.c
        connection.execute(
            delete(idempotency_keys).where(keys.at_us < now_us - _KEYS_KEPT // timedelta(microseconds=1))
        )
        row = {"caller": once.caller, "key": once.key, "fingerprint": once.fingerprint, "answer": "", "at_us": now_us}
        if insert_new(connection, idempotency_keys, [row]):
            return None
        same = select(keys.fingerprint, keys.answer).where(keys.caller == once.caller, keys.key == once.key)
        known = connection.execute(same).one()
        if known.fingerprint != once.fingerprint:
            raise ConflictError("this idempotency key was used for something else", hint="use a new key")
        answer = json.loads(known.answer)
        return Added(answer["stored"], answer["duplicates"], tuple(answer["ids"]))

    def _insert(self, connection: Connection, fresh: Mapping[tuple[str, str], Event], arrived: datetime | None) -> int:
        first = self._places(len(fresh))
        came = {key: first + place for place, key in enumerate(fresh)}
        # In one order for everybody: two batches that share events cannot wait for each other.
        keys = sorted(fresh)
        stored = 0
        for start in range(0, len(keys), _ROWS):
            some = keys[start : start + _ROWS]
            new = insert_new(connection, table, [_row(fresh[key], came[key]) for key in some])
            stored += len(new)
            known = [key for key in some if key not in new]
            if known:
                rows = connection.execute(select(table).where(tuple_(table.c.shopper_id, table.c.id).in_(known)))
                if any(not _same(_event(row), fresh[row.shopper_id, row.id], arrived) for row in rows):
                    raise _event_conflict()
        return stored

    def _places(self, count: int) -> int:
        """The first of so many numbers in a row, above all given before: by the clock, for there are other workers."""
        with self._numbering:
            first = max(to_us(self._clock()), self._came)
            self._came = first + count
            return first

    def _count(self, now: datetime) -> "_Counted":
        statement = (
            select(table.c.item_id, table.c.shopper_id, table.c.kind, func.max(table.c.at_us).label("at_us"))
            .where(
                table.c.at_us >= to_us(now - _WINDOW),
                table.c.kind.in_(_SOUGHT),
                or_(table.c.kind != "rating", and_(table.c.value.is_not(None), table.c.value >= _GOOD_STARS)),
            )
            .group_by(table.c.item_id, table.c.shopper_id, table.c.kind)
        )
        sought: dict[tuple[ItemId, str], float] = defaultdict(float)
        people: dict[ItemId, dict[Act, set[str]]] = {}
        with self._database.reading() as connection:
            for item_id, shopper_id, kind, at_us in connection.execute(statement):
                age = max(now - from_us(at_us), timedelta())
                weight = _SOUGHT[kind] * 0.5 ** (age / _HALF_LIFE)
                sought[item_id, shopper_id] = max(sought[item_id, shopper_id], weight)
                if age <= _LATELY:
                    people.setdefault(item_id, {}).setdefault(ACTS[kind], set()).add(shopper_id)
        total: dict[ItemId, float] = defaultdict(float)
        for (item_id, _), weight in sorted(sought.items()):
            total[item_id] += weight
        return _Counted(now, MappingProxyType(dict(total)), Crowds.of(people))


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted over all shoppers, and when."""

    at: datetime
    popularity: Mapping[ItemId, float]
    crowds: Crowds


def _row(event: Event, came: int) -> dict[str, object]:
    return {
        "shopper_id": event.shopper_id,
        "id": event.id,
        "kind": event.kind,
        "item_id": event.item_id,
        "at_us": to_us(event.at),
        "value": event.value,
        "came": came,
    }


def _event(row: Row[Any]) -> Event:  # Any: a row of `table`, typed by its columns at run time only
    return Event(
        id=row.id,
        shopper_id=row.shopper_id,
        kind=row.kind,
        item_id=row.item_id,
        at=from_us(row.at_us),
        value=row.value,
    )


def _same(kept: Event, sent: Event, arrived: datetime | None) -> bool:
    return sent == (replace(kept, at=sent.at) if sent.at == arrived else kept)


def _event_conflict() -> ConflictError:
    return ConflictError("an event with this id says something else", hint="give every event an id of its own")
