"""Files that are on the disk when we say so: whole writes, one fsync each, locks that die with their owner.

Nothing here retries. A failed fsync may have thrown the written pages away, and a second one on the same descriptor
would succeed without them: whoever sees one fail gives the file up.
"""

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def write_file(path: Path, chunks: Iterable[bytes | memoryview]) -> None:
    """Write a new file and wait until the disk has it.

    Raises:
        OSError: the disk did not take it, or the file exists.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        for chunk in chunks:
            write_all(handle, chunk)
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes | memoryview) -> None:
    """Write all of the data, however many calls it takes.

    Raises:
        OSError: the disk did not take it; some of it may be written.
    """
    rest = memoryview(data).cast("B")
    while len(rest):
        rest = rest[os.write(handle, rest) :]


def sync(path: Path) -> None:
    """Wait until the disk has a file, or a folder's entries.

    Raises:
        OSError: it does not.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lock(path: Path) -> int:
    """A descriptor that holds the lock of that name alone until it is closed, even by a kill; waits for its turn.

    Raises:
        OSError: the file cannot be made.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES):
            raise
        handle = os.open(path, os.O_RDONLY)  # a reader of a folder it may not write to
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except BaseException:
        os.close(handle)
        raise
    return handle


def hold(folder: Path) -> int | None:
    """A descriptor that marks a folder as being read until it is closed; None when the folder is gone."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(handle, fcntl.LOCK_SH)
    try:
        same = os.path.samestat(os.fstat(handle), folder.stat())  # it may have gone while we waited
    except FileNotFoundError:
        same = False
    if not same:
        os.close(handle)
        return None
    return handle


def take_away(folder: Path, aside: Path) -> bool:
    """Rename a folder to `aside` unless somebody holds it; whether it was done.

    Raises:
        OSError: the disk did not take it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.rename(aside)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
