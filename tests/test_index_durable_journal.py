"""Acknowledged records are there after anything; what was not acknowledged is not; damage is found."""

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from index.durable.journal import Journal
from index.errors import SnapshotError

RECORDS = [b"one", b"", b"three" * 100]


def _read(path: Path, name: str = "v1") -> list[bytes]:
    return [payload for _, payload in Journal(path, name).read()]


def _written(path: Path) -> bytes:
    journal = Journal(path, "v1")
    for record in RECORDS:
        journal.append(record)
    journal.close()
    return path.read_bytes()


def test_records_come_back_in_order_and_can_be_added_to(tmp_path: Path) -> None:
    path = tmp_path / "j"
    _written(path)
    again = Journal(path, "v1")
    assert [payload for _, payload in again.read()] == RECORDS
    offset = again.append(b"four")
    assert again.payload(offset, 4) == b"four"
    assert list(again.read()) == []  # what it appended itself is no news
    assert _read(path) == [*RECORDS, b"four"]


def test_no_file_is_no_record(tmp_path: Path) -> None:
    assert _read(tmp_path / "j") == []
    assert not (tmp_path / "j").exists()


def test_a_reader_sees_what_came_since(tmp_path: Path) -> None:
    path = tmp_path / "j"
    _written(path)
    reader, writer = Journal(path, "v1"), Journal(path, "v1")
    assert len(list(reader.read())) == len(list(writer.read())) == 3
    writer.append(b"four")
    assert [payload for _, payload in reader.read()] == [b"four"]


def test_two_writers_that_read_before_they_write_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "j"
    one, two = Journal(path, "v1"), Journal(path, "v1")
    for number in range(6):
        writer = one if number % 2 else two
        list(writer.read())
        writer.append(b"%d" % number)
    assert _read(path) == [b"0", b"1", b"2", b"3", b"4", b"5"]
    with pytest.raises(ValueError, match="not read"):
        two.append(b"over the last one")
    assert _read(path)[-1] == b"5"


def test_every_cut_leaves_a_whole_number_of_records(tmp_path: Path) -> None:
    path = tmp_path / "j"
    whole = _written(path)
    frame = 28
    ends = [49, 49 + frame + 3, 49 + 2 * frame + 3, 49 + 3 * frame + 503]
    assert len(whole) == ends[-1]
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        kept = sum(cut >= end for end in ends[1:])
        assert _read(path) == RECORDS[:kept]
        journal = Journal(path, "v1")
        assert len(list(journal.read())) == kept
        journal.append(b"next")
        assert _read(path) == [*RECORDS[:kept], b"next"]


def test_every_flipped_bit_is_found(tmp_path: Path) -> None:
    path = tmp_path / "j"
    whole = _written(path)
    for at in range(len(whole)):
        for bit in (1, 16, 128):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            with pytest.raises(SnapshotError, match="damaged"):
                _read(path)


def test_a_tail_of_zeros_is_what_a_loss_of_power_leaves(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(_written(path) + bytes(100))
    assert _read(path) == RECORDS


def test_another_versions_journal_is_refused(tmp_path: Path) -> None:
    _written(tmp_path / "j")
    with pytest.raises(SnapshotError, match="belongs to something else"):
        _read(tmp_path / "j", "v2")


@pytest.mark.parametrize("call", ["write", "fsync", "open", "ftruncate"])
def test_a_failing_disk_loses_nothing_acknowledged_and_keeps_nothing_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The nth call fails, for every n, in the middle of a write too; refused records never appear."""
    real = getattr(os, call)
    for failing in range(1, 9):
        path = tmp_path / f"j{failing}"
        calls = 0

        def sometimes(*args: object, _failing: int = failing) -> object:
            nonlocal calls
            calls += 1
            if calls == _failing:
                if call == "write":
                    real(args[0], bytes(args[1])[:5])  # type: ignore[call-overload]
                raise OSError(errno.EIO, "Input/output error")
            return real(*args)

        journal, kept = Journal(path, "v1"), list[bytes]()
        with monkeypatch.context() as patch:
            patch.setattr(os, call, sometimes)
            for number in range(6):
                with suppress(SnapshotError):
                    journal.append(b"record %d" % number)
                    kept.append(b"record %d" % number)
        journal.close()
        assert len(kept) >= 5
        assert _read(path) == kept


def test_a_failed_fsync_is_not_asked_again_on_the_same_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "j", "v1")
    journal.append(b"one")
    asked: list[int] = []
    real, broken = os.fsync, True
    opened = os.open

    def fsync(handle: int) -> None:
        asked.append(handle)
        if broken:
            raise OSError(errno.EIO, "Input/output error")
        real(handle)

    fresh: list[int] = []

    def note(*args: object, **named: object) -> int:
        handle = opened(*args, **named)  # type: ignore[arg-type]
        fresh.append(handle)
        return handle

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "open", note)
    with pytest.raises(SnapshotError):
        journal.append(b"two")
    assert len(asked) == 1
    broken = False
    journal.append(b"three")
    assert fresh, "the second append must open the file anew"
    assert _read(tmp_path / "j") == [b"one", b"three"]


@pytest.mark.parametrize("put_back", [False, True])
def test_nothing_is_acknowledged_into_a_file_that_nobody_finds(tmp_path: Path, put_back: bool) -> None:
    path = tmp_path / "j"
    journal = Journal(path, "v1")
    journal.append(b"one")
    whole = path.read_bytes()
    path.unlink()
    if put_back:
        path.write_bytes(whole)
    with pytest.raises(SnapshotError, match="removed or replaced"):
        journal.append(b"two")
    assert _read(path) == ([b"one"] if put_back else [])
