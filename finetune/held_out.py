"""Where a source ranks what was kept from it: each shopper's held item among all items, none sampled.

Legend: S shoppers, Q of them with a held item, B asked at once, N items.
"""

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import HistorySource, Interactions
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
    found: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(asked), _AT_ONCE):
        shoppers_B = asked[start : start + _AT_ONCE]
        pasts = [events.past(int(shopper)) for shopper in shoppers_B]
        scores_BN = source.scores(pasts).copy()
        if not keep_past:
            for line, past in enumerate(pasts):
                scores_BN[line, past.rows_L] = -np.inf
        found.append(metrics.ranks(scores_BN, held_S[shoppers_B]))
    return np.concatenate(found)


def are_repeated(events: Interactions, held_S: NDArray[np.int64]) -> bool:
    """Whether shoppers seek again what they sought before, so that a ranking should keep the past."""
    return any(int(held_S[shopper]) in events.past(int(shopper)).rows_L for shopper in np.flatnonzero(held_S >= 0))
