"""What a user model has seen of a shop: how often each item was sought in its training.

Little of what a model learns in one shop holds in another, and little of it for an item hardly anybody has met. So the
model keeps count, and where it has nothing to go on the items' words speak (`assistant.recommend.sources.sequence`).

Items are known again by id and by their words: ids alone (`1001`) mean something else in every shop.

Legend: K items of the training, N of a catalogue, D numbers of a text vector, M of a mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import Interactions
from index.encoders import unit
from index.items import ItemId

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

_MARK = 32
_ALIKE = 0.5
"""Cosine of two marks from which on they are of one item. Of two items it is 0 in the mean, and seldom above 0.5;
of one whose title got a few more words it stays above."""


@dataclass(frozen=True, slots=True)
class Known:
    """The items of a training.

    Attributes:
        items: their ids.
        events_K: how often each was sought.
        marks_KM: the first numbers of their text vectors about `centre_M`, of unit length; of a model that reads no
            words, M is 0.
    """

    items: tuple[ItemId, ...]
    events_K: NDArray[np.int64]
    centre_M: Vectors
    marks_KM: Vectors

    def __post_init__(self) -> None:
        if not len(self.items) == len(self.events_K) == len(self.marks_KM):
            raise ValueError(f"{len(self.items)} items, {len(self.events_K)} counts, {len(self.marks_KM)} marks")

    @classmethod
    def of(cls, log: Interactions, text_ND: Vectors | None) -> "Known":
        """What a model trained on `log` has seen; `text_ND` are the vectors it read, of `log.items`."""
        size = len(log.items)
        head_NM = np.zeros((size, 0), dtype=np.float32) if text_ND is None else text_ND[:, :_MARK]
        centre_M = head_NM.mean(axis=0) if size else np.zeros(head_NM.shape[1], dtype=np.float32)
        return cls(log.items, sought(log), centre_M, unit(head_NM - centre_M))

    def rows(self, items: Sequence[ItemId], text_ND: Vectors | None = None) -> Rows:
        """rows_N: where each item of a catalogue stood in the training, -1 where it did not.

        Args:
            text_ND: its vectors; without them ids are believed.
        """
        places = {item: row for row, item in enumerate(self.items)}
        rows_N = np.array([places.get(item, -1) for item in items], dtype=np.int64)
        width = self.marks_KM.shape[1]
        if text_ND is None or not width or not len(self.items):
            return rows_N
        marks_NM = unit(text_ND[:, :width] - self.centre_M)
        alike_N = np.einsum("nm,nm->n", marks_NM, self.marks_KM[rows_N]) > _ALIKE
        return np.where(alike_N, rows_N, -1)

    def events(self, rows_N: Rows) -> NDArray[np.int64]:
        """events_N: how often the items of those rows were sought; -1 for -1."""
        return np.where(rows_N >= 0, self.events_K[rows_N], -1) if len(self.items) else np.full_like(rows_N, -1)


def sought(log: Interactions) -> NDArray[np.int64]:
    """events_N: how often each item of the log was sought; what was disliked was not."""
    return np.bincount(log.row_E[log.weight_E > 0], minlength=len(log.items))
