"""What a folder holds now: the version in use and every change acknowledged since, read together under the lock."""

import os
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from index import snapshot
from index.durable.changes import Change, applied
from index.durable.journal import Journal
from index.durable.memory import Memory
from index.durable.records import Entry, from_line
from index.encoders import Encoders
from index.errors import SnapshotError
from index.items import ItemId
from index.snapshot import Manifest

ITEMS = "items.jsonl"
_HINT = "go back with whybuy index rollback, or rebuild with whybuy index build"


@dataclass(slots=True)
class Held:
    """A version held against deletion until `release`, with its journal read to its present end."""

    path: Path
    manifest: Manifest
    journal: Journal
    changes: tuple[Change, ...]
    handle: int

    @property
    def version(self) -> str:
        return self.path.name

    def release(self) -> None:
        """Let go of the version, once: the descriptor's number may soon be another file's."""
        self.journal.close()
        handle, self.handle = self.handle, -1
        if handle >= 0:
            os.close(handle)

    def entries(self) -> dict[ItemId, Entry]:
        """The entries of the version itself, by id, without the changes.

        Raises:
            SnapshotError: they are not what the manifest says.
        """
        try:
            with (self.path / ITEMS).open("rb") as lines:
                return {entry.item.id: entry for entry in map(from_line, lines)}
        except (KeyError, TypeError, ValueError) as error:
            raise SnapshotError(f"snapshot {self.version} does not hold what its manifest says") from error

    def now(self) -> dict[ItemId, Entry]:
        """The entries after all changes."""
        return applied(self.entries(), self.changes)

    def remember(self, memory: Memory, encoders: Encoders) -> None:
        """Add to the memory what the version and its journal have embedded, where the encoders are the same."""
        texts = self.manifest.get("text_encoder") == encoders.text.name
        pictures = self.manifest.get("picture_encoder") == encoders.picture.name
        memory.learn_version(self.path, texts=texts, pictures=pictures)
        for change in self.changes:
            learn_change(memory, change, texts=texts, pictures=pictures)


def learn_change(memory: Memory, change: Change, *, texts: bool = True, pictures: bool = True) -> None:
    """Remember the vectors that an increment brought along."""
    if texts and change.texts is not None:
        memory.learn_vectors("text", change.texts.keys, change.texts.vectors)
    if pictures and change.pictures is not None:
        memory.learn_vectors("picture", change.pictures.keys, change.pictures.vectors)


def hold_current(folder: Path, version: str | None = None) -> Held:
    """The version in use (or another) with its journal.

    Raises:
        SnapshotError: there is none, or it or its journal is damaged.
    """
    path, manifest, handle = snapshot.pin(folder, version)
    try:
        journal = Journal(snapshot.journal_of(folder, path.name), path.name)
        with snapshot.only_writer(folder):  # nobody is in the middle of a record
            changes = tuple(read_changes(journal))
        return Held(path, manifest, journal, changes, handle)
    except BaseException:
        if handle >= 0:
            os.close(handle)
        raise


def read_changes(journal: Journal) -> Iterable[Change]:
    """The changes of a journal that were not read before.

    Raises:
        SnapshotError: a record is damaged.
    """
    for offset, payload in journal.read():
        yield _change(journal, offset, payload)


def _change(journal: Journal, offset: int, payload: bytes) -> Change:
    try:
        return Change.from_payload(payload)
    except (KeyError, TypeError, ValueError, struct.error) as error:
        raise SnapshotError(f"{journal.path.name} holds no change at byte {offset}", hint=_HINT) from error


def carry_over(folder: Path, base: str | None, end: int, completed: Callable[[Change, str], Change]) -> snapshot.Carry:
    """What brings acknowledged changes into a new version: those of `base` after byte `end`.

    Where another version came into use meanwhile, its changes are brought over, all of them: they are newer than
    the new version's beginning.

    Args:
        completed: a change of the version named, with all vectors that the new version needs for it.

    What is returned raises SnapshotError where those changes cannot be read, or the disk does not take them.
    """

    def carry(version: str, now: str | None) -> None:
        if now is None:
            return
        target = Journal(snapshot.journal_of(folder, version), version)
        target.path.unlink(missing_ok=True)
        source = Journal(snapshot.journal_of(folder, now), now)
        try:
            for offset, payload in source.read():
                if now != base or offset >= end:
                    target.append(completed(_change(source, offset, payload), now).payload())
        except SnapshotError as error:
            if now == base:
                raise
            raise SnapshotError(
                f"the changes of {now} cannot be brought over: {error}",
                hint=f"restore {source.path.name} from a backup, or remove it to give up the changes it holds",
            ) from error
        finally:
            target.close()

    return carry
