"""What builds have embedded so far: found again after a kill, and never mixed up between two builds."""

from pathlib import Path

import numpy as np
import pytest

from index.memory import Key, Remembered, WorkLog, passage_key

DIM = 4


def _key(number: int) -> Key:
    return passage_key(f"passage {number}")


def _vector(number: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    return np.full((1, DIM), number, dtype=np.float32)


def _log(folder: Path) -> tuple[WorkLog, Remembered]:
    memory = Remembered(DIM)
    return WorkLog(folder, "text", "encoder", memory), memory


def test_what_a_closed_log_holds_is_remembered_by_the_next(tmp_path: Path) -> None:
    log, _ = _log(tmp_path)
    log.add([_key(1)], _vector(1))
    log.close()
    again, memory = _log(tmp_path)
    assert memory.take([_key(1)]).tolist() == [[1.0] * DIM]
    again.remove()
    assert list(tmp_path.iterdir()) == []


def test_two_builds_at_once_keep_their_vectors_apart(tmp_path: Path) -> None:
    (one, of_one), (two, of_two) = _log(tmp_path), _log(tmp_path)
    for number in range(8):
        one.add([_key(number)], _vector(number))
        two.add([_key(100 + number)], _vector(100 + number))
    assert [row[0] for row in of_one.take([_key(n) for n in range(8)]).tolist()] == list(range(8))
    assert [row[0] for row in of_two.take([_key(100 + n) for n in range(8)]).tolist()] == list(range(100, 108))
    one.remove()
    two.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_another_build_holds_is_not_read(tmp_path: Path) -> None:
    one, _ = _log(tmp_path)
    one.add([_key(1)], _vector(1))
    _, of_two = _log(tmp_path)
    assert _key(1) not in of_two
    with pytest.raises(KeyError):
        of_two.take([_key(1)])
