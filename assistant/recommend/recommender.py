"""Retrieve, rank, arrange: from a wish to scored items.

Legend: N rows of the catalogue, R candidates, S shown, F features.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import Candidate, Ranked
from assistant.recommend.arrange import Placed, arrange
from assistant.recommend.features import columns
from assistant.recommend.history import Felt
from assistant.recommend.interactions import Asked
from assistant.recommend.learned import Learned, LearnedSource, ask
from assistant.recommend.leaving_out import share_out
from assistant.recommend.opinions import Opinions
from assistant.recommend.ranker import AdditiveRanker
from assistant.recommend.sources.protocol import RowSource, Source
from assistant.recommend.table import ItemTable
from assistant.recommend.tables import Tables, Vectors
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

    def closest(self, text_T: Vectors, allowed_N: NDArray[np.bool_]) -> float:
        """The largest cosine of any allowed item's words with a text; see `Tables.closest`."""
        assert self.tables is not None
        return self.tables.closest(text_T, allowed_N)

    def retrieve(self, wish: Wish) -> list[Candidate]:
        """What the sources bring, each item once; the fallback source serves when the others have nothing to go by."""
        table = self.table
        found: dict[int, dict[str, float]] = {}
        for source, rows, scores in self._brought(wish, table, self._asked(table, self._felt(wish))):
            for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
                found.setdefault(row, {})[source.name] = score
        return [Candidate(table.ids[row], found[row]) for row in self._kept(wish, table, found)]

    def _felt(self, wish: Wish) -> Felt:
        assert self.tables is not None
        return self.tables.felt(wish.history, wish.refused)

    def _asked(self, table: ItemTable, felt: Felt) -> list[Asked]:
        """The learned sources asked about the past; none without one."""
        if not felt.events:
            return []
        past = felt.past()
        return [ask(source, past) for source in self.learned.sources(table)]

    def _brought(
        self, wish: Wish, table: ItemTable, learned: Sequence[Asked]
    ) -> Iterator[tuple[Source, Rows, NDArray[np.floating]]]:
        """Each source with the rows it brings and its scores of them."""
        assert self.tables is not None
        empty, allowed_N = True, self.tables.allowed(wish.conditions) if learned else None
        for source in (*self.sources, *(LearnedSource(one, table, self.catalogue, one, allowed_N) for one in learned)):
            rows, scores = _rows(source, table, wish, self.depth)
            empty = empty and not len(rows)
            yield source, rows, scores
        if empty:
            yield self.fallback, *_rows(self.fallback, table, wish, self.depth)

    def _kept(self, wish: Wish, table: ItemTable, found: Iterable[int]) -> list[int]:
        """The rows found that may be shown, each once."""
        rows = dict.fromkeys(found)
        for item_id in (*wish.exclude, *([wish.like] if wish.like else [])):
            rows.pop(table.rows.get(item_id, -1), None)
        return list(rows)

    def rank(self, wish: Wish, item_ids: Sequence[ItemId]) -> list[Ranked]:
        """`item_ids` best first. Same wish and items, same order, to the last digit."""
        table = self.table
        rows_R = np.array([table.rows[item_id] for item_id in dict.fromkeys(item_ids)], dtype=np.int64)
        felt = self._felt(wish)
        ranked = self._ranked(wish, rows_R, len(item_ids), 0.0, table, felt, self._asked(table, felt))
        return [each.ranked for each in ranked]

    def recommend(self, wish: Wish, k: int) -> list[Ranked]:
        """The shelf of at most `k`; fewer when fewer are allowed."""
        return [shown.ranked for shown in self.shelf(wish, k)]

    def shelf(self, wish: Wish, k: int) -> list[Shown]:
        """The same with the place of each item, and whether it was its score alone that put it there."""
        table = self.table
        felt = self._felt(wish)
        learned = self._asked(table, felt)
        found = (row for _, rows, _ in self._brought(wish, table, learned) for row in rows.tolist())
        rows_R = np.array(self._kept(wish, table, found), dtype=np.int64)
        return self._ranked(wish, rows_R, k, self.variety, table, felt, learned)

    def _ranked(
        self,
        wish: Wish,
        rows_R: Rows,
        k: int,
        variety: float,
        table: ItemTable,
        felt: Felt,
        learned: Sequence[Asked],
    ) -> list[Shown]:
        if not len(rows_R):
            return []
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


def _rows(source: Source, table: ItemTable, wish: Wish, k: int) -> tuple[Rows, NDArray[np.floating]]:
    """What a source brings, by row."""
    if _knows_rows(type(source)):
        return cast(RowSource, source).rows(wish, k)
    hits = source.find(wish, k)
    return np.array([table.rows[hit.item_id] for hit in hits], dtype=np.int64), np.array([hit.score for hit in hits])


@cache
def _knows_rows(kind: type[Source]) -> bool:
    return issubclass(kind, RowSource)  # which takes longer to find out than to ask the source
