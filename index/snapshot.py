"""Versioned folders that are whole or not there: written aside, hashed, switched to at once, checked before use.

folder/
  CURRENT                  the name of the version in use, with a checksum
  000007-3f2a...c1/        one version; manifest.json is written last and lists every file with size and SHA-256
  000007-3f2a...c1.journal what was changed since, acknowledged; see `journal`
  .lock                    held by whoever gives out a number, switches, or appends to a journal
  .building                held by whoever makes a version, from reading the one before to the switch
  .work/                   what a build that was cut short has done already
"""

import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.durable.files import hold, lock, sha256_of, sync, take_away, write_file
from index.durable.journal import Journal
from index.errors import SnapshotError

log = logging.getLogger(__name__)

FORMAT = 3
"""Grows when what a version holds changes its meaning; others are refused, not guessed at."""

KEPT = 3
WORK = ".work"
_POINTER = "CURRENT"
_LOCK, _BUILDER_LOCK = ".lock", ".building"
_MANIFEST = "manifest.json"
_VERSION = re.compile(r"(\d{6,})-[0-9a-f]{12}")
_REBUILD = "rebuild it with whybuy index build, or go back with whybuy index rollback"

Manifest = dict[str, Any]  # JSON values
Writer = Callable[[Path], None]
Carry = Callable[[str, str | None], None]
"""Called with the new version and the one still in use, under the lock, just before the switch."""


def current_version(folder: Path) -> str | None:
    """The name of the version in use, or None if there is none yet.

    Raises:
        SnapshotError: the pointer is damaged.
    """
    try:
        text = (folder / _POINTER).read_bytes().decode("ascii")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError(f"{folder / _POINTER} cannot be read", hint=_REBUILD) from error
    name = text.partition(" ")[0]
    if not _VERSION.fullmatch(name) or text != _pointer_text(name):
        raise SnapshotError(f"{folder / _POINTER} is damaged", hint=_REBUILD)
    return name


def versions(folder: Path) -> list[str]:
    """All whole versions, oldest first."""
    if not folder.is_dir():
        return []
    names = [path.name for path in folder.iterdir() if _VERSION.fullmatch(path.name) and (path / _MANIFEST).is_file()]
    return sorted(names, key=_number)


def journal_of(folder: Path, version: str) -> Path:
    """Where the changes since a version are kept; need not exist."""
    return folder / f"{version}.journal"


@contextmanager
def only_writer(folder: Path) -> Generator[None]:
    """Alone in changing what `folder` has in use: nobody switches, and nobody appends to a journal.

    Raises:
        SnapshotError: the folder cannot be written to.
    """
    with _locked(folder, _LOCK):
        yield


@contextmanager
def only_builder(folder: Path) -> Generator[None]:
    """Alone in making versions of `folder`: a second builder waits, and starts from what the first has made.

    Raises:
        SnapshotError: the folder cannot be written to.
    """
    with _locked(folder, _BUILDER_LOCK):
        yield


@contextmanager
def _locked(folder: Path, name: str) -> Generator[None]:
    try:
        handle = lock(folder / name)
    except OSError as error:
        raise SnapshotError(f"cannot lock {folder}: {error.strerror}", hint="check space and rights") from error
    try:
        yield
    finally:
        os.close(handle)


def write_version(
    folder: Path, content: str, files: Mapping[str, Writer], facts: Manifest, carry: Carry | None = None
) -> str:
    """Write a version, switch to it, and drop versions beyond the last three. Whatever fails, the old one stays.

    Args:
        content: SHA-256 of what the version is made from.
        files: name -> a function that writes the file at the path it is given.
        facts: what the reader must compare, kept in the manifest.
        carry: brings over what was acknowledged since.

    Raises:
        SnapshotError: the disk did not take it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with only_writer(folder):
            _sweep(folder)
            version = f"{_next_number(folder):06d}-{content[:12]}"
            aside = folder / f".writing-{version}"
            held = _made(aside)
        try:
            for name, write in files.items():
                write(aside / name)
                sync(aside / name)
            known = {"content": content, "follows": current_version_or_none(folder)}
            _write_manifest(aside, version, files, facts | known)
            sync(aside)
            with only_writer(folder):
                _publish(folder, aside, version, carry)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        finally:
            if held is not None:
                os.close(held)
    except OSError as error:
        raise SnapshotError(
            f"cannot write a snapshot to {folder}: {error.strerror}", hint="check space and rights; the old one stays"
        ) from error
    _drop_old(folder, version)
    return version


def _made(aside: Path) -> int | None:
    """A new folder, held: another build sweeps only what nobody holds."""
    aside.mkdir()
    try:
        return hold(aside)
    except OSError:
        aside.rmdir()
        raise


def _publish(folder: Path, aside: Path, version: str, carry: Carry | None) -> None:
    aside.rename(folder / version)
    try:
        sync(folder)
        if carry is not None:
            carry(version, current_version_or_none(folder))
        _point(folder, version)
    except BaseException:
        # A version that was never switched to goes again, unless the pointer was replaced before the failure.
        if current_version_or_none(folder) != version:
            journal_of(folder, version).unlink(missing_ok=True)
            shutil.rmtree(folder / version, ignore_errors=True)
        raise


def current_version_or_none(folder: Path) -> str | None:
    """The version in use; None where there is none, or its pointer is damaged."""
    with suppress(SnapshotError):
        return current_version(folder)
    return None


def switch(folder: Path, version: str) -> None:
    """Make a version the one in use, atomically.

    Raises:
        OSError: the disk did not take it; the version in use stays.
    """
    with only_writer(folder):
        _point(folder, version)


def _point(folder: Path, version: str) -> None:
    aside = folder / f".{_POINTER}"  # one name will do: only the only writer comes here
    aside.unlink(missing_ok=True)
    try:
        write_file(aside, [_pointer_text(version).encode("ascii")])
        aside.replace(folder / _POINTER)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync(folder)
    log.info("snapshot %s is in use", version)


def _pointer_text(name: str) -> str:
    return f"{name} {hashlib.sha256(name.encode('ascii')).hexdigest()[:16]}\n"


def rollback(folder: Path) -> str:
    """Go back to the version that the one in use took the place of, or the nearest before it that is whole; its name.

    Raises:
        SnapshotError: there is none before, or none of them is whole, or the disk did not take the switch.
    """
    name, fault = current_version_or_none(folder), None
    while name := _before(folder, name):
        try:
            verified(folder, name)
            for _ in Journal(journal_of(folder, name), name).read():
                pass  # every record is checked
            switch(folder, name)
            return name
        except SnapshotError as error:
            log.warning("snapshot %s is passed over: %s", name, error)
            fault = fault or error
        except OSError as error:
            raise SnapshotError(f"cannot switch: {error.strerror}", hint="check space and rights") from error
    if fault is not None:
        raise SnapshotError(f"no older version is whole: {fault}", hint="rebuild with whybuy index build")
    raise SnapshotError("there is no older version to go back to", hint="rebuild with whybuy index build")


def _before(folder: Path, version: str | None) -> str | None:
    """The version that one took the place of; where that is not known, or gone, the next older one."""
    older = [name for name in versions(folder) if version is None or _number(name) < _number(version)]
    follows = None
    if version is not None:
        with suppress(SnapshotError):
            follows = manifest_of(folder / version).get("follows")
    return follows if follows in older else (older[-1] if older else None)


def pin(folder: Path, version: str | None = None) -> tuple[Path, Manifest, int]:
    """A version as `verified` gives it, and a descriptor: until that is closed, the version is not deleted.

    Raises:
        SnapshotError: as `verified`.
    """
    while True:
        name = version or current_version(folder)
        try:
            handle = hold(folder / name) if name else None
        except OSError as error:
            raise SnapshotError(f"snapshot {name} cannot be opened: {error.strerror}", hint=_REBUILD) from error
        if handle is None and version is None and name != current_version(folder):
            continue  # it was replaced and dropped between the two looks
        try:
            return *verified(folder, name), -1 if handle is None else handle
        except BaseException:
            if handle is not None:
                os.close(handle)
            raise


def verified(folder: Path, version: str | None = None) -> tuple[Path, Manifest]:
    """The folder and the manifest of a version (by default the one in use), every byte of it checked.

    Raises:
        SnapshotError: it is missing, of another format, or differs from its manifest; says which file and how.
    """
    name = version or current_version(folder)
    if name is None:
        raise SnapshotError(f"{folder} holds no snapshot", hint="build one with whybuy index build")
    path = folder / name
    manifest = manifest_of(path)
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


def _next_number(folder: Path) -> int:
    taken = [_number(name) for name in versions(folder)]
    taken += [int(found[1]) for path in folder.iterdir() if (found := re.match(r"\.writing-(\d+)-", path.name))]
    return max(taken, default=0) + 1


def _write_manifest(aside: Path, version: str, files: Mapping[str, Writer], facts: Manifest) -> None:
    listed = {name: {"sha256": sha256_of(aside / name), "size": (aside / name).stat().st_size} for name in files}
    manifest = {"format": FORMAT, "version": version, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    manifest |= facts | {"files": listed}
    manifest["sha256"] = _self_hash(manifest)
    write_file(aside / _MANIFEST, [_manifest_bytes(manifest)])


def _manifest_bytes(manifest: Manifest) -> bytes:
    return (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()


def manifest_of(path: Path) -> Manifest:
    """The manifest of a version's folder, whole; the files it names are not looked at.

    Raises:
        SnapshotError: it is missing or damaged.
    """
    try:
        raw = (path / _MANIFEST).read_bytes()
        manifest = json.loads(raw.decode("utf-8"))
        intact = manifest["sha256"] == _self_hash(manifest) and raw == _manifest_bytes(manifest)
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
        found = sha256_of(path) if size == expected["size"] else ""
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


def _sweep(folder: Path) -> None:
    """Remove what builds that were killed left behind; a build that still runs is left alone."""
    for path in folder.glob(".writing-*"):
        if take_away(path, aside := path.with_name(f".dropping-{path.name}")):
            shutil.rmtree(aside, ignore_errors=True)
    for path in folder.glob(".dropping-*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob("*.journal"):
        if not (folder / path.stem).is_dir():
            path.unlink(missing_ok=True)


def _drop_old(folder: Path, current: str) -> None:
    # A version that will not go away is litter, not a reason to fail: the new one is in use already.
    with suppress(OSError):
        for name in versions(folder)[:-KEPT]:
            # Renamed first: a version half deleted must not look whole. One that a reader holds waits for next time.
            aside = folder / f".dropping-{name}"
            if name != current and take_away(folder / name, aside):
                shutil.rmtree(aside, ignore_errors=True)
                journal_of(folder, name).unlink(missing_ok=True)
