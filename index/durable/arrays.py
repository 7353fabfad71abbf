"""Arrays in safetensors files: written piece by piece, and read without loading what is not asked for."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.durable.files import write_file

_NAMES = {"float32": "F32", "float64": "F64", "int64": "I64", "uint8": "U8", "bool": "BOOL"}
_TYPES = {name: np.dtype(type_) for type_, name in _NAMES.items()}


@dataclass(frozen=True, slots=True)
class Pieces:
    """An array that comes in pieces of whole rows, so that it need never be in memory at once."""

    shape: tuple[int, ...]
    dtype: str
    pieces: Iterable[NDArray[Any]]


def pieces_of(array: NDArray[Any]) -> Pieces:
    """An array in one piece."""
    return Pieces(array.shape, str(array.dtype), [array])


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any] | Pieces]) -> None:
    """Write a safetensors file and wait until the disk has it.

    Raises:
        OSError: the disk did not take it.
        ValueError: pieces do not make up the shape they promise.
    """
    held = {name: value if isinstance(value, Pieces) else pieces_of(value) for name, value in sorted(arrays.items())}
    header: dict[str, Any] = {}
    offset = 0
    for name, one in held.items():
        size = int(np.prod(one.shape, dtype=np.int64)) * np.dtype(one.dtype).itemsize
        header[name] = {
            "dtype": _NAMES[one.dtype],
            "shape": list(one.shape),
            "data_offsets": [offset, offset + size],
        }
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)

    def chunks() -> Iterable[bytes | memoryview]:
        yield len(text).to_bytes(8, "little") + text
        for name, one in held.items():
            rows = 0
            for piece in one.pieces:
                rows += len(piece)
                yield np.ascontiguousarray(piece, dtype=one.dtype).reshape(-1).view(np.uint8).data
            if rows != one.shape[0]:
                raise ValueError(f"{name} came with {rows} rows, expected {one.shape[0]}")

    write_file(path, chunks())


def mapped(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a safetensors file that `write_arrays` wrote, read from the disk as they are used.

    Raises:
        ValueError, KeyError: it is no such file.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    data = np.memmap(path, dtype=np.uint8, mode="r")[8 + length :]
    found: dict[str, NDArray[Any]] = {}
    for name, one in header.items():
        start, end = one["data_offsets"]
        found[name] = np.asarray(data[start:end]).view(_TYPES[one["dtype"]]).reshape(one["shape"])
    return found
