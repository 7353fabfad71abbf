"""Which engine searches a version's vectors: FAISS in this process, or Milvus, to which a file of the version points.

On Milvus every version is a tenant of its own, so that a reader of the old one, or a rollback, still finds what it
needs; what no version points to any more is taken out after the next build.
"""

import json
import logging
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.encoders import Vectors
from index.errors import SetupError, WhybuyError
from index.vectors import FaissVectors, VectorIndex, build_vectors, choose

log = logging.getLogger(__name__)

FAISS = "faiss"
_MILVUS = "milvus:"
_FAISS_FILE, _POINTER_FILE = "index.faiss", "index.milvus.json"
_HINT = "one of: faiss, or milvus: and a server's address or the path of a milvus-lite file ending in .db"


@dataclass(frozen=True, slots=True)
class Made:
    """An index of some vectors, the file of a version that leads to it, and what writes that file."""

    index: VectorIndex
    file: str
    write: Callable[[Path], None]


def look_for(engine: str) -> None:
    """Make sure that an engine can be used, before hours are spent on what it shall hold.

    Raises:
        SetupError: it is neither `faiss` nor `milvus:URI`, or its package is missing.
        EngineError: its server does not answer, or refuses.
    """
    if engine == FAISS:
        return
    if not engine.startswith(_MILVUS) or engine == _MILVUS:
        raise SetupError(f"there is no engine {engine!r} for vectors", hint=_HINT)
    from index.cluster import connected

    connected(engine.removeprefix(_MILVUS))


def made_on(engine: str, vectors_ND: Vectors) -> Made:
    """The vectors on an engine. On Milvus they are sent when the file is written, so that a kill leaves its trace.

    Raises:
        SetupError, EngineError: as `look_for`.
    """
    if engine == FAISS:
        index = build_vectors(vectors_ND, choose(*vectors_ND.shape))
        return Made(index, _FAISS_FILE, lambda path: _write(index, path))
    from index.cluster import MilvusVectors

    dim = int(vectors_ND.shape[1])
    nothing = np.empty((0, dim), dtype=np.float32)
    far = MilvusVectors.create(nothing, engine.removeprefix(_MILVUS), f"whybuy_{dim}", tenant=uuid.uuid4().hex)

    def write(path: Path) -> None:
        far.write(path)  # first, so that a build killed while sending can be tidied up
        far.add(vectors_ND)
        far.write(path)

    return Made(far, _POINTER_FILE, write)


def _write(index: VectorIndex, path: Path) -> None:
    try:
        index.write(path)
    except RuntimeError as error:  # FAISS's word for a disk that is full or broken
        raise OSError(None, f"FAISS could not write {path.name}") from error


def read_index(version: Path) -> VectorIndex:
    """The index of a version's folder, whose files were checked.

    Raises:
        SetupError, EngineError: as `look_for`.
        ValueError, KeyError, RuntimeError: it is not what the version needs.
    """
    pointer = version / _POINTER_FILE
    if not pointer.is_file():
        return FaissVectors.read(version / _FAISS_FILE)
    from index.cluster import MilvusVectors

    return MilvusVectors.read(pointer)


def engine_of(version: Path) -> str:
    """The engine that a version's vectors are on; `faiss` where nothing says otherwise."""
    pointer = _pointer(version / _POINTER_FILE)
    return f"{_MILVUS}{pointer['uri']}" if pointer else FAISS


def pointers(folder: Path) -> dict[str, dict[str, Any]]:
    """What lies on a server for any version under `folder`, whole or being written, by tenant."""
    found = (_pointer(path) for path in folder.glob(f"*/{_POINTER_FILE}"))
    return {str(one["tenant"]): one for one in found if one}


def forget(gone: dict[str, dict[str, Any]]) -> None:
    """Take out of their servers what no version points to; what cannot be taken out is litter, told in the log."""
    for one in gone.values():
        from index.cluster import drop_tenant

        try:
            drop_tenant(one["uri"], one["collection"], one["tenant"])
        except WhybuyError as error:
            log.warning("vectors of a version that is gone stay on their server: %s", error)


def _pointer(path: Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        read = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(read, dict) and {"uri", "collection", "tenant"} <= read.keys():
            return read
    return None
