"""Rows as a file holds them, before anyone knows what they mean, and the gathering of those that make one item."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from index.feeds.fields import BadFieldError, Fault

_MOST_ROWS = 5_000
_REMOTE = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//|data:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Raw:
    """One row: its first line, counted from 1, and its cells by the name of their column. Empty cells are not in it."""

    line: int
    cells: Mapping[str, Any]

    def text(self, *names: str) -> str:
        """The first of these cells that is filled, as trimmed text; "" if none is.

        Raises:
            BadRowError: what stands there is neither text nor a number.
        """
        for name in names:
            value = self.cells.get(name)
            value = value[0] if isinstance(value, list) and value else value
            if value is None or value == []:
                continue
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise BadRowError(self.line, name, value, "text")
            if text := str(value).strip():
                return text
        return ""

    def texts(self, name: str) -> list[Any]:
        """Everything in a cell that may be given more than once."""
        value = self.cells.get(name)
        return [] if value is None else value if isinstance(value, list) else [value]


class BadRowError(BadFieldError):
    """A field of a row that is known to stand on `line`, which need not be the first of its item."""

    def __init__(self, line: int, field: str, value: object, expected: str) -> None:
        super().__init__(field, value, expected)
        self.line = line

    def fault(self, line: int) -> Fault:  # noqa: ARG002
        return super().fault(self.line)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What a form of feed makes of the rows of one item.

    Attributes:
        row: the item in our own shape, for `rows.RowReader`.
        line: of its first row.
        faults: what was wrong with single rows of it.
        names: our name of a field -> the file's, for faults found later.
        remote: the first picture that lies elsewhere, as (line, column, address); such are never fetched.
    """

    row: Mapping[str, Any]
    line: int
    faults: tuple[Fault, ...] = ()
    names: Mapping[str, str] | None = None
    remote: tuple[int, str, str] | None = None


def is_remote(address: object) -> bool:
    """Whether a picture lies on some server, or in the feed itself, and not in a file of ours."""
    return isinstance(address, str) and _REMOTE.match(address.strip()) is not None


def gathered(rows: Callable[[], Iterator[Raw | Fault]], key: Callable[[Raw], str]) -> Iterator[list[Raw] | Fault]:
    """The rows of each item together, in the order of their first; those without a key stand alone.

    Rows are read twice. Items whose rows stand apart come last; they wait in a file of SQLite's own, not in memory.
    """
    scattered = _scattered(rows, key)
    with _Waiting(key) as waiting:
        pending: list[Raw] = []
        current = ""
        for row in rows():
            if isinstance(row, Fault):
                yield row
                continue
            held = key(row)
            if pending and (not held or held != current):
                yield pending
                pending = []
            if held and _digest(held) in scattered:
                waiting.add(held, row)
                continue
            if len(pending) >= _MOST_ROWS:
                yield _too_many(row.line, held)
                continue
            pending.append(row)
            current = held
        if pending:
            yield pending
        yield from waiting.groups()


def _too_many(line: int, key: str) -> Fault:
    return BadFieldError("", key, f"at most {_MOST_ROWS} rows of one item").fault(line)


def _digest(key: str) -> bytes:
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _scattered(rows: Callable[[], Iterator[Raw | Fault]], key: Callable[[Raw], str]) -> set[bytes]:
    """The keys that come back after another one."""
    done: set[bytes] = set()
    again: set[bytes] = set()
    current = ""
    for row in rows():
        if isinstance(row, Fault):
            continue
        held = key(row)
        if held != current:
            if current:
                done.add(_digest(current))
            if held and (digest := _digest(held)) in done:
                again.add(digest)
            current = held
    return again


class _Waiting:
    """Rows set aside in a private temporary database, which spills to disk by itself and goes when it is closed."""

    def __init__(self, key: Callable[[Raw], str]) -> None:
        self._key = key

    def __enter__(self) -> "_Waiting":
        self._db = sqlite3.connect("")
        self._db.execute("CREATE TABLE waiting (key BLOB, line INTEGER, cells TEXT)")
        return self

    def __exit__(self, *args: object) -> None:
        self._db.close()

    def add(self, key: str, row: Raw) -> None:
        cells = json.dumps(dict(row.cells), default=str)
        self._db.execute("INSERT INTO waiting VALUES (?, ?, ?)", (_digest(key), row.line, cells))

    def groups(self) -> Iterator[list[Raw] | Fault]:
        self._db.execute("CREATE INDEX by_key ON waiting (key, line)")
        firsts = self._db.execute("SELECT key, MIN(line) AS first FROM waiting GROUP BY key ORDER BY first")
        for key, first in firsts:
            found = self._db.execute(
                "SELECT line, cells FROM waiting WHERE key = ? ORDER BY line LIMIT ?", (key, _MOST_ROWS + 1)
            )
            group = [Raw(line, json.loads(cells)) for line, cells in found]
            if len(group) > _MOST_ROWS:
                yield _too_many(first, self._key(group[0]))
            yield group[:_MOST_ROWS]
