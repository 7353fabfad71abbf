"""What a candidate source promises."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.wish import Wish
from index.catalogue import Hit

Rows = NDArray[np.int64]


class Source(Protocol):
    """Brings items for a wish. Never brings one that breaks a hard constraint or is out of stock."""

    @property
    def name(self) -> str:
        """The name its candidates carry."""
        ...

    def find(self, wish: Wish, k: int) -> list[Hit]:
        """At most `k` items with this source's own score, best first; empty when it has nothing to go by."""
        ...


@runtime_checkable
class RowSource(Protocol):
    """A source that knows the rows of the items it brings, and spares whoever wants these the way over ids."""

    def rows(self, wish: Wish, k: int) -> tuple[Rows, NDArray[np.floating]]:
        """rows_K and scores_K of what `find` brings, in the rows of the catalogue as it is now."""
        ...
