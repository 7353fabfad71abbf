"""What is bought together with what: items of one basket, more often than their popularity explains."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from assistant.recommend.interactions import Interactions
from assistant.recommend.sources.links import Links, LinkSource


@dataclass(frozen=True, slots=True)
class ComplementConfig:
    """What counts as together.

    Attributes:
        gap_days: where the log names no baskets, a shopper's events less than so far apart are one.
        largest: baskets of more items say nothing of any two of them, and are left out.
        least: pairs seen together less often are left out.
        recency: how much a past event counts against the one after it.
        most: links kept for an item.
    """

    gap_days: float = 0.125
    largest: int = 80
    least: int = 2
    recency: float = 0.9
    most: int = 100


def fit(
    log: Interactions,
    config: ComplementConfig | None = None,
    *,
    basket_E: NDArray[np.int64] | None = None,
    name: str = "complements",
) -> LinkSource:
    """Links by lift, drawn to 1 while a pair is rare, times how often the other follows: log2(lift) * share.

    Where all times are equal and no baskets are known, nothing is known to be together: there are no links.
    """
    config = config or ComplementConfig()
    n = len(log.items)
    liked = log.weight_E > 0
    facts = {"config": asdict(config), "events": len(log), "items": n}
    if basket_E is None and (not len(log) or float(np.ptp(log.at_E)) == 0.0):
        return LinkSource(name, Links.of(sp.csr_matrix((n, n)), config.most), config.recency, facts)
    basket_E = baskets(log, config.gap_days) if basket_E is None else basket_E
    _, basket_E = np.unique(basket_E[liked], return_inverse=True)
    held: Any = sp.csr_matrix(
        (np.ones(len(basket_E), dtype=np.float32), (basket_E, log.row_E[liked])), (len(basket_E), n)
    )
    held.sum_duplicates()
    held.data[:] = 1.0
    sizes = np.diff(held.indptr)
    held = held[(sizes >= 2) & (sizes <= config.largest)]
    together: Any = (held.T @ held).tocoo()
    in_baskets_N = np.maximum(np.asarray(held.sum(axis=0)).ravel(), 1.0)
    kept = (together.row != together.col) & (together.data >= config.least)
    source, target, count = together.row[kept], together.col[kept], together.data[kept]
    expected = in_baskets_N[source] * in_baskets_N[target] / max(held.shape[0], 1)
    weight = np.log2((count + 1.0) / (expected + 1.0)) * count / in_baskets_N[source] ** 0.5
    table = sp.csr_matrix((np.maximum(weight, 0.0), (source, target)), shape=(n, n))
    return LinkSource(name, Links.of(table, config.most), config.recency, facts)


def baskets(log: Interactions, gap_days: float) -> NDArray[np.int64]:
    """A number for each interaction, shared by those of one shopper that follow each other within `gap_days`."""
    if not len(log):
        return np.zeros(0, dtype=np.int64)
    fresh = (np.diff(log.shopper_E) != 0) | (np.diff(log.at_E) > gap_days)
    return np.concatenate([[0], np.cumsum(fresh)]).astype(np.int64)
