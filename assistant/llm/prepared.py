"""Folders made once from something slow to read, kept in the cache: whole or not there, checked at every opening."""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from index.errors import WeightsError

_MANIFEST = "manifest.json"


def prepared(ready: Path, make: Callable[[Path], None], facts: Mapping[str, str], *, size: str = "0.6 GB") -> Path:
    """`ready`, a folder that `make` filled: now, or at an earlier call.

    It is written aside and renamed when complete: several processes may make it at once, and one that is killed leaves
    nothing that looks ready. A folder that was damaged since is made anew.

    Args:
        make: fills the empty folder it is given.
        facts: what the folder was made from, for its manifest.
        size: what to tell the user to free where the disk is full.

    Raises:
        WeightsError: the cache cannot be written.
    """
    if is_intact(ready):
        return ready
    try:
        ready.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{ready.name}-", dir=ready.parent))
        try:
            make(aside)
            _write_manifest(aside, facts)
            return _publish(aside, ready)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise WeightsError(
            f"cannot write converted weights to {ready.parent}: {error.strerror or error}",
            hint=f"free {size} there, or set WHYBUY_CACHE_DIR to a folder that can be written",
        ) from error


def is_intact(folder: Path) -> bool:
    """Whether `folder` has a manifest and every file it names, unchanged."""
    try:
        files: dict[str, str] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["files"]
        return bool(files) and all(_sha256_now(folder / name) == sha256 for name, sha256 in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _sha256_now(path: Path) -> str:
    # Not the remembered sum of index.weights: this is the question whether the file has changed.
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(folder: Path, facts: Mapping[str, str]) -> None:
    files = {path.name: _sha256_now(path) for path in sorted(folder.iterdir())}
    (folder / _MANIFEST).write_text(json.dumps({**facts, "files": files}, indent=1), encoding="utf-8")
    for path in (*folder.iterdir(), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _publish(aside: Path, ready: Path) -> Path:
    """Rename `aside` to `ready`; whoever comes second keeps the first one's, and a damaged folder is replaced."""
    for _ in range(3):
        try:
            aside.rename(ready)
            return ready
        except OSError:
            if is_intact(ready):
                return ready
            trash = Path(tempfile.mkdtemp(prefix=".damaged-", dir=ready.parent))
            with contextlib.suppress(OSError):
                ready.rename(trash / ready.name)
            shutil.rmtree(trash, ignore_errors=True)
    raise WeightsError(f"cannot put converted weights into {ready}", hint="remove that folder and try again")
