"""Nearest vectors among allowed rows: the protocol every engine keeps, and FAISS in process."""

import json
import struct
from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors
from index.near.codes import Codes
from index.near.plans import WHOLE, Plan, choose
from index.near.probing import Graph, Lists, Selected
from index.near.training import NEIGHBOURS, built, sought, tuned

__all__ = ["FaissVectors", "Plan", "VectorIndex", "build_vectors", "choose"]

METRIC = "inner product"
_MOST_GPU_NEIGHBOURS = 2048
_MAGIC = b"WBVEC001"
FEW_TO_GATHER = 20_000
"""Rows copied out of lists and multiplied; of more, 30 MB at 384 dimensions, the lists are read in place."""
_BESIDE = frozenset({"flat", "codes"})
"""Kinds whose whole vectors lie in an index of their own."""
_wrapped: Any = faiss  # its constructors take other arguments than the generated stubs say

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


class VectorIndex(Protocol):
    """Vectors by row 0..N-1, searched by inner product."""

    @property
    def dim(self) -> int:
        """D, the length of a vector."""
        ...

    @property
    def metric(self) -> str:
        """By what vectors are compared: `inner product`."""
        ...

    @property
    def facts(self) -> dict[str, Any]:
        """Kind, parameters and, in plain words, `why`: JSON for a manifest."""
        ...

    def __len__(self) -> int: ...

    def search(self, query_D: Vectors, k: int, allowed_N: Mask | None = None) -> tuple[Rows, Vectors]:
        """The rows of largest inner product with the query, best first, and these products.

        Exactly min(k, number of allowed rows) of each. The order of equal products is not defined.

        Raises:
            ValueError: `k` < 1, or the query or the mask is of another size.
        """
        ...

    def search_many(self, queries_QD: Vectors, k: int, allowed_N: Mask | None = None) -> tuple[Rows, Vectors]:
        """rows_Qk and scores_Qk: `search` for each query, all under one mask; k is min(k, number allowed)."""
        ...

    def add(self, vectors_MD: Vectors) -> None:
        """Append vectors as rows N..N+M-1. Not while another thread searches.

        Raises:
            ValueError: they are of another width.
        """
        ...

    def rows(self, rows_M: Rows) -> Vectors:
        """vectors_MD kept under these rows: exact where the kind keeps them whole (see `facts`), else rounded.

        Raises:
            ValueError: there is no such row.
        """
        ...

    def write(self, path: Path) -> None:
        """Keep the index in one file."""
        ...


class FaissVectors:
    """FAISS in process, of any kind that `plans.choose` names; without a plan, of the kind it chooses.

    Small allowed sets are compared exactly, large ones by `codes` or `probing`; an answer that came out short is made
    exact.
    Unfiltered exact searches use the GPU where FAISS sees one (written to FAISS's documentation, never run by us).
    """

    def __init__(self, vectors_ND: Vectors, plan: Plan | None = None) -> None:
        vectors = np.ascontiguousarray(vectors_ND, dtype=np.float32)
        plan = plan or choose(*vectors.shape)
        near = built(plan.kind, vectors) if plan.kind not in _BESIDE else None
        flat = faiss.IndexFlatIP(vectors.shape[1]) if plan.kind in _BESIDE else None
        if flat is not None:
            flat.add(vectors)
        self._adopt(plan, flat, near, effort=0)
        if plan.kind == "codes":
            self._near = codes = Codes.built(vectors, flat)
            codes.effort = sought(
                codes.search, lambda queries, k: self.exact(queries, k, None)[1], vectors, codes.least_effort
            )
        elif isinstance(self._near, Lists | Graph):
            self._near.effort = self._tuned(self._near, vectors)

    def _adopt(self, plan: Plan, flat: Any, near: Any, effort: int) -> None:  # faiss types come without annotations
        self._plan = plan
        self._near_index = near
        self._near: Lists | Graph | Codes | None = None
        self._flat: Any = flat
        if plan.kind in ("hnsw", "sq8"):
            self._flat = faiss.downcast_index(near.storage)  # the graph's own vectors, in order of rows
            self._near = Graph(near, effort)
        elif near is not None:
            self._near = Lists(near, effort)
        self._gpu = None
        if plan.kind == "flat" and getattr(faiss, "get_num_gpus", lambda: 0)():
            self._resources = faiss.StandardGpuResources()  # must live as long as the index on it
            self._gpu = faiss.index_cpu_to_gpu(self._resources, 0, flat)

    @classmethod
    def read(cls, path: Path) -> "FaissVectors":
        """The index written by `write`, of any kind. FAISS does not notice damage: check the file's hash first."""
        found = cls.__new__(cls)
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:  # written before there were kinds
                found._adopt(Plan("flat", "an exact scan, as all once were"), faiss.read_index(str(path)), None, 0)
                return found
            head = json.loads(file.read(struct.unpack("<I", file.read(4))[0]))
            reader = _wrapped.PyCallbackIOReader(file.read)
            flat = faiss.read_index(reader) if head["kind"] in _BESIDE else None
            near = None if head["kind"] in _BESIDE else faiss.read_index(reader)
            found._adopt(Plan(head["kind"], head["why"]), flat, near, head["effort"])
            if head["kind"] == "codes":
                found._near = Codes.read(file, flat, head["effort"])
        return found

    def write(self, path: Path) -> None:
        """Keep the index in one file: our head, then one or two indexes as FAISS writes them."""
        effort = 0 if self._near is None else self._near.effort
        head = json.dumps({"kind": self._plan.kind, "why": self._plan.why, "effort": effort}).encode()
        with path.open("wb") as file:
            file.write(_MAGIC + struct.pack("<I", len(head)) + head)
            writer = _wrapped.PyCallbackIOWriter(file.write)
            if self._plan.kind in _BESIDE:
                faiss.write_index(self._flat, writer)
            if self._near_index is not None:
                faiss.write_index(self._near_index, writer)
            del writer  # hands on what it holds back
            if isinstance(self._near, Codes):
                self._near.write(file)

    @property
    def dim(self) -> int:
        return int(self._any.d)

    @property
    def metric(self) -> str:
        return METRIC if self._any.metric_type == faiss.METRIC_INNER_PRODUCT else "other"

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = {"engine": "faiss", "kind": self._plan.kind, "why": self._plan.why}
        facts["vectors_kept"] = "whole" if self._plan.kind in WHOLE else "rounded"
        if isinstance(self._near, Lists):
            facts |= {"lists": int(self._near_index.nlist), "rows_compared": self._near.effort}
        elif isinstance(self._near, Codes):
            facts |= self._near.facts
        elif self._near is not None:
            facts |= {"neighbours": NEIGHBOURS, "candidates": self._near.effort}
        return facts

    @property
    def _any(self) -> Any:
        return self._flat if self._flat is not None else self._near_index

    def __len__(self) -> int:
        return int(self._any.ntotal)

    def add(self, vectors_MD: Vectors) -> None:
        if vectors_MD.ndim != 2 or vectors_MD.shape[1] != self.dim:
            raise ValueError(f"vectors have shape {vectors_MD.shape}, expected (M, {self.dim})")
        vectors, before = np.ascontiguousarray(vectors_MD, dtype=np.float32), len(self)
        if self._plan.kind in _BESIDE:
            self._flat.add(vectors)
        if self._near_index is not None:
            self._near_index.add(vectors)
        if isinstance(self._near, Codes):
            self._near.add(vectors)
        elif self._near is not None:
            self._near.refresh(grown=len(self) / max(before, 1))
        if self._gpu is not None:
            self._gpu.add(vectors)

    def rows(self, rows_M: Rows) -> Vectors:
        wanted = np.ascontiguousarray(rows_M, dtype=np.int64)
        if len(wanted) and not (wanted.min() >= 0 and wanted.max() < len(self)):
            raise ValueError(f"rows reach from {wanted.min()} to {wanted.max()}, expected 0 to {len(self) - 1}")
        if not len(wanted):
            return np.empty((0, self.dim), dtype=np.float32)
        return np.asarray(self._any.reconstruct_batch(wanted), dtype=np.float32)

    def search(self, query_D: Vectors, k: int, allowed_N: Mask | None = None) -> tuple[Rows, Vectors]:
        if query_D.shape != (self.dim,):
            raise ValueError(f"query has shape {query_D.shape}, expected ({self.dim},)")
        count = self._checked(k, allowed_N)
        query, wanted = np.ascontiguousarray(query_D, dtype=np.float32), min(k, count)
        allowed = None if count == len(self) else allowed_N
        if not wanted or self._near is None or not self._near.pays(count, wanted):
            rows, scores = self.search_many(query[None], k, allowed)
            return rows[0], scores[0]
        return self._approximate(self._near.search(query, wanted, allowed, count), query, allowed)

    def search_many(self, queries_QD: Vectors, k: int, allowed_N: Mask | None = None) -> tuple[Rows, Vectors]:
        if queries_QD.ndim != 2 or queries_QD.shape[1] != self.dim:
            raise ValueError(f"queries have shape {queries_QD.shape}, expected (Q, {self.dim})")
        count = self._checked(k, allowed_N)
        queries, wanted = np.ascontiguousarray(queries_QD, dtype=np.float32), min(k, count)
        if not wanted:
            return np.empty((len(queries), 0), dtype=np.int64), np.empty((len(queries), 0), dtype=np.float32)
        allowed = None if count == len(self) else allowed_N
        if self._near is None or not self._near.pays(count, wanted):
            return self.exact(queries, wanted, allowed)
        found = [
            self._approximate(self._near.search(query, wanted, allowed, count), query, allowed) for query in queries
        ]
        return np.stack([rows for rows, _ in found]), np.stack([scores for _, scores in found])

    def _checked(self, k: int, allowed_N: Mask | None) -> int:
        """The number of rows allowed."""
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        if allowed_N is not None and allowed_N.shape != (len(self),):
            raise ValueError(f"mask has shape {allowed_N.shape}, expected ({len(self)},)")
        return len(self) if allowed_N is None else int(np.count_nonzero(allowed_N))

    def exact(self, queries_QD: Vectors, wanted: int, allowed_N: Mask | None) -> tuple[Rows, Vectors]:
        """The best `wanted` rows by comparing every allowed one; exact up to the rounding of the kind."""
        if self._flat is None:
            return self._exact_by_lists(queries_QD, wanted, allowed_N)
        if allowed_N is None:
            index = self._gpu if self._gpu is not None and wanted <= _MOST_GPU_NEIGHBOURS else self._flat
            scores, rows = index.search(queries_QD, wanted)
        else:
            # Only the scan of whole vectors goes straight through a list of rows; codes would look each one up in it.
            mask = Selected(allowed_N, listed=self._plan.kind in ("flat", "codes", "hnsw"))
            scores, rows = self._flat.search(queries_QD, wanted, params=_wrapped.SearchParameters(sel=mask.selector))
        return rows.astype(np.int64), scores.astype(np.float32)

    def _exact_by_lists(self, queries_QD: Vectors, wanted: int, allowed_N: Mask | None) -> tuple[Rows, Vectors]:
        if allowed_N is not None and np.count_nonzero(allowed_N) <= FEW_TO_GATHER:
            everything = np.flatnonzero(allowed_N)
            scores_QM = queries_QD @ self.rows(everything).T
            order = np.argsort(-scores_QM, axis=1, kind="stable")[:, :wanted]
            return everything[order], np.take_along_axis(scores_QM, order, axis=1)
        assert isinstance(self._near, Lists)
        return self._near.everything(queries_QD, wanted, allowed_N)

    def _approximate(
        self, found: tuple[Rows, Vectors], query_D: Vectors, allowed_N: Mask | None
    ) -> tuple[Rows, Vectors]:
        """What was found; an answer that came out short is made exact."""
        rows, scores = found
        if rows[-1] < 0:  # too few allowed rows were met
            exact_rows, exact_scores = self.exact(query_D[None], len(rows), allowed_N)
            return exact_rows[0], exact_scores[0]
        return rows.astype(np.int64, copy=False), scores.astype(np.float32, copy=False)

    def _tuned(self, near: Lists | Graph, vectors_ND: Vectors) -> int:
        def search(query_D: Vectors, effort: int) -> tuple[Rows, Vectors]:
            found = near.search(query_D, min(10, len(self)), None, len(self), effort)
            return self._approximate(found, query_D, None)

        def exact(query_D: Vectors, k: int) -> tuple[Rows, Vectors]:
            rows, scores = self.exact(query_D[None], k, None)
            return rows[0], scores[0]

        return tuned(search, exact, vectors_ND, near.least_effort)


def build_vectors(vectors_ND: Vectors, plan: Plan) -> VectorIndex:
    """An index of the planned kind over the vectors."""
    return FaissVectors(vectors_ND, plan)
