"""What a ranker over all history sources learns from and is measured on: splits, their candidates, and both halves.

Legend: T candidates, Q requests, F features, k places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import HistorySource, Interactions, Past, RowsL
from assistant.recommend.sources import popular_log
from finetune.additive import Curve, fit_curves, scores
from finetune.candidates import Also, Candidates, Request, gather
from finetune.interactions import Material, split_at
from index.errors import SetupError

OWN = frozenset({"again", "again.days"})
"""Features of what the shopper has had before: a second purchase may be less likely, so these may fall."""
_LONGER = "give a history of more shoppers with two items or more"


@dataclass(frozen=True, slots=True)
class Task:
    """A log that may be learned from, and requests whose answers lie after it.

    Attributes:
        basket_E: of `events`, or None. keep_seen: whether items of the past may be recommended again.
    """

    material: Material
    events: Interactions
    basket_E: NDArray[np.int64] | None
    requests: tuple[Request, ...]
    keep_seen: bool


def last_items(material: Material, *, keep_seen: bool = False) -> Task:
    """Each shopper's last item is asked for; nobody's is in the log. A shopper of one item is not asked."""
    log = material.log
    events, held_S = log.leave_last_out()
    keep_E = np.ones(len(log), dtype=np.bool_)
    keep_E[log.starts_S1[1:][held_S >= 0] - 1] = False
    asked = [Request(int(s), events.past(int(s)), frozenset({int(held_S[s])})) for s in np.flatnonzero(held_S >= 0)]
    return Task(material, events, _baskets(material, keep_E), tuple(asked), keep_seen)


def next_baskets(material: Material, day: float, *, keep_seen: bool = True, first_item: bool = False) -> Task:
    """What shoppers with a past bought in their first basket from `day` on; the log ends before that day.

    Args:
        first_item: ask for the first item of that basket only.
    """
    log = material.log
    events, later = split_at(log, day)
    after_E = log.at_E >= day
    baskets = None if material.basket_E is None else material.basket_E[after_E]
    asked: list[Request] = []
    for shopper in range(len(log.shoppers)):
        span = slice(int(later.starts_S1[shopper]), int(later.starts_S1[shopper + 1]))
        past = events.past(shopper)
        if span.start == span.stop or not len(past):
            continue
        rows = later.row_E[span]
        if baskets is not None:
            rows = rows[baskets[span] == baskets[span][0]]
        asked.append(Request(shopper, past, frozenset(rows[:1].tolist() if first_item else rows.tolist())))
    return Task(material, events, _baskets(material, ~after_E), tuple(asked), keep_seen)


def everything(material: Material, *, keep_seen: bool) -> Task:
    """All that is given may be learned from; every shopper is asked for, and nobody knows the answers."""
    log = material.log
    asked = tuple(Request(s, past) for s in range(len(log.shoppers)) if len(past := log.past(s)))
    return Task(material, log, material.basket_E, asked, keep_seen)


def unseen(task: Task) -> Task:
    """The same with items of the past left out of the lists and out of what is wanted."""
    kept: list[Request] = []
    for request in task.requests:
        wanted = request.wanted - set(request.past.rows_L.tolist())
        if wanted:
            kept.append(replace(request, wanted=wanted))
    return replace(task, requests=tuple(kept), keep_seen=False)


def shortened(task: Task, events: int) -> Task:
    """The same as if each shopper had come only for the last so many events."""
    kept = tuple(
        replace(
            request,
            past=Past(request.past.rows_L[-events:], request.past.weights_L[-events:], request.past.at_L[-events:]),
        )
        for request in task.requests
    )
    return replace(task, requests=kept)


def candidates(task: Task, sources: Sequence[HistorySource], *, depth: int = 60) -> Candidates:
    """What the sources bring for the task's requests, with their popularity, and what they were to the shopper.

    Raises:
        SetupError: the task has no requests.
    """
    if not task.requests:
        raise SetupError("no shopper has an item after others, so there is nothing to ask for", hint=_LONGER)
    standing = {"popularity": popular_log.fit(task.events).sought_N}
    return gather(
        sources,
        task.requests,
        depth=depth,
        keep_seen=task.keep_seen,
        standing=standing,
        also=_again(len(task.events.items)) if task.keep_seen else None,
    )


def learn(found: Candidates, requests: NDArray[np.int64] | None = None) -> tuple[dict[str, Curve], float]:
    """A curve for each feature, and the mean log likelihood of the choices; of some requests, or all.

    Raises:
        SetupError: none of them has what it wants among its candidates.
    """
    choices = found.choices if requests is None else found.choices.take(requests)
    if len(choices.answered().starts_Q1) < 2:
        asked = len(choices.starts_Q1) - 1
        raise SetupError(
            f"the ranker has nothing to learn from: of {asked} requests none has its item among the candidates",
            hint=_LONGER,
        )
    rising = frozenset(choices.names) - OWN
    curves, fit = fit_curves(choices, rising=rising)
    return curves, fit.log_likelihood


def cross_fitted(found: Candidates, *, seed: int, on: Candidates | None = None) -> NDArray[np.float64]:
    """scores_T by curves that were learned on the other half of the requests, halves drawn by chance.

    Args:
        on: candidates of the same requests, in their order, to score instead.
    """
    on = on or found
    half_Q = np.random.default_rng(seed).permutation(len(found.choices.starts_Q1) - 1) % 2
    half_T = np.repeat(half_Q, np.diff(on.choices.starts_Q1))
    score_T = np.zeros(len(on.row_T))
    for half in (0, 1):
        curves, _ = learn(found, np.flatnonzero(half_Q != half))
        score_T[half_T == half] = scores(curves, on.choices.names, on.choices.values_TF[half_T == half])
    return score_T


def _again(items: int) -> Also:
    def told(pasts: Sequence[Past], line_T: RowsL, row_T: RowsL) -> Mapping[str, NDArray[np.float32]]:
        """How often a candidate was had before, and how fresh that is: 1 for today, halved every 30 days."""
        count_T = np.zeros(len(row_T), dtype=np.float32)
        fresh_T = np.zeros(len(row_T), dtype=np.float32)
        starts = np.searchsorted(line_T, np.arange(len(pasts) + 1))
        for number, past in enumerate(pasts):
            span = slice(int(starts[number]), int(starts[number + 1]))
            count_N = np.bincount(past.rows_L, minlength=items)
            last_N = np.zeros(items)
            np.maximum.at(last_N, past.rows_L, 0.5 ** ((past.at_L.max() - past.at_L) / 30.0))
            count_T[span] = np.log1p(count_N[row_T[span]])
            fresh_T[span] = last_N[row_T[span]]
        return {"again": count_T, "again.days": fresh_T}

    return told


def _baskets(material: Material, keep_E: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    return None if material.basket_E is None else material.basket_E[keep_E]
