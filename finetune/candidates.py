"""What the sources bring for many shoppers at once, as a table of features: what offline rankers learn from and rank.

Legend: B pasts of a batch, N items, T candidates of all shoppers, Q shoppers asked for, F features, k places.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import HistorySource, Past, RowsL, Scores
from finetune.additive import Choices, Narrow

BATCH = 256
SHOWN = 20
"""Places of the lists told of each source."""

LOGITS = frozenset({"sequence", "graph"})
"""Sources whose scores are logits: of these differences mean something, and ratios nothing."""

Line = NDArray[np.float32]
Also = Callable[[Sequence[Past], RowsL, RowsL], Mapping[str, Line]]
"""(pasts, line_T, row_T) -> features of candidates that no source tells."""


@dataclass(frozen=True, slots=True)
class Request:
    """A past, and what its shopper turned to next: the rows wanted, none where that is not known."""

    shopper: int
    past: Past
    wanted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of Q requests, side by side.

    Attributes:
        row_T: their items.
        lists: source -> rows_Qk, what that source alone would show; -1 past the last it has a score for.
    """

    choices: Choices
    row_T: RowsL
    lists: Mapping[str, RowsL]


def gather(
    sources: Sequence[HistorySource],
    requests: Sequence[Request],
    *,
    depth: int = 60,
    keep_seen: bool = False,
    standing: Mapping[str, Line] | None = None,
    also: Also | None = None,
) -> Candidates:
    """The union of what each source puts first, with what all sources say of each candidate.

    A source's feature `name` is its score; `name.share` is that over the largest among the request's candidates.

    Args:
        depth: how many items a source may bring.
        keep_seen: whether items of the past are candidates, or none of them is.
        standing: features of items whoever asks.

    Cost: all items are scored by all sources, `BATCH` pasts at a time.
    """
    names: list[str] = []
    values: list[Narrow] = []
    rows: list[RowsL] = []
    lines: list[RowsL] = []
    lists: dict[str, list[RowsL]] = {source.name: [] for source in sources}
    for begin in range(0, len(requests), BATCH):
        part = [request.past for request in requests[begin : begin + BATCH]]
        scored: dict[str, Scores] = {}
        brought: dict[str, RowsL] = {}
        for source in sources:
            scored[source.name] = shown_scores(source, part, keep_seen)
            brought[source.name] = _first(scored[source.name], max(depth, SHOWN))
            lists[source.name].append(_listed(scored[source.name], brought[source.name]))
        line_T, row_T = _union(scored, brought, depth, part if keep_seen else ())
        told: dict[str, Line] = {}
        for name, scores_BN in scored.items():
            told[name] = scores_BN[line_T, row_T].astype(np.float32)
            told[f"{name}.share"] = _share(told[name], line_T, len(part), name in LOGITS)
        told |= {name: line[row_T] for name, line in (standing or {}).items()}
        if also is not None:
            told |= also(part, line_T, row_T)
        names = list(told)
        values.append(np.stack([told[name] for name in names], axis=1))
        rows.append(row_T)
        lines.append(line_T + begin)
    row_T, line_T = np.concatenate(rows), np.concatenate(lines)
    starts_Q1 = np.searchsorted(line_T, np.arange(len(requests) + 1)).astype(np.int64)
    wanted_T = _wanted(requests, row_T, starts_Q1)
    choices = Choices(tuple(names), np.concatenate(values), starts_Q1, wanted_T)
    return Candidates(choices, row_T, {name: np.concatenate(found) for name, found in lists.items()})


def top(row_T: RowsL, score_T: NDArray[np.floating], starts_Q1: RowsL, k: int) -> tuple[RowsL, NDArray[np.float64]]:
    """rows_Qk and scores_Qk, best first, ties by row; -1 and NaN past the last candidate."""
    line_T = np.repeat(np.arange(len(starts_Q1) - 1), np.diff(starts_Q1))
    order = np.lexsort((row_T, -score_T, line_T))
    place_T = np.arange(len(order)) - starts_Q1[line_T]
    kept = place_T < k
    rows_Qk = np.full((len(starts_Q1) - 1, k), -1, dtype=np.int64)
    scores_Qk = np.full(rows_Qk.shape, np.nan)
    rows_Qk[line_T[kept], place_T[kept]] = row_T[order][kept]
    scores_Qk[line_T[kept], place_T[kept]] = score_T[order][kept]
    return rows_Qk, scores_Qk


def shown_scores(source: HistorySource, pasts: Sequence[Past], keep_seen: bool) -> Scores:
    """scores_BN of a source; minus infinity for items of the past unless they are kept."""
    scores_BN = np.array(source.scores(pasts), dtype=np.float32)
    if not keep_seen:
        line = np.repeat(np.arange(len(pasts)), [len(past) for past in pasts])
        scores_BN[line, np.concatenate([past.rows_L for past in pasts])] = -np.inf
    return scores_BN


def _first(scores_BN: Scores, depth: int) -> RowsL:
    """rows_BD of the largest scores, in no order; of scores that tie with the last, any."""
    size = scores_BN.shape[1]
    return np.argpartition(scores_BN, max(size - depth, 0), axis=1)[:, max(size - depth, 0) :]


def _listed(scores_BN: Scores, first_BD: RowsL) -> RowsL:
    """rows_Bk of those, best first."""
    line_T = np.repeat(np.arange(len(first_BD)), first_BD.shape[1])
    row_T = first_BD.ravel()
    score_T = scores_BN[line_T, row_T]
    told = (score_T != 0) & np.isfinite(score_T)
    starts = np.searchsorted(line_T[told], np.arange(len(first_BD) + 1))
    return top(row_T[told], score_T[told], starts, SHOWN)[0]


def _union(
    scored: Mapping[str, Scores], brought: Mapping[str, RowsL], depth: int, kept: Sequence[Past]
) -> tuple[RowsL, RowsL]:
    """line_T and row_T of what any source puts among its first `depth`, and of the pasts that are kept.

    Scores of 0 bring nothing.
    """
    marked = np.zeros(next(iter(scored.values())).shape, dtype=np.bool_)
    for line, past in enumerate(kept):
        marked[line, past.rows_L] = True
    for name, first_BD in brought.items():
        scores_BD = np.take_along_axis(scored[name], first_BD, axis=1)
        if depth < scores_BD.shape[1]:
            least_B1 = np.partition(scores_BD, scores_BD.shape[1] - depth, axis=1)[:, [scores_BD.shape[1] - depth]]
            scores_BD = np.where(scores_BD >= least_B1, scores_BD, 0.0)
        line, place = np.nonzero((scores_BD != 0) & np.isfinite(scores_BD))
        marked[line, first_BD[line, place]] = True
    line_T, row_T = np.nonzero(marked)
    return line_T, row_T


def _share(score_T: Line, line_T: RowsL, lines: int, logits: bool) -> Line:
    most_B = np.full(lines, -np.inf if logits else 0.0, dtype=np.float32)
    np.maximum.at(most_B, line_T, score_T)
    most_T = most_B[line_T]
    if logits:
        return np.exp(score_T - most_T)
    return np.divide(np.maximum(score_T, 0), most_T, where=most_T > 0, out=np.zeros_like(score_T))


def _wanted(requests: Sequence[Request], row_T: RowsL, starts_Q1: RowsL) -> Narrow:
    wanted_T = np.zeros(len(row_T), dtype=np.float32)
    for number, request in enumerate(requests):
        if request.wanted:
            span = slice(int(starts_Q1[number]), int(starts_Q1[number + 1]))
            hit = np.isin(row_T[span], list(request.wanted))
            wanted_T[span] = hit / max(int(hit.sum()), 1)
    return wanted_T
