"""A database ready to use: opened, its schema checked, reads and writes as transactions that speak our errors."""

import logging
import sqlite3
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Select,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from assistant.errors import StorageError
from assistant.storage.migration import migrate_from_1
from assistant.storage.tables import SCHEMA_VERSION, metadata, schema_version
from index.errors import SetupError

log = logging.getLogger(__name__)

_BUSY_MS = 5_000
"""How long a statement waits for a lock, and on PostgreSQL how long it may run at all."""

_AGAIN_S = 0.01

_SCHEMA_LOCK = 0x77686279
"""Any constant: workers that start together create the tables one after another."""


class Database:
    """One database and its pool of connections. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._reader = engine
        self._writer = engine.execution_options(whybuy_writes=True)
        self._failures = (SQLAlchemyError, engine.dialect.loaded_dbapi.Error)

    @classmethod
    def open(cls, url: str) -> "Database":
        """The database at a SQLAlchemy URL, `sqlite:///FILE` or `postgresql://...`; tables are made where missing.

        Raises:
            SetupError: the URL is not one of the two kinds, or the database was made by another version of whybuy.
            StorageError: the database cannot be reached.
        """
        parsed = _parse(url)
        engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgres(parsed)
        database = cls(engine)
        try:
            database._prepare()
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A transaction that only reads.

        Raises:
            StorageError: the database failed.
        """
        with _translated(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """A transaction that is committed, safely on disk, when the block ends without an error, else undone.

        Raises:
            StorageError: the database failed; nothing of the block is kept.
        """
        with _translated(), self._writer.begin() as connection:
            yield connection

    def prepared(self, query: Select[*tuple[Any, ...]]) -> Callable[[Mapping[str, object]], list[tuple[Any, ...]]]:
        """What answers one query, again and again: called with its parameters by name, it returns the rows found.

        As the driver gives them, sent without a transaction: a single statement sees a single moment anyway. That
        costs a third of what the same takes inside `reading`.

        Raises (when called):
            StorageError: the database failed.
        """
        compiled = query.compile(dialect=self._reader.dialect)
        statement, order, settled = str(compiled), compiled.positiontup, compiled.params

        def rows(parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:  # Any: what the columns hold
            told = {**settled, **parameters}
            with _translated(self._failures), closing(self._reader.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute(statement, told if order is None else [told[name] for name in order])
                return list(cursor.fetchall())

        return rows

    def ping(self) -> None:
        """Return once a real query has passed.

        Raises:
            StorageError: it has not.
        """
        with self.reading() as connection:
            connection.execute(select(schema_version.c.version)).one()

    def empty_log(self) -> None:
        """Have what is committed leave SQLite's write-ahead log, as far as no reader holds it; nothing on PostgreSQL.

        Raises:
            StorageError: the database failed.
        """
        if self._reader.dialect.name == "sqlite":
            with _translated(self._failures), closing(self._reader.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()

    def _prepare(self) -> None:
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
            if not inspect(connection).has_table(schema_version.name):
                metadata.create_all(connection)
                connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
            found = list(connection.execute(select(schema_version.c.version)).scalars())
            if found == [1]:
                migrate_from_1(connection)
                found = [SCHEMA_VERSION]
            if found != [SCHEMA_VERSION]:
                raise SetupError(
                    f"the database has schema version {found}, this whybuy needs {SCHEMA_VERSION}",
                    hint="use another database, or the version of whybuy that made this one",
                )


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> set[tuple[object, ...]]:
    """Insert those rows whose primary key is not taken yet, and return their primary keys.

    Waits for other transactions that are inserting the same keys. A few thousand rows at most.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(list(rows)).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return {tuple(row) for row in connection.execute(statement)}


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        # The URL may hold a password: it is not repeated.
        raise SetupError("the database URL cannot be read", hint="sqlite:///FILE or postgresql://...") from error
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        return parsed
    raise SetupError(
        f"databases of the kind {parsed.drivername!r} are not supported", hint="sqlite:///FILE or postgresql://..."
    )


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise SetupError("SQLite needs a file: one in memory is another one in each thread", hint="sqlite:///FILE")
    try:
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # shoppers' histories are nobody else's on this machine
    except OSError as error:
        raise SetupError(f"cannot write {url.database}: {error.strerror}", hint="choose another data_dir") from error
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000}, pool_timeout=_BUSY_MS / 1000)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # Any: sqlite3.Connection behind SQLAlchemy's protocol
        # Transactions are begun below: the driver would begin them late and as readers, and a reader that turns
        # writer under WAL is refused at once instead of waiting its turn.
        connection.isolation_level = None
        _keep_a_log(connection)
        for pragma in (
            "synchronous=FULL",  # an acknowledged event survives a power cut
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("whybuy_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    del _configure, _begin  # kept by SQLAlchemy
    return engine


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on. Of workers that do so to a new file together SQLite lets no one wait."""
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(_AGAIN_S)


def _postgres(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            pool_pre_ping=True,  # a server that was restarted costs one reconnect, not one failed request
            pool_timeout=_BUSY_MS / 1000,
            connect_args={
                "connect_timeout": 5,
                "options": f"-c statement_timeout={_BUSY_MS} -c lock_timeout={_BUSY_MS}",
            },
        )
    except ModuleNotFoundError as error:
        raise SetupError("PostgreSQL needs psycopg", hint="pip install 'whybuy[postgres]'") from error


@contextmanager
def _translated(failures: tuple[type[Exception], ...] = (SQLAlchemyError,)) -> Generator[None]:
    try:
        yield
    except failures as error:
        # Neither the statement nor its values: they hold what shoppers said.
        kind = type(getattr(error, "orig", None) or error).__name__
        log.warning("database failed: %s", kind)
        raise StorageError(f"the database failed ({kind})", hint="try again; see the server's log") from error
