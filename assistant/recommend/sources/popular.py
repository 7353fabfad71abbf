"""Items many shoppers seek; where nobody has sought anything yet, the best rated."""

from assistant.recommend.wish import Wish
from index.catalogue import Catalogue, Hit


class PopularSource:
    """The allowed items by popularity, then by how many raters they have, then by id."""

    name = "popular"

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def find(self, wish: Wish, k: int) -> list[Hit]:
        def order(item_id: str) -> tuple[float, float, str]:
            item = self._catalogue.item(item_id)
            return (-wish.popularity.get(item_id, 0.0), -(item.rating or 0.0) * item.rating_count, item_id)

        allowed = sorted(self._catalogue.matching(wish.conditions), key=order)
        return [Hit(item_id, wish.popularity.get(item_id, 0.0)) for item_id in allowed[:k]]
