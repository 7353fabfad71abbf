"""One ranking out of several: reciprocal rank fusion. It needs no scores, so words and vectors need no common scale."""

import math
from collections.abc import Sequence
from typing import Protocol, Self, TypeVar


class Ordered(Protocol):
    """Anything with an order among its kind: ids, rows."""

    def __lt__(self, other: Self, /) -> bool: ...
    def __hash__(self) -> int: ...


Id = TypeVar("Id", bound=Ordered)

K0 = 60
"""How slowly ranks lose worth: 1 / (60 + rank). The paper's value, flat around its best on four TREC collections."""


def rrf(
    rankings: Sequence[Sequence[Id]], k0: float = K0, weights: Sequence[float] | None = None
) -> list[tuple[Id, float]]:
    """Every id of the rankings with the sum of weight / (k0 + rank) over them, best first, ties by id.

    Ranks begin at 1; a ranking that lacks an id adds nothing to it. The result does not depend on the order of the
    rankings.

    Args:
        rankings: each best first and without repeats.
        weights: one per ranking, 1 each by default.

    Raises:
        ValueError: `k0` is below 0, a ranking repeats an id, or there is not one weight per ranking.

    Source: Cormack, Clarke and Buettcher, Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
        Methods, SIGIR 2009, https://doi.org/10.1145/1571941.1572114
    """
    shares = [1.0] * len(rankings) if weights is None else list(weights)
    if k0 < 0 or len(shares) != len(rankings):
        raise ValueError(f"k0 is {k0} and {len(shares)} weights stand for {len(rankings)} rankings")
    parts: dict[Id, list[float]] = {}
    for ranking, share in zip(rankings, shares, strict=True):
        if len(set(ranking)) != len(ranking):
            raise ValueError("a ranking names an id twice")
        for rank, found in enumerate(ranking, start=1):
            parts.setdefault(found, []).append(share / (k0 + rank))
    # fsum: equal parts added in another order must stay equal, or ties would not be ties.
    scores = {found: math.fsum(worth) for found, worth in parts.items()}
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
