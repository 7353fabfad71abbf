"""Items near what this shopper has sought before."""

from assistant.recommend.wish import Wish, taste
from index.catalogue import Catalogue, Hit, Query


class PastSource:
    """Nearest item vectors to the shopper's history, mixed with the request's words when there are any."""

    name = "past"

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def find(self, wish: Wish, k: int) -> list[Hit]:
        liked: dict[str, float] = {}
        for event, weight in taste(wish.history):
            if event.item_id in self._catalogue:
                liked[event.item_id] = liked.get(event.item_id, 0.0) + weight
        if not any(weight > 0 for weight in liked.values()):
            return []
        query = Query(text=wish.text, like=tuple(liked.items()))
        return self._catalogue.search(query, k, wish.conditions)
