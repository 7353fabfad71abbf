"""Items near what this shopper has sought before."""

from assistant.recommend.history import Felt
from assistant.recommend.sketch import Tables, whole_query
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
        table = self._tables.now
        felt = Felt.of(table, wish.history)
        if not (felt.weights_E > 0).any():
            return []
        text = self._catalogue.encode_text(wish.text) if wish.text else None
        liked = list(zip(felt.rows_E.tolist(), felt.weights_E.tolist(), strict=True))
        query_D = whole_query(table, liked, text, _SHARE_OF_TEXT)
        rows, scores = self._tables.nearest(query_D, self._catalogue.allowed(wish.conditions), k)
        return [Hit(table.ids[row], score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True)]
