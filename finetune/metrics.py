"""How good ranked lists are: recall, NDCG, hits, MRR, coverage, novelty, and how sure these figures are.

Legend: Q requests, k places, N items. A rank counts from 0; `MISSED` is an item that was not ranked at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import RowsL, Scores

MISSED = np.iinfo(np.int64).max

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over requests and where it lies in 95 of 100 resamplings of them."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.4f} [{self.low:.4f}, {self.high:.4f}]"


def ranks(scores_QN: Scores, wanted_Q: RowsL) -> RowsL:
    """How many items stand before the wanted one of each request; of equal scores the lower row stands first.

    A wanted item whose score is minus infinity was left out of the ranking: `MISSED`.
    """
    own_Q1 = np.take_along_axis(scores_QN, wanted_Q[:, None], axis=1)
    before = (scores_QN > own_Q1).sum(axis=1)
    lower = np.arange(scores_QN.shape[1])[None, :] < wanted_Q[:, None]
    found = before + ((scores_QN == own_Q1) & lower).sum(axis=1)
    return np.where(np.isneginf(own_Q1[:, 0]), MISSED, found).astype(np.int64)


def hits(ranks_Q: RowsL, k: int) -> Floats:
    """1 for each request whose one wanted item is among the first `k`: its recall@k and hit rate."""
    return (ranks_Q < k).astype(np.float64)


def gains(ranks_Q: RowsL, k: int) -> Floats:
    """NDCG@k of each request with one wanted item: 1 / log2(rank + 2) among the first `k`, else 0."""
    return np.where(ranks_Q < k, 1.0 / np.log2(np.minimum(ranks_Q, k) + 2.0), 0.0)


def reciprocals(ranks_Q: RowsL, k: int) -> Floats:
    """Reciprocal rank of each request's one wanted item among the first `k`, else 0; its mean is MRR@k."""
    return np.where(ranks_Q < k, 1.0 / (np.minimum(ranks_Q, k) + 1.0), 0.0)


def basket_recall(lists: Sequence[Sequence[int]], wanted: Sequence[frozenset[int]], k: int) -> Floats:
    """Share of each request's wanted items among the first `k` of its list.

    Raises:
        ValueError: a request wants nothing.
    """
    _check(lists, wanted)
    return np.array([len(goal & set(line[:k])) / len(goal) for line, goal in zip(lists, wanted, strict=True)])


def basket_ndcg(lists: Sequence[Sequence[int]], wanted: Sequence[frozenset[int]], k: int) -> Floats:
    """NDCG@k of each request that wants several items, each worth the same.

    Raises:
        ValueError: a request wants nothing.
    """
    _check(lists, wanted)
    discount = 1.0 / np.log2(np.arange(k) + 2.0)
    return np.array(
        [
            sum(discount[place] for place, item in enumerate(line[:k]) if item in goal) / discount[: len(goal)].sum()
            for line, goal in zip(lists, wanted, strict=True)
        ]
    )


def coverage(rows_Qk: RowsL, items: int) -> float:
    """Share of all items that stand in at least one list; -1 marks an empty place."""
    return len(np.unique(rows_Qk[rows_Qk >= 0])) / items


def novelty(rows_Qk: RowsL, popularity_N: Floats) -> float:
    """Mean surprise of the items shown, in bits: -log2 of an item's share of all events, as if seen once more each."""
    share_N = (popularity_N + 1.0) / (popularity_N + 1.0).sum()
    return float(-np.log2(share_N[rows_Qk[rows_Qk >= 0]]).mean())


def interval(values_Q: Floats, *, seed: int = 0, draws: int = 1000) -> Interval:
    """The mean over requests with its 95 % bootstrap interval (percentiles of resampled means).

    Raises:
        ValueError: there are no requests.
    """
    return _interval(values_Q, np.random.default_rng(seed), draws)


def difference(values_Q: Floats, others_Q: Floats, *, seed: int = 0, draws: int = 1000) -> Interval:
    """How much larger the first mean is than the second over the same requests; surer than two intervals apart."""
    return _interval(values_Q - others_Q, np.random.default_rng(seed), draws)


def _interval(values_Q: Floats, chance: np.random.Generator, draws: int) -> Interval:
    if not len(values_Q):
        raise ValueError("no requests to take a mean over")
    means = np.array([values_Q[chance.integers(0, len(values_Q), len(values_Q))].mean() for _ in range(draws)])
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(values_Q.mean()), float(low), float(high))


def _check(lists: Sequence[Sequence[int]], wanted: Sequence[frozenset[int]]) -> None:
    if len(lists) != len(wanted):
        raise ValueError(f"{len(lists)} lists for {len(wanted)} requests")
    if not all(wanted):
        raise ValueError("a request wants nothing")
