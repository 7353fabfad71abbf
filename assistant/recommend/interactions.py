"""Who did what with which item, and when, as arrays: what history sources are fitted on and asked with.

Legend: S shoppers, N items, E interactions, L of one shopper, B shoppers asked for at once, R rows asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.items import ItemId

RowsL = NDArray[np.int64]
FloatsL = NDArray[np.float64]
Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Past:
    """What one shopper did, oldest first.

    Attributes:
        rows_L: the items, as positions in the item order of whoever is asked; never -1.
        weights_L: how much each says about taste; negative for what was disliked.
        at_L: when, in days since 1970; all equal where only the order is known.
    """

    rows_L: RowsL
    weights_L: FloatsL
    at_L: FloatsL

    def __post_init__(self) -> None:
        if not len(self.rows_L) == len(self.weights_L) == len(self.at_L):
            raise ValueError(f"{len(self.rows_L)} rows, {len(self.weights_L)} weights, {len(self.at_L)} times")

    def __len__(self) -> int:
        return len(self.rows_L)

    def same(self, other: "Past") -> bool:
        """Whether both tell of the same events, whenever these were."""
        return self is other or (
            np.array_equal(self.rows_L, other.rows_L) and np.array_equal(self.weights_L, other.weights_L)
        )

    def without(self, position: int) -> "Past":
        """The same past as if one interaction had not been."""
        return Past(
            np.delete(self.rows_L, position), np.delete(self.weights_L, position), np.delete(self.at_L, position)
        )

    def without_item(self, row: int) -> "Past":
        """The same past as if the item of that row had never been met."""
        kept_L = self.rows_L != row
        return Past(self.rows_L[kept_L], self.weights_L[kept_L], self.at_L[kept_L])


class HistorySource(Protocol):
    """Scores items by what a shopper did. Fitted once, asked often; safe to share between threads."""

    @property
    def name(self) -> str:
        """The name of its candidates and of its feature."""
        ...

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """scores_BR of the items in `rows_R` (all N without it) for each past; larger is better.

        0 throughout a line means that there was nothing to go by. Items of the past are scored like others: to leave
        them out is the caller's choice.
        """
        ...


class Asked(HistorySource, Protocol):
    """A source that has been asked about a past, for one request: what its answers have in common is made once."""

    def near(self, allowed_N: Mask, k: int) -> tuple[RowsL, Scores]:
        """rows_M of allowed items and their scores_M, all above 0, in no order: the `k` best are among them, or nearly.

        Fewer than `k` only where no more score above 0, or the source brings no more.
        """
        ...


@runtime_checkable
class AskableSource(Protocol):
    """A history source that need not score every item to name the best, nor begin anew for versions of one past."""

    def asked(self, past: Past) -> Asked:
        """The source, asked about this past; `scores` of it and of pasts much like it come cheap."""
        ...


@dataclass(frozen=True, slots=True)
class Interactions:
    """A log of E interactions, sorted by shopper and then by time; those of equal time keep their order in the log.

    Attributes:
        shopper_E, row_E: positions in `shoppers` and `items`.
        at_E: days since 1970, or 0 throughout where only the order is known.
        starts_S1: the interactions of shopper s are starts_S1[s]:starts_S1[s + 1].
    """

    shoppers: tuple[str, ...]
    items: tuple[ItemId, ...]
    shopper_E: NDArray[np.int64]
    row_E: NDArray[np.int64]
    weight_E: FloatsL
    at_E: FloatsL
    starts_S1: NDArray[np.int64]

    @classmethod
    def of(
        cls, events: Iterable[tuple[str, ItemId, float, float]], items: Sequence[ItemId] | None = None
    ) -> "Interactions":
        """The log of (shopper, item, weight, days since 1970); shoppers sorted by id.

        Items come in the order of `items`, and interactions with others are left out; without it they are sorted by id.
        """
        lines = list(events)
        order = tuple(items) if items is not None else tuple(sorted({item for _, item, _, _ in lines}))
        rows = {item: row for row, item in enumerate(order)}
        lines = [line for line in lines if line[1] in rows]
        shoppers = tuple(sorted({shopper for shopper, _, _, _ in lines}))
        numbers = {shopper: number for number, shopper in enumerate(shoppers)}
        shopper_E = np.array([numbers[line[0]] for line in lines], dtype=np.int64)
        row_E = np.array([rows[line[1]] for line in lines], dtype=np.int64)
        weight_E = np.array([line[2] for line in lines], dtype=np.float64)
        at_E = np.array([line[3] for line in lines], dtype=np.float64)
        by_time = np.lexsort((np.arange(len(lines)), at_E, shopper_E))
        return cls._sorted(shoppers, order, shopper_E[by_time], row_E[by_time], weight_E[by_time], at_E[by_time])

    @classmethod
    def _sorted(
        cls,
        shoppers: tuple[str, ...],
        items: tuple[ItemId, ...],
        shopper_E: NDArray[np.int64],
        row_E: NDArray[np.int64],
        weight_E: FloatsL,
        at_E: FloatsL,
    ) -> "Interactions":
        starts = np.searchsorted(shopper_E, np.arange(len(shoppers) + 1))
        return cls(shoppers, items, shopper_E, row_E, weight_E, at_E, starts.astype(np.int64))

    def __len__(self) -> int:
        return len(self.row_E)

    def past(self, shopper: int) -> Past:
        """What shopper number `shopper` did; empty for one without interactions."""
        span = slice(int(self.starts_S1[shopper]), int(self.starts_S1[shopper + 1]))
        return Past(self.row_E[span], self.weight_E[span], self.at_E[span])

    def kept(self, keep_E: Mask) -> "Interactions":
        """The log with only some interactions; shoppers and items stay as they are, even those left with none."""
        return self._sorted(
            self.shoppers,
            self.items,
            self.shopper_E[keep_E],
            self.row_E[keep_E],
            self.weight_E[keep_E],
            self.at_E[keep_E],
        )

    def leave_last_out(self, least: int = 2) -> tuple["Interactions", NDArray[np.int64]]:
        """The log without the last interaction of every shopper who has `least` or more, and what these were.

        A last interaction that says dislike is no item to foretell, and stays.

        Returns:
            the shortened log, and rows_S: the item of each shopper's last interaction, -1 where it was kept.
        """
        counts = np.diff(self.starts_S1)
        shoppers = np.flatnonzero(counts >= least)
        lasts = self.starts_S1[1:][shoppers] - 1
        liked = self.weight_E[lasts] > 0
        shoppers, lasts = shoppers[liked], lasts[liked]
        keep_E = np.ones(len(self), dtype=np.bool_)
        keep_E[lasts] = False
        held_S = np.full(len(self.shoppers), -1, dtype=np.int64)
        held_S[shoppers] = self.row_E[lasts]
        return self.kept(keep_E), held_S
