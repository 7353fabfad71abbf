"""Which few hundred of many thousand vectors are worth comparing in full with a query, by four bits for each number.

The codes of all rows are read for every query: an eighth of the bytes of the vectors or less, compared by table, 32
rows at a time. What the shortlist of a shop of 50,000 items holds of the true hundred nearest is in docs/log.md.

The index's own codes (`index.near.codes`) do not serve here: they are shorter and rounded for queries near an item,
while a past lies between items. Of its hundred nearest they found .906 where these hold .996; and for the vectors of a
user model, which no index holds, they take three times as long to make.

Legend: N rows, D numbers of a vector, S of them that are coded.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

_wrapped: Any = faiss  # its constructors take other arguments than the generated stubs say

EXACT = 4_000
"""Up to so many rows every vector is compared in full: it costs no more."""
_RARITY = 0.7
"""Rows named grow with the rarity of allowed ones to this power, as in `index.near.codes`."""
_ENOUGH = 0.6
"""Share of the rows meant to be named that must be allowed, or more are named."""
_FURTHER = 4
_BITS = 4
_MOST = 256
"""Of more numbers than this the sums of the compared tables no longer fit 16 bits."""
_SAMPLE = 16_384
_ROUNDS = 10
_CHUNK = 8_192


class Shortlist:
    """Codes of the vectors of rows. Safe to share between threads.

    Args:
        size: N. vectors_of: the vectors_RD of rows, which are asked for some thousand at a time.
        width: vectors of more numbers are coded by so many main directions of theirs; at most `_MOST`.
        longer: how many times as many rows as wanted are named.
    """

    def __init__(
        self, size: int, vectors_of: Callable[[Rows], Vectors], *, width: int = _MOST, longer: int = 4
    ) -> None:
        self._size, self._longer = 0, longer
        self._index: Any = None
        if size > EXACT:
            self._train(vectors_of(np.arange(0, size, max(1, size // _SAMPLE))), width)
        self._add(size, vectors_of)

    @classmethod
    def of(cls, vectors_ND: Vectors, *, width: int = _MOST, longer: int = 4) -> "Shortlist":
        """The shortlist of vectors that are at hand."""
        return cls(len(vectors_ND), lambda rows: vectors_ND[rows], width=width, longer=longer)

    def grown(self, size: int, vectors_of: Callable[[Rows], Vectors]) -> "Shortlist":
        """The same with more rows behind, `size` in all; this one stays as it is. Only where it is `coded`."""
        made = copy(self)
        made._index = faiss.clone_index(self._index)
        made._add(size, vectors_of)
        return made

    def _train(self, sample_MD: Vectors, width: int) -> None:
        self._main_DS: Vectors | None = None
        if sample_MD.shape[1] > width:
            whole = sample_MD.astype(np.float64)  # not centred: what is left of products is then smaller by far
            _, columns = np.linalg.eigh(whole.T @ whole)
            self._main_DS = np.ascontiguousarray(columns[:, ::-1][:, :width].astype(np.float32))
        main_MS = self._main(sample_MD)
        self._centre_S = main_MS.mean(axis=0)  # taken from all alike, it changes no order
        short_MS = main_MS - self._centre_S
        pieces = short_MS.shape[1]
        self._index = _wrapped.IndexPQFastScan(pieces, pieces, _BITS, faiss.METRIC_INNER_PRODUCT)
        self._index.pq.cp.niter, self._index.pq.cp.min_points_per_centroid = _ROUNDS, 1
        self._index.train(short_MS)

    @property
    def coded(self) -> bool:
        """Whether there are codes: few rows need none."""
        return self._index is not None

    def __len__(self) -> int:
        return self._size

    def near(self, query_D: Vectors, allowed_N: NDArray[np.bool_], k: int) -> Rows:
        """Allowed rows, in no order, among which nearly all of the `k` with the largest inner products are.

        All allowed ones where these are few, and at least `k` where so many are allowed.
        """
        count = int(np.count_nonzero(allowed_N))
        named = self._named(k, count)
        if self._index is None or count <= max(EXACT, self._longer * k):
            return np.flatnonzero(allowed_N)
        query_1S = np.ascontiguousarray(self._main(query_D))[None]
        while named < count:
            rows: Rows = self._index.search(query_1S, named)[1][0]
            rows = rows[allowed_N[rows]]
            # What the filter leaves near the query is often not what it leaves overall.
            if len(rows) >= k and named >= _ENOUGH * self._named(k, int(len(rows) / named * self._size)):
                return rows
            named *= _FURTHER
        return np.flatnonzero(allowed_N)

    def _named(self, k: int, count: int) -> int:
        return int(self._longer * k * (self._size / max(count, 1)) ** _RARITY)

    def _main(self, vectors_MD: Vectors) -> Vectors:
        return vectors_MD if self._main_DS is None else vectors_MD @ self._main_DS

    def _add(self, size: int, vectors_of: Callable[[Rows], Vectors]) -> None:
        """Code the rows from those there are up to `size`."""
        if self._index is not None:
            for start in range(self._size, size, _CHUNK):
                vectors_MD = vectors_of(np.arange(start, min(start + _CHUNK, size)))
                self._index.add(self._main(vectors_MD) - self._centre_S)
        self._size = size
