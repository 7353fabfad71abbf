"""The items' vectors in short: enough to say which few hundred of many thousand are worth comparing in full.

Legend: N rows, D numbers of a whole vector (words, then looks), S numbers of a sketch, R rows asked for.
"""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import Event
from assistant.recommend.history import Felt
from assistant.recommend.table import ItemTable
from index.catalogue import Catalogue

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

WIDTH = 64
_SAMPLE = 20_000
_CHUNK = 8_192
_EXACT = 4_000
"""Up to so many rows every vector is compared in full: it costs no more."""
_SHORTLIST = 4
"""How many times as many rows as wanted are compared in full."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """Short vectors of the rows of a table, by the main directions of the long ones."""

    version: str
    components_SD: Vectors
    short_NS: Vectors

    @classmethod
    def of(cls, table: ItemTable, before: "Sketch | None" = None) -> "Sketch":
        """The sketch of a table; where only rows were added since `before`, no more than these are worked on."""
        base = table.version.partition("+")[0]
        if before is not None and before.version.partition("+")[0] == base and len(before.short_NS) <= len(table):
            fresh = np.arange(len(before.short_NS), len(table))
            added = _whole(table, fresh) @ before.components_SD.T
            short_NS = np.concatenate([before.short_NS, added])
            return cls(table.version, before.components_SD, short_NS)
        sample = _whole(table, np.arange(0, len(table), max(1, len(table) // _SAMPLE))).astype(np.float64)
        _, columns = np.linalg.eigh(sample.T @ sample)
        components_SD = np.ascontiguousarray(columns.T[::-1][:WIDTH].astype(np.float32))
        chunks = [
            _whole(table, np.arange(at, min(at + _CHUNK, len(table)))) @ components_SD.T
            for at in range(0, len(table), _CHUNK)
        ]
        short_NS = np.concatenate(chunks)
        return cls(table.version, components_SD, short_NS)


class Tables:
    """The columns and the sketch of a catalogue, made at first use and again when the catalogue has changed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._table: ItemTable | None = None
        self._sketch: Sketch | None = None
        self._lock = threading.Lock()
        self._asked = threading.local()

    @property
    def now(self) -> ItemTable:
        """The table of the catalogue as it is."""
        table = self._table
        if table is None or table.version != self._catalogue.version:
            with self._lock:
                if self._table is None or self._table.version != self._catalogue.version:
                    self._table = ItemTable.of(self._catalogue)
                table = self._table
        return table

    def felt(self, history: tuple[Event, ...]) -> Felt:
        """The past as the ranker feels it; all parts of one request, which runs in one thread, share it."""
        table = self.now
        kept: tuple[ItemTable, tuple[Event, ...], Felt] | None = getattr(self._asked, "felt", None)
        if kept is None or kept[0] is not table or kept[1] is not history:
            self._asked.felt = kept = table, history, Felt.of(table, history)
        return kept[2]

    def nearest(self, query_D: Vectors, allowed_N: NDArray[np.bool_], k: int) -> tuple[Rows, Vectors]:
        """The `k` allowed rows of largest inner product with a vector, best first, ties by id; and these products.

        Over many rows the best of a shortlist by sketch: which it is may miss one now and then, the products are exact.
        """
        table = self.now
        rows_R = np.flatnonzero(allowed_N)
        if len(rows_R) > max(_EXACT, _SHORTLIST * k):
            sketch = self._sketched(table)
            short_N = sketch.short_NS @ (sketch.components_SD @ query_D)
            rows_R = table.best(short_N, allowed_N, _SHORTLIST * k)
        scores_R = _whole(table, rows_R) @ query_D
        order = np.lexsort((table.id_order_N[rows_R], -scores_R))[:k]
        return rows_R[order], scores_R[order]

    def _sketched(self, table: ItemTable) -> Sketch:
        sketch = self._sketch
        if sketch is None or sketch.version != table.version:
            with self._lock:
                if self._sketch is None or self._sketch.version != table.version:
                    self._sketch = Sketch.of(table, self._sketch)
                sketch = self._sketch
        return sketch


def _whole(table: ItemTable, rows_R: Rows) -> Vectors:
    """vectors_RD whose inner products are the weighted sums of the cosines of words and of looks."""
    words, looks = (np.float32(share**0.5) for share in table.shares)
    return np.hstack([words * table.text_NT[rows_R], looks * table.looks_NP[rows_R]])


def whole_query(
    table: ItemTable, liked: list[tuple[int, float]], text_T: Vectors | None, share_of_text: float
) -> Vectors:
    """The vector_D for `nearest` of liked rows with signed weights, mixed with a text vector where there is one."""
    rows_R = np.array([row for row, _ in liked], dtype=np.int64)
    weights_R = np.array([weight for _, weight in liked], dtype=np.float32)
    query_D = (weights_R / np.abs(weights_R).sum()) @ _whole(table, rows_R)
    if text_T is None:
        return query_D
    query_D = query_D * np.float32(1 - share_of_text)
    query_D[: len(text_T)] += np.float32(share_of_text / max(table.shares[0], 1e-6) ** 0.5) * text_T
    return query_D
