"""Sources learned from what shoppers did: fitted anew in the background, asked by every request.

A shopper's own events count at once, since a source is asked with the past as it is; those of others enter when the
sources are fitted again.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.recommend.history import Felt
from assistant.recommend.interactions import HistorySource, Interactions, Past, RowsL, Scores
from assistant.recommend.table import ItemTable
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue, Hit
from index.items import ItemId

log = logging.getLogger(__name__)

Fit = Callable[[Interactions, ItemTable], Sequence[HistorySource]]
"""Fits sources whose rows are those of the table."""


@dataclass(frozen=True, slots=True)
class LearnedSource:
    """Brings the items a history source scores highest. What may be shown is settled first, then the best are taken.

    Attributes:
        felt: the wish's history, for who has it at hand.
    """

    source: HistorySource
    table: ItemTable
    catalogue: Catalogue
    felt: Felt | None = None

    @property
    def name(self) -> str:
        """The history source's own."""
        return self.source.name

    def find(self, wish: Wish, k: int) -> list[Hit]:
        """At most `k` items with scores above 0, best first; none without a past."""
        rows, scores = self.rows(wish, k)
        return [Hit(self.table.ids[row], score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True)]

    def rows(self, wish: Wish, k: int) -> tuple[RowsL, Scores]:
        """The same by row."""
        felt = self.felt or Felt.of(self.table, wish.history)
        if not felt.events:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        scores_N = self.source.scores([felt.past()])[0]
        best = self.table.best(scores_N, self.catalogue.allowed(wish.conditions) & (scores_N > 0), k)
        return best, scores_N[best]


class Once:
    """A source for one request: what it says of the whole catalogue for the first past is asked once and kept."""

    def __init__(self, source: HistorySource) -> None:
        self._source = source
        self._kept: tuple[Past, Scores] | None = None

    @property
    def name(self) -> str:
        """The source's own."""
        return self._source.name

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """As the source's."""
        if len(pasts) != 1 or (self._kept is None and rows_R is not None):
            return self._source.scores(pasts, rows_R)
        if self._kept is None:
            self._kept = pasts[0], self._source.scores(pasts)
        past, scores_1N = self._kept
        if not (np.array_equal(past.rows_L, pasts[0].rows_L) and np.array_equal(past.weights_L, pasts[0].weights_L)):
            return self._source.scores(pasts, rows_R)
        return scores_1N if rows_R is None else scores_1N[:, rows_R]


@dataclass(frozen=True, slots=True)
class Carried:
    """A source asked in the rows of a catalogue that has changed since it was fitted; items come since then score 0.

    Attributes:
        to_fitted_N: row now -> row then, or -1.
    """

    source: HistorySource
    to_fitted_N: RowsL

    @property
    def name(self) -> str:
        """The source's own."""
        return self.source.name

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """As the source's; what it does not know of a past is left out."""
        then_R = self.to_fitted_N if rows_R is None else self.to_fitted_N[rows_R]
        told: list[Past] = []
        for past in pasts:
            rows_L = self.to_fitted_N[past.rows_L]
            known = rows_L >= 0
            told.append(Past(rows_L[known], past.weights_L[known], past.at_L[known]))
        scores_BR = np.asarray(self.source.scores(told, np.maximum(then_R, 0)), dtype=np.float32)
        return np.where(then_R >= 0, scores_BR, np.float32(0.0))


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Sources, the catalogue they were fitted for, and what they are asked through now."""

    version: str
    ids: tuple[ItemId, ...]
    sources: tuple[HistorySource, ...]

    def at(self, table: ItemTable) -> "_Fitted":
        """The same, to be asked in the rows of another table."""
        then = {item_id: row for row, item_id in enumerate(self.ids)}
        to_fitted_N = np.array([then.get(item_id, -1) for item_id in table.ids], dtype=np.int64)
        if np.array_equal(to_fitted_N, np.arange(len(self.ids))):
            return _Fitted(table.version, table.ids, self.sources)
        carried = tuple(Carried(source, to_fitted_N) for source in self.sources)
        return _Fitted(table.version, self.ids, carried)


class Learned:
    """The learned sources in force. Asking never waits for fitting."""

    def __init__(
        self, fit: Fit | None = None, log_of: Callable[[Sequence[ItemId]], Interactions] | None = None
    ) -> None:
        """No sources until the first `refit`.

        Args:
            fit: makes the sources; None: there are none.
            log_of: everything that happened, with items in the order given.
        """
        self._fit = fit
        self._log_of = log_of
        self._fitted = self._asked = _Fitted("", (), ())
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def version(self) -> str:
        """The names of the sources in force, for who wants to know what ranked."""
        return "+".join(source.name for source in self._fitted.sources) or "none"

    def sources(self, table: ItemTable) -> tuple[HistorySource, ...]:
        """The sources, to be asked in the table's rows."""
        fitted, asked = self._fitted, self._asked
        if fitted.version == table.version or not fitted.sources:
            return fitted.sources
        if asked.version != table.version:
            self._asked = asked = fitted.at(table)
        return asked.sources

    def refit(self, table: ItemTable) -> int:
        """Fit everything to the log as it is now and put it in force at once; how many interactions there were."""
        if self._fit is None or self._log_of is None:
            return 0
        begun = time.perf_counter()
        told = self._log_of(table.ids)
        self._fitted = self._asked = _Fitted(table.version, table.ids, tuple(self._fit(told, table)))
        log.info("fitted to %d events in %.1f s: %s", len(told), time.perf_counter() - begun, self.version)
        return len(told)

    def keep_fitting(
        self, table_now: Callable[[], ItemTable], every_s: float, also: Callable[[], None] = lambda: None
    ) -> None:
        """Fit again every so many seconds, in a thread of its own, until `close`; `also` is done each time."""

        def work() -> None:
            while not self._closing.wait(every_s):
                try:
                    also()
                    self.refit(table_now())
                except Exception:  # whatever is wrong with the log, what was fitted before goes on serving
                    log.exception("fitting the learned sources failed; the last ones stay in force")

        self._thread = threading.Thread(target=work, name="whybuy-refit", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Fit no more."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(5)
