"""The ranker: a score that is exactly a base plus named contributions."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from assistant.nouns import Contribution, Ranked
from assistant.recommend.features import Column
from index.items import ItemId

WEIGHTS: Mapping[str, float] = {
    "query": 5.0,
    "words": 1.5,
    "picture": 10.0,
    "similar": 4.0,
    "kind": 0.8,
    "budget": 0.3,
    "preference.hard": 0.5,
    "preference.soft": 1.0,
    "history": 2.5,
    "brand_habit": 0.15,
    "price_habit": 0.2,
    "seen": -0.6,
    "rating": 0.25,
    "popularity": 0.2,
}
"""Set by hand for this first ranker: what was asked outweighs who asks, and both outweigh what everybody likes."""


class LinearRanker:
    """Weighs every feature by one number, so that each contribution is weight times value and nothing is left over."""

    def __init__(self, weights: Mapping[str, float] = WEIGHTS, base: float = 0.0) -> None:
        self._weights = dict(weights)
        self._base = base

    @property
    def version(self) -> str:
        """`linear-` and a hash of the weights: two rankers with one version order alike."""
        canonical = json.dumps([self._base, self._weights], sort_keys=True).encode()
        return f"linear-{hashlib.sha256(canonical).hexdigest()[:12]}"

    def rank(self, item_ids: Sequence[ItemId], columns: Sequence[Column]) -> list[Ranked]:
        """Every item once, highest score first, ties by item id.

        Raises:
            KeyError: a column names a weight this ranker does not have.
        """
        ranked: list[Ranked] = []
        for row, item_id in enumerate(item_ids):
            parts = tuple(
                Contribution(column.name, self._weights[column.weight] * float(column.values_N[row]))
                for column in columns
                if column.values_N[row] != 0.0
            )
            ranked.append(Ranked(item_id, self._base, parts))
        return sorted(ranked, key=lambda each: (-each.score, each.item_id))
