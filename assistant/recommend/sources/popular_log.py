"""What many seek, and what more and more do: the history source for those with next to no history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import Interactions, Past, RowsL, Scores


@dataclass(frozen=True, slots=True)
class PopularLogSource:
    """Scores every item alike for everybody, by how many seek it."""

    sought_N: NDArray[np.float32]
    facts: Mapping[str, Any]
    name: str = "popular_log"

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """scores_BR: the logarithm of one more than how often each item was sought, late events counting most."""
        line = self.sought_N if rows_R is None else self.sought_N[rows_R]
        return np.repeat(line[None, :], len(pasts), axis=0)


def fit(log: Interactions, *, half_life_days: float = 60.0, name: str = "popular_log") -> PopularLogSource:
    """An event counts half as much as one `half_life_days` later; all the same where times are not known."""
    latest = float(log.at_E.max()) if len(log) else 0.0
    counts_E = np.maximum(log.weight_E, 0.0) * 0.5 ** ((latest - log.at_E) / half_life_days)
    sought_N = np.log1p(np.bincount(log.row_E, counts_E, minlength=len(log.items))).astype(np.float32)
    return PopularLogSource(sought_N, {"half_life_days": half_life_days, "events": len(log)}, name)
