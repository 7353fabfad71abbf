"""The user model where there is little to go by: cold items, cold shoppers, another shop; and what a request costs.

    python -m bench.user_model cold --data beauty
    python -m bench.user_model transfer --from FOLDER --data online_retail
    python -m bench.user_model latency

Legend: N items, D numbers of a text vector, S shoppers, Q requests.
"""

import argparse
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.recommend.interactions import HistorySource, Interactions, Past, RowsL, Scores
from assistant.recommend.known import sought
from assistant.recommend.sources.sequence import SequenceSource
from assistant.recommend.user_model import UserModel, UserModelShape, known_of, load
from assistant.recommend.whitening import whitened
from finetune import interactions, metrics
from finetune.held_out import are_repeated, held_ranks, wanted_ranks
from finetune.user_model import Training, train
from finetune.vectors import text_vectors
from index.encoders import load_text_encoder, unit

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]


class TextNeighbours:
    """What to beat: the items whose words are nearest to the shopper's, later ones weighing more."""

    def __init__(self, text_ND: Vectors, *, white: bool, fading: float = 0.5) -> None:
        self.name = "text neighbours, whitened" if white else "text neighbours"
        self._unit_ND = whitened(text_ND) if white else unit(text_ND)
        self._fading = fading

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        taste_BD = np.stack(
            [self._fading ** np.arange(len(past))[::-1] @ self._unit_ND[past.rows_L] for past in pasts]
        ).astype(np.float32)
        return taste_BD @ (self._unit_ND if rows_R is None else self._unit_ND[rows_R]).T


class _Only:
    """A source that ranks some items and leaves the others out."""

    def __init__(self, source: HistorySource, some_N: NDArray[np.bool_]) -> None:
        self.name = source.name
        self._source, self._some_N = source, some_N

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        some_R = self._some_N if rows_R is None else self._some_N[rows_R]
        return np.where(some_R, self._source.scores(pasts, rows_R), -np.inf).astype(np.float32)


class _Named:
    """A source under another name."""

    def __init__(self, name: str, source: HistorySource) -> None:
        self.name = name
        self.scores = source.scores


def cold(options: argparse.Namespace) -> None:
    """A tenth of the items and a tenth of the shoppers are kept from training; then both are asked for."""
    material, text_ND = _material(options)
    events = material.log
    generator = np.random.default_rng(options.seed)
    cold_N = generator.random(len(events.items)) < 0.1
    cold_S = generator.random(len(events.shoppers)) < 0.1
    warm = events.kept(~cold_N[events.row_E] & ~cold_S[events.shopper_E])
    plan = replace(Training(), epochs=options.epochs, seed=options.seed, own=not options.no_own)
    tuning, held_S = warm.leave_last_out()
    model = train(tuning, text_ND, plan, held_S=held_S)
    sources: list[HistorySource] = [
        TextNeighbours(text_ND, white=False),
        TextNeighbours(text_ND, white=True),
        _Named("learned alone", SequenceSource(model, text_ND)),
        SequenceSource(model, text_ND, events_N=np.where(cold_N, -1, sought(tuning))),
    ]
    repeats = are_repeated(tuning, held_S)
    pasts, wanted_Q = _cold_requests(events, cold_N)
    print(f"cold items: {cold_N.sum()} of {len(cold_N)}, {len(pasts)} requests, seed {options.seed}")
    for source in sources:
        _print(source.name, "among all items", wanted_ranks(source, pasts, wanted_Q, keep_past=repeats))
        _print(source.name, "among cold items", wanted_ranks(_Only(source, cold_N), pasts, wanted_Q, keep_past=True))
    for seen in (1, 2, 3):
        asked = [int(s) for s in np.flatnonzero(cold_S) if len(events.past(int(s))) > seen]
        print(f"cold shoppers after {seen} events: {len(asked)} requests")
        pasts = [_first(events.past(s), seen) for s in asked]
        wanted_Q = np.array([events.past(s).rows_L[seen] for s in asked])
        for source in sources:
            _print(source.name, "", wanted_ranks(source, pasts, wanted_Q, keep_past=repeats))


def transfer(options: argparse.Namespace) -> None:
    """A model trained elsewhere, as it comes and tuned on a few shoppers, against one that starts from nothing.

    `learned alone` is the model without its count of what it has seen.
    """
    material, text_ND = _material(options)
    events, held_S = material.log.leave_last_out()
    elsewhere, manifest = load(options.start)
    known = known_of(options.start, manifest)
    strange_N = np.full(len(events.items), -1) if known is None else known.events(known.rows(events.items, text_ND))
    for white in (False, True):
        neighbours = TextNeighbours(text_ND, white=white)
        _held(neighbours.name, neighbours, events, held_S)
    _held("as it comes, learned alone", SequenceSource(elsewhere, text_ND), events, held_S)
    _held("as it comes", SequenceSource(elsewhere, text_ND, events_N=strange_N), events, held_S)
    for seed in options.seeds:
        generator = np.random.default_rng(seed)
        plan = replace(Training(), own=False, epochs=options.epochs, seed=seed)
        for shoppers in options.shoppers:
            chosen_S = generator.permutation(len(events.shoppers))[:shoppers]
            few = events.kept(np.isin(events.shopper_E, chosen_S))
            tuned = train(few, text_ND, replace(plan, rate=options.tuning_rate), start=elsewhere)
            fresh = train(few, text_ND, plan)
            for name, model in (("tuned on", tuned), ("only", fresh)):
                told = f"seed {seed}, {name} {shoppers}"
                _held(f"{told}, learned alone", SequenceSource(model, text_ND), events, held_S)
                _held(told, SequenceSource(model, text_ND, events_N=sought(few)), events, held_S)


def latency(options: argparse.Namespace) -> None:
    """Milliseconds to read a history of 50 and score 50,000 items, one thread; and the memory of the items."""
    generator = np.random.default_rng(options.seed)
    text_ND = generator.normal(size=(50_000, 384)).astype(np.float32)
    source = SequenceSource(UserModel(UserModelShape()), text_ND)
    for length in (1, 10, 50):
        past = Past(generator.integers(0, 50_000, length), np.ones(length), np.zeros(length))
        _time(f"{length} events, all 50,000 items", source, [past], None)
        shortened = [past, *(past.without(place) for place in range(length) if length > 1)]
        _time(f"{length} events and each left out, 200 items", source, shortened, generator.integers(0, 50_000, 200))
    print(f"items' vectors: {source.items_Nd.nbytes / 1e6:.0f} MB")


def _time(name: str, source: HistorySource, pasts: Sequence[Past], rows_R: RowsL | None) -> None:
    took_ms: list[float] = []
    for _ in range(60):
        began = time.perf_counter()
        source.scores(pasts, rows_R)
        took_ms.append((time.perf_counter() - began) * 1e3)
    p50, p95 = np.percentile(took_ms[10:], [50, 95])
    print(f"{name:45s} p50 {p50:6.2f} ms  p95 {p95:6.2f} ms")


def _cold_requests(events: Interactions, cold_N: NDArray[np.bool_]) -> tuple[list[Past], NDArray[np.int64]]:
    """Each shopper's last cold item that follows warm ones, and the warm ones before it."""
    pasts: list[Past] = []
    wanted: list[int] = []
    for shopper in range(len(events.shoppers)):
        past = events.past(shopper)
        places = np.flatnonzero(cold_N[past.rows_L])
        if not len(places):
            continue
        keep_L = ~cold_N[past.rows_L]
        keep_L[places[-1] :] = False
        if keep_L.any():
            pasts.append(Past(past.rows_L[keep_L], past.weights_L[keep_L], past.at_L[keep_L]))
            wanted.append(int(past.rows_L[places[-1]]))
    return pasts, np.array(wanted)


def _first(past: Past, count: int) -> Past:
    return Past(past.rows_L[:count], past.weights_L[:count], past.at_L[:count])


def _held(name: str, source: HistorySource, events: Interactions, held_S: NDArray[np.int64]) -> None:
    _print(name, "", held_ranks(source, events, held_S, keep_past=are_repeated(events, held_S)))


def _print(name: str, kind: str, ranks_Q: NDArray[np.int64]) -> None:
    recall, gain = metrics.interval(metrics.hits(ranks_Q, 10)), metrics.interval(metrics.gains(ranks_Q, 10))
    print(f"{name:42s} {kind:18s} recall@10 {recall}  ndcg@10 {gain}", flush=True)


def _material(options: argparse.Namespace) -> tuple[interactions.Material, Vectors]:
    material = interactions.load(options.data, options.shared)
    return material, text_vectors(material.titles_N, load_text_encoder())


def main() -> None:
    """Read the command line and run one measurement."""
    parser = argparse.ArgumentParser(prog="python -m bench.user_model", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for run in (cold, transfer, latency):
        command = commands.add_parser(run.__name__, help=run.__doc__)
        command.set_defaults(run=run)
        command.add_argument("--seed", type=int, default=0)
        if run is not latency:
            command.add_argument("--data", required=True)
            command.add_argument("--shared", type=Path, default=Path("../shared"))
            command.add_argument("--epochs", type=int, default=Training().epochs)
        if run is cold:
            command.add_argument("--no-own", action="store_true")
        if run is transfer:
            command.add_argument("--from", dest="start", type=Path, required=True)
            command.add_argument("--shoppers", type=int, nargs="*", default=[100, 1000])
            command.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
            command.add_argument("--tuning-rate", type=float, default=1e-3)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    options.run(options)


if __name__ == "__main__":
    main()
