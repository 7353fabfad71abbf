"""Vectors by the hash of what they were made from, so that nothing is embedded twice.

Three places remember: the version in use, its journal, and the work log of a build that is under way or was cut short.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.durable.arrays import Pieces, mapped
from index.durable.journal import Journal
from index.encoders import Encoders, Vectors
from index.errors import SnapshotError

Key = bytes
"""SHA-256 of a passage's UTF-8, or of a picture file."""

_ROWS_AT_ONCE = 4096


def passage_key(passage: str) -> Key:
    """The key of a passage."""
    return hashlib.sha256(passage.encode()).digest()


class Remembered:
    """Vectors of one kind by key. Where they lie is known; they are read when asked for."""

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self._where: dict[Key, tuple[Callable[[int], Vectors], int]] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._where

    def __len__(self) -> int:
        return len(self._where)

    def learn(self, keys: Iterable[Key], row: Callable[[int], Vectors]) -> None:
        """Take note that `row(n)` gives the vector_D of the nth key."""
        for number, key in enumerate(keys):
            self._where.setdefault(key, (row, number))

    def take(self, keys: Sequence[Key]) -> Vectors:
        """vectors_ND of the keys, in their order.

        Raises:
            KeyError: one is not remembered.
        """
        found = np.zeros((len(keys), self.dim), dtype=np.float32)
        for at, key in enumerate(keys):
            row, number = self._where[key]
            found[at] = row(number)
        return found

    def pieces(self, keys: Sequence[Key]) -> Pieces:
        """The same as an array in pieces, for a file."""
        starts = range(0, len(keys), _ROWS_AT_ONCE)
        rows = (self.take(keys[start : start + _ROWS_AT_ONCE]) for start in starts)
        return Pieces((len(keys), self.dim), "float32", rows)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of passages and of pictures."""

    texts: Remembered
    pictures: Remembered

    @classmethod
    def empty(cls, encoders: Encoders) -> "Memory":
        """Nothing yet."""
        return cls(Remembered(encoders.text.dim), Remembered(encoders.picture.dim))

    def learn_version(self, path: Path, *, texts: bool = True, pictures: bool = True) -> None:
        """Remember what a verified version holds, of the kinds whose encoder is still the same."""
        arrays = mapped(path / "features.safetensors")
        for name, wanted, held in (("text", texts, self.texts), ("picture", pictures, self.pictures)):
            if wanted and len(arrays[name]):
                held.learn(map(bytes, arrays[f"{name}_keys"]), arrays[name].__getitem__)

    def learn_vectors(self, kind: str, keys: Sequence[Key], vectors: Vectors) -> None:
        """Remember vectors that are in memory; `kind` is `text` or `picture`."""
        self.kind(kind).learn(keys, vectors.__getitem__)

    def kind(self, kind: str) -> Remembered:
        """The vectors of `text` or of `picture`."""
        return self.texts if kind == "text" else self.pictures


class WorkLog:
    """The vectors a build has made so far, on the disk batch by batch. A build that was killed finds them again.

    The file is named for the encoder: another encoder's vectors are never mistaken for one's own. One build at a time
    has it: callers hold the folder's lock for builders.
    """

    _COUNT = struct.Struct("<I")

    def __init__(self, folder: Path, kind: str, encoder: str, memory: Remembered) -> None:
        """Open the log in `folder` and remember what is in it; a damaged one is begun anew.

        Raises:
            SnapshotError: the disk does not take the folder.
        """
        self._memory = memory
        name = f"{kind}-{hashlib.sha256(encoder.encode()).hexdigest()[:16]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SnapshotError(f"cannot write to {folder}: {error.strerror}", hint="check space and rights") from error
        self._path = folder / f"{name}.log"
        self._journal = Journal(self._path, f"{name} {memory.dim}")
        try:
            for offset, payload in self._journal.read():
                self._learn(offset, self._keys(payload))
        except SnapshotError:
            self._path.unlink(missing_ok=True)
            self._journal = Journal(self._path, f"{name} {memory.dim}")

    def add(self, keys: Sequence[Key], vectors_ND: Vectors) -> None:
        """Keep vectors; when this returns, they need never be made again.

        Raises:
            SnapshotError: the disk did not take them.
        """
        data = np.ascontiguousarray(vectors_ND, dtype=np.float32).tobytes()
        offset = self._journal.append(self._COUNT.pack(len(keys)) + b"".join(keys) + data)
        self._learn(offset, list(keys))

    def close(self) -> None:
        """Give the file back; what is in it stays, and can no longer be taken."""
        self._journal.close()

    def remove(self) -> None:
        """Forget the log: a version holds its vectors now."""
        self.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _learn(self, offset: int, keys: list[Key]) -> None:
        width = 4 * self._memory.dim
        start = offset + self._COUNT.size + 32 * len(keys)

        def row(number: int) -> Vectors:
            return np.frombuffer(self._journal.payload(start + number * width, width), dtype=np.float32)

        self._memory.learn(keys, row)

    def _keys(self, payload: bytes) -> list[Key]:
        (count,) = self._COUNT.unpack_from(payload)
        data = payload[self._COUNT.size : self._COUNT.size + 32 * count]
        return [data[at : at + 32] for at in range(0, len(data), 32)]


def batches(keys: Sequence[Key], size: int) -> Iterator[Sequence[Key]]:
    """The keys, `size` at a time."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
