"""Snapshots are whole or not there: every damage is found, every failure leaves the old version in use."""

import errno
import os
from pathlib import Path

import pytest

from index import snapshot
from index.durable.files import hold
from index.durable.journal import Journal
from index.errors import SnapshotError


def _write(folder: Path, text: str = "one", content: str = "a" * 64) -> str:
    def write_text(path: Path) -> None:
        path.write_text(text)

    def write_bytes(path: Path) -> None:
        path.write_bytes(bytes(range(256)))

    files = {"a.txt": write_text, "b.bin": write_bytes}
    return snapshot.write_version(folder, content, files, {"count": 1})


def test_a_written_version_is_in_use_and_verifies(tmp_path: Path) -> None:
    version = _write(tmp_path)
    assert version == "000001-aaaaaaaaaaaa"
    path, manifest = snapshot.verified(tmp_path)
    assert path == tmp_path / version
    assert (manifest["count"], manifest["files"]["b.bin"]["size"]) == (1, 256)


def test_three_versions_are_kept_and_one_can_go_back(tmp_path: Path) -> None:
    names = [_write(tmp_path, str(n), f"{n:x}" * 64) for n in range(1, 6)]
    assert snapshot.versions(tmp_path) == names[2:]
    assert snapshot.rollback(tmp_path) == names[3]
    assert snapshot.current_version(tmp_path) == names[3]
    assert snapshot.rollback(tmp_path) == names[2]
    with pytest.raises(SnapshotError, match="no older version"):
        snapshot.rollback(tmp_path)


def test_a_rollback_passes_over_what_is_damaged(tmp_path: Path) -> None:
    names = [_write(tmp_path, str(n), f"{n:x}" * 64) for n in range(1, 4)]
    (tmp_path / names[1] / "a.txt").write_text("X")
    assert snapshot.rollback(tmp_path) == names[0]


def test_a_rollback_reads_the_journal_too(tmp_path: Path) -> None:
    names = [_write(tmp_path, str(n), f"{n:x}" * 64) for n in range(1, 4)]
    journal = Journal(snapshot.journal_of(tmp_path, names[1]), names[1])
    journal.append(b"a change")
    journal.close()
    raw = journal.path.read_bytes()
    journal.path.write_bytes(raw[:-1] + b"?")
    assert snapshot.rollback(tmp_path) == names[0]


def test_a_rollback_goes_where_the_version_in_use_came_from(tmp_path: Path) -> None:
    first, bad = _write(tmp_path, "good", "1" * 64), _write(tmp_path, "bad", "2" * 64)
    assert snapshot.rollback(tmp_path) == first
    third = _write(tmp_path, "better", "3" * 64)
    assert snapshot.versions(tmp_path) == [first, bad, third]
    assert snapshot.rollback(tmp_path) == first


def test_where_nothing_older_is_whole_the_version_in_use_stays(tmp_path: Path) -> None:
    first, second = _write(tmp_path, "1", "1" * 64), _write(tmp_path, "2", "2" * 64)
    (tmp_path / first / "b.bin").unlink()
    with pytest.raises(SnapshotError, match="no older version is whole"):
        snapshot.rollback(tmp_path)
    assert snapshot.current_version(tmp_path) == second


def test_no_snapshot_is_said_so(tmp_path: Path) -> None:
    assert snapshot.current_version(tmp_path) is None
    with pytest.raises(SnapshotError, match="holds no snapshot"):
        snapshot.verified(tmp_path)


@pytest.mark.parametrize("name", ["a.txt", "b.bin", "manifest.json"])
def test_every_flipped_byte_is_found(tmp_path: Path, name: str) -> None:
    path = tmp_path / _write(tmp_path) / name
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(SnapshotError):
            snapshot.verified(tmp_path)


@pytest.mark.parametrize("pointer", [b"", b"../other", b"000009-aaaaaaaaaaaa", b"\xff", b"000001-aaaaaaaaaaab"])
def test_a_wrong_pointer_is_refused(tmp_path: Path, pointer: bytes) -> None:
    _write(tmp_path)
    (tmp_path / "CURRENT").write_bytes(pointer)
    with pytest.raises(SnapshotError):
        snapshot.verified(tmp_path)


def test_damage_is_named(tmp_path: Path) -> None:
    path = tmp_path / _write(tmp_path)
    (path / "a.txt").write_text("two")
    with pytest.raises(SnapshotError, match=r"a.txt of snapshot 000001-a+ has SHA-256 3fc4ccfe7458\.\.\., expected"):
        snapshot.verified(tmp_path)
    (path / "a.txt").write_text("three")
    with pytest.raises(SnapshotError, match="has 5 bytes, expected 3"):
        snapshot.verified(tmp_path)
    (path / "a.txt").unlink()
    with pytest.raises(SnapshotError, match=r"a\.txt of snapshot .* cannot be read"):
        snapshot.verified(tmp_path)


def test_another_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path)
    monkeypatch.setattr(snapshot, "FORMAT", snapshot.FORMAT + 1)
    with pytest.raises(SnapshotError, match="has format"):
        snapshot.verified(tmp_path)


def test_facts_that_differ_are_named(tmp_path: Path) -> None:
    _write(tmp_path)
    _, manifest = snapshot.verified(tmp_path)
    snapshot.expect(manifest, count=1)
    with pytest.raises(SnapshotError, match="has count 1, expected 2"):
        snapshot.expect(manifest, count=2)


@pytest.mark.parametrize("call", ["fsync", "rename", "replace", "mkdir", "write_text", "write", "open", "unlink"])
def test_a_failing_disk_leaves_the_old_version_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Every call of the kind fails once: the first time, the second, and so on until a write succeeds."""
    old = _write(tmp_path)
    owner = os if call in ("fsync", "write", "open") else Path
    real = getattr(owner, call)
    for failing in range(1, 20):
        calls = 0

        def sometimes(*args: object, _failing: int = failing, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == _failing:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **options)

        monkeypatch.setattr(owner, call, sometimes)
        failure = _failure(tmp_path)
        monkeypatch.setattr(owner, call, real)
        if not failure:
            break
        assert "No space left" in failure
        # Once the pointer was replaced the new version may stand, but what stands is whole.
        assert snapshot.verified(tmp_path)[0].name == snapshot.current_version(tmp_path)
        if call != "unlink":  # what cannot be removed now is removed by the next build
            left = {path.name for path in tmp_path.iterdir()} - {"CURRENT", ".lock", snapshot.current_version(tmp_path)}
            assert left <= {old}
    else:
        pytest.fail("it never succeeded")
    assert failing > 1
    assert snapshot.current_version(tmp_path) != old


def _failure(folder: Path) -> str:
    try:
        _write(folder, "two", "b" * 64)
    except SnapshotError as error:
        return str(error)
    return ""


def test_leftovers_of_killed_builds_are_swept(tmp_path: Path) -> None:
    dead, alive = tmp_path / ".writing-000007-aaaaaaaaaaaa", tmp_path / ".writing-000008-aaaaaaaaaaaa"
    dead.mkdir()
    alive.mkdir()
    orphan = tmp_path / "000004-aaaaaaaaaaaa.journal"
    orphan.write_bytes(b"")
    handle = hold(alive)  # as a build that still runs does
    assert handle is not None
    assert _write(tmp_path) == "000009-aaaaaaaaaaaa"
    assert (dead.exists(), alive.exists(), orphan.exists()) == (False, True, False)
    os.close(handle)
    _write(tmp_path, content="b" * 64)
    assert not alive.exists()


def test_a_version_that_a_reader_holds_is_not_deleted(tmp_path: Path) -> None:
    first = _write(tmp_path)
    path, _, handle = snapshot.pin(tmp_path)
    names = [_write(tmp_path, str(n), f"{n:x}" * 64) for n in range(1, 5)]
    assert (path.name, snapshot.versions(tmp_path)) == (first, [first, *names[1:]])
    assert (path / "a.txt").read_text() == "one"
    os.close(handle)
    names.append(_write(tmp_path, "5", "5" * 64))
    assert snapshot.versions(tmp_path) == names[2:]
    assert not list(tmp_path.glob(".dropping*"))


def test_two_writers_get_two_numbers(tmp_path: Path) -> None:
    inner: list[str] = []

    def write_meanwhile(path: Path) -> None:
        inner.append(_write(tmp_path, "inner", "b" * 64))
        path.write_text("outer")

    outer = snapshot.write_version(tmp_path, "a" * 64, {"a.txt": write_meanwhile}, {})
    assert (outer, inner) == ("000001-aaaaaaaaaaaa", ["000002-bbbbbbbbbbbb"])
    assert snapshot.current_version(tmp_path) == outer  # the last to switch
    assert snapshot.versions(tmp_path) == [outer, *inner]


def test_every_flipped_bit_of_the_pointer_and_of_the_manifest_is_found(tmp_path: Path) -> None:
    version = _write(tmp_path)
    for path in (tmp_path / "CURRENT", tmp_path / version / "manifest.json"):
        whole = path.read_bytes()
        for at in range(len(whole)):
            for bit in range(8):
                path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :])
                with pytest.raises(SnapshotError):
                    snapshot.verified(tmp_path)
        path.write_bytes(whole)
    snapshot.verified(tmp_path)
