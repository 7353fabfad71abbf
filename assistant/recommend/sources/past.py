"""Items near what this shopper has sought before."""

import numpy as np

from assistant.recommend.tables import Rows, Tables, Vectors, whole_query
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue, Hit

_SHARE_OF_TEXT = 2 / 3
"""How much the request's words count beside the history, where there are any."""


class PastSource:
    """Nearest item vectors to the shopper's history, mixed with the request's words when there are any."""

    name = "past"

    def __init__(self, catalogue: Catalogue, tables: Tables | None = None) -> None:
        self._catalogue = catalogue
        self._tables = tables or Tables(catalogue)

    def find(self, wish: Wish, k: int) -> list[Hit]:
        ids = self._tables.now.ids
        rows, scores = self.rows(wish, k)
        return [Hit(ids[row], score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True)]

    def rows(self, wish: Wish, k: int) -> tuple[Rows, Vectors]:
        """The same by row."""
        table, felt = self._tables.now, self._tables.felt(wish.history, wish.refused)
        if not (felt.weights_E > 0).any():
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        text = self._catalogue.encode_text(wish.text) if wish.text else None
        query_D = whole_query(table, felt.rows_E, felt.weights_E, text, _SHARE_OF_TEXT)
        return self._tables.nearest(query_D, self._tables.allowed(wish.conditions), k)
