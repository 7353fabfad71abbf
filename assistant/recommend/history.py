"""The shopper's own past in the ranker's terms: what is felt of it, and what is left of that without one past item.

Legend: E past items, R rows asked for, B versions of a past (the whole one first, then each without one item).
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.nouns import REFUSING, Event
from assistant.recommend.interactions import HistorySource, Past
from assistant.recommend.table import ItemTable
from assistant.recommend.wish import faded, weight_of
from index.items import ItemId

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

REACH = 60
"""How many of the latest events are weighed: what lies further back weighs less than a two-hundredth."""

_BOUGHT, _REFUSED = 1.0, 8.0
"""How much it counts that an item was bought, which moves it down, and that it was refused, which moves it away."""

_LEAST_KINSHIP = 0.35
"""Cosine from which on two items count as alike: below it, almost anything in a shop is."""


def standing(history: Sequence[Event], refused: Collection[ItemId] = ()) -> tuple[Event, ...]:
    """What of a history still counts, given and returned newest first: of each item the last word is heeded.

    Where that is a refusal, it alone counts of all that was done with the item, and nothing of one in `refused`, which
    holds those refused before. A like, cart, purchase or good rating takes back what refused the item before; of what
    lies before a refusal, nothing counts any more, nor before stars that say what it came to.
    """
    if not refused and not any(event.kind in REFUSING or event.disappoints for event in history):
        return tuple(history)
    words: dict[ItemId, Event] = {}
    for event in history:
        if event.refuses or event.welcomes:
            words.setdefault(event.item_id, event)
    found: list[Event] = []
    ended: set[ItemId] = set()
    for event in history:
        if event.item_id in ended:
            continue
        word = words.get(event.item_id)
        if event.refuses:
            ended.add(event.item_id)
            found += [event] if word is event else []
        elif not (word.refuses if word is not None else event.item_id in refused):
            found.append(event)
            ended |= {event.item_id} if event.disappoints else set()
    return tuple(found)


class _Done(NamedTuple):
    """One event in numbers: its item's row, what its kind says, the day since 1970, and whether it is a purchase."""

    row: int
    weight: float
    at: float
    bought: bool


@dataclass(frozen=True, slots=True)
class Felt:
    """A past as the ranker feels it.

    Attributes:
        events: those whose item the catalogue knows, newest first.
        rows_E: their distinct items, the one last met first.
        weights_E: each item's signed weight in the shopper's taste.
        bought_E: whether it was bought: likeness to itself is no reason to buy a thing again.
        refused: items that were refused, whether or not in these events, and not taken back.
    """

    events: tuple[Event, ...]
    rows_E: Rows
    weights_E: Floats
    bought_E: NDArray[np.bool_]
    refused: frozenset[ItemId]
    _done: tuple[_Done, ...]
    _past: Past

    @classmethod
    def of(cls, table: ItemTable, history: Sequence[Event], refused: Collection[ItemId] = ()) -> "Felt":
        """The past of a shopper whose events are given newest first; items no longer sold use up nothing of its reach.

        `refused`: items that were refused before all of the history, and not taken back.
        """
        of_item = table.rows
        known = standing([event for event in history if event.item_id in of_item][:REACH], refused)
        done = tuple(
            _Done(of_item[e.item_id], weight_of(e), e.at.timestamp() / 86400, e.kind == "purchase") for e in known
        )
        weights = dict.fromkeys((one.row for one in done), 0.0)
        for one, weight in zip(done, faded([one.weight for one in done]), strict=False):  # none where nothing counts
            weights[one.row] += weight
        bought = {one.row for one in done if one.bought}
        return cls(
            known,
            np.array(list(weights), dtype=np.int64),
            np.array(list(weights.values()), dtype=np.float64),
            np.array([row in bought for row in weights], dtype=np.bool_),
            frozenset(refused).union(event.item_id for event in known if event.refuses),
            done,
            _past(done),
        )

    def weights_without(self, rows_B: Sequence[int]) -> Floats:
        """weights_BE of the same past as if the shopper had never met the item of each row; 0 for that item."""
        column = {row: e for e, row in enumerate(self.rows_E.tolist())}
        weights_BE = np.zeros((len(rows_B), len(self.rows_E)))
        for line_E, row in zip(weights_BE, rows_B, strict=True):
            kept = [one for one in self._done if one.row != row]
            weights = faded([one.weight for one in kept])  # none where nothing counts
            for one, weight in zip(kept, weights, strict=False):
                line_E[column[one.row]] += weight
        return weights_BE

    def past(self) -> Past:
        """The same for history sources: every event in its turn, oldest first, with the weight of its kind."""
        return self._past

    def named_event(self, row: int) -> Event:
        """Of what was done with an item, what says most; the latest of equals."""
        return max(
            (event for event, one in zip(self.events, self._done, strict=True) if one.row == row),
            key=lambda event: abs(weight_of(event)),  # the first of equals: events come newest first
        )

    def met(self) -> Iterator[tuple[int, Event]]:
        """Every event with the row of its item, newest first."""
        return ((one.row, event) for event, one in zip(self.events, self._done, strict=True))


def _past(done: Sequence[_Done]) -> Past:
    rows, weights, days, _ = zip(*reversed(done), strict=True) if done else ((), (), (), ())
    return Past(np.array(rows, dtype=np.int64), np.array(weights, dtype=np.float64), np.array(days, dtype=np.float64))


def kinship(table: ItemTable, felt: Felt, rows_R: Rows) -> Floats:
    """kinship_RE in [0, 1]: how much each row is like each past item. Only real likeness counts, and the more so."""
    if not len(felt.rows_E):
        return np.zeros((len(rows_R), 0))
    cosines_RE = table.likeness(rows_R, felt.rows_E).astype(np.float64)
    kin_RE = np.square(np.clip((cosines_RE - _LEAST_KINSHIP) / (1 - _LEAST_KINSHIP), 0.0, 1.0))
    kin_RE[(rows_R[:, None] == felt.rows_E[None, :]) & felt.bought_E[None, :]] = 0.0
    return kin_RE


def source_features(source: HistorySource, pasts_B: Sequence[Past], rows_R: Rows) -> dict[str, Floats]:
    """values_BR by feature: `name`, the source's scores, and `name.share`, those over the largest among the rows.

    An empty past scores nothing; of a largest score of 0 or below there are no shares, nor of one's own below 0.
    """
    told = [number for number, past in enumerate(pasts_B) if len(past)]
    if len(told) == len(pasts_B) > 0 and len(rows_R):
        scores_BR = np.asarray(source.scores(pasts_B, rows_R), dtype=np.float64)
    else:
        scores_BR = np.zeros((len(pasts_B), len(rows_R)))
        if told and len(rows_R):
            scores_BR[told] = source.scores([pasts_B[number] for number in told], rows_R)
    most_B1 = scores_BR.max(axis=1, initial=0.0, keepdims=True)
    shares_BR = np.maximum(scores_BR, 0.0) / np.where(most_B1 > 0, most_B1, np.inf)
    return {source.name: scores_BR, f"{source.name}.share": shares_BR}


@dataclass(frozen=True, slots=True)
class Habits:
    """What a past says of brands and prices, and of items already met."""

    brand_R: Floats
    price_R: Floats
    seen_R: Floats


def habits(table: ItemTable, felt: Felt, rows_R: Rows) -> Habits:
    """The habits of a past, felt by each row; zeros where there is nothing to go by."""
    brand_E, brand_R = table.brand_N[felt.rows_E], table.brand_N[rows_R]
    same_RE = (brand_R[:, None] == brand_E) & (brand_E >= 0)
    seen: dict[int, float] = {}
    log_prices: list[float] = []
    for row, event in felt.met():
        if event.kind == "purchase":
            seen[row] = _BOUGHT
        if event.kind in ("purchase", "cart") and not math.isnan(table.log_price_N[row]):
            log_prices.append(float(table.log_price_N[row]))
    price_R = np.zeros(len(rows_R))
    if log_prices:
        distance_R = np.abs(table.log_price_N[rows_R] - median(log_prices))
        price_R = np.maximum(0.0, 1.0 - np.nan_to_num(distance_R, nan=1.0))
    seen_R = _looked_up(seen, rows_R)
    if felt.refused:
        seen_R[[table.ids[row] in felt.refused for row in rows_R.tolist()]] = _REFUSED
    return Habits(same_RE @ felt.weights_E, price_R, seen_R)


def _looked_up(values: Mapping[int, float], rows_R: Rows) -> Floats:
    """What is told of each row; 0 where nothing is."""
    if not values:
        return np.zeros(len(rows_R))
    told_V = np.array(sorted(values), dtype=np.int64)
    place_R = np.minimum(np.searchsorted(told_V, rows_R), len(told_V) - 1)
    value_V = np.array([values[row] for row in told_V.tolist()])
    return np.where(told_V[place_R] == rows_R, value_V[place_R], 0.0)
