"""What each id of a file stood for first: however long the file is, kept on the disk and not in memory."""

import sqlite3
from types import TracebackType
from typing import Self

from assistant.nouns import Event


class FirstSaid:
    """Remembers events by shopper and id while a file is read; a context, at whose end all is forgotten."""

    def __init__(self) -> None:
        self._said = sqlite3.connect("")  # SQLite's name for a file of its own that is gone when it is closed
        self._said.execute("CREATE TABLE said (shopper TEXT, id TEXT, what TEXT, PRIMARY KEY (shopper, id))")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._said.close()

    def agrees(self, event: Event) -> bool:
        """Whether the event's id stands for this event: it is heard of first now, or said the same before."""
        what = repr((event.kind, event.item_id, event.at, event.value))
        row = event.shopper_id, event.id, what
        if self._said.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", row).rowcount:
            return True
        before = self._said.execute("SELECT what FROM said WHERE shopper = ? AND id = ?", row[:2]).fetchone()
        return before[0] == what
