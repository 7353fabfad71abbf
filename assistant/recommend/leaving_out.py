"""What each past item has to do with a score: the score is taken again as if the shopper had never met it.

Legend: P parts told, F features, R candidates, S of them shown, B versions of the past, E past items.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.features import Column
from assistant.recommend.history import Felt, kinship, source_features
from assistant.recommend.interactions import HistorySource
from assistant.recommend.ranker import AdditiveRanker
from assistant.recommend.table import ItemTable

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

NAMED_PAST_ITEMS = 6
"""Past items that get a part of their own."""

TOGETHER = "history"
"""The rest of what the past gives: items not named, and what several give only together. No event's name: those have
the event's id behind a colon, whatever it is."""


def share_out(
    table: ItemTable,
    ranker: AdditiveRanker,
    felt: Felt,
    columns: Sequence[Column],
    parts_FR: Floats,
    rows_R: Rows,
    shown_S: NDArray[np.int64],
    learned: Sequence[HistorySource],
) -> tuple[list[str], Floats]:
    """The parts with those of the past shared out over its items: names_P and parts_PS, whose sums stay the same.

    An item's part is what all features of the past lose when it is left out; `TOGETHER` is what remains.

    Args:
        parts_FR: what the columns give the candidates. shown_S: which of these are shown.
    """
    parts_FS, rows_S = parts_FR[:, shown_S], rows_R[shown_S]
    mine = np.array([column.of_history for column in columns], dtype=np.bool_)
    kept = [column.name for column in columns if not column.of_history]
    if not mine.any() or not len(rows_S):
        return kept, parts_FS[~mine]
    whole_S = parts_FS[mine].sum(axis=0)
    kin_SE = kinship(table, felt, rows_S)
    rows_E = _named(felt, kin_SE)
    without_ES = _without(ranker, felt, kin_SE, rows_E, rows_R, shown_S, learned)
    lost_ES = whole_S[None, :] - without_ES
    names = [f"history:{felt.named_event(row).id}" for row in rows_E]
    rest_S = whole_S - lost_ES.sum(axis=0)
    return [*kept, *names, TOGETHER], np.vstack([parts_FS[~mine], lost_ES, rest_S[None, :]])


def _named(felt: Felt, kin_SE: Floats) -> list[int]:
    """The rows of the past items that have most to do with any shown item: by likeness and weight, then the latest."""
    pull_E = np.abs(kin_SE * felt.weights_E).max(axis=0)
    order_E = np.argsort(-pull_E.round(9), kind="stable")
    return felt.rows_E[np.sort(order_E[:NAMED_PAST_ITEMS])].tolist()


def _without(
    ranker: AdditiveRanker,
    felt: Felt,
    kin_SE: Floats,
    rows_E: Sequence[int],
    rows_R: Rows,
    shown_S: NDArray[np.int64],
    learned: Sequence[HistorySource],
) -> Floats:
    """given_ES: what the features of the past give without each item; all candidates count where shares are made."""
    given_ES = ranker.gives("history", felt.weights_without(rows_E) @ kin_SE.T)
    past = felt.past()
    pasts = [past.without_item(row) for row in rows_E]
    for source in learned:
        for name, values_ER in source_features(source, pasts, rows_R).items():
            if name in ranker.weighs():
                given_ES += ranker.gives(name, values_ER[:, shown_S])
    return given_ES
