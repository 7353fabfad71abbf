"""An append-only file of records that are either acknowledged or not there.

A record is acknowledged once `append` has returned; from then on it survives a kill and a loss of power. It is framed
by its length, a checksum of the length, and a hash that continues the hash of the record before, so that a damaged,
lost or moved record is found. A tail that a kill cut short was never acknowledged and is cut off.
"""

import hashlib
import os
import struct
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.durable.files import sync, write_all
from index.errors import SnapshotError

_MAGIC = b"whybuy journal 1\n"
_FRAME = struct.Struct("<QI16s")  # length, CRC-32 of the length, hash of the chain up to and with this record
_HINT = "go back with whybuy index rollback, or rebuild with whybuy index build"


class Journal:
    """Records in the order they were appended. One writer at a time: callers hold the folder's lock."""

    def __init__(self, path: Path, name: str) -> None:
        """Open the journal at `path`; it is made at the first append. `name` says what its records belong to."""
        self.path = path
        self._seed = hashlib.sha256(name.encode()).digest()
        self._chain = self._seed
        self._end = 0  # how far records are acknowledged; 0 when the file is not there yet
        self._handle: int | None = None

    def read(self) -> Iterator[tuple[int, bytes]]:
        """All acknowledged records not read or appended before, as (offset of the payload, payload).

        Raises:
            SnapshotError: a record is damaged, or the journal belongs to something else.
        """
        try:
            with self.path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                self._read_head(file.read(len(_MAGIC) + 32))
                file.seek(self._end)
                while self._end and (frame := self._framed(file.read(_FRAME.size), size)):
                    length, proof = frame
                    payload = file.read(length)
                    if (chain := self._next(payload))[:16] != proof:
                        raise self._damaged("a record does not match its hash")
                    offset = self._end + _FRAME.size
                    self._chain, self._end = chain, offset + length
                    yield offset, payload
        except FileNotFoundError:
            return
        except OSError as error:
            raise SnapshotError(f"{self.path.name} cannot be read: {error.strerror}", hint=_HINT) from error

    @contextmanager
    def whole(self) -> Generator[None]:
        """What is read inside counts as read only if nothing fails there; else it is read again next time."""
        before = self._chain, self._end
        try:
            yield
        except BaseException:
            self._chain, self._end = before
            raise

    def append(self, payload: bytes) -> int:
        """Keep a record; its payload's offset in the file. When this returns, the disk has it.

        Raises:
            ValueError: another writer has appended what was not read here.
            SnapshotError: the disk did not take it. It is not there then, and the next append starts on a new
                descriptor: an fsync that failed is never asked again. Or the file has lost acknowledged records.
        """
        chain = self._next(payload)
        length = struct.pack("<Q", len(payload))
        frame = _FRAME.pack(len(payload), zlib.crc32(length), chain[:16])
        try:
            handle = self._opened()
            self._to_the_end(handle)
            write_all(handle, frame + payload)
            os.fsync(handle)
        except OSError as error:
            self.close()
            with suppress(OSError):
                os.ftruncate(self._opened(), self._end)
            raise SnapshotError(
                f"cannot write to {self.path.name}: {error.strerror}", hint="check space and rights; nothing changed"
            ) from error
        offset = self._end + _FRAME.size
        self._chain, self._end = chain, offset + len(payload)
        return offset

    @property
    def end(self) -> int:
        """How many bytes of the file are acknowledged."""
        return self._end

    def payload(self, offset: int, length: int) -> bytes:
        """Bytes of an acknowledged record, straight from the file."""
        handle = self._opened()
        return os.pread(handle, length, offset)

    def close(self) -> None:
        """Give the descriptor back; a later call opens the file again."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            os.close(handle)

    def _next(self, payload: bytes) -> bytes:
        return hashlib.sha256(self._chain + payload).digest()

    def _opened(self) -> int:
        """A descriptor at the end of what is acknowledged; whatever stands behind it is cut off.

        Raises:
            OSError: the disk does not let us.
        """
        if self._handle is not None:
            return self._handle
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not self._end:
                os.ftruncate(handle, 0)
                write_all(handle, _MAGIC + self._seed)
                os.fsync(handle)
                sync(self.path.parent)
                self._end = len(_MAGIC) + len(self._seed)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return handle

    def _to_the_end(self, handle: int) -> None:
        """Stand where the next record goes; a tail that another writer left when it was killed is cut off."""
        size = os.fstat(handle).st_size
        if not self._is_in_place(handle):
            raise self._damaged("the file was removed or replaced while it was in use")
        if size < self._end:  # filled up with zeros, it would end there for every reader to come
            raise self._damaged("acknowledged records are missing")
        if size > self._end:
            with self.whole():
                if any(True for _ in self.read()):
                    raise ValueError(f"{self.path.name} has records of another writer that were not read")
            os.ftruncate(handle, self._end)
        os.lseek(handle, self._end, os.SEEK_SET)

    def _is_in_place(self, handle: int) -> bool:
        """Whether what is open is what others find under that name: else it would be acknowledged and lost."""
        try:
            return os.path.samestat(os.fstat(handle), self.path.stat())
        except FileNotFoundError:
            return False

    def _read_head(self, head: bytes) -> None:
        expected = _MAGIC + self._seed
        if len(head) < len(expected) and expected.startswith(head):
            return  # killed while it was made: nothing was acknowledged
        if head != expected:
            raise self._damaged("it belongs to something else, or its beginning is damaged")
        self._end = self._end or len(expected)

    def _framed(self, frame: bytes, size: int) -> tuple[int, bytes] | None:
        """Length and hash of the next record; None at the end, or at a tail that was cut short."""
        if len(frame) < _FRAME.size:
            return None
        length, check, proof = _FRAME.unpack(frame)
        if not any(frame):
            return None  # space the file system gave out before a loss of power
        if zlib.crc32(frame[:8]) != check:
            raise self._damaged("a record's length is damaged")
        return (length, proof) if self._end + _FRAME.size + length <= size else None

    def _damaged(self, how: str) -> SnapshotError:
        return SnapshotError(f"{self.path.name} is damaged at byte {self._end}: {how}", hint=_HINT)
