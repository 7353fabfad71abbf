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
from assistant.recommend.interactions import (
    AskableSource,
    Asked,
    HistorySource,
    Interactions,
    Mask,
    Past,
    RowsL,
    Scores,
)
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
        asked: the source asked about the wish's history, for who has it at hand.
        allowed_N: which rows may be brought; None: what the wish's conditions allow.
    """

    source: HistorySource
    table: ItemTable
    catalogue: Catalogue
    asked: Asked | None = None
    allowed_N: Mask | None = None

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
        asked = self.asked
        if asked is None:
            felt = Felt.of(self.table, wish.history, wish.refused)
            if not felt.events:
                return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
            asked = ask(self.source, felt.past())
        allowed_N = self.catalogue.allowed(wish.conditions) if self.allowed_N is None else self.allowed_N
        rows_M, scores_M = asked.near(allowed_N, k)
        order = self.table.first(rows_M, scores_M, k)
        return rows_M[order], scores_M[order]


class Once:
    """A source for one request: what it says of the whole catalogue for the past it is asked about is kept."""

    def __init__(self, source: HistorySource, past: Past) -> None:
        self._source = source
        self._past = past
        self._score_N: Scores | None = None

    @property
    def name(self) -> str:
        """The source's own."""
        return self._source.name

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """As the source's."""
        if self._score_N is None or len(pasts) != 1 or not self._past.same(pasts[0]):
            return self._source.scores(pasts, rows_R)
        return self._score_N[None] if rows_R is None else self._score_N[None, rows_R]

    def near(self, allowed_N: Mask, k: int) -> tuple[RowsL, Scores]:
        """All allowed rows with scores above 0, and these."""
        del k
        score_N = self._source.scores([self._past])[0] if self._score_N is None else self._score_N
        self._score_N = score_N
        rows_M = np.flatnonzero(allowed_N & (score_N > 0))
        return rows_M, score_N[rows_M]


def ask(source: HistorySource, past: Past) -> Asked:
    """The source, asked about a past."""
    return source.asked(past) if isinstance(source, AskableSource) else Once(source, past)


@dataclass(frozen=True, slots=True)
class Carried:
    """A source asked in the rows of a catalogue that has changed since it was fitted; items come since then score 0.

    Attributes:
        to_fitted_N: row now -> row then, or -1.
        to_now_M: row then -> row now, or -1; of as many rows as there were.
    """

    source: HistorySource
    to_fitted_N: RowsL
    to_now_M: RowsL

    @property
    def name(self) -> str:
        """The source's own."""
        return self.source.name

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """As the source's; what it does not know of a past is left out."""
        then_R = self.to_fitted_N if rows_R is None else self.to_fitted_N[rows_R]
        scores_BR = self.source.scores([self._told(past) for past in pasts], np.maximum(then_R, 0))
        return np.where(then_R >= 0, np.asarray(scores_BR, dtype=np.float32), np.float32(0.0))

    def asked(self, past: Past) -> Asked:
        """The source asked about what it knows of the past."""
        return _CarriedAsked(ask(self.source, self._told(past)), self.to_fitted_N, self.to_now_M)

    def _told(self, past: Past) -> Past:
        rows_L = self.to_fitted_N[past.rows_L]
        known = rows_L >= 0
        return Past(rows_L[known], past.weights_L[known], past.at_L[known])


@dataclass(frozen=True, slots=True)
class _CarriedAsked(Carried):
    """The same asked about a past; `source` is what was asked."""

    source: Asked

    def near(self, allowed_N: Mask, k: int) -> tuple[RowsL, Scores]:
        """As what was asked, in the rows of now."""
        here_M = self.to_now_M >= 0
        allowed_M = here_M.copy()
        allowed_M[here_M] = allowed_N[self.to_now_M[here_M]]
        rows, scores = self.source.near(allowed_M, k)
        return self.to_now_M[rows], scores


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
        now = {item_id: row for row, item_id in enumerate(table.ids) if item_id in then}
        to_now_M = np.array([now.get(item_id, -1) for item_id in self.ids], dtype=np.int64)
        carried = tuple(Carried(source, to_fitted_N, to_now_M) for source in self.sources)
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
