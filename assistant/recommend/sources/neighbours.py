"""Item-item neighbours with order and recency: what shoppers sought soon after (and, less so, before) an item."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from assistant.recommend.interactions import Interactions
from assistant.recommend.sources.links import Links, LinkSource


@dataclass(frozen=True, slots=True)
class NeighbourConfig:
    """How links are counted and weighed.

    Attributes:
        gap: what a step more between two events of a shopper leaves of their link, in (0, 1].
        back: how much a link counts against the order of events; 1 ignores order.
        reach: events further apart than this make no link.
        length: a shopper with n events has every link divided by n ** length: who buys all says little of each.
        source, target: links are divided by popularity ** of either end. A high `source` makes the parts of a past
            alike in size; a low `target` leaves the popular their lead.
        recency: how much a past event counts against the one after it.
        most: links kept for an item.
    """

    gap: float = 0.8
    back: float = 0.3
    reach: int = 20
    length: float = 0.3
    source: float = 0.6
    target: float = 0.2
    recency: float = 0.6
    most: int = 200


def fit(log: Interactions, config: NeighbourConfig | None = None, *, name: str = "neighbours") -> LinkSource:
    """Links from the log of who sought what in which order. Disliked events make none.

    Cost: `reach` passes over the log; a million events of 50,000 items take some seconds.
    """
    config = config or NeighbourConfig()
    table = counted(log, config)
    seen_N = np.bincount(log.row_E[log.weight_E > 0], minlength=len(log.items)).astype(np.float64)
    source, target = sp.diags(_power(seen_N, -config.source)), sp.diags(_power(seen_N, -config.target))
    facts = {"config": asdict(config), "events": len(log), "items": len(log.items)}
    return LinkSource(name, Links.of(source @ table @ target, config.most), config.recency, facts)


def counted(log: Interactions, config: NeighbourConfig) -> Any:  # a scipy sparse matrix: its stubs are partial
    """counts_NN of how often and how soon one item was followed by another, before popularity is taken off."""
    liked = log.weight_E > 0
    shopper_E, row_E = log.shopper_E[liked], log.row_E[liked]
    n = len(log.items)
    lengths = np.bincount(shopper_E, minlength=len(log.shoppers)).astype(np.float64)
    share_E = _power(lengths, -config.length)[shopper_E]
    after = sp.csr_matrix((n, n), dtype=np.float32)
    longest = int(lengths.max(initial=0))
    for step in range(1, min(config.reach, longest - 1) + 1):
        same = shopper_E[step:] == shopper_E[:-step]
        pairs = (row_E[:-step][same], row_E[step:][same])
        weights = (share_E[step:][same] * config.gap ** (step - 1)).astype(np.float32)
        after = after + sp.csr_matrix((weights, pairs), shape=(n, n))
    return after + config.back * after.T


def _power(values: np.ndarray[Any, np.dtype[np.float64]], exponent: float) -> Any:
    return np.where(values > 0, np.maximum(values, 1.0) ** exponent, 0.0)
