"""Approximate search among allowed rows: inverted lists read by a budget of rows, and a neighbour graph.

One rule of the lists serves every filter: compare the query with about `effort` allowed rows, those of the nearest
lists first. The fewer rows a filter leaves, the larger the share of them that is compared, so recall rises as filters
narrow, and where no more than `effort` are allowed an exact scan of these costs no more. Only lists that hold allowed
rows count, so a filter that keeps nothing near the query does not end the search early.
"""

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors

_wrapped: Any = faiss  # its constructors take other arguments than the generated stubs say

_SAMPLED_ROWS = 30_000
"""Allowed rows counted per list; of more, every n-th. Counting 500,000 would take longer than the search."""
_LISTED_SHARE = 0.6
"""Below this share of allowed rows FAISS is given their numbers, and skips none; above, a bitmap, which is shorter."""

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Selected:
    """A mask as FAISS takes it, bitmap or numbers. Holds the memory that the selector only points to."""

    def __init__(self, allowed_N: Mask, *, listed: bool = False) -> None:
        if listed and np.count_nonzero(allowed_N) < _LISTED_SHARE * len(allowed_N):
            self._held: Any = np.flatnonzero(allowed_N)
            self.selector: Any = _wrapped.IDSelectorArray(self._held)
        else:
            self._held = np.packbits(allowed_N, bitorder="little")
            self.selector = _wrapped.IDSelectorBitmap(self._held)


class Lists:
    """Inverted lists (IndexIVF). `effort` is the number of allowed rows compared with a query."""

    least_effort = 256

    def __init__(self, index: Any, effort: int) -> None:
        self._index = index
        self.effort = effort
        width = index.nlist * index.d
        coarse = _wrapped.downcast_index(index.quantizer)
        self._centroids: Vectors = faiss.rev_swig_ptr(coarse.get_xb(), width).reshape(index.nlist, index.d)
        self.refresh()

    def refresh(self, grown: float = 1.0) -> None:
        """Take note of rows added: as many times as there are more rows, as many are compared."""
        if self._index.direct_map.type != _wrapped.DirectMap.Array:
            self._index.make_direct_map()
        places = faiss.vector_to_array(self._index.direct_map.array)
        self._list_of_N = (places >> 32).astype(np.int32)
        self._sizes = np.bincount(self._list_of_N, minlength=self._index.nlist)
        self.effort = round(self.effort * grown)

    def pays(self, count: int, wanted: int) -> bool:
        """Whether to probe rather than compare all `count` allowed rows."""
        return count > max(self.effort, 4 * wanted)

    def everything(self, queries_QD: Vectors, wanted: int, allowed_N: Mask | None) -> tuple[Rows, Vectors]:
        """The best of all allowed rows, whatever their lists."""
        count = len(self._list_of_N) if allowed_N is None else int(np.count_nonzero(allowed_N))
        found = [self.search(query, wanted, allowed_N, count, effort=len(self._list_of_N)) for query in queries_QD]
        return np.stack([rows for rows, _ in found]), np.stack([scores for _, scores in found])

    def search(
        self, query_D: Vectors, wanted: int, allowed_N: Mask | None, count: int, effort: int | None = None
    ) -> tuple[Rows, Vectors]:
        """The best `wanted` of about `effort` allowed rows; -1 where the lists held fewer. `count` rows are allowed."""
        nearness = self._centroids @ query_D
        budget = max(self.effort if effort is None else effort, 4 * wanted)
        probed = self._probed(nearness, budget, allowed_N, count)
        params: Any = _wrapped.SearchParametersIVF(nprobe=len(probed))
        mask = None if allowed_N is None else Selected(allowed_N)
        if mask is not None:
            params.sel = mask.selector
        query, near = np.ascontiguousarray(query_D[None]), np.ascontiguousarray(nearness[probed][None])
        scores, rows = np.empty((1, wanted), dtype=np.float32), np.empty((1, wanted), dtype=np.int64)
        pointers = [faiss.swig_ptr(array) for array in (probed[None], near, scores, rows)]
        # The plain `search` would choose lists without knowing which of them hold allowed rows.
        self._index.search_preassigned_c(1, faiss.swig_ptr(query), wanted, *pointers, False, params)
        return rows[0], scores[0]

    def _probed(self, nearness: Vectors, budget: int, allowed_N: Mask | None, count: int) -> Rows:
        """The nearest lists which together hold `budget` allowed rows; all that hold any if the budget is not met."""
        sizes, lists = self._sizes, len(self._sizes)
        if allowed_N is not None:
            step = max(1, count // _SAMPLED_ROWS) if budget < count else 1
            sizes = np.bincount(self._list_of_N[::step][allowed_N[::step]], minlength=lists) * step
            if step == 1:
                nearness = np.where(sizes > 0, nearness, -np.inf)
        most = int(np.count_nonzero(nearness > -np.inf))
        reach = min(most, int(2 * budget * lists / max(count, 1)) + 8)
        while True:  # sort no more lists than are likely to be read
            best = np.argpartition(-nearness, reach - 1)[:reach]
            best = best[np.argsort(-nearness[best], kind="stable")]
            held = np.cumsum(sizes[best])
            if held[-1] >= budget or reach == most:
                return best[: int(np.searchsorted(held, budget)) + 1].astype(np.int64)
            reach = min(most, 2 * reach)


class Graph:
    """A neighbour graph (IndexHNSW). `effort` is the length of its candidate list in an unfiltered search."""

    least_effort = 32
    _COST = 20
    """A row met on a walk costs about as much as this many of a scan: its neighbours are looked up, all at random."""

    def __init__(self, index: Any, effort: int) -> None:
        self._index = index
        self.effort = effort

    def refresh(self, grown: float = 1.0) -> None:
        """The walk lasts no longer for more rows worth speaking of."""

    def pays(self, count: int, wanted: int) -> bool:
        """Whether to walk rather than compare all `count` allowed rows."""
        return count > self._COST * self._reach(count, wanted)

    def search(
        self, query_D: Vectors, wanted: int, allowed_N: Mask | None, count: int, effort: int | None = None
    ) -> tuple[Rows, Vectors]:
        """The best allowed rows met on a walk, the longer the fewer are allowed; -1 where it met fewer."""
        params: Any = _wrapped.SearchParametersHNSW(efSearch=self._reach(count, wanted, effort))
        mask = None if allowed_N is None else Selected(allowed_N)
        if mask is not None:
            params.sel = mask.selector
        scores, rows = self._index.search(np.ascontiguousarray(query_D[None]), wanted, params=params)
        return rows[0], scores[0]

    def _reach(self, count: int, wanted: int, effort: int | None = None) -> int:
        rarity = self._index.ntotal / max(count, 1)
        return int(max((self.effort if effort is None else effort) * rarity**0.3, 3 * wanted * rarity))
