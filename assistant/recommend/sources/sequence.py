"""What a Transformer that has read many shoppers' histories expects this one to seek next.

Legend: N items, d numbers, B shoppers, R rows asked for.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import Past, RowsL, Scores
from assistant.recommend.user_model import UserModel, item_vectors, load, rows_of_own
from assistant.recommend.user_model_states import States
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
        # Copied, for numpy asks the system for large pages, which makes a scan of all items quicker.
        self.items_Nd = item_vectors(model, text_ND, picture_NP, own_N).copy()
        self._states = States(self.model)

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
        return self._states.of(self.items_Nd, [past.rows_L[past.weights_L > 0] for past in pasts])
