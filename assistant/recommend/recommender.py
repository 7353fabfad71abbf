"""Retrieve and rank: from a wish to scored items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.nouns import Candidate, Ranked
from assistant.recommend.features import columns
from assistant.recommend.ranker import LinearRanker
from assistant.recommend.sources.protocol import Source
from assistant.recommend.wish import Wish
from index.catalogue import Catalogue
from index.items import ItemId


@dataclass(frozen=True, slots=True)
class Recommender:
    """Candidates from every source, ordered by the ranker.

    `depth` is how many items each source may bring.
    """

    catalogue: Catalogue
    sources: Sequence[Source]
    fallback: Source
    ranker: LinearRanker
    depth: int = 100

    def retrieve(self, wish: Wish) -> list[Candidate]:
        """What the sources bring, each item once; the fallback source serves when the others have nothing to go by."""
        found: dict[ItemId, dict[str, float]] = {}
        for source in self.sources:
            for hit in source.find(wish, self.depth):
                found.setdefault(hit.item_id, {})[source.name] = hit.score
        if not found:
            for hit in self.fallback.find(wish, self.depth):
                found.setdefault(hit.item_id, {})[self.fallback.name] = hit.score
        dropped: Mapping[ItemId, object] = dict.fromkeys((*wish.exclude, *([wish.like] if wish.like else [])))
        return [Candidate(item_id, scores) for item_id, scores in found.items() if item_id not in dropped]

    def rank(self, wish: Wish, item_ids: Sequence[ItemId]) -> list[Ranked]:
        """`item_ids` best first. Same wish and items, same order, to the last digit."""
        return self.ranker.rank(item_ids, columns(self.catalogue, wish, item_ids))

    def recommend(self, wish: Wish, k: int) -> list[Ranked]:
        """The best `k` candidates; fewer when fewer are allowed."""
        return self.rank(wish, [candidate.item_id for candidate in self.retrieve(wish)])[:k]
