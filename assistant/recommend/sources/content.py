"""Items whose words and pictures are near the request's."""

import numpy as np

from assistant.recommend.tables import Rows, Tables, Vectors
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue, Hit, Query


class ContentSource:
    """Nearest item vectors to the request's words, picture, or the item whose likes are sought."""

    name = "content"

    def __init__(self, catalogue: Catalogue, tables: Tables | None = None) -> None:
        self._catalogue = catalogue
        self._tables = tables or Tables(catalogue)

    def find(self, wish: Wish, k: int) -> list[Hit]:
        if wish.text and wish.picture is None and wish.like is None:
            ids = self._tables.now.ids
            rows, scores = self.rows(wish, k)
            return [Hit(ids[row], score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True)]
        like = ((wish.like, 1.0),) if wish.like else ()
        if not (wish.picture or like):
            return []
        query = Query(text=wish.text, picture=wish.picture, like=like)
        return self._catalogue.search(query, k, wish.conditions)

    def rows(self, wish: Wish, k: int) -> tuple[Rows, Vectors]:
        """The same by row."""
        if not wish.text or wish.picture is not None or wish.like is not None:
            hits = self.find(wish, k)
            rows_of = self._tables.now.rows
            rows = np.array([rows_of[hit.item_id] for hit in hits], dtype=np.int64)
            return rows, np.array([hit.score for hit in hits], dtype=np.float32)
        text_T = self._catalogue.encode_text(wish.text)
        return self._tables.nearest_to_words(text_T, self._tables.allowed(wish.conditions), k)
