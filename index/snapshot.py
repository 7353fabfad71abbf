"""Versioned folders that are whole or not there: written aside, hashed, switched to at once, checked before use.

folder/
  CURRENT                  the name of the version in use
  000007-3f2a...c1/        one version; manifest.json is written last and lists every file with size and SHA-256
"""

import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.errors import SnapshotError

log = logging.getLogger(__name__)

FORMAT = 2
"""Grows when what a version holds changes its meaning; others are refused, not guessed at."""

KEPT = 3
_POINTER = "CURRENT"
_MANIFEST = "manifest.json"
_VERSION = re.compile(r"(\d{6,})-[0-9a-f]{12}")
_REBUILD = "rebuild it with whybuy index build, or go back with whybuy index rollback"

Manifest = dict[str, Any]  # JSON values
Writer = Callable[[Path], None]


def current_version(folder: Path) -> str | None:
    """The name of the version in use, or None if there is none yet.

    Raises:
        SnapshotError: the pointer is damaged.
    """
    try:
        name = (folder / _POINTER).read_bytes().decode("ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError(f"{folder / _POINTER} cannot be read", hint=_REBUILD) from error
    if not _VERSION.fullmatch(name):
        raise SnapshotError(f"{folder / _POINTER} names no version", hint=_REBUILD)
    return name


def versions(folder: Path) -> list[str]:
    """All whole versions, oldest first."""
    if not folder.is_dir():
        return []
    names = [path.name for path in folder.iterdir() if _VERSION.fullmatch(path.name) and (path / _MANIFEST).is_file()]
    return sorted(names, key=_number)


def write_version(folder: Path, content: str, files: Mapping[str, Writer], facts: Manifest) -> str:
    """Write a version, switch to it, and drop versions beyond the last three. Whatever fails, the old one stays.

    Args:
        content: SHA-256 of what the version is made from.
        files: name -> a function that writes the file at the path it is given.
        facts: what the reader must compare, kept in the manifest.

    Raises:
        SnapshotError: the disk did not take it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        number = max((_number(name) for name in versions(folder)), default=0) + 1
        version = f"{number:06d}-{content[:12]}"
        aside = folder / f".writing-{os.getpid()}-{version}"
        aside.mkdir()
        try:
            for name, write in files.items():
                write(aside / name)
                _sync(aside / name)
            _write_manifest(aside, version, files, facts | {"content": content})
            _sync(aside)
            aside.rename(folder / version)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        _sync(folder)
        switch(folder, version)
    except OSError as error:
        raise SnapshotError(
            f"cannot write a snapshot to {folder}: {error.strerror}", hint="check space and rights; the old one stays"
        ) from error
    _drop_old(folder, version)
    return version


def switch(folder: Path, version: str) -> None:
    """Make a version the one in use, atomically.

    Raises:
        OSError: the disk did not take it; the version in use stays.
    """
    aside = folder / f".{_POINTER}-{os.getpid()}"
    aside.write_text(version + "\n", encoding="ascii")
    _sync(aside)
    aside.replace(folder / _POINTER)
    _sync(folder)
    log.info("snapshot %s is in use", version)


def rollback(folder: Path) -> str:
    """Go back to the version before the one in use, once it has been checked; its name.

    Raises:
        SnapshotError: there is none before, or it is damaged.
    """
    now = current_version(folder)
    older = [name for name in versions(folder) if now is None or _number(name) < _number(now)]
    if not older:
        raise SnapshotError("there is no older version to go back to", hint="rebuild with whybuy index build")
    verified(folder, older[-1])
    switch(folder, older[-1])
    return older[-1]


def verified(folder: Path, version: str | None = None) -> tuple[Path, Manifest]:
    """The folder and the manifest of a version (by default the one in use), every byte of it checked.

    Raises:
        SnapshotError: it is missing, of another format, or differs from its manifest; says which file and how.
    """
    name = version or current_version(folder)
    if name is None:
        raise SnapshotError(f"{folder} holds no snapshot", hint="build one with whybuy index build")
    path = folder / name
    manifest = _manifest(path)
    if manifest.get("format") != FORMAT or manifest.get("version") != name:
        raise SnapshotError(
            f"snapshot {name} has format {manifest.get('format')} and version {manifest.get('version')}, "
            f"expected {FORMAT} and {name}",
            hint=_REBUILD,
        )
    for file, expected in manifest["files"].items():
        _check_file(path / file, expected)
    return path, manifest


def expect(manifest: Manifest, **expected: object) -> None:
    """Compare facts of the manifest.

    Raises:
        SnapshotError: one differs; says which, what it is and what was expected.
    """
    for key, value in expected.items():
        if manifest.get(key) != value:
            raise SnapshotError(
                f"snapshot {manifest.get('version')} has {key.replace('_', ' ')} {manifest.get(key)!r}, "
                f"expected {value!r}",
                hint=_REBUILD,
            )


def _number(version: str) -> int:
    return int(version.partition("-")[0])


def _write_manifest(aside: Path, version: str, files: Mapping[str, Writer], facts: Manifest) -> None:
    listed = {name: {"sha256": _sha256(aside / name), "size": (aside / name).stat().st_size} for name in files}
    manifest = {"format": FORMAT, "version": version, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    manifest |= facts | {"files": listed}
    manifest["sha256"] = _self_hash(manifest)
    (aside / _MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    _sync(aside / _MANIFEST)


def _manifest(path: Path) -> Manifest:
    try:
        manifest = json.loads((path / _MANIFEST).read_bytes().decode("utf-8"))
        intact = manifest["sha256"] == _self_hash(manifest)
    except FileNotFoundError:
        raise SnapshotError(f"snapshot {path.name} is missing or has no manifest", hint=_REBUILD) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SnapshotError(f"the manifest of snapshot {path.name} is damaged", hint=_REBUILD) from error
    if not intact:
        raise SnapshotError(f"the manifest of snapshot {path.name} is damaged: its hash differs", hint=_REBUILD)
    return manifest


def _self_hash(manifest: Manifest) -> str:
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _check_file(path: Path, expected: Mapping[str, Any]) -> None:
    try:
        size = path.stat().st_size
        found = _sha256(path) if size == expected["size"] else ""
    except OSError as error:
        raise SnapshotError(f"{path.name} of snapshot {path.parent.name} cannot be read", hint=_REBUILD) from error
    if size != expected["size"]:
        raise SnapshotError(
            f"{path.name} of snapshot {path.parent.name} has {size} bytes, expected {expected['size']}", hint=_REBUILD
        )
    if found != expected["sha256"]:
        raise SnapshotError(
            f"{path.name} of snapshot {path.parent.name} has SHA-256 {found[:12]}..., "
            f"expected {expected['sha256'][:12]}...",
            hint=_REBUILD,
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Wait until the disk has a file, or a folder's entries."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove what builds that were killed left behind; a build that still runs is left alone."""
    for path in folder.glob(".*-*"):
        found = re.match(rf"\.(?:writing|{_POINTER})-(\d+)", path.name)
        if not found or (int(found[1]) != os.getpid() and _is_running(int(found[1]))):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _drop_old(folder: Path, current: str) -> None:
    # A version that will not go away is litter, not a reason to fail: the new one is in use already.
    with suppress(OSError):
        for name in versions(folder)[:-KEPT]:
            if name != current:
                shutil.rmtree(folder / name, ignore_errors=True)
