"""How good every source and the ranker over all of them are: `python -m finetune.evaluate --data beauty`.

Each source alone, then the ranker by curves learned on the other half of the shoppers; all items are ranked, none is
sampled. Then what the ranker loses without each source, and how much each source gives to what is shown.
"""

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.recommend.interactions import HistorySource, RowsL
from finetune import history_sources, interactions, metrics, stack
from finetune.additive import scores
from finetune.candidates import SHOWN, Candidates, top
from finetune.recommend import from_zero, order, parser, sources_named, text_vectors_for
from finetune.stack import Task
from index.errors import SetupError

log = logging.getLogger(__name__)

RANKER = "ranker over all"
K = 10


@dataclass(frozen=True, slots=True)
class Line:
    """What lists are worth, with 95 % intervals over requests; coverage and novelty are of the lists as a whole.

    `novelty` None: no list holds anything, as of a source that found nothing to learn from.
    """

    name: str
    requests: int
    recall: metrics.Interval
    ndcg: metrics.Interval
    hit: float
    mrr: float
    coverage: float
    novelty: float | None

    @classmethod
    def of(cls, name: str, rows_Qk: RowsL, task: Task) -> "Line":
        """Measured at 10 places."""
        lists = [[row for row in line if row >= 0] for line in rows_Qk.tolist()]
        wanted = [request.wanted for request in task.requests]
        popularity_N = np.bincount(task.events.row_E, minlength=len(task.events.items)).astype(np.float64)
        first_Q = _first(lists, wanted)
        return cls(
            name,
            len(lists),
            metrics.interval(metrics.basket_recall(lists, wanted, K)),
            metrics.interval(metrics.basket_ndcg(lists, wanted, K)),
            float(metrics.hits(first_Q, K).mean()),
            float(metrics.reciprocals(first_Q, K).mean()),
            metrics.coverage(rows_Qk[:, :K], len(task.events.items)),
            metrics.novelty(rows_Qk[:, :K], popularity_N) if any(lists) else None,
        )

    def __str__(self) -> str:
        figures = f"| {self.recall} | {self.ndcg} | {self.hit:.4f} | {self.mrr:.4f}"
        novelty = "nothing shown" if self.novelty is None else f"{self.novelty:.2f}"
        return f"| {self.name} {figures} | {self.coverage:.3f} | {novelty} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print tables of how well each source, and the ranker over all, foresee what shoppers turn to next."""
    told = parser("python -m finetune.evaluate", str(main.__doc__))
    told.add_argument("--from", dest="day", help="ask for the first basket from this day on (default: last items)")
    told.add_argument("--first-item", action="store_true", help="with --from: ask for that basket's first item only")
    told.add_argument("--quick", action="store_true", help="no table of removals, of short pasts, of seen items kept")
    told.add_argument("--sample", type=_from_one, help="ask for so many shoppers, drawn by chance, rather than for all")
    options = told.parse_args(arguments)
    names, day = sources_named(options.sources), None if options.day is None else _day(options.day)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    material = interactions.load(options.data, options.shared)
    task = (
        stack.next_baskets(material, day, first_item=options.first_item)
        if day is not None
        else stack.last_items(material, keep_seen=True)
    )
    if options.sample is not None and options.sample < len(task.requests):
        drawn = np.random.default_rng(options.seed).permutation(len(task.requests))[: options.sample]
        task = replace(task, requests=tuple(task.requests[number] for number in np.sort(drawn)))
    text_ND = text_vectors_for(names, material.titles_N)
    part = "held" if options.day is None else f"from-{options.day}"
    sources = history_sources.fit_all(names, order(task, options.seed, text_ND, options.models, part))
    command = " ".join(["python -m finetune.evaluate", *(sys.argv[1:] if arguments is None else arguments)])
    held, learned = len(material.log), len(task.events)
    print(f"{material.name}, {held} events of {len(material.log.items)} items, {learned} to learn from; {command}")
    if left := [name for name in history_sources.SOURCES if name not in names]:
        print(f"not measured: {', '.join(left)}; --sources names what is")
    removed = stack.unseen(task)
    if not removed.requests:
        print("\nitems of the past left out: no requests, for all that is wanted was sought before")
        report(task, sources, options.seed, "items of the past kept")
        return
    found = report(removed, sources, options.seed, "items of the past left out")
    if not options.quick:
        report(task, sources, options.seed, "items of the past kept")
        _shares(removed, found, names, options.seed)
        for events in (1, 2, 3):
            short = stack.shortened(removed, events)
            _short(short, found, sources, options.seed, f"only the last {events} of each past")


def _from_one(text: str) -> int:
    """As `from_zero`, but 1 or more."""
    number = from_zero(text)
    if not number:
        raise ValueError(text)
    return number


def _day(text: str) -> float:
    try:
        return interactions.day_of(text)
    except ValueError as error:
        raise SetupError(f"--from: {text[:40]!r} is no date", hint="give one like 2026-05-01") from error


def report(task: Task, sources: Sequence[HistorySource], seed: int, title: str) -> Candidates:
    """The table of a task, printed; and the candidates it was made from.

    Raises:
        SetupError: there are no requests, or too few to learn the ranker on one half of them; the sources are printed.
    """
    found = stack.candidates(task, sources)
    print(f"\n{title}: {len(task.requests)} requests, wanted item among the candidates of {_reached(found):.3f}")
    _head()
    for name, rows_Qk in found.lists.items():
        print(Line.of(name, rows_Qk, task))
    rows_Qk, _ = top(found.row_T, stack.cross_fitted(found, seed=seed), found.choices.starts_Q1, SHOWN)
    print(Line.of(RANKER, rows_Qk, task), flush=True)
    return found


def _shares(task: Task, found: Candidates, names: Sequence[str], seed: int) -> None:
    """What is lost without each source, learned anew; and its part in what separates the shown from the rest."""
    whole = _ndcg(task, found, seed)
    curves, _ = stack.learn(found)
    choices = found.choices
    line_T = np.repeat(np.arange(len(choices.starts_Q1) - 1), np.diff(choices.starts_Q1))
    rows_Qk, _ = top(found.row_T, scores(curves, choices.names, choices.values_TF), choices.starts_Q1, K)
    shown_T = (rows_Qk[line_T] == found.row_T[:, None]).any(axis=1)
    given = {name: curves[name](choices.values_TF[shown_T, f]) for f, name in enumerate(choices.names)}
    groups = {name: [name, f"{name}.share"] for name in names}
    groups |= {name: [name] for name in choices.names if name.split(".")[0] not in names}
    size = {group: float(np.mean(np.abs(sum(given[name] for name in parts)))) for group, parts in groups.items()}
    print("\n| source | NDCG@10 lost without it | its share of what shown items are given |\n|---|---|---|")
    for group, parts in groups.items():
        kept = choices.only([name for name in choices.names if name not in parts])
        lost = metrics.difference(whole, _ndcg(task, replace(found, choices=kept), seed))
        print(f"| {group} | {lost} | {size[group] / sum(size.values()):.3f} |", flush=True)


def _short(short: Task, learned: Candidates, sources: Sequence[HistorySource], seed: int, title: str) -> None:
    """Sources and ranker for pasts cut short; the curves are those of the other half's whole pasts."""
    found = stack.candidates(short, sources)
    print(f"\n{title}")
    _head()
    for name, rows_Qk in found.lists.items():
        print(Line.of(name, rows_Qk, short))
    score_T = stack.cross_fitted(learned, seed=seed, on=found)
    rows_Qk, _ = top(found.row_T, score_T, found.choices.starts_Q1, SHOWN)
    print(Line.of(RANKER, rows_Qk, short), flush=True)


def _ndcg(task: Task, found: Candidates, seed: int) -> NDArray[np.float64]:
    rows_Qk, _ = top(found.row_T, stack.cross_fitted(found, seed=seed), found.choices.starts_Q1, K)
    lists = [[row for row in line if row >= 0] for line in rows_Qk.tolist()]
    return metrics.basket_ndcg(lists, [request.wanted for request in task.requests], K)


def _reached(found: Candidates) -> float:
    return len(found.choices.answered().starts_Q1[1:]) / max(len(found.choices.starts_Q1) - 1, 1)


def _first(lists: Sequence[Sequence[int]], wanted: Sequence[frozenset[int]]) -> RowsL:
    """The place of the first wanted item of each list; `MISSED` where there is none."""
    return np.array(
        [
            next((place for place, row in enumerate(line) if row in goal), metrics.MISSED)
            for line, goal in zip(lists, wanted, strict=True)
        ],
        dtype=np.int64,
    )


def _head() -> None:
    print("| | Recall@10 | NDCG@10 | HR@10 | MRR@10 | coverage | novelty, bits |\n|---|---|---|---|---|---|---|")


if __name__ == "__main__":
    main()
