"""The last step after ranking: which of nearly equal items share the shelf, so that it is not all of one sort.

Scores stay what they are. The step decides who is on the shelf; on it, items stand by score, ties by id.

Sources: H. Steck, Calibrated Recommendations (RecSys 2018), for shoppers with a past; J. Carbonell and J. Goldstein,
Maximal Marginal Relevance (SIGIR 1998), for those without.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
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
    gaining = _Calibration(table, tastes, rows_R, score_R) if tastes else _Variety(table, rows_R, score_R)
    shelf = [0]
    found: dict[int, Literal["score", "taste", "variety"]] = {0: "score"}
    first = 1  # of those left
    while len(shelf) < k:
        while first in found:
            first += 1
        best = gaining.best(shelf, first, slack)
        found[best] = "score" if best == first or best < k else gaining.why
        shelf.append(best)
    return found


class _Variety:
    """An item gains by being unlike the one on the shelf that it is most like."""

    why: Literal["variety"] = "variety"

    def __init__(self, table: ItemTable, rows_R: Rows, score_R: Floats) -> None:
        self._alike_RR = table.likeness(rows_R, rows_R).astype(np.float64)
        self._score_R = score_R

    def best(self, shelf: Sequence[int], first: int, slack: float) -> int:
        """The position to take next, `first` being the best left; of equals the first."""
        # As many better ones may be passed over as there are, but none by more than the slack.
        near = np.flatnonzero(self._score_R >= self._score_R[first] - slack)
        near = near[~np.isin(near, shelf)]
        gains = -self._alike_RR[near[:, None], shelf].max(axis=1)
        lost = (self._score_R[first] - self._score_R[near]) / slack  # from 0 to 1
        return int(near[np.argmax((gains - 0.5 * lost).round(9))])


class _Calibration:
    """An item gains by how much nearer to the tastes the shelf comes with one more of its department.

    That is minus the Kullback-Leibler divergence, 0 at best. Only the term of the department that gains differs, and
    of one department the best left gains most.
    """

    why: Literal["taste"] = "taste"

    def __init__(self, table: ItemTable, tastes: Mapping[int, float], rows_R: Rows, score_R: Floats) -> None:
        self._tastes = tastes
        self._score_R: list[float] = score_R.tolist()
        departments = table.department_N[rows_R].tolist()
        self._department_R = [department if department in tastes else None for department in departments]

    def best(self, shelf: Sequence[int], first: int, slack: float) -> int:
        """The position to take next, `first` being the best left; of equals the first."""
        held = Counter(self._department_R[at] for at in shelf)
        now = {d: self._term(d, held[d], len(shelf) + 1) for d in self._tastes}
        whole = sum(now.values())
        gains = {d: now[d] - self._term(d, held[d] + 1, len(shelf) + 1) - whole for d in now}
        found: dict[int | None, tuple[float, int]] = {}
        for at in range(first, len(self._score_R)):
            if self._score_R[at] < self._score_R[first] - slack or len(found) > len(gains):
                break  # as many better ones may be passed over as there are, but none by more than the slack
            department = self._department_R[at]
            if at not in shelf and department not in found:
                gain = gains[department] if department is not None else -whole
                lost = (self._score_R[first] - self._score_R[at]) / slack  # from 0 to 1
                found[department] = (-round(gain - 0.5 * lost, 9), at)
        return min(found.values())[1]

    def _term(self, department: int, count: int, size: int) -> float:
        taste = self._tastes[department]
        return taste * math.log(taste / ((1 - _SMOOTHING) * count / size + _SMOOTHING * taste))


def _tastes(table: ItemTable, felt: Felt) -> dict[int, float]:
    """The share of each department in what the shopper seeks, by weight; empty without anything sought."""
    tastes: dict[int, float] = {}
    departments = table.department_N[felt.rows_E].tolist()
    for department, weight in zip(departments, felt.weights_E.tolist(), strict=True):
        if weight > 0 and department >= 0:
            tastes[department] = tastes.get(department, 0.0) + weight
    total = sum(tastes.values())
    return {department: weight / total for department, weight in tastes.items()}
