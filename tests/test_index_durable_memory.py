"""What a build has embedded so far is found again after a kill."""

from pathlib import Path

import numpy as np

from index.durable.memory import Key, Remembered, WorkLog, passage_key

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
