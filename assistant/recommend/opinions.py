"""What buyers say of items, as columns: reviews read once at start, looked up by every request."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from assistant.recommend.features import Aspects
from assistant.recommend.table import ItemTable
from assistant.reviews.aspects import asked_aspects
from assistant.reviews.opinions import ItemOpinions, open_reader
from index.items import Item, ItemId

log = logging.getLogger(__name__)

_MOST_READ_WELL = 20_000
"""Reviews that the trained model reads at start, some 10 ms each once; more are read by their words alone."""


class Opinions:
    """The opinions on a catalogue's items, by row of whichever table is asked for."""

    def __init__(self, book: Mapping[ItemId, ItemOpinions]) -> None:
        self._book = book
        self._made: tuple[str, Aspects] | None = None

    @classmethod
    def read(cls, items: Iterable[Item], cache: Path | None = None) -> "Opinions | None":
        """Of all items that have reviews; None where none has. `cache` is a file that spares the next reading."""
        reviewed = [item for item in items if item.reviews]
        if not reviewed:
            return None
        many = sum(len(item.reviews) for item in reviewed)
        return cls(open_reader(cache, learned=many <= _MOST_READ_WELL).read(reviewed))

    def at(self, table: ItemTable) -> Aspects:
        """The same as columns of that table."""
        made = self._made
        if made is None or made[0] != table.version:
            self._made = made = table.version, self._columns(table)
        return made[1]

    def _columns(self, table: ItemTable) -> Aspects:
        tone_N = np.zeros(len(table))
        sentiment_N: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
        for item_id, opinions in self._book.items():
            row = table.rows.get(item_id)
            if row is None:
                continue
            tone_N[row] = opinions.tone
            for opinion in opinions.aspects:
                sentiment_N.setdefault(opinion.aspect, np.zeros(len(table)))[row] = opinion.polarity
        return Aspects(tone_N, sentiment_N, asked_aspects)
