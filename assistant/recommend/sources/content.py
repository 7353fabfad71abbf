"""Items whose words and pictures are near the request's."""

from assistant.recommend.wish import Wish
from index.catalogue import Catalogue, Hit, Query


class ContentSource:
    """Nearest item vectors to the request's words, picture, or the item whose likes are sought."""

    name = "content"

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def find(self, wish: Wish, k: int) -> list[Hit]:
        like = ((wish.like, 1.0),) if wish.like else ()
        if not (wish.text or wish.picture or like):
            return []
        query = Query(text=wish.text, picture=wish.picture, like=like)
        return self._catalogue.search(query, k, wish.conditions)
