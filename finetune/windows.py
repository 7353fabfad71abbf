"""Shoppers' histories as batches of equal work, with a target after every event.

Legend: B lines of a batch, L events of the longest, M places that have a target, W targets of one place.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import Interactions

Line = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Histories filled up at their ends, and what came after each event.

    Attributes:
        rows_BL: items read; past a line's last target, whatever: nothing is asked there.
        at_M: the places asked, as positions in the flattened rows_BL.
        targets_MW, weights_MW: the items that came next, and what each counts; every line of weights sums to 1. Past
            the end of a line stands its next item again, with weight 0: any other might be one nobody sought.
    """

    rows_BL: NDArray[np.int64]
    at_M: NDArray[np.int64]
    targets_MW: NDArray[np.int64]
    weights_MW: NDArray[np.float32]


def windows(events: Interactions, reach: int) -> list[Line]:
    """Each shopper's liked items, oldest first, in pieces of at most reach + 1 that share their ends.

    Shoppers with fewer than two liked items have none.
    """
    found: list[Line] = []
    for shopper in range(len(events.shoppers)):
        past = events.past(shopper)
        rows_L = past.rows_L[past.weights_L > 0]
        end = len(rows_L)
        while end >= 2:
            found.append(rows_L[max(end - reach - 1, 0) : end])
            end -= reach
    return found


def anything_follows(events: Interactions) -> bool:
    """Whether any shopper has two liked items: without that, nothing can be learned of what follows what."""
    liked_E = events.shopper_E[events.weight_E > 0]
    return bool(len(liked_E)) and int(np.bincount(liked_E).max()) >= 2


def shuffled(
    lines: list[Line],
    generator: np.random.Generator,
    *,
    tokens: int,
    future: tuple[float, ...],
    event_dropout: float = 0.0,
) -> Iterator[Batch]:
    """All lines once, in batches of lines of like length, at most `tokens` places each, in random order.

    Args:
        future: what the next, the second next ... item counts as a target.
        event_dropout: chance of each event to be left out of its line; no line is left with less than two.
    """
    lengths = np.array([len(line) for line in lines])
    order = np.argsort(lengths + generator.uniform(0, 2, len(lines)))
    groups: list[list[int]] = [[]]
    longest = 0
    for number in order.tolist():
        longest = max(longest, int(lengths[number]))
        if groups[-1] and (len(groups[-1]) + 1) * (longest - 1) > tokens:
            groups.append([])
            longest = int(lengths[number])
        groups[-1].append(number)
    for group in generator.permutation(len(groups)):
        yield batch([_thinned(lines[number], event_dropout, generator) for number in groups[group]], future)


def batch(lines: list[Line], future: tuple[float, ...]) -> Batch:
    """The lines side by side. Each has two items or more."""
    lengths_B = np.array([len(line) for line in lines])
    longest, ahead = int(lengths_B.max()), len(future)
    filled = np.zeros((len(lines), longest + ahead), dtype=np.int64)
    for number, line in enumerate(lines):
        filled[number, : len(line)] = line
    line_M, place_M = np.nonzero(np.arange(longest - 1) < lengths_B[:, None] - 1)
    next_MW = place_M[:, None] + np.arange(1, ahead + 1)
    weights_MW = np.where(next_MW < lengths_B[line_M, None], np.asarray(future), 0.0)
    weights_MW /= weights_MW.sum(1, keepdims=True)
    targets_MW = filled[line_M[:, None], next_MW]
    return Batch(
        rows_BL=filled[:, : longest - 1].copy(),
        at_M=line_M * (longest - 1) + place_M,
        targets_MW=np.where(weights_MW > 0, targets_MW, targets_MW[:, :1]),
        weights_MW=weights_MW.astype(np.float32),
    )


def _thinned(line: Line, share: float, generator: np.random.Generator) -> Line:
    if not share or len(line) == 2:
        return line
    keep_L = generator.random(len(line)) >= share
    return line[keep_L] if keep_L.sum() >= 2 else line
