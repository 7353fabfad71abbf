"""Where a source ranks what was kept from it: each shopper's held item among all items, none sampled.

Legend: S shoppers, Q of them with a held item, B asked at once, N items.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import HistorySource, Interactions, Past, RowsL
from finetune import metrics

_AT_ONCE = 512


def held_ranks(
    source: HistorySource, events: Interactions, held_S: NDArray[np.int64], *, keep_past: bool = False
) -> NDArray[np.int64]:
    """ranks_Q, from 0, of the held items of the shoppers who have one (`held_S` >= 0), in their order.

    Items of the past are left out of the ranking unless `keep_past`, a held item that was sought before among them:
    it is `metrics.MISSED`.
    """
    asked = np.flatnonzero(held_S >= 0)
    return wanted_ranks(source, [events.past(int(s)) for s in asked], held_S[asked], keep_past=keep_past)


def wanted_ranks(
    source: HistorySource, pasts: Sequence[Past], wanted_Q: RowsL, *, keep_past: bool = False
) -> NDArray[np.int64]:
    """ranks_Q, from 0, of the item wanted after each past, among all items; those of the past as in `held_ranks`."""
    found: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(pasts), _AT_ONCE):
        some = pasts[start : start + _AT_ONCE]
        scores_BN = source.scores(some).copy()
        if not keep_past:
            for line, past in enumerate(some):
                scores_BN[line, past.rows_L] = -np.inf
        found.append(metrics.ranks(scores_BN, wanted_Q[start : start + _AT_ONCE]))
    return np.concatenate(found)


def are_repeated(events: Interactions, held_S: NDArray[np.int64]) -> bool:
    """Whether shoppers seek again what they sought before, so that a ranking should keep the past."""
    return any(int(held_S[shopper]) in events.past(int(shopper)).rows_L for shopper in np.flatnonzero(held_S >= 0))
