"""Nearest vectors among allowed rows: the protocol, and FAISS."""

from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors

_MOST_GPU_NEIGHBOURS = 2048
_wrapped: Any = faiss  # its constructors take other arguments than the generated stubs say


class VectorIndex(Protocol):
    """Vectors by row, searched by inner product."""

    @property
    def dim(self) -> int:
        """D, the length of a vector."""
        ...

    def __len__(self) -> int: ...

    def search(
        self, query_D: Vectors, k: int, allowed_N: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """The rows of largest inner product with the query, best first, and these products.

        Exactly min(k, number of allowed rows) of each. The order of equal products is not defined.

        Raises:
            ValueError: `k` < 1, or the query or the mask is of another size.
        """
        ...


class FaissVectors:
    """Exact search in a flat FAISS index. Unfiltered searches use the GPU where FAISS sees one."""

    def __init__(self, vectors_ND: Vectors) -> None:
        index = faiss.IndexFlatIP(vectors_ND.shape[1])
        index.add(np.ascontiguousarray(vectors_ND, dtype=np.float32))
        self._adopt(index)

    def _adopt(self, index: Any) -> None:  # faiss types are generated without annotations
        self._index = index
        self._gpu = None
        if getattr(faiss, "get_num_gpus", lambda: 0)():
            self._resources = faiss.StandardGpuResources()  # must live as long as the index on it
            self._gpu = faiss.index_cpu_to_gpu(self._resources, 0, index)

    @classmethod
    def read(cls, path: Path) -> "FaissVectors":
        """The index written by `write`. FAISS does not notice damage: check the file's hash first."""
        found = cls.__new__(cls)
        found._adopt(faiss.read_index(str(path)))
        return found

    def write(self, path: Path) -> None:
        """Keep the index in one file."""
        faiss.write_index(self._index, str(path))

    @property
    def dim(self) -> int:
        return int(self._index.d)

    @property
    def metric(self) -> str:
        return "inner product" if self._index.metric_type == faiss.METRIC_INNER_PRODUCT else "other"

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, query_D: Vectors, k: int, allowed_N: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        if query_D.shape != (self.dim,):
            raise ValueError(f"query has shape {query_D.shape}, expected ({self.dim},)")
        if allowed_N is not None and allowed_N.shape != (len(self),):
            raise ValueError(f"mask has shape {allowed_N.shape}, expected ({len(self)},)")
        wanted = min(k, len(self) if allowed_N is None else int(allowed_N.sum()))
        if not wanted:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        query = np.ascontiguousarray(query_D[None, :], dtype=np.float32)
        if allowed_N is None or allowed_N.all():
            index = self._gpu if self._gpu is not None and wanted <= _MOST_GPU_NEIGHBOURS else self._index
            scores, rows = index.search(query, wanted)
        else:
            bits = np.packbits(allowed_N, bitorder="little")  # must outlive the selector, which keeps a bare pointer
            selector: Any = _wrapped.IDSelectorBitmap(bits)
            scores, rows = self._index.search(query, wanted, params=_wrapped.SearchParameters(sel=selector))
        return rows[0].astype(np.int64), scores[0].astype(np.float32)
