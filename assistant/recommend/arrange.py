"""The last step after ranking: which of nearly equal items share the shelf, so that it is not all of one sort.

Scores stay what they are. The step decides who is on the shelf; on it, items stand by score, ties by id.

Sources: H. Steck, Calibrated Recommendations (RecSys 2018), for shoppers with a past; J. Carbonell and J. Goldstein,
Maximal Marginal Relevance (SIGIR 1998), for those without.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.history import Felt
from assistant.recommend.table import ItemTable

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_SMOOTHING = 0.01
"""What a shelf is taken to hold of every department, as a share of the tastes: else one want would be endless."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an item stands and where its score alone would have put it, both counted from 1.

    Attributes:
        at: position in the ranked list given.
        why: `score`; `taste`: its department was wanting beside what the shopper seeks; `variety`: the others are
            more alike. An item that only made room, or moved along, has `score`.
    """

    at: int
    by_score: int
    rank: int
    why: Literal["score", "taste", "variety"] = "score"


def arrange(table: ItemTable, felt: Felt, rows_R: Rows, score_R: Floats, k: int, strength: float) -> list[Placed]:
    """The shelf of at most `k` of R ranked items, in rank order.

    An item may take the place of a better one only if it trails it by at most `strength` times the distance in score
    between the first item and the k-th, and only if the shelf then comes nearer to the shopper's tastes, or without
    any is less of a kind. The first item always stays.

    Args:
        rows_R: best first, ties settled; `score_R` their scores.
        strength: from 0, which leaves the first `k`, to 1.
    """
    size = len(rows_R)
    chosen: dict[int, Literal["score", "taste", "variety"]] = dict.fromkeys(range(min(k, size)), "score")
    slack = strength * float(score_R[0] - score_R[min(k, size) - 1]) if size else 0.0
    reach = int(np.searchsorted(-score_R, slack - score_R[min(k, size) - 1], side="right")) if size else 0
    if size > k > 1 and slack > 0 and reach > k:
        chosen = _chosen(table, felt, rows_R[:reach], score_R[:reach], k, slack)
    return [Placed(at, at + 1, rank, chosen[at]) for rank, at in enumerate(sorted(chosen), start=1)]


def _chosen(
    table: ItemTable, felt: Felt, rows_R: Rows, score_R: Floats, k: int, slack: float
) -> dict[int, Literal["score", "taste", "variety"]]:
    """Positions on the shelf and why each is there: one after another, the best gain among those within the slack."""
    tastes = _tastes(table, felt)
    why: Literal["taste", "variety"] = "taste" if tastes is not None else "variety"
    alike_RR = None if tastes is not None else table.likeness(rows_R, rows_R).astype(np.float64)
    departments_R = table.department_N[rows_R]
    shelf = [0]
    found: dict[int, Literal["score", "taste", "variety"]] = {0: "score"}
    left = np.arange(1, len(rows_R))
    while len(shelf) < k:
        # As many better ones may be passed over as there are, but none by more than the slack.
        near = left[score_R[left] >= score_R[left[0]] - slack]
        if tastes is not None:
            gains = _calibrations(tastes, departments_R[shelf])[departments_R[near]]
        else:
            assert alike_RR is not None
            gains = -alike_RR[near[:, None], shelf].max(axis=1)
        lost = (score_R[left[0]] - score_R[near]) / slack  # from 0 to 1
        best = int(near[np.argmax((gains - 0.5 * lost).round(9))])  # of equals the first
        found[best] = "score" if best == left[0] or best < k else why
        shelf.append(best)
        left = left[left != best]
    return found


def _tastes(table: ItemTable, felt: Felt) -> Floats | None:
    """The share of each department in what the shopper seeks, by weight; None without anything sought."""
    tastes = np.zeros(len(table.departments))
    for row, weight in zip(felt.rows_E.tolist(), felt.weights_E.tolist(), strict=True):
        if weight > 0 and table.department_N[row] >= 0:
            tastes[table.department_N[row]] += weight
    total = float(tastes.sum())
    return tastes / total if total else None


def _calibrations(tastes_D: Floats, departments: Rows) -> Floats:
    """How near a shelf comes to the tastes with one more item of each department; the last is of an item of none.

    Minus the Kullback-Leibler divergence, 0 at best. Only the term of the department that gains differs.
    """
    held_D = np.bincount(departments[departments >= 0], minlength=len(tastes_D))
    sought_D = np.where(tastes_D > 0, tastes_D, 1.0)  # the others have no part: 0 times the logarithm of anything

    def terms(count_D: NDArray[np.int64]) -> Floats:
        mixed_D = (1 - _SMOOTHING) * count_D / (len(departments) + 1) + _SMOOTHING * sought_D
        return tastes_D * np.log(sought_D / mixed_D)

    now_D = terms(held_D)
    whole = float(now_D.sum())
    return np.append(now_D - terms(held_D + 1) - whole, -whole)
