"""What a candidate source promises."""

from typing import Protocol

from assistant.recommend.wish import Wish
from index.catalogue import Hit


class Source(Protocol):
    """Brings items for a wish. Never brings one that breaks a hard constraint or is out of stock."""

    @property
    def name(self) -> str:
        """The name its candidates carry."""
        ...

    def find(self, wish: Wish, k: int) -> list[Hit]:
        """At most `k` items with this source's own score, best first; empty when it has nothing to go by."""
        ...
