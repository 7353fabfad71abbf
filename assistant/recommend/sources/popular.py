"""Items many shoppers seek; where nobody has sought anything yet, the best rated."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.table import ItemTable
from assistant.recommend.tables import Tables
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue, Hit
from index.items import ItemId


class PopularSource:
    """The allowed items by popularity, then by their ratings, then by id."""

    name = "popular"

    def __init__(self, catalogue: Catalogue, tables: Tables | None = None) -> None:
        self._catalogue = catalogue
        self._tables = tables or Tables(catalogue)
        self._ordered: tuple[Mapping[ItemId, float], str, NDArray[np.int64]] | None = None

    def find(self, wish: Wish, k: int) -> list[Hit]:
        table = self._tables.now
        rows_N = self._order(table, wish.popularity)
        allowed_N = self._tables.allowed(wish.conditions)
        first = rows_N[allowed_N[rows_N]][:k]
        return [Hit(table.ids[row], wish.popularity.get(table.ids[row], 0.0)) for row in first.tolist()]

    def _order(self, table: ItemTable, popularity: Mapping[ItemId, float]) -> NDArray[np.int64]:
        """All rows in order; kept for as long as neither popularity nor catalogue changes."""
        kept = self._ordered
        if kept is not None and kept[0] is popularity and kept[1] == table.version:
            return kept[2]
        rows_N = np.lexsort((table.id_order_N, -table.rating_N, -table.by_row(popularity)))
        self._ordered = popularity, table.version, rows_N
        return rows_N
