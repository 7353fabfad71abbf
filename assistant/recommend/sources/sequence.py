"""What a Transformer that has read many shoppers' histories expects this one to seek next.

Legend: N items, d numbers, B shoppers, R rows asked for.
"""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import Mask, Past, RowsL, Scores
from assistant.recommend.shortlist import Shortlist
from assistant.recommend.user_model import UserModel, item_vectors, load, rows_of_own
from assistant.recommend.user_model_states import Reading, States
from index.items import ItemId


class SequenceSource:
    """Scores by the user model. The items' vectors are made once. Safe to share between threads.

    Args:
        text_ND, picture_NP: vectors of the N items, as the model was trained with.
        own_N: see `item_vectors`.

    Raises:
        ValueError: they are not of the model's width or number.
    """

    name = "sequence"

    def __init__(
        self,
        model: UserModel,
        text_ND: NDArray[np.float32] | None,
        picture_NP: NDArray[np.float32] | None = None,
        own_N: NDArray[np.int64] | None = None,
    ) -> None:
        self.model = model.eval()
        self.items_Nd = item_vectors(model, text_ND, picture_NP, own_N)
        self._states = States(self.model)
        self._shortlist: Shortlist | None = None
        self._lock = threading.Lock()

    @classmethod
    def load(
        cls,
        folder: Path,
        items: Sequence[ItemId],
        text_ND: NDArray[np.float32] | None,
        picture_NP: NDArray[np.float32] | None = None,
    ) -> "SequenceSource":
        """The source of the model in `folder` for a catalogue: `items` and, in their order, their vectors.

        Items the model was not trained on are known by words and picture alone.

        Raises:
            WeightsError: no model can be read there.
        """
        model, _ = load(folder)
        return cls(model, text_ND, picture_NP, rows_of_own(folder, items) if model.shape.items else None)

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """scores_BR: logits of the next item, about -20 to 20. What was disliked is not read."""
        items_Rd = self.items_Nd if rows_R is None else self.items_Nd[rows_R]
        return self.states(pasts) @ items_Rd.T

    def states(self, pasts: Sequence[Past]) -> NDArray[np.float32]:
        """states_Bd, for who wants to keep them: scores are their inner products with `items_Nd`."""
        return self._states.of(self.items_Nd, [_liked(past) for past in pasts])

    def asked(self, past: Past) -> "AskedSequence":
        """The source asked about a past: what versions of it have in common is read once."""
        return AskedSequence(self, past, Reading(self._states, self.items_Nd))

    @property
    def shortlist(self) -> Shortlist:
        """Made when first asked for: most of what reads the model never searches by it."""
        with self._lock:
            if self._shortlist is None:
                self._shortlist = Shortlist.of(self.items_Nd)
            return self._shortlist


class AskedSequence:
    """A user model asked about a past. For one request, one thread."""

    def __init__(self, source: SequenceSource, past: Past, reading: Reading) -> None:
        self._source = source
        self._reading = reading
        self._state_d = reading.of([_liked(past)])[0]
        self._asked_for: tuple[RowsL, NDArray[np.float32]] | None = None

    @property
    def name(self) -> str:
        """The source's own."""
        return self._source.name

    def near(self, allowed_N: Mask, k: int) -> tuple[RowsL, Scores]:
        """Of a large catalogue's items those of a shortlist, which nearly always holds the best."""
        rows = self._source.shortlist.near(self._state_d, allowed_N, k)
        scores = self._source.items_Nd[rows] @ self._state_d
        kept = scores > 0
        return rows[kept], scores[kept]

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """As the source's; pasts that read alike score alike to the last digit, whichever others they come with."""
        states_Bd = self._reading.of([_liked(past) for past in pasts])
        if rows_R is None:
            return states_Bd @ self._source.items_Nd.T
        if self._asked_for is None or self._asked_for[0] is not rows_R:
            self._asked_for = rows_R, self._source.items_Nd[rows_R]
        items_Rd = self._asked_for[1]
        # One product for each: products of several lines are added up in another order than those of one.
        return np.stack([items_Rd @ state_d for state_d in states_Bd]) if len(states_Bd) else states_Bd @ items_Rd.T


def _liked(past: Past) -> RowsL:
    """What is read of a past: nothing that was disliked."""
    return past.rows_L[past.weights_L > 0]
