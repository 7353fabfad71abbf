"""Whole vectors found by short codes: the codes of all rows are scanned, the best by code compared exactly.

`turning` brings a vector to fewer numbers; pieces of these are rounded to one of sixteen points (4 bits), which FAISS
compares by table, 32 rows at a time. A row costs about a hundredth of what comparing it whole does, so all of them are
read: there is no walk to end too early and no list to overlook, and a filter that leaves nothing near the query costs
time, not results. A filter is applied to the rows that the codes name; the fewer of them it allows, the more are asked
for, and where more would be needed than are allowed at all, these are compared instead.
"""

from typing import IO, Any

import faiss
import numpy as np

from index.encoders import Vectors
from index.near.directions import unit
from index.near.probing import Mask, Rows
from index.near.rounding import learned, rounded
from index.near.turning import Turn

_wrapped: Any = faiss  # its constructors take other arguments than the generated stubs say

_POINTS = 16
_ROUNDS = 15
_SAMPLE_PER_POINT = 1024
_TURN_SAMPLE = 30_000
_CHUNK = 8192
"""Rows coded at once: the costs of their sixteen points stay in the cache."""
_SEED = 1234
_SCANNED_PER_EXACT = 100
"""Reading a row's code costs about a hundredth of comparing it whole, gathered from anywhere."""
_NEIGHBOURS = 10
"""Results for which the effort was sought; for more of them, as many times more rows are compared."""
_RARITY = 0.7
"""Rows named by code grow with the rarity of allowed ones to this power: at 10 % allowed five times as many.

Growing in step would compare the same number of rows as without a filter; but where fewer rows compete, fewer stand
by mistake before a true neighbour (docs/log.md).
"""
_FILTERED = 1.4
"""What a filter leaves may be alike, a department of the shop: the codes of such rows tell them apart less well."""
_CROWD, _CROWDING = 200_000, 0.35
"""Of more rows than this, more stand by mistake before a true neighbour: at a million 1.8 times as many."""
_ENOUGH = 0.75
"""Share of the rows expected that must be allowed, or the scan is repeated for more."""
_FURTHER = 4


class Codes:
    """Codes of rows, and how to find by them. The whole vectors are kept by FAISS, row by row, in `whole`.

    `effort` is the number of rows named by code and compared exactly for ten results, all rows allowed, in catalogues
    that are not crowded; see `_named`.
    """

    least_effort = 160
    """Less was not enough for typed queries, which few thousand items may all be far from, whatever trials said."""

    def __init__(self, index: Any, turn: Turn, whole: Any, effort: int) -> None:  # faiss types come unannotated
        self._index = index
        self._turn = turn
        self._whole = whole
        self._turned_ED: Vectors = np.ascontiguousarray((turn.axes_DE / turn.scale_E).T)
        self.effort = effort
        self._grown()

    @classmethod
    def built(cls, vectors_ND: Vectors, whole: Any) -> "Codes":
        """Codes of the vectors that `whole` holds; the effort is yet to be sought."""
        turn = Turn.of(_sample(vectors_ND, _TURN_SAMPLE))
        width = turn.axes_DE.shape[1]
        index: Any = _wrapped.IndexPQFastScan(width, width // turn.each, 4, faiss.METRIC_INNER_PRODUCT)
        index.pq.cp.niter, index.pq.cp.seed = _ROUNDS, _SEED
        index.pq.cp.max_points_per_centroid, index.pq.cp.min_points_per_centroid = _SAMPLE_PER_POINT, 1
        sample = _sample(vectors_ND, _POINTS * _SAMPLE_PER_POINT)
        if len(sample) < _POINTS:  # FAISS wants as many vectors as there are points
            sample = np.resize(sample, (_POINTS, sample.shape[1]))
        index.train(turn.short(sample))
        made = cls(index, turn, whole, cls.least_effort)
        points_PCS = learned(*made._to_round(sample))
        faiss.copy_array_to_vector(points_PCS.ravel(), index.pq.centroids)
        made.add(vectors_ND)
        return made

    def add(self, vectors_MD: Vectors) -> None:
        """Code them as the next rows."""
        for start in range(0, len(vectors_MD), _CHUNK):
            # FAISS codes what it is given: made of points only, it comes to these points.
            self._index.add(rounded(*self._to_round(vectors_MD[start : start + _CHUNK])))
        self._grown()

    def _grown(self) -> None:
        """Take note of how many rows there are, and hand scan and comparison to FAISS as one call for all of them."""
        self._size = int(self._index.ntotal)
        if self._size == self._whole.ntotal:  # not while codes are being made
            turn = _wrapped.LinearTransform(self._turned_ED.shape[1], self._turned_ED.shape[0], False)
            faiss.copy_array_to_vector(self._turned_ED.ravel(), turn.A)
            turn.is_trained = True
            turned = _wrapped.IndexPreTransform(turn, self._index)
            turned.ntotal = self._size
            self._together: Any = _wrapped.IndexRefine(turned, self._whole)
            self._parts = turn, turned  # FAISS does not own them

    def _to_round(self, vectors_MD: Vectors) -> tuple[Vectors, Vectors, Vectors, Vectors]:
        """short_ME, toward_ME, nearest_ME and points_PCS, as `rounding` wants them."""
        pq = self._index.pq
        short = self._turn.short(vectors_MD)
        points_PCS = faiss.vector_to_array(pq.centroids).reshape(pq.M, pq.ksub, pq.dsub)
        return short, unit(vectors_MD @ self._turned_ED.T), pq.decode(pq.compute_codes(short)), points_PCS

    def pays(self, count: int, wanted: int) -> bool:
        """Whether to read codes rather than compare all `count` allowed rows."""
        named = self._named(wanted, count / self._size, self.effort)
        return count > self._size / _SCANNED_PER_EXACT + 2 * named

    def search(
        self, query_D: Vectors, wanted: int, allowed_N: Mask | None, count: int, effort: int | None = None
    ) -> tuple[Rows, Vectors]:
        """The best `wanted` of `count` allowed rows; -1 for all where comparing every allowed row is quicker."""
        effort = self.effort if effort is None else effort
        query = np.ascontiguousarray(query_D)
        named = self._named(wanted, count / self._size, effort)
        if allowed_N is None:
            return self._best_of_all(query, wanted, named)
        short = self._turned_ED @ query
        while named < count:
            rows = self._best(short, named)
            rows = rows[allowed_N[rows]]
            near_share = len(rows) / named  # what the filter leaves near the query, often not what it leaves overall
            if len(rows) >= wanted and named >= _ENOUGH * self._named(wanted, near_share, effort):
                return self._compared(rows, query, wanted)
            named *= _FURTHER
        return np.full(wanted, -1, dtype=np.int64), np.zeros(wanted, dtype=np.float32)

    def _named(self, wanted: int, share: float, effort: int) -> int:
        most = self._size
        named = effort * max(most / _CROWD, 1) ** _CROWDING * max(wanted / _NEIGHBOURS, 1)
        if share < 1:
            named *= _FILTERED * max(share, 1 / most) ** -_RARITY
        return int(min(most, named))

    def _best_of_all(self, query_D: Vectors, wanted: int, named: int) -> tuple[Rows, Vectors]:
        scores, rows = np.empty(wanted, dtype=np.float32), np.empty(wanted, dtype=np.int64)
        pointers = [faiss.swig_ptr(array) for array in (scores, rows)]
        effort = _wrapped.IndexRefineSearchParameters(k_factor=named / wanted)
        self._together.search_c(1, faiss.swig_ptr(query_D), wanted, *pointers, effort)
        return rows, scores

    def _best(self, short_E: Vectors, most: int) -> Rows:
        """The best rows by code, in no order; `most` of them."""
        scores, rows = np.empty(most, dtype=np.float32), np.empty(most, dtype=np.int64)
        pointers = [faiss.swig_ptr(array) for array in (scores, rows)]
        self._index.search_c(1, faiss.swig_ptr(short_E), most, *pointers)
        return rows

    def _compared(self, rows_M: Rows, query_D: Vectors, wanted: int) -> tuple[Rows, Vectors]:
        scores = np.empty(len(rows_M), dtype=np.float32)
        pointers = [faiss.swig_ptr(array) for array in (scores, rows_M)]
        self._whole.compute_distance_subset(1, faiss.swig_ptr(query_D), len(rows_M), *pointers)
        if len(scores) > wanted:
            best = np.argpartition(-scores, wanted - 1)[:wanted]
            rows_M, scores = rows_M[best], scores[best]
        order = np.argsort(-scores)
        return rows_M[order], scores[order]

    def write(self, file: IO[bytes]) -> None:
        """Arrays, then the codes as FAISS writes them."""
        for array in (self._turn.mean_D, self._turn.axes_DE, self._turn.scale_E):
            np.save(file, array, allow_pickle=False)
        writer = _wrapped.PyCallbackIOWriter(file.write)
        _wrapped.write_index(self._index, writer)
        del writer  # hands on what it holds back

    @classmethod
    def read(cls, file: IO[bytes], whole: Any, effort: int) -> "Codes":
        """What `write` wrote."""
        mean, axes, scale = (np.load(file, allow_pickle=False) for _ in range(3))
        index: Any = _wrapped.read_index(_wrapped.PyCallbackIOReader(file.read))
        return cls(index, Turn(mean, axes, scale, axes.shape[1] // int(index.pq.M)), whole, effort)

    @property
    def facts(self) -> dict[str, Any]:
        """For the manifest: how long the codes are, how many rows are compared."""
        return {
            "bytes_per_code": int(self._index.code_size),
            "rows_compared": self._named(_NEIGHBOURS, 1.0, self.effort),
        }


def _sample(vectors_ND: Vectors, size: int) -> Vectors:
    """At most `size` of the vectors, drawn once each."""
    if size >= len(vectors_ND):
        return vectors_ND
    return vectors_ND[np.sort(np.random.default_rng(_SEED).choice(len(vectors_ND), size, replace=False))]
