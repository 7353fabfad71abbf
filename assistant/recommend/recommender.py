"""Retrieve, rank, arrange: from a wish to scored items.

Legend: N rows of the catalogue, R candidates, S shown, F features.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import Candidate, Ranked
from assistant.recommend.arrange import Placed, arrange
from assistant.recommend.features import columns
from assistant.recommend.history import Felt
from assistant.recommend.interactions import HistorySource
from assistant.recommend.learned import Learned, LearnedSource, Once
from assistant.recommend.leaving_out import share_out
from assistant.recommend.opinions import Opinions
from assistant.recommend.ranker import AdditiveRanker
from assistant.recommend.sketch import Tables
from assistant.recommend.sources.protocol import Source
from assistant.recommend.table import ItemTable
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue
from index.items import ItemId

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shown:
    """A recommendation in the making: its score, and its place."""

    ranked: Ranked
    placed: Placed


@dataclass(slots=True)
class Recommender:
    """Candidates from every source, ordered by the ranker, arranged for the shelf. Safe to share between threads.

    Attributes:
        fallback: serves when no other source has anything to go by.
        opinions: what buyers say of items.
        learned: sources fitted on what shoppers did; also features of every candidate.
        depth: how many items each source may bring.
        tables: shared with sources that work by row; its own unless given.
        variety: how much of the shelf's spread of scores diversity may cost; see `arrange`.
    """

    catalogue: Catalogue
    sources: Sequence[Source]
    fallback: Source
    ranker: AdditiveRanker
    learned: Learned = field(default_factory=Learned)
    opinions: Opinions | None = None
    depth: int = 100
    variety: float = 0.0
    tables: Tables | None = None
    _sought: tuple[Mapping[ItemId, float], str, Floats] | None = None

    def __post_init__(self) -> None:
        self.tables = self.tables or Tables(self.catalogue)

    @property
    def table(self) -> ItemTable:
        """The catalogue by column, as it is now."""
        assert self.tables is not None
        return self.tables.now

    def retrieve(self, wish: Wish) -> list[Candidate]:
        """What the sources bring, each item once; the fallback source serves when the others have nothing to go by."""
        table = self.table
        found = self._retrieved(wish, table, Felt.of(table, wish.history), self._learned(table))
        return [Candidate(item_id, scores) for item_id, scores in found.items()]

    def _learned(self, table: ItemTable) -> list[Once]:
        return [Once(source) for source in self.learned.sources(table)]

    def _retrieved(
        self, wish: Wish, table: ItemTable, felt: Felt, learned: Sequence[Once]
    ) -> dict[ItemId, dict[str, float]]:
        """The items found and, by source, their scores."""
        found: dict[ItemId, dict[str, float]] = {}
        for source in (*self.sources, *(LearnedSource(one, table, self.catalogue, felt) for one in learned)):
            for hit in source.find(wish, self.depth):
                found.setdefault(hit.item_id, {})[source.name] = hit.score
        if not found:
            for hit in self.fallback.find(wish, self.depth):
                found.setdefault(hit.item_id, {})[self.fallback.name] = hit.score
        for item_id in (*wish.exclude, *([wish.like] if wish.like else [])):
            found.pop(item_id, None)
        return found

    def rank(self, wish: Wish, item_ids: Sequence[ItemId]) -> list[Ranked]:
        """`item_ids` best first. Same wish and items, same order, to the last digit."""
        table = self.table
        felt, learned = Felt.of(table, wish.history), self._learned(table)
        return [each.ranked for each in self._ranked(wish, item_ids, len(item_ids), 0.0, table, felt, learned)]

    def recommend(self, wish: Wish, k: int) -> list[Ranked]:
        """The shelf of at most `k`; fewer when fewer are allowed."""
        return [shown.ranked for shown in self.shelf(wish, k)]

    def shelf(self, wish: Wish, k: int) -> list[Shown]:
        """The same with the place of each item, and whether it was its score alone that put it there."""
        table = self.table
        felt, learned = Felt.of(table, wish.history), self._learned(table)
        candidates = list(self._retrieved(wish, table, felt, learned))
        return self._ranked(wish, candidates, k, self.variety, table, felt, learned)

    def _ranked(
        self,
        wish: Wish,
        item_ids: Sequence[ItemId],
        k: int,
        variety: float,
        table: ItemTable,
        felt: Felt,
        learned: Sequence[HistorySource],
    ) -> list[Shown]:
        if not item_ids:
            return []
        rows_R = np.array([table.rows[item_id] for item_id in dict.fromkeys(item_ids)], dtype=np.int64)
        found = columns(
            self.catalogue,
            table,
            wish,
            rows_R,
            felt=felt,
            sought_N=self._sought_by_row(table, wish.popularity),
            learned=learned,
            weighed=self.ranker.weighs(),
            aspects=self.opinions.at(table) if self.opinions is not None else None,
        )
        parts_FR = self.ranker.parts(found, len(rows_R))
        score_R = self.ranker.base + parts_FR.sum(axis=0)
        order_R = np.lexsort((table.id_order_N[rows_R], -score_R))
        placed = arrange(table, felt, rows_R[order_R], score_R[order_R], k, variety)
        shown_S = order_R[[place.at for place in placed]]
        names, parts_PS = share_out(table, self.ranker, felt, found, parts_FR, rows_R, shown_S, learned)
        return [
            Shown(self.ranker.ranked(table.ids[row], names, parts_PS[:, at]), place)
            for at, (row, place) in enumerate(zip(rows_R[shown_S].tolist(), placed, strict=True))
        ]

    def _sought_by_row(self, table: ItemTable, popularity: Mapping[ItemId, float]) -> Floats:
        """How sought each row is, from 0 to 1, on a scale of magnitudes."""
        kept = self._sought
        if kept is not None and kept[0] is popularity and kept[1] == table.version:
            return kept[2]
        most = float(np.log1p(max(popularity.values(), default=0.0))) or 1.0
        sought_N = np.log1p(table.by_row(popularity)) / most
        self._sought = popularity, table.version, sought_N
        return sought_N
