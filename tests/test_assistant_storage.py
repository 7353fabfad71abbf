"""Storage: the same promises on SQLite, on PostgreSQL, and by the stand-ins in memory."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text, update
from sqlalchemy.dialects import sqlite

from assistant.errors import ConflictError, StorageError, UnknownConversationError
from assistant.exchange import Conversations
from assistant.nouns import Constraint, Event, EventKind, Request, Turn
from assistant.storage.conversations import StoredConversations, turn_from_json, turn_to_json
from assistant.storage.database import Database
from assistant.storage.events import REFUSED, Added, Once, StoredEvents
from assistant.storage.tables import SCHEMA_VERSION, from_us, schema_version, to_us
from assistant.testing import NOON, MemoryConversations, MemoryEvents
from index.errors import SetupError
from index.filters import Condition, Op
from index.items import Money

pytest_plugins = ["fixtures_storage"]

NAUGHTY = Path(__file__).parents[1].parent / "shared" / "data" / "security" / "blns" / "blns.json"

BUDGET = Constraint("c1", "hard", Condition("price", Op.LE, Money(6000, "EUR")), 1, "under 60")
REFUSAL = Constraint("c2", "hard", Condition("brand", Op.NOT_IN, ("Alba", "Borea")), 2, "not Alba or Borea", "model")
STARS = Constraint("c3", "soft", Condition("rating", Op.GE, 4.0), 2, "well rated")


def turn(number: int, message: str = "a jacket") -> Turn:
    return Turn(
        number=number,
        message=message,
        said="Here is one.",
        request=Request("search", "jacket", ("jacket-1",), "", ("hm",)),
        ledger=(BUDGET, REFUSAL, STARS),
        shown=("jacket-1", "jacket/3 é"),
        focus="jacket-1",
        at=NOON + timedelta(microseconds=number),
    )


def event(n: int, kind: EventKind = "view", item_id: str = "jacket-1", shopper_id: str = "kim") -> Event:
    return Event(f"e{n}", shopper_id, kind, item_id, NOON + timedelta(minutes=n))


class ConversationsContract:
    """What every `Conversations` keeps."""

    @pytest.fixture
    def conversations(self) -> Conversations:
        raise NotImplementedError

    def test_turns_come_back_equal_and_in_order(self, conversations: Conversations) -> None:
        begun = conversations.begin("kim")
        conversations.append(begun.id, turn(1), "{}")
        conversations.append(begun.id, turn(2, "zero \u0000, half a quote ', \u202e and 🧥"), "{}")
        loaded = conversations.load(begun.id, "kim")
        assert loaded.turns == (turn(1), turn(2, "zero \u0000, half a quote ', \u202e and 🧥"))
        assert loaded.shopper_id == "kim"

    def test_another_shoppers_conversation_looks_like_none(self, conversations: Conversations) -> None:
        begun = conversations.begin("kim")
        conversations.append(begun.id, turn(1), "{}")
        said: set[tuple[str, str]] = set()
        for conversation_id, shopper_id in ((begun.id, "lee"), (begun.id, None), ("none", "kim"), ("none", None)):
            with pytest.raises(UnknownConversationError) as caught:
                conversations.load(conversation_id, shopper_id)
            said.add((str(caught.value), caught.value.hint))
        assert len(said) == 1

    def test_nobodys_conversation_is_not_a_shoppers(self, conversations: Conversations) -> None:
        begun = conversations.begin(None)
        assert conversations.load(begun.id, None).turns == ()
        with pytest.raises(UnknownConversationError):
            conversations.load(begun.id, "kim")

    def test_two_turns_cannot_have_one_number(self, conversations: Conversations) -> None:
        begun = conversations.begin("kim")
        conversations.append(begun.id, turn(1), "{}")
        with pytest.raises(ConflictError):
            conversations.append(begun.id, turn(1, "something else"), "{}")
        assert conversations.load(begun.id, "kim").turns == (turn(1),)


class TestMemoryConversations(ConversationsContract):
    @pytest.fixture
    def conversations(self) -> Conversations:
        return MemoryConversations()


class TestStoredConversations(ConversationsContract):
    @pytest.fixture
    def conversations(self, database: Database) -> Conversations:
        return StoredConversations(database)

    def test_a_turn_needs_its_conversation(self, database: Database) -> None:
        with pytest.raises(UnknownConversationError):
            StoredConversations(database).append("none", turn(1), "{}")

    def test_replies_are_the_shoppers_own(self, database: Database) -> None:
        conversations = StoredConversations(database)
        begun = conversations.begin("kim")
        conversations.append(begun.id, turn(1), '{"turn":1}')
        conversations.append(begun.id, turn(2), '{"turn":2}')
        assert conversations.replies(begun.id, "kim") == ['{"turn":1}', '{"turn":2}']
        assert conversations.replies(begun.id, "lee") == []

    def test_ids_are_long_and_never_the_same(self, database: Database) -> None:
        conversations = StoredConversations(database)
        ids = {conversations.begin("kim").id for _ in range(50)}
        assert len(ids) == 50
        assert {len(conversation_id) for conversation_id in ids} == {24}  # 144 bits, base64

    @pytest.mark.skipif(not NAUGHTY.parents[3].is_dir(), reason="needs the shared corpora beside the checkout")
    def test_naughty_strings_come_back_unchanged(self, database: Database) -> None:
        naughty: list[str] = json.loads(NAUGHTY.read_text(encoding="utf-8"))
        assert len(naughty) == 515
        conversations, events = StoredConversations(database), StoredEvents(database)
        begun = conversations.begin("kim")
        for number, words in enumerate(naughty, start=1):
            conversations.append(begun.id, turn(number, words), json.dumps(words))
        assert [each.message for each in conversations.load(begun.id, "kim").turns] == naughty
        assert [json.loads(reply) for reply in conversations.replies(begun.id, "kim")] == naughty
        named = [event(n, item_id=words) for n, words in enumerate(naughty)]
        events.add(named)
        assert list(reversed(events.of("kim", limit=600))) == named

    def test_of_racing_turns_one_is_kept(self, database: Database) -> None:
        conversations = StoredConversations(database)
        begun = conversations.begin("kim")

        def answer(n: int) -> str:
            try:
                conversations.append(begun.id, turn(1, f"racer {n}"), "{}")
            except ConflictError:
                return "refused"
            return "kept"

        with ThreadPoolExecutor(8) as pool:
            outcomes = sorted(pool.map(answer, range(8)))
        assert outcomes == ["kept"] + ["refused"] * 7


class EventsContract:
    """What every event store keeps."""

    @pytest.fixture
    def events(self) -> StoredEvents | MemoryEvents:
        raise NotImplementedError

    def test_newest_first_and_only_ones_own(self, events: StoredEvents | MemoryEvents) -> None:
        assert events.add([event(1), event(3), event(2), event(9, shopper_id="lee")]) == Added(
            4, 0, ("e1", "e3", "e2", "e9")
        )
        assert list(events.of("kim")) == [event(3), event(2), event(1)]
        assert list(events.of("kim", limit=2)) == [event(3), event(2)]
        assert list(events.of("nobody")) == []

    def test_equal_times_keep_the_order_sent_whatever_the_ids_are(self, events: StoredEvents | MemoryEvents) -> None:
        ids = ["m", "z", "a", "k", "b"]
        for number, some in enumerate((ids[:3], ids[3:])):
            events.add([Event(id, "kim", "view", f"item-{number}", NOON) for id in some])
        assert [each.id for each in events.of("kim")] == ids[::-1]
        events.add([Event("m", "kim", "view", "item-0", NOON)])  # known: its place stays
        assert [each.id for each in events.of("kim")] == ids[::-1]

    def test_a_refusal_stands_until_it_is_taken_back(self, events: StoredEvents | MemoryEvents) -> None:
        said: list[tuple[str, EventKind, float | None]] = [
            ("boot", "dislike", None),
            ("lamp", "not_interested", None),
            ("lamp", "like", None),  # taken back
            ("tent", "purchase", None),
            ("tent", "dislike", None),
            ("rope", "dislike", None),
            ("rope", "rating", 5.0),  # taken back
            ("mug", "dislike", None),
            ("mug", "rating", 3.0),
            ("mug", "view", None),
            ("pan", "dislike", None),
            ("pan", "cart", None),
            ("pan", "not_interested", None),  # and refused again
        ]
        events.add([Event(f"{9 - n % 10}{n}", "kim", kind, i, NOON, v) for n, (i, kind, v) in enumerate(said)])
        events.add([Event(f"later-{n}", "kim", "view", "jacket", NOON + timedelta(days=n)) for n in range(300)])
        events.add([Event("l", "lee", "like", "boot", NOON + timedelta(days=1))])
        assert set(events.refused("kim")) == {"boot", "tent", "mug", "pan"}
        assert set(events.refused("lee")) == set()
        events.add([Event("back", "kim", "cart", "boot", NOON + timedelta(days=400))])
        assert set(events.refused("kim")) == {"tent", "mug", "pan"}
        events.forget("kim", "back")
        assert "boot" in events.refused("kim")

    def test_crowds_are_of_people_not_of_events(self, events: StoredEvents | MemoryEvents) -> None:
        now = datetime.now(UTC)
        events.add([replace(event(n, "view"), at=now) for n in range(9)])
        events.add([replace(event(20, "purchase", "lamp-1", who), at=now) for who in ("kim", "lee", "max")])
        assert events.crowds().told("jacket-1", None) is None
        assert events.crowds().told("lamp-1", "ann") == "bought"
        assert events.crowds().told("lamp-1", "lee") is None

    def test_the_same_again_counts_once(self, events: StoredEvents | MemoryEvents) -> None:
        events.add([event(1)])
        assert events.add([event(1), event(2), event(2)]) == Added(1, 2, ("e1", "e2", "e2"))
        assert list(events.of("kim")) == [event(2), event(1)]

    def test_one_id_for_two_shoppers_is_two_events(self, events: StoredEvents | MemoryEvents) -> None:
        assert events.add([event(1), event(1, shopper_id="lee")]).stored == 2

    def test_the_same_id_with_other_content_spoils_the_batch(self, events: StoredEvents | MemoryEvents) -> None:
        events.add([event(1)])
        with pytest.raises(ConflictError, match="says something else"):
            events.add([event(2), event(1, "purchase")])
        assert list(events.of("kim")) == [event(1)]

    def test_an_event_without_a_date_of_its_own_may_come_later(self, events: StoredEvents | MemoryEvents) -> None:
        events.add([event(1)], arrived=event(1).at)
        later = NOON + timedelta(days=1)
        assert events.add([replace(event(1), at=later)], arrived=later) == Added(0, 1, ("e1",))
        assert list(events.of("kim")) == [event(1)]

    def test_a_key_acts_once_and_answers_the_same(self, events: StoredEvents | MemoryEvents) -> None:
        once = Once("", "key", "fingerprint")
        first = events.add([event(1)], once=once)
        assert events.add([event(2)], once=once) == first == Added(1, 0, ("e1",))
        assert list(events.of("kim")) == [event(1)]
        with pytest.raises(ConflictError, match="key"):
            events.add([event(1)], once=replace(once, fingerprint="other"))

    def test_forgotten_is_gone(self, events: StoredEvents | MemoryEvents) -> None:
        events.add([event(1), event(2)])
        assert not events.forget("lee", "e1")
        assert events.forget("kim", "e1")
        assert not events.forget("kim", "e1")
        assert list(events.of("kim")) == [event(2)]


class TestMemoryEvents(EventsContract):
    @pytest.fixture
    def events(self) -> StoredEvents | MemoryEvents:
        return MemoryEvents()


class TestStoredEvents(EventsContract):
    @pytest.fixture
    def events(self, database: Database) -> StoredEvents | MemoryEvents:
        return StoredEvents(database, clock=lambda: NOON)

    def test_a_refused_batch_leaves_its_key_unused(self, database: Database) -> None:
        events = StoredEvents(database)
        events.add([event(1)])
        once = Once("", "key", "fingerprint")
        with pytest.raises(ConflictError):
            events.add([event(1, "purchase")], once=once)
        assert events.add([event(2)], once=once) == Added(1, 0, ("e2",))

    def test_fifty_posts_with_one_key_have_one_effect(self, database: Database) -> None:
        events = StoredEvents(database)
        starting = threading.Barrier(10)

        def post(n: int) -> Added:
            if n < 10:
                starting.wait()
            return events.add([event(n)], once=Once("", "key", "same"))

        with ThreadPoolExecutor(10) as pool:
            answers = set(pool.map(post, range(50)))
        assert len(answers) == 1
        assert len(events.of("kim")) == 1

    def test_writers_with_the_same_events_count_each_once(self, database: Database) -> None:
        events = StoredEvents(database)
        batch = [event(n) for n in range(60)]
        with ThreadPoolExecutor(6) as pool:
            added = list(pool.map(events.add, [batch[n:] + batch[:n] for n in range(0, 60, 10)]))
        assert sum(each.stored for each in added) == 60
        assert sum(each.duplicates for each in added) == 300

    def test_writers_who_meet_head_on_do_not_lock_each_other_out(self, database: Database) -> None:
        events = StoredEvents(database)
        batch = [event(n) for n in range(2_000)]
        with ThreadPoolExecutor(4) as pool:
            added = list(pool.map(events.add, [batch, batch[::-1], batch, batch[::-1]]))
        assert sum(each.stored for each in added) == 2_000

    @pytest.mark.postgres
    def test_a_lost_connection_costs_no_request(self, postgres_url: str) -> None:
        database = Database.open(postgres_url)
        events = StoredEvents(database)
        events.add([event(1)])
        with psycopg.connect(postgres_url, autocommit=True) as other:
            ended = other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
        assert len(ended) == 1
        assert events.of("kim") == [event(1)]
        database.close()

    def test_a_full_disk_refuses_writes_and_goes_on_reading(self, tmp_path: Path) -> None:
        database = Database.open(f"sqlite:///{tmp_path / 'whybuy.db'}")
        events = StoredEvents(database)
        assert events.add([event(1)]).stored == 1
        with database.reading() as connection:  # one thread, one connection: the limit is the connection's
            connection.execute(text("PRAGMA max_page_count = 1"))  # raised by SQLite to what is in use
        with pytest.raises(StorageError) as caught:
            events.add([event(n, item_id="x" * 1_000) for n in range(2, 200)])
        assert caught.value.retryable
        assert events.of("kim") == [event(1)]
        with database.reading() as connection:
            connection.execute(text("PRAGMA max_page_count = 100000"))
        assert events.add([event(n, item_id="x" * 1_000) for n in range(2, 200)]).stored == 198
        database.close()

    def test_large_batches_are_whole(self, database: Database) -> None:
        events = StoredEvents(database)
        assert events.add([event(n) for n in range(1_201)]).stored == 1_201
        assert len(events.of("kim", limit=5_000)) == 1_201

    def test_popularity_counts_shoppers_not_events(self, database: Database) -> None:
        events = StoredEvents(database, clock=lambda: NOON, popularity_age_s=0)
        month = timedelta(days=30)
        loud = [replace(event(n, "view", "lamp-1"), at=NOON) for n in range(100)]
        bought = replace(event(200, "purchase", "boot-1", "lee"), at=NOON - month)
        also = replace(event(201, "view", "boot-1", "lee"), at=NOON)
        other = replace(event(202, "cart", "boot-1", "max"), at=NOON)
        old = replace(event(203, "purchase", "jacket-1", "max"), at=NOON - timedelta(days=181))
        refused = replace(event(204, "dislike", "jacket-2", "max"), at=NOON)
        bad = replace(event(205, "rating", "jacket-2", "max"), at=NOON, value=2.0)
        good = replace(event(206, "rating", "lamp-2", "max"), at=NOON, value=5.0)
        events.add([*loud, bought, also, other, old, refused, bad, good])
        # lee's purchase, halved by a month, says more than the view of today
        assert events.popularity() == {"lamp-1": 0.1, "boot-1": 1.0 * 0.5 + 0.4, "lamp-2": 0.6}

    def test_crowds_are_of_the_last_month(self, database: Database) -> None:
        events = StoredEvents(database, clock=lambda: NOON, popularity_age_s=0)
        shoppers = ("kim", "lee", "max")
        for item_id, ago in (("lamp-1", 30), ("boot-1", 31)):
            events.add([replace(event(ago, "cart", item_id, who), at=NOON - timedelta(days=ago)) for who in shoppers])
        assert events.crowds().told("lamp-1", None) == "carted"
        assert events.crowds().told("boot-1", None) is None

    def test_popularity_is_counted_anew_after_its_age(self, database: Database) -> None:
        now = [NOON]
        events = StoredEvents(database, clock=lambda: now[0], popularity_age_s=5)
        assert events.popularity() == {}
        events.add([replace(event(1, "cart"), at=NOON)])
        assert events.popularity() == {}
        now[0] += timedelta(seconds=6)
        assert events.popularity() == {"jacket-1": pytest.approx(0.4, rel=1e-4)}

    def test_a_failing_database_is_a_storage_error(self, database: Database) -> None:
        with database.writing() as connection:
            connection.execute(text("DROP TABLE events"))
        events = StoredEvents(database)
        for act in (lambda: events.of("kim"), lambda: events.add([event(1)]), events.popularity):
            with pytest.raises(StorageError) as caught:
                act()
            assert caught.value.retryable
            assert "kim" not in str(caught.value)


def test_acknowledged_events_survive_kill_9(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'whybuy.db'}"
    program = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from assistant.nouns import Event\n"
        "from assistant.storage.database import Database\n"
        "from assistant.storage.events import StoredEvents\n"
        "events = StoredEvents(Database.open(sys.argv[1]))\n"
        "for n in range(10**6):\n"
        "    events.add([Event(f'{sys.argv[2]}-{n}', 'kim', 'view', 'jacket-1', datetime.now(UTC))])\n"
        "    print(f'{sys.argv[2]}-{n}', flush=True)\n"
    )
    acknowledged: set[str] = set()
    for life in range(3):
        child = subprocess.Popen([sys.executable, "-c", program, url, str(life)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        acknowledged.update(child.stdout.readline().strip() for _ in range(40))
        child.kill()
        acknowledged.update(line.strip() for line in child.stdout if line.endswith("\n"))
        child.stdout.close()
        child.wait()
    database = Database.open(url)
    kept = {each.id for each in StoredEvents(database).of("kim", limit=10**6)}
    database.close()
    assert len(acknowledged) >= 120
    assert acknowledged <= kept


def test_reopening_finds_everything(database_url: str) -> None:
    first = Database.open(database_url)
    begun = StoredConversations(first).begin("kim")
    StoredConversations(first).append(begun.id, turn(1), "{}")
    first.close()
    second = Database.open(database_url)
    assert StoredConversations(second).load(begun.id, "kim").turns == (turn(1),)
    second.close()


def test_what_another_worker_stored_is_in_the_very_next_answer(database_url: str) -> None:
    one, other = Database.open(database_url), Database.open(database_url)
    told, asked = StoredEvents(one), StoredEvents(other)
    for n in range(5):
        assert len(asked.of("kim")) == n
        told.add([event(n)])
        assert asked.of("kim")[0] == event(n)
    told.forget("kim", "e4")
    assert asked.of("kim", limit=2) == [event(3), event(2)]
    one.close()
    other.close()


def test_a_new_file_that_another_worker_is_writing_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "whybuy.db"
    other = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # not logging ahead yet: who wants that now is refused at once
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    database = Database.open(f"sqlite:///{path}")
    database.ping()
    database.close()
    other.close()


def test_workers_that_open_one_database_together_all_succeed(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(Database.open, [database_url] * 4))
    for database in opened:
        with database.writing() as connection:
            assert connection.execute(select(schema_version.c.version)).scalars().all() == [SCHEMA_VERSION]
        database.close()


def test_a_database_of_the_first_schema_is_brought_along(database_url: str) -> None:
    database = Database.open(database_url)
    StoredEvents(database).add([Event(id, "kim", "view", "lamp-1", NOON) for id in ("b", "a", "c")])
    with database.writing() as connection:  # as it was
        for index in ("events_by_moment", "events_refusing", "events_taking_back"):
            connection.execute(text(f"DROP INDEX {index}"))
        connection.execute(text("ALTER TABLE events DROP COLUMN came"))
        connection.execute(text("CREATE INDEX events_by_shopper ON events (shopper_id, at_us)"))
        connection.execute(update(schema_version).values(version=1))
    database.close()
    for _ in range(2):
        again = Database.open(database_url)
        events = StoredEvents(again)
        events.add([Event("0", "kim", "dislike", "lamp-1", NOON)])
        assert [each.id for each in events.of("kim")] == ["0", "c", "b", "a"]
        assert events.refused("kim") == {"lamp-1"}
        with again.reading() as connection:
            assert connection.execute(select(schema_version.c.version)).scalars().all() == [2]
            found = {index["name"] for index in inspect(connection).get_indexes("events")}
        assert found == {"events_by_moment", "events_by_time", "events_refusing", "events_taking_back"}
        again.close()


def test_refusals_are_found_by_index_not_by_walking_all_events(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'whybuy.db'}")
    asked = REFUSED.params(shopper="kim")
    statement = asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}).string
    with database.reading() as connection:
        plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    database.close()
    assert any("USING INDEX events_refusing (shopper_id=?" in step for step in plan)
    assert any("USING INDEX events_taking_back (shopper_id=? AND item_id=?" in step for step in plan)


def test_another_schema_version_is_refused(database_url: str) -> None:
    database = Database.open(database_url)
    with database.writing() as connection:
        connection.execute(update(schema_version).values(version=999))
    database.close()
    with pytest.raises(SetupError, match=r"schema version \[999\], this whybuy needs 2") as caught:
        Database.open(database_url)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root:hunter2@localhost/db", "'mysql' are not supported"),
        ("nonsense hunter2", "cannot be read"),
        ("sqlite://", "needs a file"),
        ("sqlite:////proc/no/such/place.db", "cannot write"),
    ],
)
def test_a_wrong_url_is_a_setup_error_that_keeps_the_password(url: str, said: str) -> None:
    with pytest.raises(SetupError, match=said) as caught:
        Database.open(url)
    assert "hunter2" not in f"{caught.value}{caught.value.hint}"


def test_an_absent_server_is_a_storage_error() -> None:
    with pytest.raises(StorageError):
        Database.open("postgresql://kim:hunter2@127.0.0.1:1/none")


def test_sqlite_waits_for_the_disk_and_keeps_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "whybuy.db"
    database = Database.open(f"sqlite:///{path}")
    with database.reading() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}  # 2 is FULL
    assert path.stat().st_mode & 0o077 == 0


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_VALUES = (
    _TEXT
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
    | st.lists(_TEXT, max_size=3).map(tuple)
)
_CONSTRAINTS = st.builds(
    Constraint,
    id=_TEXT,
    kind=st.sampled_from(["hard", "soft"]),
    condition=st.builds(Condition, _TEXT, st.sampled_from(list(Op)), _VALUES),
    turn=st.integers(1, 50),
    quote=_TEXT,
    source=st.sampled_from(["reader", "model", "caller"]),
)
_TEXTS: Callable[[], st.SearchStrategy[tuple[str, ...]]] = lambda: st.lists(_TEXT, max_size=3).map(tuple)  # noqa: E731


@given(
    st.builds(
        Turn,
        number=st.integers(1, 10**6),
        message=_TEXT,
        said=_TEXT,
        request=st.builds(
            Request, st.sampled_from(["search", "more", "compare"]), _TEXT, _TEXTS(), subject=_TEXT, unread=_TEXTS()
        ),
        ledger=st.lists(_CONSTRAINTS, max_size=3).map(tuple),
        shown=_TEXTS(),
        focus=st.none() | _TEXT,
        at=st.datetimes(timezones=st.just(UTC)),
    )
)
def test_a_turn_survives_json(kept: Turn) -> None:
    again = turn_from_json(turn_to_json(kept))
    assert again == kept
    assert [type(entry.condition.value) for entry in again.ledger] == [
        type(entry.condition.value) for entry in kept.ledger
    ]


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_survives_microseconds(moment: datetime) -> None:
    assert from_us(to_us(moment)) == moment
