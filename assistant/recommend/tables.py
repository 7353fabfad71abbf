"""The items of a catalogue by column and by vector, as of its version: what all who work by row share.

Legend: N rows, D numbers of a whole vector (words, then looks), R rows asked for.
"""

import threading
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import Event
from assistant.recommend.history import Felt
from assistant.recommend.shortlist import Shortlist
from assistant.recommend.table import ItemTable
from index.catalogue import Catalogue
from index.filters import Condition
from index.items import ItemId

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

_WIDTH = 64
"""So many main directions of the whole vectors are coded for the shortlist."""
_LONGER = 8
"""So many times as many rows as wanted are compared in full: pasts lie between items, where many are nearly as near."""
_BEYOND = 16
"""So many more are asked of the index than wanted, as it cuts equal scores anywhere."""
_TO_BE_SURE = 100
"""So many are asked for where the best is wanted: the more, the less likely an index by short codes is to miss it."""


class Tables:
    """The columns of a catalogue and a shortlist of its vectors, made when first used and when it has changed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._table: ItemTable | None = None
        self._listed: tuple[str, Shortlist] | None = None
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

    def felt(self, history: tuple[Event, ...], refused: frozenset[ItemId] = frozenset()) -> Felt:
        """The past as the ranker feels it; all parts of one request, which runs in one thread, share it."""
        table = self.now
        kept: tuple[ItemTable, tuple[Event, ...], frozenset[ItemId], Felt] | None = getattr(self._asked, "felt", None)
        if kept is None or kept[0] is not table or kept[1] is not history or kept[2] is not refused:
            self._asked.felt = kept = table, history, refused, Felt.of(table, history, refused)
        return kept[3]

    def allowed(self, conditions: Sequence[Condition]) -> NDArray[np.bool_]:
        """What of the catalogue can be bought and satisfies the conditions; not to be written to."""
        told = self.now.version, tuple(conditions)
        kept: tuple[tuple[str, tuple[Condition, ...]], NDArray[np.bool_]] | None = getattr(self._asked, "allowed", None)
        if kept is None or kept[0] != told:
            allowed_N = self._catalogue.allowed(conditions)
            allowed_N.flags.writeable = False
            self._asked.allowed = kept = told, allowed_N
        return kept[1]

    def nearest(self, query_D: Vectors, allowed_N: NDArray[np.bool_], k: int) -> tuple[Rows, Vectors]:
        """The `k` allowed rows of largest inner product with a vector, best first, ties by id; and these products.

        Over many rows the best of a shortlist: which it is may miss one now and then, the products are exact.
        """
        table = self.now
        rows_R = self.shortlist.near(query_D, allowed_N, k)
        words, looks = (np.float32(share**0.5) for share in table.shares)
        width = table.text_NT.shape[1]
        scores_R = np.asarray(table.text_NT[rows_R] @ (words * query_D[:width]), dtype=np.float32)
        if table.looks_NP.shape[1]:
            scores_R += table.looks_NP[rows_R] @ (looks * query_D[width:])
        order = table.first(rows_R, scores_R, k)
        return rows_R[order], scores_R[order]

    def nearest_to_words(self, text_T: Vectors, allowed_N: NDArray[np.bool_], k: int) -> tuple[Rows, Vectors]:
        """The same by the cosines of items' words with a text.

        As the index finds them: what people type may lie far from the main directions of the items.
        """
        table, count = self.now, int(np.count_nonzero(allowed_N))
        share = table.shares[0]
        if share <= 0 or not count:  # the index does not compare words
            score_N = table.text_NT @ text_T
            rows = table.best(score_N, allowed_N, k)
            return rows, score_N[rows]
        index = self._catalogue.state.vectors.index
        query_D = np.zeros(index.dim, dtype=np.float32)
        query_D[: len(text_T)] = text_T / np.float32(share**0.5)
        reach, wanted = min(count, k + _BEYOND), min(count, k)
        while True:
            rows, scores = index.search(query_D, reach, allowed_N)
            if reach == count or scores[-1] < scores[wanted - 1]:
                break
            reach = min(count, 2 * reach)  # until the cut falls behind the last of the equals
        order = table.first(rows, scores, k)
        return rows[order], scores[order]

    def closest(self, text_T: Vectors, allowed_N: NDArray[np.bool_]) -> float:
        """The largest cosine of any allowed row's words with a text; -1 where none is allowed."""
        _, cosines = self.nearest_to_words(text_T, allowed_N, _TO_BE_SURE)
        return float(cosines[0]) if len(cosines) else -1.0

    @property
    def shortlist(self) -> Shortlist:
        """The shortlist of the catalogue as it is; where only rows were added since the last, these are added."""
        table, listed = self.now, self._listed
        if listed is None or listed[0] != table.version:
            with self._lock:
                listed = self._listed
                if listed is None or listed[0] != table.version:
                    self._listed = listed = table.version, _listed(table, listed)
        return listed[1]


def _listed(table: ItemTable, before: tuple[str, Shortlist] | None) -> Shortlist:
    vectors_of = partial(_whole, table)
    if before is not None and before[1].coded and len(before[1]) <= len(table):
        version, shortlist = before
        if version.partition("+")[0] == table.version.partition("+")[0]:
            return shortlist.grown(len(table), vectors_of)
    return Shortlist(len(table), vectors_of, width=_WIDTH, longer=_LONGER)


def _whole(table: ItemTable, rows_R: Rows) -> Vectors:
    """vectors_RD whose inner products are the weighted sums of the cosines of words and of looks."""
    words, looks = (np.float32(share**0.5) for share in table.shares)
    return np.hstack([words * table.text_NT[rows_R], looks * table.looks_NP[rows_R]])


def whole_query(
    table: ItemTable, rows_E: Rows, weights_E: NDArray[np.floating], text_T: Vectors | None, share_of_text: float
) -> Vectors:
    """The vector_D for `nearest` of liked rows with signed weights, mixed with a text vector where there is one."""
    shares_E = (weights_E / np.abs(weights_E).sum()).astype(np.float32)
    query_D = shares_E @ _whole(table, rows_E)
    if text_T is None:
        return query_D
    query_D = query_D * np.float32(1 - share_of_text)
    query_D[: len(text_T)] += np.float32(share_of_text / max(table.shares[0], 1e-6) ** 0.5) * text_T
    return query_D
